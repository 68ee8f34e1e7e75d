"""From a catalogue entry to its values: an array of persons x event weeks, NaN where a person is not followed; one
value per person, NaN outside the denominator; or one per answer sheet of a survey, NaN where an item was not answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.errors import ReportlibError
from reportlib.estimators.questionnaires import SCALES, score
from reportlib.registers.cells import as_text
from reportlib.registers.data import BoolArray, FloatArray, Panel, TrialData
from reportlib.registers.event_weeks import Days, monday_of
from reportlib.registers.paid_hours import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from reportlib.text.units import Unit
from reportlib.trial.measures import (
    Background,
    Before,
    ChangeFromStart,
    Combined,
    DaysToEvent,
    DreamShare,
    EventCount,
    EventEver,
    EventInWeek,
    EventRegular,
    EventsAll,
    EventsMet,
    EventWithin,
    Ever,
    HoursChange,
    HoursPerWeek,
    HoursProgression,
    LongestAtOnePlace,
    MeanOfWeeks,
    MeasureSpec,
    RecordedWeekly,
    Run,
    RunningTotal,
    ShareOfWeeks,
    SurveyAnswers,
    SurveyAtLeast,
    SurveyMean,
    SurveyScale,
    SurveyShare,
    SurveySource,
    UnbrokenBefore,
    ValueInWeek,
    WeeksWith,
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


UNKNOWN = -1
"""The DREAM code of a week that the extract does not cover."""

_WEEK, _TO_SUNDAY = np.timedelta64(7, "D"), np.timedelta64(6, "D")


class NothingBeforeError(ReportlibError):
    """A measure looks at the weeks before entry, and no extract has any."""


def weeks_before(data: TrialData, *, weeks: int | None = None, since: date | None = None, who: str) -> TrialData:
    """`data` with the weeks before entry in place of the follow-up, the earliest first.

    Entry is moved back as many weeks as there are, so that what depends on the calendar (the code book) sees the right
    dates. `weeks` keeps the last so many, `since` those that begin on the day or later; a person is followed in the
    weeks kept. `who` is the measure that asks, for the message.

    Raises:
        NothingBeforeError: neither DREAM nor paid hours reach before entry.
    """
    panel = data.panel
    known = [part.shape[1] for part in (panel.dream_before, panel.hours_before) if part is not None]
    if not known or min(known) == 0:
        raise NothingBeforeError(
            f"measure {who} looks at the weeks before entry, and no extract reaches there",
            hint="set follow_up.weeks_before, and name extracts.dream or extracts.paid_hours",
        )
    kept = min(weeks or max(known), max(known))
    start = data.persons["start"].to_numpy().astype("datetime64[D]")
    followed = np.ones((len(start), kept), dtype=np.bool_)
    if since is not None:
        mondays = monday_of(start)[:, None] - np.arange(kept, 0, -1) * _WEEK
        followed &= mondays >= np.datetime64(since, "D")
    moved = data.persons.assign(start=pd.to_datetime(start - kept * _WEEK))
    dream = None if panel.dream_before is None else panel.dream_before[:, -kept:]
    hours = None if panel.hours_before is None else _last_weeks(panel.hours_before, kept)
    if dream is not None:
        followed &= dream != UNKNOWN
    elif hours is not None:
        followed &= ~np.isnan(hours)
    return replace(data, persons=moved, panel=Panel(followed=followed, dream=dream, hours=hours))


def _last_weeks(hours: FloatArray, weeks: int) -> FloatArray:
    """(n, weeks) the last weeks of `hours`; earlier ones, which no measure of hours looks at, are NaN."""
    kept = hours[:, -weeks:]
    return np.pad(kept, ((0, 0), (weeks - kept.shape[1], 0)), constant_values=np.nan)


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


def events_met(kinds: Sequence[str], data: TrialData) -> FloatArray:
    """(n,) the share of the kinds of which the person has an event, 0 to 1."""
    assert data.casework is not None  # a measure's extract is named in trial.yml
    met = np.zeros((len(data.persons), len(kinds)))
    for place, kind in enumerate(kinds):
        met[data.casework.loc[data.casework["kind"] == kind, "row"].to_numpy(), place] = 1.0
    share: FloatArray = met.mean(axis=1)
    return share


class NotANumberError(ReportlibError):
    """A measure asks for the number of a background column that holds texts."""


def person_values(measure: MeasureSpec, data: TrialData) -> FloatArray:
    """One value per person, (n,), in the order of `data.persons`; 0/1 for shares, NaN outside the denominator."""
    computed = measure.computed
    match computed:
        case EventWithin():
            return _event_within(computed, data)
        case EventEver():
            return _event_ever(computed, data)
        case EventRegular():
            return _event_regular(computed, data)
        case LongestAtOnePlace():
            return _days_at_one_place(computed, data)
        case EventCount():
            events = _events(computed.events, data)
            if computed.before is not None:
                events = events[events["start"] < pd.Timestamp(computed.before)]
            return np.bincount(events["row"].to_numpy(), minlength=len(data.persons)).astype(np.float64)
        case WeeksWith():
            values = values_of(computed.measure, data)[:, : computed.weeks]
            weeks: FloatArray = (values > 0).sum(axis=1).astype(np.float64)
            return weeks
        case ShareOfWeeks():
            of_weeks = values_of(computed.measure, data)
            return _share_of_weeks(of_weeks[:, computed.first_week - 1 : computed.weeks])
        case Ever():
            panels = [values_of(part, data)[:, : computed.weeks] for part in computed.of]
            ever: FloatArray = np.any([(part > 0).any(axis=1) for part in panels], axis=0).astype(float)
            return ever
        case HoursProgression():
            return _first_to_last(values_of(computed.measure, data))
        case HoursChange():
            change = _first_to_last(values_of(computed.measure, data))
            return _went(change, computed.direction)
        case MeanOfWeeks():
            return _mean_of_weeks(values_of(computed.measure, data), computed.per)
        case Before():
            return _before(computed, measure, data)
        case DaysToEvent():
            return days_to_event(computed.events, data)
        case ValueInWeek():
            return value_in_week(computed, data)
        case UnbrokenBefore():
            return unbroken_before(computed, measure, data)
        case EventsAll():
            return np.where(events_met(computed.events, data) == 1, 1.0, 0.0)
        case EventsMet():
            return 100 * events_met(computed.events, data)
        case Background():
            return _background(computed, data)
        case _:
            raise AssertionError(f"{measure.id} has no value per person")


def _before(computed: Before, measure: MeasureSpec, data: TrialData) -> FloatArray:
    """The measure over the weeks before entry: the same arrays, made of an earlier stretch of the registers."""
    earlier = weeks_before(data, weeks=computed.weeks, since=computed.since, who=measure.id)
    panels = [values_of(part, earlier) for part in computed.of]
    if computed.value == "per_week" or computed.value == "per_month":
        return _mean_of_weeks(panels[0], "week" if computed.value == "per_week" else "month")
    active = np.any([part > 0 for part in panels], axis=0)
    followed = earlier.panel.followed
    if computed.value == "share_of_weeks":
        return _share_of_weeks(np.where(followed, active.astype(np.float64), np.nan))
    return np.where(followed.any(axis=1), (active & followed).any(axis=1).astype(np.float64), np.nan)


def _mean_of_weeks(values: FloatArray, per: str) -> FloatArray:
    """Each person's mean over the weeks with a value, times the weeks of a month where asked; NaN without weeks."""
    weeks = np.isfinite(values).sum(axis=1)
    total = np.nansum(values, axis=1)
    scale = WEEKS_PER_YEAR / MONTHS_PER_YEAR if per == "month" else 1.0
    return np.where(weeks > 0, scale * total / np.maximum(weeks, 1), np.nan)


