"""Least squares and its errors against R (sandwich, estimatr) and against the definitions with n x n matrices."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import field_packages
import numpy as np
import pandas as pd
import pytest

from reportlib.estimators import regression
from reportlib.estimators.errors import (
    ArgumentError,
    CollinearTermsError,
    ConstantCovariateError,
    EmptyGroupError,
    LengthMismatchError,
    MissingValueError,
    NoDegreesOfFreedomError,
    NotBinaryError,
    NotNumericError,
    TooFewClustersError,
    UnknownTermError,
)
from reportlib.estimators.regression import clusters_of, difference_in_means, influence, joint_test, least_squares, ols

GOLDEN = Path(__file__).parents[1] / "golden"


def expected(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def injury() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "injury.csv").dropna(subset=["indust"])


DID = ["afchnge", "highearn", "afhigh"]


def test_hc2_errors_equal_rs(injury: pd.DataFrame) -> None:
    fit = ols(injury["ldurat"], injury[DID])
    answer = expected("injury")["with_known_industry"]["hc2"]
    at = fit.index("afhigh")
    assert fit.coef[at] == pytest.approx(answer["coef"], rel=1e-6)
    assert fit.se[at] == pytest.approx(answer["se"], rel=1e-6)
    assert fit.p[at] == pytest.approx(answer["p"], rel=1e-6)


def test_cr2_with_three_clusters_equals_estimatr(injury: pd.DataFrame) -> None:
    fit = ols(injury["ldurat"], injury[DID], clusters=injury["indust"])
    answer = expected("injury")["with_known_industry"]["cluster_indust_cr2"]
    assert fit.coef[3] == pytest.approx(answer["coef"], rel=1e-6)
    assert fit.se[3] == pytest.approx(answer["se"], rel=1e-6)
    assert fit.df[3] == pytest.approx(answer["df"], rel=1e-6)
    assert fit.p[3] == pytest.approx(answer["p"], rel=1e-6)
    assert fit.ci_low[3] == pytest.approx(answer["lower95"], rel=1e-6)
    assert fit.ci_high[3] == pytest.approx(answer["upper95"], rel=1e-6)


@pytest.mark.parametrize("row", expected("rossi_employment")["difference_in_means"], ids=lambda row: row["outcome"])
def test_welch_and_cr2_equal_estimatr_in_the_rossi_experiment(row: dict[str, float]) -> None:
    frame = pd.read_csv(GOLDEN / "rossi_employment.csv")
    welch = difference_in_means(frame[row["outcome"]], frame["fin"])
    for ours, theirs in {
        "mean_treated": "mean_treated",
        "mean_control": "mean_control",
        "difference": "difference",
        "se": "se_welch",
        "df": "df_welch",
        "p": "p_welch",
        "ci_low": "lower95",
        "ci_high": "upper95",
    }.items():
        assert getattr(welch, ours) == pytest.approx(row[theirs], rel=1e-6), ours
    fit = ols(frame[row["outcome"]], frame[["fin"]], clusters=frame["site"])
    assert fit.se[1] == pytest.approx(row["cluster_se_cr2"], rel=1e-6)
    assert fit.df[1] == pytest.approx(row["cluster_df_cr2"], rel=1e-6)


# --- against the formulas written out with the n x n matrices that the module avoids ---------------------------------


def brute_force(X: np.ndarray, y: np.ndarray, g: np.ndarray, C: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """CR2 covariance of C'β and Satterthwaite df for each column of C (k, m), by definition."""
    n = len(y)
    bread = np.linalg.inv(X.T @ X)
    annihilator = np.eye(n) - X @ bread @ X.T
    e = annihilator @ y
    arms = []
    for label in np.unique(g):
        rows = np.flatnonzero(g == label)
        values, vectors = np.linalg.eigh(annihilator[np.ix_(rows, rows)])
        root = vectors @ np.diag([1 / math.sqrt(v) if v > 1e-10 else 0.0 for v in values]) @ vectors.T
        arm = np.zeros((n, C.shape[1]))
        arm[rows] = root @ X[rows] @ bread @ C
        arms.append(arm)
    scores = np.array([arm.T @ e for arm in arms])
    cov = scores.T @ scores
    stacked = np.array(arms)  # (G, n, m)
    omega = np.einsum("gis,ij,hjt->stgh", stacked, annihilator, stacked)
    df = np.array([np.trace(omega[s, s]) ** 2 / np.sum(omega[s, s] ** 2) for s in range(C.shape[1])])
    return cov, df


@pytest.fixture
def unequal() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    g = np.repeat(np.arange(7), [1, 2, 3, 5, 8, 13, 21])
    frame = pd.DataFrame({"treated": rng.integers(0, 2, len(g)), "age": rng.normal(40, 9, len(g)), "x": g % 3 * 1.0})
    return frame, rng.normal(size=len(g)) + rng.normal(size=7)[g], g


