"""A whole trial with real persons against R: the ledger of the Pennsylvania bonus experiment, number by number.

R's answers and the script that made them lie beside the trial (`tests/trials/bonus/bonus.R`); a line's key and field
are those of the ledger, and `by` says what of R made it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs
from whole_ledgers import ledgers

from reportlib.estimators.proportional_hazards import cox

BONUS = GOLDEN.parent / "trials" / "bonus"
PERSONS = "Pennsylvania bonus: 5,099 persons, the whole trial"
BACKGROUND = ["kvinde", "sort", "under_35", "over_54", "venter_genansat", "forsoergede"]
ESTIMATORS = {
    "prop.test": ("shares_and_means.wilson_interval", "shares of 52 weeks, 4 places"),
    "t.test": ("week_by_week.weekly_difference", "Welch: weeks, sums, places, genders"),
    "lm, sandwich HC2": ("week_by_week.weekly_difference", "Lin, within places, interaction"),
    "clubSandwich CR2": ("week_by_week.weekly_difference", "CR2 error, df, p, 4 places"),
    "p.adjust": ("many_comparisons.holm", "Holm, Benjamini and Hochberg"),
    "pchisq": ("covariate_balance.joint_balance_test", "Hansen and Bowers; Cochran's Q"),
    "chisq.test": ("covariate_balance.balance", "p"),
    "var": ("covariate_balance.balance", "normalised differences"),
    "survfit": ("survival_curves.kaplan_meier", "share, error, log-log band, median"),
    "coxph": ("proportional_hazards.cox", "ratios, errors, intervals, p; before and after week 12"),
    "coxph, robust": ("proportional_hazards.cox", "Lin-Wei errors by person and by place"),
    "cox.zph": ("proportional_hazards.ph_test", "chi-square, p"),
}


def checks() -> list[Check]:
    return [
        Check(estimator, what, f"R {by}", PERSONS, _pairs(by), 1e-9) for by, (estimator, what) in ESTIMATORS.items()
    ]


def _pairs(by: str) -> Callable[[], Pairs]:
    def pairs() -> Pairs:
        answers = pd.read_csv(BONUS / "bonus_by_r.csv").query("by == @by")
        ours = _robust() if by == "coxph, robust" else ledgers(BONUS / "trial.yml")[1]
        for line in answers.itertuples():
            yield float(getattr(ours[line.key], line.field)), line.value

    return pairs


def _robust() -> pd.Series:
    """`robust.<cluster>` -> coefficient and clustered error: a trial whose persons were drawn has no such row."""
    frame = pd.read_csv(BONUS / "deltagere.csv", sep=";")
    frame = frame.assign(treated=np.where(frame["gruppe"] == "bonus", 1, 0), exit=np.where(frame["uger"] < 52, 1, 0))
    found = {}
    for cluster in ("omraade", "person"):
        fit = cox(frame, stop="uger", event="exit", covariates=["treated", *BACKGROUND], cluster=cluster)
        found[f"robust.{cluster}"] = fit.terms.rename(columns={"coef": "value", "se_cluster": "se"}).iloc[0]
    return pd.Series(found)
