"""How many persons a trial needs, and the smallest effect it can be expected to find.

All tests are two-sided at `level`. Shares are fractions between 0 and 1. `design_effect` says how many times more
persons are needed than if everybody were drawn alone: 1 for randomised persons, `design_effect(...)` for randomised
jobcentres or classes.

Sources: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, chapter 4 (two shares); Cohen
(1988), Statistical Power Analysis, chapter 2 (two means); Eldridge, Ashby and Kerry (2006), International Journal of
Epidemiology 35, 1292-1300 (clusters of unequal size). With equal groups they are R's `power.prop.test` and
`power.t.test(strict = TRUE)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from reportlib.estimators.errors import EstimatorError
from reportlib.estimators.inputs import checked_level
from reportlib.estimators.tails import t_isf

Direction = Literal["increase", "decrease"]
_MOST = 1e9
"""Persons in a group; a plan that needs more has no effect to speak of."""


class InvalidPlanError(EstimatorError):
    """A number of the plan has no meaning: a share outside 0 to 1, a group of nobody, a correlation above 1."""


class NoEffectToDetectError(EstimatorError):
    """The two groups are planned to be alike, so that no number of persons is enough."""


class UndetectableError(EstimatorError):
    """Not even the largest possible effect would be found with so few persons."""


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


def design_effect(mean_size: float, icc: float, size_cv: float = 0.0) -> float:
    """1 + ((1 + cv^2) m - 1) rho, for clusters of `mean_size` m persons.

    Args:
        icc: rho, the intra-cluster correlation: the share of the outcome's variance that lies between clusters.
        size_cv: the sizes' standard deviation over their mean; 0 for equal clusters.

    Raises InvalidPlanError.
    """
    _require(mean_size >= 1, f"clusters of {mean_size:g} persons")
    _require(0 <= icc <= 1, f"an intra-cluster correlation of {icc:g}")
    _require(size_cv >= 0, f"a coefficient of variation of {size_cv:g}")
    return 1 + ((1 + size_cv**2) * mean_size - 1) * icc


def power_for_shares(
    control: float,
    treated: float,
    n_treated: float,
    n_control: float,
    *,
    level: float = 0.05,
    design_effect: float = 1.0,
) -> float:
    """The probability of finding the difference between two shares significant.

    power = Phi( (|p1 - p0| - z sqrt(p (1-p) (1/n1 + 1/n0))) / sqrt(p1 (1-p1) / n1 + p0 (1-p0) / n0) ), where p is the
    mean share of all and z the normal quantile of 1 - level/2. Raises InvalidPlanError, BadLevelError.
    """
    _check(n_treated, n_control, design_effect)
    _require(0 <= control <= 1 and 0 <= treated <= 1, f"shares of {control:g} and {treated:g}")
    n1, n0 = n_treated / design_effect, n_control / design_effect
    mean = (n1 * treated + n0 * control) / (n1 + n0)
    under_null = np.sqrt(mean * (1 - mean) * (1 / n1 + 1 / n0))
    under_plan = np.sqrt(treated * (1 - treated) / n1 + control * (1 - control) / n0)
    excess = abs(treated - control) + ndtri(checked_level(level) / 2) * under_null
    if under_plan == 0:
        return float(excess > 0)
    return float(ndtr(excess / under_plan))


def power_for_means(
    difference: float, sd: float, n_treated: float, n_control: float, *, level: float = 0.05, design_effect: float = 1.0
) -> float:
    """The probability of finding a difference of means significant in a t test, both tails counted.

    `difference` and the standard deviation `sd` have the outcome's unit. The t has n1 + n0 - 2 degrees of freedom and
    the noncentrality difference / (sd sqrt(1/n1 + 1/n0)). Raises InvalidPlanError, BadLevelError.
    """
    _check(n_treated, n_control, design_effect)
    _require(sd > 0, f"a standard deviation of {sd:g}")
    n1, n0 = n_treated / design_effect, n_control / design_effect
    df = n1 + n0 - 2
    if df <= 0:
        return checked_level(level)
    noncentrality = abs(difference) / (sd * np.sqrt(1 / n1 + 1 / n0))
    from scipy.stats import nct  # slow to load

    limit = t_isf(checked_level(level) / 2, df)
    found = float(nct.sf(limit, df, noncentrality) + nct.cdf(-limit, df, noncentrality))
    # SciPy gives up on a large noncentrality, where the t is as good as normal.
    return found if np.isfinite(found) else float(ndtr(noncentrality - limit))


def needed_for_shares(
    control: float,
    treated: float,
    *,
    power: float = 0.8,
    treated_per_control: float = 1.0,
    level: float = 0.05,
    design_effect: float = 1.0,
) -> SampleSize:
    """The fewest persons with which the difference between two shares is found with probability `power`.

    Raises NoEffectToDetectError for equal shares, InvalidPlanError, BadLevelError.
    """
    if control == treated:
        raise NoEffectToDetectError(
            f"both shares are {control:g}", hint="no number of persons shows a difference of zero"
        )

    def reached(n1: float, n0: float) -> float:
        return power_for_shares(control, treated, n1, n0, level=level, design_effect=design_effect)

    return _needed(reached, power, treated_per_control, design_effect)


def needed_for_means(
    difference: float,
    sd: float,
    *,
    power: float = 0.8,
    treated_per_control: float = 1.0,
    level: float = 0.05,
    design_effect: float = 1.0,
) -> SampleSize:
    """The fewest persons with which a difference of means is found with probability `power`.

    Raises NoEffectToDetectError for a difference of zero, InvalidPlanError, BadLevelError.
    """
    if difference == 0:
        raise NoEffectToDetectError("the difference is zero", hint="no number of persons shows a difference of zero")

    def reached(n1: float, n0: float) -> float:
        return power_for_means(difference, sd, n1, n0, level=level, design_effect=design_effect)

    return _needed(reached, power, treated_per_control, design_effect)


def detectable_share(
    control: float,
    n_treated: float,
    n_control: float,
    *,
    direction: Direction = "increase",
    power: float = 0.8,
    level: float = 0.05,
    design_effect: float = 1.0,
) -> float:
    """The treated's share nearest to `control` that is found with probability `power`: control plus or minus the
    minimum detectable effect.

    Raises UndetectableError if not even 0 or 1 would be, InvalidPlanError, BadLevelError.
    """
    _require_power(power, level)
    end = 1.0 if direction == "increase" else 0.0

    def missing(treated: float) -> float:
        return (
            power_for_shares(control, treated, n_treated, n_control, level=level, design_effect=design_effect) - power
        )

    if missing(end) < 0:
        raise UndetectableError(
            f"with {n_treated:g} treated and {n_control:g} controls, no {direction} from {control:g} is found with "
            f"probability {power:g}",
            hint="more persons, a larger level or a smaller design effect",
        )
    return _root(missing, control, end, xtol=1e-12)


def detectable_mean(
    sd: float,
    n_treated: float,
    n_control: float,
    *,
    power: float = 0.8,
    level: float = 0.05,
    design_effect: float = 1.0,
) -> float:
    """The minimum detectable difference of means, in the outcome's unit. Raises UndetectableError, InvalidPlanError."""
    _require_power(power, level)

    def missing(difference: float) -> float:
        return power_for_means(difference, sd, n_treated, n_control, level=level, design_effect=design_effect) - power

    far = sd * np.sqrt(design_effect * (1 / n_treated + 1 / n_control))
    for _ in range(20):
        far *= 2
        if missing(far) > 0:
            return _root(missing, 0.0, far, xtol=1e-12 * far)
    raise UndetectableError(
        f"{n_treated:g} treated and {n_control:g} controls leave no degrees of freedom", hint="plan for more persons"
    )


