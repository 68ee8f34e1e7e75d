"""Person measures of states and requirements: how long a state has lasted at entry, a value in a week, what is met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportlib.analysis.before_entry import weeks_before
from reportlib.analysis.panel_measures import MissingExtractError, values_of
from reportlib.registers.data import TrialData
from reportlib.registers.event_weeks import Days, monday_of
from reportlib.registers.panel import FloatArray
from reportlib.trial.analyses import UnbrokenBefore, ValueInWeek
from reportlib.trial.measures import MeasureSpec

_WEEK, _TO_SUNDAY = np.timedelta64(7, "D"), np.timedelta64(6, "D")


def value_in_week(computed: ValueInWeek, data: TrialData) -> FloatArray:
    """(n,) the panel measure's value in the week; NaN where not followed, or the panel has no such week."""
    values = values_of(computed.measure, data)
    if computed.week > values.shape[1]:
        return np.full(len(values), np.nan)
    return values[:, computed.week - 1]


def unbroken_before(computed: UnbrokenBefore, measure: MeasureSpec, data: TrialData) -> FloatArray:
    """(n,) weeks of the state without a break up to the week before week 1; 0/1 with a condition."""
    weeks = data.made_once("unbroken", computed.measure, lambda: _weeks_unbroken(computed.measure, measure, data))
    found = weeks
    if computed.at_most is not None:
        found = (weeks <= computed.at_most).astype(np.float64)
    elif computed.since is not None:
        began = monday_of(data.persons["start"].to_numpy()) - weeks.astype(np.int64) * _WEEK
        found = (began + _TO_SUNDAY >= _since(computed, data)).astype(np.float64)
    return 1 - found if computed.opposite and computed.is_binary else found


def _weeks_unbroken(state: str, measure: MeasureSpec, data: TrialData) -> FloatArray:
    """(n,) weeks in the state up to the week before week 1, counted back to the first week not in it."""
    inside = values_of(state, weeks_before(data, who=measure.id)) > 0
    latest_first = inside[:, ::-1]
    weeks = np.where(latest_first.all(axis=1), inside.shape[1], np.argmin(latest_first, axis=1))
    return np.asarray(weeks, dtype=np.float64)


def _since(computed: UnbrokenBefore, data: TrialData) -> Days:
    """(n,) the day each person's state must have begun on or after."""
    day = np.full(len(data.persons), np.datetime64(computed.since, "D"))
    if computed.since_before is not None:
        groups = [group.id for group in data.trial.groups.before]
        day[data.persons["group"].isin(groups).to_numpy()] = np.datetime64(computed.since_before, "D")
    return day


def events_met(kinds: Sequence[str], measure: MeasureSpec, data: TrialData) -> FloatArray:
    """(n,) the share of the kinds of which the person has an event, 0 to 1."""
    if data.casework is None:
        raise MissingExtractError(
            f"measure {measure.id} is computed from casework, which trial.yml does not name",
            hint="add extracts.casework or remove the measure",
        )
    met = np.zeros((len(data.persons), len(kinds)))
    for place, kind in enumerate(kinds):
        met[data.casework.loc[data.casework["kind"] == kind, "row"].to_numpy(), place] = 1.0
    share: FloatArray = met.mean(axis=1)
    return share
