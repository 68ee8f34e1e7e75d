"""The covariates of a Cox model, stored for the few sums the likelihood needs.

Most of 208 indicators for exact prior duration are zero in a row: as numbers they are 208 columns, as information
they are one code. `Design` therefore keeps mutually exclusive 0/1 columns as a *factor* (one level code for each
episode, summed by counting) and the rest as *dense* columns (summed by BLAS). The two forms give the same sums; which
one a column takes is decided by its values alone, and callers see p columns in their own order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportlib.estimators.inputs import Booleans, Floats, Integers
from reportlib.estimators.survival.risk_sets import RiskSets

FACTOR_SHARE = 0.1
"""Only indicators that are 1 in fewer of the episodes go into factors; for others a dense column is as quick."""
FACTOR_LEVELS = 8
"""Fewer sparse indicators than this stay dense."""
MANY_ROWS = 24
"""From so many covariates on BLAS is quicker with the product of one matrix with itself, of which it makes one half."""


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """L mutually exclusive indicators."""

    columns: Integers
    """(L,) which covariates they are."""
    code: Integers
    """(m,) 0..L-1, and L where all are zero."""

    @property
    def n_levels(self) -> int:
        """L."""
        return len(self.columns)


class Design:
    """p covariates of m episodes, in the order of the risk sets."""

    def __init__(self, sets: RiskSets, covariates: Floats) -> None:
        """`covariates` is (p, m), over the risk sets' episodes."""
        self.sets = sets
        self.n_columns = len(covariates)
        self.factors = _factors(covariates)
        in_factor = np.concatenate([f.columns for f in self.factors]) if self.factors else np.empty(0, dtype=np.int64)
        self.dense_columns = np.setdiff1d(np.arange(self.n_columns), in_factor)
        self.dense = covariates[self.dense_columns] if in_factor.size else covariates
        # Late entrants are summed in an order of their own: a copy is cheaper than gathering them in every iteration.
        self._dense_late = self.dense.take(sets.late, axis=1)
        self._dense_dead = self.dense.take(sets.dead, axis=1)

    def linear(self, beta: Floats) -> Floats:
        """X beta, (m,)."""
        eta = beta[self.dense_columns] @ self.dense
        for factor in self.factors:
            eta += np.append(beta[factor.columns], 0.0)[factor.code]
        return eta

    def total(self, values: Floats) -> Floats:
        """X' values, (p,)."""
        out = np.empty(self.n_columns)
        out[self.dense_columns] = self.dense @ values
        for factor in self.factors:
            out[factor.columns] = np.bincount(factor.code, values, factor.n_levels + 1)[:-1]
        return out

    def over_risk_sets(self, values: Floats) -> Floats:
        """Sum of values times x over each risk set, (p, J)."""
        sets = self.sets
        out = np.empty((self.n_columns, sets.n_bins))
        out[self.dense_columns] = sets.over_risk_sets(self.dense * values, self._dense_late * values[sets.late])
        for factor in self.factors:
            net = _table(factor, sets.hi - 1, values, sets.n_bins)
            if sets.late.size:
                net -= _table(factor, sets.lo - 1, values, sets.n_bins, rows=sets.late)
            out[factor.columns] = sets.accumulate_back(net)
        return out

    def over_deaths(self, dead_values: Floats) -> Floats:
        """Sum of `dead_values` (d,) times x over the deaths of each bin, (p, J)."""
        sets = self.sets
        out = np.empty((self.n_columns, sets.n_bins))
        out[self.dense_columns] = sets.over_deaths(self._dense_dead * dead_values)
        for factor in self.factors:
            code = factor.code[sets.dead]
            cells = np.bincount(code * sets.n_bins + sets.dead_bin, dead_values, (factor.n_levels + 1) * sets.n_bins)
            out[factor.columns] = cells.reshape(-1, sets.n_bins)[:-1]
        return out

    def cross(self, values: Floats) -> Floats:
        """X' diag(values) X, (p, p), for values of zero or more."""
        out = np.zeros((self.n_columns, self.n_columns))
        out[np.ix_(self.dense_columns, self.dense_columns)] = _scaled_square(self.dense, values)
        for at, factor in enumerate(self.factors):
            levels = factor.n_levels
            out[factor.columns, factor.columns] = np.bincount(factor.code, values, levels + 1)[:-1]
            for column, x in zip(self.dense_columns, self.dense, strict=True):
                out[column, factor.columns] = np.bincount(factor.code, values * x, levels + 1)[:-1]
                out[factor.columns, column] = out[column, factor.columns]
            for other in self.factors[:at]:
                cells = np.bincount(factor.code * (other.n_levels + 1) + other.code, values)
                table = np.zeros((levels + 1, other.n_levels + 1))
                table.flat[: len(cells)] = cells
                out[np.ix_(factor.columns, other.columns)] = table[:-1, :-1]
                out[np.ix_(other.columns, factor.columns)] = table[:-1, :-1].T
        return out

    def by_group(self, group: Integers, n_groups: int, values: Floats) -> Floats:
        """Sum of values times x by group, (p, n_groups)."""
        out = np.empty((self.n_columns, n_groups))
        for column, x in zip(self.dense_columns, self.dense, strict=True):
            out[column] = np.bincount(group, x * values, n_groups)
        for factor in self.factors:
            cells = np.bincount(factor.code * n_groups + group, values, (factor.n_levels + 1) * n_groups)
            out[factor.columns] = cells.reshape(-1, n_groups)[:-1]
        return out


def _scaled_square(x: Floats, values: Floats) -> Floats:
    """x diag(values) x', (k, k), for x (k, m) and values of zero or more."""
    if len(x) < MANY_ROWS:
        square: Floats = (x * values) @ x.T
    else:
        scaled = x * np.sqrt(values)
        square = scaled @ scaled.T
    return square


def _table(factor: Factor, bins: Integers, values: Floats, n_bins: int, rows: Integers | slice = slice(None)) -> Floats:
    """Sum of `values` by level and bin, (L, n_bins)."""
    cells = np.bincount(factor.code[rows] * n_bins + bins[rows], values[rows], (factor.n_levels + 1) * n_bins)
    return np.asarray(cells, dtype=float).reshape(-1, n_bins)[:-1]


def _factors(covariates: Floats) -> list[Factor]:
    """Gather the sparse 0/1 columns into as few sets of mutually exclusive ones as one pass over them finds."""
    p, m = covariates.shape
    if p < FACTOR_LEVELS:
        return []
    nonzero: Booleans = covariates != 0
    sparse = (nonzero.mean(axis=1) < FACTOR_SHARE) & ~(nonzero & (covariates != 1)).any(axis=1)
    if sparse.sum() < FACTOR_LEVELS:
        return []
    found: list[tuple[list[int], Integers]] = []
    for column in np.flatnonzero(sparse).tolist():
        rows = np.flatnonzero(nonzero[column])
        fitting = next((one for one in found if (one[1][rows] < 0).all()), None)
        if fitting is None:
            fitting = ([], np.full(m, -1))
            found.append(fitting)
        members, code = fitting
        code[rows] = len(members)
        members.append(column)
    return [
        Factor(np.array(members), np.where(code < 0, len(members), code))
        for members, code in found
        if len(members) >= FACTOR_LEVELS
    ]
