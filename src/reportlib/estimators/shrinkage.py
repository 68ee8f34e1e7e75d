"""Many noisy estimates of the same kind drawn towards their common mean, by how noisy each is.

Model: Y_i ~ N(θ_i, V_i) with V_i known, θ_i ~ N(μ, τ²). Sources: Paule and Mandel (1982), J. Research NBS 87 (τ²);
Morris (1983), JASA 78, 47-55, section 5 (shrinkage factors and intervals that carry the uncertainty of μ and τ²);
Cochran (1954) and Higgins and Thompson (2002), Statistics in Medicine 21 (Q and I²).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.errors import BadCountError, TooFewSitesError
from reportlib.estimators.inputs import Floats, checked_level, finite, same_length
from reportlib.estimators.tails import chi2_sf, normal_isf


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q on `df` degrees of freedom: do the estimates differ more than their errors? `i2` is a fraction."""

    q: float
    df: int
    p: float
    i2: float
    tau2: float


@dataclass(frozen=True, slots=True, eq=False)
class Shrunken:
    """Shrunken estimates with their own errors and intervals; arrays are (k,).

    `towards_mean` is the factor B: 0 leaves an estimate where it is, 1 moves it all the way to `mean`.
    """

    mean: float
    mean_se: float
    tau2: float
    towards_mean: Floats
    value: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    method: str = "empirical Bayes (Paule-Mandel, Morris)"


def _checked(estimate: Any, se: Any, fewest: int) -> tuple[Floats, Floats]:
    y, error = finite(estimate, "estimate"), finite(se, "se")
    k = same_length(estimate=y, se=error)
    if (error <= 0).any():
        raise BadCountError("every standard error must be above 0", hint="leave out estimates without an error")
    if k < fewest:
        raise TooFewSitesError(f"{k} estimates; at least {fewest} are needed")
    return y, error**2


def _weighted_mean(y: Floats, variance: Floats) -> tuple[float, Floats]:
    weight = 1 / variance
    return float(weight @ y / weight.sum()), weight


def paule_mandel(estimate: Any, se: Any) -> float:
    """The τ² at which Σ (Y_i - μ)² / (V_i + τ²) is k - 1, with μ weighted likewise; 0 where that is less at τ² = 0."""
    y, variance = _checked(estimate, se, 2)

    def excess(tau2: float) -> float:
        mean, weight = _weighted_mean(y, variance + tau2)
        return float(weight @ (y - mean) ** 2) - (len(y) - 1)

    if excess(0.0) <= 0:
        return 0.0
    from scipy import optimize  # slow to load

    # Every weight is below 1/τ², so at this τ² the sum is at most k - 1.
    above = float(((y - y.mean()) ** 2).sum()) / (len(y) - 1)
    return float(optimize.brentq(excess, 0.0, above, xtol=1e-14, rtol=1e-14))


def heterogeneity(estimate: Any, se: Any) -> Heterogeneity:
    """Cochran's Q test that k estimates are of one and the same value. Raises TooFewSitesError under two."""
    y, variance = _checked(estimate, se, 2)
    mean, weight = _weighted_mean(y, variance)
    q, df = float(weight @ (y - mean) ** 2), len(y) - 1
    return Heterogeneity(q, df, chi2_sf(q, df), max(0.0, (q - df) / q) if q > 0 else 0.0, paule_mandel(y, se))


def empirical_bayes(estimate: Any, se: Any, *, level: float = 0.05) -> Shrunken:
    """Shrink k estimates (k,) with standard errors (k,) towards their common mean. At least four are needed.

    B_i = (k-3)/(k-1) · V_i/(V_i + τ²);   θ_i = Y_i - B_i (Y_i - μ);
    s_i² = V_i (1 - (k - r_i)/k · B_i) + 2/(k-3) · B_i² · (V̄ + τ²)/(V_i + τ²) · (Y_i - μ)²
    with r_i = k·W_i/ΣW, W_i = 1/(V_i + τ²) and V̄ the W-weighted mean of V. The interval is θ_i ± z s_i.

    Raises TooFewSitesError, LengthMismatchError, MissingValueError and BadCountError (an error that is not positive).
    """
    y, variance = _checked(estimate, se, 4)
    z = float(normal_isf(checked_level(level) / 2))
    k = len(y)
    tau2 = paule_mandel(y, se)
    total = variance + tau2
    mean, weight = _weighted_mean(y, total)
    factor = (k - 3) / (k - 1) * variance / total
    value = y - factor * (y - mean)
    typical = float(weight @ variance / weight.sum())
    leverage = k * weight / weight.sum()
    within = variance * (1 - (k - leverage) / k * factor)
    doubt = 2 / (k - 3) * factor**2 * (typical + tau2) / total * (y - mean) ** 2
    error = np.sqrt(within + doubt)
    return Shrunken(
        mean=mean,
        mean_se=float(weight.sum() ** -0.5),
        tau2=tau2,
        towards_mean=factor,
        value=value,
        se=error,
        ci_low=value - z * error,
        ci_high=value + z * error,
    )
