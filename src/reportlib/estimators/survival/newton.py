"""Newton-Raphson on the partial likelihood, with the starting point and the stopping rule of R's `coxph`.

The steps start at zero and end when the log likelihood changes by less than 1e-9 of itself. At that point a
coefficient may be some 1e-9 of itself from the exact maximum (1e-7 in a small sample with a coefficient near zero),
which no reader could see, but which would hide a real difference from R. Ending where R ends, the two agree to
rounding. A smaller `tolerance` goes further.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportlib.estimators.inputs import Floats
from reportlib.estimators.survival.efron import EfronLikelihood, Evaluation

TOLERANCE = 1e-9
MAX_ITERATIONS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the iterations ended."""

    beta: Floats
    """(p,)"""
    evaluation: Evaluation
    at_zero: Evaluation
    """The likelihood at beta = 0."""
    iterations: int
    converged: bool


def maximise(
    likelihood: EfronLikelihood,
    at_zero: Evaluation,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Maximum:
    """Climb from beta = 0, where the likelihood is `at_zero`.

    A step that lands lower is cut to a half, then to a third of that, and so on.
    """
    beta = np.zeros(len(at_zero.score))
    best = at_zero
    proposed = beta + newton_step(best)
    halvings = 0
    for iteration in range(1, max_iterations + 1):
        evaluation = likelihood.evaluate(proposed)
        settled = abs(1 - best.loglik / evaluation.loglik) <= tolerance if evaluation.loglik else False
        if settled and not halvings:
            return Maximum(proposed, evaluation, at_zero, iteration, converged=True)
        if not np.isfinite(evaluation.loglik) or evaluation.loglik < best.loglik:
            halvings += 1
            proposed = (proposed + halvings * beta) / (halvings + 1)
        else:
            halvings = 0
            beta, best = proposed, evaluation
            proposed = beta + newton_step(best)
    return Maximum(beta, best, at_zero, max_iterations, converged=False)


def newton_step(at: Evaluation) -> Floats:
    """information^-1 score, (p,); the shortest such step where the information is singular."""
    scale = scales(at.information)
    scaled = at.information / np.outer(scale, scale)
    try:
        return np.asarray(np.linalg.solve(scaled, at.score / scale) / scale)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(scaled, at.score / scale, rcond=None)[0] / scale)


def inverse(information: Floats) -> Floats:
    """The inverse of the information, (p, p), symmetric to the last digit."""
    scale = scales(information)
    inverted = np.linalg.inv(information / np.outer(scale, scale)) / np.outer(scale, scale)
    return np.asarray((inverted + inverted.T) / 2)


def scales(information: Floats) -> Floats:
    """Square roots of the diagonal, (p,), and 1 where it is zero, to make covariates of any unit comparable."""
    diagonal = np.diag(information)
    return np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
