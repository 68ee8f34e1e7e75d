"""The adjusted, stratified and clustered difference between treated and controls in one week.

Sources: Lin (2013), Annals of Applied Statistics 7 (adjustment); Miratrix, Sekhon and Yu (2013), JRSS B 75
(post-stratification); `sandwich` for the errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportlib.estimators.columns import renumber
from reportlib.estimators.inputs import Booleans, Floats, Integers, deviations
from reportlib.estimators.sandwich import (
    Clusters,
    LeastSquares,
    clusters_of,
    covariance,
    independent_columns,
    influence,
    least_squares,
    satterthwaite,
)


@dataclass(frozen=True, slots=True, eq=False)
class WeekModel:
    """A least-squares model of one week's persons, of which one coefficient is wanted: `weights` (k,) pick it out."""

    fit: LeastSquares
    weights: Floats
    clusters: Clusters | None
    df: float
    correction: str

    def with_outcome(self, y: Floats) -> WeekModel:
        """The same persons and terms with another outcome y (n,)."""
        return replace(self, fit=self.fit.with_outcome(y))

    def coefficient(self) -> tuple[float, float, float, Floats]:
        """The coefficient: (value, se, df, persons' parts (n,))."""
        at = int(self.weights.argmax())
        se = float(np.sqrt(covariance(self.fit, self.correction, self.clusters)[at, at]))
        parts = influence(self.fit, self.weights, self.correction, self.clusters)
        return float(self.fit.coef[at]), se, self.df, parts


def week_model(X: Floats, y: Floats, at: int, cluster: Integers | None, correction: str) -> WeekModel | None:
    """The model of y (n,) on X (n, k) for coefficient number `at`.

    None where the persons are too few for the terms, or belong to one cluster.
    """
    n, k = X.shape
    if n <= k:
        return None
    fit = least_squares(X, y, tuple(f"column {j}" for j in range(k)))
    weights = np.eye(k)[at]
    clusters = None
    df = float(n - k)
    if cluster is not None:
        local, present = renumber(cluster)
        if len(present) < 2:
            return None
        clusters = clusters_of(fit, local, correction)
        single = fit.contrast(weights[:, None])
        df = float(satterthwaite(clusters, single)[0]) if correction == "CR2" else float(len(present) - 1)
    return WeekModel(fit, weights, clusters, df, correction)


@dataclass(frozen=True, slots=True, eq=False)
class OneWeek:
    """One week's persons: their values, groups and (where clustered) clusters."""

    y: Floats
    arm: Booleans
    cluster: Integers | None
    correction: str

    def adjusted(self, columns: Floats | None) -> tuple[float, float, float, Floats] | None:
        """Least squares on treatment, the centred columns and their products with treatment (Lin 2013).

        Gives (difference, se, df, parts), or None where the week's persons are too few for the terms.
        """
        t = self.arm.astype(float)
        X = np.column_stack([np.ones(len(t)), t])
        if columns is not None:
            centred = columns - columns.mean(axis=0)
            X = np.column_stack([X, centred, centred * t[:, None]])
            X = X[:, independent_columns(X)]
        model = week_model(X, self.y, 1, self.cluster, self.correction)
        return None if model is None else model.coefficient()

    def stratified(self, stratum: Integers) -> tuple[float, float, float, Floats] | None:
        """Differences within strata, weighted by the strata's persons; with clusters by way of `adjusted`."""
        local = _merge_thin(stratum, self.arm)
        count = int(local.max()) + 1
        if self.cluster is not None:
            # Dummies centred and interacted with treatment give the same estimate (Lin 2013, section 4).
            return self.adjusted((local[:, None] == np.arange(1, count)).astype(float))
        size = np.bincount(local, minlength=count)
        weight = size / size.sum()
        difference, variance, spread = 0.0, 0.0, 0.0
        parts = np.zeros(len(local))
        for sign, side in ((1, self.arm), (-1, ~self.arm)):
            n = np.bincount(local[side], minlength=count).astype(float)
            mean = np.bincount(local[side], self.y[side], count) / n
            apart = deviations(self.y[side], mean[local[side]])
            parts[side] = sign * (weight / np.sqrt(n * (n - 1)))[local[side]] * apart
            cells = np.bincount(local[side], parts[side] ** 2, count)
            difference += sign * float(weight @ mean)
            variance += float(cells.sum())
            spread += float((cells**2 / (n - 1)).sum())
        return difference, variance**0.5, variance**2 / spread if spread else float("nan"), parts


def _merge_thin(stratum: Integers, arm: Booleans) -> Integers:
    """Codes 0.. of strata with at least two persons in each group; the thinner ones are taken together.

    When they are still too thin together they join the smallest of the others.
    """
    _, local = np.unique(stratum, return_inverse=True)
    treated, control = (np.bincount(local[side], minlength=local.max() + 1) for side in (arm, ~arm))
    thin = (treated < 2) | (control < 2)
    if thin.any():
        together = treated[thin].sum(), control[thin].sum()
        if min(together) < 2 and not thin.all():
            size = np.where(thin, np.iinfo(np.int64).max, treated + control)
            target = int(size.argmin())
        else:
            target = int(thin.argmax())
        local = np.where(thin[local], target, local)
    _, merged = np.unique(local, return_inverse=True)
    return merged.astype(np.int64)
