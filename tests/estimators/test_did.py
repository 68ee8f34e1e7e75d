"""Difference in differences against R, against the four cells, week by week, and with effects of units and periods."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportlib.estimators.diff_in_diff import did, did_paths, two_way
from reportlib.estimators.errors import (
    ArgumentError,
    CollinearTermsError,
    EmptyGroupError,
    LengthMismatchError,
    TooFewClustersError,
)
from reportlib.estimators.many_comparisons import uniform_band
from reportlib.estimators.regression import ols
from reportlib.estimators.week_by_week import WeeklyDifference, accumulated_difference, error_from_parts

GOLDEN = Path(__file__).parents[1] / "golden"
R = json.loads((GOLDEN / "injury.expected.json").read_text(encoding="utf-8"))


def did_path(values: Any, efter: Any, delt_komm: Any, **options: Any) -> WeeklyDifference:
    """The path of one outcome."""
    return did_paths([values], efter, delt_komm, **options)[0]


@pytest.fixture(scope="module")
def injury() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "injury.csv")


@pytest.fixture
def trial() -> SimpleNamespace:
    """12 municipalities of unequal size, five of which take part; hours in six weeks; some leave follow-up."""
    rng = np.random.default_rng(11)
    kommune = np.repeat(np.arange(12), rng.integers(10, 60, 12))
    n = len(kommune)
    values = rng.normal(5, 2, (n, 6)) + rng.normal(0, 1, (12, 1))[kommune]
    values[np.arange(6) >= rng.integers(3, 7, (n, 1))] = np.nan
    return SimpleNamespace(values=values, efter=rng.integers(0, 2, n), delt=(kommune < 5) * 1, kommune=kommune)


def test_the_published_estimate_is_found_again(injury: pd.DataFrame) -> None:
    answer = did(injury["ldurat"], injury["afchnge"], injury["highearn"])
    assert answer.n == R["published"]["n"]
    assert answer.estimate == pytest.approx(R["published"]["coef"], rel=1e-6)


@pytest.mark.parametrize(("clustered", "name"), [(False, "hc2"), (True, "cluster_indust_cr2")])
def test_errors_equal_rs_by_name(injury: pd.DataFrame, clustered: bool, name: str) -> None:
    known = injury.dropna(subset=["indust"])
    clusters = known["indust"] if clustered else None
    answer = did(known["ldurat"], known["afchnge"], known["highearn"], clusters=clusters)
    expected = R["with_known_industry"][name]
    assert answer.estimate == pytest.approx(expected["coef"], rel=1e-6)
    assert answer.se == pytest.approx(expected["se"], rel=1e-6)
    if clustered:
        assert answer.df == pytest.approx(expected["df"], rel=1e-6)
        assert answer.ci_high == pytest.approx(expected["upper95"], rel=1e-6)
    assert answer.correction == ("CR2" if clustered else "HC2") and ("cluster" in answer.convention) == clustered


def test_the_estimate_is_the_difference_between_the_four_cells_changes(injury: pd.DataFrame) -> None:
    answer = did(injury["ldurat"], injury["afchnge"], injury["highearn"])
    mean = {(cell.delt_komm, cell.efter): cell.mean for cell in answer.cells}
    by_hand = (mean[True, True] - mean[True, False]) - (mean[False, True] - mean[False, False])
    assert answer.estimate == pytest.approx(by_hand, rel=1e-10)
    assert sum(cell.n for cell in answer.cells) == answer.n


def test_covariates_enter_the_model_under_their_names(injury: pd.DataFrame) -> None:
    known = injury.dropna(subset=["age", "male"])
    answer = did(known["ldurat"], known["afchnge"], known["highearn"], covariates=known[["age", "male"]])
    assert answer.fit.terms == ("(intercept)", "efter", "delt_komm", "deltager", "age", "male")


def test_covariates_that_others_determine_are_left_out_and_named(injury: pd.DataFrame) -> None:
    known = injury.dropna(subset=["age", "male"])
    outcome, efter, delt = known["ldurat"], known["afchnge"], known["highearn"]
    aliased = known[["age", "male"]].assign(woman=1 - known["male"], nobody=0.0)
    plain = did(outcome, efter, delt, covariates=known[["age", "male"]])
    answer = did(outcome, efter, delt, covariates=aliased)
    assert answer.aliased == ("woman", "nobody") and plain.aliased == ()
    assert (answer.estimate, answer.se) == (
        pytest.approx(plain.estimate, rel=1e-12),
        pytest.approx(plain.se, rel=1e-12),
    )


@pytest.mark.parametrize("noise", [0.0, 1e-12, 1e-10])
def test_a_path_leaves_out_controls_that_others_all_but_determine(trial: SimpleNamespace, noise: float) -> None:
    rng = np.random.default_rng(7)
    controls = rng.normal(size=(len(trial.efter), 3))
    copy = controls @ [1.0, -2.0, 0.5] + noise * rng.normal(size=len(controls))
    design = {"efter": trial.efter, "delt_komm": trial.delt, "clusters": trial.kommune}
    plain = did_path(trial.values, covariates=controls, **design)
    with_copy = did_path(trial.values, covariates=np.column_stack([controls, copy]), **design)
    np.testing.assert_allclose(with_copy.difference, plain.difference, rtol=1e-9)
    np.testing.assert_allclose(with_copy.se, plain.se, rtol=1e-9)


def test_a_path_has_each_weeks_own_estimate(trial: SimpleNamespace) -> None:
    path = did_path(trial.values, trial.efter, trial.delt, clusters=trial.kommune)
    for w in range(6):
        here = ~np.isnan(trial.values[:, w])
        alone = did(trial.values[here, w], trial.efter[here], trial.delt[here], clusters=trial.kommune[here])
        for name, field in [("difference", "estimate"), ("se", "se"), ("df", "df"), ("ci_low", "ci_low"), ("p", "p")]:
            assert getattr(path, name)[w] == pytest.approx(getattr(alone, field), rel=1e-9), name
        assert path.n[w] == sum(cell.n for cell in alone.cells)
        assert path.n_control[w] == min(cell.n for cell in alone.cells[:2])
        assert path.n_treated[w] == min(cell.n for cell in alone.cells[2:])
    np.testing.assert_allclose(path.difference, path.mean_treated - path.mean_control)


@pytest.mark.parametrize("controlled", [False, True])
def test_several_paths_at_once_are_exactly_the_paths_one_at_a_time(trial: SimpleNamespace, controlled: bool) -> None:
    rng = np.random.default_rng(5)
    same_persons = trial.values**2
    others = np.where(rng.random(trial.values.shape) < 0.1, np.nan, trial.values)
    same_week_twice = np.repeat(trial.values[:, :3], 2, axis=1)  # nobody leaves from weeks 1, 3 and 5 to the next
    design = {"clusters": trial.kommune, "covariates": rng.normal(size=(len(others), 2)) if controlled else None}
    outcomes = [trial.values, same_persons, others, same_week_twice]
    for values, path in zip(outcomes, did_paths(outcomes, trial.efter, trial.delt, **design), strict=True):
        alone = did_path(values, trial.efter, trial.delt, **design)
        for name in ("difference", "se", "df", "p", "influence", "mean_control"):
            np.testing.assert_array_equal(getattr(path, name), getattr(alone, name), err_msg=name)
        np.testing.assert_array_equal(path.n, alone.n)


def test_a_path_keeps_the_persons_parts_for_sums_and_bands(trial: SimpleNamespace) -> None:
    weekly = did_path(trial.values, trial.efter, trial.delt, clusters=trial.kommune)
    np.testing.assert_allclose(error_from_parts(weekly.influence, weekly.clusters), weekly.se, rtol=1e-10)
    assert accumulated_difference(weekly).difference[-1] == pytest.approx(weekly.difference.sum())
    assert (uniform_band(weekly).ci_high > weekly.ci_high).all()


def test_a_week_with_a_thin_cell_has_no_estimate(trial: SimpleNamespace) -> None:
    trial.values[(trial.delt == 1) & (trial.efter == 0), 5] = np.nan
    path = did_path(trial.values, trial.efter, trial.delt)
    assert math.isnan(path.difference[5]) and path.n_treated[5] == 0 < path.n[5]


def test_unit_and_period_effects_equal_a_regression_with_every_indicator() -> None:
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(9), rng.integers(8, 40, 9))
    period = rng.integers(2010, 2016, len(unit))
    treated = (unit < 4) & (period >= 2013 + unit % 2)
    y = rng.normal(size=len(unit)) + rng.normal(size=9)[unit] + treated
    answer = two_way(y, treated, unit, period)
    columns = {"treated": treated} | {f"u{u}": unit == u for u in range(1, 9)}
    columns |= {f"p{p}": period == p for p in range(2011, 2016)}
    fit = ols(y, columns, clusters=unit)
    assert answer.estimate == pytest.approx(fit.coef[1], rel=1e-9)
    assert answer.se == pytest.approx(fit.se[1], rel=1e-9)
    assert answer.df == pytest.approx(fit.df[1], rel=1e-8)
    assert answer.p == pytest.approx(fit.p[1], rel=1e-8)
    assert answer.n == len(y)


def test_units_and_periods_of_two_give_the_four_cells() -> None:
    rng = np.random.default_rng(3)
    delt, efter = rng.integers(0, 2, (2, 80))
    y = rng.normal(size=80)
    kommune = delt * 6 + rng.integers(0, 6, 80)
    answer = two_way(y, delt * efter, delt, efter)
    assert answer.estimate == pytest.approx(did(y, efter, delt, clusters=kommune).estimate, rel=1e-9)


def test_treatment_that_units_determine_is_refused_by_name() -> None:
    rng = np.random.default_rng(3)
    unit, period = rng.integers(0, 5, 60), rng.integers(0, 4, 60)
    with pytest.raises(CollinearTermsError):
        two_way(rng.normal(size=60), unit < 2, unit, period)


def test_input_that_cannot_be_answered_is_refused_by_name(trial: SimpleNamespace) -> None:
    y = np.arange(4.0)
    with pytest.raises(EmptyGroupError, match="delt_komm = 1 and efter = 0"):
        did(y, [0, 1, 1, 1], [0, 0, 1, 1])
    with pytest.raises(ArgumentError, match="deltager"):
        did(y, [0, 1, 0, 1], [0, 0, 1, 1], covariates={"deltager": y})
    with pytest.raises(LengthMismatchError):
        did_path(trial.values, trial.efter[:-1], trial.delt, clusters=trial.kommune)
    with pytest.raises(TooFewClustersError):
        did_path(trial.values, trial.efter, trial.delt, clusters=np.zeros(len(trial.efter)))
    trial.efter[trial.delt == 1] = 1
    with pytest.raises(EmptyGroupError, match="in any week"):
        did_path(trial.values, trial.efter, trial.delt, clusters=trial.kommune)
