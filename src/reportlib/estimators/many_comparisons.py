"""What many estimates of one kind need: p-values adjusted for their number, a pull towards the common mean, and bands
that hold the whole curve of weekly differences with the stated probability, not each week by itself.

Adjusted p-values are R's p.adjust. Shrinkage: Y_i ~ N(θ_i, V_i) with V_i known, θ_i ~ N(μ, τ²). A band's critical value
c is the 1 - level quantile of the largest |error| / se over the weeks, simulated by multiplying each person's (or
cluster's) part of the error by a standard normal.

Own code, by measurement (docs/agreement.md): statsmodels' `multipletests` gives the same numbers, but answers NaN to
all where one is missing, and empties Python's memory of garbage in every Holm call (50 ms); its Paule-Mandel iteration
answers τ² = 0 where rounding takes it past its goal, and stops at 1e-5 otherwise. No package of the field's makes bands
from persons' parts.

Sources: Holm (1979), Scandinavian J. Statistics 6; Benjamini and Hochberg (1995), JRSS B 57; Paule and Mandel (1982),
J. Research NBS 87 (τ²); Morris (1983), JASA 78, 47-55, section 5 (shrinkage factors and intervals that carry the
uncertainty of μ and τ²); Cochran (1954), Biometrics 10 (Q);
Montiel Olea and Plagborg-Møller (2019), J. Applied Econometrics 34 (bands); Chernozhukov, Chetverikov and Kato (2013),
Annals of Statistics 41 (multiplier bootstrap).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri, stdtrit

from reportlib.estimators.checked import Booleans, Floats, Integers, checked_level, finite, numbers, same_length
from reportlib.estimators.errors import BadCountError, LengthMismatchError, TooFewSitesError
from reportlib.estimators.week_by_week import WeeklyDifference, stretches, sum_by_cluster


def holm(p: Any) -> Floats:
    """Holm's adjusted p-values (m,): below level for a family with at most that risk of any false finding.

    A missing p (nothing was tested) stays missing and is not counted. Raises BadCountError outside 0 to 1.
    """
    tested, rising = _rising(p)
    return _put(p, tested, np.maximum.accumulate(np.arange(len(rising), 0, -1) * rising))


def benjamini_hochberg(p: Any) -> Floats:
    """Benjamini and Hochberg's adjusted p-values (m,): below level for at most that expected share false.

    Missing ones and errors as for `holm`.
    """
    tested, rising = _rising(p)
    m = len(rising)
    return _put(p, tested, np.minimum.accumulate((m / (np.arange(m) + 1.0) * rising)[::-1])[::-1])


def _rising(p: Any) -> tuple[Integers, Floats]:
    """Where the known p-values stand, from the smallest to the largest, and they themselves."""
    values = numbers(p, "p")
    tested = np.flatnonzero(~np.isnan(values))
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise BadCountError("a p-value lies between 0 and 1")
    order = tested[np.argsort(values[tested], kind="stable")]
    return order, values[order]


def _put(p: Any, places: Integers, adjusted: Floats) -> Floats:
    answer = np.full(len(p), np.nan)
    answer[places] = np.minimum(adjusted, 1.0)
    return answer


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q on `df` degrees of freedom: do the estimates differ more than their errors?"""

    q: float
    df: int
    p: float


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
    return Heterogeneity(q, df, float(chdtrc(df, q)))


def empirical_bayes(estimate: Any, se: Any, *, level: float = 0.05) -> Shrunken:
    """Shrink k estimates (k,) with standard errors (k,) towards their common mean. At least four are needed.

    B_i = (k-3)/(k-1) · V_i/(V_i + τ²);   θ_i = Y_i - B_i (Y_i - μ);
    s_i² = V_i (1 - (k - r_i)/k · B_i) + 2/(k-3) · B_i² · (V̄ + τ²)/(V_i + τ²) · (Y_i - μ)²
    with r_i = k·W_i/ΣW, W_i = 1/(V_i + τ²) and V̄ the W-weighted mean of V. The interval is θ_i ± z s_i.

    Raises TooFewSitesError, LengthMismatchError, MissingValueError and BadCountError (an error that is not positive).
    """
    y, variance = _checked(estimate, se, 4)
    z = float(-ndtri(checked_level(level) / 2))
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


