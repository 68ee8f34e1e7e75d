"""Quotas give exact counts, and only counts that print as the share asked for."""

from __future__ import annotations

import numpy as np
import pytest
from calibrating.errors import ImpossibleQuotaError
from calibrating.quotas import (
    count_for,
    exactly,
    given_out,
    labels,
    printed,
    publishable,
    publishable_counts,
    spread,
)
from hypothesis import given
from hypothesis import strategies as st


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(n=st.integers(0, 200), part=st.floats(0, 1), seed=st.integers(0, 1000))
def test_exactly_k_of_n_are_chosen(n: int, part: float, seed: int) -> None:
    k = int(n * part)
    assert exactly(chance(seed), n, k).sum() == k


def test_more_than_everybody_cannot_be_chosen() -> None:
    with pytest.raises(ImpossibleQuotaError, match="4 of 3"):
        exactly(chance(), 3, 4)


def test_labels_come_as_often_as_their_counts_say() -> None:
    given_labels = labels(chance(), {"a": 3, "b": 0, "c": 5})
    assert sorted(given_labels) == ["a"] * 3 + ["c"] * 5


@given(total=st.integers(0, 5000), weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=20))
def test_spread_sums_to_the_total_and_is_off_by_less_than_one(total: int, weights: list[float]) -> None:
    parts = spread(total, weights)
    exact = total * np.array(weights) / sum(weights)
    assert parts.sum() == total
    assert (np.abs(parts - exact) < 1 + 1e-6).all()


def test_spread_needs_a_weight_above_nought() -> None:
    with pytest.raises(ImpossibleQuotaError):
        spread(3, [0.0, 0.0])


def test_half_a_per_cent_is_rounded_up() -> None:
    assert printed(1, 8) == 13  # 12.5
    assert printed(25, 200, decimals=1) == pytest.approx(12.5)


@given(n=st.integers(100, 3000), pct=st.integers(0, 100))
def test_count_prints_as_the_share_it_was_made_for(n: int, pct: int) -> None:
    assert printed(count_for(pct, n), n) == pct


def test_share_that_no_count_gives_is_refused() -> None:
    with pytest.raises(ImpossibleQuotaError, match="no whole number of 22 persons is 79 pct"):
        count_for(79, 22)


def test_counts_and_rests_of_one_to_four_are_not_publishable() -> None:
    assert [publishable(k, 20) for k in (0, 1, 4, 5, 15, 16, 19, 20)] == [
        True,
        False,
        False,
        True,
        True,
        False,
        False,
        True,
    ]


@given(
    sizes=st.lists(st.integers(20, 300), min_size=2, max_size=12),
    share=st.floats(30, 70),
    seed=st.integers(0, 100),
)
def test_publishable_counts_sum_to_their_total(sizes: list[int], share: float, seed: int) -> None:
    by_site = {f"site {number}": size for number, size in enumerate(sizes)}
    shares = dict(zip(by_site, chance(seed).normal(share, 5, len(sizes)), strict=True))
    total = round(sum(sizes) * share / 100)
    counts = publishable_counts(by_site, shares, total=total)
    assert sum(counts.values()) == total
    assert all(publishable(counts[site], size) for site, size in by_site.items())


def test_published_shares_and_limits_hold_while_the_others_give_way() -> None:
    sizes = {"a": 84, "b": 78, "c": 300, "d": 33}
    counts = publishable_counts(
        sizes,
        dict.fromkeys(sizes, 87.0),
        total=410,
        fixed={"a": 51, "b": 58},
        limits=dict.fromkeys(sizes, (77.0, 100.0)),
    )
    assert counts["a"] == 51
    assert counts["b"] == 58
    assert sum(counts.values()) == 410
    assert counts["c"] >= 0.77 * 300
    assert counts["d"] >= 0.77 * 33


def test_total_out_of_reach_is_refused_with_what_can_be_reached() -> None:
    with pytest.raises(ImpossibleQuotaError, match="the least is 10, the most 20"):
        publishable_counts({"a": 20}, {"a": 50.0}, total=5, limits={"a": (50.0, 100.0)})


def test_quotas_are_given_out_site_by_site_with_those_who_are_surely_in() -> None:
    sites = np.array(["a"] * 10 + ["b"] * 10, dtype=object)
    members = np.ones(20, dtype=bool)
    members[[0, 10]] = False
    surely = np.zeros(20, dtype=bool)
    surely[[0, 5, 15]] = True
    chosen = given_out(chance(), sites, members, {"a": 3, "b": 7}, surely=surely)
    assert chosen[:10].sum() == 3
    assert chosen[10:].sum() == 7
    assert chosen[5]
    assert chosen[15]
    assert not chosen[~members].any()


def test_quota_smaller_than_those_who_are_surely_in_is_refused() -> None:
    with pytest.raises(ImpossibleQuotaError, match="a: 1 of 3"):
        given_out(
            chance(), np.array(["a"] * 3, dtype=object), np.ones(3, dtype=bool), {"a": 1}, surely=np.ones(3, dtype=bool)
        )
