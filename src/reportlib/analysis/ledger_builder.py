"""Making a ledger: rows are added with their evidence, tested against it, suppressed, and frozen.

The tests are the promise of the ledger: a share is its k and n; an estimate lies inside its interval; a p-value and an
interval give the same verdict. A row that fails stops the analysis: a report built on it would contradict itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any

import numpy as np

from reportlib.disclosure.register import Counted, Register, Setting
from reportlib.disclosure.steps import protect
from reportlib.disclosure.threshold import Threshold
from reportlib.errors import ReportlibError
from reportlib.ledger import COLUMNS, Estimate, Ledger, Measure, make_key
from reportlib.ledger.contradictions import contradictions
from reportlib.text.units import Unit


class InconsistentRowError(ReportlibError):
    """A row contradicts itself: its share is not k/n, its interval misses the estimate, or p and interval disagree."""


class DuplicateKeyError(ReportlibError):
    """Two rows would have the same key: the same number computed twice, or two numbers with one label."""


class LedgerBuilder:
    """Collects rows, checks each, and freezes them into a `Ledger`."""

    def __init__(
        self, measures: Iterable[Measure], *, level: float = 0.05, register: Register | None = None, data_date: str = ""
    ) -> None:
        """`data_date` is the day that the rows' extracts were drawn, where they do not say another."""
        self._measures = {measure.id: measure for measure in measures}
        self._data_date = data_date
        self._rows: dict[str, Estimate] = {}
        self._level = level
        self._register = register

    @property
    def register(self) -> Register | None:
        """Who is behind the rows; None where they are made up."""
        return self._register

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def get(self, key: str) -> Estimate | None:
        """A row already added, or None."""
        return self._rows.get(key)

    def __getitem__(self, key: str) -> Estimate:
        """A row already added, unsuppressed: for numbers that are made from other numbers."""
        return self._rows[key]

    def add(
        self,
        behind: Counted | Setting | None = None,
        /,
        *,
        measure: str,
        statistic: str,
        **row: Any,
    ) -> Estimate:
        """Add one row, named as the columns of `Estimate`; `unit` defaults to the measure's own.

        NaN and NumPy scalars become None and Python numbers. `behind` are the persons behind n and k and the rows that
        the number is made of, or why it is about no person.

        Raises:
            DuplicateKeyError: the key exists.
            InconsistentRowError: the row contradicts itself.
            UncountedRowError, MiscountedRowError: it does not say who is behind it, or says another number of them.
        """
        catalogue = self._measures[measure]
        unit = row.pop("unit", catalogue.unit)
        unit = unit if isinstance(unit, Unit) else Unit(unit)
        plain = {"data_date": self._data_date, **{name: _plain(value) for name, value in row.items()}}
        where = {name: plain.get(name, "") for name in ("group", "site", "subgroup", "time")}
        key = make_key(measure, statistic=statistic, **where)
        if key in self._rows:
            raise DuplicateKeyError(
                f"two numbers would be called {key}", hint="give one of the analyses another measure or subgroup"
            )
        estimate = Estimate(key=key, measure=measure, statistic=statistic, unit=unit, **plain)
        for message in contradictions(estimate, self._level, rounded=False):
            raise InconsistentRowError(message)
        if self._register is not None:
            self._register.add(estimate, behind)
        self._rows[key] = estimate
        return estimate

    def build(self, header: Mapping[str, Any], *, threshold: Threshold, asked_weeks: Collection[int] = ()) -> Ledger:
        """Hide what could say something of a person, keep of the rest what print needs, and freeze the table.

        Of measures that cannot fall, `asked_weeks` are told before others. The header says how many
        levels of which measures wait.
        """
        made = protect(self._rows.values(), self._register, threshold, level=self._level, asked_weeks=asked_weeks)
        return ledger_of(made.rows, header={**header, "held_back": made.held_back}, measures=self._measures)

    def unreleased(self, header: Mapping[str, Any]) -> Ledger:
        """The table with every number and all its digits: for checks in memory, never to be written."""
        return ledger_of(self._rows.values(), header=header, measures=self._measures)


def ledger_of(rows: Iterable[Estimate], *, header: Mapping[str, Any], measures: Mapping[str, Measure]) -> Ledger:
    """A ledger of finished rows, in the order given."""
    rows = list(rows)
    columns: dict[str, list[Any]] = {name: list(map(attrgetter(name), rows)) for name in COLUMNS}
    columns["unit"] = [str(unit) for unit in columns["unit"]]
    return Ledger(header=dict(header), measures=dict(measures), columns=columns)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
