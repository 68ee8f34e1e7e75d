"""Before and after: against R (mcnemar.test, t.test, wilcox.test), papers, and the words that must not be there."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reportlib.estimators import before_after
from reportlib.estimators.before_after import composition_check, mcnemar, paired_t, wilcoxon
from reportlib.estimators.errors import EmptyGroupError, LengthMismatchError, NotBinaryError, UnknownMethodError

NAN = math.nan
BEFORE = [12, 15, 9, 20, 17, 8, 11, 14, 10, 16]
AFTER = [14, 15, 13, 19, 22, 9, 11, 20, 12, 15]


def answers(both: int, only_before: int, only_after: int, neither: int) -> tuple[list[int], list[int]]:
    before = [1] * (both + only_before) + [0] * (only_after + neither)
    after = [1] * both + [0] * only_before + [1] * only_after + [0] * neither
    return before, after


def test_exact_mcnemar_is_rs_binomial_test() -> None:
    answer = mcnemar(*answers(30, 5, 14, 51), test="exact")
    assert (answer.n, answer.only_before, answer.only_after) == (100, 5, 14)
    assert answer.p == pytest.approx(0.063568115234375, rel=1e-12)  # binom.test(5, 19)
    assert (answer.before.k, answer.after.k) == (35, 44)
    assert answer.difference == pytest.approx(0.09)


@pytest.mark.parametrize(("test", "p"), [("exact", 0.0703), ("mid-p", 0.0391)])
def test_airway_example_has_the_published_p(test: str, p: float) -> None:
    # Fagerland, Lydersen and Laake 2013, table 1 (1, 1, 7, 12): children before and after transplantation.
    answer = mcnemar(*answers(1, 1, 7, 12), test=test)
    assert answer.p == pytest.approx(p, abs=5.1e-5)


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


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_mid_p_is_at_most_exact_and_turning_time_round_keeps_p(a: int, b: int, c: int, d: int) -> None:
    if a + b + c + d == 0:
        return
    before, after = answers(a, b, c, d)
    exact, mid = (mcnemar(before, after, test=test) for test in ("exact", "mid-p"))
    assert mid.p <= exact.p + 1e-12
    back = mcnemar(after, before)
    assert back.p == mid.p and back.difference == -mid.difference and back.ci_low == pytest.approx(-mid.ci_high)


def test_paired_t_equals_rs() -> None:
    answer = paired_t(BEFORE, AFTER)
    assert (answer.change / answer.se, answer.df) == (pytest.approx(2.2901101101359216, rel=1e-12), 9)
    assert answer.p == pytest.approx(0.0477660501103035, rel=1e-12)
    assert answer.ci_low == pytest.approx(0.0219706925816348, rel=1e-12)
    assert answer.ci_high == pytest.approx(3.5780293074183653, rel=1e-12)


def test_wilcoxon_with_ties_and_zeros_equals_rs() -> None:
    answer = wilcoxon(BEFORE, AFTER)
    assert (answer.statistic, answer.n, answer.n_changed) == (32, 10, 8)
    assert answer.p == pytest.approx(0.0571621509168763, rel=1e-12)
    assert answer.test == "wilcoxon, normal"


def test_wilcoxon_without_ties_is_exact_as_rs() -> None:
    answer = wilcoxon([1.1, 2.3, 3.7, 4.2, 5.9, 6.4], [2.0, 2.1, 5.5, 7.0, 6.3, 9.9])
    assert (answer.statistic, answer.p, answer.test) == (20, 0.0625, "wilcoxon, exact")


def test_persons_measured_once_are_left_out_and_counted() -> None:
    answer = paired_t([*BEFORE, 5, NAN, NAN], [*AFTER, NAN, 7, NAN])
    assert (answer.n, answer.left_out) == (10, 2)
    assert answer.p == paired_t(BEFORE, AFTER).p
    assert mcnemar([1, 0, NAN, 1], [0, 0, 1, NAN]).left_out == 2
    assert wilcoxon([*BEFORE, NAN], [*AFTER, 3]).left_out == 1


def test_everybody_changing_by_the_same_claims_nothing() -> None:
    answer = paired_t([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])
    assert answer.change == pytest.approx(0.3) and answer.se == 0 and math.isnan(answer.p)


def test_nobody_changing_is_no_sign_of_change_in_ranks() -> None:
    answer = wilcoxon([1, 2, 3], [1, 2, 3])
    assert answer.p == 1 and answer.test == "none: nobody changed"


# --- who is behind the comparison ------------------------------------------------------------------------------------


def test_composition_compares_those_kept_with_those_lost() -> None:
    before = np.array([10.0, 12, 11, 13, 20, 22, 24, 21, NAN, NAN, NAN])
    after = np.array([11.0, 12, 14, 15, NAN, NAN, NAN, NAN, 30, 31, 33])
    answer = composition_check(before, after, covariates={"age": np.arange(11) % 4, "woman": np.arange(11) % 2})
    assert (answer.kept.k, answer.kept.n, answer.n_new) == (4, 8, 3)
    assert (answer.before_kept.value, answer.before_lost.value) == (11.5, 21.75)
    assert answer.p_lost == pytest.approx(stats.ttest_ind(before[:4], before[4:8], equal_var=False).pvalue)
    assert answer.p_new == pytest.approx(stats.ttest_ind(after[:4], after[8:], equal_var=False).pvalue)
    assert answer.balance is not None and answer.balance.rows[0].n_treated == 4 and answer.balance.joint.n == 8


def test_answers_of_yes_and_no_are_compared_as_shares() -> None:
    answer = composition_check([1, 1, 0, 1, 0, 0], [1, 1, 1, NAN, NAN, NAN])
    assert answer.p_lost == pytest.approx(stats.fisher_exact([[2, 1], [1, 2]]).pvalue)
    assert math.isnan(answer.p_new) and answer.balance is None


def test_input_that_cannot_be_answered_is_refused_by_name() -> None:
    with pytest.raises(EmptyGroupError, match="nobody is measured both"):
        paired_t([1, NAN], [NAN, 2])
    with pytest.raises(EmptyGroupError, match="one person"):
        paired_t([1, NAN], [3, 2])
    with pytest.raises(EmptyGroupError):
        composition_check([NAN], [1])
    with pytest.raises(NotBinaryError, match="after"):
        mcnemar([1, 0], [1, 2])
    with pytest.raises(LengthMismatchError):
        wilcoxon([1, 2], [1])
    with pytest.raises(UnknownMethodError):
        mcnemar([1, 0], [1, 0], test="chi2")


def test_no_change_is_called_an_effect() -> None:
    source = Path(before_after.__file__).read_text(encoding="utf-8").casefold()
    assert "effect" not in source and "effekt" not in source


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_is_the_binomial_one_and_mid_p_takes_half_the_outcome(up: int, down: int) -> None:
    exact = before_after.sign_test(up, down, test="exact")
    assert exact == pytest.approx(stats.binomtest(up, up + down).pvalue if up + down else 1.0)
    outcome = float(stats.binom.pmf(min(up, down), up + down, 0.5))
    if up != down:
        assert before_after.sign_test(up, down) == pytest.approx(exact - outcome)
