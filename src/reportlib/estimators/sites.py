"""The difference between treated and controls site by site, read with the care that many small comparisons need.

Beside each site's own difference and p-value stand p-values adjusted for the number of sites, an estimate shrunken
towards the common one, whether the sites differ more than chance makes them, and what a funnel plot needs.
Sources: `multiplicity`, `shrinkage`; Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202 (funnel limits).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportlib.estimators.errors import BadCountError, EmptyGroupError
from reportlib.estimators.inputs import (
    Floats,
    checked_level,
    codes,
    deviations,
    finite,
    indicator,
    numbers,
    same_length,
)
from reportlib.estimators.multiplicity import benjamini_hochberg, holm
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.shrinkage import Heterogeneity, empirical_bayes, heterogeneity
from reportlib.estimators.tails import normal_isf

NAN = float("nan")
FUNNEL_LEVELS = (0.05, 0.002)
"""The usual control limits of a funnel: 95 and 99.8 pct."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site. `difference`, `se`, `df`, the interval and `p` are Welch's on the site's own persons.

    `p_holm` and `p_bh` are adjusted for the sites that have a p. `se_pooled` uses the variance of all sites' groups
    taken together; `precision` is its inverse. `shrunken` and its interval rest on it, and so do `outside_95` and
    `outside_998`: outside the funnel's limits round the common difference. `reason` says what a site lacks, and what it
    lacks is NaN (False for the limits); it is empty where nothing is lacking.
    """

    site: Any
    n_treated: int
    n_control: int
    mean_treated: float
    mean_control: float
    difference: float = NAN
    se: float = NAN
    df: float = NAN
    ci_low: float = NAN
    ci_high: float = NAN
    p: float = NAN
    p_holm: float = NAN
    p_bh: float = NAN
    se_pooled: float = NAN
    precision: float = NAN
    shrunken: float = NAN
    shrunken_low: float = NAN
    shrunken_high: float = NAN
    outside_95: bool = False
    outside_998: bool = False
    estimable: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SiteDifferences:
    """The rows in the sites' order, the common (precision-weighted) difference, and the test that sites are alike.

    `heterogeneity` is None with fewer than two estimable sites; `tau` is the estimated spread of the true differences
    in the values' unit.
    """

    rows: tuple[SiteRow, ...]
    common: float
    common_se: float
    tau: float
    heterogeneity: Heterogeneity | None
    n_estimable: int
    level: float


def site_differences(values: Any, treated: Any, sites: Any, *, level: float = 0.05) -> SiteDifferences:
    """Treated minus controls of `values` (n,) in each of the `sites` (n labels); missing values are left out.

    A site with fewer than two persons in a group gives a row marked as not estimable, never an error. Shrinkage takes
    the errors as known, which a handful of persons' own variance is not: it uses the variance pooled over all sites and
    groups, s²·(1/n₁ + 1/n₀). Shrunken values need four estimable sites.

    Raises LengthMismatchError, NotBinaryError, MissingValueError (a site label), NotNumericError and BadLevelError.
    """
    y = numbers(values, "values")
    arm = indicator(treated, "treated")
    site, labels = codes(sites, "sites")
    same_length(values=y, treated=arm, sites=site)
    checked_level(level)
    known = ~np.isnan(y)
    pooled = _pooled_variance(y[known], arm[known], site[known])
    rows = []
    for code, label in enumerate(labels.tolist()):
        here = known & (site == code)
        rows.append(_row(label, y[here], arm[here], pooled, level))
    return _together(rows, level)


def _pooled_variance(y: Floats, arm: Any, site: Any) -> float:
    """Variance within the cells of site by group, over all cells; NaN where no cell has two persons."""
    cell = np.unique(2 * site + arm, return_inverse=True)[1]
    size = np.bincount(cell)
    means = np.bincount(cell, y) / size
    df = len(y) - len(size)
    apart = deviations(y, means[cell])
    return float(apart @ apart / df) if df > 0 else NAN


def _row(site: Any, y: Floats, arm: Any, pooled: float, level: float) -> SiteRow:
    groups = y[arm], y[~arm]
    sizes = len(groups[0]), len(groups[1])
    means = [float(group.mean()) if len(group) else NAN for group in groups]
    if min(sizes) < 2:
        reason = "no persons in a group" if min(sizes) == 0 else "one person in a group"
        return SiteRow(site, sizes[0], sizes[1], means[0], means[1], reason=reason)
    own = difference_in_means(y, arm, level=level)
    se_pooled = (pooled * (1 / sizes[0] + 1 / sizes[1])) ** 0.5
    return SiteRow(
        site=site,
        n_treated=sizes[0],
        n_control=sizes[1],
        mean_treated=means[0],
        mean_control=means[1],
        difference=own.difference,
        se=own.se,
        df=own.df,
        ci_low=own.ci_low,
        ci_high=own.ci_high,
        p=own.p,
        se_pooled=se_pooled,
        precision=1 / se_pooled if se_pooled > 0 else NAN,
        estimable=True,
        reason="" if own.se > 0 else "no variation within the groups",
    )


def _together(rows: list[SiteRow], level: float) -> SiteDifferences:
    """Add what rests on all sites: adjusted p-values, the common difference, shrinkage and the funnel's limits."""
    p = np.array([row.p for row in rows])
    strict, lenient = holm(p), benjamini_hochberg(p)
    rows = [replace(row, p_holm=float(a), p_bh=float(b)) for row, a, b in zip(rows, strict, lenient, strict=True)]
    usable = [at for at, row in enumerate(rows) if row.estimable and row.se_pooled > 0]
    difference = np.array([rows[at].difference for at in usable])
    error = np.array([rows[at].se_pooled for at in usable])
    if not usable:
        return SiteDifferences(tuple(rows), NAN, NAN, NAN, None, 0, level)
    weight = error**-2
    common = float(weight @ difference / weight.sum())
    for at in usable:
        distance = abs(rows[at].difference - common) / rows[at].se_pooled
        limits = [bool(distance > normal_isf(bound / 2)) for bound in FUNNEL_LEVELS]
        rows[at] = replace(rows[at], outside_95=limits[0], outside_998=limits[1])
    spread = heterogeneity(difference, error) if len(usable) >= 2 else None
    if len(usable) >= 4:
        drawn = empirical_bayes(difference, error, level=level)
        for at, value, low, high in zip(usable, drawn.value, drawn.ci_low, drawn.ci_high, strict=True):
            rows[at] = replace(rows[at], shrunken=float(value), shrunken_low=float(low), shrunken_high=float(high))
    return SiteDifferences(
        rows=tuple(rows),
        common=common,
        common_se=float(weight.sum() ** -0.5),
        tau=spread.tau2**0.5 if spread else NAN,
        heterogeneity=spread,
        n_estimable=sum(row.estimable for row in rows),
        level=level,
    )


def funnel_limits(common: float, precision: Any, *, level: float = 0.05) -> tuple[Floats, Floats]:
    """The limits common ± z / precision (m,) of a funnel plot at the given precisions, for its curves.

    Raises BadCountError for a precision that is not above 0 and EmptyGroupError when `common` is not known.
    """
    along = finite(precision, "precision")
    if (along <= 0).any():
        raise BadCountError("a precision is above 0")
    if np.isnan(common):
        raise EmptyGroupError("without a common difference there is no funnel")
    half = normal_isf(checked_level(level) / 2) / along
    return common - half, common + half
