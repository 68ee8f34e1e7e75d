"""Units of activity per person by group, and the extra units behind one unit gained."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import confidence_name, event_weeks, list_text
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.ledger.keys import DIFFERENCE
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import headings
from reportlib.show.ledger_rows import NothingToShowError, find
from reportlib.show.pipe_table import Column, markdown, table, with_notes, with_row, with_sources
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.text.units import Unit
from reportlib.trial.analyses import Activity
from reportlib.trial.model import Trial


def activity(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per activity: units per person by group, the difference with its interval, extra units per unit gained.

    Raises:
        NothingToShowError: the ledger lacks one of the measures.
    """
    compared = trial.groups.comparison is not None
    ratios = {measure: _ratio(ledger, measure) for measure in measures}
    shown_ratio = any(row is not None for row in ratios.values())
    columns = [Column("Aktivitet", numbers=False), *(Column(name) for name in headings(trial))]
    if compared:
        columns += [Column("Forskel"), Column(confidence_name(trial.design.level))]
    if shown_ratio:
        columns.append(Column(f"Pr. {_gain_unit(ledger, trial)}"))
    made = table(
        id,
        caption or f"Aktivitet pr. person i {list_text(group.label for group in trial.all_groups)}",
        columns,
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        levels = [find(ledger, measure, group=group.id) for group in trial.all_groups]
        if all(row is None for row in levels):
            raise NothingToShowError(f"the ledger has no {measure}", hint="add it to an `activity` analysis")
        difference = find(ledger, measure, statistic="difference", group=DIFFERENCE)
        row = [cells.text(ledger.measure(measure).label), *(cells.estimate(level, 1) for level in levels)]
        if compared:
            row += [cells.estimate(difference, 1), cells.interval(difference, 1)]
        if shown_ratio:
            row.append(cells.estimate(ratios[measure], 2))
        made = with_row(made, row)
    made = with_sources(made, sources_of(ledger, measures))
    gain_note = _gain_note(ledger, trial) if shown_ratio else ""
    return markdown(with_notes(made, *_what_is_counted(ledger, trial, measures), gain_note, whole_trial_note(site)))


def _what_is_counted(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> list[str]:
    """One note where all are counted over the same time (the labels say what), else each measure's definition."""
    rows = [find(ledger, measure, group=trial.groups.treated.id) for measure in measures]
    windows = {row.window for row in rows if row is not None}
    if len(windows) == 1 and "" not in windows:
        return [f"Antal pr. person i {windows.pop()}"]
    return [ledger.measure(measure).definition for measure in measures]


def _ratio(ledger: Ledger, measure: str) -> Estimate | None:
    rows = ledger.select(measure=measure, statistic="units_per_gain", group=DIFFERENCE)
    return rows[0] if rows else None


def _gain(ledger: Ledger, trial: Trial) -> tuple[Measure, int] | None:
    """The measure whose accumulated difference is the gain, and over how many weeks."""
    for analysis in trial.analyses:
        if isinstance(analysis, Activity):
            return ledger.measure(analysis.gain), analysis.weeks
    return None


def _gain_unit(ledger: Ledger, trial: Trial) -> str:
    """One unit of the gain: hours per week add up to hours, shares to weeks."""
    gain = _gain(ledger, trial)
    unit = gain[0].unit if gain else None
    return {Unit.HOURS_PER_WEEK: "ekstra time", Unit.PCT: "ekstra uge"}.get(unit, "ekstra enhed") if unit else ""


def _gain_note(ledger: Ledger, trial: Trial) -> str:
    """What the last column divides by."""
    gain = _gain(ledger, trial)
    if gain is None:
        return ""
    measure, weeks = gain
    return (
        f"Pr. {_gain_unit(ledger, trial)}: forskellen delt med den samlede forskel i "
        f"{lower_first(measure.label)} fra {event_weeks(weeks)}"
    )
