"""Every case agrees with its reference to 1e-6 of the reference's value; counts agree exactly."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("weekly_cases", Path(__file__).parent / "weekly_cases.py")
assert spec is not None and spec.loader is not None
weekly_cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(weekly_cases)
CASES = list(weekly_cases.cases())


@pytest.mark.parametrize("estimator", sorted({case[0] for case in CASES}))
def test_an_estimator_agrees_with_its_reference(estimator: str) -> None:
    for _, reference, quantity, ours, theirs in (case for case in CASES if case[0] == estimator):
        tolerance = 0 if quantity.startswith("n_") or quantity == "n" else 1e-6
        assert ours == pytest.approx(theirs, rel=tolerance, abs=1e-12 if tolerance else 0), (reference, quantity)
