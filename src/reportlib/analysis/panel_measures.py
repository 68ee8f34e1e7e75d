"""Panel measures: from a catalogue entry to an array of persons x event weeks, NaN where a person is not followed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers.data import BoolArray, FloatArray, Panel, TrialData
from reportlib.registers.event_weeks import Days, monday_of
from reportlib.text.units import Unit
from reportlib.trial.measures import (
    ChangeFromStart,
    Combined,
    DreamShare,
    EventInWeek,
    HoursPerWeek,
    MeasureSpec,
    RecordedWeekly,
    Run,
    RunningTotal,
)


def values_of(measure_id: str, data: TrialData) -> FloatArray:
    """`panel_values` of the measure of that id, made once: many measures are made of the same few."""
    return data.made_once("panel", measure_id, lambda: panel_values(data.trial.measure_by_id[measure_id], data))


def panel_values(measure: MeasureSpec, data: TrialData) -> FloatArray:
    """The values of a panel measure, (n, weeks); shares are 0/1."""
    panel, computed = data.panel, measure.computed
    match computed:
        case DreamShare():
            assert panel.dream is not None and data.codebook is not None  # a measure's extract is named in trial.yml
            inside = data.codebook.in_groups(panel.dream, event_mondays(data), computed.groups)
            return _followed_only(inside.astype(np.float64), panel)
        case HoursPerWeek():
            assert panel.hours is not None
            values = panel.hours if computed.value == "hours" else (panel.hours > 0).astype(np.float64)
            return _followed_only(values, panel)
        case RecordedWeekly():
            return panel.recorded[computed.extract]
        case Run():
            active = np.logical_or.reduce([values_of(part, data) > 0 for part in computed.of])
            reached = reached_run(active & panel.followed, weeks=computed.weeks, gap=computed.gap)
            return _followed_only(reached.astype(np.float64), panel)
        case EventInWeek():
            return _event_in_week(computed, data)
        case Combined():
            return _combined(computed, data)
        case ChangeFromStart():
            values = values_of(computed.measure, data)
            return values - values[:, :1]
        case RunningTotal():
            total = np.nancumsum(values_of(computed.measure, data), axis=1)
            return _followed_only(total, panel)
        case _:
            raise AssertionError(f"{measure.id} has no value week by week")


def reached_run(active: BoolArray, *, weeks: int, gap: int) -> BoolArray:
    """(n, weeks) whether each person has by each week gathered `weeks` active weeks in one spell.

    A spell goes on over at most `gap` weeks in a row without activity. They are not counted; one more ends the spell,
    and the count begins again at the next active week. Once reached it stays reached.
    """
    count, idle = np.zeros((2, len(active)), dtype=np.int64)
    reached = np.zeros(active.shape, dtype=np.bool_)
    for week, now in enumerate(active.T):
        count = np.where(now, np.where(idle > gap, 0, count) + 1, count)
        idle = np.where(now, 0, idle + 1)
        reached[:, week] = count >= weeks
    return np.logical_or.accumulate(reached, axis=1)


def _event_in_week(computed: EventInWeek, data: TrialData) -> FloatArray:
    """0/1 by week; an open event lasts to the end. Weeks outside `among` are NaN, as are weeks not followed."""
    assert data.casework is not None
    events = data.casework[data.casework["kind"].isin(list(computed.events))]
    row, weeks = events["row"].to_numpy(), data.panel.weeks
    monday = monday_of(data.persons["start"].to_numpy())[row]
    first = weeks_after(monday, events["start"])
    last = first
    if computed.spells:
        last = np.where(events["end"].isna(), weeks - 1, weeks_after(monday, events["end"].fillna(events["start"])))
    happened = np.zeros((len(data.persons), weeks + 1), dtype=np.int64)
    inside = first < weeks
    np.add.at(happened, (row[inside], first[inside]), 1)  # one more event runs from its first week
    np.add.at(happened, (row[inside], np.minimum(last[inside] + 1, weeks)), -1)  # and one fewer after its last
    values = _followed_only((np.cumsum(happened, axis=1)[:, :weeks] > 0).astype(np.float64), data.panel)
    if computed.among is None:
        return values
    among = values_of(computed.among, data)
    return np.where(among > 0, values, np.nan)


def weeks_after(monday: Days, day: pd.Series) -> npt.NDArray[np.int64]:
    """Whole weeks from each entry's Monday to the day."""
    days = day.to_numpy().astype("datetime64[D]") - monday.astype("datetime64[D]")
    weeks: npt.NDArray[np.int64] = days.astype(np.int64) // 7
    return weeks


def _combined(computed: Combined, data: TrialData) -> FloatArray:
    holds = np.ones((data.panel.persons, data.panel.weeks), dtype=np.bool_)
    for wanted, names in ((True, computed.of), (False, computed.without)):
        for name in names:
            holds &= (values_of(name, data) > 0) == wanted
    return _followed_only(holds.astype(np.float64), data.panel)


def event_mondays(data: TrialData) -> Days:
    """(n, weeks) the Monday of each person's event weeks; week 1 is the ISO week of entry."""
    first = monday_of(data.persons["start"].to_numpy())
    return first[:, None] + np.arange(data.panel.weeks) * np.timedelta64(7, "D")


def in_print_unit(values: FloatArray, unit: Unit) -> FloatArray:
    """Shares leave the arrays in per cent, the unit the ledger stores; everything else as it is."""
    return values * 100 if unit in (Unit.PCT, Unit.PCT_POINT) else values


def _followed_only(values: FloatArray, panel: Panel) -> FloatArray:
    return np.where(panel.followed, values, np.nan)
