"""ISO weeks against Python's own calendar, for every day DREAM can hold."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.event_weeks import (
    WeekPattern,
    full_year,
    monday_of,
    monday_of_week,
    month_of,
    week_name,
    week_range,
    weeks_between,
    year_and_week,
)

DREAM_DAYS = st.dates(date(1991, 1, 7), date(2089, 12, 31))


def days(*values: date) -> np.ndarray:
    return np.array(values, dtype="datetime64[D]")


@given(DREAM_DAYS)
def test_the_monday_of_a_day_is_the_last_monday_not_after_it(day: date) -> None:
    assert monday_of(days(day))[0] == np.datetime64(day - timedelta(days=day.weekday()))


@given(DREAM_DAYS)
def test_year_and_week_are_those_of_the_iso_calendar(day: date) -> None:
    years, weeks = year_and_week(monday_of(days(day)))
    assert (years[0], weeks[0]) == day.isocalendar()[:2]


@given(DREAM_DAYS)
def test_a_week_column_leads_back_to_its_week(day: date) -> None:
    monday = monday_of(days(day))[0]
    pattern = WeekPattern("y_{YY}{WW}")
    assert pattern.matching([pattern.name(monday)]) == ([(monday, pattern.name(monday))], [])


@given(DREAM_DAYS)
def test_the_month_of_a_week_is_the_month_of_its_thursday(day: date) -> None:
    thursday = day - timedelta(days=day.weekday()) + timedelta(days=3)
    assert month_of(monday_of(days(day)))[0] == np.datetime64(thursday, "M")


@given(DREAM_DAYS, st.integers(0, 600))
def test_a_range_of_weeks_has_one_monday_for_each_week_between_its_ends(day: date, count: int) -> None:
    first = monday_of(days(day))[0]
    last = first + np.timedelta64(7 * count, "D")
    weeks = week_range(first, last)
    assert len(weeks) == count + 1
    assert weeks[-1] == last
    assert weeks_between(first, weeks).tolist() == list(range(count + 1))


@given(st.integers(1991, 2089))
def test_the_weeks_of_a_year_follow_each_other_to_the_next(year: int) -> None:
    weeks = date(year, 12, 28).isocalendar().week
    first, next_first = monday_of_week(year, 1), monday_of_week(year + 1, 1)
    assert weeks_between(np.asarray(first), next_first) == weeks


def test_new_years_day_2021_lies_in_week_53_of_2020() -> None:
    monday = monday_of(days(date(2021, 1, 1)))[0]
    assert WeekPattern("y_{YY}{WW}").name(monday) == "y_2053"
    assert week_name(monday) == "2020-W53"


def test_two_digits_below_90_are_this_century() -> None:
    assert (full_year(89), full_year(90), full_year(0), full_year(99)) == (2089, 1990, 2000, 1999)


def test_no_day_stays_no_day() -> None:
    assert np.isnat(monday_of(np.array(["NaT"], dtype="datetime64[D]")))[0]


def test_week_53_of_a_year_with_52_weeks_is_impossible() -> None:
    assert WeekPattern("y_{YY}{WW}").matching(["y_1753", "y_1752"])[1] == ["y_1753"]


def test_week_columns_are_found_without_case_and_sorted_by_week() -> None:
    found, _ = WeekPattern("y_{YY}{WW}").matching(["Y_1601", "y_1552", "branche_2016_01", "y_9132", "xy_1602"])
    assert [name for _, name in found] == ["y_9132", "y_1552", "Y_1601"]


def test_a_pattern_may_have_four_digits_of_year_and_other_text() -> None:
    pattern = WeekPattern("uge_{YYYY}.{WW}")
    assert pattern.matching(["uge_2016.40", "uge_2016x40"]) == ([(monday_of_week(2016, 40), "uge_2016.40")], [])
    assert pattern.name(monday_of_week(2016, 40)) == "uge_2016.40"


@pytest.mark.parametrize("pattern", ["y_{YY}", "{WW}", "y_{YY}{YYYY}{WW}", "y_{YY}{WW}{WW}"])
def test_a_pattern_without_one_year_and_one_week_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="must hold"):
        WeekPattern(pattern)
