"""The difference between treated and controls in each part of the persons: site by site, and subgroup by subgroup.

Many small comparisons are read with care. Beside each site's own difference and p-value stand p-values adjusted for the
number of sites, an estimate shrunken towards the common one, and whether the sites differ more than chance makes them.
That a difference is significant in one subgroup and not in another says nothing of whether they differ (Gelman and
Stern 2006, American Statistician 60): the interaction test does, adjusted for the number of divisions looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from reportlib.estimators.checked import (
    Booleans,
    Floats,
    Integers,
    checked_level,
    codes,
    deviations,
    indicator,
    numbers,
    same_length,
)
from reportlib.estimators.errors import ArgumentError, EmptyGroupError
from reportlib.estimators.many_comparisons import (
    Heterogeneity,
    benjamini_hochberg,
    empirical_bayes,
    heterogeneity,
    holm,
)
from reportlib.estimators.regression import JointTest, difference_in_means, joint_test, ols

NAN = float("nan")
FEWEST_SHRUNKEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part's difference in the values' unit: `difference`, `se`, `df`, the interval and `p` are Welch's on its own
    persons. `reason` says what a part lacks, and what it lacks is NaN; it is empty where nothing is lacking.
    """

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
    reason: str = ""

    @property
    def estimable(self) -> bool:
        """Is there a difference?"""
        return not np.isnan(self.difference)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow(PartRow):
    """One site. `p_holm` and `p_bh` are adjusted for the sites that have a p. `se_pooled` uses the variance of all
    sites' groups taken together; `shrunken` and its interval rest on it.
    """

    site: Any
    p_holm: float = NAN
    p_bh: float = NAN
    se_pooled: float = NAN
    shrunken: float = NAN
    shrunken_low: float = NAN
    shrunken_high: float = NAN


@dataclass(frozen=True, slots=True)
class SiteDifferences:
    """The rows in the sites' order, and the test that sites are alike (None with fewer than two estimable sites)."""

    rows: tuple[SiteRow, ...]
    heterogeneity: Heterogeneity | None
    n_estimable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupRow(PartRow):
    """One subgroup."""

    subgroup: Any


@dataclass(frozen=True, slots=True)
class Subgroups:
    """One division into subgroups: the rows in sorted order and the test that their differences are equal.

    `interaction` rests on the rows that have a difference and is None when they are fewer than two. `p_holm` adjusts
    its p for the divisions looked at together (equal to p for one).
    """

    division: str
    rows: tuple[SubgroupRow, ...]
    interaction: JointTest | None
    p_holm: float


def _of_part(y: Floats, arm: Booleans, level: float) -> dict[str, Any]:
    """What a part's row says of its own persons alone, by field."""
    groups = y[arm], y[~arm]
    sizes, means = [len(group) for group in groups], [float(group.mean()) if len(group) else NAN for group in groups]
    fields = {"n_treated": sizes[0], "n_control": sizes[1], "mean_treated": means[0], "mean_control": means[1]}
    if min(sizes) < 2:
        return {**fields, "reason": "fewer than two persons in a group"}
    own = difference_in_means(y, arm, level=level)
    found = {name: getattr(own, name) for name in ("difference", "se", "df", "ci_low", "ci_high", "p")}
    return {**fields, **found, "reason": "" if own.se > 0 else "no variation within the groups"}


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
    order = np.argsort(site, kind="stable")
    rows = []
    starts = np.flatnonzero(np.diff(site[order], prepend=-1))  # without anybody there is no site either
    for label, own in zip(labels.tolist(), np.split(order, starts)[1:], strict=True):
        here = own[known[own]]
        row = SiteRow(site=label, **_of_part(y[here], arm[here], level))
        if row.estimable:
            row = replace(row, se_pooled=(pooled * (1 / row.n_treated + 1 / row.n_control)) ** 0.5)
        rows.append(row)
    return _together(rows, level)