_SMALLEST_CHANGE = 1e-9
"""Hours a week that are no change: what is left of floats when months are divided into weeks."""


def _went(change: FloatArray, direction: str) -> FloatArray:
    """0/1 whether the change went that way; NaN stays."""
    went = {
        "rose": change > _SMALLEST_CHANGE,
        "fell": change < -_SMALLEST_CHANGE,
        "same": np.abs(change) <= _SMALLEST_CHANGE,
    }[direction]
    return np.where(np.isnan(change), np.nan, went.astype(np.float64))


def days_to_event(kinds: Sequence[str], data: TrialData) -> FloatArray:
    """(n,) days from entry to the first event of one of the kinds; NaN for persons without one."""
    events = _events(kinds, data)
    first = events.groupby("row")["start"].min()
    days = np.full(len(data.persons), np.nan)
    rows = first.index.to_numpy()
    days[rows] = (first.to_numpy() - data.persons["start"].to_numpy()[rows]) / np.timedelta64(1, "D")
    return days


def _event_within(computed: EventWithin, data: TrialData) -> FloatArray:
    events = _events(computed.events, data)
    limit = pd.Timedelta(weeks=computed.weeks)
    start = data.persons["start"]
    in_time = events["start"] - start.to_numpy()[events["row"].to_numpy()] < limit
    happened = _one_for(events.loc[in_time], data)
    followed_long_enough = start + limit <= pd.Timestamp(last_day(data)) + pd.Timedelta(days=1)
    return np.where(followed_long_enough, happened, np.nan)


