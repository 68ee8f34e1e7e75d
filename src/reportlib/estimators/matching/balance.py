"""Are the two groups alike? Standardised differences before and after weighting, and the data of a love plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from reportlib.estimators.inputs import Booleans, Floats, one_of

Scale = Literal["treated", "pooled"]
THRESHOLD = 0.1
"""A standardised difference under this, in either direction, is usually taken for balance."""


def balance_table(
    covariates: Floats, names: Sequence[str], treated: Booleans, weight: Floats, *, scale: Scale = "treated"
) -> pd.DataFrame:
    """One row for each covariate: means, standardised difference and variance ratio, before and after weighting.

    Columns: `covariate, mean_treated_before, mean_control_before, difference_before, variance_ratio_before`, and the
    same four `_after`. A difference is treated minus control in units of the standard deviation *before* weighting,
    the treated's or the root of the two groups' mean variance ("pooled"), so that before and after can be compared.

    Args:
        covariates: (n, p).
        treated: (n,).
        weight: (n,) from matching or overlap weighting; before, everybody counts one.

    Source: Austin (2009), Statistics in Medicine 28, 3083-3107; Stuart (2010), Statistical Science 25, 1-21.
    """
    one_of("scale", scale, get_args(Scale))
    everybody = np.ones(len(treated))
    before, after = (_moments(covariates, treated, each) for each in (everybody, weight))
    (_, variance_treated), (_, variance_control) = before
    variance = variance_treated if scale == "treated" else (variance_treated + variance_control) / 2
    table = pd.DataFrame({"covariate": list(names)})
    for when, ((mean_treated, var_treated), (mean_control, var_control)) in (("before", before), ("after", after)):
        table[f"mean_treated_{when}"] = mean_treated
        table[f"mean_control_{when}"] = mean_control
        with np.errstate(divide="ignore", invalid="ignore"):
            table[f"difference_{when}"] = (mean_treated - mean_control) / np.sqrt(variance)
            table[f"variance_ratio_{when}"] = var_treated / var_control
    return table


def love_plot_data(balance: pd.DataFrame) -> pd.DataFrame:
    """`covariate, when, difference, balanced`, two rows for each covariate, the worst before weighting first.

    `when` is "before" or "after"; `balanced` says that the absolute difference is under 0.1.
    """
    order = balance["difference_before"].abs().sort_values(ascending=False, kind="stable").index
    long = (
        balance.loc[order]
        .melt("covariate", ["difference_before", "difference_after"], "when", "difference", ignore_index=False)
        .loc[order]
        .reset_index(drop=True)
    )
    long["when"] = long["when"].str.removeprefix("difference_")
    return long.assign(balanced=long["difference"].abs() < THRESHOLD)


def effective_size(weight: Floats) -> float:
    """(sum w)^2 / sum w^2: how many equally weighted persons carry as much information. Source: Kish (1965)."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def _moments(x: Floats, treated: Booleans, weight: Floats) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Means and variances (p,) of the treated and of the controls."""
    treated_part, control_part = (_weighted(x[group], weight[group]) for group in (treated, ~treated))
    return treated_part, control_part


def _weighted(x: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Mean and variance (p,): with equal weights the usual variance over n - 1; NaN for one person."""
    total = weight.sum()
    mean = weight @ x / total
    with np.errstate(invalid="ignore", divide="ignore"):
        return mean, weight @ (x - mean) ** 2 / (total - (weight**2).sum() / total)
