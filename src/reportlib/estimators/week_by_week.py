"""Differences between treated and controls week by week among those followed, and what builds on them.

A person enters a week only if followed in it (the value is not NaN), so the groups thin out towards the last weeks.
Every result keeps each person's part of the error (the influence function), because the same persons stand behind
many weeks: sums over weeks and bands over all weeks need how the weeks' errors hang together.

Sources: Neyman (1923), and Samii and Aronow (2012), Stat. Prob. Letters 82 (HC2 is Neyman's error); Lin (2013), Annals
of Applied Statistics 7 (adjustment); Miratrix, Sekhon and Yu (2013), JRSS B 75 (post-stratification); `sandwich`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from reportlib.estimators.errors import (
    ArgumentError,
    EmptyGroupError,
    MissingValueError,
    TooFewClustersError,
)
from reportlib.estimators.regression import (
    Clusters,
    LeastSquares,
    clusters_of,
    covariance,
    design_matrix,
    independent_columns,
    influence,
    least_squares,
    satterthwaite,
    t_interval,
)

_TOGETHER = 1 << 14


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WeeklyDifference:
    """Treated minus controls in each of W weeks; every array but `influence` and `clusters` is (W,).

    `n` persons followed, `n_*` those of a group (of two years the fewer), `mean_*` their plain means in the values'
    unit (also when `difference` is adjusted for covariates or strata, so that it need not equal their difference).
    `influence` (n_persons, W) is each person's part of the error: se² is the sum of its squares or, where `clusters`
    (n_persons,) is given, the sum over clusters of the squared sums. A week in which a group has fewer than two persons
    has no difference (NaN); a week in which nobody differs has se 0 and no interval (NaN).
    """

    week: NDArray[Any]
    n: Integers
    n_treated: Integers
    n_control: Integers
    mean_treated: Floats
    mean_control: Floats
    difference: Floats
    se: Floats
    df: Floats
    ci_low: Floats
    ci_high: Floats
    p: Floats
    influence: Floats
    clusters: Integers | None
    correction: str
    level: float


def weekly_difference(
    values: Any,
    treated: Any,
    *,
    level: float = 0.05,
    covariates: Mapping[str, Any] | None = None,
    strata: Any = None,
    clusters: Any = None,
) -> WeeklyDifference:
    """Treated minus controls in each week, 1, 2, ..., among those followed in it: the difference in means, or adjusted.

    values      (n_persons, n_weeks), NaN where a person is not followed
    treated     (n_persons,), 0 or 1
    covariates  named columns to adjust for (Lin), each centred among those followed in the week and interacted with
                treatment; a column that the week's persons no longer vary on is left out of that week.
    strata      n_persons labels: differences within them, weighted by the persons followed in each. Strata with fewer
                than two in a group in the week are taken together, so that nobody is left out.
    clusters    n_persons labels: errors are then CR2 instead of HC2 (Neyman's)

    Degrees of freedom: raw HC2 Welch-Satterthwaite; stratified HC2 the same over all cells; lin HC2 n - k as estimatr;
    CR2 Bell-McCaffrey.

    Raises EmptyGroupError when nobody is treated or nobody is control, LengthMismatchError, NotBinaryError,
    MissingValueError (a covariate, a label or an infinite value), ConstantCovariateError, TooFewClustersError,
    ArgumentError (covariates and strata) and BadLevelError.
    """
    y = numbers(values, "values", ndim=2)
    if any(np.isinf(y[some]).any() for some in stretches(len(y))):
        raise MissingValueError("values has infinite values", hint="NaN marks a week in which a person is not followed")
    arm = indicator(treated, "treated")
    same_length(values=y, treated=arm)
    if not arm.any() or arm.all():
        raise EmptyGroupError(f"there are {int(arm.sum())} treated and {int((~arm).sum())} controls; both are needed")
    checked_level(level)
    if covariates is not None and strata is not None:
        raise ArgumentError("a difference is adjusted for covariates or within strata, not both")
    columns = design_matrix(covariates)[0][:, 1:] if covariates is not None else None
    stratum = codes(strata, "strata")[0] if strata is not None else None
    cluster = codes(clusters, "clusters")[0] if clusters is not None else None
    for name, array in (("covariates", columns), ("strata", stratum), ("clusters", cluster)):
        if array is not None:
            same_length(values=y, **{name: array})
    if cluster is not None and cluster.max() == 0:
        raise TooFewClustersError("all persons belong to one cluster", hint="leave the clusters out")
    if cluster is not None and stratum is not None and _same_partition(cluster, stratum):
        raise ArgumentError(
            "the strata are the clusters: within a stratum nothing is left that varies between clusters",
            hint="cluster without stratifying, or stratify without clusters",
        )

    n, means = _levels(y, arm)
    enough = (n[0] >= 2) & (n[1] >= 2)
    if columns is None and stratum is None and cluster is None:
        difference, se, df, parts = _raw(y, arm, n, means, enough)
    else:
        followed = ~np.isnan(y)
        difference, se, df = (np.full(y.shape[1], np.nan) for _ in range(3))
        parts = np.zeros(y.shape)
        for w in np.flatnonzero(enough):
            here = followed[:, w]
            weekly = OneWeek(y[here, w], arm[here], None if cluster is None else cluster[here])
            if stratum is not None:
                fitted = weekly.stratified(stratum[here])
            else:
                fitted = weekly.adjusted(columns[here] if columns is not None else None)
            if fitted is not None:
                difference[w], se[w], df[w], parts[here, w] = fitted
    low, high, p = t_interval(difference, se, df, level)
    return WeeklyDifference(
        week=np.arange(1, y.shape[1] + 1),
        n=n[0] + n[1],
        n_treated=n[0],
        n_control=n[1],
        mean_treated=means[0],
        mean_control=means[1],
        difference=difference,
        se=se,
        df=df,
        ci_low=low,
        ci_high=high,
        p=p,
        influence=parts,
        clusters=cluster,
        correction="HC2" if cluster is None else "CR2",
        level=level,
    )


def _same_partition(a: Integers, b: Integers) -> bool:
    pairs = len(np.unique(np.stack([a, b]), axis=1).T)
    return bool(pairs == a.max() + 1 == b.max() + 1)


def stretches(persons: int) -> list[slice]:
    """Persons who are looked at together: what is made of a whole country at once costs more to allot than to fill."""
    return [slice(first, first + _TOGETHER) for first in range(0, persons, _TOGETHER)]


def _levels(y: Floats, arm: Booleans) -> tuple[list[Integers], list[Floats]]:
    """Of the treated and of the controls: how many are followed in each week, and their means."""
    n = [np.zeros(y.shape[1], dtype=np.int64) for _ in range(2)]
    total = [np.zeros(y.shape[1]) for _ in range(2)]
    for some in stretches(len(y)):
        for place, side in enumerate((arm[some], ~arm[some])):
            own = y[some][side]
            missing = np.isnan(own)
            n[place] += len(own) - np.count_nonzero(missing, axis=0)
            own[missing] = 0.0
            total[place] += own.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return n, [summed / size for summed, size in zip(total, n, strict=True)]


def _raw(
    y: Floats, arm: Booleans, n: list[Integers], means: list[Floats], enough: Booleans
) -> tuple[Floats, Floats, Floats, Floats]:
    """Difference in means, Neyman's error, Welch's df and the persons' parts, all weeks at once."""
    parts = np.empty(y.shape)
    scale = np.fmax.reduce([np.fmax.reduce(np.abs(y[some]), axis=0, initial=0.0) for some in stretches(len(y))])
    variances = [np.zeros(y.shape[1]) for _ in range(2)]
    with np.errstate(invalid="ignore", divide="ignore"):
        divisors = [sign * np.sqrt(size * (size - 1.0)) for sign, size in zip((1, -1), n, strict=True)]
        for some in stretches(len(y)):
            for place, side in enumerate((arm[some], ~arm[some])):
                own = deviations(y[some][side], means[place], scale) / divisors[place]
                own[np.isnan(own) | ~enough] = 0.0
                parts[some][side] = own
                variances[place] += np.einsum("ij,ij->j", own, own)
        first, second = (np.where(enough, variance, np.nan) for variance in variances)
        variance = first + second
        df = variance**2 / (first**2 / (n[0] - 1) + second**2 / (n[1] - 1))
    return np.where(enough, means[0] - means[1], np.nan), np.sqrt(variance), df, parts


def error_from_parts(parts: Floats, clusters: Integers | None) -> Floats:
    """Standard errors (W,) from persons' parts (n_persons, W), summed over clusters first where these are given."""
    if clusters is not None:
        parts = sum_by_cluster(parts, clusters)
    answer: Floats = np.sqrt(np.einsum("ij,ij->j", parts, parts))
    return answer


def sum_by_cluster(parts: Floats, clusters: Integers) -> Floats:
    """Parts (n_persons, W) summed over each cluster's persons, (G, W)."""
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order], prepend=-1))
    answer: Floats = np.add.reduceat(parts[order], starts, axis=0)
    return answer


