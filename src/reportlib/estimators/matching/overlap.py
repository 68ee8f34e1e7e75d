"""Overlap weights: everybody counts by the probability of having been in the other group.

The treated get 1 - e and the controls e, where e is the propensity score. Nobody gets an extreme weight, nobody is
thrown out, the covariates' means are equal in the two groups to rounding, and the effect is that among those who
could have gone either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from reportlib.estimators.inputs import Floats, checked_level, finite, same_length
from reportlib.estimators.matching.balance import effective_size
from reportlib.estimators.matching.propensity import Propensity


@dataclass(frozen=True, slots=True)
class OverlapEffect:
    """The weighted difference of means, in the outcome's unit."""

    effect: float
    se: float
    ci_low: float
    ci_high: float
    p: float
    mean_treated: float
    mean_control: float
    effective_treated: float
    effective_control: float
    """As many equally weighted persons."""
    method: str = "overlap weights, sandwich error with estimated score"


def overlap_weights(propensity: Propensity) -> Floats:
    """(n,) 1 - e for the treated and e for the controls."""
    return np.where(propensity.treated, 1 - propensity.score, propensity.score)


def overlap_effect(propensity: Propensity, outcome: Any, *, level: float = 0.05) -> OverlapEffect:
    """Difference of the weighted means of `outcome` (n,), with the error that knows the score is estimated.

    The error is the sandwich of the stacked equations for the score's coefficients and the two means: with
    h = e(1 - e), each person's influence on the treated's mean is

        [(1 - e) z (y - m1) - a1' I^-1 x (z - e)] / mean of (1 - e) z,   a1 = mean of h z (y - m1) x,   I = mean of h
        x x'

    and alike for the controls.

    Raises MissingValueError, LengthMismatchError, BadLevelError.

    Source: Li, Morgan and Zaslavsky (2018), JASA 113, 390-400; Li, Thomas and Li (2019), American Journal of
    Epidemiology 188.
    """
    level = checked_level(level)
    y = finite(outcome, "outcome")
    same_length(outcome=y, treated=propensity.treated)
    e, x = propensity.score, propensity.design
    z = propensity.treated.astype(float)
    weight = overlap_weights(propensity)
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    x = x / spread  # the covariates' units cancel; equal ones keep the matrix well conditioned
    h = e * (1 - e)
    information = (x * h[:, None]).T @ x
    score_influence = np.linalg.solve(information, (x * (z - e)[:, None]).T).T
    means, influences = [], []
    for group, sign in ((z, -1.0), (1 - z, 1.0)):
        total = float((weight * group).sum())
        mean = float((weight * group) @ y / total)
        residual = group * (y - mean)
        # The weights move with the score: 1 - e falls by h, e rises by h.
        slope = sign * (h * residual) @ x
        means.append(mean)
        influences.append((weight * residual + score_influence @ slope) / total)
    effect = means[0] - means[1]
    se = float(np.sqrt(((influences[0] - influences[1]) ** 2).sum()))
    half = float(-ndtri(level / 2) * se)
    return OverlapEffect(
        effect=effect,
        se=se,
        ci_low=effect - half,
        ci_high=effect + half,
        p=float(2 * ndtr(-abs(effect) / se)) if se > 0 else float("nan"),
        mean_treated=means[0],
        mean_control=means[1],
        effective_treated=effective_size(weight[propensity.treated]),
        effective_control=effective_size(weight[~propensity.treated]),
    )
