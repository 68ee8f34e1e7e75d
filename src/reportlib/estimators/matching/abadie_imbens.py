"""The effect on the treated by matching, with Abadie and Imbens' error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from scipy.special import ndtr, ndtri

from reportlib.estimators.errors import EmptyGroupError
from reportlib.estimators.inputs import Floats, checked_level, finite, one_of, same_length
from reportlib.estimators.matching.nearest import Matches, nearest_others

Variance = Literal["homoscedastic", "heteroscedastic"]


@dataclass(frozen=True, slots=True)
class MatchedEffect:
    """The mean difference between the matched treated and their controls, in the outcome's unit."""

    effect: float
    se: float
    ci_low: float
    ci_high: float
    p: float
    mean_treated: float
    mean_control: float
    n_treated: int
    """Treated persons with a match."""
    n_controls: int
    """Different controls used."""
    variance: Variance

    @property
    def method(self) -> str:
        """What a ledger row should say about the estimate."""
        return f"nearest neighbour with replacement, Abadie-Imbens, {self.variance}"


def matched_effect(
    matches: Matches,
    outcome: Any,
    *,
    variance: Variance = "homoscedastic",
    variance_neighbours: int = 2,
    level: float = 0.05,
) -> MatchedEffect:
    """tau = mean over the matched treated of tau_i, where tau_i = y_i - mean of y over i's matches.

    The variance has a part for how tau_i differs between the treated and one for controls used more than once. With
    K_j the sum and K2_j the sum of squares of the shares with which control j is used,

        Var tau = [ sum over treated (tau_i - tau)^2 + sum over controls (K_j^2 - K2_j) sigma_j^2 ] / n_treated^2.

    Args:
        outcome: (n,) values for all rows.
        variance: "homoscedastic" takes sigma^2 = half the mean of (y_i - y_j - tau)^2 over treated i and their
            matches j, as R's Matching does by default; "heteroscedastic" takes sigma_j^2 = J/(J+1) (y_j - mean of y
            over the J nearest other controls)^2.
        variance_neighbours: J.

    The score is taken as known; that it is estimated usually makes the true error a little smaller (Abadie and Imbens
    2016).

    Raises MissingValueError, LengthMismatchError, UnknownMethodError, BadLevelError; EmptyGroupError for too few
    controls.

    Source: Abadie and Imbens (2006), Econometrica 74, 235-267, theorems 6 and 7.
    """
    one_of("variance", variance, get_args(Variance))
    level = checked_level(level)
    y = finite(outcome, "outcome")
    same_length(outcome=y, weight=matches.weight)
    control_mean = matches.runs.mean(y[matches.controls])
    tau_i = y[matches.treated] - control_mean
    tau = float(tau_i.mean())
    n = len(tau_i)
    between = float(((tau_i - tau) ** 2).sum())

    size, share = len(matches.controls), 1.0 / matches.runs.count
    k = matches.runs.spread_back(share, size)
    k2 = matches.runs.spread_back(share**2, size)
    if variance == "homoscedastic":
        # (y_i - y_j - tau)^2 averaged over i's matches j is (tau_i - tau)^2 plus the variance of y among them.
        centred = y[matches.controls] - control_mean.mean()
        own_spread = matches.runs.mean(centred**2) - matches.runs.mean(centred) ** 2
        sigma2: Floats | float = 0.5 * float(np.mean((tau_i - tau) ** 2 + own_spread))
    else:
        sigma2 = _sigma2(y[matches.controls], matches.control_score, variance_neighbours)
    reused = float(np.sum((k**2 - k2) * sigma2))
    se = float(np.sqrt(between + reused)) / n
    half = float(-ndtri(level / 2) * se)
    return MatchedEffect(
        effect=tau,
        se=se,
        ci_low=tau - half,
        ci_high=tau + half,
        p=float(2 * ndtr(-abs(tau) / se)) if se > 0 else float("nan"),
        mean_treated=float(y[matches.treated].mean()),
        mean_control=float(control_mean.mean()),
        n_treated=n,
        n_controls=matches.n_controls_used,
        variance=variance,
    )


def _sigma2(y: Floats, score: Floats, neighbours: int) -> Floats:
    """(n_c,) the variance of y at each control, from its nearest others and all tied with them; `score` rises."""
    if len(y) <= neighbours:
        raise EmptyGroupError(f"{len(y)} controls are too few for errors from {neighbours} neighbours")
    runs = nearest_others(score, neighbours)
    others = runs.count - 1
    mean_others = (runs.mean(y) * runs.count - y) / others
    return np.asarray(others / (others + 1) * (y - mean_others) ** 2)
