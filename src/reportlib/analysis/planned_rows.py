"""The planned results of a family, judged together: each one's p-value allowing for the number of them (Holm)."""

from __future__ import annotations

from collections.abc import Iterable

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.disclosure.register import made_of
from reportlib.estimators.many_comparisons import holm
from reportlib.ledger.keys import week_label
from reportlib.ledger.tests_of import p_of, tested_row
from reportlib.text.units import Unit
from reportlib.trial.design import PlannedResult
from reportlib.trial.model import Trial


def add_corrected(trial: Trial, ledger: LedgerBuilder) -> None:
    """Add the corrected p-value of every planned result that is not alone in its family. What no analysis computes is
    left out: a text that asks for it says so. It is of the family, and so of no number of persons of its own."""
    for family in trial.planned.families.values() if trial.planned is not None else ():
        _add_family(family, trial, ledger)


def _add_family(family: Iterable[PlannedResult], trial: Trial, ledger: LedgerBuilder) -> None:
    found = [
        tested_row(
            ledger.get,
            result.measure,
            group=trial.group_of(result.measure),
            time=week_label(result.week) if result.week is not None else "",
        )
        for result in family
    ]
    rows = [row for row in found if row is not None]
    if len(rows) < 2:
        return
    alone = [p_of(row, trial.design.level) for row in rows]
    corrected = holm([float("nan") if p is None else p for p in alone])
    for row, p in zip(rows, corrected, strict=True):
        ledger.add(
            made_of(*(one.key for one in rows)),
            measure=row.measure,
            statistic="p_holm",
            unit=Unit.COEFFICIENT,
            group=row.group,
            subgroup=row.subgroup,
            time=row.time,
            value=p,
            p=p,
            method="Holm",
            population=row.population,
            window=row.window,
            data_date=row.data_date,
        )
