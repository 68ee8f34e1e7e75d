"""The propensity score: the probability of being treated, given the covariates, by logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from reportlib.estimators import columns
from reportlib.estimators.errors import CollinearTermsError, ConstantCovariateError, EmptyGroupError
from reportlib.estimators.inputs import Booleans, Floats
from reportlib.estimators.matching.errors import SeparationError

INTERCEPT = "(intercept)"
MAX_ITERATIONS = 50
_SETTLED = 1e-10
"""Iterations end when no coefficient moves by more than this share of its covariate's spread."""
_CERTAIN = 30.0
"""A linear predictor beyond this, in either direction, is a probability of 0 or 1 to the last digit but three."""
_SINGULAR = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Propensity:
    """A fitted logit model of treatment."""

    terms: pd.DataFrame
    """`term, coef, se`, the intercept first."""
    score: Floats
    """(n,) probability of treatment, in the frame's order."""
    logit: Floats
    """(n,) its log odds."""
    treated: Booleans
    """(n,)"""
    design: Floats
    """(n, p + 1) the covariates with the intercept's column of ones first."""
    loglik: float


def propensity_score(frame: pd.DataFrame, *, treated: str, covariates: Sequence[str]) -> Propensity:
    """Maximum likelihood logit of the 0/1 column `treated` on the `covariates`, by Newton's method.

    Raises:
        EmptyGroupError: nobody treated, or nobody not.
        SeparationError: a combination of covariates tells treatment for certain, so that a coefficient is infinite.
        ConstantCovariateError, CollinearTermsError: a coefficient does not exist.
        UnknownColumnError, MissingValueError, NotBinaryError, NotNumericError, RepeatedColumnError: see `columns`.

    Source: McCullagh and Nelder (1989), Generalized Linear Models, section 4.4. Equals R's `glm(family = binomial)`.
    """
    columns.require_rows(frame)
    z = columns.flag(frame, treated)
    names = list(covariates)
    x = columns.matrix(frame, names)
    if z.all() or not z.any():
        raise EmptyGroupError(f"everybody has {treated} = {int(z[0])}", hint="matching needs treated and controls")
    if names and (same := np.flatnonzero(x.min(axis=0) == x.max(axis=0))).size:
        raise ConstantCovariateError(f"the same for everybody: {', '.join(names[at] for at in same)}")
    # Standardised, earnings in kroner and a 0/1 column have the same scale, and nothing is lost to rounding.
    mean, spread = x.mean(axis=0), x.std(axis=0)
    standard = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    beta, covariance = _maximise(standard, z.astype(float), [INTERCEPT, *names])
    back = np.diag(np.concatenate([[1.0], 1 / spread]))
    back[0, 1:] = -mean / spread
    coef, covariance = back @ beta, back @ covariance @ back.T
    logit = standard @ beta
    return Propensity(
        terms=pd.DataFrame({"term": [INTERCEPT, *names], "coef": coef, "se": np.sqrt(np.diag(covariance))}),
        score=np.asarray(expit(logit)),
        logit=logit,
        treated=z,
        design=np.column_stack([np.ones(len(x)), x]),
        loglik=_loglik(logit, z),
    )


def _maximise(x: Floats, z: Floats, names: list[str]) -> tuple[Floats, Floats]:
    """Coefficients (p+1,) and their covariance, for standardised covariates."""
    gram = x.T @ x / len(x)
    values, vectors = np.linalg.eigh(gram)
    if values[0] < _SINGULAR * values[-1]:
        involved = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 1e-6]
        raise CollinearTermsError(
            f"cannot be told apart, for they add up to a constant: {', '.join(involved)}",
            hint="leave one of them out",
        )
    beta = np.zeros(x.shape[1])
    loglik = _loglik(x @ beta, z > 0)
    for _ in range(MAX_ITERATIONS):
        eta = x @ beta
        if np.abs(eta).max() > _CERTAIN:
            break
        p = np.asarray(expit(eta))
        information = (x * (p * (1 - p))[:, None]).T @ x
        step = np.linalg.solve(information, x.T @ (z - p))
        shorter = 1.0
        while (reached := _loglik(x @ (beta + shorter * step), z > 0)) < loglik - 1e-9 * abs(loglik) and shorter > 1e-3:
            shorter /= 2
        beta, loglik = beta + shorter * step, reached
        if np.abs(shorter * step).max() <= _SETTLED:
            return beta, np.linalg.inv(information)
    growing = [name for name, part in zip(names, beta, strict=True) if abs(part) > 2 and name != INTERCEPT]
    raise SeparationError(
        f"treatment can be told for certain from {', '.join(growing) or 'the covariates'}",
        hint="some have nobody like them in the other group: leave them or the covariate out, or merge categories",
    )


def _loglik(logit: Floats, treated: Booleans) -> float:
    return -float(np.logaddexp(0.0, np.where(treated, -logit, logit)).sum())
