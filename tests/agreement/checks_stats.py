"""Power, shares, paired tests and adjusted p-values against R's own stats package."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from agreement_registry import GOLDEN, Check, Pairs

from reportlib.estimators import recruitment_plan as power
from reportlib.estimators.many_comparisons import benjamini_hochberg, holm
from reportlib.estimators.repeated_measures import paired_t
from reportlib.estimators.shares_and_means import test_table, wilson_interval

STATS = pd.read_csv(GOLDEN / "stats" / "stats.csv").groupby("what")["value"]
P = [0.01, 0.04, 0.03, 0.005, 0.8, 0.04, 0.2]
BEFORE, AFTER = [12, 15, 9, 20, 17, 8, 11, 14, 10, 16], [14, 15, 13, 19, 22, 9, 11, 20, 12, 15]


def checks() -> list[Check]:
    return [
        Check("recruitment_plan.power_for_shares", "power", "R power.prop.test", "2 plans", _power_shares, 1e-8),
        Check("recruitment_plan.detectable_share", "share", "R power.prop.test", "1 plan", _detectable_share, 1e-8),
        Check("many_comparisons.holm", "adjusted p", "R p.adjust", "7 p-values", _one("holm", lambda: holm(P)), 1e-12),
        Check(
            "many_comparisons.benjamini_hochberg",
            "adjusted p",
            "R p.adjust",
            "7 p-values",
            _one("benjamini-hochberg", lambda: benjamini_hochberg(P)),
            1e-12,
        ),
        Check("shares_and_means.wilson_interval", "limits", "R prop.test", "0, 3, 17, 40 of 40", _wilson, 1e-8),
        Check(
            "shares_and_means.test_table",
            "p, Fisher and chi-square",
            "R fisher.test, chisq.test",
            "2 tables",
            _tables,
            1e-8,
        ),
        Check("repeated_measures.paired_t", "change, interval, p", "R t.test", "10 pairs", _paired_t, 1e-8),
    ]


def _one(what: str, ours: Callable[[], object]) -> Callable[[], Pairs]:
    return lambda: [(ours(), STATS.get_group(what))]


def _power_shares() -> Pairs:
    yield power.power_for_shares(0.5, 0.75, 50, 50), STATS.get_group("power two shares, 50 and 50, .5 and .75")
    reference = STATS.get_group("power two shares, 400 and 400, .30 and .38, level .1")
    yield power.power_for_shares(0.30, 0.38, 400, 400, level=0.1), reference


def _detectable_share() -> Pairs:
    yield power.detectable_share(0.2, 300, 300), STATS.get_group("detectable share, 300 and 300, control .2")


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
