"""Differences of means, weekly series and difference in differences against R's sandwich and estimatr."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs

from reportlib.estimators.diff_in_diff import did
from reportlib.estimators.regression import difference_in_means, ols
from reportlib.estimators.week_by_week import weekly_difference

EMPLOYMENT = "Rossi: employed in five weeks, 18 sites"
INJURY = "workers' compensation: 5,610 claims, 3 industries"


def checks() -> list[Check]:
    return [
        Check(
            "regression.difference_in_means", "means, Welch error, df, interval", "R estimatr", EMPLOYMENT, _welch, 1e-6
        ),
        Check("regression.ols", "CR2 error, Satterthwaite df", "R estimatr", EMPLOYMENT, _cr2, 1e-6),
        Check("week_by_week.weekly_difference", "Lin's estimator, HC2", "R estimatr", EMPLOYMENT, _lin, 1e-6),
        Check("week_by_week.weekly_difference", "difference, Neyman error", "R", "Rossi: 52 weeks", _weekly, 1e-6),
        Check("week_by_week.weekly_difference", "persons in each week", "R", "Rossi: 52 weeks", _weekly_counts, 0),
        Check("diff_in_diff.did", "HC2 error, p", "R sandwich", INJURY, _unclustered, 1e-6),
        Check("diff_in_diff.did", "CR2 error, df, p, interval", "R estimatr", INJURY, _did_cr2, 1e-6),
    ]


def _expected(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.expected.json").read_text(encoding="utf-8"))


ROSSI = pd.read_csv(GOLDEN / "rossi_employment.csv")
WEEKS = _expected("rossi_employment")["difference_in_means"]
CLAIMS = pd.read_csv(GOLDEN / "injury.csv")
KNOWN = CLAIMS.dropna(subset=["indust"])
ANSWERS = _expected("injury")


def _welch() -> Pairs:
    names = {
        "mean_treated": "mean_treated",
        "mean_control": "mean_control",
        "difference": "difference",
        "se": "se_welch",
        "df": "df_welch",
        "p": "p_welch",
        "ci_low": "lower95",
        "ci_high": "upper95",
    }
    for row in WEEKS:
        found = difference_in_means(ROSSI[row["outcome"]], ROSSI["fin"])
        yield [getattr(found, ours) for ours in names], [row[theirs] for theirs in names.values()]


def _cr2() -> Pairs:
    for row in WEEKS:
        fit = ols(ROSSI[row["outcome"]], ROSSI[["fin"]], clusters=ROSSI["site"])
        yield (fit.se[1], fit.df[1]), (row["cluster_se_cr2"], row["cluster_df_cr2"])


def _lin() -> Pairs:
    for row in WEEKS:
        found = weekly_difference(ROSSI[[row["outcome"]]], ROSSI["fin"], covariates=ROSSI[["age", "prio"]])
        yield (found.difference[0], found.se[0]), (row["lin_effect"], row["lin_se_hc2"])


def _series() -> tuple[Any, pd.DataFrame]:
    wide = pd.read_csv(GOLDEN / "rossi_weekly.csv")
    values = wide[[f"emp_{week}" for week in range(1, 53)]].to_numpy(dtype=float)
    return weekly_difference(values, wide["fin"]), pd.DataFrame(_expected("rossi_weekly")["weekly"])


def _weekly() -> Pairs:
    found, reference = _series()
    yield found.mean_treated, reference["mean_treated"]
    yield found.mean_control, reference["mean_control"]
    yield found.difference, reference["difference"]
    yield found.se, reference["se_neyman"]


def _weekly_counts() -> Pairs:
    found, reference = _series()
    yield (found.n_treated, found.n_control), (reference["n_treated"], reference["n_control"])


def _fit(clustered: bool) -> Any:
    clusters = KNOWN["indust"] if clustered else None
    return did(KNOWN["ldurat"], KNOWN["afchnge"], KNOWN["highearn"], clusters=clusters)


def _unclustered() -> Pairs:
    found, reference = _fit(False), ANSWERS["with_known_industry"]["hc2"]
    yield (found.estimate, found.se, found.p), [reference[key] for key in ("coef", "se", "p")]


def _did_cr2() -> Pairs:
    found, reference = _fit(True), ANSWERS["with_known_industry"]["cluster_indust_cr2"]
    ours = (found.estimate, found.se, found.df, found.p, found.ci_low, found.ci_high)
    yield ours, [reference[key] for key in ("coef", "se", "df", "p", "lower95", "upper95")]
