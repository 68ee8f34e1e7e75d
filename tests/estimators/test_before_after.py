"""Before and after: against R (t.test), papers, and the words that must not be there."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportlib.estimators import repeated_measures
from reportlib.estimators.errors import EmptyGroupError, LengthMismatchError, NotBinaryError
from reportlib.estimators.repeated_measures import mcnemar, paired_t, sign_test

NAN = math.nan
BEFORE = [12, 15, 9, 20, 17, 8, 11, 14, 10, 16]
AFTER = [14, 15, 13, 19, 22, 9, 11, 20, 12, 15]


def answers(both: int, only_before: int, only_after: int, neither: int) -> tuple[list[int], list[int]]:
    before = [1] * (both + only_before) + [0] * (only_after + neither)
    after = [1] * both + [0] * only_before + [1] * only_after + [0] * neither
    return before, after


def test_those_who_changed_are_counted_each_way() -> None:
    answer = mcnemar(*answers(30, 5, 14, 51))
    assert (answer.n, answer.only_before, answer.only_after) == (100, 5, 14)
    assert (answer.before.k, answer.after.k) == (35, 44)
    assert answer.difference == pytest.approx(0.09)


def test_airway_example_has_the_published_p() -> None:
    # Fagerland, Lydersen and Laake 2013, table 1 (1, 1, 7, 12): children before and after transplantation.
    assert mcnemar(*answers(1, 1, 7, 12)).p == pytest.approx(0.0391, abs=5.1e-5)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_turning_time_round_keeps_p(a: int, b: int, c: int, d: int) -> None:
    before, after = answers(a, b, c, d)
    there, back = mcnemar(before, after), mcnemar(after, before)
    assert back.p == there.p and back.difference == -there.difference and back.ci_low == pytest.approx(-there.ci_high)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mid_p_takes_half_the_outcome_from_the_exact_binomial_test(up: int, down: int) -> None:
    exact = stats.binomtest(up, up + down).pvalue if up + down else 1.0
    outcome = float(stats.binom.pmf(min(up, down), up + down, 0.5))
    assert sign_test(up, down) == pytest.approx(exact - outcome if up != down else 1.0)


def test_mid_p_is_near_the_large_sample_test_with_many_persons() -> None:
    answer = mcnemar(*answers(300, 80, 120, 500))
    assert answer.p == pytest.approx(stats.chi2.sf((120 - 80) ** 2 / 200, 1), rel=0.02)


def test_interval_of_a_paired_difference_by_hand() -> None:
    answer = mcnemar(*answers(30, 5, 14, 51))
    down, up, z = 6 / 102, 15 / 102, 1.959963984540054
    half = z * math.sqrt((down + up - (up - down) ** 2) / 102)
    assert (answer.ci_low, answer.ci_high) == (pytest.approx(up - down - half), pytest.approx(up - down + half))


def test_the_paired_interval_covers_as_it_says() -> None:
    n, down, up = 60, 0.1, 0.2
    rng = np.random.default_rng(1)
    table = {}
    for fell, rose, _ in rng.multinomial(n, [down, up, 1 - down - up], size=4000):
        key = (fell, rose)
        if key not in table:
            found = mcnemar(*answers(0, fell, rose, n - fell - rose))
            table[key] = found.ci_low <= up - down <= found.ci_high
    weights = [stats.multinomial.pmf([f, r, n - f - r], n, [down, up, 1 - down - up]) for f, r in table]
    covered = np.average(list(table.values()), weights=weights)
    assert 0.94 < covered < 0.97


def test_nobody_who_changed_is_no_sign_of_change() -> None:
    answer = mcnemar(*answers(4, 0, 0, 6))
    assert answer.p == 1 and answer.difference == 0 and answer.ci_low < 0 < answer.ci_high


def test_paired_t_equals_rs() -> None:
    answer = paired_t(BEFORE, AFTER)
    assert (answer.change / answer.se, answer.df) == (pytest.approx(2.2901101101359216, rel=1e-12), 9)
    assert answer.p == pytest.approx(0.0477660501103035, rel=1e-12)
    assert answer.ci_low == pytest.approx(0.0219706925816348, rel=1e-12)
    assert answer.ci_high == pytest.approx(3.5780293074183653, rel=1e-12)


def test_persons_measured_once_are_left_out() -> None:
    answer = paired_t([*BEFORE, 5, NAN, NAN], [*AFTER, NAN, 7, NAN])
    assert answer.n == 10
    assert answer.p == paired_t(BEFORE, AFTER).p
    assert mcnemar([1, 0, NAN, 1], [0, 0, 1, NAN]).n == 2


def test_everybody_changing_by_the_same_claims_nothing() -> None:
    answer = paired_t([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])
    assert answer.change == pytest.approx(0.3) and answer.se == 0 and math.isnan(answer.p)


def test_input_that_cannot_be_answered_is_refused_by_name() -> None:
    with pytest.raises(EmptyGroupError, match="nobody is measured both"):
        paired_t([1, NAN], [NAN, 2])
    with pytest.raises(EmptyGroupError, match="one person"):
        paired_t([1, NAN], [3, 2])
    with pytest.raises(NotBinaryError, match="after"):
        mcnemar([1, 0], [1, 2])
    with pytest.raises(LengthMismatchError):
        paired_t([1, 2], [1])


def test_no_change_is_called_an_effect() -> None:
    source = Path(repeated_measures.__file__).read_text(encoding="utf-8").casefold()
    assert "effect" not in source and "effekt" not in source
