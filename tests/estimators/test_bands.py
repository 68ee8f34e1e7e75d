"""Uniform bands: known quantiles, between one week's interval and Bonferroni's, clusters, and the fixed seed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from reportlib.estimators.errors import (
    BadCountError,
    BadLevelError,
    LengthMismatchError,
    MissingValueError,
)
from reportlib.estimators.many_comparisons import sup_t, uniform_band
from reportlib.estimators.week_by_week import accumulated_difference, error_from_parts, weekly_difference


def independent_weeks(n: int, weeks: int, seed: int = 0) -> np.ndarray:
    """Parts whose weeks' errors are exactly uncorrelated."""
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(n, weeks)))
    return q


@pytest.mark.parametrize("level", [0.05, 0.1])
def test_uncorrelated_weeks_have_sidaks_critical_value(level: float) -> None:
    parts = independent_weeks(400, 10)
    answer = sup_t(parts, np.ones(10), level=level)
    sidak = stats.norm.isf((1 - (1 - level) ** (1 / 10)) / 2)
    assert answer == pytest.approx(sidak, abs=0.04)


def test_one_week_has_the_normal_quantile() -> None:
    answer = sup_t(independent_weeks(500, 1), [1.0])
    assert answer == pytest.approx(1.96, abs=0.04)


def test_weeks_that_move_together_count_as_one() -> None:
    parts = np.repeat(independent_weeks(500, 1), 40, axis=1)
    assert sup_t(parts, np.ones(40)) == pytest.approx(1.96, abs=0.04)


def test_the_unit_of_the_values_does_not_matter() -> None:
    parts = independent_weeks(300, 5)
    scale = np.array([1, 10, 0.1, 3, 7])
    assert sup_t(parts * scale, scale) == pytest.approx(sup_t(parts, np.ones(5)), rel=1e-12)


def test_the_same_seed_gives_the_same_value_and_another_a_near_one() -> None:
    parts = independent_weeks(300, 5)
    first, again, other = (sup_t(parts, np.ones(5), seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert other == pytest.approx(first, abs=0.06)


def test_clusters_are_multiplied_as_wholes() -> None:
    rng = np.random.default_rng(4)
    clusters = np.repeat(np.arange(30), 10)
    parts = rng.normal(size=(300, 6))
    se = error_from_parts(parts, clusters)
    summed = np.array([parts[clusters == g].sum(axis=0) for g in range(30)])
    assert sup_t(parts, se, clusters=clusters) == pytest.approx(sup_t(summed, se), rel=1e-12)


def test_weeks_without_an_error_are_left_out() -> None:
    parts = independent_weeks(300, 3)
    answer = sup_t(np.column_stack([parts, np.zeros((300, 2))]), [1, 1, 1, 0, math.nan])
    assert answer == sup_t(parts, np.ones(3))


def test_no_week_at_all_has_no_critical_value() -> None:
    assert math.isnan(sup_t(np.zeros((5, 2)), [0, 0]))


def test_a_band_lies_between_the_pointwise_interval_and_bonferronis() -> None:
    rng = np.random.default_rng(8)
    values = rng.normal(size=(80, 1)) + rng.normal(size=(80, 12))
    result = weekly_difference(values, np.arange(80) % 2)
    band = uniform_band(result)
    bonferroni = stats.t.isf(0.025 / 12, result.df) * result.se
    half = (band.ci_high - band.ci_low) / 2
    assert (half > (result.ci_high - result.ci_low) / 2).all() and (half < bonferroni).all()
    np.testing.assert_allclose((band.ci_high + band.ci_low) / 2, result.difference)


def test_weeks_with_few_persons_are_outside_the_band() -> None:
    values = np.random.default_rng(8).normal(size=(80, 5))
    values[8:, 4] = np.nan
    result = weekly_difference(values, np.arange(80) % 2)
    band = uniform_band(result, min_followed=10)
    assert np.isnan(band.ci_low[4]) and np.isfinite(band.ci_low[:4]).all()
    assert band.critical < uniform_band(result).critical


def test_a_week_with_few_persons_is_widened_by_its_own_t_distribution() -> None:
    values = np.random.default_rng(8).normal(size=(80, 5))
    values[6:, 4] = np.nan
    band = uniform_band(weekly_difference(values, np.arange(80) % 2))
    assert band.multiplier[4] > 1.3 * band.multiplier[0] > 1.3 * band.critical


def test_a_band_can_be_drawn_round_sums() -> None:
    values = np.random.default_rng(8).normal(size=(80, 12))
    result = accumulated_difference(weekly_difference(values, np.arange(80) % 2))
    band = uniform_band(result)
    # Sums hang together from week to week, so their band is narrower than one for twelve separate weeks.
    assert 1.96 < band.critical < stats.norm.isf((1 - 0.95 ** (1 / 12)) / 2)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"se": [1.0]}, LengthMismatchError),
        ({"influence": np.full((4, 2), np.nan)}, MissingValueError),
        ({"level": 1.5}, BadLevelError),
        ({"draws": 10}, BadCountError),
        ({"clusters": np.array([0, 1])}, LengthMismatchError),
    ],
)
def test_input_that_cannot_be_answered_is_refused_by_name(arguments: dict[str, object], error: type[Exception]) -> None:
    good = {"influence": np.ones((4, 2)), "se": [1.0, 1.0]}
    with pytest.raises(error):
        sup_t(**(good | arguments))  # type: ignore[arg-type]
