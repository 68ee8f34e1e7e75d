"""Units of activity per person by group, and the extra units behind one unit gained."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import confidence_name, list_text
from reportlib.figures.block import sources_of
from reportlib.figures.rows import NothingToShowError, find
from reportlib.figures.texts import lower_first, whole_trial_note
from reportlib.keys import DIFFERENCE
from reportlib.ledger import Estimate, Ledger
from reportlib.tables import cells
from reportlib.tables.builder import Column, markdown, table, with_notes, with_row, with_sources
from reportlib.tables.lookup import headings, row_name
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
        columns.append(Column(f"Ekstra pr. {_gain(ledger, trial)}"))
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
        row = [cells.text(row_name(ledger, measure)), *(cells.estimate(level, 1) for level in levels)]
        if compared:
            row += [cells.estimate(difference, 1), cells.interval(difference, 1)]
        if shown_ratio:
            row.append(cells.estimate(ratios[measure], 1))
        made = with_row(made, row)
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(
        with_notes(made, *(ledger.measure(measure).definition for measure in measures), whole_trial_note(site))
    )


def _ratio(ledger: Ledger, measure: str) -> Estimate | None:
    rows = ledger.select(measure=measure, statistic="units_per_gain", group=DIFFERENCE)
    return rows[0] if rows else None


def _gain(ledger: Ledger, trial: Trial) -> str:
    """What one unit gained is called: the label of the gain, `ekstra time`."""
    gains = [analysis.gain for analysis in trial.analyses if isinstance(analysis, Activity)]
    label = ledger.measure(gains[0]).label if gains else ""
    return f"enhed af {lower_first(label)}" if label else "vundet enhed"
