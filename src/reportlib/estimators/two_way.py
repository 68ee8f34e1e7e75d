"""Treatment beside effects of every unit and every period, for many persons in few municipalities and weeks.

Sources: Pustejovsky and Tipton (2018), J. Business & Economic Statistics 36 (absorbed effects and CR2); `sandwich`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.errors import ArgumentError, NoDegreesOfFreedomError
from reportlib.estimators.inputs import checked_level, codes, finite, indicator, one_of, same_length
from reportlib.estimators.regression import t_interval
from reportlib.estimators.sandwich import (
    CLUSTERED,
    CONVENTIONS,
    clusters_of,
    covariance,
    least_squares,
    satterthwaite,
)


@dataclass(frozen=True, slots=True)
class TwoWayEstimate:
    """The coefficient of treatment beside effects of every unit and every period; `n_cells` distinct rows behind n."""

    estimate: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    n: int
    n_clusters: int
    n_cells: int
    correction: str
    convention: str


def two_way(
    outcome: Any,
    treated: Any,
    unit: Any,
    period: Any,
    *,
    clusters: Any = None,
    correction: str = "CR2",
    level: float = 0.05,
) -> TwoWayEstimate:
    """Regress `outcome` (n,) on `treated` (0/1) and effects of every `unit` and `period` (n labels each).

    Errors are clustered on `clusters` (n labels), on the unit when not given; `correction` is "CR0", "CR1" or "CR2".
    With one treated group and one date this is the difference in differences of `did` with exact indicators.

    Rows with the same unit, period and treatment have the same regressors, so they are first gathered into cells: least
    squares on the cells' means times root n has the same coefficients and the same Q_g'Q_g and Q_g'e_g, so the same
    clustered errors. The units' effects are taken out by centring; as long as a unit lies in one cluster this leaves
    the clustered errors, CR2's too, what they are with an indicator for every unit (Pustejovsky and Tipton 2018,
    theorem 2). CR1 counts every unit and period in k, as a regression with indicators does.

    Raises LengthMismatchError, MissingValueError, NotBinaryError, ArgumentError (a unit in two clusters),
    TooFewClustersError, CollinearTermsError (unit and period determine treatment), NoDegreesOfFreedomError and
    UnknownMethodError.
    """
    one_of("correction", correction, CLUSTERED)
    checked_level(level)
    y, on = finite(outcome, "outcome"), indicator(treated, "treated")
    of, units = codes(unit, "unit")
    at, periods = codes(period, "period")
    group = of if clusters is None else codes(clusters, "clusters")[0]
    n = same_length(outcome=y, treated=on, unit=of, period=at, clusters=group)
    if len(np.unique(of * (group.max() + 1) + group)) > len(units):
        raise ArgumentError("a unit has rows in two clusters", hint="cluster on the unit, or on groups of whole units")
    _, first, cell = np.unique((of * len(periods) + at) * 2 + on, return_index=True, return_inverse=True)
    size = np.bincount(cell)
    X = np.column_stack([on[first], at[first][:, None] == np.arange(1, len(periods))]).astype(float)
    of, group = of[first], group[first]
    columns = np.column_stack([X, np.bincount(cell, y) / size])
    weight = np.bincount(of, size)
    centre = np.stack([np.bincount(of, column * size) / weight for column in columns.T], axis=1)
    scaled = (columns - centre[of]) * np.sqrt(size)[:, None]
    k = len(units) + X.shape[1]
    names = ("treated", *(f"period {label}" for label in periods[1:]))
    if n <= k:
        raise NoDegreesOfFreedomError(f"{n} rows cannot carry treatment, {len(units)} units and {len(periods)} periods")
    fit = least_squares(scaled[:, :-1], scaled[:, -1], names)
    grouped = clusters_of(fit, group, "CR2" if correction == "CR2" else "CR0")
    variance = covariance(fit, correction, grouped)[0, 0]
    count = grouped.count
    df = float(count - 1)
    if correction == "CR1":
        variance *= count / (count - 1) * (n - 1) / (n - k)
    elif correction == "CR2":
        df = float(satterthwaite(grouped, fit.contrast(np.eye(X.shape[1])[:, [0]]))[0])
    estimate, se = float(fit.coef[0]), float(variance**0.5)
    low, high, p = t_interval(np.array(estimate), np.array(se), np.array(df), level)
    return TwoWayEstimate(
        estimate=estimate,
        se=se,
        df=df,
        ci_low=float(low),
        ci_high=float(high),
        p=float(p),
        n=n,
        n_clusters=count,
        n_cells=len(first),
        correction=correction,
        convention=CONVENTIONS[correction],
    )
