"""Bands that hold the whole curve of weekly differences with the stated probability, not each week by itself.

The critical value c is the 1 - level quantile of the largest |error| / se over the weeks, simulated by multiplying each
person's (or cluster's) part of the error by a standard normal (Montiel Olea and Plagborg-Møller 2019, J. Applied
Econometrics 34; multiplier bootstrap: Chernozhukov, Chetverikov and Kato 2013, Annals of Statistics 41). Own code: no
package of the field's makes bands from persons' parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from reportlib.estimators.checked import Booleans, Floats, Integers, checked_level, finite, numbers
from reportlib.estimators.errors import BadCountError, LengthMismatchError
from reportlib.estimators.week_by_week import WeekSeries, stretches, sum_by_cluster

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


def uniform_band(result: WeekSeries, *, min_followed: int = 2, draws: int = DRAWS, seed: int = SEED) -> UniformBand:
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
