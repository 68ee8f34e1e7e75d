"""What the estimators of weekly differences, shares, regressions and changes answer, beside the reference's answer.

`cases()` yields (estimator, reference, quantity, ours, theirs) from the public data in tests/golden.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import field_packages
import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from reportlib.estimators import shares_and_means as shares
from reportlib.estimators.diff_in_diff import did, two_way
from reportlib.estimators.many_comparisons import benjamini_hochberg, holm
from reportlib.estimators.regression import difference_in_means, ols
from reportlib.estimators.repeated_measures import paired_t
from reportlib.estimators.week_by_week import weekly_difference

Case = tuple[str, str, str, float, float]
GOLDEN = Path(__file__).parents[1] / "golden"


def _expected(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.expected.json").read_text(encoding="utf-8"))


def cases() -> Iterator[Case]:
    """Every case, estimator by estimator."""
    yield from _weekly()
    yield from _adjusted_and_clustered()
    yield from _did()
    yield from _base_r()


def _weekly() -> Iterator[Case]:
    frame = pd.read_csv(GOLDEN / "rossi_weekly.csv")
    answer = weekly_difference(frame[[f"emp_{week}" for week in range(1, 53)]], frame["fin"])
    for row, expected in enumerate(_expected("rossi_weekly")["weekly"]):
        for ours, theirs in {
            "n_treated": "n_treated",
            "n_control": "n_control",
            "mean_treated": "mean_treated",
            "mean_control": "mean_control",
            "difference": "difference",
            "se": "se_neyman",
        }.items():
            quantity = f"{ours}, week {expected['week']}"
            yield "weekly difference, HC2", "R", quantity, float(getattr(answer, ours)[row]), float(expected[theirs])


def _adjusted_and_clustered() -> Iterator[Case]:
    frame = pd.read_csv(GOLDEN / "rossi_employment.csv")
    for row in _expected("rossi_employment")["difference_in_means"]:
        outcome = row["outcome"]
        welch = difference_in_means(frame[outcome], frame["fin"])
        for ours, theirs in {
            "difference": "difference",
            "se": "se_welch",
            "df": "df_welch",
            "p": "p_welch",
            "ci_low": "lower95",
            "ci_high": "upper95",
        }.items():
            yield "Welch", "R estimatr", f"{ours}, {outcome}", float(getattr(welch, ours)), row[theirs]
        lin = weekly_difference(frame[[outcome]], frame["fin"], covariates=frame[["age", "prio"]])
        yield "Lin-adjusted, HC2", "R estimatr", f"difference, {outcome}", float(lin.difference[0]), row["lin_effect"]
        yield "Lin-adjusted, HC2", "R estimatr", f"se, {outcome}", float(lin.se[0]), row["lin_se_hc2"]
        clustered = weekly_difference(frame[[outcome]], frame["fin"], clusters=frame["site"])
        name = "weekly difference, CR2"
        yield name, "R estimatr", f"se, {outcome}", float(clustered.se[0]), row["cluster_se_cr2"]
        yield name, "R estimatr", f"df, {outcome}", float(clustered.df[0]), row["cluster_df_cr2"]


def _did() -> Iterator[Case]:
    frame = pd.read_csv(GOLDEN / "injury.csv")
    expected = _expected("injury")
    known = frame.dropna(subset=["indust"])
    name = "difference in differences"
    for errors, key in (("nonrobust", "classic"), ("HC1", "hc1"), ("cluster", "cluster_indust_cr1")):
        groups = known["indust"].to_numpy() if errors == "cluster" else None
        fit = field_packages.did(known["ldurat"], known["afchnge"], known["highearn"], errors, groups)
        theirs = expected["with_known_industry"][key]
        yield f"{name}, statsmodels, {errors}", "R sandwich", "estimate", fit.params[0], theirs["coef"]
        yield f"{name}, statsmodels, {errors}", "R sandwich", "se", fit.bse[0], theirs["se"]
    published = field_packages.did(frame["ldurat"], frame["afchnge"], frame["highearn"], "nonrobust")
    for quantity, found, printed in (
        ("estimate", published.params[0], expected["published"]["coef"]),
        ("se", published.bse[0], expected["published"]["se"]),
        ("n", published.nobs, float(expected["published"]["n"])),
    ):
        yield f"{name}, statsmodels, nonrobust", "Meyer, Viscusi and Durbin 1995", quantity, found, printed
    for clusters, key, reference in (
        (None, "hc2", "R sandwich"),
        (known["indust"], "cluster_indust_cr2", "R estimatr"),
    ):
        theirs = expected["with_known_industry"][key]
        answer = did(known["ldurat"], known["afchnge"], known["highearn"], clusters=clusters)
        yield f"{name}, {answer.correction}", reference, "estimate", answer.estimate, theirs["coef"]
        yield f"{name}, {answer.correction}", reference, "se", answer.se, theirs["se"]
        yield f"{name}, {answer.correction}", reference, "p", answer.p, theirs["p"]
        if clusters is not None:
            yield f"{name}, CR2", reference, "df", answer.df, theirs["df"]
            yield f"{name}, CR2", reference, "ci_low", answer.ci_low, theirs["lower95"]
            yield f"{name}, CR2", reference, "ci_high", answer.ci_high, theirs["upper95"]


def _base_r() -> Iterator[Case]:
    r = _expected("base_r")
    for one in r["wilson"].values():
        answer = shares.share(one["k"], one["n"])
        yield "share, Wilson", "R prop.test", f"ci_low, {one['k']} of {one['n']}", answer.ci_low, one["ci_low"]
        yield "share, Wilson", "R prop.test", f"ci_high, {one['k']} of {one['n']}", answer.ci_high, one["ci_high"]
    for name, one in r["chi_square"].items():
        tested = shares.test_table(one["table"])
        yield "chi-square", "R chisq.test", f"statistic, {name}", tested.statistic, one["statistic"]
        yield "chi-square", "R chisq.test", f"p, {name}", tested.p, one["p"]
    fisher = r["fisher"]["two_by_two"]
    yield "Fisher", "R fisher.test", "p, two_by_two", shares.test_table(fisher["table"]).p, fisher["p"]
    mean = shares.mean(r["t_mean"]["values"])
    yield "mean, t", "R t.test", "ci_low", mean.ci_low, r["t_mean"]["ci_low"]
    yield "mean, t", "R t.test", "ci_high", mean.ci_high, r["t_mean"]["ci_high"]

    fell, rose = r["mcnemar_exact"]["only_before"], r["mcnemar_exact"]["only_after"]
    exact = mcnemar([[0, fell], [rose, 0]], exact=True)
    yield "statsmodels mcnemar", "R binom.test", "p", exact.pvalue, r["mcnemar_exact"]["p"]
    pair = r["paired_t"]
    paired = paired_t(pair["before"], pair["after"])
    yield "paired t", "R t.test", "t", paired.change / paired.se, pair["t"]
    for quantity in ("p", "ci_low", "ci_high"):
        yield "paired t", "R t.test", quantity, getattr(paired, quantity), pair[quantity]
    for name, one in r["wilcoxon"].items():
        change = np.subtract(one["after"], one["before"])
        exact_p = len(np.unique(np.abs(change))) == len(change) and (change != 0).all()
        ranks = stats.wilcoxon(change, correction=not exact_p, method="exact" if exact_p else "asymptotic")
        yield "SciPy wilcoxon", "R wilcox.test", f"p, {name}", float(ranks.pvalue), one["p"]

    p = np.array(r["p_adjust"]["p"], dtype=float)
    for name, adjust, key in (("Holm", holm, "holm"), ("Benjamini-Hochberg", benjamini_hochberg, "bh")):
        for at, (ours, theirs) in enumerate(zip(adjust(p), r["p_adjust"][key], strict=True)):
            if theirs is not None:
                yield name, "R p.adjust", f"p number {at + 1}", float(ours), theirs

    fit = field_packages.least_squares(r["lm"]["y"], {"x": r["lm"]["x"], "z": r["lm"]["z"]}, "nonrobust")
    for quantity, found in (("coef", fit.params), ("se", fit.bse), ("p", fit.pvalues)):
        for at, term in enumerate(("z", "x", "(intercept)")):
            yield "statsmodels least squares", "R lm", f"{quantity}, {term}", found[at], r["lm"][quantity][2 - at]
    yield "statsmodels F test", "R anova", "F", fit.fvalue, r["lm"]["f"]
    yield "statsmodels F test", "R anova", "p", fit.f_pvalue, r["lm"]["f_p"]
    ours = ols(r["lm"]["y"], {"x": r["lm"]["x"], "z": r["lm"]["z"]})
    for at, term in enumerate(ours.terms):
        yield "least squares", "R lm", f"coef, {term}", float(ours.coef[at]), r["lm"]["coef"][at]

    d = r["did"]
    theirs = field_packages.did(d["y"], d["efter"], d["delt_komm"], "nonrobust")
    for quantity, found in (("estimate", theirs.params[0]), ("se", theirs.bse[0]), ("p", theirs.pvalues[0])):
        yield "difference in differences, statsmodels", "R lm", quantity, found, d[quantity]
    ours_did = did(d["y"], d["efter"], d["delt_komm"])
    yield "difference in differences", "R lm", "estimate", ours_did.estimate, d["estimate"]
    treated = np.array(d["efter"]) * np.array(d["delt_komm"])
    both_ways = two_way(d["y"], treated, d["kommune"], d["efter"])
    yield "unit and period effects", "R lm", "estimate", both_ways.estimate, d["two_way"]
