"""Positive hours by band and group: every person in one band, on the right side of an edge."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import BadBandsError, EmptyGroupError, UncoveredValueError
from reportlib.estimators.shares_and_means import distribution

EDGES = [0, 5, 10, 20, math.inf]


def test_bands_hold_the_persons_with_positive_values() -> None:
    hours = [0, 3, 5, 5.5, math.nan, 37, 0, 8, 25]
    treated = [1, 1, 1, 1, 1, 1, 0, 0, 0]
    answer = distribution(hours, treated, edges=EDGES)
    assert [(band.treated.k, band.treated.n) for band in answer.bands] == [(2, 4), (1, 4), (0, 4), (1, 4)]
    assert [(band.control.k, band.control.n) for band in answer.bands] == [(0, 2), (1, 2), (0, 2), (1, 2)]
    assert (answer.positive_treated.k, answer.positive_treated.n) == (4, 5)
    assert (answer.positive_control.k, answer.positive_control.n) == (2, 3)
    assert (answer.bands[0].low, answer.bands[0].high, answer.bands[-1].high) == (0, 5, math.inf)


@given(st.lists(st.floats(0, 60), min_size=2, max_size=40))
def test_every_positive_value_is_in_one_band(hours: list[float]) -> None:
    treated = np.arange(len(hours)) % 2
    answer = distribution(hours, treated, edges=EDGES)
    for side in (0, 1):
        group = np.array(hours)[treated == side]
        found = [(band.treated if side else band.control).k for band in answer.bands]
        by_hand = [int(np.sum((group > low) & (group <= high))) for low, high in itertools.pairwise(EDGES)]
        assert found == by_hand and sum(found) == np.sum(group > 0)


def test_nobody_with_hours_gives_empty_bands_and_no_test() -> None:
    answer = distribution([0, 0, 0, 0], [1, 1, 0, 0], edges=EDGES)
    assert answer.bands[0].treated.n == 0 and math.isnan(answer.bands[0].treated.value)
    assert answer.test.p == 1


def test_hours_above_the_last_edge_are_refused() -> None:
    with pytest.raises(UncoveredValueError, match="45"):
        distribution([1, 45, 3], [1, 1, 0], edges=[0, 10, 37])


@pytest.mark.parametrize("edges", [[0], [0, 5, 5], [10, 5], [-1, 5]])
def test_edges_that_are_no_bands_are_refused(edges: list[float]) -> None:
    with pytest.raises(BadBandsError):
        distribution([1, 2], [1, 0], edges=edges)


def test_a_group_that_nobody_follows_is_refused() -> None:
    with pytest.raises(EmptyGroupError):
        distribution([1, math.nan], [1, 0], edges=EDGES)
