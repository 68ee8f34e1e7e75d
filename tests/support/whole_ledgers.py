"""The ledgers of whole trials, from their extracts by the ordinary analysis: made once a run, for every area."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from made_once import value_made_once

from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.ledger import Ledger
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial
from reportlib.trial.model import Trial

ROOT = Path(__file__).parents[2]
TRIALS = sorted([*(ROOT / "data").glob("*/trial.yml"), *(ROOT / "tests" / "trials").glob("*/trial.yml")])


@cache
def ledgers(path: Path) -> tuple[Trial, Ledger, Ledger]:
    """The trial of a trial.yml, its ledger with nothing hidden and all digits, and the one that is released."""
    trial = load_trial(path)

    def make() -> tuple[Ledger, Ledger]:
        return analyse_before_and_after_disclosure(trial, read_trial(trial, path.parent))

    return trial, *value_made_once(f"ledgers-{path.parent.name}", make)


def ledger_of(trial_id: str) -> Ledger:
    """The released ledger of a trial of data/."""
    return ledgers(ROOT / "data" / trial_id / "trial.yml")[2]
