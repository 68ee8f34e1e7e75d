"""The ledgers of every trial before and after disclosure control, as the attacks take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from whole_ledgers import ledgers

from reportlib.disclosure import HIDDEN, hide
from reportlib.ledger import Estimate
from reportlib.trial.model import Trial

Columns = Mapping[str, Sequence[Any]]


def both(path: Path) -> tuple[Trial, tuple[Estimate, ...], tuple[Estimate, ...]]:
    """The trial, its true rows, and the rows that are written, with all digits and counts where they are shown.

    A reader has fewer digits: what these attacks cannot work out of all of them, nobody works out of what is printed.
    """
    trial, true, shown = ledgers(path)
    hidden = {row.key for row in shown if row.hidden}
    return trial, tuple(true), tuple(hide(row, HIDDEN) if row.key in hidden else row for row in true)


def both_columns(path: Path) -> tuple[int, Columns, Columns]:
    """The threshold of the trial, the columns that are released, and the true ones."""
    trial, true, shown = ledgers(path)
    return trial.disclosure.threshold, shown.columns, true.columns