def accumulated_difference(result: WeeklyDifference) -> WeeklyDifference:
    """The running sum of the weekly differences up to and including each week.

    The unit is the values' unit times weeks (hours per week become hours). `n_*` is the fewest persons followed in any
    week so far; `df` the smallest degrees of freedom so far. From the first week without a difference all is NaN.

    Each week's difference is among those followed in it, so with staggered follow-up the later terms rest on fewer
    persons. The error takes account of the same persons standing behind many weeks: each person's parts are summed over
    weeks before they are squared.
    """
    parts = np.cumsum(result.influence, axis=1)
    difference = np.cumsum(result.difference)
    se = np.where(np.isnan(difference), np.nan, error_from_parts(parts, result.clusters))
    df = np.where(np.isnan(difference), np.nan, np.fmin.accumulate(result.df))
    low, high, p = t_interval(difference, se, df, result.level)
    return replace(
        result,
        n=np.minimum.accumulate(result.n),
        n_treated=np.minimum.accumulate(result.n_treated),
        n_control=np.minimum.accumulate(result.n_control),
        mean_treated=np.cumsum(result.mean_treated),
        mean_control=np.cumsum(result.mean_control),
        difference=difference,
        se=se,
        df=df,
        ci_low=low,
        ci_high=high,
        p=p,
        influence=parts,
    )


