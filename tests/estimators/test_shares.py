"""Shares, means and tests of shares, against papers and base R (prop.test, chisq.test, fisher.test, t.test)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators import shares_and_means as shares
from reportlib.estimators.errors import BadCountError, BadLevelError, EmptyGroupError


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),  # prop.test(k, n, correct = FALSE)$conf.int
    [
        (5, 17, 0.132799896102952, 0.531331100665398),
        (0, 9, 0.0, 0.299145048419544),
        (9, 9, 0.700854951580456, 1.0),
        (120, 1000, 0.101299260601309, 0.141609075847713),
    ],
)
def test_wilson_interval_equals_rs(k: int, n: int, low: float, high: float) -> None:
    answer = shares.share(k, n)
    assert (answer.k, answer.n, answer.value) == (k, n, k / n)
    assert answer.ci_low == pytest.approx(low, rel=1e-12, abs=0)
    assert answer.ci_high == pytest.approx(high, rel=1e-12)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.001, 0.5))
def test_an_interval_lies_within_0_and_1_and_holds_its_share(k_of_n: tuple[int, int], level: float) -> None:
    answer = shares.share(*k_of_n, level=level)
    assert 0 <= answer.ci_low <= answer.value <= answer.ci_high <= 1


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_those_without_mirrors_the_interval_of_those_with(k_of_n: tuple[int, int]) -> None:
    k, n = k_of_n
    with_it, without = shares.share(k, n), shares.share(n - k, n)
    assert with_it.ci_low == pytest.approx(1 - without.ci_high, abs=1e-12)
    assert with_it.ci_high == pytest.approx(1 - without.ci_low, abs=1e-12)


def test_a_share_of_nobody_is_not_a_number_and_not_zero() -> None:
    answer = shares.share(0, 0)
    assert math.isnan(answer.value) and math.isnan(answer.ci_low) and math.isnan(answer.ci_high)


def test_many_shares_equal_one_at_a_time() -> None:
    together = shares.shares([0, 3, 12], [0, 10, 12])
    assert together[1:] == (shares.share(3, 10), shares.share(12, 12))
    assert math.isnan(together[0].value)


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 4), (0.5, 2), (1, math.nan)])
def test_an_impossible_count_is_refused(k: float, n: float) -> None:
    with pytest.raises(BadCountError):
        shares.share(k, n)  # type: ignore[arg-type]


def test_a_level_given_as_95_is_refused() -> None:
    with pytest.raises(BadLevelError, match=r"0\.05"):
        shares.share(1, 2, level=95)


def test_mean_equals_rs_t_interval_and_counts_those_with_something() -> None:
    answer = shares.mean([2, 0, 5, 7.5, math.nan, 0, 1])
    assert (answer.n, answer.n_nonzero) == (6, 4)
    assert answer.ci_low == pytest.approx(-0.606962518899442, rel=1e-12)
    assert answer.ci_high == pytest.approx(5.773629185566109, rel=1e-12)


def test_a_mean_of_one_value_has_no_error() -> None:
    answer = shares.mean([4.0])
    assert answer.value == 4 and math.isnan(answer.se) and math.isnan(answer.ci_low)


def test_a_mean_of_no_values_is_not_a_number() -> None:
    assert math.isnan(shares.mean([math.nan]).value)


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),  # Newcombe 1998, Table II, method 10, four decimals
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_difference_has_newcombes_published_interval(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    answer = shares.difference_in_shares(a, m, b, n)
    assert (answer.ci_low, answer.ci_high) == (pytest.approx(low, abs=5.1e-5), pytest.approx(high, abs=5.1e-5))


@given(st.tuples(st.integers(0, 30), st.integers(0, 30)), st.integers(1, 40), st.integers(1, 40))
def test_swapping_the_groups_turns_the_difference_round(k: tuple[int, int], m: int, n: int) -> None:
    a, b = min(k[0], m), min(k[1], n)
    there, back = shares.difference_in_shares(a, m, b, n), shares.difference_in_shares(b, n, a, m)
    assert there.difference == pytest.approx(-back.difference)
    assert there.ci_low == pytest.approx(-back.ci_high)
    assert there.p == pytest.approx(back.p)


def test_a_difference_against_an_empty_group_is_refused() -> None:
    with pytest.raises(EmptyGroupError):
        shares.difference_in_shares(1, 2, 0, 0)


def test_enough_persons_are_tested_with_chi_square() -> None:
    answer = shares.test_shares([30, 45], [100, 100])
    assert (answer.name, answer.df) == ("chi-square", 1)
    assert answer.statistic == pytest.approx(4.8, rel=1e-12)
    assert answer.p == pytest.approx(0.0284597369163105, rel=1e-12)


def test_few_persons_are_tested_with_fisher() -> None:
    answer = shares.test_shares([3, 9], [10, 11])
    assert answer.name == "fisher"
    assert answer.p == pytest.approx(0.0299731228523798, rel=1e-9)


def test_a_larger_table_equals_rs_chi_square() -> None:
    answer = shares.test_table([[12, 5, 20], [15, 16, 18], [14, 6, 30]])
    assert (answer.name, answer.df) == ("chi-square", 4)
    assert answer.statistic == pytest.approx(9.3362055335574485, rel=1e-12)
    assert answer.p == pytest.approx(0.0532238692008852, rel=1e-12)


@pytest.mark.parametrize(
    ("table", "p"),  # fisher.test(table)$p.value, exact
    [
        ([[3, 1, 0], [4, 2, 6], [1, 0, 5]], 0.112040281699723),
        ([[1, 9], [3, 4], [5, 2]], 0.0466858992400783),
        ([[5, 25], [20, 44], [8, 50], [3, 37], [9, 41]], 0.033052335900725),
        ([[20, 50, 26, 4], [5, 12, 19, 0], [0, 7, 12, 1]], 0.00608919537728361),
    ],
)
def test_a_larger_table_with_few_persons_gets_rs_exact_test(table: list[list[int]], p: float) -> None:
    assert shares._fisher_exact(np.array(table)) == pytest.approx(p, rel=1e-11)


def test_an_exact_test_rests_on_no_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    table, p = [[3, 1, 0], [4, 2, 6], [1, 0, 5]], 0.112040281699723
    found = {shares.test_table(table, seed=seed).p for seed in range(21)}
    assert list(found) == [pytest.approx(p, rel=1e-11)]
    monkeypatch.setattr(shares, "_FISHER_STATES", 1)  # too many to count: 100,000 random tables, three standard errors
    answer = shares.test_table(table)
    assert answer.name == "fisher, 100000 random tables"
    assert answer.p == pytest.approx(p, abs=3 * math.sqrt(p * (1 - p) / shares.FISHER_TABLES))
    assert answer.p == shares.test_table(table).p


def test_where_everybody_answers_the_same_there_is_nothing_to_test() -> None:
    answer = shares.test_shares([5, 8], [5, 8])
    assert answer.p == 1 and answer.name.startswith("none") and math.isnan(answer.statistic)


def test_shares_accept_numpy_integers() -> None:
    answer = shares.share(np.int64(3), np.int64(4))  # type: ignore[arg-type]
    assert isinstance(answer.k, int) and answer.value == 0.75
