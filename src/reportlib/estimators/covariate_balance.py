"""Are treated and controls alike before the trial began? Covariate by covariate, and all covariates together.

Sources: Imbens and Rubin (2015), Causal Inference, section 14.2 (normalised differences); Hansen and Bowers (2008),
Statistical Science 23, 219-236 (the joint chi-square test by the randomisation itself).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc

from reportlib.estimators.checked import (
    Booleans,
    Floats,
    Integers,
    codes,
    indicator,
    numbers,
    same_length,
    variance,
)
from reportlib.estimators.errors import ArgumentError, EmptyGroupError
from reportlib.estimators.regression import JointTest, difference_in_means
from reportlib.estimators.shares_and_means import difference_in_shares


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One covariate in both groups, missing values left out.

    `difference` is treated minus control in the covariate's unit, with its error, interval and p from the test that
    `test` names; `normalised` is the difference over the root of the groups' mean variance (over 0.25 is much). `k_*`
    are the counts behind a 0/1 covariate's means and None for others. What cannot be computed is NaN: for a covariate
    without variation everything but the means and the difference, and `test` is "none: no variation".
    """

    covariate: str
    n_treated: int
    n_control: int
    k_treated: int | None
    k_control: int | None
    mean_treated: float
    mean_control: float
    difference: float
    normalised: float
    se: float
    ci_low: float
    ci_high: float
    p: float
    test: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The rows in the order of the covariates, and the joint test over the persons with all covariates known."""

    rows: tuple[BalanceRow, ...]
    joint: JointTest


def normalised_difference(treated: Floats, control: Floats) -> float:
    """(mean₁ - mean₀) / sqrt((s₁² + s₀²) / 2) of two arrays of values; NaN without variation."""
    spread = (variance(treated) + variance(control)) / 2
    return float((treated.mean() - control.mean()) / spread**0.5) if spread > 0 else float("nan")


def balance(
    covariates: Mapping[str, Any],
    treated: Any,
    *,
    strata: Any = None,
    level: float = 0.05,
) -> Balance:
    """Compare the named `covariates` (a mapping of columns or a DataFrame) between the groups.

    A covariate of only 0 and 1 is a share: Newcombe's interval, chi-square or Fisher by expected counts. Others have
    Welch's t. `strata` (n labels) are those within which treatment was allotted; they enter the joint test only.
    Raises EmptyGroupError when a covariate is known for fewer than two in a group, LengthMismatchError, NotBinaryError,
    NotNumericError and ArgumentError (no covariate).
    """
    arm = indicator(treated, "treated")
    columns = _columns(covariates, arm)
    rows = []
    for name, x in columns.items():
        known = ~np.isnan(x)
        groups = x[known & arm], x[known & ~arm]
        if min(len(group) for group in groups) < 2:
            raise EmptyGroupError(
                f"{name} is known for {len(groups[0])} treated and {len(groups[1])} controls; two in each are needed"
            )
        rows.append(_row(name, *groups, level))
    return Balance(tuple(rows), joint_balance_test(columns, treated, strata=strata))


def _row(name: str, treated: Floats, control: Floats, level: float) -> BalanceRow:
    both = np.concatenate([treated, control])
    share = bool(np.isin(both, (0, 1)).all())
    counts: tuple[int, int] | tuple[None, None] = (int(treated.sum()), int(control.sum())) if share else (None, None)
    difference = float(treated.mean() - control.mean())
    se = ci_low = ci_high = p = float("nan")
    test = "none: no variation"
    if (both != both[0]).any():
        if share:
            of_share = difference_in_shares(
                int(treated.sum()), len(treated), int(control.sum()), len(control), level=level
            )
            se, ci_low, ci_high, p, test = of_share.se, of_share.ci_low, of_share.ci_high, of_share.p, of_share.test
        else:
            of_mean = difference_in_means(both, np.arange(len(both)) < len(treated), level=level)
            se, ci_low, ci_high, p, test = of_mean.se, of_mean.ci_low, of_mean.ci_high, of_mean.p, of_mean.method
    return BalanceRow(
        covariate=name,
        n_treated=len(treated),
        n_control=len(control),
        k_treated=counts[0],
        k_control=counts[1],
        mean_treated=float(treated.mean()),
        mean_control=float(control.mean()),
        difference=difference,
        normalised=normalised_difference(treated, control),
        se=se,
        ci_low=ci_low,
        ci_high=ci_high,
        p=p,
        test=test,
    )


def joint_balance_test(covariates: Mapping[str, Any], treated: Any, *, strata: Any = None) -> JointTest:
    """Test that no combination of the covariates tells treated from controls, on the persons with all of them known.

    Hansen and Bowers' d'C⁻d, where d = Σ_s Σ_i (x_i - x̄_s)(t_i - t̄_s) compares within strata s and C is its exact
    covariance under random allotment of as many as were treated in each stratum,
    Σ_s n₁n₀/(n_s(n_s-1)) Σ_i (x_i - x̄_s)(x_i - x̄_s)'; chi-square with the rank of C as degrees of freedom.
    Covariates that others determine, or without variation, add nothing; with nothing to test p is NaN. Own code:
    neither statsmodels nor SciPy has this test.

    Raises EmptyGroupError when only one group is left, LengthMismatchError, NotBinaryError and ArgumentError (no
    covariate).
    """
    arm = indicator(treated, "treated")
    X = np.column_stack(list(_columns(covariates, arm).values()))
    stratum = np.zeros(len(arm), dtype=np.int64) if strata is None else codes(strata, "strata")[0]
    same_length(treated=arm, strata=stratum)
    known = ~np.isnan(X).any(axis=1)
    X, t, stratum = X[known], arm[known].astype(float), np.unique(stratum[known], return_inverse=True)[1]
    if t.sum() in (0, len(t)):
        raise EmptyGroupError(f"of {len(t)} persons with every covariate known {int(t.sum())} are treated")
    size = np.bincount(stratum)
    X, t = _within(X, stratum, size), _within(t[:, None], stratum, size)[:, 0]
    # On a common scale, so that the rank does not depend on the covariates' units.
    length = np.sqrt((X**2).sum(axis=0))
    X = X[:, length > 1e-9] / length[length > 1e-9]
    factor = np.bincount(stratum, t**2) / np.maximum(size - 1, 1)
    statistic, rank = _quadratic(X.T @ t, (X * factor[stratum][:, None]).T @ X)
    p = float(chdtrc(rank, statistic)) if rank else float("nan")
    return JointTest("Hansen-Bowers chi-square", statistic, float(rank), float("inf"), p, len(t))


def _columns(covariates: Mapping[str, Any], arm: Booleans) -> dict[str, Floats]:
    columns = {str(name): numbers(column, str(name)) for name, column in covariates.items()}
    if not columns:
        raise ArgumentError("there is no covariate to compare the groups by")
    for name, column in columns.items():
        same_length(**{"treated": arm, f"covariate {name}": column})
    return columns


def _within(X: Floats, stratum: Integers, size: Integers) -> Floats:
    """Columns minus their mean in the row's stratum."""
    means = np.stack([np.bincount(stratum, column) / size for column in X.T], axis=1)
    answer: Floats = X - means[stratum]
    return answer


def _quadratic(d: Floats, covariance: Floats) -> tuple[float, int]:
    """d'C⁻d and the rank of C."""
    if not len(d):
        return 0.0, 0
    values, vectors = np.linalg.eigh(covariance)
    kept = values > 1e-9 * max(float(values.max()), 1e-300)
    return float(((vectors[:, kept].T @ d) ** 2 / values[kept]).sum()), int(kept.sum())
