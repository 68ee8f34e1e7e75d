"""The ledgers of every trial before and after disclosure control, made once for all attacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.ledger import Estimate
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial
from reportlib.trial.model import Trial

ROOT = Path(__file__).parents[2]
TRIALS = sorted([*(ROOT / "data").glob("*/trial.yml"), *(ROOT / "tests" / "trials").glob("*/trial.yml")])


@cache
def both(path: Path) -> tuple[Trial, tuple[Estimate, ...], tuple[Estimate, ...]]:
    """The trial, its true rows, and the rows that are written."""
    trial = load_trial(path)
    true, shown = analyse_before_and_after_disclosure(trial, read_trial(trial, path.parent))
    return trial, tuple(true), tuple(shown)
