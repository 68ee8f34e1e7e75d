"""Can the coefficients be told from these data? Each way they cannot has an error of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportlib.estimators.errors import CollinearTermsError, ConstantCovariateError
from reportlib.estimators.inputs import Booleans, Floats
from reportlib.estimators.survival.efron import Evaluation
from reportlib.estimators.survival.errors import (
    EmptyRiskSetError,
    MonotoneLikelihoodError,
    NoCovariatesError,
    NoEventsInGroupError,
    NotConvergedError,
)
from reportlib.estimators.survival.newton import Maximum, newton_step, scales
from reportlib.estimators.survival.risk_sets import RiskSets

SINGULAR = 1e-11
"""Smallest eigenvalue of the information (scaled to a unit diagonal) that is not put down to rounding."""
COLLAPSED = 1e-4
"""The share of its first information that a direction must keep to be on its way to a maximum."""
STILL_MOVING = 1e-4
"""Once the likelihood has settled, a step longer than this share of a covariate's spread is one without end."""


def require_terms(terms: Sequence[str]) -> None:
    """Raise NoCovariatesError for an empty list."""
    if not terms:
        raise NoCovariatesError("no covariates named", hint="a Cox model needs one or more; see kaplan_meier for none")


def require_variation(covariates: Floats, terms: Sequence[str]) -> None:
    """Raise ConstantCovariateError if a row of `covariates` (p, n) has one value throughout."""
    constant = covariates.min(axis=1) == covariates.max(axis=1)
    if constant.any():
        raise ConstantCovariateError(
            f"the same for everybody: {_named(terms, constant)}", hint="leave it out of the covariates"
        )


def require_comparison(sets: RiskSets) -> None:
    """Raise EmptyRiskSetError if nobody with an event ever has anybody to be compared with."""
    if sets.over_risk_sets(np.ones(len(sets.hi))).max() < 1.5:
        raise EmptyRiskSetError(
            "whenever an event happens, nobody else is at risk",
            hint="the strata may be too fine, or start and stop may not overlap",
        )


def require_events_in_groups(sets: RiskSets, covariates: Floats, terms: Sequence[str]) -> None:
    """Raise NoEventsInGroupError if all events fall on one side of a 0/1 covariate.

    `covariates` is (p, m), over the risk sets' episodes.
    """
    dead = covariates.take(sets.dead, axis=1)
    low, high = covariates.min(axis=1), covariates.max(axis=1)
    one_sided = np.flatnonzero(dead.min(axis=1) == dead.max(axis=1)).tolist()
    for at in one_sided:
        two_valued = np.isin(covariates[at], (low[at], high[at])).all()
        if two_valued and low[at] < high[at]:
            empty = high[at] if dead[at, 0] == low[at] else low[at]
            raise NoEventsInGroupError(
                f"no events among those with {terms[at]} = {empty:g} "
                f"({int((covariates[at] == empty).sum())} episodes at risk)",
                hint="merge the group with another, leave its rows out, or name the covariate as strata",
            )


def require_information(at_zero: Evaluation, spread: Floats, terms: Sequence[str]) -> None:
    """Raise ConstantCovariateError or CollinearTermsError if the information at beta = 0 is singular.

    `spread` (p,) is each covariate's standard deviation.
    """
    information = at_zero.information
    flat = np.diag(information) <= SINGULAR * spread**2
    if flat.any():
        raise ConstantCovariateError(
            f"does not vary among those at risk together: {_named(terms, flat)}",
            hint="a covariate that is constant within the strata has no coefficient",
        )
    scale = scales(information)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < SINGULAR * values[-1]:
        involved = np.abs(vectors[:, 0]) > 1e-6
        raise CollinearTermsError(
            f"cannot be told apart, for they add up to a constant: {_named(terms, involved)}",
            hint="leave one of them out (with indicators for every level, one level is the reference)",
        )


def require_maximum(found: Maximum, spread: Floats, terms: Sequence[str]) -> None:
    """Raise MonotoneLikelihoodError if a coefficient was growing to the end, NotConvergedError if time ran out."""
    step = np.abs(newton_step(found.evaluation)) * spread
    growing = ~(step <= STILL_MOVING * (1 + np.abs(found.beta) * spread))
    if growing.any() and (found.converged or _collapsed(found)):
        signs = ", ".join(
            f"{term} ({'+' if beta > 0 else '-'}infinity)"
            for term, beta, on in zip(terms, found.beta, growing, strict=True)
            if on
        )
        raise MonotoneLikelihoodError(
            f"the likelihood rises without end in {signs}",
            hint="these covariates together order the events completely: use fewer, or merge groups",
        )
    if not found.converged:
        raise NotConvergedError(
            f"the likelihood had not settled after {found.iterations} iterations", hint="raise max_iterations"
        )


def _collapsed(found: Maximum) -> bool:
    """Has the information in some direction all but vanished since beta = 0, as it does on the way to infinity?"""
    scale = np.outer(*[scales(found.at_zero.information)] * 2)
    first, last = (
        np.linalg.eigvalsh(np.nan_to_num(at.information / scale))[0] for at in (found.at_zero, found.evaluation)
    )
    return bool(last < COLLAPSED * first)


def _named(terms: Sequence[str], which: Booleans) -> str:
    names = [term for term, on in zip(terms, which, strict=True) if on]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
