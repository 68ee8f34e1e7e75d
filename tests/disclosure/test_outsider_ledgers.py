"""An outsider takes nothing from the ledgers of the trials, nor from made-up variants of them.

The variants here are a sample; `python benchmarks/disclosure.py` attacks all of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from outsider import Attack, attack
from outsider_labels import read_catalogue
from variants import Variant, before_and_after, variants, vary
from whole_ledgers import ROOT, TRIALS, ledgers

from reportlib.ledger import Ledger
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial
from reportlib.trial.model import Trial

# Those that take little time: a sample, small sites, sites dealt anew, a threshold of 3.
_SEEDS = {"jobgaranti": (3, 5, 7, 8, 12), "social-stoette": (10,)}
SAMPLE = [variant for variant in variants() if variant.seed in _SEEDS.get(variant.trial, ())]

pytestmark = pytest.mark.slow


def attack_on(trial: Trial, true: Ledger, released: Ledger, path: Path, whole: Attack | None = None) -> Attack:
    rules = trial.disclosure
    return attack(
        released.columns,
        true.columns,
        read_catalogue(path),
        threshold=rules.threshold,
        zeros_are_shown=rules.show_zero,
        learned=whole.learned if whole is not None else (),
    )


@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_nothing_is_taken_from_the_ledger(path: Path) -> None:
    trial, true, released = ledgers(path)
    found = attack_on(trial, true, released, path)
    assert list(map(str, found.taken)) == []


@pytest.mark.parametrize("variant", SAMPLE, ids=lambda variant: variant.name)
def test_nothing_is_taken_from_a_variant(variant: Variant) -> None:
    path = ROOT / "data" / variant.trial / "trial.yml"
    whole = attack_on(*ledgers(path), path)
    original = load_trial(path)
    trial, data = vary(variant, original, read_trial(original, path.parent))
    found = attack_on(trial, *before_and_after(trial, data), path, whole)
    assert found.cells > 0
    assert list(map(str, found.taken)) == []
