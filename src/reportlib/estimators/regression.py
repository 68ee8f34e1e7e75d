"""Ordinary least squares with robust and clustered errors whose correction is part of the result; Welch's difference.

The errors are worked out cluster by cluster on small matrices. With X = QR (Q orthonormal, n x k) every quantity of the
cluster-robust estimator needs only, for each cluster g, the k x k matrix Q_g'Q_g and the k-vector Q_g'e_g. The CR2
adjustment (I - H_gg)^(-1/2), an n_g x n_g matrix, satisfies

    (I - Q_g Q_g')^(-1/2) Q_g = Q_g B_g   with   B_g = (I - Q_g'Q_g)^(-1/2),  k x k,

so that no matrix larger than k x k is ever formed and neither the number of rows nor the size of a cluster matters.

statsmodels has HC0 to HC3 and CR1, and no CR2: with few clusters CR1 rejects far too often (docs/agreement.md).

Sources: MacKinnon and White (1985), J. Econometrics 29 (HC2); Bell and McCaffrey (2002), Survey Methodology 28 (CR2 and
its degrees of freedom); Pustejovsky and Tipton (2018), J. Business & Economic Statistics 36 (generalised inverse where
a cluster determines a coefficient alone); Imbens and Kolesár (2016), Rev. Econ. Stat. 98.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from reportlib.errors import did_you_mean
from reportlib.estimators.checked import (
    Floats,
    Integers,
    checked_level,
    codes,
    deviations,
    finite,
    indicator,
    numbers,
    same_length,
    variance,
)
from reportlib.estimators.errors import (
    ArgumentError,
    CollinearTermsError,
    ConstantCovariateError,
    EmptyGroupError,
    NoDegreesOfFreedomError,
    TooFewClustersError,
    UnknownTermError,
)

CONVENTIONS = {
    "HC2": "squared residuals over 1 - h, t on n - k degrees of freedom",
    "CR2": "clustered, bias-reduced (Bell-McCaffrey), t on Satterthwaite degrees of freedom",
}
"""What each correction means, to be printed with the result: the same model has several clustered errors."""

_DEPENDENT = 1e-9  # a column whose part outside the others is smaller than this, relative to its length, is dependent
_NOTHING = 1e-20  # a variance smaller than this, relative to the sum of squared residuals behind it, is rounding
_DETERMINED = 1e-10  # 1 minus an eigenvalue of Q_g'Q_g below this: the cluster alone determines that direction


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A fitted model: Q (n, k) with orthonormal columns, L = R⁻¹ (k, k), coefficients (k,), residuals (n,)."""

    q: Floats
    r_inverse: Floats
    coef: Floats
    residuals: Floats

    def contrast(self, weights: Floats) -> Floats:
        """The vector d with weights'β = d'Q'y, a contrast in Q's coordinates. `weights` is (k,) or (k, m)."""
        answer: Floats = self.r_inverse.T @ weights
        return answer

    def with_outcome(self, y: Floats) -> LeastSquares:
        """The same terms fitted to another outcome y (n,), without the work that depends on the terms alone."""
        projected = self.q.T @ y
        return LeastSquares(self.q, self.r_inverse, self.r_inverse @ projected, deviations(y, self.q @ projected))


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Rows by cluster: `codes` (n,) in 0..G-1, Q_g'Q_g (G, k, k) and the adjustment B_g (G, k, k)."""

    codes: Integers
    grams: Floats
    adjust: Floats

    @property
    def count(self) -> int:
        return len(self.grams)


def independent_columns(X: Floats) -> NDArray[np.bool_]:
    """Which columns of X (n, k) to keep so that the rest are independent; of a dependent set the last is dropped."""
    keep = np.ones(X.shape[1], dtype=bool)
    length = np.linalg.norm(X, axis=0)
    keep[length == 0] = False
    # Gram-Schmidt twice over the kept columns: exact enough, and the first dependent column is found by its own name.
    basis = np.zeros((len(X), 0))
    for j in np.flatnonzero(keep):
        rest = X[:, j] / length[j]
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size < _DEPENDENT or basis.shape[1] == len(X):
            keep[j] = False
        else:
            basis = np.column_stack([basis, rest / size])
    return keep