def _pooled_variance(y: Floats, arm: Booleans, site: Integers) -> float:
    """Variance within the cells of site by group, over all cells; NaN where no cell has two persons."""
    cell = np.unique(2 * site + arm, return_inverse=True)[1]
    size = np.bincount(cell)
    means = np.bincount(cell, y) / size
    df = len(y) - len(size)
    apart = deviations(y, means[cell])
    return float(apart @ apart / df) if df > 0 else NAN


def _together(rows: list[SiteRow], level: float) -> SiteDifferences:
    """Add what rests on all sites: adjusted p-values and shrinkage."""
    p = np.array([row.p for row in rows])
    rows = [
        replace(row, p_holm=float(strict), p_bh=float(lenient))
        for row, strict, lenient in zip(rows, holm(p), benjamini_hochberg(p), strict=True)
    ]
    usable = [at for at, row in enumerate(rows) if row.se_pooled > 0]
    n_estimable = sum(row.estimable for row in rows) if usable else 0
    difference = np.array([rows[at].difference for at in usable])
    error = np.array([rows[at].se_pooled for at in usable])
    if len(usable) >= FEWEST_SHRUNKEN:
        drawn = empirical_bayes(difference, error, level=level)
        for at, value, low, high in zip(usable, drawn.value, drawn.ci_low, drawn.ci_high, strict=True):
            rows[at] = replace(rows[at], shrunken=float(value), shrunken_low=float(low), shrunken_high=float(high))
    return SiteDifferences(tuple(rows), heterogeneity(difference, error) if len(usable) >= 2 else None, n_estimable)


def subgroup_differences(
    values: Any, treated: Any, subgroups: Mapping[str, Any], *, level: float = 0.05
) -> tuple[Subgroups, ...]:
    """Treated minus controls of `values` (n,) within each of the named divisions (columns of n labels).

    Persons without a value are left out; a person without a label in a division is left out of that division. Each row
    is Welch's test. The interaction test is Wald's, an F with HC2 errors, on the products of treatment and subgroup in
    a regression on treatment, subgroups and products. A subgroup with fewer than two persons in a group, or where
    nobody differs, gives a row with its reason.

    Raises EmptyGroupError when nobody is treated or nobody is control, LengthMismatchError, NotBinaryError and
    ArgumentError (no division).
    """
    y, arm = numbers(values, "values"), indicator(treated, "treated")
    same_length(values=y, treated=arm)
    checked_level(level)
    if not list(subgroups.keys()):
        raise ArgumentError("there is no division into subgroups")
    if not arm.any() or arm.all():
        raise EmptyGroupError(f"there are {int(arm.sum())} treated and {int((~arm).sum())} controls; both are needed")
    found = []
    for name, column in subgroups.items():
        label = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
        same_length(**{"values": y, f"subgroups {name}": label})
        known = ~np.isnan(y) & ~np.asarray(pd.isna(label))
        group, names = codes(label[known], str(name))
        found.append(_division(str(name), y[known], arm[known], group, names.tolist(), level))
    adjusted = holm([one.interaction.p if one.interaction else NAN for one in found])
    return tuple(replace(one, p_holm=float(p)) for one, p in zip(found, adjusted, strict=True))


def _division(name: str, y: Floats, arm: Booleans, group: Integers, labels: list[Any], level: float) -> Subgroups:
    rows = [
        SubgroupRow(subgroup=label, **_of_part(y[group == code], arm[group == code], level))
        for code, label in enumerate(labels)
    ]
    usable = [code for code, row in enumerate(rows) if not row.reason]
    interaction = _interaction(y, arm, group, usable) if len(usable) >= 2 else None
    return Subgroups(name, tuple(rows), interaction, NAN)


def _interaction(y: Floats, arm: Booleans, group: Integers, usable: list[int]) -> JointTest:
    inside = np.isin(group, usable)
    y, arm, group = y[inside], arm[inside], group[inside]
    columns: dict[str, Any] = {"treated": arm}
    columns |= {f"group {code}": group == code for code in usable[1:]}
    products = {f"treated in group {code}": arm & (group == code) for code in usable[1:]}
    return joint_test(ols(y, {**columns, **products}), list(products))
