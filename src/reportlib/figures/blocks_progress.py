"""What documents call for figures of how it goes: recruitment, answers, before and after, repeated measurements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from reportlib.danish import confidence_name, number_text
from reportlib.figures.block import figure_block, sources_of
from reportlib.figures.blocks_weekly import FOLDER
from reportlib.figures.curves import Line
from reportlib.figures.measurements import MeasurementsPlan
from reportlib.figures.paired import PairedPlan
from reportlib.figures.palette import Palette
from reportlib.figures.recruitment import RecruitmentPlan
from reportlib.figures.rows import NothingToShowError, component_group, find, interval, known_site, persons, shown
from reportlib.figures.stacked import Counted, StackedPlan, complete, rounded_note
from reportlib.figures.texts import gap_note, lower_first, whole_trial_note
from reportlib.keys import AFTER, BEFORE, EVERYONE
from reportlib.ledger import Estimate, Ledger
from reportlib.trace.origin import Origin, count_of, derived, setting, with_origin
from reportlib.trace.origin import fact as fact_origin
from reportlib.trial.analyses import Compare
from reportlib.trial.lookup import computed_as
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial
from reportlib.trial.progress import BeforeAfter, Recruitment, Scales

PATHS = {"cautious": "Forsigtig", "realistic": "Realistisk", "optimistic": "Optimistisk"}
"""The paths ahead by the name in their statistic."""

MOVES = {"rose": "Fremgang", "same": "Uændret", "fell": "Tilbagegang"}
"""From first to last measurement, by the name in the statistic."""


def recruitment_of(trial: Trial) -> Recruitment:
    """The trial's recruitment analysis.

    Raises:
        NothingToShowError: it has none.
    """
    for spec in trial.analyses:
        if isinstance(spec, Recruitment):
            return spec
    raise NothingToShowError(f"{trial.id} has no recruitment", hint="add a `recruitment` analysis to trial.yml")


def scales_of(trial: Trial, measure: str) -> Scales:
    """The scales analysis that holds the measure.

    Raises:
        NothingToShowError: there is none.
    """
    for spec in trial.analyses:
        if isinstance(spec, Scales) and measure in spec.all_measures:
            return spec
    raise NothingToShowError(f"no `scales` analysis of {trial.id} holds {measure}")


def before_after_of(trial: Trial, measure: str) -> BeforeAfter:
    """The before_after analysis that holds the measure after.

    Raises:
        NothingToShowError: there is none.
    """
    for spec in trial.analyses:
        if isinstance(spec, BeforeAfter) and measure in {pair.after for pair in spec.pairs}:
            return spec
    raise NothingToShowError(f"no `before_after` analysis of {trial.id} holds {measure}")


def recruitment(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Recruitment so far, the three paths ahead with the interval, and the milestone and needed number across."""
    spec = recruitment_of(trial)
    entry = ledger.measure(spec.measure)
    group = trial.groups.treated.id
    past = _by_project_week(ledger.select(measure=spec.measure, group=group, statistic="recruited"))
    ahead = {
        path: _by_project_week(ledger.select(measure=spec.measure, group=group, statistic=f"forecast_{path}"))
        for path in PATHS
    }
    future = _by_project_week(ledger.select(measure=spec.measure, group=group, statistic="forecast_interval"))
    facts = [(trial.facts[name], name) for name in (spec.milestone, spec.needed)]
    last = max(past)
    casework = trial.extracts.casework
    now, day_setting = trial.follow_up.last_day, setting("follow_up.last_day")
    if casework is not None and casework.last_day is not None:
        now, day_setting = casework.last_day, setting("extracts.casework.last_day")
    plan = RecruitmentPlan(
        label=entry.label,
        past=_line("indtil nu", "deltager", past),
        paths=tuple(
            _line(name.lower(), colour, {last: past[last], **ahead[path]})
            for (path, name), colour in zip(PATHS.items(), ("neutral", "navy", "series-3"), strict=True)
            if ahead[path]
        ),
        low=(shown(past[last]), *(interval(row)[0] for row in future.values())),
        high=(shown(past[last]), *(interval(row)[1] for row in future.values())),
        across=tuple(
            (name, with_origin(float(fact.value), fact_origin(fact_id)))
            for name, (fact, fact_id) in zip(("Milepæl", "Behov"), facts, strict=True)
            if isinstance(fact.value, int)
        ),
        days=(trial.period.first, now, now + timedelta(weeks=len(future))),
        end=derived("dag", [day_setting, *_ends(past, future)]),
    )
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{entry.label}: antal borgere indtil nu og tre fremskrivninger",
        sources=sources_of(ledger, [spec.measure]),
        notes=[
            f"Fremskrivningerne fører tempoet i de seneste {number_text(spec.latest)} uger videre; den forsigtige og "
            "den optimistiske bruger et tempo, som det sande tempo kun med ti procents sandsynlighed er lavere eller "
            "højere end",
            f"Feltet er et {confidence_name(trial.design.level)} for det antal, der bliver nået, hvis tempoet holder",
            gap_note([plan.past]),
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _by_project_week(rows: Sequence[Estimate]) -> dict[int, Estimate]:
    found = {int(row.time.removeprefix("projektuge")): row for row in rows if row.time.startswith("projektuge")}
    return dict(sorted(found.items()))


def _ends(past: dict[int, Estimate], future: dict[int, Estimate]) -> list[Origin]:
    """The last week so far and the last week ahead, as their rows name them."""
    return [Origin(rows[max(rows)].key, "time") for rows in (past, future) if rows]


def _line(name: str, colour: str, rows: dict[int, Estimate]) -> Line:
    return Line(
        name=name,
        colour=colour,
        weeks=tuple(rows),
        values=tuple(shown(row) for row in rows.values()),
        hidden=tuple(week for week, row in rows.items() if row.hidden),
    )


def answers(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    by: str | None = None,
    names: Sequence[str] = (),
    reverse: bool = False,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """How answers are spread, a bar a question; with `by` (the id of a division) a bar a question and subgroup.

    `names` are short names of the subgroups, for figures of several questions: `med praktik`. Colours run from the best
    answer to the worst: `reverse` turns a scale that begins with the worst.

    Raises:
        NothingToShowError: the measures have no common scale, or no `compare` analysis holds them.
    """
    computed = [trial.measure_by_id[measure].computed for measure in measures]
    scales = {tuple(part.answers.items()) for part in computed if isinstance(part, SurveyAnswers)}
    if len(scales) != 1 or not all(isinstance(part, SurveyAnswers) for part in computed):
        raise NothingToShowError("the questions of one figure must be `survey_answers` on one scale")
    scale = dict(reversed(scales.pop()) if reverse else scales.pop())
    rows, values, counts = [], [], []
    for measure in measures:
        for at, (group, subgroup, name) in enumerate(_parts(trial, measure, by)):
            keys = [":".join(part for part in (subgroup, f"svar-{answer}") if part) for answer in scale]
            found = [find(ledger, measure, group=group, subgroup=key) for key in keys]
            if all(row is None for row in found):
                raise NothingToShowError(f"the ledger has no answers to {measure}", hint="add it to a `compare`")
            question = ledger.measure(measure).label
            part = names[at] if names else lower_first(name)
            rows.append(f"{question}, {part}" if by and len(measures) > 1 else name or question)
            values.append(complete([shown(row) for row in found]))
            counts.append(next((persons(row) for row in found if persons(row) is not None), None))
    label = ledger.measure(measures[0]).label if by and len(measures) == 1 else "Svarmuligheder"
    plan = StackedPlan(label, tuple(scale.values()), tuple(rows), tuple(values), tuple(counts))
    return figure_block(
        plan,
        id=id,
        caption=caption or label,
        sources=sources_of(ledger, measures),
        notes=[_stacked_note(plan, trial), rounded_note(plan), whole_trial_note(site)],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _parts(trial: Trial, measure: str, by: str | None) -> list[tuple[str, str, str]]:
    """Group, subgroup and name of each bar of a question; no name where the question itself names it."""
    for spec in trial.analyses:
        if isinstance(spec, Compare) and measure in spec.measures and (spec.by.id if spec.by else None) == by:
            if spec.by is None:
                return [(trial.groups.treated.id, "", "")]
            group = spec.group or EVERYONE
            return [(group, f"{spec.by.id}:{value}", _short(name)) for value, name in spec.by.values.items()]
    raise NothingToShowError(f"no `compare` analysis of {trial.id} holds {measure} by {by}")


def _short(name: str) -> str:
    """`besvarelser om borgere i første fase` as the name of a row."""
    return name[:1].upper() + name[1:]


def _stacked_note(plan: StackedPlan, trial: Trial) -> str:
    if all(None not in values for values in plan.values):
        return ""
    few = number_text(trial.disclosure.threshold)
    return f"En søjle er skjult, når en af dens dele hviler på færre end {few} personer"


def whole(
    ledger: Ledger,
    trial: Trial,
    rows: dict[str, Sequence[str]],
    categories: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Shares that together are everybody, a measure each: `rows` is name -> measures in the categories' order."""
    found = {
        name: [find(ledger, measure, group=component_group(trial, measure)) for measure in measures]
        for name, measures in rows.items()
    }
    plan = StackedPlan(
        caption,
        tuple(categories),
        tuple(found),
        tuple(complete([shown(row) for row in parts]) for parts in found.values()),
        tuple(persons(parts[0]) for parts in found.values()),
    )
    measures = [measure for parts in rows.values() for measure in parts]
    return figure_block(
        plan,
        id=id,
        caption=caption,
        sources=sources_of(ledger, measures),
        notes=[_stacked_note(plan, trial), rounded_note(plan), whole_trial_note(site)],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def moves(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Who went up, down or neither from first to last: one measure by number of measurements, or several in all."""
    spec = scales_of(trial, measures[0])
    survey = _survey(trial, measures[0])
    rows: list[str | Counted] = []
    names: list[str] = []
    found: list[list[Estimate | None]] = []
    if len(measures) == 1:
        counts = _numbering(trial, spec)
        names = list(counts.answers.values())
        places = [f"antal{at}" for at in range(2, len(names) + 1)] + ["mindst-to"]
    else:
        places = ["mindst-to"]
    for measure in measures:
        for subgroup in places:
            parts = [find(ledger, measure, statistic=f"share_{way}", group=survey, subgroup=subgroup) for way in MOVES]
            found.append(parts)
            rows.append(ledger.measure(measure).label if len(measures) > 1 else _filled_in(subgroup, parts, names))
    plan = StackedPlan(
        "Fra første til seneste måling"
        if len(measures) > 1
        else f"{ledger.measure(measures[0]).label}: fra første til seneste måling",
        tuple(MOVES.values()),
        tuple(rows),
        tuple(complete([shown(row) for row in parts]) for parts in found),
        tuple(persons(parts[0]) for parts in found),
    )
    return figure_block(
        plan,
        id=id,
        caption=caption or plan.label,
        sources=sources_of(ledger, measures),
        notes=[
            "Rækkerne er delt efter, hvor mange målinger borgeren selv har udfyldt" if len(measures) == 1 else "",
            _stacked_note(plan, trial),
            rounded_note(plan),
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _filled_in(subgroup: str, parts: Sequence[Estimate | None], names: Sequence[str]) -> str | Counted:
    """The name of the row of those with so many measurements; the number is the rows' own, or the count of `names`."""
    number = subgroup.removeprefix("antal")
    if not number.isdecimal():
        return "Alle med mindst to målinger"
    row = next((row for row in parts if row is not None), None)
    if row is None:
        return Counted(count_of(names[: int(number)]), "målinger")
    return Counted(with_origin(int(number), Origin(row.key, "subgroup")), "målinger")


def measurements(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    reference: str | None = None,
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """The mean score of everybody with each measurement beside the persons who have them all.

    `reference` is the id of the fact that is drawn as a line across.
    """
    spec = scales_of(trial, measure)
    counts, survey, entry = _numbering(trial, spec), _survey(trial, measure), ledger.measure(measure)
    numbers = range(1, len(counts.answers) + 1)
    everyone = [find(ledger, measure, group=survey, time=f"maaling{at}") for at in numbers]
    panel = [find(ledger, measure, statistic="panel_mean", group=survey, time=f"maaling{at}") for at in numbers]
    fact = trial.facts[reference] if reference else None
    plan = MeasurementsPlan(
        label=entry.label,
        lines=tuple(
            Line(name, colour, tuple(numbers), tuple(shown(row) for row in rows))
            for name, colour, rows in (("alle målte", "deltager", everyone), ("de samme hele vejen", "orange", panel))
        ),
        low=tuple(interval(row)[0] for row in everyone),
        high=tuple(interval(row)[1] for row in everyone),
        ticks=tuple(label.partition(" (")[0] for label in counts.answers.values()),
        counts=tuple(tuple(persons(row) for row in rows) for rows in (everyone, panel)),
        reference=(
            with_origin(float(fact.value), fact_origin(reference or ""))
            if fact is not None and isinstance(fact.value, int | float)
            else None
        ),
        reference_name="Befolkningen",
    )
    sources = [*sources_of(ledger, [measure]), *([trial.sources[fact.source].text] if fact is not None else [])]
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{entry.label} måling for måling",
        sources=sources,
        notes=[
            entry.definition,
            f"De lodrette streger er {confidence_name(trial.design.level)}ler for alle målte",
            "Aksen begynder ikke i nul",
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def _survey(trial: Trial, measure: str) -> str:
    return component_group(trial, measure)


def _numbering(trial: Trial, spec: Scales) -> SurveyAnswers:
    return computed_as(spec.counts, trial.measure_by_id[spec.counts].computed, SurveyAnswers)


def before_after(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Shares before and after in the same persons; with `site` that site's persons."""
    spec = before_after_of(trial, measures[0])
    place = known_site(trial, site) if site else ""
    found = [[find(ledger, measure, group=group, site=place) for group in (BEFORE, AFTER)] for measure in measures]
    plan = PairedPlan(
        label="De samme borgere før og efter" + (f" i {site}" if site else ""),
        rows=tuple(ledger.measure(measure).label for measure in measures),
        before=tuple(shown(rows[0]) for rows in found),
        after=tuple(shown(rows[1]) for rows in found),
    )
    few = number_text(trial.disclosure.threshold)
    hidden = None in plan.before or None in plan.after
    return figure_block(
        plan,
        id=id,
        caption=caption or plan.label,
        sources=sources_of(ledger, measures),
        notes=[
            f"Før er {spec.before_window}, efter er tiden {spec.after_window}",
            f"· betyder, at tallet hviler på færre end {few} personer eller kan afsløre et, der gør" if hidden else "",
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )
