"""Matching against R's glm and Matching."""

from __future__ import annotations

import json

import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs

from reportlib.estimators import propensity_matching as matching

M = "propensity_matching"
LALONDE = "LaLonde: 185 trained, 429 others"
COVARIATES = ["age", "educ", "black", "hispan", "married", "nodegree", "re74", "re75"]


def checks() -> list[Check]:
    return [
        Check(
            f"{M}.propensity_score",
            "coefficients and errors",
            "R glm, iterated to the end",
            LALONDE,
            _logit,
            1e-6,
        ),
        Check(f"{M}.propensity_score", "scores of the first ten", "R glm", LALONDE, _scores, 1e-4),
        Check(f"{M}.match", "effect, with and without caliper", "R, by definition", LALONDE, _effects, 1e-6),
        Check(f"{M}.match", "treated matched, controls used", "R, by definition", LALONDE, _counts, 0),
        Check(f"{M}.match", "standardised differences", "R, by definition", LALONDE, _balance, 1e-6),
        Check(f"{M}.matched_effect", "Abadie-Imbens error", "R Matching", LALONDE, _error, 1e-6),
    ]


FRAME = pd.read_csv(GOLDEN / "lalonde.csv")
EXPECTED = json.loads((GOLDEN / "lalonde.expected.json").read_text(encoding="utf-8"))
SETTINGS: dict[str, dict[str, object]] = {
    "nearest_on_probability": {"on": "probability"},
    "nearest_on_logit_caliper_0.05": {"on": "logit", "caliper": 0.05},
}


def _match(key: str) -> matching.MatchedSample:
    return matching.match(FRAME, treated="treat", covariates=COVARIATES, **SETTINGS[key])  # type: ignore[arg-type]


def _logit() -> Pairs:
    reference = pd.read_csv(GOLDEN / "stats" / "stats.csv").groupby("what")["value"]
    terms = matching.propensity_score(FRAME, treated="treat", covariates=COVARIATES).terms
    yield terms["coef"], reference.get_group("logit coefficients")
    yield terms["se"], reference.get_group("logit errors")


def _scores() -> Pairs:
    fit = matching.propensity_score(FRAME, treated="treat", covariates=COVARIATES)
    yield fit.score[:10], EXPECTED["propensity"]["first10"]


def _effects() -> Pairs:
    return ((_match(key).effect(FRAME["re78"]).effect, EXPECTED[key]["att"]) for key in SETTINGS)


def _counts() -> Pairs:
    for key in SETTINGS:
        effect = _match(key).effect(FRAME["re78"])
        yield (effect.n_treated, effect.n_controls), [EXPECTED[key][n] for n in ("n_treated_matched", "n_control_used")]


def _balance() -> Pairs:
    for key in SETTINGS:
        table = _match(key).balance.set_index("covariate")
        yield table.loc[COVARIATES, "difference_before"], [EXPECTED["smd_before"][name] for name in COVARIATES]
        yield table.loc[COVARIATES, "difference_after"], [EXPECTED[key]["smd_after"][name] for name in COVARIATES]


def _error() -> Pairs:
    expected = EXPECTED["abadie_imbens_of_nearest_on_probability"]
    effect = _match("nearest_on_probability").effect(FRAME["re78"])
    yield (effect.effect, effect.se), (expected["att"], expected["se"])
