"""lifelines, statsmodels and SciPy beside R: the calls an evaluator can rely on, and why some code is our own."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import field_packages
import numpy as np
import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs
from cox_cases import cases_in

INFINITE = float("inf")
INJURY = "workers' compensation: 5,610 claims, 3 industries"
SPLIT = "late entry, split"
R = "R survival"
WHOLE = ["weekly-ties", "monthly-ties", "quarterly-ties"]
LATE = ["delayed-entry", "delayed-entry-monthly", "split-at-8", "split-at-8-monthly"]


def checks() -> list[Check]:
    rows = [
        (
            "lifelines 0.30 CoxPHFitter",
            "coefficients",
            WHOLE + LATE,
            "ties, late entry, split",
            _lifelines("coef"),
            INFINITE,
        ),
        ("lifelines 0.30 CoxPHFitter", "clustered errors", WHOLE, "ties", _lifelines("se_cluster"), INFINITE),
        (
            "lifelines 0.30 CoxPHFitter",
            "clustered errors",
            LATE,
            SPLIT,
            _lifelines("se_cluster"),
            INFINITE,
        ),
        ("statsmodels 0.15 PHReg", "coefficients", WHOLE, "ties", _statsmodels("coef"), INFINITE),
        ("statsmodels 0.15 PHReg", "coefficients", LATE, SPLIT, _statsmodels("coef"), INFINITE),
        ("statsmodels 0.15 PHReg", "clustered errors", WHOLE, "ties", _statsmodels("se_cluster"), INFINITE),
        ("statsmodels 0.15 PHReg", "clustered errors", LATE, SPLIT, _statsmodels("se_cluster"), INFINITE),
    ]
    cox = [
        Check(library, quantity, R, data, _bind(pairs, cases), limit, library=True)
        for library, quantity, cases, data, pairs, limit in rows
    ]
    calls = [
        ("statsmodels OLS", "coefficients, classic errors, p, F", "R lm", "made up", _lm, 1e-8),
        ("statsmodels OLS", "classic and HC1 errors, p", "R sandwich", INJURY, _unclustered, 1e-6),
        ("statsmodels OLS, cov_type cluster", "CR1 error", "R sandwich", INJURY, _cr1, 1e-6),
        ("statsmodels OLS", "published estimate and error", "Meyer et al. 1995", "5,626 claims", _published, 1e-6),
        ("statsmodels survdiff", "log-rank chi-square, also stratified", R, "Rossi and monthly ties", _log_rank, 1e-9),
        ("statsmodels CumIncidenceRight", "share, error", R, "3 causes, 2 groups", _incidence, 1e-9),
        ("statsmodels TTestIndPower", "power, difference", "R power.t.test, strict", "3 plans", _power_means, 1e-8),
        ("statsmodels mcnemar, exact", "p", "R binom.test", "5 and 14 changed", _mcnemar, 1e-8),
        ("SciPy wilcoxon", "p with ties and zeros", "R wilcox.test", "10 pairs", _wilcoxon, 1e-8),
    ]
    return cox + [Check(call, *rest, library=True) for call, *rest in calls]


def _bind(pairs: Callable[[list[str]], Pairs], cases: list[str]) -> Callable[[], Pairs]:
    return lambda: pairs(cases)


def _data(names: list[str]) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    for name, case in cases_in(GOLDEN / "cox").groupby("case"):
        if name in names:
            yield pd.read_csv(GOLDEN / "cox" / case["csv"].iloc[0]), case


def _lifelines(column: str) -> Callable[[list[str]], Pairs]:
    def pairs(names: list[str]) -> Pairs:
        from lifelines import CoxPHFitter

        for frame, case in _data(names):
            kept = frame[["start", "stop", "event", "cluster", *case["term"]]]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fit = CoxPHFitter().fit(kept, "stop", "event", entry_col="start", cluster_col="cluster")
            found = fit.params_ if column == "coef" else fit.standard_errors_
            yield found[list(case["term"])], case[column]

    return pairs


def _statsmodels(column: str) -> Callable[[list[str]], Pairs]:
    def pairs(names: list[str]) -> Pairs:
        from statsmodels.duration.hazard_regression import PHReg

        for frame, case in _data(names):
            model = PHReg(
                frame["stop"].to_numpy(),
                frame[list(case["term"])].to_numpy(dtype=float),
                status=frame["event"].to_numpy(),
                entry=frame["start"].to_numpy(),
                ties="efron",
            )
            fit = model.fit(groups=frame["cluster"].to_numpy())
            yield fit.params if column == "coef" else fit.bse, case[column]

    return pairs


# --- Calls that answer as R does


def _expected(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.expected.json").read_text(encoding="utf-8"))


def _lm() -> Pairs:
    r = _expected("base_r")["lm"]
    fit = field_packages.least_squares(r["y"], {"x": r["x"], "z": r["z"]}, "nonrobust")
    for found, theirs in ((fit.params, r["coef"]), (fit.bse, r["se"]), (fit.pvalues, r["p"])):
        yield found[::-1], theirs
    yield (fit.fvalue, fit.f_pvalue), (r["f"], r["f_p"])


def _injury(errors: str) -> Any:
    known = pd.read_csv(GOLDEN / "injury.csv").dropna(subset=["indust"])
    clusters = known["indust"] if errors == "cluster" else None
    return field_packages.did(known["ldurat"], known["afchnge"], known["highearn"], errors, clusters)


def _unclustered() -> Pairs:
    for errors, name in (("nonrobust", "classic"), ("HC1", "hc1")):
        fit, theirs = _injury(errors), _expected("injury")["with_known_industry"][name]
        yield (fit.params[0], fit.bse[0], fit.pvalues[0]), [theirs[key] for key in ("coef", "se", "p")]


def _cr1() -> Pairs:
    yield _injury("cluster").bse[0], _expected("injury")["with_known_industry"]["cluster_indust_cr1"]["se"]


def _published() -> Pairs:
    claims, theirs = pd.read_csv(GOLDEN / "injury.csv"), _expected("injury")["published"]
    fit = field_packages.did(claims["ldurat"], claims["afchnge"], claims["highearn"], "nonrobust")
    yield (fit.params[0], fit.bse[0]), (theirs["coef"], theirs["se"])


def _log_rank() -> Pairs:
    from statsmodels.duration.survfunc import survdiff

    frame = pd.read_csv(GOLDEN / "survival" / "competing.csv")
    for row in pd.read_csv(GOLDEN / "survival" / "log_rank.csv", keep_default_na=False).itertuples():
        strata = frame[row.strata] if row.strata else None
        yield survdiff(frame["stop"], frame["event"], frame[row.group], strata=strata)[0], row.chi2
    rossi, theirs = pd.read_csv(GOLDEN / "rossi.csv"), _expected("rossi")["log_rank"]
    yield survdiff(rossi["week"], rossi["arrest"], rossi["fin"]), (theirs["chi2"], theirs["p"])


def _incidence() -> Pairs:
    from statsmodels.duration.survfunc import CumIncidenceRight

    frame = pd.read_csv(GOLDEN / "survival" / "competing.csv")
    reference = pd.read_csv(GOLDEN / "survival" / "cumulative_incidence.csv").query("bands == 'plain'")
    for (group, cause), theirs in reference.groupby(["group", "cause"]):
        own = frame[frame["treated"] == group]
        codes = np.where(own["cause"] == "censureret", 0, np.where(own["cause"] == cause, 1, 2))
        fit = CumIncidenceRight(own["stop"].to_numpy(), codes)
        at = np.searchsorted(fit.times, theirs["time"], side="right")
        yield np.concatenate([[0.0], fit.cinc[0]])[at], theirs["incidence"]
        yield np.concatenate([[0.0], fit.cinc_se[0]])[at], theirs["se"]


def _stats(what: str) -> Any:
    return pd.read_csv(GOLDEN / "stats" / "stats.csv").groupby("what")["value"].get_group(what)


def _power_means() -> Pairs:
    from statsmodels.stats.power import TTestIndPower

    plan = TTestIndPower()
    yield plan.power(1, 20, 0.05), _stats("power two means, 20 and 20, difference 1 sd")
    yield plan.power(0.3, 6, 0.05), _stats("power two means, 6 and 6, difference .3 sd")
    found = plan.solve_power(nobs1=64, alpha=0.05, power=0.9)
    yield 12 * found, _stats("detectable mean, 64 and 64, sd 12, power .9")


def _mcnemar() -> Pairs:
    from statsmodels.stats.contingency_tables import mcnemar

    yield mcnemar([[30, 5], [14, 51]], exact=True).pvalue, _stats("mcnemar exact 5 and 14")


def _wilcoxon() -> Pairs:
    from scipy.stats import wilcoxon

    before, after = [12, 15, 9, 20, 17, 8, 11, 14, 10, 16], [14, 15, 13, 19, 22, 9, 11, 20, 12, 15]
    change = np.subtract(after, before)
    yield wilcoxon(change, correction=True, method="asymptotic").pvalue, _stats("wilcoxon with ties")
