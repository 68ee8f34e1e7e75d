"""Numbers with their unit: per cent, points, hours, weeks, kroner, dates and months."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import format_date

from reportlib.danish.numbers import (
    LOCALE,
    NBSP,
    NotANumberError,
    Number,
    as_decimal,
    number_text,
    round_half_up,
)
from reportlib.text.marks import mark, marked
from reportlib.text.origin import method, origin_of, setting, with_origin
from reportlib.text.units import RULES, Unit

# Numbers with their unit in Danish: `12 pct.`, `5 procentpoint`, `2,1 timer`, intervals, ranges and p-values.
#
# The unit words follow Danish plural rules on the number as printed (`1,5 time`, `2 timer`), by CLDR through Babel. A
# no-break space stands between number and unit.


# Singular and plural as they stand after the number; empty where the number stands alone.
UNIT_WORDS: dict[Unit, tuple[str, str]] = {
    Unit.PCT: ("pct.", "pct."),
    Unit.PCT_POINT: ("procentpoint", "procentpoint"),
    Unit.HOURS_PER_WEEK: ("time", "timer"),
    Unit.HOURS: ("time", "timer"),
    Unit.KR: ("kr.", "kr."),
    Unit.KR_PER_HOUR: ("kr. pr. time", "kr. pr. time"),
    Unit.RATIO: ("", ""),
    Unit.RATE: ("", ""),
    Unit.HAZARD_RATIO: ("", ""),
    Unit.COEFFICIENT: ("", ""),
    Unit.SCORE: ("", ""),
    Unit.COUNT: ("", ""),
    Unit.PER_PERSON: ("pr. person", "pr. person"),
    Unit.DAYS: ("dag", "dage"),
    Unit.WEEKS: ("uge", "uger"),
    Unit.MONTHS: ("måned", "måneder"),
    Unit.YEARS: ("år", "år"),
    Unit.DATE: ("", ""),
}

_PLURAL_FORM = Locale.parse(LOCALE).plural_form
_SMALLEST_P = Decimal("0.001")
_MOST_P_DECIMALS = 8

LEVEL = setting("design.level")
"""The origin of the level of an interval."""

FIRST_WEEK = with_origin(1, method("foerste-uge"))
"""Weeks after entry are counted from one."""


def default_decimals(unit: Unit) -> int:
    """How many decimals the unit prints with when nothing else is said."""
    return RULES[unit].decimals


def unit_word(rounded: Decimal, unit: Unit) -> str:
    """The unit word that fits a number as printed: `time` after 1 and 1,5, `timer` after 0 and 2."""
    one, many = UNIT_WORDS[unit]
    return one if _PLURAL_FORM(abs(rounded)) == "one" else many


def value_text(value: Number, unit: Unit, decimals: int | None = None) -> str:
    """`value` with its unit: `12 pct.`, `1 procentpoint`, `2,1 timer`, `1.250 kr.`, `1 uge`, `690`.

    A `Unit.DATE` value is a day's `date.toordinal()` and prints as `20. marts 2019`. `decimals` defaults to the unit's.

    Raises:
        NotANumberError: the value is NaN or infinite.
    """
    if unit is Unit.DATE:
        return marked(date_text(date.fromordinal(int(round_half_up(value)))), value)
    places = default_decimals(unit) if decimals is None else decimals
    word = unit_word(round_half_up(value, places), unit)
    digits = number_text(value, places)
    return marked(f"{digits}{NBSP}{word}", value) if word else digits


def millions_text(kroner: Number, decimals: int = 1) -> str:
    """Large sums: `1,5 mio. kr.`, `2 mio. kr.` (a decimal zero is left out)."""
    rounded = round_half_up(as_decimal(kroner).scaleb(-6), decimals)
    places = 0 if rounded == rounded.to_integral_value() else decimals
    return marked(f"{number_text(rounded, places)}{NBSP}mio.{NBSP}kr.", kroner)


def confidence_name(level: float = 0.05) -> str:
    """The name of an interval whose test has this level: `95 pct.-konfidensinterval`."""
    return f"{confidence_text(level)}-konfidensinterval"


def confidence_text(level: float = 0.05) -> str:
    """How sure an interval is whose test has this level: `95 pct.`."""
    percent = ((1 - as_decimal(level)) * 100).normalize()
    places = max(0, -int(percent.as_tuple().exponent))
    return mark(f"{number_text(percent, places)}{NBSP}pct.", origin_of(level) or LEVEL)


def event_week(week: float) -> str:
    """A week counted from entry: `uge 35`."""
    return f"uge{NBSP}{number_text(week)}"


def event_weeks(last: float) -> str:
    """All weeks from the first to `last`: `uge 1 til uge 35`."""
    return f"{event_week(FIRST_WEEK)} til {event_week(last)}"


def interval_text(
    low: Number, high: Number, unit: Unit | None = None, *, level: float = 0.05, decimals: int = 1
) -> str:
    """`95 pct.-konfidensinterval: 1,2 til 3,4`, with the unit after the last number if one is given."""
    end = number_text(high, decimals) if unit is None else value_text(high, unit, decimals)
    return f"{confidence_name(level)}: {number_text(low, decimals)} til {end}"


def p_text(p: float, *, level: float = 0.05) -> str:
    """`p < 0,001`, `p = 0,004`, `p = 0,03`, `p > 0,99`.

    More decimals are used where rounding would change the verdict at `level`: 0,0496 is not printed as 0,05.

    Raises:
        NotANumberError: `p` is not between 0 and 1.
    """
    if not 0 <= p <= 1:
        raise NotANumberError(f"{p} is not a p-value")
    exact, limit = as_decimal(p), as_decimal(level)
    if exact < _SMALLEST_P:
        return f"p{NBSP}{marked(f'<{NBSP}{number_text(_SMALLEST_P, 3)}', p)}"
    if round_half_up(exact, 2) == 1:
        return f"p{NBSP}{marked(f'>{NBSP}' + number_text(Decimal('0.99'), 2), p)}"
    decimals = 3 if exact < Decimal("0.01") else 2
    while (round_half_up(exact, decimals) < limit) != (exact < limit) and decimals < _MOST_P_DECIMALS:
        decimals += 1
    return f"p{NBSP}={NBSP}{number_text(exact, decimals)}"


# Dates in Danish. Weeks are ISO weeks from the calendar itself: Babel's `da` counts one-day weeks.


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


def whole_weeks(first: date, last: date) -> int:
    """Full weeks from `first` to `last`, both days counted."""
    return (last - first + timedelta(days=1)).days // 7


def _format(day: date, pattern: str) -> str:
    text: str = format_date(day, pattern, locale=LOCALE)
    return text
