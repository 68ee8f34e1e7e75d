"""Made-up data of four shapes (few places, equal, very unequal, many) beside R: what one real data set does not try."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs

from reportlib.estimators import propensity_matching as matching
from reportlib.estimators.diff_in_diff import did
from reportlib.estimators.proportional_hazards import cox
from reportlib.estimators.week_by_week import weekly_difference

MADE_UP = "4 made-up cases: 6 to 40 places, alike and unequal"
TIED = f"{MADE_UP}; late entry, ties, strata, clusters"
DATA = pd.read_csv(GOLDEN / "fresh" / "data.csv")
ANSWERS = pd.read_csv(GOLDEN / "fresh" / "answers.csv").set_index(["case", "what"])["value"]
CR2 = ("estimate", "SE", "df_Satt", "p_Satt")
MATCHED_ON = ["x", "z", "y"]


def checks() -> list[Check]:
    return [
        Check("diff_in_diff.did", "HC2 error, with and without control", "R sandwich", MADE_UP, _did_hc2, 1e-9),
        Check("diff_in_diff.did", "CR2 error, df, p, with and without control", "R clubSandwich", MADE_UP, _did, 1e-9),
        Check("week_by_week.weekly_difference", "Lin, CR2 error, df, p", "R clubSandwich", MADE_UP, _lin, 1e-9),
        Check("proportional_hazards.cox", "coefficients, both errors, log likelihood", "R survival", TIED, _cox, 1e-8),
        Check("propensity_matching.match", "standardised differences", "R, by definition", MADE_UP, _balance, 1e-6),
        Check("propensity_matching.match", "controls used", "R, by definition", MADE_UP, _used, 0),
    ]


def _cases() -> Iterator[tuple[str, pd.DataFrame]]:
    for case, rows in DATA.groupby("case"):
        yield str(case), rows.reset_index(drop=True)


def _answers(case: str, model: str, *what: str) -> list[float]:
    return [float(ANSWERS[case, f"{model} {name}"]) for name in what]


def _did_hc2() -> Pairs:
    for case, rows in _cases():
        for model, covariates in (("plain", None), ("controlled", {"x": rows.x, "z": rows.z})):
            found = did(rows.y, rows.after, rows.treated, covariates=covariates)
            yield [found.estimate, found.se], _answers(case, model, "estimate", "HC2")


def _did() -> Pairs:
    for case, rows in _cases():
        for model, covariates in (("plain", None), ("controlled", {"x": rows.x, "z": rows.z})):
            found = did(rows.y, rows.after, rows.treated, clusters=rows.place, covariates=covariates)
            yield [found.estimate, found.se, found.df, found.p], _answers(case, model, *CR2)


def _lin() -> Pairs:
    for case, rows in _cases():
        found = weekly_difference(
            rows[["y"]].to_numpy(),
            rows.treated,
            covariates={"x": rows.x, "z": rows.z},
            clusters=rows.place,
        )
        yield np.array([found.difference[0], found.se[0], found.df[0], found.p[0]]), _answers(case, "Lin", *CR2)


def _cox() -> Pairs:
    terms = ["treated", "x", "z"]
    options = {"start": "start", "stop": "stop", "event": "event", "covariates": terms, "strata": "stratum"}
    for case, rows in _cases():
        plain, clustered = cox(rows, **options), cox(rows, **options, cluster="place")
        yield plain.loglik, ANSWERS[case, "Cox loglik"]
        for column, found, what in (
            ("coef", clustered, "coef"),
            ("se_model", plain, "model"),
            ("se_cluster", clustered, "clustered"),
        ):
            yield found.terms[column], [ANSWERS[case, f"Cox {term} {what}"] for term in terms]


def _samples() -> Iterator[tuple[str, matching.MatchedSample]]:
    for case, rows in _cases():
        drawn = rows[(rows.treated == 1) | (rows.place % 4 == 1)].reset_index(drop=True)
        yield case, matching.match(drawn, treated="treated", covariates=MATCHED_ON, on="probability")


def _balance() -> Pairs:
    for case, sample in _samples():
        table = sample.balance.set_index("covariate")
        for name in ("x", "y"):
            yield table.loc[name, "difference_before"], ANSWERS[case, f"before {name}"]
            yield table.loc[name, "difference_after"], ANSWERS[case, f"matched {name}"]


def _used() -> Pairs:
    for case, sample in _samples():
        yield sample.matches.n_controls_used, int(ANSWERS[case, "controls used"])
