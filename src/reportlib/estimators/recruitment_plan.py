"""How many persons a trial will have recruited, from the weeks so far, and how many it needs.

The pace of the latest weeks is taken to last. It is known from few weeks only, and recruitment comes in bursts, so
both are counted:

    pace ~ Gamma((n + 1/2) / phi, W / phi)          n recruits in W weeks (Jeffreys' prior)
    phi  = max(1, variance / mean of recruits in blocks of four weeks)   (1: as even as chance allows)

The cautious and the optimistic path are the pace's 10 and 90 pct. quantiles, the realistic one is n/W, each going on
unchanged. The interval is the predictive one: recruits in h further weeks vary by chance around a pace that is itself
uncertain. They have mean h m and variance phi h m (1 + h/W), where m is the pace's mean, and are taken as negative
binomial, which is exact when phi is 1.

Sources: Anisimov and Fedorov (2007), Statistics in Medicine 26, 4958-4975 (gamma-Poisson recruitment); McCullagh and
Nelder (1989), Generalized Linear Models, section 9.2 (dispersion); Fleiss, Levin and Paik (2003), Statistical Methods
for Rates and Proportions, chapter 4 (power; the formulas are statsmodels').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportlib.estimators.checked import Floats, checked_level
from reportlib.estimators.errors import (
    BadCountError,
    InvalidPlanError,
    NoEffectToDetectError,
    TooFewWeeksError,
    UndetectableError,
)

PATHS = {"cautious": 0.1, "realistic": None, "optimistic": 0.9}
"""The quantile of the pace each path takes; None is the pace itself."""
BLOCK = 4
"""Weeks in a block when bursts are measured."""


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


# --- How many persons a trial needs


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Whole persons in each group, and the power they give."""

    n_treated: int
    n_control: int
    power: float

    @property
    def n(self) -> int:
        """Persons in all."""
        return self.n_treated + self.n_control


def power_for_shares(
    control: float, treated: float, n_treated: float, n_control: float, *, level: float = 0.05
) -> float:
    """The probability that a two-sided test finds the difference between two shares (fractions) significant.

    The normal test with the pooled variance under the hypothesis, as R's `power.prop.test`: the far tail is not
    counted. Raises InvalidPlanError, BadLevelError.
    """
    _require(n_treated > 0 and n_control > 0, f"groups of {n_treated:g} and {n_control:g}")
    _require(0 <= control <= 1 and 0 <= treated <= 1, f"shares of {control:g} and {treated:g}")
    if {control, treated} <= {0.0, 1.0}:  # nobody differs within the groups: found for certain, or never
        mean = (n_treated * treated + n_control * control) / (n_treated + n_control)
        under_null = (mean * (1 - mean) * (1 / n_treated + 1 / n_control)) ** 0.5
        return float(abs(treated - control) + ndtri(checked_level(level) / 2) * under_null > 0)
    from statsmodels.stats.proportion import power_proportions_2indep  # slow to load

    return float(
        power_proportions_2indep(
            treated - control,
            control,
            n_treated,
            ratio=n_control / n_treated,
            alpha=checked_level(level) / 2,
            alternative="larger" if treated >= control else "smaller",
            return_results=False,
        )
    )


def needed_for_shares(control: float, treated: float, *, power: float = 0.8, level: float = 0.05) -> SampleSize:
    """The fewest persons in two equal groups with which the difference is found with probability `power`.

    Raises NoEffectToDetectError for equal shares, InvalidPlanError, BadLevelError.
    """
    _require(0 <= control <= 1 and 0 <= treated <= 1, f"shares of {control:g} and {treated:g}")
    _require(checked_level(level) < power < 1, f"a power of {power:g} at level {level:g}")
    if control == treated:
        raise NoEffectToDetectError(
            f"both shares are {control:g}", hint="no number of persons shows a difference of zero"
        )
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail  # slow to load

    wanted = samplesize_proportions_2indep_onetail(
        treated - control,
        control,
        power,
        alpha=level / 2,
        alternative="larger" if treated > control else "smaller",
    )
    n = max(1, int(np.ceil(wanted - 1e-7)))  # a hair above a whole number is that number
    return SampleSize(n, n, power_for_shares(control, treated, n, n, level=level))


def detectable_share(
    control: float, n_treated: float, n_control: float, *, power: float = 0.8, level: float = 0.05
) -> float:
    """The treated's share nearest above `control` that is found with probability `power`: control plus the minimum
    detectable effect.

    Raises UndetectableError if not even 1 would be, InvalidPlanError, BadLevelError.
    """
    _require(checked_level(level) < power < 1, f"a power of {power:g} at level {level:g}")

    def missing(treated: float) -> float:
        return power_for_shares(control, treated, n_treated, n_control, level=level) - power

    if missing(1.0) < 0:
        raise UndetectableError(
            f"with {n_treated:g} treated and {n_control:g} controls, no increase from {control:g} is found with "
            f"probability {power:g}",
            hint="more persons, or a larger level",
        )
    from scipy.optimize import brentq  # slow to load

    return float(brentq(missing, control, 1.0, xtol=1e-12))


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise InvalidPlanError(f"{what} cannot be planned for")