def test_cr2_and_df_equal_the_definition_with_unequal_clusters(
    unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray],
) -> None:
    frame, y, g = unequal
    fit = ols(y, frame, clusters=g)
    X = np.column_stack([np.ones(len(y)), frame.to_numpy()])
    cov, df = brute_force(X, y, g, np.eye(4))
    np.testing.assert_allclose(fit.cov, cov, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fit.df, df, rtol=1e-9)


def test_cr2_survives_effects_of_the_clusters_themselves(
    unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray],
) -> None:
    frame, y, g = unequal
    sites = {f"site {s}": (g == s) * 1.0 for s in range(1, 7)}
    columns = {"treated": frame["treated"].to_numpy(), "age": frame["age"].to_numpy(), **sites}
    fit = ols(y, columns, clusters=g)
    X = np.column_stack([np.ones(len(y)), *columns.values()])
    cov, df = brute_force(X, y, g, np.eye(X.shape[1])[:, 1:3])
    np.testing.assert_allclose(fit.cov[1:3, 1:3], cov, rtol=1e-8)
    np.testing.assert_allclose(fit.df[1:3], df, rtol=1e-8)


def test_many_columns_give_the_same_cluster_sums_as_few(unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray]) -> None:
    frame, y, g = unequal
    rng = np.random.default_rng(1)
    columns = {"treated": frame["treated"].to_numpy(), **{f"x{i}": rng.normal(size=len(y)) for i in range(13)}}
    fit = ols(y, columns, clusters=g)
    X = np.column_stack([np.ones(len(y)), *columns.values()])
    cov, df = brute_force(X, y, g, np.eye(15))
    np.testing.assert_allclose(fit.cov, cov, rtol=1e-8, atol=1e-11)
    np.testing.assert_allclose(fit.df, df, rtol=1e-8)


def test_cr2_with_one_person_in_each_cluster_is_hc2(unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray]) -> None:
    frame, y, _ = unequal
    alone = ols(y, frame, clusters=np.arange(len(y)))
    np.testing.assert_allclose(alone.se, ols(y, frame).se, rtol=1e-10)


def test_hc2_equals_its_definition(unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray]) -> None:
    frame, y, _ = unequal
    X = np.column_stack([np.ones(len(y)), frame.to_numpy()])
    bread = np.linalg.inv(X.T @ X)
    h = np.diag(X @ bread @ X.T)
    e = y - X @ bread @ X.T @ y
    cov = bread @ X.T @ np.diag(e**2 / (1 - h)) @ X @ bread
    np.testing.assert_allclose(ols(y, frame).cov, cov, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("clustered", [False, True])
def test_influences_add_up_to_the_error(unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray], clustered: bool) -> None:
    frame, y, g = unequal
    X = np.column_stack([np.ones(len(y)), frame.to_numpy()])
    fit = least_squares(X, y, ("constant", *frame))
    parts = influence(fit, np.eye(4)[1], clusters_of(fit, g) if clustered else None)
    sums = np.bincount(g, parts) if clustered else parts
    expected_se = ols(y, frame, clusters=g if clustered else None).se[1]
    assert math.sqrt(np.sum(sums**2)) == pytest.approx(expected_se, rel=1e-10)


def test_joint_test_of_one_term_is_its_own_test(unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray]) -> None:
    frame, y, _ = unequal
    fit = ols(y, frame)
    assert joint_test(fit, ["age"]).p == pytest.approx(fit.p[2], rel=1e-9)


def test_joint_test_equals_statsmodels_with_the_same_errors(
    unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray],
) -> None:
    frame, y, _ = unequal
    tested = joint_test(ols(y, frame), ["age", "x"])
    theirs = field_packages.least_squares(y, frame, "HC2").wald_test(np.eye(4)[:2], use_f=True, scalar=True)
    assert tested.statistic == pytest.approx(theirs.statistic, rel=1e-9)
    assert tested.p == pytest.approx(theirs.pvalue, rel=1e-9)


def test_the_joint_test_of_a_clustered_fit_is_refused(unequal: tuple[pd.DataFrame, np.ndarray, np.ndarray]) -> None:
    frame, y, g = unequal
    with pytest.raises(ArgumentError, match="clustered fit"):
        joint_test(ols(y, frame, clusters=g), ["age"])


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_constant_covariate_is_refused_by_name() -> None:
    with pytest.raises(ConstantCovariateError, match="age is 30"):
        ols([1, 2, 3, 4], {"age": [30, 30, 30, 30]})


def test_a_term_that_the_others_determine_is_refused_by_name() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 20))
    with pytest.raises(CollinearTermsError, match="twice is determined"):
        ols(rng.normal(size=20), {"a": a, "b": b, "twice": 2 * a - b})


