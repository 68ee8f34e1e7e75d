"""Danish dates, with the turns of the year and week 53."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import (
    NBSP,
    date_range,
    date_text,
    iso_week,
    monday_of,
    month_range,
    month_text,
    on_date,
    short_date,
    week_text,
    weeks_in_year,
    whole_weeks,
)

DAYS = st.dates(min_value=date(1991, 1, 1), max_value=date(2060, 12, 31))


def test_a_date_in_each_of_its_forms() -> None:
    day = date(2019, 3, 20)
    assert date_text(day).replace(NBSP, " ") == "20. marts 2019"
    assert on_date(day).replace(NBSP, " ") == "den 20. marts 2019"
    assert short_date(day) == "20.3.2019"
    assert month_text(day) == "marts 2019"
    assert week_text(day) == f"uge{NBSP}12 i 2019"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2016, 3, 1), date(2016, 12, 31), "marts til december 2016"),
        (date(2016, 3, 1), date(2017, 1, 1), "marts 2016 til januar 2017"),
        (date(2016, 3, 1), date(2016, 3, 31), "marts 2016"),
    ],
)
def test_months_from_and_to(first: date, last: date, text: str) -> None:
    assert month_range(first, last) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2016, 3, 1), date(2016, 12, 31), "den 1. marts til den 31. december 2016"),
        (date(2016, 12, 31), date(2017, 1, 1), "den 31. december 2016 til den 1. januar 2017"),
        (date(2016, 3, 1), date(2016, 3, 1), "den 1. marts 2016"),
    ],
)
def test_days_from_and_to(first: date, last: date, text: str) -> None:
    assert date_range(first, last).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2021, 1, 1), (2020, 53)),  # Babel's `da` says week 1 of 2021
        (date(2020, 12, 31), (2020, 53)),
        (date(2021, 1, 4), (2021, 1)),
        (date(2019, 12, 30), (2020, 1)),
        (date(2016, 1, 3), (2015, 53)),
    ],
)
def test_iso_weeks_at_the_turn_of_the_year(day: date, week: tuple[int, int]) -> None:
    assert iso_week(day) == week


@given(DAYS)
def test_a_day_lies_in_its_iso_week(day: date) -> None:
    year, week = iso_week(day)
    assert timedelta(0) <= day - monday_of(year, week) < timedelta(7)
    assert 1 <= week <= weeks_in_year(year)
    # the week belongs to the year of its Thursday
    assert (monday_of(year, week) + timedelta(3)).year == year


@given(st.integers(1992, 2060))
def test_the_weeks_of_a_year_reach_the_next(year: int) -> None:
    assert monday_of(year, 1) + timedelta(7 * weeks_in_year(year)) == monday_of(year + 1, 1)


@given(DAYS)
def test_the_week_text_names_the_iso_year(day: date) -> None:
    year, week = iso_week(day)
    assert week_text(day).replace(NBSP, " ") == f"uge {week} i {year}"


def test_whole_weeks_count_both_ends() -> None:
    assert whole_weeks(date(2016, 3, 1), date(2016, 3, 7)) == 1
    assert whole_weeks(date(2016, 3, 1), date(2016, 3, 6)) == 0
