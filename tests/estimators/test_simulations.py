"""Tests reject what is true in five per cent of samples and intervals hold the truth in 95, also with few clusters.

The simulations are those of benchmarks/simulations.py, with fixed seeds and replications enough that the simulation's
own error (given at each) is well inside the limits.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "simulations.py"
    spec = importlib.util.spec_from_file_location("simulations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


simulations = load()
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("clusters", [6, 10, 20])
@pytest.mark.parametrize("design", ["rejected_within_sites", "rejected_did"])
def test_cr2_rejects_a_true_null_in_four_to_six_per_cent(design: str, clusters: int) -> None:
    answer = getattr(simulations, design)(clusters, 4_000, 1, "CR2")
    assert answer.error < 0.0038
    assert 0.04 <= answer.share <= 0.06


def test_cr1_does_not_with_six_clusters() -> None:
    # Otherwise the simulation above would not be hard enough to show anything.
    assert simulations.rejected_did(6, 2_000, 1, "CR1").share > 0.08


@pytest.mark.parametrize(("sites", "replications"), [(0, 1_500), (15, 1_500)])
def test_bands_and_sums_over_weeks_hold_the_truth_in_95_per_cent(sites: int, replications: int) -> None:
    for answer in simulations.curve_coverage(replications, 2, sites=sites):
        assert answer.error < 0.0065
        assert 0.935 <= answer.share <= 0.965


@pytest.mark.parametrize("spread", [0.0, 0.5, 2.0])
def test_shrunken_intervals_hold_the_truth_and_are_shorter(spread: float) -> None:
    answer, length = simulations.shrunken_coverage(1_500, 1, spread=spread)
    assert answer.share > 0.94 and length < 0.97