def test_one_cluster_is_refused() -> None:
    with pytest.raises(TooFewClustersError, match="1 cluster do not exist"):
        ols([1, 2, 3, 5], {"x": [1, 2, 3, 5]}, clusters=["a"] * 4)


def test_more_terms_than_rows_are_refused() -> None:
    with pytest.raises(NoDegreesOfFreedomError):
        ols([1, 2], {"x": [1, 2]})


@pytest.mark.parametrize("wrong", [[1, 2, math.nan, 4], [1, 2, None, 4], [1, 2, math.inf, 4]])
def test_a_missing_outcome_is_refused_with_its_row(wrong: list[float]) -> None:
    with pytest.raises(MissingValueError, match="row 2"):
        ols(wrong, {"x": [1, 2, 3, 5]})


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(LengthMismatchError, match="outcome has 3"):
        ols([1, 2, 3], {"x": [1, 2, 3, 5]})


def test_text_is_refused() -> None:
    with pytest.raises(NotNumericError):
        ols(["a", "b", "c"], {"x": [1, 2, 3]})


def test_a_missing_cluster_label_is_refused() -> None:
    with pytest.raises(MissingValueError, match="clusters is missing in 1 row"):
        ols([1, 2, 3, 5], {"x": [1, 2, 3, 5]}, clusters=["a", None, "b", "b"])


def test_an_unknown_term_is_refused_with_near_names() -> None:
    fit = ols([1, 2, 3, 5], {"deltager": [0, 1, 0, 1]})
    with pytest.raises(UnknownTermError, match="deltager"):
        fit.index("deltagr")


def test_a_group_of_one_has_no_error() -> None:
    with pytest.raises(EmptyGroupError, match="1 treated and 2"):
        difference_in_means([1, 2, 3], [1, 0, 0])


def test_a_group_code_of_2_is_refused() -> None:
    with pytest.raises(NotBinaryError, match="row 1 is 2"):
        difference_in_means([1, 2, 3], [1, 2, 0])


def test_where_nobody_differs_nothing_is_claimed() -> None:
    answer = difference_in_means([1, 1, 0, 0], [1, 1, 0, 0])
    assert answer.difference == 1 and answer.se == 0
    assert math.isnan(answer.p) and math.isnan(answer.ci_low)


def test_missing_values_are_left_out_of_a_difference() -> None:
    with_gaps = difference_in_means([1, 4, 2, 2, math.nan, 9], [1, 1, 0, 0, 0, 0])
    assert (with_gaps.n_treated, with_gaps.n_control) == (2, 3)
    assert with_gaps.se == difference_in_means([1, 4, 2, 2, 9], [1, 1, 0, 0, 0]).se


def test_persons_who_are_all_alike_have_no_error_although_means_round() -> None:
    # The mean of three times 0.1 is not 0.1 in binary: without care the error is 1e-17 and everything significant.
    answer = difference_in_means([0.1] * 3 + [7.4] * 6, [1] * 3 + [0] * 6)
    assert answer.se == 0 and math.isnan(answer.p)


def test_a_perfect_fit_has_no_error() -> None:
    x = np.array([0.1, 0.2, 0.3, 0.7, 0.9])
    fit = ols(0.3 + 0.7 * x, {"x": x})
    assert (fit.se == 0).all() and np.isnan(fit.p).all()


def test_one_cluster_in_each_group_has_no_error() -> None:
    y = np.random.default_rng(1).normal(size=12)
    fit = ols(y, {"treated": [1] * 6 + [0] * 6}, clusters=["a"] * 6 + ["b"] * 6)
    assert fit.se[1] == 0 and math.isnan(fit.p[1])


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e3, 1e12])
def test_which_columns_are_independent_does_not_rest_on_their_units(scale: float) -> None:
    x, z = np.arange(6.0), np.array([1.0, 0, 0, 2, 0, 1])
    columns = {
        "one": np.ones(6),
        "nothing": np.zeros(6),
        "x": x,
        "x again": 3 * x - 2,
        "z": z,
        "both": x + z,
        "nearly x": x + 1e-6 * np.array([0, 1.0, 0, 0, 0, 0]),
        "x and rounding": x + 1e-12 * np.array([0, 0, 1.0, 0, 0, 0]),
    }
    for units in (np.full(8, scale), scale ** np.linspace(-1, 1, 8)):
        kept = regression.independent_columns(np.column_stack(list(columns.values())) * units)
        assert [name for name, keeps in zip(columns, kept, strict=True) if keeps] == ["one", "x", "z", "nearly x"]


def test_no_more_columns_are_independent_than_there_are_rows() -> None:
    assert regression.independent_columns(np.array([[1.0, 2, 3], [1, 3, 7]])).tolist() == [True, True, False]
