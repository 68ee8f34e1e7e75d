"""Survival against R's survival package."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs
from cox_cases import cases_in, fit_case, left_out
from scipy import stats

from reportlib.estimators.proportional_hazards import CoxFit, cox, ph_test
from reportlib.estimators.risk_sets import before_and_after
from reportlib.estimators.survival_curves import kaplan_meier

R = "R survival"
TWELVE = "12 simulated cases: ties, late entry, strata, weights, an effect split in time"
ROSSI = "Rossi: 432 persons, 52 weeks"
COVARIATES = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]


def checks() -> list[Check]:
    return [
        Check("proportional_hazards.cox", "coefficients", R, TWELVE, _cases("coef"), 1e-8),
        Check("proportional_hazards.cox", "model errors", R, TWELVE, _cases("se_model"), 1e-8),
        Check("proportional_hazards.cox", "Lin-Wei clustered errors", R, TWELVE, _cases("se_cluster"), 1e-8),
        Check(
            "proportional_hazards.cox", "jackknife errors by cluster, degrees of freedom, p", R, TWELVE, _left_out, 1e-8
        ),
        Check("proportional_hazards.cox", "log likelihood", R, TWELVE, _logliks, 1e-8),
        Check("proportional_hazards.cox", "episodes and events", R, TWELVE, _case_counts, 0),
        Check("proportional_hazards.cox", "coefficients, errors, p", R, ROSSI, _rossi_cox, 1e-8),
        Check("proportional_hazards.ph_test", "chi-square", R, "Rossi and 5 simulated cases", _ph_tests, 1e-8),
        Check("survival_curves.kaplan_meier", "share, Greenwood error, log-log band", R, ROSSI, _rossi_km, 1e-6),
        Check("survival_curves.kaplan_meier", "share, error, log-log band", R, "late entry, 2 groups", _km, 1e-8),
        Check("survival_curves.kaplan_meier", "numbers at risk, events", R, "late entry, 2 groups", _km_counts, 0),
        Check("survival_curves.kaplan_meier", "medians and their intervals", R, "2 cases, 2 groups", _medians, 0),
    ]


def _fits() -> Iterator[tuple[pd.DataFrame, CoxFit]]:
    for _, case in cases_in(GOLDEN / "cox").groupby("case"):
        yield case, fit_case(GOLDEN / "cox", case)


def _cases(column: str) -> Callable[[], Pairs]:
    return lambda: ((fit.terms[column], case[column]) for case, fit in _fits())


def _left_out() -> Pairs:
    for _, case in cases_in(GOLDEN / "cox").groupby("case"):
        fit, reference = fit_case(GOLDEN / "cox", case, jackknife=True), left_out(GOLDEN / "cox", case)
        assert fit.jackknife is not None
        yield fit.terms["se_cluster"], reference["se"]
        yield [fit.jackknife.df(one) for one in np.eye(len(case))], reference["df"]
        t = case["coef"].to_numpy() / reference["se"]
        yield fit.terms["p"], 2 * stats.t.sf(t.abs(), reference["df"])


def _logliks() -> Pairs:
    return ((fit.loglik, case["loglik"].iloc[0]) for case, fit in _fits())


def _case_counts() -> Pairs:
    return (((fit.n, fit.n_events), case[["n", "events"]].iloc[0]) for case, fit in _fits())


def _expected(name: str) -> dict[str, list[dict[str, float]]]:
    answers: dict[str, list[dict[str, float]]] = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    return answers


def _rossi_cox() -> Pairs:
    rossi, expected = pd.read_csv(GOLDEN / "rossi.csv"), _expected("rossi.expected.json")
    pieces = before_and_after(rossi, covariate="fin", stop="week", event="arrest", week=26)
    split = ["fin_before", "fin_after", *COVARIATES[1:]]
    fits = {
        "cox_efron": cox(rossi, stop="week", event="arrest", covariates=COVARIATES),
        "cox_efron_cluster_site": cox(rossi, stop="week", event="arrest", covariates=COVARIATES, cluster="site"),
        "cox_split_at_26_cluster_site": cox(
            pieces, start="start", stop="week", event="arrest", covariates=split, cluster="site"
        ),
    }
    for name, fit in fits.items():
        reference = pd.DataFrame(expected[name])
        se = "se_model" if fit.n_clusters is None else "se_cluster"
        for ours, theirs in (("coef", "coef"), (se, "se"), ("p", "p")):
            yield fit.terms[ours], reference[theirs]


def _rossi_km() -> Pairs:
    reference = pd.DataFrame(_expected("rossi.expected.json")["kaplan_meier"])
    weeks = sorted(reference["week"].unique())
    rossi = pd.read_csv(GOLDEN / "rossi.csv")
    table = pd.concat(
        kaplan_meier(own, stop="week", event="arrest", times=weeks).table for _, own in rossi.groupby("fin")
    )
    theirs = ["survival", "se_greenwood", "lower95_loglog", "upper95_loglog"]
    yield table[["survival", "se", "ci_low", "ci_high"]], reference[theirs]


def _curves() -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    frame = pd.read_csv(GOLDEN / "cox" / "delayed-entry.csv")
    reference = pd.read_csv(GOLDEN / "survival" / "kaplan_meier.csv").query("bands == 'log-log'")
    for group, theirs in reference.groupby("group"):
        own = frame[frame["treated"] == group]
        yield kaplan_meier(own, start="start", stop="stop", event="event").table, theirs


def _km() -> Pairs:
    columns = ["survival", "se", "ci_low", "ci_high"]
    return ((ours[columns], theirs[columns]) for ours, theirs in _curves())


def _km_counts() -> Pairs:
    return ((ours[["n_risk", "n_event"]], theirs[["n_risk", "n_event"]]) for ours, theirs in _curves())


def _medians() -> Pairs:
    reference = pd.read_csv(GOLDEN / "survival" / "medians.csv")
    for case, start in (("delayed-entry", "start"), ("monthly-ties", None)):
        frame = pd.read_csv(GOLDEN / "cox" / f"{case}.csv")
        for group, theirs in reference[reference["case"] == case].groupby("group"):
            fit = kaplan_meier(frame[frame["treated"] == group], start=start, stop="stop", event="event")
            yield fit.median, theirs[["median", "ci_low", "ci_high"]].iloc[0]


def _ph_tests() -> Pairs:
    reference = pd.read_csv(GOLDEN / "survival" / "ph_test.csv").query("time_scale == 'km'")
    for case, rows in reference[reference["case"] != "rossi-grouped"].groupby("case"):
        if case == "rossi":
            test = ph_test(
                pd.read_csv(GOLDEN / "rossi.csv"),
                stop="week",
                event="arrest",
                covariates=COVARIATES,
            )
        else:
            test = ph_test(
                pd.read_csv(GOLDEN / "cox" / f"{case}.csv"),
                start="start",
                stop="stop",
                event="event",
                covariates=["treated", "age"],
                strata="stratum" if "strata" in case else None,
                weights="weight" if case == "weights" else None,
            )
        yield [*test.terms["chi2"], test.chi2], rows["chi2"]
