"""How many persons a trial will have recruited: three paths and an interval, from the weeks so far.

The pace of the latest weeks is taken to last. It is known from few weeks only, and recruitment comes in bursts, so
both are counted:

    pace ~ Gamma((n + 1/2) / phi, W / phi)          n recruits in W weeks (Jeffreys' prior)
    phi  = max(1, variance / mean of recruits in blocks of four weeks)   (1: as even as chance allows)

The cautious and the optimistic path are the pace's 10 and 90 pct. quantiles, the realistic one is n/W, each going on
unchanged. The interval is the predictive one: recruits in h further weeks vary by chance around a pace that is itself
uncertain. They have mean h m and variance phi h m (1 + h/W), where m is the pace's mean, and are taken as negative
binomial, which is exact when phi is 1.

Sources: Anisimov and Fedorov (2007), Statistics in Medicine 26, 4958-4975 (gamma-Poisson recruitment); McCullagh and
Nelder (1989), Generalized Linear Models, section 9.2 (dispersion).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportlib.estimators.errors import BadCountError, EstimatorError
from reportlib.estimators.inputs import Floats, checked_level

PATHS = {"cautious": 0.1, "realistic": None, "optimistic": 0.9}
"""The quantile of the pace each path takes; None is the pace itself."""
BLOCK = 4
"""Weeks in a block when bursts are measured."""


class TooFewWeeksError(EstimatorError):
    """There are too few weeks of recruitment to say what the pace is."""


@dataclass(frozen=True, slots=True, eq=False)
class RecruitmentForecast:
    """What is to be expected in the weeks to come, if the pace lasts."""

    table: pd.DataFrame
    """`week, cautious, realistic, optimistic, ci_low, ci_high`: persons in all by the end of each further week 1, 2,
    ...
    """
    recruited: int
    """Persons so far."""
    pace: dict[str, float]
    """Persons a week on each path."""
    dispersion: float
    """phi: 1 when recruitment is as even as chance allows, larger when it comes in bursts."""
    weeks_used: int
    target: int | None
    weeks_to_target: dict[str, int | None]
    """Further weeks until each path reaches the target: 0 if it is reached, None if never, empty without a target."""
    probability: float | None
    """That the target is reached within the weeks forecast."""
    level: float


def recruitment_forecast(
    recruits: Sequence[int],
    *,
    weeks: int,
    target: int | None = None,
    latest: int = 26,
    level: float = 0.05,
) -> RecruitmentForecast:
    """Forecast `weeks` further weeks.

    Args:
        recruits: persons recruited in each week so far, from the first week to the last full one; zeros count.
        target: persons wanted in all.
        latest: so many of the latest weeks tell the pace (all, if there are fewer).
        level: 0.05 for a 95 pct. interval.

    Raises:
        BadCountError: a week's recruits are negative or not whole, or `weeks` is below one.
        TooFewWeeksError: fewer than four weeks.
        BadLevelError
    """
    level = checked_level(level)
    counts = _counts(recruits)
    if weeks < 1:
        raise BadCountError(f"{weeks} weeks cannot be forecast")
    used = counts[-latest:] if latest > 0 else counts[:0]
    if len(used) < BLOCK:
        raise TooFewWeeksError(
            f"{len(used)} weeks of recruitment are too few for a pace", hint=f"wait until there are {BLOCK}"
        )
    window, found = len(used), float(used.sum())
    phi = _dispersion(used)
    from scipy.stats import gamma  # slow to load

    posterior = gamma((found + 0.5) / phi, scale=phi / window)
    rate = found / window
    pace = {path: rate if q is None else float(posterior.ppf(q)) for path, q in PATHS.items()}
    # The gamma is skew: with next to no recruits its lower or upper tail can pass the mean.
    pace["cautious"], pace["optimistic"] = min(pace["cautious"], rate), max(pace["optimistic"], rate)

    so_far = int(counts.sum())
    ahead = np.arange(1, weeks + 1)
    future = _future(posterior.mean(), phi, window, ahead)
    table = pd.DataFrame({"week": ahead, **{path: so_far + each * ahead for path, each in pace.items()}})
    table["ci_low"] = so_far + future.ppf(level / 2)
    table["ci_high"] = so_far + future.ppf(1 - level / 2)
    missing = None if target is None else target - so_far
    return RecruitmentForecast(
        table=table,
        recruited=so_far,
        pace=pace,
        dispersion=phi,
        weeks_used=window,
        target=target,
        weeks_to_target={} if missing is None else {path: _weeks_to(missing, each) for path, each in pace.items()},
        probability=None if missing is None else float(future.sf(missing - 1)[-1]),
        level=level,
    )


def _counts(recruits: Sequence[int]) -> Floats:
    counts = np.asarray(recruits, dtype=float)
    if counts.ndim != 1 or not (counts >= 0).all() or (counts != np.floor(counts)).any():
        raise BadCountError("the recruits of each week must be whole numbers of zero or more")
    return counts


def _dispersion(counts: Floats) -> float:
    """Variance over mean of the recruits in whole blocks of weeks, the latest last; at least 1."""
    blocks = counts[len(counts) % BLOCK :].reshape(-1, BLOCK).sum(axis=1)
    if len(blocks) < 3 or blocks.mean() == 0:
        return 1.0
    return max(1.0, float(blocks.var(ddof=1) / blocks.mean()))


def _future(rate: float, phi: float, window: int, ahead: Floats | np.ndarray[tuple[int], np.dtype[np.int64]]) -> Any:
    """The distribution of recruits in each number of weeks ahead: mean rate h, variance phi rate h (1 + h / window)."""
    from scipy.stats import nbinom  # slow to load

    excess = phi * (1 + ahead / window)
    return nbinom(rate * ahead / (excess - 1), 1 / excess)


def _weeks_to(missing: int, pace: float) -> int | None:
    if missing <= 0:
        return 0
    return int(np.ceil(missing / pace)) if pace > 0 else None
