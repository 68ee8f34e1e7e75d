"""Matching: R's answers on LaLonde's training programme."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from reportlib.estimators import propensity_matching as matching

GOLDEN = Path(__file__).parents[2] / "golden"
COVARIATES = ["age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75"]
EXPECTED = json.loads((GOLDEN / "lalonde.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lalonde() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "lalonde.csv")


def test_propensity_coefficients_and_scores(lalonde: pd.DataFrame) -> None:
    propensity = matching.propensity_score(lalonde, treated="treat", covariates=COVARIATES)
    assert propensity.terms["coef"].tolist() == pytest.approx(list(EXPECTED["propensity"]["coef"].values()), rel=1e-6)
    assert propensity.score[:10].tolist() == pytest.approx(EXPECTED["propensity"]["first10"], rel=1e-6)


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("nearest_on_probability", {"on": "probability"}),
        ("nearest_on_logit_caliper_0.05", {"on": "logit", "caliper": 0.05}),
    ],
)
def test_effect_counts_and_balance(lalonde: pd.DataFrame, key: str, settings: dict[str, object]) -> None:
    expected = EXPECTED[key]
    sample = matching.match(lalonde, treated="treat", covariates=COVARIATES, **settings)  # type: ignore[arg-type]
    effect = sample.effect(lalonde["re78"])
    assert effect.effect == pytest.approx(expected["att"], rel=1e-9)
    assert effect.n_treated == expected["n_treated_matched"]
    assert effect.n_controls == expected["n_control_used"]
    after = dict(zip(sample.balance["covariate"], sample.balance["difference_after"], strict=True))
    assert after == {name: pytest.approx(value, rel=1e-6) for name, value in expected["smd_after"].items()}


def test_ties_are_counted(lalonde: pd.DataFrame) -> None:
    sample = matching.match(lalonde, treated="treat", covariates=COVARIATES, on="probability")
    assert (sample.matches.runs.count > 1).sum() == EXPECTED["nearest_on_probability"]["n_treated_with_ties"]


def test_balance_before(lalonde: pd.DataFrame) -> None:
    sample = matching.match(lalonde, treated="treat", covariates=COVARIATES)
    before = dict(zip(sample.balance["covariate"], sample.balance["difference_before"], strict=True))
    assert before == {name: pytest.approx(value, rel=1e-9) for name, value in EXPECTED["smd_before"].items()}


def test_abadie_imbens_error_is_that_of_rs_matching(lalonde: pd.DataFrame) -> None:
    sample = matching.match(lalonde, treated="treat", covariates=COVARIATES, on="probability")
    expected = EXPECTED["abadie_imbens_of_nearest_on_probability"]
    effect = sample.effect(lalonde["re78"])
    assert (effect.effect, effect.se) == (pytest.approx(expected["att"]), pytest.approx(expected["se"], rel=1e-9))
