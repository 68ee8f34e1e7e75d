"""From a frame to the maximum of the partial likelihood: what `cox` and `ph_test` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportlib.estimators import columns
from reportlib.estimators.inputs import Floats, Integers
from reportlib.estimators.survival import identification
from reportlib.estimators.survival.design import Design
from reportlib.estimators.survival.efron import EfronLikelihood
from reportlib.estimators.survival.episodes import Episodes, read_episodes
from reportlib.estimators.survival.newton import MAX_ITERATIONS, TOLERANCE, Maximum, maximise
from reportlib.estimators.survival.risk_sets import RiskSets, risk_sets


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The data, sorted, and the likelihood's maximum on them."""

    episodes: Episodes
    sets: RiskSets
    likelihood: EfronLikelihood
    maximum: Maximum


def fit(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    covariates: Sequence[str],
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Fitted:
    """Maximise the partial likelihood. Arguments and errors as for `cox`."""
    terms = list(covariates)
    identification.require_terms(terms)
    episodes = read_episodes(frame, start=start, stop=stop, event=event, strata=strata, weights=weights)
    # One row for each covariate from here on, and `take` rather than fancy indexing, which may turn the memory round:
    # every pass over a covariate then reads it in order.
    x = np.ascontiguousarray(columns.matrix(frame, terms).T)
    if episodes.n < len(frame):
        x = x.take(episodes.row, axis=1)
    identification.require_variation(x, terms)

    sets = risk_sets(episodes)
    x, weight = x.take(sets.position, axis=1), episodes.weight[sets.position]
    identification.require_comparison(sets)
    identification.require_events_in_groups(sets, x, terms)

    # Taking the mean out loses no information and keeps sums small; indicators stay 0/1, which `Design` makes use of.
    indicator = ((x == 0) | (x == 1)).all(axis=1)
    x -= np.where(indicator, 0.0, x.mean(axis=1))[:, None]
    spread = x.std(axis=1)
    likelihood = EfronLikelihood(sets, Design(sets, x), weight)
    at_zero = likelihood.evaluate(np.zeros(len(terms)))
    identification.require_information(at_zero, spread, terms)
    maximum = maximise(likelihood, at_zero, tolerance=tolerance, max_iterations=max_iterations)
    identification.require_maximum(maximum, spread, terms)
    return Fitted(episodes, sets, likelihood, maximum)


def robust_covariance(fitted: Fitted, covariance: Floats, group: Integers) -> Floats:
    """The Lin-Wei sandwich, (p, p): the outer product of the groups' sums of weighted dfbeta residuals.

    `covariance` is the inverse information, and `group` (n,) holds the groups' codes over the frame's episodes.
    """
    codes = group[fitted.sets.position]
    scores = fitted.likelihood.scores_by_group(fitted.maximum.evaluation, codes, int(group.max()) + 1)
    influence = scores @ covariance
    return np.asarray(influence.T @ influence)