def first_lasting_week(result: WeeklyDifference, *, min_followed: int) -> Any:
    """From which week the difference lasts: the first week t such that the interval excludes zero, on the same side, in
    week t and in every later week with at least `min_followed` persons in each group. None when there is no such week.

    Weeks with fewer persons are passed over: they neither begin nor break a lasting difference. A week without an
    interval (NaN) excludes nothing, so it breaks.
    """
    enough = np.flatnonzero((result.n_treated >= min_followed) & (result.n_control >= min_followed))
    side = np.where(result.ci_low > 0, 1, np.where(result.ci_high < 0, -1, 0))[enough]
    if not len(side) or side[-1] == 0:
        return None
    broken = np.flatnonzero(side != side[-1])
    return result.week[enough[int(broken[-1]) + 1 if len(broken) else 0]].item()


# --- One week, adjusted, stratified or clustered


@dataclass(frozen=True, slots=True, eq=False)
class WeekModel:
    """A least-squares model of one week's persons, of which one coefficient is wanted: `weights` (k,) pick it out."""

    fit: LeastSquares
    weights: Floats
    clusters: Clusters | None
    df: float

    def with_outcome(self, y: Floats) -> WeekModel:
        """The same persons and terms with another outcome y (n,)."""
        return replace(self, fit=self.fit.with_outcome(y))

    def coefficient(self) -> tuple[float, float, float, Floats]:
        """The coefficient: (value, se, df, persons' parts (n,))."""
        at = int(self.weights.argmax())
        se = float(np.sqrt(covariance(self.fit, self.clusters)[at, at]))
        parts = influence(self.fit, self.weights, self.clusters)
        return float(self.fit.coef[at]), se, self.df, parts


def week_model(X: Floats, y: Floats, at: int, cluster: Integers | None) -> WeekModel | None:
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
        present, local = np.unique(cluster, return_inverse=True)
        if len(present) < 2:
            return None
        clusters = clusters_of(fit, local)
        df = float(satterthwaite(clusters, fit.contrast(weights[:, None]))[0])
    return WeekModel(fit, weights, clusters, df)


@dataclass(frozen=True, slots=True, eq=False)
class OneWeek:
    """One week's persons: their values, groups and (where clustered) clusters."""

    y: Floats
    arm: Booleans
    cluster: Integers | None

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
        model = week_model(X, self.y, 1, self.cluster)
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
