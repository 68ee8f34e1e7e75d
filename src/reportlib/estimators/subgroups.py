"""The difference between treated and controls in each subgroup, and the test that counts: do the subgroups differ?

That the difference is significant in one subgroup and not in another says nothing of whether they differ (Gelman and
Stern 2006, American Statistician 60). The interaction test does; with many divisions it is adjusted for their number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from reportlib.estimators.errors import ArgumentError, EmptyGroupError
from reportlib.estimators.inputs import Floats, Integers, checked_level, codes, indicator, numbers, one_of, same_length
from reportlib.estimators.multiplicity import benjamini_hochberg, holm
from reportlib.estimators.regression import JointTest, difference_in_means, joint_test, ols, t_interval
from reportlib.estimators.sandwich import CLUSTERED

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class SubgroupRow:
    """One subgroup's difference in the values' unit. `reason` says why it has none, and is empty where it has."""

    subgroup: Any
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


@dataclass(frozen=True, slots=True)
class Subgroups:
    """One division into subgroups: the rows in sorted order and the test that their differences are equal.

    `interaction` rests on the rows that have a difference and is None when they are fewer than two. `p_holm` and `p_bh`
    adjust its p for the divisions looked at together (equal to p for one).
    """

    division: str
    rows: tuple[SubgroupRow, ...]
    interaction: JointTest | None
    p_holm: float
    p_bh: float
    correction: str


def subgroup_differences(
    values: Any,
    treated: Any,
    subgroups: Mapping[str, Any],
    *,
    clusters: Any = None,
    correction: str | None = None,
    level: float = 0.05,
) -> tuple[Subgroups, ...]:
    """Treated minus controls of `values` (n,) within each of the named divisions (columns of n labels).

    Persons without a value are left out; a person without a label in a division is left out of that division. Without
    clusters each row is Welch's test and the interaction test an F with HC2 errors. With `clusters` (n labels) rows and
    interaction have CR2 errors (or CR0, CR1 by `correction`), the interaction by the HTZ test.

    The interaction test is Wald's on the products of treatment and subgroup in a regression on treatment, subgroups and
    products. A subgroup with fewer than two persons in a group, or where nobody differs, gives a row with its reason.

    Raises EmptyGroupError when nobody is treated or nobody is control, LengthMismatchError, NotBinaryError,
    ArgumentError (no division; a correction that does not fit) and UnknownMethodError.
    """
    y, arm = numbers(values, "values"), indicator(treated, "treated")
    same_length(values=y, treated=arm)
    checked_level(level)
    correction = one_of("correction", correction or ("HC2" if clusters is None else "CR2"), ("HC2", *CLUSTERED))
    if (correction == "HC2") != (clusters is None):
        raise ArgumentError(f"correction {correction} {'ignores' if correction == 'HC2' else 'needs'} clusters")
    if not list(subgroups.keys()):
        raise ArgumentError("there is no division into subgroups")
    cluster = codes(clusters, "clusters")[0] if clusters is not None else None
    if cluster is not None:
        same_length(values=y, clusters=cluster)
    if not arm.any() or arm.all():
        raise EmptyGroupError(f"there are {int(arm.sum())} treated and {int((~arm).sum())} controls; both are needed")
    found = []
    for name, column in subgroups.items():
        label = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
        same_length(**{"values": y, f"subgroups {name}": label})
        known = ~np.isnan(y) & ~np.asarray(pd.isna(label))
        group, names = codes(label[known], str(name))
        own = cluster[known] if cluster is not None else None
        found.append(_division(str(name), y[known], arm[known], group, names.tolist(), own, correction, level))
    p = [one.interaction.p if one.interaction else NAN for one in found]
    return tuple(
        replace(one, p_holm=float(a), p_bh=float(b))
        for one, a, b in zip(found, holm(p), benjamini_hochberg(p), strict=True)
    )


def _division(
    name: str,
    y: Floats,
    arm: Any,
    group: Integers,
    labels: list[Any],
    cluster: Integers | None,
    correction: str,
    level: float,
) -> Subgroups:
    rows = []
    for code, label in enumerate(labels):
        here = group == code
        rows.append(_row(label, y[here], arm[here], None if cluster is None else cluster[here], correction, level))
    usable = [code for code, row in enumerate(rows) if not row.reason]
    interaction = _interaction(y, arm, group, usable, cluster, correction) if len(usable) >= 2 else None
    return Subgroups(name, tuple(rows), interaction, NAN, NAN, correction)


def _row(label: Any, y: Floats, arm: Any, cluster: Integers | None, correction: str, level: float) -> SubgroupRow:
    sides = y[arm], y[~arm]
    means = [float(side.mean()) if len(side) else NAN for side in sides]
    row = SubgroupRow(label, len(sides[0]), len(sides[1]), means[0], means[1])
    if min(len(side) for side in sides) < 2:
        return replace(row, reason="fewer than two persons in a group")
    if cluster is None:
        own = difference_in_means(y, arm, level=level)
        difference, se, df = own.difference, own.se, own.df
    else:
        if len(np.unique(cluster)) < 2:
            return replace(row, reason="one cluster")
        fit = ols(y, {"treated": arm}, correction=correction, clusters=cluster, level=level)
        difference, se, df = float(fit.coef[1]), float(fit.se[1]), float(fit.df[1])
    if not se > 0:
        return replace(row, difference=difference, se=se, reason="no variation")
    low, high, p = t_interval(np.array(difference), np.array(se), np.array(df), level)
    return replace(row, difference=difference, se=se, df=df, ci_low=float(low), ci_high=float(high), p=float(p))


def _interaction(
    y: Floats, arm: Any, group: Integers, usable: list[int], cluster: Integers | None, correction: str
) -> JointTest:
    inside = np.isin(group, usable)
    y, arm, group = y[inside], arm[inside], group[inside]
    columns: dict[str, Any] = {"treated": arm}
    columns |= {f"group {code}": group == code for code in usable[1:]}
    products = {f"treated in group {code}": arm & (group == code) for code in usable[1:]}
    clusters = None if cluster is None else cluster[inside]
    fit = ols(y, {**columns, **products}, correction=correction, clusters=clusters)
    return joint_test(fit, list(products))
