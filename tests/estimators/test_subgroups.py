"""Subgroups: each its own difference, and the interaction test against models compared by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from reportlib.estimators.by_part import subgroup_differences
from reportlib.estimators.errors import (
    ArgumentError,
    EmptyGroupError,
    LengthMismatchError,
)
from reportlib.estimators.many_comparisons import holm
from reportlib.estimators.regression import difference_in_means


@pytest.fixture
def trial() -> pd.DataFrame:
    rng = np.random.default_rng(6)
    n = 240
    frame = pd.DataFrame(
        {
            "treated": rng.integers(0, 2, n),
            "gender": rng.choice(["kvinde", "mand"], n),
            "age": rng.choice(["18-29", "30-49", "50-66"], n),
        }
    )
    frame["hours"] = rng.normal(5, 2, n) + frame["treated"] * (frame["gender"] == "kvinde") * 3
    return frame


def test_each_subgroup_has_its_own_welch_test(trial: pd.DataFrame) -> None:
    answer = subgroup_differences(trial["hours"], trial["treated"], trial[["gender"]])[0]
    assert [row.subgroup for row in answer.rows] == ["kvinde", "mand"]
    for row in answer.rows:
        here = trial[trial["gender"] == row.subgroup]
        own = difference_in_means(here["hours"], here["treated"])
        assert (row.difference, row.se, row.p, row.ci_low) == (own.difference, own.se, own.p, own.ci_low)


def test_two_subgroups_differ_by_the_difference_of_their_differences(trial: pd.DataFrame) -> None:
    answer = subgroup_differences(trial["hours"], trial["treated"], trial[["gender"]])[0]
    a, b = answer.rows
    assert answer.interaction is not None and answer.interaction.name == "F (HC2)"
    assert answer.interaction.statistic == pytest.approx((a.difference - b.difference) ** 2 / (a.se**2 + b.se**2))
    assert answer.interaction.p < 0.001 and answer.p_holm == answer.interaction.p


def test_three_subgroups_are_tested_together(trial: pd.DataFrame) -> None:
    answer = subgroup_differences(trial["hours"], trial["treated"], trial[["age"]])[0]
    # Wald's statistic for equal differences of independent subgroups: Q over its degrees of freedom.
    d, v = np.array([row.difference for row in answer.rows]), np.array([row.se**2 for row in answer.rows])
    q = np.sum((d - np.sum(d / v) / np.sum(1 / v)) ** 2 / v)
    assert answer.interaction is not None
    assert (answer.interaction.df1, answer.interaction.df2) == (2, 240 - 6)
    assert answer.interaction.statistic == pytest.approx(q / 2, rel=1e-9)


def test_divisions_looked_at_together_are_adjusted(trial: pd.DataFrame) -> None:
    answer = subgroup_differences(trial["hours"], trial["treated"], trial[["gender", "age"]])
    p = [one.interaction.p for one in answer if one.interaction]
    assert [one.p_holm for one in answer] == list(holm(p))
    assert [one.division for one in answer] == ["gender", "age"]


def test_subgroups_with_hardly_anybody_are_marked_and_left_out_of_the_test(trial: pd.DataFrame) -> None:
    before = subgroup_differences(trial["hours"], trial["treated"], trial[["gender"]])[0]
    extra = pd.DataFrame({"treated": [1, 0, 0], "gender": "andet", "age": "18-29", "hours": [5.0, 4, 6]})
    answer = subgroup_differences(
        *((both := pd.concat([trial, extra]))[c] for c in ("hours", "treated")), both[["gender"]]
    )
    other = answer[0].rows[0]
    assert other.subgroup == "andet" and other.reason == "fewer than two persons in a group"
    assert other.n_treated == 1 and math.isnan(other.difference)
    assert answer[0].interaction is not None and before.interaction is not None
    assert answer[0].interaction.p == pytest.approx(before.interaction.p, rel=1e-9)


def test_a_subgroup_where_nobody_differs_claims_nothing(trial: pd.DataFrame) -> None:
    trial.loc[trial["age"] == "50-66", "hours"] = 7.4
    answer = subgroup_differences(trial["hours"], trial["treated"], trial[["age"]])[0]
    assert answer.rows[2].reason == "no variation within the groups" and math.isnan(answer.rows[2].p)
    assert answer.interaction is not None and answer.interaction.df1 == 1


def test_one_subgroup_has_nothing_to_compare_with(trial: pd.DataFrame) -> None:
    answer = subgroup_differences(trial["hours"], trial["treated"], {"all": np.ones(240)})[0]
    assert answer.interaction is None and math.isnan(answer.p_holm) and answer.rows[0].p > 0


def test_persons_without_a_value_or_a_label_are_left_out(trial: pd.DataFrame) -> None:
    trial.loc[:9, "hours"] = np.nan
    trial.loc[10:14, "gender"] = None
    gender, age = subgroup_differences(trial["hours"], trial["treated"], trial[["gender", "age"]])
    assert sum(row.n_treated + row.n_control for row in gender.rows) == 225
    assert sum(row.n_treated + row.n_control for row in age.rows) == 230


def test_input_that_cannot_be_answered_is_refused_by_name(trial: pd.DataFrame) -> None:
    hours, treated = trial["hours"], trial["treated"]
    with pytest.raises(ArgumentError, match="no division"):
        subgroup_differences(hours, treated, {})
    with pytest.raises(LengthMismatchError, match="subgroups age"):
        subgroup_differences(hours, treated, {"age": [1, 2]})
    with pytest.raises(EmptyGroupError):
        subgroup_differences(hours, np.ones(240), trial[["age"]])