def least_squares(X: Floats, y: Floats, names: tuple[str, ...]) -> LeastSquares:
    """Fit y (n,) on X (n, k) by QR.

    Raises NoDegreesOfFreedomError unless n > k, and CollinearTermsError with the first term that the others determine.
    """
    n, k = X.shape
    if n <= k:
        raise NoDegreesOfFreedomError(
            f"{n} rows cannot carry {k} terms ({', '.join(names[:6])}{', …' if k > 6 else ''})",
            hint="leave terms out, or fit on more persons",
        )
    q, r = np.linalg.qr(X)
    length = np.linalg.norm(X, axis=0)
    if (np.abs(np.diag(r)) < _DEPENDENT * np.where(length > 0, length, 1)).any():
        dropped = np.flatnonzero(~independent_columns(X))
        name = names[int(dropped[0])] if len(dropped) else "a term"
        raise CollinearTermsError(f"{name} is determined by the other terms", hint=f"leave {name} out of the model")
    r_inverse: Floats = np.asarray(np.linalg.solve(r, np.eye(k)), dtype=np.float64)
    return LeastSquares(q, r_inverse, np.zeros(k), y).with_outcome(y)


def clusters_of(fit: LeastSquares, codes: Integers) -> Clusters:
    """The cluster sums of `fit` and each cluster's CR2 adjustment.

    Raises TooFewClustersError when the rows belong to one cluster.
    """
    count = int(codes.max()) + 1 if len(codes) else 0
    if count < 2:
        raise TooFewClustersError(
            f"errors clustered on {count} cluster{'s' if count != 1 else ''} do not exist",
            hint="leave the clusters out, or say that the sites cannot be told apart",
        )
    order = np.argsort(codes, kind="stable")
    rows = np.split(fit.q[order], np.cumsum(np.bincount(codes))[:-1])
    grams = np.stack([own.T @ own for own in rows])
    values, vectors = np.linalg.eigh(grams)
    left = 1 - values
    # Moore-Penrose: where a cluster determines a direction alone its residual is zero there and stays so.
    root = np.where(left > _DETERMINED, 1 / np.sqrt(np.maximum(left, _DETERMINED)), 0.0)
    return Clusters(codes, grams, np.einsum("gij,gj,gkj->gik", vectors, root, vectors))


def _leverage_factors(fit: LeastSquares) -> Floats:
    """What each squared residual is multiplied by under HC2, (n,): 1/(1-h), and 0 where h is 1."""
    left = 1 - np.einsum("ij,ij->i", fit.q, fit.q)
    answer: Floats = np.where(left > _DETERMINED, 1 / np.maximum(left, _DETERMINED), 0.0)
    return answer


def covariance(fit: LeastSquares, clusters: Clusters | None) -> Floats:
    """The covariance matrix (k, k) of the coefficients: HC2, or CR2 with clusters."""
    k = fit.q.shape[1]
    if clusters is not None:
        sums = np.stack(
            [np.bincount(clusters.codes, fit.q[:, j] * fit.residuals, clusters.count) for j in range(k)], axis=1
        )
        scores = np.einsum("gij,gj->gi", clusters.adjust, sums)
        meat = scores.T @ scores
    else:
        meat = (fit.q * (_leverage_factors(fit) * fit.residuals**2)[:, None]).T @ fit.q
    answer: Floats = fit.r_inverse @ meat @ fit.r_inverse.T
    # Where the clusters leave a coefficient no error (their residuals cancel) rounding leaves a trace of one.
    largest = np.einsum("ij,ij->i", fit.r_inverse, fit.r_inverse) * (fit.residuals @ fit.residuals)
    nothing = np.diag(answer) <= _NOTHING * largest
    answer[nothing] = answer[:, nothing] = 0.0
    return answer


def influence(fit: LeastSquares, weights: Floats, clusters: Clusters | None) -> Floats:
    """Each row's part (n,) of the error of the contrast weights'β.

    The squared error is the sum of the squared parts; with clusters, the sum over clusters of their squared sums.
    """
    d = fit.contrast(weights)
    if clusters is not None:
        by_cluster = clusters.adjust @ d
        answer: Floats = np.einsum("ij,ij->i", fit.q, by_cluster[clusters.codes]) * fit.residuals
        return answer
    return (fit.q @ d) * fit.residuals * np.sqrt(_leverage_factors(fit))


