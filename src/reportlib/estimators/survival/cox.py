"""Cox's proportional hazards model in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from reportlib.errors import did_you_mean
from reportlib.estimators import columns
from reportlib.estimators.errors import TooFewClustersError, UnknownTermError
from reportlib.estimators.inputs import Floats, Integers, checked_level
from reportlib.estimators.survival.fitting import fit, robust_covariance
from reportlib.estimators.survival.newton import MAX_ITERATIONS, TOLERANCE, inverse


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
    Interval and p (two-sided, normal) follow `se_cluster` when a cluster was named, otherwise `se_model`;
    `se_cluster` is then NaN.
    """
    loglik: float
    loglik_null: float
    """The log partial likelihood at the estimate, and with all coefficients zero."""
    n: int
    """Episodes of positive weight."""
    n_events: int
    n_clusters: int | None
    covariance_model: Floats
    """(p, p) inverse information."""
    covariance_cluster: Floats | None
    """(p, p) Lin-Wei sandwich, when a cluster was named."""
    iterations: int
    level: float
    """Significance level: 0.05 for 95 pct. intervals."""

    @property
    def method(self) -> str:
        """What a ledger row should say about the estimate."""
        errors = "model errors" if self.n_clusters is None else f"Lin-Wei errors, {self.n_clusters} clusters"
        return f"Cox, Efron ties, {errors}"

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
        half = -ndtri(self.level / 2) * se
        low, high = np.exp(coef - half), np.exp(coef + half)
        return Contrast(coef, se, float(np.exp(coef)), float(low), float(high), float(2 * ndtr(-abs(coef / se))))


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
    level: float = 0.05,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> CoxFit:
    """Cox regression with Efron's handling of ties, equal to R's `coxph(..., ties = "efron")` to rounding.

    Args:
        frame: one row for each episode (start, stop]; a person may have several.
        stop, event: columns with the end of the episode and 1 if the event came then, 0 if not.
        covariates: numeric columns. Make 0/1 columns of categories with `indicators`; split a person's time with
            `split_episodes` for an effect that differs before and after a week.
        start: column with the time an episode begins (delayed entry). Nobody is at risk at the very time of entry.
            Without it all are watched from the beginning.
        strata: one or more columns; each combination has a baseline hazard of its own.
        weights: column of case weights (zero leaves a row out). They enter the likelihood as in R: tied deaths share
            their mean weight. `se_model` is then right only if a weight counts equal persons; for sampling weights
            name a `cluster`.
        cluster: column; adds errors that allow any dependence inside a cluster (Lin and Wei 1989, no small-sample
            correction, as in R: with fewer than some 40 clusters they are too small, the more so the fewer). Name the
            person's id when persons have several rows that are not one unbroken history.
        level: significance level of the intervals.
        tolerance, max_iterations: see `newton`.

    Raises:
        NoEventsError, NoEventsInGroupError, MonotoneLikelihoodError, EmptyRiskSetError, NotConvergedError,
        InvalidEpisodeError, InvalidWeightsError, NoWeightError: see `survival.errors`.
        ConstantCovariateError, CollinearTermsError, TooFewClustersError, MissingValueError, NotBinaryError,
        NotNumericError, UnknownColumnError: see `estimators.errors` and `columns`.

    Sources: see `efron`.
    """
    level = checked_level(level)
    fitted = fit(
        frame,
        start=start,
        stop=stop,
        event=event,
        covariates=covariates,
        strata=strata,
        weights=weights,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )
    maximum = fitted.maximum
    covariance = inverse(maximum.evaluation.information)
    robust, n_clusters = None, None
    if cluster is not None:
        group, n_clusters = _clusters(frame, cluster, fitted.episodes.row)
        robust = robust_covariance(fitted, covariance, group)
    return CoxFit(
        terms=_terms(list(covariates), maximum.beta, covariance, robust, level),
        loglik=maximum.evaluation.loglik,
        loglik_null=maximum.at_zero.loglik,
        n=fitted.episodes.n,
        n_events=int(fitted.episodes.event.sum()),
        n_clusters=n_clusters,
        covariance_model=covariance,
        covariance_cluster=robust,
        iterations=maximum.iterations,
        level=level,
    )


def _clusters(frame: pd.DataFrame, cluster: str, row: Integers) -> tuple[Integers, int]:
    """Codes 0..G-1 of the clusters that have a row of positive weight."""
    code, levels = columns.labels(frame, cluster)
    code, present = columns.renumber(code[row])
    if len(present) < 2:
        raise TooFewClustersError(
            f"all rows belong to one cluster, {cluster} = {levels[int(present[0])]}",
            hint="errors clustered on one cluster do not exist; leave cluster out or name another column",
        )
    return code, len(present)


def _terms(names: list[str], beta: Floats, model: Floats, robust: Floats | None, level: float) -> pd.DataFrame:
    se_model = np.sqrt(np.diag(model))
    se_cluster = np.full(len(names), np.nan) if robust is None else np.sqrt(np.diag(robust))
    se = se_model if robust is None else se_cluster
    half = -ndtri(level / 2) * se
    return pd.DataFrame(
        {
            "term": names,
            "coef": beta,
            "se_model": se_model,
            "se_cluster": se_cluster,
            "hazard_ratio": np.exp(beta),
            "ci_low": np.exp(beta - half),
            "ci_high": np.exp(beta + half),
            "p": 2 * ndtr(-np.abs(beta / se)),
        }
    )
