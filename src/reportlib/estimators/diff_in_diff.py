"""Difference in differences: the change where the trial took place, less the change elsewhere in the same time.

The regressors have the names evaluators give them: `efter` (1 in the period of the trial), `delt_komm` (1 in a
municipality that takes part) and their product `deltager`, whose coefficient is the estimate. The same model has
several clustered errors by convention, some per cent apart, so each result names its own.

Sources: Angrist and Pischke (2009), Mostly Harmless Econometrics, section 5.2; Bertrand, Duflo and Mullainathan (2004),
Quarterly J. Economics 119 (why to cluster on the municipality); Pustejovsky and Tipton (2018), J. Business & Economic
Statistics 36 (absorbed effects and CR2); `regression` for the errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.checked import (
    Booleans,
    Floats,
    Integers,
    checked_level,
    codes,
    finite,
    indicator,
    numbers,
    same_length,
)
from reportlib.estimators.errors import (
    ArgumentError,
    CollinearTermsError,
    EmptyGroupError,
    NoDegreesOfFreedomError,
    TooFewClustersError,
)
from reportlib.estimators.regression import (
    CONVENTIONS,
    OlsFit,
    clusters_of,
    covariance,
    independent_columns,
    least_squares,
    ols,
    satterthwaite,
    t_interval,
)
from reportlib.estimators.week_by_week import WeeklyDifference, WeekModel, week_model

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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TreatmentEstimate:
    """The coefficient of treatment in the outcome's unit, and how its errors are made."""

    estimate: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    n: int
    n_clusters: int | None
    correction: str

    @property
    def convention(self) -> str:
        """What the name of the correction means."""
        return CONVENTIONS[self.correction]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DidEstimate(TreatmentEstimate):
    """The coefficient of `deltager`; `fit` has all the model's coefficients.

    `aliased` names the covariates that are left out, as R's lm leaves them out: the others determine them.

    Without covariates the estimate is the cells' (mean₁₁ - mean₁₀) - (mean₀₁ - mean₀₀) exactly.
    """

    cells: tuple[DidCell, ...]
    fit: OlsFit
    aliased: tuple[str, ...]


def did(
    outcome: Any,
    efter: Any,
    delt_komm: Any,
    *,
    clusters: Any = None,
    covariates: Mapping[str, Any] | None = None,
    level: float = 0.05,
) -> DidEstimate:
    """Regress `outcome` (n,) on efter, delt_komm, their product deltager and any named `covariates`.

    Errors are CR2, clustered on `clusters` (n labels, normally the municipality), and HC2 without. Raises
    EmptyGroupError when one of the four cells is empty, ArgumentError, and whatever `ols` raises.
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
    columns = {name: finite(column, name) for name, column in {**names, **extra}.items()}
    same_length(outcome=y, **columns)
    kept = independent_columns(np.column_stack([np.ones(len(y)), *columns.values()]))[1:]
    aliased = tuple(name for name, keep in zip(columns, kept, strict=True) if not keep and name in extra)
    fit = ols(y, {name: c for name, c in columns.items() if name not in aliased}, clusters=clusters, level=level)
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
        correction=fit.correction,
        fit=fit,
        aliased=aliased,
    )


def _cell(y: Floats, after: Booleans, taking_part: Booleans, delt_komm: bool, efter: bool) -> DidCell:
    here = y[(taking_part == delt_komm) & (after == efter)]
    return DidCell(delt_komm, efter, len(here), float(here.mean()) if len(here) else float("nan"))


def did_paths(
    outcomes: Sequence[Any],
    efter: Any,
    delt_komm: Any,
    *,
    clusters: Any = None,
    level: float = 0.05,
    covariates: Any = None,
) -> list[WeeklyDifference]:
    """The estimate of `did` in each week among those followed in it, for each of several outcomes: (n_persons, n_weeks)
    arrays, NaN not followed. Outcomes known of the same persons share most of the work.

    Each has the shape of a weekly difference, so that sums, bands and "from which week" are read off it as from any
    other: `difference` is the estimate, `mean_treated` and `mean_control` are the changes from before to after in and
    outside the municipalities that take part, `n_*` the smaller of the two cells behind each change.

    `covariates` (n_persons, p) are controlled for in every week; those that cannot be told apart in a week are left out
    of it. The cells' means stay as they are. A week in which one of the four cells has fewer than two persons has no
    estimate (NaN). Errors as for `did`.

    Raises EmptyGroupError when a cell is empty in every week, LengthMismatchError, NotBinaryError, TooFewClustersError
    and BadLevelError.
    """
    ys = [numbers(values, "values", ndim=2) for values in outcomes]
    after, taking_part = indicator(efter, EFTER), indicator(delt_komm, DELT_KOMM)
    for y in ys:
        same_length(values=y, efter=after, delt_komm=taking_part)
    checked_level(level)
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
    found = _estimates(ys, cells, X, cluster)
    return [_path(cells_of_y, estimates, cluster, level) for cells_of_y, estimates in zip(cells, found, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The four cells week by week, each array (4, W)."""

    n: Integers
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
    if (empty := n.sum(axis=1) == 0).any():
        delt, eft = CELLS[int(empty.argmax())]
        raise EmptyGroupError(f"nobody with delt_komm = {int(delt)} and efter = {int(eft)} is followed in any week")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.stack([np.nansum(y[side], axis=0) for side in sides]) / n
    return _Cells(n, mean)


