"""Difference in differences: the change where the trial took place, less the change elsewhere in the same time.

The regressors have the names evaluators give them: `efter` (1 in the period of the trial), `delt_komm` (1 in a
municipality that takes part) and their product `deltager`, whose coefficient is the estimate. The same model has
several clustered errors by convention, some per cent apart, so each result names its own.

Sources: Angrist and Pischke (2009), Mostly Harmless Econometrics, section 5.2; Bertrand, Duflo and Mullainathan (2004),
Quarterly J. Economics 119 (why to cluster on the municipality); `sandwich` for the errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.errors import (
    ArgumentError,
    EmptyGroupError,
    TooFewClustersError,
)
from reportlib.estimators.inputs import (
    Booleans,
    Floats,
    Integers,
    checked_level,
    codes,
    finite,
    indicator,
    numbers,
    one_of,
    same_length,
)
from reportlib.estimators.one_week import WeekModel, week_model
from reportlib.estimators.regression import OlsFit, ols, t_interval
from reportlib.estimators.sandwich import CLUSTERED, CONVENTIONS, independent_columns
from reportlib.estimators.weekly import WeeklyDifference, week_labels

EFTER, DELT_KOMM, DELTAGER = "efter", "delt_komm", "deltager"
_TERMS, _DELTAGER = 4, 3
"""Terms of the model beside the controls: the constant, `efter`, `delt_komm` and `deltager`, which comes last."""
_NOTHING = 1e-12
"""An eigenvalue of a correlation-like matrix below this is nought but for rounding."""

CELLS = ((False, False), (False, True), (True, False), (True, True))
"""The four groups as (delt_komm, efter), in the order in which results give them."""


@dataclass(frozen=True, slots=True)
class DidCell:
    """One of the four groups: persons and their plain mean in the outcome's unit (NaN when nobody)."""

    delt_komm: bool
    efter: bool
    n: int
    mean: float


@dataclass(frozen=True, slots=True, eq=False)
class DidEstimate:
    """The coefficient of `deltager` in the outcome's unit; `fit` has all the model's coefficients.

    Without covariates the estimate is the cells' (mean₁₁ - mean₁₀) - (mean₀₁ - mean₀₀) exactly.
    """

    estimate: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    n: int
    n_clusters: int | None
    cells: tuple[DidCell, ...]
    correction: str
    convention: str
    fit: OlsFit


@dataclass(frozen=True, slots=True, eq=False)
class DidPath:
    """One estimate for each week. `n` and `mean` are (4, W), the cells in the order of `CELLS`.

    `weekly` has the shape of a weekly difference, so that sums, bands and "from which week" are read off it as from any
    other: `difference` is the estimate, `mean_treated` and `mean_control` are the changes from before to after in and
    outside the municipalities that take part, `n_*` and `nonzero_*` the smaller of the two cells behind each change.
    """

    weekly: WeeklyDifference
    n: Integers
    mean: Floats
    convention: str


def did(
    outcome: Any,
    efter: Any,
    delt_komm: Any,
    *,
    clusters: Any = None,
    covariates: Mapping[str, Any] | None = None,
    correction: str = "CR2",
    level: float = 0.05,
) -> DidEstimate:
    """Regress `outcome` (n,) on efter, delt_komm, their product deltager and any named `covariates`.

    `correction` is one of `sandwich.CONVENTIONS`; the clustered ones (CR2 is the default) need `clusters`, n labels,
    normally the municipality. Raises EmptyGroupError when one of the four cells is empty, and whatever `ols` raises.
    """
    y, after, taking_part = finite(outcome, "outcome"), indicator(efter, EFTER), indicator(delt_komm, DELT_KOMM)
    same_length(outcome=y, efter=after, delt_komm=taking_part)
    cells = tuple(_cell(y, after, taking_part, *which) for which in CELLS)
    for cell in cells:
        if cell.n == 0:
            raise EmptyGroupError(
                f"nobody has delt_komm = {int(cell.delt_komm)} and efter = {int(cell.efter)}",
                hint="a difference in differences needs all four groups",
            )
    names = {EFTER: after, DELT_KOMM: taking_part, DELTAGER: after & taking_part}
    extra = {} if covariates is None else {str(name): column for name, column in covariates.items()}
    if clash := set(names) & set(extra):
        raise ArgumentError(f"the covariates may not be called {', '.join(sorted(clash))}: the model has those terms")
    fit = ols(y, {**names, **extra}, correction=correction, clusters=clusters, level=level)
    at = fit.index(DELTAGER)
    return DidEstimate(
        estimate=float(fit.coef[at]),
        se=float(fit.se[at]),
        df=float(fit.df[at]),
        ci_low=float(fit.ci_low[at]),
        ci_high=float(fit.ci_high[at]),
        p=float(fit.p[at]),
        n=fit.n,
        n_clusters=fit.n_clusters,
        cells=cells,
        correction=correction,
        convention=fit.convention,
        fit=fit,
    )


