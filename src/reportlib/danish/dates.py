"""Dates in Danish. Weeks are ISO weeks from the calendar itself: Babel's `da` counts one-day weeks."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date

from reportlib.danish.numbers import LOCALE, NBSP


def date_text(day: date) -> str:
    """`20. marts 2019`: covers, tables, headings."""
    return f"{day.day}.{NBSP}{_format(day, 'MMMM y')}"


def on_date(day: date) -> str:
    """`den 20. marts 2019`: running text."""
    return f"den {date_text(day)}"


def short_date(day: date) -> str:
    """`20.3.2019`: notes and narrow tables."""
    return f"{day.day}.{day.month}.{day.year}"


def month_text(day: date) -> str:
    """`marts 2016`."""
    return _format(day, "MMMM y")


def month_range(first: date, last: date) -> str:
    """`marts til december 2016`, `marts 2016 til januar 2017`, `marts 2016`."""
    if (first.year, first.month) == (last.year, last.month):
        return month_text(first)
    start = _format(first, "MMMM") if first.year == last.year else month_text(first)
    return f"{start} til {month_text(last)}"


def date_range(first: date, last: date) -> str:
    """`den 1. marts til den 31. december 2016`, with both years where they differ; one day is one date."""
    if first == last:
        return on_date(first)
    start = f"den {first.day}.{NBSP}{_format(first, 'MMMM')}" if first.year == last.year else on_date(first)
    return f"{start} til {on_date(last)}"


def iso_week(day: date) -> tuple[int, int]:
    """ISO year and week: 1 January 2021 is (2020, 53)."""
    year, week, _ = day.isocalendar()
    return year, week


def monday_of(year: int, week: int) -> date:
    """The Monday of an ISO week; `ValueError` if the year has no such week."""
    return date.fromisocalendar(year, week, 1)


def weeks_in_year(year: int) -> int:
    """52 or 53: the week of 28 December, which is always in the year's last."""
    return iso_week(date(year, 12, 28))[1]


def week_text(day: date) -> str:
    """The calendar week of a date: `uge 53 i 2020`."""
    year, week = iso_week(day)
    return f"uge{NBSP}{week} i {year}"


def whole_weeks(first: date, last: date) -> int:
    """Full weeks from `first` to `last`, both days counted."""
    return (last - first + timedelta(days=1)).days // 7


def _format(day: date, pattern: str) -> str:
    text: str = format_date(day, pattern, locale=LOCALE)
    return text