DRAWS = 20_000
SEED = 20_260_101
_KEPT = 400_000  # normals are drawn and kept in multiples of this


@dataclass(frozen=True, slots=True, eq=False)
class UniformBand:
    """A band over W weeks: `ci_low` and `ci_high` (W,) are difference ± multiplier · se, NaN in weeks left out.

    `multiplier` (W,) is `critical` carried over from the normal to each week's own t distribution.
    """

    week: NDArray[Any]
    ci_low: Floats
    ci_high: Floats
    multiplier: Floats
    critical: float
    level: float


def sup_t(
    influence: Any,
    se: Any,
    *,
    level: float = 0.05,
    draws: int = DRAWS,
    seed: int = SEED,
    clusters: Integers | None = None,
) -> float:
    """The critical value c of a uniform band from persons' parts (n_persons, W) and errors `se` (W,).

    c takes the place of 1.96: estimate ± c · se holds the whole curve. Multipliers are drawn for persons, or for
    `clusters` (codes 0.. for each person) where given; sums of parts are then exactly normal with the parts' own
    covariance, so the sums are drawn directly as W-dimensional normals: neither the answer nor the time depends on the
    number of persons. Weeks with se 0 or NaN are left out; without weeks c is NaN. The same seed gives the same value.

    Raises LengthMismatchError, MissingValueError, BadLevelError and BadCountError (fewer than 100 draws).
    """
    parts = finite(influence, "influence", ndim=2)
    error = numbers(se, "se")
    if parts.shape[1] != len(error):
        raise LengthMismatchError(f"influence has {parts.shape[1]} weeks, se has {len(error)}")
    checked_level(level)
    if draws < 100:
        raise BadCountError(f"{draws} draws cannot show a quantile", hint="2,000 or more")
    if clusters is not None:
        if len(clusters) != len(parts):
            raise LengthMismatchError(f"influence has {len(parts)} persons, clusters has {len(clusters)}")
        parts = sum_by_cluster(parts, clusters)
    used = np.isfinite(error) & (error > 0)
    if not used.any():
        return float("nan")
    products = np.zeros((int(used.sum()),) * 2)
    for some in stretches(len(parts)):
        scaled = parts[some][:, used] / error[used]
        products += scaled.T @ scaled
    # The symmetric root is the one root that does not depend on how a linear algebra library picks signs and orders.
    values, vectors = np.linalg.eigh(products)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    sums = _normals(draws, len(products), seed) @ root
    largest = np.abs(sums, out=sums).max(axis=1)
    return float(np.quantile(largest, 1 - level, method="higher"))


def _normals(draws: int, weeks: int, seed: int) -> Floats:
    """(draws, weeks) standard normals, the first of the generator's."""
    wanted = draws * weeks
    return _first_normals(-(-wanted // _KEPT) * _KEPT, seed)[:wanted].reshape(draws, weeks)


@lru_cache(maxsize=1)
def _first_normals(count: int, seed: int) -> Floats:
    """(count,) standard normals, kept for the next band: the measures of a trial have one seed and about as many weeks.

    Nobody may write in them.
    """
    drawn = np.random.default_rng(seed).standard_normal(count)
    drawn.flags.writeable = False
    return drawn


def uniform_band(
    result: WeeklyDifference, *, min_followed: int = 2, draws: int = DRAWS, seed: int = SEED
) -> UniformBand:
    """The band over all weeks with at least `min_followed` persons in each group, at the result's own level.

    The simulated critical value belongs to normal errors. In each week it is carried over to that week's t distribution
    at the same tail probability, so that weeks with few persons or clusters are as wide as their own errors require.
    """
    used: Booleans = (result.n_treated >= min_followed) & (result.n_control >= min_followed) & np.isfinite(result.se)
    error = np.where(used & (result.se > 0), result.se, np.nan)
    critical = sup_t(result.influence, error, level=result.level, draws=draws, seed=seed, clusters=result.clusters)
    multipliers = np.full(len(error), np.nan)
    known = np.isfinite(error) & np.isfinite(result.df)
    multipliers[known] = -stdtrit(result.df[known], ndtr(-critical))
    half = multipliers * error
    return UniformBand(
        week=result.week,
        ci_low=result.difference - half,
        ci_high=result.difference + half,
        multiplier=multipliers,
        critical=critical,
        level=result.level,
    )
