"""Balance: background before entry in each group, with the normalised difference and the joint test in the note."""

from __future__ import annotations

from reportlib.danish import list_text, p_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import BACKGROUND, DIFFERENCE
from reportlib.show import table_cells as cells
from reportlib.show.balances import background_label
from reportlib.show.block import sources_of
from reportlib.show.headings import headings, unit_name
from reportlib.show.ledger_rows import NothingToShowError, find
from reportlib.show.pipe_table import Column, as_long, markdown, table, with_notes, with_row, with_sources
from reportlib.show.texts import whole_trial_note
from reportlib.text.units import Unit
from reportlib.trial.model import Trial


def balance(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per characteristic: level in each group, normalised difference, p-value; the joint test in the note.

    Raises:
        NothingToShowError: the ledger has no `balance` analysis.
    """
    differences = ledger.select(measure=BACKGROUND, group=DIFFERENCE, statistic="difference")
    if not differences:
        raise NothingToShowError("the ledger has no balance", hint="add a `balance` analysis to trial.yml")
    names = list_text(group.label for group in trial.all_groups)
    made = table(
        id,
        caption or f"Baggrund før start i {names}",
        [
            Column("Kendetegn", numbers=False),
            *(Column(name) for name in headings(trial)),
            Column("Normaliseret forskel"),
            Column("p-værdi"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for row in differences:
        made = with_row(made, _cells(ledger, trial, row))
    made = with_sources(made, sources_of(ledger, [BACKGROUND]))
    return markdown(as_long(with_notes(made, _joint_note(ledger, trial), _method_note(), whole_trial_note(site))))


def _cells(ledger: Ledger, trial: Trial, difference: Estimate) -> list[cells.Cell]:
    column = difference.subgroup
    levels = [find(ledger, BACKGROUND, group=group.id, subgroup=column) for group in trial.all_groups]
    normalised = find(ledger, BACKGROUND, statistic="normalised_difference", group=DIFFERENCE, subgroup=column)
    return [
        cells.text(_name(trial, column, levels)),
        *(cells.estimate(level, _decimals(level)) for level in levels),
        cells.estimate(normalised, 2),
        cells.p_value(difference, level=trial.design.level),
    ]


def _name(trial: Trial, column: str, levels: list[Estimate | None]) -> str:
    """The characteristic with its unit: `Køn: mand (pct.)`, `Alder (år)`."""
    label = background_label(trial, column)
    unit = next((unit_name(level.unit) for level in levels if level is not None), "")
    return f"{label} ({unit})" if unit else label


def _decimals(level: Estimate | None) -> int:
    return 0 if level is not None and level.unit is Unit.PCT else 1


def _joint_note(ledger: Ledger, trial: Trial) -> str:
    """The joint test over all characteristics, in words that fit its verdict."""
    row = find(ledger, BACKGROUND, statistic="joint_test", group=DIFFERENCE)
    if row is None or row.hidden or row.p is None:
        return ""
    level = trial.design.level
    verdict = "er der" if row.p < level else "er der ikke"
    return f"Samlet set {verdict} statistisk signifikant forskel på grupperne ({p_text(row.p, level=level)})"


def _method_note() -> str:
    return "Den normaliserede forskel er forskellen i gennemsnit delt med den typiske spredning i de to grupper"
