"""Bands that hold the whole curve of weekly differences with the stated probability, not each week by itself.

The critical value c is the 1 - level quantile of the largest |error| / se over the weeks, simulated by multiplying each
person's (or cluster's) part of the error by a random multiplier (Montiel Olea and Plagborg-Møller 2019, J. Applied
Econometrics 34; multiplier bootstrap: Chernozhukov, Chetverikov and Kato 2013, Annals of Statistics 41).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reportlib.estimators.errors import BadCountError, LengthMismatchError
from reportlib.estimators.inputs import Booleans, Floats, Integers, checked_level, finite, numbers, one_of
from reportlib.estimators.tails import normal_sf, t_isf
from reportlib.estimators.weekly import sum_by_cluster

MULTIPLIERS = ("gaussian", "rademacher")
DRAWS = 20_000
SEED = 20_260_101
_KEPT = 400_000  # normals are drawn and kept in multiples of this
_BLOCK = 4_000_000  # multipliers drawn at a time, to bound memory


@dataclass(frozen=True, slots=True)
class SupT:
    """`critical` takes the place of 1.96: estimate ± critical · se holds the whole curve. NaN without weeks."""

    critical: float
    level: float
    draws: int
    multiplier: str


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


class WeeklyErrors(Protocol):
    """What a band is made of: a WeeklyDifference or an AccumulatedDifference."""

    @property
    def week(self) -> NDArray[Any]: ...
    @property
    def n_treated(self) -> Integers: ...
    @property
    def n_control(self) -> Integers: ...
    @property
    def difference(self) -> Floats: ...
    @property
    def se(self) -> Floats: ...
    @property
    def df(self) -> Floats: ...
    @property
    def influence(self) -> Floats: ...
    @property
    def clusters(self) -> Integers | None: ...
    @property
    def level(self) -> float: ...


def sup_t(
    influence: Any,
    se: Any,
    *,
    level: float = 0.05,
    draws: int = DRAWS,
    seed: int = SEED,
    clusters: Integers | None = None,
    multiplier: str = "gaussian",
) -> SupT:
    """The critical value of a uniform band from persons' parts (n_persons, W) and errors `se` (W,).

    `multiplier`: "gaussian" or "rademacher" (±1 with equal chance); both are drawn for persons, or for `clusters`
    (codes 0.. for each person) where given. Weeks with se 0 or NaN are left out. The same seed gives the same value.

    Gaussian multipliers make the sums of parts exactly normal with the parts' own covariance, so the sums are drawn
    directly as W-dimensional normals; the answer does not depend on the number of persons, nor does the time.

    Raises LengthMismatchError, MissingValueError, BadLevelError, BadCountError (fewer than 100 draws) and
    UnknownMethodError.
    """
    parts = finite(influence, "influence", ndim=2)
    error = numbers(se, "se")
    if parts.shape[1] != len(error):
        raise LengthMismatchError(f"influence has {parts.shape[1]} weeks, se has {len(error)}")
    checked_level(level)
    one_of("multiplier", multiplier, MULTIPLIERS)
    if draws < 100:
        raise BadCountError(f"{draws} draws cannot show a quantile", hint="2,000 or more")
    if clusters is not None:
        if len(clusters) != len(parts):
            raise LengthMismatchError(f"influence has {len(parts)} persons, clusters has {len(clusters)}")
        parts = sum_by_cluster(parts, clusters)
    used = np.isfinite(error) & (error > 0)
    if not used.any():
        return SupT(float("nan"), level, draws, multiplier)
    scaled = parts[:, used] / error[used]
    largest = (_largest_gaussian if multiplier == "gaussian" else _largest_signs)(scaled, draws, seed)
    return SupT(float(np.quantile(largest, 1 - level, method="higher")), level, draws, multiplier)


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


def _largest_gaussian(scaled: Floats, draws: int, seed: int) -> Floats:
    # The symmetric root is the one root that does not depend on how a linear algebra library picks signs and orders.
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    sums = _normals(draws, scaled.shape[1], seed) @ root
    answer: Floats = np.abs(sums, out=sums).max(axis=1)
    return answer


def _largest_signs(scaled: Floats, draws: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    persons = len(scaled)
    single = scaled.astype(np.float32)
    total = scaled.sum(axis=0)
    block = max(1, _BLOCK // persons)
    parts = []
    for start in range(0, draws, block):
        heads = rng.integers(0, 2, (min(block, draws - start), persons), dtype=np.int8).astype(np.float32)
        parts.append(np.abs(2 * (heads @ single).astype(float) - total).max(axis=1))
    return np.concatenate(parts)


def uniform_band(
    result: WeeklyErrors, *, min_followed: int = 2, draws: int = DRAWS, seed: int = SEED, multiplier: str = "gaussian"
) -> UniformBand:
    """The band over all weeks with at least `min_followed` persons in each group, at the result's own level.

    The simulated critical value belongs to normal errors. In each week it is carried over to that week's t distribution
    at the same tail probability, so that weeks with few persons or clusters are as wide as their own errors require.
    """
    used: Booleans = (result.n_treated >= min_followed) & (result.n_control >= min_followed) & np.isfinite(result.se)
    error = np.where(used & (result.se > 0), result.se, np.nan)
    found = sup_t(
        result.influence,
        error,
        level=result.level,
        draws=draws,
        seed=seed,
        clusters=result.clusters,
        multiplier=multiplier,
    )
    multipliers = np.full(len(error), np.nan)
    known = np.isfinite(error) & np.isfinite(result.df)
    multipliers[known] = t_isf(normal_sf(found.critical), result.df[known])
    half = multipliers * error
    return UniformBand(
        week=result.week,
        ci_low=result.difference - half,
        ci_high=result.difference + half,
        multiplier=multipliers,
        critical=found.critical,
        level=result.level,
    )
