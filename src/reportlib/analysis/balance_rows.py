"""Are the groups alike before entry? Background by group, normalised differences, and one joint test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportlib.analysis.context import Context, known_in, who_counts
from reportlib.disclosure.register import Counted, made_of
from reportlib.errors import ReportlibError
from reportlib.estimators.covariate_balance import BalanceRow, balance
from reportlib.ledger import make_key
from reportlib.ledger.keys import BACKGROUND, DIFFERENCE
from reportlib.registers.data import FloatArray
from reportlib.text.units import RULES, Unit
from reportlib.trial.analyses import Balance

BEFORE_ENTRY = "før start"
_FEW_VALUES = 10
_PERSONS_A_VALUE = 5  # a category that few persons share says who they are, even where its number is hidden


class TooManyValuesError(ReportlibError):
    """A background column has so many different texts that each would point to a person."""


def run_balance(spec: Balance, context: Context) -> None:
    """Add, per column or category, the level of each group, the difference, and the joint test over all of them."""
    columns = background_columns(context.data.persons, spec.columns)
    found = balance(columns, context.treated, level=context.level)
    for row in found.rows:
        _add_row(row, columns[row.covariate], context)
    complete = known_in(sum(columns.values(), np.zeros(context.persons)))
    test = found.joint
    told = {"unit": Unit.COEFFICIENT, "value": test.statistic, "df": test.df1, "p": test.p, "n": test.n}
    how = f"{test.name}, {len(found.rows)} kendetegn"
    _add(context, "joint_test", Counted(n=complete), group=DIFFERENCE, method=how, **told)


def background_columns(persons: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, FloatArray]:
    """Numbers as they are; every category a 0/1 column called `column:value`. Missing stays missing."""
    arrays: dict[str, FloatArray] = {}
    for name in columns:
        column = persons[name]
        if pd.api.types.is_numeric_dtype(column):
            arrays[name] = column.to_numpy(dtype=np.float64)
            continue
        values = sorted(column.dropna().astype(str).unique())
        if len(values) > max(_FEW_VALUES, len(persons) // _PERSONS_A_VALUE):
            raise TooManyValuesError(
                f"the background column {name} has {len(values)} different texts among {len(persons)} persons",
                hint="is it an id or a free text? Leave it out, or group its values in the extract",
            )
        for value in values:
            matches = (column.astype(str) == value).to_numpy(dtype=np.float64)
            arrays[f"{name}:{value}"] = np.where(column.isna().to_numpy(), np.nan, matches)
    return arrays


def _add_row(row: BalanceRow, column: FloatArray, context: Context) -> None:
    is_share, units = row.k_treated is not None, context.trial.extracts.participants.background_units
    unit = Unit.PCT if is_share else units.get(row.covariate, Unit.RATE)
    scale = 100 if is_share else 1
    comparison = context.trial.groups.comparison
    levels = [(context.trial.groups.treated, row.mean_treated, row.k_treated, row.n_treated)]
    if comparison is not None:
        levels.append((comparison, row.mean_control, row.k_control, row.n_control))
    for group, level, k, n in levels:
        counted = who_counts(column, context.treated == (group is context.trial.groups.treated))
        statistic, who = ("share", counted) if is_share else ("mean", Counted(n=counted.n))
        where = {"group": group.id, "subgroup": row.covariate, "population": group.many}
        columns = {"unit": unit, "value": level if k is None else 100 * k / n, "k": k, "n": n}
        _add(context, statistic, who, **where, **columns)
    made = made_of(*(make_key(BACKGROUND, statistic="mean", group=g.id, subgroup=row.covariate) for g, *_ in levels))
    both = {"group": DIFFERENCE, "subgroup": row.covariate, "n": row.n_treated + row.n_control}
    # No interval beside the p-value: the test of a share is not the inversion of its interval.
    tested = {"unit": RULES[unit].difference or unit, "value": scale * row.difference, "se": scale * row.se, "p": row.p}
    _add(context, "difference", made, method=row.test, **tested, **both)
    normalised = {"unit": Unit.COEFFICIENT, "value": row.normalised, "method": "Imbens and Rubin"}
    _add(context, "normalised_difference", made, **normalised, **both)


def _add(context: Context, statistic: str, behind: Counted, **row: Any) -> None:
    """Add a row about the background, of everybody where it names no population."""
    row = {"population": context.everybody, **row}
    context.ledger.add(behind, measure=BACKGROUND, statistic=statistic, window=BEFORE_ENTRY, **row)
