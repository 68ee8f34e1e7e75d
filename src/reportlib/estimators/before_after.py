"""The same persons before and after: how much they changed, and whether those measured twice resemble the others.

A change is what happened to these persons in the time between. What would have happened anyway is not known, so nothing
here is an estimate of what a programme did, and no result is named as if it were.

Sources: McNemar (1947), Psychometrika 12; Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91
(exact and mid-p); Bonett and Price (2012), J. Educational and Behavioral Statistics 37 (interval of paired shares);
Wilcoxon (1945), Biometrics Bulletin 1, with R's rules for ties, zeros and continuity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.balance import Balance, balance
from reportlib.estimators.errors import EmptyGroupError, NotBinaryError
from reportlib.estimators.inputs import Floats, checked_level, numbers, one_of, same_length, variance
from reportlib.estimators.regression import difference_in_means, t_interval
from reportlib.estimators.shares import Mean, Share, mean, share, test_shares
from reportlib.estimators.tails import normal_isf


@dataclass(frozen=True, slots=True)
class PairedShares:
    """A yes/no answer before and after from the same n persons; `difference` is after minus before (a fraction).

    Of those who changed `only_before` went from yes to no and `only_after` from no to yes; only they carry the test.
    `left_out` persons have one of the two answers only.
    """

    n: int
    left_out: int
    before: Share
    after: Share
    only_before: int
    only_after: int
    difference: float
    ci_low: float
    ci_high: float
    p: float
    test: str
    method: str = "bonett-price"


@dataclass(frozen=True, slots=True)
class PairedMeans:
    """A number before and after from the same n persons, in its own unit; `change` is after minus before."""

    n: int
    left_out: int
    before: Mean
    after: Mean
    change: float
    sd_change: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    test: str = "paired t"


@dataclass(frozen=True, slots=True)
class RankTest:
    """Wilcoxon's signed-rank test of the `n_changed` who changed. `statistic` sums the ranks of those who rose."""

    n: int
    left_out: int
    n_changed: int
    n_rose: int
    n_fell: int
    median_change: float
    statistic: float
    p: float
    test: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Who is behind a before/after comparison.

    `kept` is the share of those measured before who are measured after too. `before_kept` and `before_lost` are the
    means before of those measured twice and of those lost; `p_lost` tests that they are equal. `after_kept`,
    `after_new` and `p_new` are the same after, for those who came in between. p is NaN when a group has fewer than
    two. `balance` compares kept with lost on the covariates, where given.
    """

    kept: Share
    n_new: int
    before_kept: Mean
    before_lost: Mean
    p_lost: float
    after_kept: Mean
    after_new: Mean
    p_new: float
    balance: Balance | None


def _pairs(before: Any, after: Any) -> tuple[Floats, Floats, int]:
    """The values of those measured twice, and how many were measured once."""
    first, second = numbers(before, "before"), numbers(after, "after")
    same_length(before=first, after=second)
    both = ~np.isnan(first) & ~np.isnan(second)
    once = int((np.isnan(first) != np.isnan(second)).sum())
    if not both.any():
        raise EmptyGroupError("nobody is measured both before and after", hint="match the measurements by person")
    return first[both], second[both], once


def sign_test(one_way: int, other_way: int, *, test: str = "mid-p") -> float:
    """The p-value that as many go one way as the other among those who move: binomial with one half, two-sided.

    "exact" is the binomial test; "mid-p" takes half the probability of the observed outcome and is less cautious.

    Raises UnknownMethodError.
    """
    one_of("test", test, ("exact", "mid-p"))
    from scipy import stats  # slow to load

    smaller, changed = min(one_way, other_way), one_way + other_way
    tail = float(stats.binom.cdf(smaller, changed, 0.5))
    if test == "mid-p":
        tail -= float(stats.binom.pmf(smaller, changed, 0.5)) / 2
    return min(1.0, 2 * tail) if changed else 1.0


def mcnemar(before: Any, after: Any, *, test: str = "mid-p", level: float = 0.05) -> PairedShares:
    """Compare a 0/1 answer `before` and `after` (n,) among those with both; NaN where a person did not answer.

    `test`: see `sign_test`, which is McNemar's test. The interval is Bonett and Price's: one person
    is added to each kind of change, (c+1 - b-1)/(n+2) ± z sqrt(p̃₁₂ + p̃₂₁ - d²)/sqrt(n+2), cut off at -1 and 1.

    Raises NotBinaryError, LengthMismatchError, EmptyGroupError (nobody has both) and UnknownMethodError.
    """
    one_of("test", test, ("exact", "mid-p"))
    z = float(normal_isf(checked_level(level) / 2))
    first, second, once = _pairs(before, after)
    for name, values in (("before", first), ("after", second)):
        if not np.isin(values, (0, 1)).all():
            raise NotBinaryError(f"{name} must be 0, 1 or missing", hint="paired_t compares numbers")
    n = len(first)
    fell, rose = int(((first == 1) & (second == 0)).sum()), int(((first == 0) & (second == 1)).sum())
    down, up = (fell + 1) / (n + 2), (rose + 1) / (n + 2)
    centre = up - down
    half = z * ((down + up - centre**2) / (n + 2)) ** 0.5
    return PairedShares(
        n=n,
        left_out=once,
        before=share(int(first.sum()), n, level=level),
        after=share(int(second.sum()), n, level=level),
        only_before=fell,
        only_after=rose,
        difference=(rose - fell) / n,
        ci_low=max(centre - half, -1.0),
        ci_high=min(centre + half, 1.0),
        p=sign_test(rose, fell, test=test),
        test=f"mcnemar, {test}",
    )


def paired_t(before: Any, after: Any, *, level: float = 0.05) -> PairedMeans:
    """Compare a number `before` and `after` (n,), NaN where missing, among those with both: Student's paired t.

    Where everybody changed by the same the error is 0 and interval and p are NaN. Raises LengthMismatchError,
    NotNumericError and EmptyGroupError when fewer than two persons have both.
    """
    first, second, once = _pairs(before, after)
    change = second - first
    n = len(change)
    if n < 2:
        raise EmptyGroupError("one person is measured both before and after; a test needs two")
    sd = variance(change, scale=max(np.abs(first).max(), np.abs(second).max())) ** 0.5
    value, se = float(change.mean()), sd / n**0.5
    low, high, p = t_interval(np.array(value), np.array(se), np.array(float(n - 1)), level)
    return PairedMeans(
        n=n,
        left_out=once,
        before=mean(first, level=level),
        after=mean(second, level=level),
        change=value,
        sd_change=sd,
        se=se,
        df=float(n - 1),
        ci_low=float(low),
        ci_high=float(high),
        p=float(p),
    )


def wilcoxon(before: Any, after: Any) -> RankTest:
    """Wilcoxon's signed-rank test of `before` against `after` (n,) among those with both, for coarse scales.

    Persons who did not change are left out. Exact with fewer than 50 changes, none of them tied in size and none
    zero; otherwise normal with corrections for ties and continuity: R's wilcox.test(paired = TRUE). When nobody
    changed p is 1. Raises LengthMismatchError, NotNumericError and EmptyGroupError.
    """
    first, second, once = _pairs(before, after)
    change = second - first
    moved = change[change != 0]
    median = float(np.median(change))
    counts = (len(change), once, len(moved), int((moved > 0).sum()), int((moved < 0).sum()))
    if not len(moved):
        return RankTest(*counts, median, float("nan"), 1.0, "none: nobody changed")
    from scipy import stats  # slow to load

    size = np.abs(moved)
    exact = len(moved) < 50 and len(np.unique(size)) == len(size) and len(moved) == len(change)
    ranks = stats.rankdata(size)
    found = stats.wilcoxon(moved, correction=not exact, method="exact" if exact else "asymptotic")
    name = "wilcoxon, exact" if exact else "wilcoxon, normal"
    return RankTest(*counts, median, float(ranks[moved > 0].sum()), float(found.pvalue), name)


def composition_check(
    before: Any, after: Any, *, covariates: Mapping[str, Any] | None = None, level: float = 0.05
) -> Composition:
    """Do those measured twice resemble those measured before only, and those who came later?

    `before` and `after` (n,) hold NaN where a person is not measured. Means are compared by Welch's t, answers of
    only 0 and 1 as shares. Raises LengthMismatchError, NotNumericError and EmptyGroupError when nobody is measured
    before.
    """
    first, second = numbers(before, "before"), numbers(after, "after")
    same_length(before=first, after=second)
    was, now = ~np.isnan(first), ~np.isnan(second)
    if not was.any():
        raise EmptyGroupError("nobody is measured before")
    kept = was & now
    compared = None
    if covariates is not None:
        columns = {str(name): numbers(column, str(name)) for name, column in covariates.items()}
        for name, column in columns.items():
            same_length(**{"before": first, f"covariate {name}": column})
        compared = balance({name: column[was] for name, column in columns.items()}, kept[was], level=level)
    return Composition(
        kept=share(int(kept.sum()), int(was.sum()), level=level),
        n_new=int((now & ~was).sum()),
        before_kept=mean(first[kept], level=level),
        before_lost=mean(first[was & ~now], level=level),
        p_lost=_p_equal(first[kept], first[was & ~now]),
        after_kept=mean(second[kept], level=level),
        after_new=mean(second[now & ~was], level=level),
        p_new=_p_equal(second[kept], second[now & ~was]),
        balance=compared,
    )


def _p_equal(one: Floats, other: Floats) -> float:
    """p that two groups' means (or shares, when all values are 0 or 1) are equal; NaN with fewer than two in either."""
    if min(len(one), len(other)) < 2:
        return float("nan")
    both = np.concatenate([one, other])
    if np.isin(both, (0, 1)).all():
        return test_shares([one.sum(), other.sum()], [len(one), len(other)]).p
    return difference_in_means(both, np.arange(len(both)) < len(one)).p
