"""Levels of every place and of all others, beside the mean of exactly those persons; and the sets behind them."""

from __future__ import annotations

import numpy as np
import pytest

from reportlib.disclosure.register import Register
from reportlib.estimators.shares_and_means import Places, levels_by_place, mean, mean_of

PLACES, WEEKS = 5, 4


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Values (persons, weeks) with gaps, and places of which one has nobody and some persons have none."""
    draw = np.random.default_rng(seed)
    codes = draw.choice([-1, 0, 1, 3, 4], 400, p=[0.1, 0.6, 0.2, 0.05, 0.05])
    values = np.where(draw.random((400, WEEKS)) < 0.3, 0.0, draw.normal(30, 8, (400, WEEKS)).round(2))
    values[draw.random(values.shape) < 0.2] = np.nan
    return values, codes


@pytest.mark.parametrize("seed", range(3))
def test_levels_are_the_means_of_those_persons(seed: int) -> None:
    """A place has the digits of `mean`; the others, put together from parts, differ in the last digits at most."""
    values, codes = drawn(seed)
    own = levels_by_place(values, Places(codes, PLACES))
    for levels, tolerance in ((own, 0.0), (own.of_others(), 1e-13)):
        for place in range(PLACES):
            there = (codes == place) if levels is own else (codes >= 0) & (codes != place)
            for week in range(WEEKS):
                expected = mean(values[there, week])
                n = int(levels.n[place, week])
                variance = levels.squares[place, week] / (n - 1) if n > 1 else np.nan
                value = levels.mean[place, week]
                found = mean_of(n, int(levels.nonzero[place, week]), float(value), float(variance))
                assert (found.n, found.n_nonzero) == (expected.n, expected.n_nonzero)
                np.testing.assert_allclose(
                    [found.value, found.sd, found.ci_low, found.ci_high],
                    [expected.value, expected.sd, expected.ci_low, expected.ci_high],
                    rtol=tolerance,
                )


def test_persons_who_are_all_alike_have_no_error_anywhere() -> None:
    """7.4 at every place: no part and no union of parts has a variance that is only rounding."""
    values, codes = np.full((90, 1), 7.4), np.repeat([0, 1, 2], 30)
    own = levels_by_place(values, Places(codes, 3))
    assert not own.squares.any()
    assert not own.of_others().squares.any()


def test_one_great_place_leaves_the_digits_of_small_ones() -> None:
    """All others of a place with enormous values are told as exactly as alone: nothing is subtracted."""
    values = np.array([1e15, 3e15, 0.1, 0.2, 0.7])[:, None]
    others = levels_by_place(values, Places(np.array([0, 0, 1, 1, 2]), 3)).of_others()
    assert others.total[0, 0] == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize("units", ["person", "sheets"])
def test_the_sets_are_those_of_the_masks(units: str) -> None:
    """Who is at a place, or at any other, in a column: the same set as from a mask of its own, bits and all."""
    draw = np.random.default_rng(7)
    register = Register(60)
    rows = np.concatenate([draw.permutation(60)[:30], np.full(10, -1)])
    register.add_sheets("sheets", rows)
    size = 60 if units == "person" else 40
    codes, masks = draw.integers(-1, 3, size), draw.random((size, 2)) < 0.5
    sets = register.crossed(masks, Places(codes, 3), units)
    for place in range(3):
        for column in range(2):
            for others in (False, True):
                there = (codes >= 0) & ((codes == place) != others) & masks[:, column]
                expected, found = register.members(there, units), sets.members(place, column, others=others)
                assert found == expected
                assert found.bits == expected.bits
                assert (found.units, found.among) == (expected.units, expected.among)
