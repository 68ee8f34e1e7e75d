"""Balance: rows against the tests they name, and the joint test against the randomisation it stands for."""

from __future__ import annotations

import itertools
import math

import field_packages
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reportlib.estimators.covariate_balance import balance, joint_balance_test
from reportlib.estimators.errors import (
    ArgumentError,
    EmptyGroupError,
    LengthMismatchError,
    NotBinaryError,
)
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.shares_and_means import test_shares as shares_test


@pytest.fixture
def people() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    n = 90
    return pd.DataFrame(
        {
            "treated": rng.permutation(np.arange(n) % 2),
            "age": rng.normal(40, 9, n),
            "woman": rng.integers(0, 2, n),
            "site": rng.integers(0, 4, n),
        }
    )


def test_a_mean_is_tested_with_welch_and_a_share_with_its_counts(people: pd.DataFrame) -> None:
    age, woman = balance(people[["age", "woman"]], people["treated"]).rows
    assert (age.covariate, age.test, age.k_treated) == ("age", "welch", None)
    assert age.p == difference_in_means(people["age"], people["treated"]).p
    arm = people["treated"] == 1
    k, n = [int(people["woman"][side].sum()) for side in (arm, ~arm)], [int(arm.sum()), int((~arm).sum())]
    assert (woman.k_treated, woman.k_control, woman.n_treated, woman.n_control) == (*k, *n)
    assert woman.p == shares_test(k, n).p and woman.test == "chi-square"
    assert woman.difference == pytest.approx(k[0] / n[0] - k[1] / n[1])


def test_normalised_difference_by_hand() -> None:
    row = balance({"x": [1, 3, 5, 2, 6, 10]}, [1, 1, 1, 0, 0, 0]).rows[0]
    assert row.normalised == pytest.approx((3 - 6) / math.sqrt((4 + 16) / 2))


def test_normalised_difference_does_not_grow_with_the_number_of_persons(people: pd.DataFrame) -> None:
    once = balance(people[["age"]], people["treated"]).rows[0]
    ten_times = pd.concat([people] * 10)
    many = balance(ten_times[["age"]], ten_times["treated"]).rows[0]
    assert many.normalised == pytest.approx(once.normalised, rel=0.02) and many.se < once.se / 3


def test_missing_values_are_left_out_of_their_own_row_only(people: pd.DataFrame) -> None:
    people.loc[:9, "age"] = np.nan
    answer = balance(people[["age", "woman"]], people["treated"])
    assert answer.rows[0].n_treated + answer.rows[0].n_control == 80
    assert answer.rows[1].n_treated + answer.rows[1].n_control == 90
    assert answer.joint.n == 80


def test_a_covariate_without_variation_claims_nothing_and_changes_nothing(people: pd.DataFrame) -> None:
    people["resident"] = 1
    answer = balance(people[["age", "woman", "resident"]], people["treated"])
    row = answer.rows[2]
    assert row.test == "none: no variation" and math.isnan(row.p) and math.isnan(row.normalised)
    assert answer.joint.p == pytest.approx(balance(people[["age", "woman"]], people["treated"]).joint.p)


def test_without_strata_the_chi_square_is_n_minus_1_times_r_squared(people: pd.DataFrame) -> None:
    answer = joint_balance_test(people[["age", "woman"]], people["treated"])
    explained = field_packages.least_squares(people["treated"], people[["age", "woman"]], "nonrobust").rsquared
    assert answer.statistic == pytest.approx(89 * explained, rel=1e-9)
    assert answer.p == pytest.approx(stats.chi2.sf(89 * explained, 2), rel=1e-9)


def test_over_every_possible_allotment_the_statistic_averages_its_degrees_of_freedom() -> None:
    x = {"a": np.array([1.0, 4, 2, 8, 5, 7, 1, 3]), "b": np.array([2.0, 2, 9, 4, 1, 0, 3, 7])}
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    found = []
    for first, second in itertools.product(itertools.combinations(range(4), 2), itertools.combinations(range(4, 8), 1)):
        treated = np.zeros(8)
        treated[list(first + second)] = 1
        found.append(joint_balance_test(x, treated, strata=strata).statistic)
    assert len(found) == 24 and np.mean(found) == pytest.approx(2, rel=1e-12)


def test_the_joint_p_is_near_the_permutation_p(people: pd.DataFrame) -> None:
    rng = np.random.default_rng(0)
    columns = {"age": people["age"].to_numpy(), "woman": people["woman"].to_numpy()}
    site, treated = people["site"].to_numpy(), people["treated"].to_numpy().copy()
    answer = joint_balance_test(columns, treated, strata=site)
    larger = 0
    for _ in range(1000):
        for code in range(4):
            treated[site == code] = rng.permutation(treated[site == code])
        larger += joint_balance_test(columns, treated, strata=site).statistic >= answer.statistic
    assert answer.p == pytest.approx(larger / 1000, abs=0.05)


def test_a_covariate_in_other_units_or_given_twice_changes_nothing(people: pd.DataFrame) -> None:
    once = joint_balance_test(people[["age", "woman"]], people["treated"])
    people["age in days"] = people["age"] * 365.25
    twice = joint_balance_test(people[["age", "woman", "age in days"]], people["treated"])
    assert twice.p == pytest.approx(once.p, rel=1e-8) and twice.df1 == 2


def test_an_imbalance_is_found(people: pd.DataFrame) -> None:
    people["age"] += 12 * people["treated"]
    answer = balance(people[["age", "woman"]], people["treated"], strata=people["site"])
    assert answer.joint.p < 0.001 and answer.rows[0].normalised > 1


def test_strata_of_only_treated_or_only_controls_leave_nothing_to_test(people: pd.DataFrame) -> None:
    answer = joint_balance_test(people[["age"]], people["treated"], strata=people["treated"])
    assert answer.df1 == 0 and math.isnan(answer.p)


def test_input_that_cannot_be_answered_is_refused_by_name(people: pd.DataFrame) -> None:
    with pytest.raises(EmptyGroupError, match="age is known for 1 treated"):
        balance({"age": [30, math.nan, 40, 50]}, [1, 1, 0, 0])
    with pytest.raises(EmptyGroupError):
        joint_balance_test({"age": [30, 20, 40]}, [1, 1, 1])
    with pytest.raises(LengthMismatchError, match="covariate age has 3"):
        balance({"age": [30, 20, 40]}, [1, 0])
    with pytest.raises(NotBinaryError):
        balance({"age": [30, 20, 40]}, [1, 2, 0])
    with pytest.raises(ArgumentError):
        balance({}, [1, 0])
