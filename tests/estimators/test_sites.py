"""Site by site: each site's own test, the adjusted ones, shrinkage, and sites with hardly anybody."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
import statsmodels.api as sm

from reportlib.estimators.by_part import site_differences
from reportlib.estimators.errors import MissingValueError
from reportlib.estimators.many_comparisons import benjamini_hochberg, empirical_bayes, holm
from reportlib.estimators.regression import difference_in_means


@pytest.fixture
def trial() -> SimpleNamespace:
    rng = np.random.default_rng(9)
    site = np.repeat(np.array(["Aby", "Borg", "Dal", "Eng", "Fjord"]), [30, 50, 20, 80, 40])
    treated = rng.integers(0, 2, 220)
    return SimpleNamespace(values=rng.normal(3, 2, 220) + treated * (site == "Eng") * 3, treated=treated, site=site)


def test_each_site_has_its_own_welch_test(trial: SimpleNamespace) -> None:
    answer = site_differences(trial.values, trial.treated, trial.site)
    assert [row.site for row in answer.rows] == ["Aby", "Borg", "Dal", "Eng", "Fjord"]
    for row in answer.rows:
        here = trial.site == row.site
        own = difference_in_means(trial.values[here], trial.treated[here])
        assert (row.difference, row.se, row.p, row.n_treated) == (own.difference, own.se, own.p, own.n_treated)


def test_p_values_are_adjusted_over_the_sites(trial: SimpleNamespace) -> None:
    answer = site_differences(trial.values, trial.treated, trial.site)
    p = [row.p for row in answer.rows]
    assert [row.p_holm for row in answer.rows] == list(holm(p))
    assert [row.p_bh for row in answer.rows] == list(benjamini_hochberg(p))


def test_the_pooled_variance_is_that_of_the_saturated_regression(trial: SimpleNamespace) -> None:
    answer = site_differences(trial.values, trial.treated, trial.site)
    dummies = {f"{s} {t}": (trial.site == s) & (trial.treated == t) for s in np.unique(trial.site) for t in (0, 1)}
    X = np.column_stack(list(dummies.values())).astype(float)
    variance = np.diag(sm.OLS(trial.values, X).fit().cov_params()).reshape(5, 2).sum(axis=1)
    np.testing.assert_allclose([row.se_pooled for row in answer.rows], np.sqrt(variance), rtol=1e-10)


def test_shrunken_values_rest_on_the_pooled_errors(trial: SimpleNamespace) -> None:
    answer = site_differences(trial.values, trial.treated, trial.site)
    drawn = empirical_bayes([row.difference for row in answer.rows], [row.se_pooled for row in answer.rows])
    np.testing.assert_allclose([row.shrunken for row in answer.rows], drawn.value)
    np.testing.assert_allclose([row.shrunken_low for row in answer.rows], drawn.ci_low)


def test_a_site_that_stands_out_makes_the_sites_differ(trial: SimpleNamespace) -> None:
    answer = site_differences(trial.values, trial.treated, trial.site)
    assert answer.heterogeneity is not None and answer.heterogeneity.p < 0.001


def test_sites_with_hardly_anybody_are_marked_and_change_nothing(trial: SimpleNamespace) -> None:
    values = np.append(trial.values, [5.0, 1, 2, 3, 9])
    treated = np.append(trial.treated, [1, 0, 0, 1, 0])
    site = np.append(trial.site, ["Alene", "Kun kontrol", "Kun kontrol", "En af hver", "En af hver"])
    answer = {row.site: row for row in site_differences(values, treated, site).rows}
    before = {row.site: row for row in site_differences(trial.values, trial.treated, trial.site).rows}
    reasons = {name: row.reason for name, row in answer.items() if not row.estimable}
    assert reasons == dict.fromkeys(("Alene", "Kun kontrol", "En af hver"), "fewer than two persons in a group")
    assert math.isnan(answer["Alene"].p_holm) and math.isnan(answer["Alene"].shrunken)
    assert answer["Alene"].mean_treated == 5 and math.isnan(answer["Alene"].mean_control)
    assert answer["Eng"].p_holm == before["Eng"].p_holm


def test_a_site_where_nobody_differs_has_no_test_but_is_shrunken(trial: SimpleNamespace) -> None:
    trial.values[trial.site == "Dal"] = 0.0
    row = site_differences(trial.values, trial.treated, trial.site).rows[2]
    assert row.estimable and row.reason == "no variation within the groups"
    assert math.isnan(row.p) and math.isfinite(row.shrunken) and row.se_pooled > 0


def test_three_sites_are_too_few_to_shrink_but_have_their_tests(trial: SimpleNamespace) -> None:
    few = np.isin(trial.site, ["Aby", "Borg", "Eng"])
    answer = site_differences(trial.values[few], trial.treated[few], trial.site[few])
    assert all(math.isnan(row.shrunken) and math.isfinite(row.p_holm) for row in answer.rows)
    assert answer.heterogeneity is not None and answer.n_estimable == 3


def test_no_estimable_site_gives_rows_and_no_common_difference() -> None:
    answer = site_differences([1, 2, 3], [1, 0, 1], ["a", "b", "c"])
    assert len(answer.rows) == 3 and answer.n_estimable == 0
    assert answer.heterogeneity is None


def test_without_anybody_there_is_no_site() -> None:
    answer = site_differences(np.array([]), np.array([], dtype=bool), np.array([], dtype=object))
    assert (answer.rows, answer.heterogeneity, answer.n_estimable) == ((), None, 0)


def test_missing_values_are_left_out(trial: SimpleNamespace) -> None:
    trial.values[:5] = np.nan
    assert (
        sum(row.n_treated + row.n_control for row in site_differences(trial.values, trial.treated, trial.site).rows)
        == 215
    )


def test_input_that_cannot_be_answered_is_refused_by_name() -> None:
    with pytest.raises(MissingValueError, match="sites is missing"):
        site_differences([1, 2], [1, 0], ["a", None])
