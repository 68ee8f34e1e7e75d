"""Which weeks a person can be followed, against a walk through the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.event_weeks import make_calendar, monday_of
from reportlib.trial.design import FollowUp

DAYS = st.dates(date(2015, 1, 1), date(2018, 12, 31))


@given(st.lists(DAYS, min_size=1, max_size=5), DAYS, st.integers(1, 60))
def test_a_week_is_followed_when_its_sunday_is_not_after_the_last_day(
    entries: list[date], last_day: date, weeks: int
) -> None:
    calendar = make_calendar(
        monday_of(np.array(entries, dtype="datetime64[D]")), FollowUp(last_day=last_day, weeks=weeks)
    )
    for row, entry in enumerate(entries):
        monday = entry - timedelta(days=entry.weekday())
        sundays = [monday + timedelta(weeks=week, days=6) for week in range(weeks)]
        assert calendar.followed[row].tolist() == [sunday <= last_day for sunday in sundays]
        assert calendar.mondays[row].tolist() == [sunday - timedelta(days=6) for sunday in sundays]


@given(DAYS, st.integers(0, 120))
def test_the_last_column_before_entry_is_the_week_before(entry: date, before: int) -> None:
    calendar = make_calendar(
        monday_of(np.array([entry], dtype="datetime64[D]")),
        FollowUp(last_day=date(2019, 1, 1), weeks=1, weeks_before=before),
    )
    monday = entry - timedelta(days=entry.weekday())
    assert calendar.mondays_before[0].tolist() == [monday - timedelta(weeks=back) for back in range(before, 0, -1)]
    assert calendar.first.item() == monday - timedelta(weeks=before)
