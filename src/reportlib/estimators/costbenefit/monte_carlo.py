"""How sure is the result? Draws from the joint distribution of the quantities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.errors import did_you_mean
from reportlib.estimators.costbenefit.accounts import ACCOUNTS, CostBenefit
from reportlib.estimators.costbenefit.errors import InvalidCovarianceError
from reportlib.estimators.inputs import Floats, checked_level

SEED = 20_240_101
DRAWS = 10_000


def monte_carlo(
    analysis: CostBenefit,
    covariance: pd.DataFrame,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = 0.05,
) -> pd.DataFrame:
    """`account, value, se, ci_low, ci_high, share_positive`: each account with its interval, in kroner per person.

    The quantities are drawn together from a normal distribution with the analysis' own values as mean, so that
    effects that go together (hours and weeks on benefit) do so in every draw. `value` is the analysis' value, not the
    draws' mean; the interval runs between the draws' level/2 and 1 - level/2 quantiles; `share_positive` is the share
    of draws with a gain.

    Args:
        covariance: symmetric, rows and columns labelled with some of `analysis.labels`; the rest are taken as certain.
        seed: fixed, so that a report gives the same interval every time.

    Raises InvalidCovarianceError, BadLevelError.

    Source: Briggs, Sculpher and Claxton (2006), Decision Modelling for Health Economic Evaluation, chapter 4.
    """
    level = checked_level(level)
    root = _root(analysis, covariance)
    rng = np.random.default_rng(seed)
    quantities = analysis.vector + rng.standard_normal((draws, root.shape[1])) @ root.T
    outcomes = quantities @ analysis.coefficients().T
    low, high = np.quantile(outcomes, [level / 2, 1 - level / 2], axis=0)
    return pd.DataFrame(
        {
            "account": ACCOUNTS,
            "value": list(analysis.values().values()),
            "se": outcomes.std(axis=0, ddof=1),
            "ci_low": low,
            "ci_high": high,
            "share_positive": (outcomes > 0).mean(axis=0),
        }
    )


def _root(analysis: CostBenefit, covariance: pd.DataFrame) -> Floats:
    """(q, k) a matrix whose product with its transpose is the covariance of all quantities."""
    names, known = [str(name) for name in covariance.index], list(analysis.labels)
    if names != [str(name) for name in covariance.columns] or len(set(names)) < len(names):
        raise InvalidCovarianceError("rows and columns of the covariance must have the same names in the same order")
    for name in names:
        if name not in known:
            raise InvalidCovarianceError(f"no quantity {name!r}", hint=did_you_mean(name, known))
    matrix = covariance.to_numpy(dtype=float)
    size = np.sqrt(np.outer(np.diag(matrix).clip(0), np.diag(matrix).clip(0)))
    if not np.isfinite(matrix).all() or (np.abs(matrix - matrix.T) > 1e-9 * size.max(initial=0)).any():
        raise InvalidCovarianceError("the covariance is not symmetric, or has missing values")
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    if values.min(initial=0) < -1e-9 * values.max(initial=0):
        raise InvalidCovarianceError(
            "some combination of the quantities would have a negative variance",
            hint="the correlations do not fit together; take the matrix from one joint estimate",
        )
    root = np.zeros((len(known), len(names)))
    root[[known.index(name) for name in names]] = vectors * np.sqrt(values.clip(0))
    return root
