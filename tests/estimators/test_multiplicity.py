"""Adjusted p-values against R's p.adjust."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import BadCountError
from reportlib.estimators.many_comparisons import benjamini_hochberg, holm

P = [0.01, 0.04, 0.03, 0.005, 0.8, 0.04, math.nan, 0.2]


def test_holm_equals_r() -> None:
    np.testing.assert_allclose(holm(P), [0.060, 0.160, 0.150, 0.035, 0.800, 0.160, math.nan, 0.400], rtol=1e-12)


def test_benjamini_hochberg_equals_r() -> None:
    expected = [0.035, 0.056, 0.056, 0.035, 0.8, 0.056, math.nan, 0.2333333333333333]
    np.testing.assert_allclose(benjamini_hochberg(P), expected, rtol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusting_keeps_the_order_and_holm_is_stricter(p: list[float]) -> None:
    strict, lenient = holm(p), benjamini_hochberg(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(strict[order]) >= 0).all() and (np.diff(lenient[order]) >= 0).all()
    assert (np.array(p) <= lenient + 1e-15).all() and (lenient <= strict + 1e-15).all() and (strict <= 1).all()


def test_nothing_tested_stays_nothing() -> None:
    assert np.isnan(holm([math.nan, math.nan])).all() and len(benjamini_hochberg([])) == 0


def test_a_p_above_one_is_refused() -> None:
    with pytest.raises(BadCountError):
        holm([0.1, 1.2])