def satterthwaite(clusters: Clusters, d: Floats) -> Floats:
    """Bell and McCaffrey's degrees of freedom (m,) for each of the contrasts d (k, m): (tr Ω)² / tr Ω².

    Ω is the covariance of a contrast's cluster scores under equal variances, diag_g(half_g · wide_g) - wide wide' with
    half_g = B_g d and wide_g = Q_g'Q_g B_g d.
    """
    half = np.einsum("gij,jm->mgi", clusters.adjust, d)
    wide = np.einsum("gij,mgj->mgi", clusters.grams, half)
    diagonal = np.einsum("mgi,mgi->mg", half, wide)
    squares = np.einsum("mgi,mgi->mg", wide, wide)
    inner = wide.transpose(0, 2, 1) @ wide
    trace = (diagonal - squares).sum(axis=1)
    squared = (diagonal * (diagonal - 2 * squares)).sum(axis=1) + np.einsum("mij,mij->m", inner, inner)
    answer: Floats = np.where(squared > 0, trace**2 / np.where(squared > 0, squared, 1.0), np.nan)
    return answer


INTERCEPT = "(intercept)"


@dataclass(frozen=True, slots=True, eq=False)
class OlsFit:
    """A regression's coefficients in the order of `terms`; every array is (k,) except `cov` (k, k).

    `df` are the degrees of freedom behind each interval and p-value; they differ by term under CR2. `correction` names
    how the errors are worked out (`CONVENTIONS`). `n_clusters` is None without clusters.
    """

    terms: tuple[str, ...]
    coef: Floats
    cov: Floats
    se: Floats
    df: Floats
    ci_low: Floats
    ci_high: Floats
    p: Floats
    n: int
    n_clusters: int | None
    correction: str
    level: float

    def index(self, term: str) -> int:
        """The position of `term`. Raises UnknownTermError with the nearest names."""
        if term not in self.terms:
            raise UnknownTermError(f"the model has no term {term!r}", hint=did_you_mean(term, self.terms))
        return self.terms.index(term)


@dataclass(frozen=True, slots=True)
class JointTest:
    """A test that several coefficients are all zero. `df2` is infinite for a chi-square test."""

    name: str
    statistic: float
    df1: float
    df2: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """Mean of the treated minus mean of the controls in the values' unit, with Welch's error and degrees of freedom."""

    n_treated: int
    n_control: int
    mean_treated: float
    mean_control: float
    difference: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    method: str = "welch"


def design_matrix(covariates: Mapping[str, Any]) -> tuple[Floats, tuple[str, ...]]:
    """Named columns (a mapping or a DataFrame) as a matrix (n, k) with the terms' names, the intercept first.

    Raises LengthMismatchError, MissingValueError, and ConstantCovariateError for a column without variation.
    """
    columns = {str(name): finite(column, str(name)) for name, column in covariates.items()}
    if not columns:
        raise ArgumentError("the model has no covariates")
    n = same_length(**columns)
    for name, column in columns.items():
        if n and (column == column[0]).all():
            raise ConstantCovariateError(
                f"{name} is {column[0]:g} for all {n} rows", hint=f"leave {name} out: it has no coefficient"
            )
    columns = {INTERCEPT: np.ones(n), **columns}
    return np.column_stack(list(columns.values())), tuple(columns)


