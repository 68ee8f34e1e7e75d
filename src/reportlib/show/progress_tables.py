"""Before and after, repeated measurements, forecasts and what so many persons can show, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, others_than
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.blocks_before_after import before_after_of
from reportlib.show.blocks_measurements import scales_of
from reportlib.show.blocks_recruitment import PATHS, recruitment_of
from reportlib.show.headings import others_heading, row_name
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, known_site
from reportlib.show.pipe_table import Column, Table, markdown, table, with_notes, with_row, with_sources
from reportlib.show.texts import whole_trial_note
from reportlib.text.origin import setting, with_origin
from reportlib.trial.analyses import Recruitment
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial, computed_as


def before_after(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Levels before and after and the change with interval and p; with `site` its levels beside those of all others.

    Raises:
        NothingToShowError: no `before_after` analysis holds one of the measures, or it is not by site.
    """
    if site:
        return _before_after_at(ledger, trial, measures, known_site(trial, site), id=id, caption=caption)
    made = table(
        id,
        caption or "De samme borgere før og efter",
        [
            Column("Mål", numbers=False),
            Column("Før"),
            Column("Efter"),
            Column("Udvikling"),
            Column("p-værdi"),
            Column("Antal"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        levels = [find(ledger, measure, group=group) for group in (BEFORE, AFTER)]
        change = find(ledger, measure, statistic="difference", group=DIFFERENCE)
        made = with_row(
            made,
            [
                cells.text(row_name(ledger, measure)),
                *(cells.estimate(row, 1) for row in levels),
                _change(change),
                cells.p_value(change, level=trial.design.level),
                cells.persons(levels[1]),
            ],
        )
    return markdown(_noted(made, ledger, trial, measures))


def _change(row: Estimate | None) -> cells.Cell:
    """The change with its interval, both with one decimal: shares of weeks and hours move by less than a point."""
    value, limits = cells.estimate(row, 1), cells.interval(row)
    hidden = (cells.HIDDEN, cells.NOT_ESTIMABLE)
    return value if limits in hidden else cells.Cell(f"{value.markdown} ({limits.markdown})")


def _before_after_at(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    site: str,
    *,
    id: str,  # noqa: A002
    caption: str | None,
) -> str:
    names = (site, others_heading(trial))
    columns = [Column(f"{name}, {moment}") for name in names for moment in ("før", "efter")]
    made = table(
        id,
        caption or f"De samme borgere før og efter, {site} og øvrige {trial.sites.noun.many}",
        [Column("Mål", numbers=False), *columns],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        rows = [
            find(ledger, measure, group=group, site=place)
            for place in (site, others_than(site))
            for group in (BEFORE, AFTER)
        ]
        if all(row is None for row in rows):
            raise NothingToShowError(f"the ledger has no {measure} by site", hint="set `by_site: true`")
        made = with_row(made, [cells.text(row_name(ledger, measure)), *(cells.estimate(row, 1) for row in rows)])
    return markdown(_noted(made, ledger, trial, measures))


def _noted(made: Table, ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    spec = before_after_of(trial, measures[0])
    made = with_sources(made, sources_of(ledger, measures))
    definitions = [f"{ledger.measure(measure).label}: {ledger.measure(measure).definition}" for measure in measures]
    return with_notes(made, f"Før er {spec.before_window}, efter er tiden {spec.after_window}", *definitions)


def measurements(
    ledger: Ledger,
    trial: Trial,
    counts: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """How many have each measurement, and for how many it is the last."""
    scales_of(trial, counts)
    computed = computed_as(counts, trial.measure_by_id[counts].computed, SurveyAnswers)
    survey = component_group(trial, counts)
    made = table(
        id,
        caption or ledger.measure(counts).label,
        [
            Column("Måling", numbers=False),
            Column("Besvarelser"),
            Column("Borgere, hvis seneste måling det er"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for number, label in computed.answers.items():
        time = f"maaling{number}"
        made = with_row(
            made,
            [
                cells.text(capitalise(label)),
                cells.estimate(find(ledger, counts, statistic="count", group=survey, time=time)),
                cells.estimate(find(ledger, counts, statistic="last_reached", group=survey, time=time)),
            ],
        )
    persons = find(ledger, counts, statistic="count", group=survey)
    sheets = find(ledger, counts, statistic="sheets", group=survey)
    made = with_row(made, [cells.text("I alt", strong=True), cells.estimate(sheets), cells.estimate(persons)])
    made = with_sources(made, sources_of(ledger, [counts]))
    return markdown(with_notes(made, ledger.measure(counts).definition, whole_trial_note(site)))


def scores(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """The mean of each score at every measurement, and at the first and the last of those who have them all.

    Raises:
        NothingToShowError: no `scales` analysis holds one of the measures.
    """
    spec = scales_of(trial, measures[0])
    computed = trial.measure_by_id[spec.counts].computed
    assert isinstance(computed, SurveyAnswers)
    times = {f"maaling{number}": label.split(" (")[0] for number, label in computed.answers.items()}
    first, *_, last = times
    made = table(
        id,
        caption or "Gennemsnit ved hver måling",
        [
            Column("Spørgsmål", numbers=False),
            *(Column(label) for label in times.values()),
            Column("Samme borgere, første"),
            Column("Samme borgere, sidste"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        group = component_group(trial, measure)
        rows = [find(ledger, measure, group=group, time=time) for time in times]
        panel = [find(ledger, measure, statistic="panel_mean", group=group, time=time) for time in (first, last)]
        if all(row is None for row in rows):
            hint = "add it to a `scales` analysis"
            raise NothingToShowError(f"the ledger has no {measure} by measurement", hint=hint)
        shown = [cells.estimate(row, 1) for row in (*rows, *panel)]
        made = with_row(made, [cells.text(row_name(ledger, measure)), *shown])
    group = component_group(trial, spec.counts)
    counts = [find(ledger, spec.counts, statistic="count", group=group, time=time) for time in times]
    made = with_row(
        made,
        [cells.text("Borgere", strong=True), *map(cells.estimate, counts), *(cells.persons(row) for row in panel)],
    )
    made = with_sources(made, sources_of(ledger, measures))
    definitions = {ledger.measure(measure).definition for measure in measures}
    return markdown(with_notes(made, *sorted(definitions), whole_trial_note(site)))


def forecast(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Each path: persons at the end of the forecast, and weeks until the needed number is reached."""
    spec = recruitment_of(trial)
    group, entry = trial.groups.treated.id, ledger.measure(spec.measure)
    made = table(
        id,
        caption or f"{entry.label}: tre fremskrivninger",
        [Column("Fremskrivning", numbers=False), Column("Antal ved slutningen"), Column("Uger til behovet er nået")],
        threshold=trial.disclosure.threshold,
    )
    for path, name in PATHS.items():
        end = find(ledger, spec.measure, statistic=f"forecast_{path}", group=group, time="slut")
        weeks = find(ledger, spec.measure, statistic=f"weeks_{path}", group=group)
        made = with_row(made, [cells.text(name), cells.estimate(end), cells.estimate(weeks)])
    made = with_sources(made, sources_of(ledger, [spec.measure]))
    return markdown(with_notes(made, "Behovet er det antal borgere, et effektstudie kræver", whole_trial_note(site)))


def power(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """The least rise that so many persons can be expected to show, fewest persons first."""
    spec = recruitment_of(trial)
    if spec.outcome is None:
        raise NothingToShowError("recruitment has no outcome", hint="name one in trial.yml")
    entry = ledger.measure(spec.outcome)
    rows = ledger.select(measure=spec.outcome, statistic="detectable")
    names = _who_so_many_are(ledger, trial, spec)
    made = table(
        id,
        caption or f"{entry.label}: hvor stor en forskel kan ses?",
        [Column("Borgere med indsatsen", numbers=False), Column("Antal"), Column("Mindste forskel (procentpoint)")],
        threshold=trial.disclosure.threshold,
    )
    for row in sorted(rows, key=lambda found: found.n or 0):
        name = ", ".join(names.get(row.n or 0, ())) or "Andet antal"
        made = with_row(made, [cells.text(capitalise(name)), cells.persons(row), cells.estimate(row, 1)])
    made = with_sources(made, sources_of(ledger, [spec.outcome]))
    chance = number_text(with_origin(100 * spec.power, setting("analyses.recruitment.power")), 0)
    return markdown(
        with_notes(
            made,
            f"Regnet med lige så mange borgere at sammenligne med og {chance} procents sandsynlighed for at finde "
            "forskellen, hvis den er der",
            "Niveauet uden indsats er sat til andelen i året før",
            whole_trial_note(site),
        )
    )


def units(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Units of activity per person with their interval."""
    made = table(
        id,
        caption or "Aktivitet pr. borger",
        [Column("Aktivitet", numbers=False), Column("Pr. borger"), Column("Borgere")],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        row = find(ledger, measure, group=trial.groups.treated.id)
        if row is None:
            raise NothingToShowError(f"the ledger has no {measure}", hint="add it to a `shares` analysis")
        made = with_row(made, [cells.text(ledger.measure(measure).label), cells.with_interval(row), cells.persons(row)])
    made = with_sources(made, sources_of(ledger, measures))
    definitions = [f"{ledger.measure(measure).label}: {ledger.measure(measure).definition}" for measure in measures]
    return markdown(with_notes(made, *definitions, whole_trial_note(site)))


def _who_so_many_are(ledger: Ledger, trial: Trial, spec: Recruitment) -> dict[int, list[str]]:
    """What each number of persons is: those there are, those needed, and where the paths end."""
    group, names = trial.groups.treated.id, dict[int, list[str]]()
    reached = find(ledger, spec.measure, statistic="share", group=group)
    needed = trial.facts[spec.needed].value
    ends = {
        f"{name.lower()} fremskrivning": find(
            ledger, spec.measure, statistic=f"forecast_{path}", group=group, time="slut"
        )
        for path, name in PATHS.items()
    }
    if reached is not None and reached.k is not None:
        names.setdefault(reached.k, []).append("begyndt indtil nu")
    if isinstance(needed, int):
        names.setdefault(needed, []).append("behovet")
    for name, row in ends.items():
        if row is not None and row.value is not None:
            names.setdefault(int(row.number + 0.5), []).append(name)
    return names