def _event_ever(computed: EventEver, data: TrialData) -> FloatArray:
    events = _events(computed.events, data)
    if computed.weeks is not None:
        entered = data.persons["start"].to_numpy()[events["row"].to_numpy()]
        events = events[events["start"] - entered < pd.Timedelta(weeks=computed.weeks)]
    if computed.before is not None:
        events = events[events["start"] < pd.Timestamp(computed.before)]
    return _one_for(events, data)


def _event_regular(computed: EventRegular, data: TrialData) -> FloatArray:
    """1 when no stretch without an event is longer than `max_gap_days`; an event lasts from its start to its end."""
    events = _events(computed.events, data)
    row = events["row"].to_numpy()
    start = events["start"].to_numpy()
    end = events["end"].fillna(events["start"]).to_numpy()
    longest = np.full(len(data.persons), np.timedelta64(0, "D"))
    seen = np.zeros(len(data.persons), dtype=np.bool_)
    seen[row] = True

    # The running latest end within a person: an event inside a longer one closes no gap and opens none.
    latest_end = pd.Series(end).groupby(row).cummax().to_numpy()
    same_person = row[1:] == row[:-1]
    np.maximum.at(longest, row[1:][same_person], (start[1:] - latest_end[:-1])[same_person])

    first = np.r_[True, ~same_person] if len(row) else np.zeros(0, dtype=np.bool_)
    last = np.r_[~same_person, True] if len(row) else np.zeros(0, dtype=np.bool_)
    entered = data.persons["start"].to_numpy()
    until = last_day(data)
    if computed.from_start:
        np.maximum.at(longest, row[first], start[first] - entered[row[first]])
        longest[~seen] = until - entered[~seen]
    if computed.to_end:
        np.maximum.at(longest, row[last], until - latest_end[last])
    regular = (longest <= np.timedelta64(computed.max_gap_days, "D")).astype(np.float64)
    return regular if computed.from_start else np.where(seen, regular, np.nan)


def _days_at_one_place(computed: LongestAtOnePlace, data: TrialData) -> FloatArray:
    events = _events(computed.events, data)
    until = pd.Timestamp(last_day(data))
    last = events["end"].fillna(until).where(lambda day: day <= until, until)
    days = (last - events["start"]).dt.days + 1  # both ends are days in the placement
    per_place = days.groupby([events["row"], events["place"]]).sum()
    longest = per_place.groupby(level=0).max()
    reached = np.zeros(len(data.persons))
    reached[longest.index.to_numpy()] = (longest >= computed.days).to_numpy(dtype=np.float64)
    return reached


def _first_to_last(values: FloatArray) -> FloatArray:
    """Last positive value minus the first positive one; NaN for persons who never have one."""
    positive = values > 0
    ever = positive.any(axis=1)
    first = positive.argmax(axis=1)
    last = positive.shape[1] - 1 - positive[:, ::-1].argmax(axis=1)
    rows = np.arange(len(values))
    return np.where(ever, values[rows, last] - values[rows, first], np.nan)