def _cell(y: Floats, after: Booleans, taking_part: Booleans, delt_komm: bool, efter: bool) -> DidCell:
    here = y[(taking_part == delt_komm) & (after == efter)]
    return DidCell(delt_komm, efter, len(here), float(here.mean()) if len(here) else float("nan"))


def did_path(
    values: Any,
    efter: Any,
    delt_komm: Any,
    *,
    clusters: Any = None,
    correction: str = "CR2",
    level: float = 0.05,
    weeks: Any = None,
    covariates: Any = None,
) -> DidPath:
    """The estimate of `did` in each week among those followed in it: `values` (n_persons, n_weeks), NaN not followed.

    `covariates` (n_persons, p) are controlled for in every week; those that cannot be told apart in a week are left out
    of it. The cells' means stay as they are.

    A week in which one of the four cells has fewer than two persons has no estimate (NaN). Corrections: "HC2", or with
    `clusters` (n_persons labels) "CR0", "CR1" or "CR2". Raises EmptyGroupError when a cell is empty in every week,
    LengthMismatchError, NotBinaryError, TooFewClustersError, ArgumentError, UnknownMethodError and BadLevelError.
    """
    return did_paths(
        [values],
        efter,
        delt_komm,
        clusters=clusters,
        correction=correction,
        level=level,
        weeks=weeks,
        covariates=covariates,
    )[0]


