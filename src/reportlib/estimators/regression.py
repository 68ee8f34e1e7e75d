"""Ordinary least squares with errors whose correction is part of the result, and Welch's difference in means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from reportlib.errors import did_you_mean
from reportlib.estimators.checked import (
    Floats,
    checked_level,
    codes,
    finite,
    indicator,
    numbers,
    same_length,
    variance,
)
from reportlib.estimators.errors import ArgumentError, ConstantCovariateError, EmptyGroupError, UnknownTermError
from reportlib.estimators.sandwich import (
    CONVENTIONS,
    clusters_of,
    covariance,
    least_squares,
    satterthwaite,
)

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