def _share_of_weeks(values: FloatArray) -> FloatArray:
    """Per cent of each person's weeks with a value that are above 0; NaN for persons without such weeks."""
    weeks = np.isfinite(values).sum(axis=1)
    active = (values > 0).sum(axis=1)
    return np.where(weeks > 0, 100 * active / np.maximum(weeks, 1), np.nan)


def _background(computed: Background, data: TrialData) -> FloatArray:
    column = data.persons[computed.column]
    if computed.equals is None:
        if not pd.api.types.is_numeric_dtype(column):
            raise NotANumberError(
                f"the background column {computed.column} holds texts, and a measure asks for its number",
                hint="name the value that counts in `equals`",
            )
        return column.to_numpy(dtype=np.float64)
    matches = (column.map(as_text) == computed.equals).to_numpy(dtype=np.float64)
    return np.where(column.isna().to_numpy(), np.nan, matches)


def _events(kinds: Sequence[str], data: TrialData) -> pd.DataFrame:
    assert data.casework is not None  # a measure's extract is named in trial.yml
    return data.casework[data.casework["kind"].isin(list(kinds))]


def _one_for(events: pd.DataFrame, data: TrialData) -> FloatArray:
    """(n,) 1 for the persons of the events, 0 for all others."""
    happened = np.zeros(len(data.persons))
    happened[events["row"].to_numpy()] = 1.0
    return happened


def last_day(data: TrialData) -> np.datetime64:
    """The last day that casework covers."""
    casework = data.trial.extracts.casework
    day = casework.last_day if casework is not None and casework.last_day is not None else data.trial.follow_up.last_day
    return np.datetime64(day, "D")


def survey_of(measure: MeasureSpec) -> str:
    """The id of the survey the measure is an answer in."""
    assert isinstance(measure.computed, SurveySource)  # what trial.yml may name
    return measure.computed.survey


def survey_values(measure: MeasureSpec, data: TrialData) -> FloatArray:
    """One value per answer sheet of the measure's survey: 0/1 for a share, the score for a mean or a scale.

    For `survey_answers` it is the position of the answer on its scale, 0 for the first.
    """
    computed = measure.computed
    if isinstance(computed, SurveyScale):
        return _scale(computed, data)
    if isinstance(computed, SurveyAtLeast):
        return _at_least(computed, data)
    assert isinstance(computed, SurveyShare | SurveyMean | SurveyAnswers)  # what trial.yml may name
    answers = data.surveys[computed.survey][computed.item]
    if isinstance(computed, SurveyMean):
        scores = pd.to_numeric(answers, errors="coerce")
        return scores.where(scores.between(computed.low, computed.high)).to_numpy(dtype=np.float64)
    texts = answers.map(as_text)
    if isinstance(computed, SurveyAnswers):
        places = {as_text(answer): float(place) for place, answer in enumerate(computed.answers)}
        return np.asarray(texts.map(places).to_numpy(dtype=np.float64), dtype=np.float64)
    answered = texts.ne("") & ~texts.isin([as_text(answer) for answer in computed.not_counted])
    chosen = texts.isin([as_text(answer) for answer in computed.answers])
    return np.where(answered, chosen.to_numpy(dtype=np.float64), np.nan)


def _scale(computed: SurveyScale, data: TrialData) -> FloatArray:
    items = data.surveys[computed.survey][list(computed.items)].apply(pd.to_numeric, errors="coerce")
    scores = score(items.to_numpy(dtype=np.float64), SCALES[computed.scale])
    if computed.above is None:
        return scores
    return np.where(np.isnan(scores), np.nan, (scores > computed.above).astype(np.float64))


def _at_least(computed: SurveyAtLeast, data: TrialData) -> FloatArray:
    items = data.surveys[computed.survey][list(computed.items)].map(as_text)
    counted = items.isin([as_text(answer) for answer in computed.answers]).sum(axis=1)
    answered = (items != "").any(axis=1)
    return np.where(answered, (counted >= computed.at_least).to_numpy(dtype=np.float64), np.nan)
