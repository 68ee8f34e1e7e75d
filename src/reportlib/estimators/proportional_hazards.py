"""Cox's proportional hazards model in one call, and Grambsch and Therneau's test of whether hazards are proportional.

Own code, by measurement (docs/agreement.md): under ties and late entry lifelines' clustered errors are up to 99 pct.
from R's, and statsmodels' coefficients further; these equal R's `coxph` and `cox.zph` to rounding.

Sources: see `risk_sets`; Lipsitz, Dear and Zhao (1994), Biometrics 50, 842-846 (jackknife by cluster); Grambsch and
Therneau (1994), Biometrika 81, 515-526; Therneau, survival 3.0 (exact score test).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc, stdtr, stdtrit

from reportlib.errors import did_you_mean
from reportlib.estimators.checked import (
    Booleans,
    Floats,
    Integers,
    checked_level,
    codes,
    matrix,
    require_columns,
)
from reportlib.estimators.errors import (
    CollinearTermsError,
    ConstantCovariateError,
    EmptyRiskSetError,
    MonotoneLikelihoodError,
    NoCovariatesError,
    NoEventsInGroupError,
    NotConvergedError,
    TooFewClustersError,
    UnknownTermError,
)
from reportlib.estimators.risk_sets import (
    EfronLikelihood,
    Episodes,
    Evaluation,
    Maximum,
    inverse,
    newton_step,
    read_episodes,
    scales,
    sum_by,
)

SINGULAR = 1e-11
"""Smallest eigenvalue of the information (scaled to a unit diagonal) that is not put down to rounding."""
COLLAPSED = 1e-4
"""The share of its first information that a direction must keep to be on its way to a maximum."""
STILL_MOVING = 1e-4
"""Once the likelihood has settled, a step longer than this share of a covariate's spread is one without end."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A weighted sum of coefficients, on the log hazard scale."""

    coef: float
    se: float
    hazard_ratio: float
    ci_low: float
    ci_high: float
    """The interval of the hazard ratio."""
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A fitted Cox model."""

    terms: pd.DataFrame
    """One row for each covariate: `term, coef, se_model, se_cluster, hazard_ratio, ci_low, ci_high, p`.

    `coef` and both errors are on the log hazard scale; `ci_low` and `ci_high` are the interval of `hazard_ratio`.
    Interval and p (two-sided) follow `se_cluster` when a cluster was named, otherwise `se_model`; `se_cluster` is then
    NaN. They are normal, and by the jackknife t.
    """
    loglik: float
    """The log partial likelihood at the estimate, and with all coefficients zero."""
    n: int
    n_events: int
    n_clusters: int | None
    covariance_model: Floats
    """(p, p) inverse information."""
    covariance_cluster: Floats | None
    """(p, p) Lin-Wei sandwich or jackknife, when a cluster was named."""
    jackknife: Jackknife | None
    iterations: int
    level: float
    """Significance level: 0.05 for 95 pct. intervals."""

    @property
    def method(self) -> str:
        """What a ledger row should say about the estimate."""
        if self.n_clusters is None:
            return "Cox, Efron ties, model errors"
        errors = "Lin-Wei" if self.jackknife is None else "jackknife"
        return f"Cox, Efron ties, {errors} errors, {self.n_clusters} clusters"

    def contrast(self, weights: Mapping[str, float]) -> Contrast:
        """The weighted sum of coefficients, e.g. `{"treated_after": 1, "treated_before": -1}` for the change in an
        effect.

        Raises UnknownTermError.
        """
        names = list(self.terms["term"])
        if unknown := [term for term in weights if term not in names]:
            raise UnknownTermError(f"no term {unknown[0]!r}", hint=did_you_mean(unknown[0], names))
        vector = np.array([weights.get(term, 0.0) for term in names])
        covariance = self.covariance_model if self.covariance_cluster is None else self.covariance_cluster
        coef, se = float(vector @ self.terms["coef"].to_numpy()), float(np.sqrt(vector @ covariance @ vector))
        df = np.inf if self.jackknife is None else self.jackknife.df(vector)
        half, p = -stdtrit(df, self.level / 2) * se, 2 * stdtr(df, -abs(coef / se))
        low, high = np.exp(coef - half), np.exp(coef + half)
        return Contrast(coef, se, float(np.exp(coef)), float(low), float(high), float(p))


def cox(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    covariates: Sequence[str],
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    cluster: str | None = None,
    jackknife: bool = False,
    level: float = 0.05,
) -> CoxFit:
    """Cox regression with Efron's handling of ties, equal to R's `coxph(..., ties = "efron")` to rounding.

    Args:
        frame: one row for each episode (start, stop]; a person may have several.
        stop, event: columns with the end of the episode and 1 if the event came then, 0 if not.
        covariates: numeric columns. Split a person's time with `before_and_after` for an effect that differs before
            and after a week.
        start: column with the time an episode begins (delayed entry). Nobody is at risk at the very time of entry.
            Without it all are watched from the beginning.
        strata: one or more columns; each combination has a baseline hazard of its own.
        weights: column of positive case weights. They enter the likelihood as in R: tied deaths share
            their mean weight. `se_model` is then right only if a weight counts equal persons; for sampling weights
            name a `cluster`.
        cluster: column; adds errors that allow any dependence inside a cluster (Lin and Wei 1989, as in R). Name the
            person's id when persons have several rows that are not one unbroken history.
        jackknife: take errors from the fits that leave out one cluster each, with t. Lin and Wei's are too small where
            clusters are few or unequal: with 12 to 40 places drawn they reject a true null at 5 pct. in 6 to 14 of 100
            draws, the jackknife in 4 to 6 (benchmarks/rejections.py). A fit a cluster: for places, not for persons.
        level: significance level of the intervals.

    Raises:
        NoCovariatesError, NoEventsError, NoEventsInGroupError, MonotoneLikelihoodError, EmptyRiskSetError,
        NotConvergedError, ConstantCovariateError, CollinearTermsError, TooFewClustersError: see `estimators.errors`.
        And what `read_episodes` raises.
    """
    level = checked_level(level)
    names = list(covariates)
    fitted = _fit(frame, start=start, stop=stop, event=event, covariates=names, strata=strata, weights=weights)
    maximum = fitted.maximum
    covariance = inverse(maximum.at.information)
    robust, left_out, n_clusters = None, None, None
    if cluster is not None:
        require_columns(frame, [cluster])
        group, labels = codes(frame[cluster], cluster)
        if (n_clusters := len(labels)) < 2:
            raise TooFewClustersError(
                f"all rows belong to one cluster, {cluster} = {labels[0]}",
                hint="errors clustered on one cluster do not exist; leave cluster out or name another column",
            )
        if jackknife:
            robust, left_out = _jackknife(fitted, covariance, group, n_clusters)
        else:
            influence = sum_by(group, fitted.likelihood.scores(maximum.at)) @ covariance
            robust = np.asarray(influence.T @ influence)
    return CoxFit(
        terms=_terms(names, maximum.beta, covariance, robust, left_out, level),
        loglik=maximum.at.loglik,
        n=len(frame),
        n_events=int(fitted.episodes.event.sum()),
        n_clusters=n_clusters,
        covariance_model=covariance,
        covariance_cluster=robust,
        jackknife=left_out,
        iterations=maximum.iterations,
        level=level,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """How sure the errors are that come from the fits that leave out one cluster each."""

    parts: Floats
    """(G, p, p) what each cluster adds to the model's covariance of the coefficients, were persons independent."""

    def df(self, weights: Floats) -> float:
        """Satterthwaite's degrees of freedom of a weighted sum (p,) of coefficients; unequal clusters have fewer."""
        each = np.einsum("i,gij,j->g", weights, self.parts, weights)
        return float(np.clip(each.sum() ** 2 / (each**2).sum(), 1, len(each) - 1))


