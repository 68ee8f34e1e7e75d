"""Power, shares, paired tests and adjusted p-values against R's own stats package."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs

from reportlib.estimators import power
from reportlib.estimators.before_after import mcnemar, paired_t, wilcoxon
from reportlib.estimators.multiplicity import benjamini_hochberg, holm
from reportlib.estimators.shares import test_table, wilson_interval

STATS = pd.read_csv(GOLDEN / "stats" / "stats.csv").groupby("what")["value"]
P = [0.01, 0.04, 0.03, 0.005, 0.8, 0.04, 0.2]
BEFORE, AFTER = [12, 15, 9, 20, 17, 8, 11, 14, 10, 16], [14, 15, 13, 19, 22, 9, 11, 20, 12, 15]


def checks() -> list[Check]:
    return [
        Check("power.power_for_shares", "power", "R power.prop.test", "2 plans", _power_shares, 1e-8),
        Check("power.detectable_share", "share", "R power.prop.test", "1 plan", _detectable_share, 1e-8),
        Check("power.power_for_means", "power", "R power.t.test, strict", "2 plans", _power_means, 1e-8),
        Check("power.detectable_mean", "difference", "R power.t.test, strict", "1 plan", _detectable_mean, 1e-8),
        Check("multiplicity.holm", "adjusted p", "R p.adjust", "7 p-values", _one("holm", lambda: holm(P)), 1e-12),
        Check(
            "multiplicity.benjamini_hochberg",
            "adjusted p",
            "R p.adjust",
            "7 p-values",
            _one("benjamini-hochberg", lambda: benjamini_hochberg(P)),
            1e-12,
        ),
        Check("shares.wilson_interval", "limits", "R prop.test", "0, 3, 17, 40 of 40", _wilson, 1e-8),
        Check("shares.test_table", "p, Fisher and chi-square", "R fisher.test, chisq.test", "2 tables", _tables, 1e-8),
        Check("before_after.paired_t", "change, interval, p", "R t.test", "10 pairs", _paired_t, 1e-8),
        Check(
            "before_after.wilcoxon",
            "p with ties and zeros",
            "R wilcox.test",
            "10 pairs",
            _one("wilcoxon with ties", lambda: wilcoxon(BEFORE, AFTER).p),
            1e-8,
        ),
        Check("before_after.mcnemar", "exact p", "R binom.test", "5 and 14 changed", _mcnemar, 1e-8),
    ]


def _one(what: str, ours: Callable[[], object]) -> Callable[[], Pairs]:
    return lambda: [(ours(), STATS.get_group(what))]


def _power_shares() -> Pairs:
    yield power.power_for_shares(0.5, 0.75, 50, 50), STATS.get_group("power two shares, 50 and 50, .5 and .75")
    reference = STATS.get_group("power two shares, 400 and 400, .30 and .38, level .1")
    yield power.power_for_shares(0.30, 0.38, 400, 400, level=0.1), reference


def _detectable_share() -> Pairs:
    yield power.detectable_share(0.2, 300, 300), STATS.get_group("detectable share, 300 and 300, control .2")


def _power_means() -> Pairs:
    yield power.power_for_means(1, 1, 20, 20), STATS.get_group("power two means, 20 and 20, difference 1 sd")
    yield power.power_for_means(0.3, 1, 6, 6), STATS.get_group("power two means, 6 and 6, difference .3 sd")


def _detectable_mean() -> Pairs:
    reference = STATS.get_group("detectable mean, 64 and 64, sd 12, power .9")
    yield power.detectable_mean(12, 64, 64, power=0.9), reference


def _wilson() -> Pairs:
    for k in (0, 3, 17, 40):
        low, high = wilson_interval([k], [40])
        yield (low[0], high[0]), STATS.get_group(f"wilson {k} of 40")


def _tables() -> Pairs:
    yield test_table([[1, 7], [6, 2]]).p, STATS.get_group("fisher 1 7 6 2")
    yield test_table([[30, 70], [45, 55]]).p, STATS.get_group("chi-square 30 70 45 55")


def _paired_t() -> Pairs:
    found = paired_t(BEFORE, AFTER)
    yield (found.change, found.ci_low, found.ci_high, found.p), STATS.get_group("paired t")


def _mcnemar() -> Pairs:
    before = [1] * 35 + [0] * 65
    after = [1] * 30 + [0] * 5 + [1] * 14 + [0] * 51
    yield mcnemar(before, after, test="exact").p, STATS.get_group("mcnemar exact 5 and 14")
