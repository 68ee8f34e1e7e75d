"""Two groups, or the subgroups of a division, side by side: shares with their test, and how answers are spread."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, EVERYONE, week_label
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import row_names
from reportlib.show.ledger_rows import NothingToShowError, find, persons
from reportlib.show.pipe_table import Column, markdown, table, with_notes, with_row, with_sources
from reportlib.show.texts import whole_trial_note
from reportlib.trial.analyses import Compare, Division, Subgroups
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial

Place = tuple[str, str, str]
"""Group and subgroup of a part's rows, and the part's name."""


def compared(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    by: str | None = None,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """A row per measure: the level of each part, the difference, p, and how many answered or were counted.

    `by` is the id of the division; without it the treated and the comparison group stand beside each other.

    Raises:
        NothingToShowError: no `compare` analysis holds one of the measures.
    """
    spec = comparison_of(trial, measures[0], by)
    places = places_of(trial, spec)
    names = [name for _, _, name in places]
    head, labels = row_names(ledger, measures, "Mål")
    made = table(
        id,
        caption or f"Sammenligning af {list_text(names)}",
        [
            Column(head, numbers=False),
            *(Column(capitalise(name)) for name in names),
            Column("Forskel"),
            Column("p-værdi"),
            Column("Antal"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        rows = [find(ledger, measure, group=group, subgroup=subgroup) for group, subgroup, _ in places]
        if all(row is None for row in rows):
            raise NothingToShowError(f"the ledger has no {measure} side by side", hint="add it to a `compare` analysis")
        whole = spec.by.id if spec.by else ""
        difference = find(ledger, measure, statistic="difference", group=DIFFERENCE, subgroup=whole)
        test = find(ledger, measure, statistic="test", group=DIFFERENCE, subgroup=whole) or difference
        made = with_row(
            made,
            [
                cells.text(labels[measure]),
                *(cells.estimate(row) for row in rows),
                cells.estimate(difference),
                cells.p_value(test, level=trial.design.level),
                _counts(rows),
            ],
        )
    made = with_sources(made, sources_of(ledger, measures))
    definitions = {ledger.measure(measure).definition for measure in measures}
    return markdown(
        with_notes(
            made,
            definitions.pop() if len(definitions) == 1 else "",
            "Forskellen er det første tal minus det andet, i procentpoint for andele, og regnet på uafrundede tal",
            whole_trial_note(site),
        )
    )


def answers(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    by: str | None = None,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """How the answers to questions with one scale are spread in each part: a row per question and part.

    Raises:
        NothingToShowError: a measure is no `survey_answers`, the scales differ, or no analysis holds it.
    """
    spec = comparison_of(trial, measures[0], by)
    places = places_of(trial, spec)
    scale = scale_of(trial, measures)
    made = table(
        id,
        caption or f"Svar fra {list_text([name for _, _, name in places])}",
        [Column("Spørgsmål og gruppe", numbers=False), *(Column(name) for name in scale.values()), Column("Antal")],
        threshold=trial.disclosure.threshold,
    )
    tests = []
    for measure in measures:
        for group, subgroup, name in places:
            rows = [
                find(
                    ledger, measure, group=group, subgroup=":".join(part for part in (subgroup, f"svar-{key}") if part)
                )
                for key in scale
            ]
            if all(row is None for row in rows):
                hint = "add it to a `compare` analysis"
                raise NothingToShowError(f"the ledger has no answers to {measure}", hint=hint)
            made = with_row(
                made,
                [
                    cells.text(f"{ledger.measure(measure).label}: {name}"),
                    *(cells.estimate(row) for row in rows),
                    cells.persons(next((row for row in rows if row is not None and not row.hidden), rows[0])),
                ],
            )
        test = find(ledger, measure, statistic="test", group=DIFFERENCE, subgroup=spec.by.id if spec.by else "")
        if test is not None and test.p is not None:
            tests.append(f"{ledger.measure(measure).label}: {cells.p_value(test, level=trial.design.level).markdown}")
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(
        with_notes(
            made,
            "Tallene er procent af dem, der har svaret; på grund af afrunding kan en række give lidt mere eller mindre "
            "end hundrede",
            f"P-værdi for hele svarfordelingen ({'; '.join(tests)})" if tests else "",
            whole_trial_note(site),
        )
    )


def comparison_of(trial: Trial, measure: str, by: str | None) -> Compare:
    """The `compare` analysis that holds the measure, in that division.

    Raises:
        NothingToShowError: there is none.
    """
    for spec in trial.analyses:
        if isinstance(spec, Compare) and measure in spec.measures and (spec.by.id if spec.by else None) == by:
            return spec
    raise NothingToShowError(
        f"{trial.id} does not compare {measure}" + (f" by {by}" if by else ""), hint="add it to a `compare` analysis"
    )


def places_of(trial: Trial, spec: Compare) -> list[Place]:
    """Where the parts of a comparison stand in keys, and what they are called."""
    if spec.by is None:
        return [(group.id, "", group.label) for group in trial.all_groups]
    return [(spec.group or EVERYONE, f"{spec.by.id}:{value}", name) for value, name in spec.by.values.items()]


def scale_of(trial: Trial, measures: Sequence[str]) -> dict[str, str]:
    """Answer -> label of the one scale the measures share.

    Raises:
        NothingToShowError: a measure is no `survey_answers`, or they have several scales.
    """
    scales = []
    for measure in measures:
        computed = trial.measure_by_id[measure].computed
        if not isinstance(computed, SurveyAnswers):
            raise NothingToShowError(f"{measure} is no `survey_answers`", hint="use `compared` for shares")
        scales.append(computed.answers)
    if any(scale != scales[0] for scale in scales):
        raise NothingToShowError("the questions have several scales", hint="make a table for each")
    return dict(scales[0])


def subgroups(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    week: int | None = None,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """A row per subgroup: the level of each group, the difference with its interval, and how many persons.

    Raises:
        NothingToShowError: no `subgroups` analysis is about the measure in that week.
    """
    divisions = _divisions(trial, measure, week)
    time = week_label(week) if week else ""
    made = table(
        id,
        caption or f"{ledger.measure(measure).label} efter {list_text([division.label for division in divisions])}",
        [
            Column("Gruppe", numbers=False),
            *(Column(capitalise(group.label)) for group in trial.all_groups),
            Column("Forskel (interval)"),
            Column("Antal"),
        ],
        threshold=trial.disclosure.threshold,
    )
    notes = []
    for division in divisions:
        for value, name in division.values.items():
            subgroup = f"{division.id}:{value}"
            levels = [find(ledger, measure, group=g.id, subgroup=subgroup, time=time) for g in trial.all_groups]
            difference = find(ledger, measure, statistic="difference", group=DIFFERENCE, subgroup=subgroup, time=time)
            made = with_row(
                made,
                [
                    cells.text(capitalise(name)),
                    *(cells.estimate(row) for row in levels),
                    cells.with_interval(difference),
                    _counts(levels),
                ],
            )
        test = find(ledger, measure, statistic="interaction", group=DIFFERENCE, subgroup=division.id, time=time)
        if test is not None and test.p is not None:
            p = cells.p_value(test, level=trial.design.level).markdown
            notes.append(f"Test af, om forskellen afhænger af {division.label}: p-værdi {p}")
    made = with_sources(made, sources_of(ledger, [measure]))
    return markdown(with_notes(made, ledger.measure(measure).definition, *notes, whole_trial_note(site)))


def _divisions(trial: Trial, measure: str, week: int | None) -> tuple[Division, ...]:
    for spec in trial.analyses:
        if isinstance(spec, Subgroups) and spec.measure == measure and spec.week == week:
            return spec.by
    raise NothingToShowError(f"{trial.id} has no subgroups of {measure}", hint="add a `subgroups` analysis")


def _counts(rows: Sequence[Estimate | None]) -> cells.Cell:
    """`220 / 200`; the hidden sign where one may not be told."""
    counts = [persons(row) for row in rows]
    if any(count is None for count in counts):
        return cells.HIDDEN
    return cells.Cell(" / ".join(number_text(count) for count in counts if count is not None))
