"""What documents call for figures of repeated measurements: who went up and down, and the mean each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlib.danish import confidence_name
from reportlib.ledger import Estimate, Ledger
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.curves import Line
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, interval, persons, shown
from reportlib.show.palette import Palette
from reportlib.show.repeated import MeasurementsPlan
from reportlib.show.stacked import Counted, StackedPlan, complete, hidden_bars_note, rounded_note
from reportlib.show.texts import no_interval_note, whole_trial_note
from reportlib.text.origin import Origin, count_of, with_origin
from reportlib.text.origin import fact as fact_origin
from reportlib.trial.analyses import Scales
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial, computed_as

MOVES = {"rose": "Fremgang", "same": "Uændret", "fell": "Tilbagegang"}
"""From first to last measurement, by the name in the statistic."""


def scales_of(trial: Trial, measure: str) -> Scales:
    """The scales analysis that holds the measure.

    Raises:
        NothingToShowError: there is none.
    """
    for spec in trial.analyses:
        if isinstance(spec, Scales) and measure in spec.all_measures:
            return spec
    raise NothingToShowError(f"no `scales` analysis of {trial.id} holds {measure}")


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
            rows.append(ledger.measure(measure).label if len(measures) > 1 else filled_in(subgroup, parts, names))
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
            hidden_bars_note(plan, trial.disclosure.threshold),
            rounded_note(plan),
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def filled_in(subgroup: str, parts: Sequence[Estimate | None], names: Sequence[str]) -> str | Counted:
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
            no_interval_note(zip(plan.lines[0].values, plan.low, strict=True)),
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