def _estimates(ys: list[Floats], cells: list[_Cells], X: Floats, cluster: Integers | None) -> list[_Estimates]:
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
                of_person = None if cluster is None else cluster[here]
                model = _model(X[here], y[here, w], of_person)
            if model is not None:
                models[who] = model
                answer.value[w], answer.se[w], answer.df[w], answer.parts[here, w] = model.coefficient()
    return answers


def _model(X: Floats, y: Floats, cluster: Integers | None) -> WeekModel | None:
    """The week's model without the controls that others determine, as R's lm leaves them out."""
    design = X if X.shape[1] == _TERMS else _independent(X)
    try:
        return week_model(design, y, _DELTAGER, cluster)
    except CollinearTermsError:  # what the small matrix cannot tell from independent, the whole one can
        return week_model(design[:, independent_columns(design)], y, _DELTAGER, cluster)


def _no_estimates(y: Floats) -> _Estimates:
    value, se, df = (np.full(y.shape[1], np.nan) for _ in range(3))
    return _Estimates(value, se, df, np.zeros(y.shape))


def _path(cells: _Cells, estimates: _Estimates, cluster: Integers | None, level: float) -> WeeklyDifference:
    n, mean = cells.n, cells.mean
    low, high, p = t_interval(estimates.value, estimates.se, estimates.df, level)
    return WeeklyDifference(
        week=np.arange(1, n.shape[1] + 1),
        n=n.sum(axis=0),
        n_treated=n[2:].min(axis=0),
        n_control=n[:2].min(axis=0),
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
        correction="HC2" if cluster is None else "CR2",
        level=level,
    )


def _independent(X: Floats) -> Floats:
    """X without columns that depend on those before them, found in a small matrix with the same dependencies."""
    length = np.linalg.norm(X, axis=0)
    scaled = X / np.where(length > 0, length, 1.0)
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    # A root of the Gram matrix: rounding leaves it about 1e-8 of what is exactly dependent.
    root = np.sqrt(np.where(values > _NOTHING, values, 0.0))[:, None] * vectors.T
    return X[:, independent_columns(root)]


# --- Effects of every unit and every period


def two_way(outcome: Any, treated: Any, unit: Any, period: Any, *, level: float = 0.05) -> TreatmentEstimate:
    """Regress `outcome` (n,) on `treated` (0/1) and effects of every `unit` and `period` (n labels each).

    Errors are CR2, clustered on the unit.
    With one treated group and one date this is the difference in differences of `did` with exact indicators.

    Rows with the same unit, period and treatment have the same regressors, so they are first gathered into cells: least
    squares on the cells' means times root n has the same coefficients and the same Q_g'Q_g and Q_g'e_g, so the same
    clustered errors. The units' effects are taken out by centring; this leaves the CR2 errors what they are with an
    indicator for every unit (Pustejovsky and Tipton 2018, theorem 2).

    Raises LengthMismatchError, MissingValueError, NotBinaryError, TooFewClustersError, CollinearTermsError (unit and
    period determine treatment) and NoDegreesOfFreedomError.
    """
    checked_level(level)
    y, on = finite(outcome, "outcome"), indicator(treated, "treated")
    of, units = codes(unit, "unit")
    at, periods = codes(period, "period")
    n = same_length(outcome=y, treated=on, unit=of, period=at)
    _, first, cell = np.unique((of * len(periods) + at) * 2 + on, return_index=True, return_inverse=True)
    size = np.bincount(cell)
    X = np.column_stack([on[first], at[first][:, None] == np.arange(1, len(periods))]).astype(float)
    of = of[first]
    columns = np.column_stack([X, np.bincount(cell, y) / size])
    weight = np.bincount(of, size)
    centre = np.stack([np.bincount(of, column * size) / weight for column in columns.T], axis=1)
    scaled = (columns - centre[of]) * np.sqrt(size)[:, None]
    k = len(units) + X.shape[1]
    names = ("treated", *(f"period {label}" for label in periods[1:]))
    if n <= k:
        raise NoDegreesOfFreedomError(f"{n} rows cannot carry treatment, {len(units)} units and {len(periods)} periods")
    fit = least_squares(scaled[:, :-1], scaled[:, -1], names)
    grouped = clusters_of(fit, of)
    df = float(satterthwaite(grouped, fit.contrast(np.eye(X.shape[1])[:, [0]]))[0])
    estimate, se = float(fit.coef[0]), float(covariance(fit, grouped)[0, 0] ** 0.5)
    low, high, p = t_interval(np.array(estimate), np.array(se), np.array(df), level)
    return TreatmentEstimate(
        estimate=estimate,
        se=se,
        df=df,
        ci_low=float(low),
        ci_high=float(high),
        p=float(p),
        n=n,
        n_clusters=grouped.count,
        correction="CR2",
    )