def ols(outcome: Any, covariates: Mapping[str, Any], *, clusters: Any = None, level: float = 0.05) -> OlsFit:
    """Least squares of `outcome` (n,) on a constant and the named `covariates` (a mapping of columns or a DataFrame).

    The errors are HC2 (MacKinnon and White 1985) with t on n - k degrees of freedom; with `clusters` (n labels) CR2
    (Bell and McCaffrey 2002) with Satterthwaite's. The same as R's sandwich and estimatr.

    Raises LengthMismatchError, MissingValueError, ConstantCovariateError, CollinearTermsError, NoDegreesOfFreedomError,
    TooFewClustersError and ArgumentError (no covariate).
    """
    y = finite(outcome, "outcome")
    X, terms = design_matrix(covariates)
    n = same_length(outcome=y, covariates=X)
    fit = least_squares(X, y, terms)
    grouped = None
    if clusters is not None:
        labels, _ = codes(clusters, "clusters")
        same_length(outcome=y, clusters=labels)
        grouped = clusters_of(fit, labels)
    k = len(terms)
    cov = covariance(fit, grouped)
    se = np.sqrt(np.diag(cov))
    df = np.full(k, float(n - k)) if grouped is None else satterthwaite(grouped, fit.contrast(np.eye(k)))
    low, high, p = t_interval(fit.coef, se, df, level)
    return OlsFit(
        terms=terms,
        coef=fit.coef,
        cov=cov,
        se=se,
        df=df,
        ci_low=low,
        ci_high=high,
        p=p,
        n=n,
        n_clusters=None if grouped is None else grouped.count,
        correction="HC2" if grouped is None else "CR2",
        level=level,
    )


def t_interval(estimate: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """(low, high, p) of estimates with Student's t, elementwise; NaN where the error is 0 or unknown.

    An error of 0 means that nobody differs from anybody: nothing can be tested, so nothing is claimed.
    """
    known = np.isfinite(se) & (se > 0) & np.isfinite(df) & (df > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        usable = np.where(known, df, 1.0)
        half = np.where(known, -special.stdtrit(usable, checked_level(level) / 2) * se, np.nan)
        p = np.where(known, 2 * special.stdtr(usable, -np.abs(estimate / se)), np.nan)
    return estimate - half, estimate + half, p


def joint_test(fit: OlsFit, terms: Sequence[str]) -> JointTest:
    """Wald's F test, on m and n - k degrees of freedom, that the coefficients of `terms` (m of them) are all zero.

    Raises UnknownTermError, and ArgumentError for a clustered fit: with few clusters F is too bold.
    """
    if fit.n_clusters is not None:
        raise ArgumentError("the joint test of a clustered fit is not made", hint="fit without clusters")
    chosen = [fit.index(term) for term in terms]
    m, df2 = len(chosen), fit.n - len(fit.terms)
    b = fit.coef[chosen]
    wald = float(b @ np.linalg.lstsq(fit.cov[np.ix_(chosen, chosen)], b, rcond=None)[0])
    p = float(special.fdtrc(m, df2, max(wald / m, 0.0)))
    return JointTest(f"F ({fit.correction})", wald / m, float(m), float(df2), p, fit.n)


def difference_in_means(values: Any, treated: Any, *, level: float = 0.05) -> MeanDifference:
    """Mean of `values` (n,) among the treated minus the mean among the controls; missing values are left out.

    Neyman's error sqrt(s₁²/n₁ + s₀²/n₀), which is HC2's, with Welch-Satterthwaite degrees of freedom. Where nobody
    differs within either group the error is 0 and interval and p are NaN.
    Raises EmptyGroupError when a group has fewer than two values.
    """
    y = numbers(values, "values")
    arm = indicator(treated, "treated")
    same_length(values=y, treated=arm)
    groups = [y[arm & ~np.isnan(y)], y[~arm & ~np.isnan(y)]]
    sizes = [len(group) for group in groups]
    if min(sizes) < 2:
        raise EmptyGroupError(
            f"a difference with an error needs two persons in each group; there are {sizes[0]} treated and {sizes[1]}"
            " controls"
        )
    means = [float(group.mean()) for group in groups]
    variances = [variance(group) / len(group) for group in groups]
    total = sum(variances)
    difference = means[0] - means[1]
    df = total**2 / sum(v**2 / (n - 1) for v, n in zip(variances, sizes, strict=True)) if total else float("nan")
    se = total**0.5
    low, high, p = t_interval(np.array(difference), np.array(se), np.array(df), level)
    return MeanDifference(
        n_treated=sizes[0],
        n_control=sizes[1],
        mean_treated=means[0],
        mean_control=means[1],
        difference=difference,
        se=se,
        df=df,
        ci_low=float(low),
        ci_high=float(high),
        p=float(p),
    )
