"""Monthly counts of areas: those that take part beside all others, and how the difference moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.analysis.context import Context
from reportlib.danish import month_range
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, EVERYONE, others_than
from reportlib.registers.data import BoolArray
from reportlib.text.units import RULES, Unit
from reportlib.trial.analyses import SeriesAnalysis
from reportlib.trial.measures import MeasureSpec, Monthly

NO_ERROR = "counts of whole areas, no sampling error"


class NoSuchMonthError(ReportlibError):
    """The window of an analysis lies outside the months of its series."""

    usual_hint = "change the months in trial.yml, or order more of the series"


def run_series(spec: SeriesAnalysis, context: Context) -> None:
    """Add every month's numbers for those that take part, all others and all, the difference, and its range.

    Raises:
        NoSuchMonthError: the window, or the month a change is counted from, lies outside the series.
    """
    first, last = (f"{day:%Y-%m}" for day in (spec.first, spec.last))
    for measure in context.measures(spec.measures):
        computed = measure.computed
        assert isinstance(computed, Monthly)  # what trial.yml may name
        frame = context.data.series[computed.extract]
        series = _Series(measure, computed, frame, sorted(set(frame["month"])), first, last, context)
        for month in (first, last):
            if month not in series.months:
                raise NoSuchMonthError(
                    f"the series {computed.extract} has no month {month}",
                    hint=f"it goes from {series.months[0]} to {series.months[-1]}",
                )
        sides = series.sides()
        for group, rows in sides.items():
            series.add_months(rows, group)
            series.add_range(series.values(group, series.window), group)
        series.add_change(sides, f"{spec.change_from:%Y-%m}" if spec.change_from is not None else first)
        if (comparison := context.trial.groups.comparison) is not None:
            series.add_differences(comparison.id)
        if spec.by_site:
            series.add_sites()


def units_of(extract: str) -> str:
    """What the register calls the cells of a series."""
    return f"series:{extract}"


def weights(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """(2 x rows,) how many every row counts, and then how many the rest of its base is; or the base, where the count is
    no part of it."""
    count, base = frame["count"].to_numpy(), frame["base"].to_numpy()
    other = base - count if _is_part(frame) else base
    return np.concatenate([count, other]).round().astype(np.int64)


def _is_part(frame: pd.DataFrame) -> bool:
    return bool((frame["count"] <= frame["base"]).all())


@dataclass(frozen=True)
class _Series:
    """A measure in the months of its series (`frame`), and the window from its `first` month to its `last`."""

    measure: MeasureSpec
    computed: Monthly
    frame: pd.DataFrame
    months: list[str]
    first: str
    last: str
    context: Context

    @property
    def window(self) -> list[str]:
        """The months of the window."""
        return [month for month in self.months if self.first <= month <= self.last]

    @cached_property
    def _is_part(self) -> bool:
        return _is_part(self.frame)

    def sides(self) -> dict[str, pd.DataFrame]:
        """The rows by group: the areas that take part, the others (if any), and all."""
        groups, taking_part = self.context.trial.groups, self._taking_part
        sides = {groups.treated.id: self.frame[taking_part]}
        if not taking_part.all() and groups.comparison is not None:
            sides[groups.comparison.id] = self.frame[~taking_part]
        return {**sides, EVERYONE: self.frame}

    @cached_property
    def _taking_part(self) -> pd.Series:
        return self.frame["area"].isin(list(self.context.trial.sites.names))

    def values(self, group: str, months: list[str]) -> list[Estimate]:
        """The group's rows of the months."""
        return [self.context.ledger[f"{self.measure.id}.{group}.{month}.monthly"] for month in months]

    def add_months(self, rows: pd.DataFrame, group: str, *, site: str = "") -> None:
        """Every month's sum over the rows."""
        count, base, places = rows["count"].to_numpy(), rows["base"].to_numpy(), rows.index.to_numpy()
        for month, at in sorted(rows.groupby("month").indices.items()):
            numbers = self._numbers(count[at].sum(), base[at].sum())
            self._add(self._cells(places[at]), "monthly", group, str(month), time=str(month), site=site, **numbers)

    def _cells(self, places: np.ndarray) -> Counted:
        """The counts of the file that a month's number adds up."""
        rows = len(self.frame)
        count, other = np.zeros((2, 2 * rows), dtype=np.bool_)
        count[places], other[rows + places] = True, True
        base = count | other if self._is_part else other
        rest: BoolArray | Setting = other if self._is_part else Setting("a difference of two sums")
        k = {"ratio": count, "count": count, "base": base, "rest": rest}[self.computed.of]
        return Counted(n=base, k=k, units=units_of(self.computed.extract))

    def _numbers(self, count: float, base: float) -> dict[str, Any]:
        """Value, k and n of a month."""
        in_pct = self.measure.unit is Unit.PCT
        value = {"ratio": count / base if base else np.nan, "count": count, "base": base, "rest": base - count}
        whole = {"k": round(value[self.computed.of])}
        if self.computed.of == "ratio":
            whole = {"k": round(count), "n": round(base)} if in_pct else {"n": round(base)}
        return {"value": value[self.computed.of] * (100 if in_pct else 1), **whole}

    def _add(
        self, behind: Counted, statistic: str, group: str, first: str, last: str | None = None, **row: Any
    ) -> Estimate:
        """Add a row about the months from the first to the last, or about one."""
        days = (date.fromisoformat(f"{month}-01") for month in (first, last or first))
        return self.context.ledger.add(
            behind,
            measure=self.measure.id,
            statistic=statistic,
            group=group,
            method=NO_ERROR,
            population=self._population(group),
            window=month_range(*days),
            **row,
        )

    def _population(self, group: str) -> str:
        noun = self.context.trial.sites.noun
        who = {
            DIFFERENCE: "deltagende og øvrige",
            self.context.trial.groups.treated.id: "de deltagende",
            EVERYONE: "alle",
        }
        return f"{who.get(group, 'øvrige')} {noun.many}"

    def add_range(self, rows: list[Estimate], group: str, **unit: Unit | None) -> None:
        """The lowest and the highest of the rows of the window."""
        number = attrgetter("number")
        for statistic, row in (("minimum", min(rows, key=number)), ("maximum", max(rows, key=number))):
            told = {"value": row.value, "k": row.k, "n": row.n, **unit}
            self._add(made_of(row.key), statistic, group, self.first, self.last, **told)

    def add_change(self, groups: Any, start: str) -> None:
        """The last month of the window less the month the change is counted from."""
        if start not in self.months:
            raise NoSuchMonthError(f"the series of {self.measure.id} has no month {start}")
        for group in groups:
            begin, end = self.values(group, [start, self.last])
            told = {"unit": self._difference or self.measure.unit, "value": end.number - begin.number}
            self._add(made_of(begin.key, end.key), "change", group, start, self.last, **told)

    @property
    def _difference(self) -> Unit | None:
        """The unit of a difference of the measure, None where it cannot be subtracted."""
        return RULES[self.measure.unit].difference

    def add_differences(self, comparison: str) -> None:
        """Those that take part less all others, month by month, and the smallest and largest of the window."""
        if self.computed.of != "ratio" or self._difference is None:
            return
        unit, told = self._difference, []
        sides = (self.values(group, self.months) for group in (self.context.trial.groups.treated.id, comparison))
        for month, own, other in zip(self.months, *sides, strict=True):
            difference = {"unit": unit, "time": month, "value": own.number - other.number}
            row = self._add(made_of(own.key, other.key), "monthly", DIFFERENCE, month, **difference)
            told += [row] if month in self.window else []
        self.add_range(told, DIFFERENCE, unit=unit)
        average = {"unit": unit, "value": float(np.mean([row.number for row in told]))}
        made = made_of(*(row.key for row in told))
        self._add(made, "mean_of_months", DIFFERENCE, self.first, self.last, **average)

    def add_sites(self) -> None:
        """Each area that takes part beside the others that do."""
        taking_part, group = self.frame[self._taking_part], self.context.trial.groups.treated.id
        for site in self.context.trial.sites.names:
            own = taking_part["area"] == site
            self.add_months(taking_part[own], group, site=site)
            self.add_months(taking_part[~own], group, site=others_than(site))
