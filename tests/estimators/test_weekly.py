"""Weekly differences against R on the Rossi experiment; the sums and first weeks built on them against hand work."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.estimators.errors import (
    ArgumentError,
    ConstantCovariateError,
    EmptyGroupError,
    LengthMismatchError,
    MissingValueError,
    NotNumericError,
    TooFewClustersError,
)
from reportlib.estimators.regression import difference_in_means, ols
from reportlib.estimators.week_by_week import (
    WeeklyDifference,
    accumulated_difference,
    error_from_parts,
    first_lasting_week,
    week_model,
    weekly_difference,
)

GOLDEN = Path(__file__).parents[1] / "golden"
EMPLOYMENT = json.loads((GOLDEN / "rossi_employment.expected.json").read_text(encoding="utf-8"))["difference_in_means"]


@pytest.fixture(scope="module")
def rossi() -> SimpleNamespace:
    frame = pd.read_csv(GOLDEN / "rossi_weekly.csv")
    values = frame[[f"emp_{week}" for week in range(1, 53)]].to_numpy(dtype=float)
    expected = json.loads((GOLDEN / "rossi_weekly.expected.json").read_text(encoding="utf-8"))["weekly"]
    return SimpleNamespace(values=values, fin=frame["fin"].to_numpy(), site=frame["site"].to_numpy(), expected=expected)


@pytest.fixture(scope="module")
def employment() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "rossi_employment.csv")


def trial(seed: int = 3, n: int = 60, weeks: int = 8, staggered: bool = True) -> SimpleNamespace:
    """A small trial: sites, an age, hours that are often zero, follow-up that ends earlier for those who came later."""
    rng = np.random.default_rng(seed)
    values = np.maximum(rng.normal(0, 5, (n, weeks)) + rng.normal(0, 3, (n, 1)), 0)
    if staggered:
        values[np.arange(weeks) >= rng.integers(weeks // 2, weeks + 1, (n, 1))] = np.nan
    return SimpleNamespace(
        values=values, treated=np.arange(n) % 2, age=rng.normal(40, 10, n), site=rng.integers(0, 6, n)
    )


# --- the plain difference --------------------------------------------------------------------------------------------


def test_every_week_of_the_rossi_experiment_equals_r(rossi: SimpleNamespace) -> None:
    answer = weekly_difference(rossi.values, rossi.fin)
    for row, expected in enumerate(rossi.expected):
        assert answer.week[row] == expected["week"]
        assert (answer.n_treated[row], answer.n_control[row]) == (expected["n_treated"], expected["n_control"])
        assert answer.mean_treated[row] == pytest.approx(expected["mean_treated"], rel=1e-6)
        assert answer.mean_control[row] == pytest.approx(expected["mean_control"], rel=1e-6)
        assert answer.difference[row] == pytest.approx(expected["difference"], rel=1e-6, abs=1e-12)
        assert answer.se[row] == pytest.approx(expected["se_neyman"], rel=1e-6)


def test_a_weeks_df_interval_and_p_are_welchs() -> None:
    data = trial()
    answer = weekly_difference(data.values, data.treated, level=0.1)
    for w in range(8):
        alone = difference_in_means(data.values[:, w], data.treated, level=0.1)
        for name in ("difference", "se", "df", "ci_low", "ci_high", "p"):
            assert getattr(answer, name)[w] == pytest.approx(getattr(alone, name), rel=1e-12), name


def test_those_who_are_followed_are_counted() -> None:
    values = np.array([[0.0, 3], [2, np.nan], [0, 0], [0, 5], [1, 1]])
    answer = weekly_difference(values, [1, 1, 1, 0, 0])
    assert answer.n_treated.tolist() == [3, 2]


@pytest.mark.parametrize("how", ["raw", "lin", "stratified", "raw CR2", "lin CR2", "stratified CR2"])
def test_persons_parts_add_up_to_the_error(how: str) -> None:
    data = trial()
    answer = estimate(data, how)
    np.testing.assert_allclose(error_from_parts(answer.influence, answer.clusters), answer.se, rtol=1e-10)
    assert (answer.influence[np.isnan(data.values)] == 0).all()


def estimate(data: SimpleNamespace, how: str) -> WeeklyDifference:
    method, _, correction = how.partition(" ")
    return weekly_difference(
        data.values,
        data.treated,
        covariates={"age": data.age} if method == "lin" else None,
        strata=data.site if method == "stratified" else None,
        clusters=np.arange(len(data.age)) // 5 if correction else None,
    )


@pytest.mark.parametrize("how", ["raw", "lin", "stratified"])
def test_a_week_with_one_treated_has_no_difference_and_stops_nothing(how: str) -> None:
    data = trial(staggered=False)
    data.values[data.treated == 1, 7] = np.nan
    data.values[1, 7] = 4.0
    answer = estimate(data, how)
    assert math.isnan(answer.difference[7]) and math.isnan(answer.se[7]) and math.isnan(answer.ci_low[7])
    assert answer.n_treated[7] == 1 and answer.mean_treated[7] == 4.0
    assert np.isfinite(answer.difference[:7]).all()


def test_a_week_with_nobody_has_no_mean() -> None:
    data = trial()
    data.values[:, 3] = np.nan
    answer = weekly_difference(data.values, data.treated)
    assert answer.n_treated[3] == 0 and math.isnan(answer.mean_treated[3]) and math.isnan(answer.p[3])


def test_a_week_without_variation_claims_nothing() -> None:
    data = trial(staggered=False)
    data.values[:, 0] = data.treated
    answer = weekly_difference(data.values, data.treated)
    assert answer.difference[0] == 1 and answer.se[0] == 0 and math.isnan(answer.ci_low[0])


def test_week_labels_are_kept() -> None:
    data = trial()
    assert weekly_difference(data.values, data.treated).week.tolist() == list(range(1, 9))


# --- adjusted, stratified, clustered ---------------------------------------------------------------------------------


@pytest.mark.parametrize("row", EMPLOYMENT, ids=lambda row: row["outcome"])
def test_lins_estimator_equals_estimatr(employment: pd.DataFrame, row: dict[str, float]) -> None:
    answer = weekly_difference(employment[[row["outcome"]]], employment["fin"], covariates=employment[["age", "prio"]])
    assert answer.difference[0] == pytest.approx(row["lin_effect"], rel=1e-6)
    assert answer.se[0] == pytest.approx(row["lin_se_hc2"], rel=1e-6)
    assert answer.df[0] == len(employment) - 6


@pytest.mark.parametrize("row", EMPLOYMENT, ids=lambda row: row["outcome"])
def test_clustered_errors_equal_estimatr(employment: pd.DataFrame, row: dict[str, float]) -> None:
    answer = weekly_difference(employment[[row["outcome"]]], employment["fin"], clusters=employment["site"])
    assert answer.correction == "CR2"
    assert answer.se[0] == pytest.approx(row["cluster_se_cr2"], rel=1e-6)
    assert answer.df[0] == pytest.approx(row["cluster_df_cr2"], rel=1e-6)


def test_stratified_equals_the_weighted_mean_of_the_strata() -> None:
    data = trial(n=300)
    answer = weekly_difference(data.values, data.treated, strata=data.site)
    for w in range(8):
        here = ~np.isnan(data.values[:, w])
        y, t, s = data.values[here, w], data.treated[here], data.site[here]
        each = {site: difference_in_means(y[s == site], t[s == site]) for site in np.unique(s)}
        share = {site: np.mean(s == site) for site in each}
        assert answer.difference[w] == pytest.approx(sum(share[k] * each[k].difference for k in each), rel=1e-12)
        assert answer.se[w] == pytest.approx(math.sqrt(sum((share[k] * each[k].se) ** 2 for k in each)), rel=1e-12)


def test_stratified_is_the_saturated_regression() -> None:
    data = trial(n=120, staggered=False)
    answer = weekly_difference(data.values, data.treated, strata=data.site)
    dummies = {f"s{k}": (data.site == k) * 1.0 for k in range(1, 6)}
    lin = weekly_difference(data.values, data.treated, covariates=dummies)
    np.testing.assert_allclose(answer.difference, lin.difference, rtol=1e-10)
    np.testing.assert_allclose(answer.se, lin.se, rtol=1e-10)
    np.testing.assert_allclose(answer.influence, lin.influence, atol=1e-12)


def test_strata_too_thin_for_an_error_are_taken_together() -> None:
    data = trial(n=80, staggered=False)
    site = np.where(np.arange(80) < 72, data.site, 6 + np.arange(80) % 8)  # eight sites with one person each
    together = np.where(site >= 6, 6, site)
    answer = weekly_difference(data.values, data.treated, strata=site)
    expected = weekly_difference(data.values, data.treated, strata=together)
    np.testing.assert_allclose(answer.difference, expected.difference, rtol=1e-12)


def test_one_thin_stratum_joins_the_smallest_other() -> None:
    data = trial(n=61, staggered=False)
    site = np.array([0] * 40 + [1] * 20 + [2])
    joined = np.array([0] * 40 + [1] * 21)
    answer = weekly_difference(data.values, data.treated, strata=site)
    expected = weekly_difference(data.values, data.treated, strata=joined)
    np.testing.assert_allclose(answer.se, expected.se, rtol=1e-12)


def test_strata_that_are_all_thin_give_the_plain_difference() -> None:
    data = trial(n=30, staggered=False)
    answer = weekly_difference(data.values, data.treated, strata=np.arange(30))
    np.testing.assert_allclose(answer.se, weekly_difference(data.values, data.treated).se, rtol=1e-12)


def test_stratified_and_clustered_is_the_clustered_saturated_regression() -> None:
    data = trial(n=120, staggered=False)
    cluster = np.arange(120) // 8
    answer = weekly_difference(data.values, data.treated, strata=data.site, clusters=cluster)
    centred = {f"s{k}": (data.site == k) - np.mean(data.site == k) for k in range(1, 6)}
    columns = {"t": data.treated, **centred, **{f"{k}:t": v * data.treated for k, v in centred.items()}}
    fit = ols(data.values[:, 2], columns, clusters=cluster)
    assert answer.se[2] == pytest.approx(fit.se[1], rel=1e-10)
    assert answer.df[2] == pytest.approx(fit.df[1], rel=1e-9)


def test_a_covariate_that_a_week_no_longer_varies_on_is_left_out_of_that_week() -> None:
    data = trial(staggered=False)
    late = (np.arange(60) < 6) * 1.0
    data.values[:6, 5:] = np.nan
    answer = weekly_difference(data.values, data.treated, covariates={"age": data.age, "late": late})
    without = weekly_difference(data.values, data.treated, covariates={"age": data.age})
    np.testing.assert_allclose(answer.se[5:], without.se[5:], rtol=1e-10)
    assert answer.df[5] == without.df[5]


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"treated": np.ones(60)}, EmptyGroupError),
        ({"treated": np.zeros(59)}, LengthMismatchError),
        ({"values": np.zeros(60)}, NotNumericError),
        ({"values": np.full((60, 8), np.inf)}, MissingValueError),
        ({"clusters": np.zeros(60)}, TooFewClustersError),
        ({"clusters": np.zeros(59)}, LengthMismatchError),
        ({"strata": np.zeros(60), "covariates": {"age": np.arange(60)}}, ArgumentError),
        ({"covariates": {"age": np.ones(60)}}, ConstantCovariateError),
        ({"covariates": {"age": np.full(60, np.nan)}}, MissingValueError),
        ({"strata": np.arange(60) % 4, "clusters": 3 - np.arange(60) % 4}, ArgumentError),
    ],
)
def test_input_that_cannot_be_answered_is_refused_by_name(changes: dict[str, Any], error: type[Exception]) -> None:
    data = trial()
    arguments = {"values": data.values, "treated": data.treated, **changes}
    with pytest.raises(error):
        weekly_difference(arguments.pop("values"), arguments.pop("treated"), **arguments)


# --- sums over weeks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clustered", [False, True])
def test_with_everybody_followed_the_sum_is_the_difference_in_persons_sums(clustered: bool) -> None:
    data = trial(staggered=False)
    clusters = np.arange(60) // 4 if clustered else None
    answer = accumulated_difference(weekly_difference(data.values, data.treated, clusters=clusters))
    whole = weekly_difference(np.cumsum(data.values, axis=1), data.treated, clusters=clusters)
    np.testing.assert_allclose(answer.difference, whole.difference, rtol=1e-10)
    np.testing.assert_allclose(answer.se, whole.se, rtol=1e-10)
    np.testing.assert_allclose(answer.mean_control, whole.mean_control, rtol=1e-10)


def test_a_sum_over_two_weeks_by_hand() -> None:
    # Treated 1, 3 in week 1, only the first two and a third in week 2; the covariance comes from those in both.
    values = np.array([[1.0, 2], [3, 6], [np.nan, 4], [0, 1], [2, 3], [4, np.nan]])
    answer = accumulated_difference(weekly_difference(values, [1, 1, 1, 0, 0, 0]))
    # Parts: week 1 treated (-1, 1)/√2, week 2 treated (-2, 2, 0)/√6; week 1 control -(-2, 0, 2)/√6, week 2 -(-1, 1)/√2.
    parts = [-1 / 2**0.5 - 2 / 6**0.5, 1 / 2**0.5 + 2 / 6**0.5, 0, 2 / 6**0.5 + 1 / 2**0.5, -1 / 2**0.5, -2 / 6**0.5]
    assert answer.difference[1] == pytest.approx((2 - 2) + (4 - 2))
    assert answer.se[1] == pytest.approx(math.sqrt(sum(part**2 for part in parts)))


def test_a_sum_ends_where_a_week_has_no_difference() -> None:
    data = trial(staggered=False)
    data.values[::2, 4] = np.nan
    answer = accumulated_difference(weekly_difference(data.values, data.treated))
    assert np.isfinite(answer.se[:4]).all() and np.isnan(answer.se[4:]).all() and np.isnan(answer.difference[4:]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50), st.floats(-20, 20))
def test_unit_and_level_of_the_values_move_differences_as_they_should(seed: int, unit: float, level: float) -> None:
    data = trial(seed)
    before = weekly_difference(data.values, data.treated)
    after = weekly_difference(data.values * unit + level, data.treated)
    np.testing.assert_allclose(after.difference, before.difference * unit, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(after.p, before.p, rtol=1e-6, atol=1e-10)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_persons_does_not_matter(seed: int) -> None:
    data = trial(seed)
    order = np.random.default_rng(seed).permutation(60)
    before = weekly_difference(data.values, data.treated, strata=data.site)
    after = weekly_difference(data.values[order], data.treated[order], strata=data.site[order])
    np.testing.assert_allclose(after.se, before.se, rtol=1e-10)
    np.testing.assert_allclose(after.influence, before.influence[order], atol=1e-12)


# --- from which week -------------------------------------------------------------------------------------------------


def intervals(lows: list[float], highs: list[float], n: list[int] | None = None) -> Any:
    size = np.array(n or [100] * len(lows))
    return SimpleNamespace(
        week=np.arange(1, len(lows) + 1),
        n_treated=size,
        n_control=size + 5,
        ci_low=np.array(lows, dtype=float),
        ci_high=np.array(highs, dtype=float),
    )


def test_a_difference_lasts_from_the_first_week_after_the_last_that_holds_zero() -> None:
    assert first_lasting_week(intervals([1, -1, 2, 2, 1], [3, 3, 4, 4, 4]), min_followed=20) == 3


def test_a_negative_difference_lasts_too() -> None:
    assert first_lasting_week(intervals([-3, -3], [1, -1]), min_followed=20) == 2


def test_nothing_lasts_when_the_last_week_holds_zero() -> None:
    assert first_lasting_week(intervals([1, 1, -1], [2, 2, 1]), min_followed=20) is None


def test_an_interval_that_ends_at_zero_does_not_exclude_it() -> None:
    assert first_lasting_week(intervals([0], [2]), min_followed=20) is None


def test_weeks_with_too_few_persons_are_passed_over() -> None:
    assert first_lasting_week(intervals([1, -5, 1, -5], [2, 5, 2, 5], [90, 19, 80, 3]), min_followed=20) == 1


def test_no_week_with_enough_persons_gives_no_answer() -> None:
    assert first_lasting_week(intervals([1, 1], [2, 2]), min_followed=1000) is None


def test_a_change_of_sign_breaks_a_lasting_difference() -> None:
    assert first_lasting_week(intervals([-4, 1, 1], [-2, 2, 2]), min_followed=20) == 2


def test_a_week_without_an_interval_breaks_a_lasting_difference() -> None:
    assert first_lasting_week(intervals([1, math.nan, 1], [2, math.nan, 2]), min_followed=20) == 3


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=12))
def test_the_rule_as_it_is_written(sides: list[int]) -> None:
    low, high = [float(s) if s >= 0 else -3.0 for s in sides], [3.0 if s >= 0 else -1.0 for s in sides]
    lasting = [t for t in range(len(sides)) if sides[t] != 0 and all(s == sides[t] for s in sides[t:])]
    answer = first_lasting_week(intervals(low, high), min_followed=1)
    assert answer == (lasting[0] + 1 if lasting else None)


@pytest.mark.parametrize("how", ["raw", "lin", "stratified", "raw CR2"])
def test_hours_that_are_all_alike_claim_nothing_although_means_round(how: str) -> None:
    data = trial(n=90, staggered=False)
    data.values[:, 2] = np.where(data.treated == 1, 7.4, 0.1)
    answer = estimate(data, how)
    assert answer.se[2] == 0 and math.isnan(answer.p[2]) and math.isfinite(answer.p[1])


def test_a_week_is_modelled_when_persons_are_more_than_terms_and_of_two_clusters() -> None:
    """Of three persons the treated one has 5 and the others 1 and 2: 3.5 more, and one degree of freedom is left."""
    terms, y = np.array([[1.0, 0], [1, 0], [1, 1]]), np.array([1.0, 2.0, 5.0])
    assert week_model(terms[1:], y[1:], 1, None) is None
    found = week_model(terms, y, 1, None)
    assert found is not None
    value, se, df, _ = found.coefficient()
    assert (value, df) == (pytest.approx(3.5), 1.0)
    assert se == pytest.approx(
        np.sqrt(0.5 / 2)
    )  # as Welch: 1 and 2 have a variance of 0.5, of one person there is none
    assert week_model(terms, y, 1, np.array([4, 4, 4])) is None
    two = week_model(np.vstack([terms] * 2), np.tile(y, 2), 1, np.array([4, 4, 4, 9, 9, 9]))
    assert two is not None and two.coefficient()[0] == pytest.approx(3.5)
