"""Ordinary least squares with errors whose correction is part of the result, and Welch's difference in means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

from reportlib.errors import did_you_mean
from reportlib.estimators.errors import ArgumentError, ConstantCovariateError, EmptyGroupError, UnknownTermError
from reportlib.estimators.inputs import (
    Floats,
    checked_level,
    codes,
    finite,
    indicator,
    numbers,
    one_of,
    same_length,
    variance,
)
from reportlib.estimators.sandwich import (
    CLUSTERED,
    CONVENTIONS,
    UNCLUSTERED,
    Clusters,
    LeastSquares,
    clusters_of,
    covariance,
    hotelling_df,
    least_squares,
    satterthwaite,
)
from reportlib.estimators.tails import f_sf

INTERCEPT = "(intercept)"


@dataclass(frozen=True, slots=True, eq=False)
class OlsFit:
    """A regression's coefficients in the order of `terms`; every array is (k,) except `cov` (k, k).

    `df` are the degrees of freedom behind each interval and p-value; they differ by term under CR2. `correction` names
    how the errors are worked out and `convention` says what the name means. `n_clusters` is None without clusters.
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
    # What the joint test needs of the design; not part of the result.
    least_squares: LeastSquares = field(repr=False, compare=False)
    clusters: Clusters | None = field(repr=False, compare=False)

    @property
    def convention(self) -> str:
        return CONVENTIONS[self.correction]

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


def design_matrix(covariates: Mapping[str, Any], *, intercept: bool = True) -> tuple[Floats, tuple[str, ...]]:
    """Named columns (a mapping or a DataFrame) as a matrix (n, k) with the terms' names, the intercept first.

    Raises LengthMismatchError, MissingValueError, and ConstantCovariateError for a column without variation.
    """
    columns = {str(name): finite(column, str(name)) for name, column in covariates.items()}
    if not columns:
        raise ArgumentError("the model has no covariates")
    n = same_length(**columns)
    if intercept:
        for name, column in columns.items():
            if n and (column == column[0]).all():
                raise ConstantCovariateError(
                    f"{name} is {column[0]:g} for all {n} rows", hint=f"leave {name} out: it has no coefficient"
                )
        columns = {INTERCEPT: np.ones(n), **columns}
    return np.column_stack(list(columns.values())), tuple(columns)


def ols(
    outcome: Any,
    covariates: Mapping[str, Any],
    *,
    correction: str = "HC2",
    clusters: Any = None,
    intercept: bool = True,
    level: float = 0.05,
) -> OlsFit:
    """Least squares of `outcome` (n,) on the named `covariates` (a mapping of columns or a DataFrame).

    `correction`: "classic", "HC0" to "HC3", or with `clusters` (n labels) "CR0", "CR1", "CR2"; see
    `sandwich.CONVENTIONS` for the small-sample factor and the degrees of freedom of each. HC follow MacKinnon and White
    (1985), CR2 Bell and McCaffrey (2002); the same as R's sandwich and estimatr.

    Raises LengthMismatchError, MissingValueError, ConstantCovariateError, CollinearTermsError, NoDegreesOfFreedomError,
    TooFewClustersError, ArgumentError and UnknownMethodError.
    """
    one_of("correction", correction, (*UNCLUSTERED, *CLUSTERED))
    y = finite(outcome, "outcome")
    X, terms = design_matrix(covariates, intercept=intercept)
    same_length(outcome=y, covariates=X)
    labels = None
    if correction in CLUSTERED:
        if clusters is None:
            raise ArgumentError(f"{correction} needs clusters", hint="give clusters=, or choose HC2")
        labels, _ = codes(clusters, "clusters")
        same_length(outcome=y, clusters=labels)
    elif clusters is not None:
        raise ArgumentError(f"clusters are given but {correction} ignores them", hint="choose CR2")
    fit = least_squares(X, y, terms)
    grouped = clusters_of(fit, labels, correction) if labels is not None else None
    return summarise(fit, terms, correction, grouped, level)


def summarise(
    fit: LeastSquares, terms: tuple[str, ...], correction: str, clusters: Clusters | None, level: float
) -> OlsFit:
    """Errors, degrees of freedom, intervals and p-values of a fitted model."""
    n, k = fit.q.shape
    cov = covariance(fit, correction, clusters)
    se = np.sqrt(np.diag(cov))
    if clusters is None:
        df = np.full(k, float(n - k))
    elif correction == "CR2":
        df = satterthwaite(clusters, fit.contrast(np.eye(k)))
    else:
        df = np.full(k, float(clusters.count - 1))
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
        n_clusters=None if clusters is None else clusters.count,
        correction=correction,
        level=level,
        least_squares=fit,
        clusters=clusters,
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
    """Wald's test that the coefficients of `terms` (m of them) are all zero.

    Without clusters: F on m and n - k. CR0 and CR1: F on m and G - 1. CR2: Hotelling's T² approximated by
    (η - m + 1)/(ηm) · W on m and η - m + 1 degrees of freedom (Pustejovsky and Tipton 2018); p is NaN when the clusters
    are too few for it (η <= m - 1). Raises UnknownTermError.
    """
    chosen = [fit.index(term) for term in terms]
    m = len(chosen)
    b = fit.coef[chosen]
    wald = float(b @ np.linalg.lstsq(fit.cov[np.ix_(chosen, chosen)], b, rcond=None)[0])
    if fit.correction == "CR2" and fit.clusters is not None:
        eta = hotelling_df(fit.clusters, fit.least_squares.contrast(np.eye(len(fit.terms))[:, chosen]))
        df2 = eta - m + 1
        statistic = wald * df2 / (eta * m)
        name = "HTZ (CR2)"
    else:
        df2 = float(fit.n - len(fit.terms)) if fit.n_clusters is None else float(fit.n_clusters - 1)
        statistic = wald / m
        name = f"F ({fit.correction})"
    p = f_sf(statistic, m, df2) if df2 > 0 else float("nan")
    return JointTest(name, statistic, float(m), df2, p, fit.n)


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