def _root(missing: Callable[[float], float], low: float, high: float, **tolerances: float) -> float:
    """Where `missing` is zero between `low` and `high`."""
    from scipy.optimize import brentq  # slow to load

    return float(brentq(missing, low, high, **tolerances))


def _needed(
    reached: Callable[[float, float], float], power: float, treated_per_control: float, design_effect: float
) -> SampleSize:
    """Solve for the controls as a real number, then round both groups up to whole persons."""
    _require(0 < power < 1, f"a power of {power:g}")
    _require(treated_per_control > 0, f"{treated_per_control:g} treated for each control")

    def missing(n_control: float) -> float:
        return reached(treated_per_control * n_control, n_control) - power

    low, high = 1.0 / min(treated_per_control, 1.0), _MOST
    if missing(high) < 0:
        raise NoEffectToDetectError(f"not even {_MOST:g} persons are enough", hint="the effect is all but zero")
    n_control = low if missing(low) >= 0 else _root(missing, low, high, xtol=1e-9, rtol=1e-14)
    # A root found a hair above a whole number is that number.
    controls = int(np.ceil(n_control - 1e-7))
    treated = int(np.ceil(treated_per_control * n_control - 1e-7))
    return SampleSize(treated, controls, reached(treated, controls))


def _check(n_treated: float, n_control: float, design_effect: float) -> None:
    _require(n_treated > 0 and n_control > 0, f"groups of {n_treated:g} and {n_control:g}")
    _require(design_effect > 0, f"a design effect of {design_effect:g}")


def _require_power(power: float, level: float) -> None:
    _require(checked_level(level) < power < 1, f"a power of {power:g} at level {level:g}")


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise InvalidPlanError(f"{what} cannot be planned for")
