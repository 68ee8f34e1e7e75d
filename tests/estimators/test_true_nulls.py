"""Each test of the library rejects what is true about five times in a hundred (benchmarks/rejections.py draws more)."""

from __future__ import annotations

import warnings

import pytest
from true_nulls import TESTS, rejections

DRAWS = 200
SLOW = (
    "two shares (Newcombe, chi-squared)",
    "matched (Abadie and Imbens)",
    "rate of exit, 60 places drawn (Cox, jackknife)",
    "rate of exit, 12 of them drawn (Cox, jackknife)",
    "rate of exit, 24 places drawn (Cox, jackknife)",
    "rate of exit, 24 unequal places drawn (Cox, jackknife)",
    "rate of exit, later beside earlier (Cox)",
    "any of three divisions (Holm)",
    "any of six places (Holm)",
)
"""They take most of the time of all; the benchmark draws them."""


@pytest.mark.parametrize("name", [name for name in TESTS if name not in SLOW])
def test_it_rejects_a_true_null_as_often_as_it_says(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert 0.01 <= rejections(name, DRAWS) <= 0.095  # 5 pct. and 2.9 standard errors of so many draws
