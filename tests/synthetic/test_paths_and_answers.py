"""Curves go through their knots; answers have the mean asked for."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import numpy as np
import pytest
from calibrating.errors import ImpossibleMeanError, ImpossiblePathError
from calibrating.paths import drift, path
from calibrating.quotas import scores_with_mean
from hypothesis import given
from hypothesis import strategies as st


@given(
    st.dictionaries(st.integers(1, 44), st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=2, max_size=10)
)
def test_curve_goes_through_its_knots_and_never_beyond_its_neighbours(knots: dict[int, float]) -> None:
    curve = path(knots, 44)
    assert [curve[week - 1] for week in knots] == pytest.approx(list(knots.values()))
    at = sorted(knots)
    for left, right in pairwise(at):
        low, high = sorted((knots[left], knots[right]))
        assert (curve[left - 1 : right] >= low - 1e-9).all()
        assert (curve[left - 1 : right] <= high + 1e-9).all()


def test_curve_is_flat_before_its_first_knot_and_after_its_last() -> None:
    curve = path({10: 3.0, 20: 7.0}, 30)
    assert set(curve[:10]) == {3.0}
    assert set(curve[19:]) == {7.0}


@pytest.mark.parametrize("knots", [{}, {5: 1.0}, {0: 1.0, 5: 2.0}, {5: 1.0, 45: 2.0}])
def test_too_few_knots_or_knots_outside_the_weeks_are_refused(knots: dict[int, float]) -> None:
    with pytest.raises(ImpossiblePathError):
        path(knots, 44)


def test_drift_has_the_spread_asked_for_and_remembers_last_week() -> None:
    noise = np.array([drift(np.random.default_rng(seed), 60, sd=2.0, memory=0.8) for seed in range(400)])
    assert noise.std() == pytest.approx(2.0, rel=0.05)
    assert np.corrcoef(noise[:, 20], noise[:, 21])[0, 1] == pytest.approx(0.8, abs=0.05)


@given(n=st.integers(20, 400), mean=st.decimals("2.0", "9.0", places=1), seed=st.integers(0, 50))
def test_answers_have_the_printed_mean_and_stay_on_the_scale(n: int, mean: Decimal, seed: int) -> None:
    answers = scores_with_mean(np.random.default_rng(seed), n, float(mean), low=1, high=10)
    printed = (Decimal(int(answers.sum())) / n).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    assert printed == mean
    assert answers.min() >= 1
    assert answers.max() <= 10


def test_so_many_answers_and_no_more_are_the_lowest() -> None:
    answers = scores_with_mean(np.random.default_rng(1), 269, 5.5, low=1, high=10, at_low=54)
    assert (answers == 1).sum() == 54


def test_mean_outside_what_the_lowest_answers_leave_is_refused() -> None:
    with pytest.raises(ImpossibleMeanError):
        scores_with_mean(np.random.default_rng(1), 10, 9.9, low=1, high=10, at_low=5)


def test_mean_that_no_whole_answers_give_is_refused() -> None:
    with pytest.raises(ImpossibleMeanError, match="3 whole answers"):
        scores_with_mean(np.random.default_rng(1), 3, 4.5, low=1, high=10)
