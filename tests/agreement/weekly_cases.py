"""What the estimators of weekly differences, shares, regressions and changes answer, beside the reference's answer.

`cases()` yields (estimator, reference, quantity, ours, theirs) from the public data in tests/golden.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reportlib.estimators import shares
from reportlib.estimators.before_after import mcnemar, paired_t, wilcoxon
from reportlib.estimators.did import did
from reportlib.estimators.multiplicity import benjamini_hochberg, holm
from reportlib.estimators.regression import difference_in_means, joint_test, ols
from reportlib.estimators.two_way import two_way
from reportlib.estimators.weekly import weekly_difference

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
        lin = weekly_difference(frame[[outcome]], frame["fin"], method="lin", covariates=frame[["age", "prio"]])
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
    published = did(frame["ldurat"], frame["afchnge"], frame["highearn"], correction="classic")
    name = "difference in differences"
    for quantity, ours, theirs in (
        ("estimate", published.estimate, expected["published"]["coef"]),
        ("se", published.se, expected["published"]["se"]),
        ("n", float(published.n), float(expected["published"]["n"])),
    ):
        yield f"{name}, classic", "Meyer, Viscusi and Durbin 1995", quantity, ours, theirs
    for correction, key, reference in (
        ("classic", "classic", "R sandwich"),
        ("HC1", "hc1", "R sandwich"),
        ("HC2", "hc2", "R sandwich"),
        ("CR1", "cluster_indust_cr1", "R sandwich"),
        ("CR2", "cluster_indust_cr2", "R estimatr"),
    ):
        theirs = expected["with_known_industry"][key]
        clusters = known["indust"] if correction.startswith("CR") else None
        answer = did(known["ldurat"], known["afchnge"], known["highearn"], clusters=clusters, correction=correction)
        yield f"{name}, {correction}", reference, "estimate", answer.estimate, theirs["coef"]
        yield f"{name}, {correction}", reference, "se", answer.se, theirs["se"]
        if correction != "CR1":  # R's coeftest takes n - k degrees of freedom there; ours takes clusters - 1
            yield f"{name}, {correction}", reference, "p", answer.p, theirs["p"]
        if correction == "CR2":
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
    changed = mcnemar([1] * fell + [0] * rose, [0] * fell + [1] * rose, test="exact")
    yield "McNemar, exact", "R binom.test", "p", changed.p, r["mcnemar_exact"]["p"]
    pair = r["paired_t"]
    paired = paired_t(pair["before"], pair["after"])
    yield "paired t", "R t.test", "t", paired.change / paired.se, pair["t"]
    for quantity in ("p", "ci_low", "ci_high"):
        yield "paired t", "R t.test", quantity, getattr(paired, quantity), pair[quantity]
    for name, one in r["wilcoxon"].items():
        ranks = wilcoxon(one["before"], one["after"])
        yield "Wilcoxon", "R wilcox.test", f"statistic, {name}", ranks.statistic, one["statistic"]
        yield "Wilcoxon", "R wilcox.test", f"p, {name}", ranks.p, one["p"]

    p = np.array(r["p_adjust"]["p"], dtype=float)
    for name, adjust, key in (("Holm", holm, "holm"), ("Benjamini-Hochberg", benjamini_hochberg, "bh")):
        for at, (ours, theirs) in enumerate(zip(adjust(p), r["p_adjust"][key], strict=True)):
            if theirs is not None:
                yield name, "R p.adjust", f"p number {at + 1}", float(ours), theirs

    fit = ols(r["lm"]["y"], {"x": r["lm"]["x"], "z": r["lm"]["z"]}, correction="classic")
    for at, term in enumerate(fit.terms):
        for quantity in ("coef", "se", "p"):
            ours = float(getattr(fit, quantity)[at])
            yield "least squares, classic", "R lm", f"{quantity}, {term}", ours, r["lm"][quantity][at]
    joint = joint_test(fit, ["x", "z"])
    yield "joint F test", "R anova", "F", joint.statistic, r["lm"]["f"]
    yield "joint F test", "R anova", "p", joint.p, r["lm"]["f_p"]

    d = r["did"]
    answer_did = did(d["y"], d["efter"], d["delt_komm"], correction="classic")
    for quantity in ("estimate", "se", "p"):
        yield "difference in differences, classic", "R lm", quantity, getattr(answer_did, quantity), d[quantity]
    treated = np.array(d["efter"]) * np.array(d["delt_komm"])
    both_ways = two_way(d["y"], treated, d["kommune"], d["efter"], correction="CR0")
    yield "unit and period effects", "R lm", "estimate", both_ways.estimate, d["two_way"]
