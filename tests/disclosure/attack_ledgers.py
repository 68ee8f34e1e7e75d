"""The ledgers of every trial before and after disclosure control, made once for all attacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.disclosure import HIDDEN, hide
from reportlib.ledger import Estimate, Ledger
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial
from reportlib.trial.model import Trial

ROOT = Path(__file__).parents[2]
TRIALS = sorted([*(ROOT / "data").glob("*/trial.yml"), *(ROOT / "tests" / "trials").glob("*/trial.yml")])


Columns = Mapping[str, Sequence[Any]]


@cache
def ledgers(path: Path) -> tuple[Trial, Ledger, Ledger]:
    """The trial, its ledger with nothing hidden, and the one that is released."""
    trial = load_trial(path)
    return trial, *analyse_before_and_after_disclosure(trial, read_trial(trial, path.parent))


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
