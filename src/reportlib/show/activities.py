"""Units of activity per person, by group with the extra units behind one unit gained, or of one group alone."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, decapitalise, event_weeks, list_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.titles import differences_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import NothingToShowError, find, headings, sources_of
from reportlib.show.pipe_table import Table
from reportlib.text.units import Unit
from reportlib.trial.analyses import Activity
from reportlib.trial.model import Trial


def activity(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """One row per activity: units per person by group, the difference with its interval, extra units per unit gained.

    Raises:
        NothingToShowError: the ledger lacks one of the measures.
    """
    compared = trial.groups.comparison is not None
    ratios = {}
    for measure in measures:
        found = ledger.select(measure=measure, statistic="units_per_gain", group=DIFFERENCE)
        ratios[measure] = found[0] if found else None
    shown_ratio = any(row is not None for row in ratios.values())
    unit, gain_note = _gain(ledger, trial)
    rows, differences = [], []
    for measure in measures:
        levels = [find(ledger, measure, group=group.id) for group in trial.all_groups]
        if all(row is None for row in levels):
            raise NothingToShowError(f"the ledger has no {measure}", hint="add it to an `activity` analysis")
        difference = find(ledger, measure, statistic="difference", group=DIFFERENCE)
        differences.append(difference)
        row = [ledger.measure(measure).label, *(cells.estimate(level) for level in levels)]
        row += [cells.estimate(difference), cells.interval(difference)] if compared else []
        row += [cells.estimate(ratios[measure], 2)] if shown_ratio else []
        rows.append(row)
    return Table(
        finding=differences_title(trial, differences),
        caption=f"Aktivitet pr. person i {list_text(group.label for group in trial.all_groups)}",
        head="Aktivitet",
        columns=[
            *headings(trial),
            *(["Forskel", cells.INTERVAL] if compared else []),
            *([f"Pr. {unit}"] if shown_ratio else []),
        ],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[*_what_is_counted(ledger, trial, measures), gain_note if shown_ratio else ""],
    )


def _what_is_counted(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> list[str]:
    """One note where all are counted over the same time (the labels say what), else each measure's definition."""
    rows = [find(ledger, measure, group=trial.groups.treated.id) for measure in measures]
    windows = {row.window for row in rows if row is not None}
    if len(windows) == 1 and "" not in windows:
        return [f"Antal pr. person i {windows.pop()}"]
    return [ledger.measure(measure).definition for measure in measures]


def _gain(ledger: Ledger, trial: Trial) -> tuple[str, str]:
    """One unit of the gain (hours per week add up to hours, shares to weeks), and what the last column divides by."""
    spec = next((spec for spec in trial.analyses if isinstance(spec, Activity)), None)
    if spec is None:
        return "", ""
    gain = ledger.measure(spec.gain)
    unit = {Unit.HOURS_PER_WEEK: "ekstra time", Unit.PCT: "ekstra uge"}.get(gain.unit, "ekstra enhed")
    return unit, (
        f"Pr. {unit}: forskellen i aktivitet fra {event_weeks(spec.weeks)} delt med forskellen i "
        f"{decapitalise(gain.label)} i de samme uger. De andre kolonner tæller hele opfølgningen, så tallet kan ikke "
        "regnes ud af dem"
    )


def units(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> Table:
    """Units of activity per person with their interval.

    Raises:
        NothingToShowError: the ledger lacks one of the measures.
    """
    rows = []
    for measure in measures:
        row = find(ledger, measure, group=trial.groups.treated.id)
        if row is None:
            raise NothingToShowError(f"the ledger has no {measure}", hint="add it to a `shares` analysis")
        rows.append([ledger.measure(measure).label, cells.with_interval(row), cells.persons(row)])
    return Table(
        caption=f"Aktivitet pr. {trial.persons.one}",
        head="Aktivitet",
        columns=[f"Pr. {trial.persons.one}", capitalise(trial.persons.many)],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[f"{ledger.measure(measure).label}: {ledger.measure(measure).definition}" for measure in measures],
    )