def did_paths(
    outcomes: Sequence[Any],
    efter: Any,
    delt_komm: Any,
    *,
    clusters: Any = None,
    correction: str = "CR2",
    level: float = 0.05,
    weeks: Any = None,
    covariates: Any = None,
) -> list[DidPath]:
    """The `did_path` of each of several outcomes, in less time where they are known of the same persons.

    Takes and raises the same, with one (n_persons, n_weeks) array for each outcome.
    """
    ys = [numbers(values, "values", ndim=2) for values in outcomes]
    after, taking_part = indicator(efter, EFTER), indicator(delt_komm, DELT_KOMM)
    for y in ys:
        same_length(values=y, efter=after, delt_komm=taking_part)
    one_of("correction", correction, ("HC2", *CLUSTERED))
    checked_level(level)
    if (correction == "HC2") != (clusters is None):
        raise ArgumentError(f"correction {correction} {'ignores' if correction == 'HC2' else 'needs'} clusters")
    cluster = codes(clusters, "clusters")[0] if clusters is not None else None
    if cluster is not None:
        same_length(efter=after, clusters=cluster)
        if cluster.max() == 0:
            raise TooFewClustersError("all persons belong to one cluster")
    X = np.column_stack([np.ones(len(after)), after, taking_part, after & taking_part]).astype(float)
    if covariates is not None:
        extra = numbers(covariates, "covariates", ndim=2)
        same_length(efter=after, covariates=extra)
        X = np.column_stack([X, extra])
    sides = [(taking_part == delt) & (after == eft) for delt, eft in CELLS]
    cells = [_cells_by_week(y, sides) for y in ys]
    found = _estimates(ys, cells, X, cluster, correction)
    return [
        _path(week_labels(weeks, y.shape[1]), cells_of_y, estimates, cluster, correction, level)
        for y, cells_of_y, estimates in zip(ys, cells, found, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The four cells week by week, each array (4, W)."""

    n: Integers
    nonzero: Integers
    mean: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Estimates:
    """The estimate of each week, its error and degrees of freedom, (W,), and the persons' parts (n_persons, W)."""

    value: Floats
    se: Floats
    df: Floats
    parts: Floats


def _cells_by_week(y: Floats, sides: list[Booleans]) -> _Cells:
    followed = ~np.isnan(y)
    n = np.stack([np.count_nonzero(followed[side], axis=0) for side in sides])
    nonzero = np.stack([np.count_nonzero(np.nan_to_num(y[side]), axis=0) for side in sides])
    if (empty := n.sum(axis=1) == 0).any():
        delt, eft = CELLS[int(empty.argmax())]
        raise EmptyGroupError(f"nobody with delt_komm = {int(delt)} and efter = {int(eft)} is followed in any week")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.stack([np.nansum(y[side], axis=0) for side in sides]) / n
    return _Cells(n, nonzero, mean)


def _estimates(
    ys: list[Floats], cells: list[_Cells], X: Floats, cluster: Integers | None, correction: str
) -> list[_Estimates]:
    """Every week's estimate for every outcome; X (n_persons, k) has the constant, the three terms and the controls."""
    answers = [_no_estimates(y) for y in ys]
    models: dict[bytes, WeekModel] = {}
    for w in range(max(y.shape[1] for y in ys)):
        # Most of the work depends on who is followed only, and that may be the same as for the outcome or week before.
        before, models = models, {}
        for y, cell, answer in zip(ys, cells, answers, strict=True):
            if w >= y.shape[1] or (cell.n[:, w] < 2).any():
                continue
            here = ~np.isnan(y[:, w])
            who = here.tobytes()
            model = models.get(who) or before.get(who)
            if model is not None:
                model = model.with_outcome(y[here, w])
            else:
                design = X[here] if X.shape[1] == _TERMS else _independent(X[here])
                of_person = None if cluster is None else cluster[here]
                model = week_model(design, y[here, w], _DELTAGER, of_person, correction)
            if model is not None:
                models[who] = model
                answer.value[w], answer.se[w], answer.df[w], answer.parts[here, w] = model.coefficient()
    return answers


def _no_estimates(y: Floats) -> _Estimates:
    value, se, df = (np.full(y.shape[1], np.nan) for _ in range(3))
    return _Estimates(value, se, df, np.zeros(y.shape))


def _path(
    label: Any, cells: _Cells, estimates: _Estimates, cluster: Integers | None, correction: str, level: float
) -> DidPath:
    n, nonzero, mean = cells.n, cells.nonzero, cells.mean
    low, high, p = t_interval(estimates.value, estimates.se, estimates.df, level)
    weekly = WeeklyDifference(
        week=label,
        n_treated=n[2:].min(axis=0),
        n_control=n[:2].min(axis=0),
        nonzero_treated=nonzero[2:].min(axis=0),
        nonzero_control=nonzero[:2].min(axis=0),
        mean_treated=mean[3] - mean[2],
        mean_control=mean[1] - mean[0],
        difference=estimates.value,
        se=estimates.se,
        df=estimates.df,
        ci_low=low,
        ci_high=high,
        p=p,
        influence=estimates.parts,
        clusters=cluster,
        method="did",
        correction=correction,
        level=level,
    )
    return DidPath(weekly, n, mean, CONVENTIONS[correction])


def _independent(X: Floats) -> Floats:
    """X without columns that depend on those before them, found in a small matrix with the same dependencies."""
    length = np.linalg.norm(X, axis=0)
    scaled = X / np.where(length > 0, length, 1.0)
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    # A root of the Gram matrix: rounding leaves it about 1e-8 of what is exactly dependent.
    root = np.sqrt(np.where(values > _NOTHING, values, 0.0))[:, None] * vectors.T
    return X[:, independent_columns(root)]