def _jackknife(fitted: _Fitted, covariance: Floats, group: Integers, clusters: int) -> tuple[Floats, Jackknife]:
    """(p, p) (G - 1) / G times the squares about the estimate, NaN where one cluster alone tells a coefficient."""
    beta, spread = fitted.maximum.beta, _spread(fitted.likelihood)
    changes, parts = np.empty((clusters, len(beta))), np.empty((clusters, len(beta), len(beta)))
    for cluster in range(clusters):
        without, information = _rest(fitted.likelihood.without(group == cluster), beta, spread)
        changes[cluster] = without - beta
        parts[cluster] = covariance @ (fitted.maximum.at.information - information) @ covariance
    return np.asarray((clusters - 1) / clusters * changes.T @ changes), Jackknife(parts)


def _rest(likelihood: EfronLikelihood, start: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """The coefficients (p,) of some episodes, NaN for what these do not tell, and their information at `start`."""
    beta, lost = np.full(len(start), np.nan), set[int]()
    using = list(range(len(start)))
    information = np.zeros((len(start), len(start)))
    while using and likelihood.dead.size:
        part = copy(likelihood)
        if lost:
            part.x = likelihood.x[:, using]
        first = part.evaluate(start[using])
        if not lost:
            information = first.information
        unknown = np.flatnonzero(np.any(_undetermined(first, spread[using]), axis=0))
        if not unknown.size:
            near = part.settle(first, start[using])
            beta[using] = part.maximise(first, start[using], 1e-12).beta if near is None else near
            break
        lost |= {using[at] for at in unknown}
        del using[unknown[0]]  # the others of these may be told without it, though not as before
    beta[sorted(lost)] = np.nan
    return beta, information


def _terms(
    names: list[str], beta: Floats, model: Floats, robust: Floats | None, jackknife: Jackknife | None, level: float
) -> pd.DataFrame:
    se_model = np.sqrt(np.diag(model))
    se_cluster = np.full(len(names), np.nan) if robust is None else np.sqrt(np.diag(robust))
    se = se_model if robust is None else se_cluster
    df = np.full(len(names), np.inf) if jackknife is None else [jackknife.df(one) for one in np.eye(len(names))]
    half = -stdtrit(df, level / 2) * se
    return pd.DataFrame(
        {
            "term": names,
            "coef": beta,
            "se_model": se_model,
            "se_cluster": se_cluster,
            "hazard_ratio": np.exp(beta),
            "ci_low": np.exp(beta - half),
            "ci_high": np.exp(beta + half),
            "p": 2 * stdtr(df, -np.abs(beta / se)),
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalHazardsTest:
    """Tests of "the hazard ratio does not change with time"; a small p speaks against it."""

    terms: pd.DataFrame
    """One row for each covariate: `term, chi2, df, p`."""
    chi2: float
    df: int
    p: float
    """The test of all covariates together."""


def ph_test(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    covariates: Sequence[str],
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
) -> ProportionalHazardsTest:
    """Score test of adding x g(t) for each covariate x to the Cox model of the same arguments.

    g(t) is one minus Kaplan-Meier just before t (R's "km", least moved by a few late events), centred on its mean over
    the events. The test uses the model's own information and not the clusters, as in R. Raises as `cox`.
    """
    names = list(covariates)
    fitted = _fit(frame, start=start, stop=stop, event=event, covariates=names, strata=strata, weights=weights)
    likelihood, at = fitted.likelihood, fitted.maximum.at
    scale = _died_before(fitted.episodes)
    g = scale[likelihood.time_rank - 1] - scale[fitted.episodes.stop[fitted.episodes.event] - 1].mean()
    score, once = likelihood.weighted(at, g)
    # The information of x g(t) that is left when the ordinary coefficients are estimated too.
    left = likelihood.weighted(at, g**2)[1] - once @ np.linalg.solve(at.information, once)
    chi2, total = score**2 / np.diag(left), float(score @ np.linalg.solve(left, score))
    return ProportionalHazardsTest(
        terms=pd.DataFrame({"term": names, "chi2": chi2, "df": 1, "p": chdtrc(1, chi2)}),
        chi2=total,
        df=len(names),
        p=float(chdtrc(len(names), total)),
    )


def _died_before(episodes: Episodes) -> Floats:
    """One minus Kaplan-Meier just before each distinct time."""
    size = len(episodes.times) + 1
    dead = np.bincount(episodes.stop[episodes.event], minlength=size)[1:]
    stopped = np.bincount(episodes.stop, minlength=size)[1:]
    started = np.bincount(episodes.start, minlength=size)
    at_risk = np.cumsum(started)[:-1] - np.cumsum(stopped) + stopped
    survival = np.cumprod(1 - dead / np.maximum(at_risk, 1))
    return 1 - np.concatenate([[1.0], survival[:-1]])


# --- From a frame to the maximum, and whether the coefficients can be told from it


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    episodes: Episodes
    likelihood: EfronLikelihood
    maximum: Maximum


def _fit(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    covariates: list[str],
    start: str | None,
    strata: str | Sequence[str] | None,
    weights: str | None,
) -> _Fitted:
    """Maximise the partial likelihood. Arguments and errors as for `cox`."""
    if not covariates:
        raise NoCovariatesError("no covariates named", hint="a Cox model needs one or more; see kaplan_meier for none")
    episodes = read_episodes(frame, start=start, stop=stop, event=event, strata=strata, weights=weights)
    x = matrix(frame, covariates)
    if (constant := x.min(axis=0) == x.max(axis=0)).any():
        raise ConstantCovariateError(
            f"the same for everybody: {_named(covariates, constant)}", hint="leave it out of the covariates"
        )
    x = x - x.mean(axis=0)  # loses no information and keeps sums small
    likelihood = EfronLikelihood(episodes, x)
    at_risk = likelihood.lo < likelihood.hi
    if likelihood.at_risk(np.ones(len(x))).max() < 1.5:
        raise EmptyRiskSetError(
            "whenever an event happens, nobody else is at risk",
            hint="the strata may be too fine, or start and stop may not overlap",
        )
    _require_events_in_groups(matrix(frame, covariates)[at_risk], episodes.event[at_risk], covariates)
    spread = _spread(likelihood)
    at_zero = likelihood.evaluate(np.zeros(len(covariates)))
    _require_information(at_zero, spread, covariates)
    maximum = likelihood.maximise(at_zero, np.zeros(len(covariates)))
    _require_maximum(maximum, spread, covariates)
    return _Fitted(episodes, likelihood, maximum)


def _spread(likelihood: EfronLikelihood) -> Floats:
    """(p,) standard deviation of each covariate among the episodes that are ever at risk at an event."""
    return np.asarray(likelihood.x[likelihood.lo < likelihood.hi].std(axis=0))


def _require_events_in_groups(covariates: Floats, event: Booleans, terms: Sequence[str]) -> None:
    """Raise NoEventsInGroupError if all events fall on one side of a 0/1 covariate.

    `covariates` (n, p) and `event` (n,) are the episodes' that are ever at risk at an event.
    """
    dead = covariates[event]
    low, high = covariates.min(axis=0), covariates.max(axis=0)
    for at in np.flatnonzero(dead.min(axis=0) == dead.max(axis=0)).tolist():
        two_valued = np.isin(covariates[:, at], (low[at], high[at])).all()
        if two_valued and low[at] < high[at]:
            empty = high[at] if dead[0, at] == low[at] else low[at]
            raise NoEventsInGroupError(
                f"no events among those with {terms[at]} = {empty:g} "
                f"({int((covariates[:, at] == empty).sum())} episodes at risk)",
                hint="merge the group with another, leave its rows out, or name the covariate as strata",
            )


def _require_information(at_zero: Evaluation, spread: Floats, terms: Sequence[str]) -> None:
    """Raise ConstantCovariateError or CollinearTermsError if the information at beta = 0 is singular.

    `spread` (p,) is each covariate's standard deviation.
    """
    flat, together = _undetermined(at_zero, spread)
    if flat.any():
        raise ConstantCovariateError(
            f"does not vary among those at risk together: {_named(terms, flat)}",
            hint="a covariate that is constant within the strata has no coefficient",
        )
    if together.any():
        raise CollinearTermsError(
            f"cannot be told apart, for they add up to a constant: {_named(terms, together)}",
            hint="leave one of them out (with indicators for every level, one level is the reference)",
        )


def _undetermined(at_zero: Evaluation, spread: Floats) -> tuple[Booleans, Booleans]:
    """(p,) the covariates that do not vary among those at risk together, and those that add up to a constant."""
    information = at_zero.information
    flat = np.diag(information) <= SINGULAR * spread**2
    if flat.any():
        return flat, np.zeros_like(flat)
    scale = scales(information)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    return flat, (np.abs(vectors[:, 0]) > 1e-6) & (values[0] < SINGULAR * values[-1])


def _require_maximum(found: Maximum, spread: Floats, terms: Sequence[str]) -> None:
    """Raise MonotoneLikelihoodError if a coefficient was growing to the end, NotConvergedError if time ran out."""
    step = np.abs(newton_step(found.at)) * spread
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
            f"the likelihood had not settled after {found.iterations} iterations",
            hint="fewer covariates, or larger groups",
        )


def _collapsed(found: Maximum) -> bool:
    """Has the information in some direction all but vanished since beta = 0, as it does on the way to infinity?"""
    scale = np.outer(*[scales(found.first.information)] * 2)
    first, last = (np.linalg.eigvalsh(np.nan_to_num(at.information / scale))[0] for at in (found.first, found.at))
    return bool(last < COLLAPSED * first)


def _named(terms: Sequence[str], which: Booleans) -> str:
    names = [term for term, on in zip(terms, which, strict=True) if on]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
