"""Monthly counts of areas: those that take part beside all others, and how the difference moved."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.analysis.context import Context
from reportlib.danish import month_range, month_text
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


def run_series(spec: SeriesAnalysis, context: Context) -> None:
    """Add every month's numbers for those that take part, all others and all, the difference, and its range."""
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
        computed = measure.computed
        assert isinstance(computed, Monthly)
        frame = context.data.series[computed.extract]
        months = sorted(set(frame["month"]))
        first, last = (f"{day:%Y-%m}" for day in (spec.first, spec.last))
        for month in (first, last):
            if month not in months:
                raise NoSuchMonthError(
                    f"the series {computed.extract} has no month {month}",
                    hint=f"it goes from {months[0]} to {months[-1]}",
                )
        sides = _sides(frame, context)
        for group, rows in sides.items():
            _add_months(rows, group, measure, computed, context)
            _add_range(group, measure, first, last, months, context)
        _add_change(list(sides), measure, first, last, spec.change_from, months, context)
        if DIFFERENCE in _groups(context, measure):
            _add_differences(measure, months, first, last, context)
        if spec.by_site:
            _add_sites(frame, measure, computed, context)


def _sides(frame: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    """Summed by month: the areas that take part, the others (if any), and all."""
    taking_part = frame["area"].isin(list(context.trial.sites.names))
    sides = {context.trial.groups.treated.id: frame[taking_part]}
    if (~taking_part).any() and context.trial.groups.comparison is not None:
        sides[context.trial.groups.comparison.id] = frame[~taking_part]
    sides[EVERYONE] = frame
    return sides


def _groups(context: Context, measure: MeasureSpec) -> set[str]:
    """DIFFERENCE where both sides are there and the measure's unit can be subtracted."""
    comparison = context.trial.groups.comparison
    computed = measure.computed
    assert isinstance(computed, Monthly)
    return (
        {DIFFERENCE} if comparison is not None and computed.of == "ratio" and RULES[measure.unit].difference else set()
    )


def _add_months(
    rows: pd.DataFrame, group: str, measure: MeasureSpec, computed: Monthly, context: Context, *, site: str = ""
) -> None:
    count, base = rows["count"].to_numpy(), rows["base"].to_numpy()
    places, frame = rows.index.to_numpy(), context.data.series[computed.extract]
    is_part = _is_part(frame)
    for month, at in sorted(rows.groupby("month").indices.items()):
        counted = _cells(computed, places[at], len(frame), is_part=is_part)
        _add(counted, count[at].sum(), base[at].sum(), str(month), group, measure, computed, context, site=site)


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


def _cells(computed: Monthly, places: np.ndarray, rows: int, *, is_part: bool) -> Counted:
    """The counts of the file, of so many rows, that a month's number adds up."""
    count, other = np.zeros((2, 2 * rows), dtype=np.bool_)
    count[places], other[rows + places] = True, True
    base = count | other if is_part else other
    rest: BoolArray | Setting = other if is_part else Setting("a difference of two sums")
    k = {"ratio": count, "count": count, "base": base, "rest": rest}[computed.of]
    return Counted(n=base, k=k, units=units_of(computed.extract))


def _add(
    counted: Counted,
    count: float,
    base: float,
    month: str,
    group: str,
    measure: MeasureSpec,
    computed: Monthly,
    context: Context,
    *,
    site: str,
) -> Estimate:
    ratio = count / base if base else np.nan
    value = {"ratio": ratio, "count": count, "base": base, "rest": base - count}[computed.of]
    whole = {"k": round(value)}
    if computed.of == "ratio":
        whole = {"k": round(count), "n": round(base)} if measure.unit is Unit.PCT else {"n": round(base)}
    if measure.unit is Unit.PCT:
        value *= 100
    return context.ledger.add(
        counted,
        measure=measure.id,
        statistic="monthly",
        group=group,
        site=site,
        time=month,
        value=value,
        method=NO_ERROR,
        population=_population(group, context),
        window=month_text(_first_day(month)),
        data_date=context.trial.data_date.isoformat(),
        **whole,
    )


def _population(group: str, context: Context) -> str:
    noun = context.trial.sites.noun
    if group == DIFFERENCE:
        return f"deltagende og øvrige {noun.many}"
    if group == context.trial.groups.treated.id:
        return f"de deltagende {noun.many}"
    return f"alle {noun.many}" if group == EVERYONE else f"øvrige {noun.many}"


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _values(measure: MeasureSpec, group: str, months: list[str], context: Context) -> list[Estimate]:
    return [context.ledger[f"{measure.id}.{group}.{month}.monthly"] for month in months]


def _common(measure: MeasureSpec, group: str, first: str, last: str, context: Context) -> dict[str, str]:
    return {
        "measure": measure.id,
        "group": group,
        "population": _population(group, context)
        if group != DIFFERENCE
        else f"deltagende og øvrige {context.trial.sites.noun.many}",
        "window": month_range(_first_day(first), _first_day(last)),
        "data_date": context.trial.data_date.isoformat(),
        "method": NO_ERROR,
    }


def _add_range(group: str, measure: MeasureSpec, first: str, last: str, months: list[str], context: Context) -> None:
    """The lowest and the highest month of the window."""
    rows = _values(measure, group, [month for month in months if first <= month <= last], context)
    common = _common(measure, group, first, last, context)
    for statistic, row in (("minimum", min(rows, key=_number)), ("maximum", max(rows, key=_number))):
        context.ledger.add(made_of(row.key), statistic=statistic, value=row.value, k=row.k, n=row.n, **common)


def _number(row: Estimate) -> float:
    return row.number


def _add_change(
    groups: list[str],
    measure: MeasureSpec,
    first: str,
    last: str,
    change_from: date | None,
    months: list[str],
    context: Context,
) -> None:
    """The last month of the window less the month the change is counted from."""
    start = f"{change_from:%Y-%m}" if change_from is not None else first
    if start not in months:
        raise NoSuchMonthError(f"the series of {measure.id} has no month {start}")
    for group in groups:
        begin, end = _values(measure, group, [start, last], context)
        context.ledger.add(
            made_of(begin.key, end.key),
            statistic="change",
            unit=RULES[measure.unit].difference or measure.unit,
            value=end.number - begin.number,
            **_common(measure, group, start, last, context),
        )


def _add_differences(measure: MeasureSpec, months: list[str], first: str, last: str, context: Context) -> None:
    """Those that take part less all others, month by month, and the smallest and largest of the window."""
    comparison = context.trial.groups.comparison
    assert comparison is not None
    treated = _values(measure, context.trial.groups.treated.id, months, context)
    others = _values(measure, comparison.id, months, context)
    unit = RULES[measure.unit].difference
    told: list[Estimate] = []
    for month, own, other in zip(months, treated, others, strict=True):
        difference = own.number - other.number
        common = _common(measure, DIFFERENCE, month, month, context)
        row = context.ledger.add(
            made_of(own.key, other.key), statistic="monthly", unit=unit, time=month, value=difference, **common
        )
        told += [row] if first <= month <= last else []
    common = _common(measure, DIFFERENCE, first, last, context)
    for statistic, row in (("minimum", min(told, key=_number)), ("maximum", max(told, key=_number))):
        context.ledger.add(made_of(row.key), statistic=statistic, unit=unit, value=row.value, **common)
    average = float(np.mean([row.number for row in told]))
    made = made_of(*(row.key for row in told))
    context.ledger.add(made, statistic="mean_of_months", unit=unit, value=average, **common)


def _add_sites(frame: pd.DataFrame, measure: MeasureSpec, computed: Monthly, context: Context) -> None:
    """Each area that takes part beside the others that do."""
    taking_part = frame[frame["area"].isin(list(context.trial.sites.names))]
    group = context.trial.groups.treated.id
    for site in context.trial.sites.names:
        own = taking_part["area"] == site
        _add_months(taking_part[own], group, measure, computed, context, site=site)
        _add_months(taking_part[~own], group, measure, computed, context, site=others_than(site))
