"""Numbers with their unit (per cent, points, hours, weeks, kroner, dates and months), and words that stand for a share
or a rounded number, with their bounds in one place.

A word is chosen only where the unrounded number lies inside its bounds; outside all bounds the number itself is
printed. `FRACTION_WORDS` is the whole table for shares, made from the fractions and the three qualifiers below; its
intervals do not overlap, so a share has at most one word; `check` holds the words that a writer has typed against it.
`about_text` tells a number by a round one near it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel import Locale
from babel.dates import format_date

from reportlib.danish.numbers import (
    LOCALE,
    NBSP,
    NotANumberError,
    Number,
    as_decimal,
    number_text,
    parse_number,
    round_half_up,
)
from reportlib.errors import ReportlibError
from reportlib.text.marks import mark, marked, unmarked
from reportlib.text.origin import derived, method, origin_of, setting, with_origin
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


def value_text(value: Number, unit: Unit, decimals: int | None = None) -> str:
    """`value` with its unit: `12 pct.`, `1 procentpoint`, `2,1 timer`, `1.250 kr.`, `1 uge`, `690`.

    A `Unit.DATE` value is a day's `date.toordinal()` and prints as `20. marts 2019`. `decimals` defaults to the unit's.

    Raises:
        NotANumberError: the value is NaN or infinite.
    """
    if unit is Unit.DATE:
        return marked(date_text(date.fromordinal(int(round_half_up(value)))), value)
    places = default_decimals(unit) if decimals is None else decimals
    word = _agreeing(round_half_up(value, places), *UNIT_WORDS[unit])
    digits = number_text(value, places)
    return marked(f"{digits}{NBSP}{word}", value) if word else digits


def _agreeing(printed: Decimal, one: str, many: str) -> str:
    """The form after a number as it is printed: `time` after 1 and 1,5."""
    return one if _PLURAL_FORM(abs(printed)) == "one" else many


def put_in(words: str, slot: str, text: str) -> str:
    """`words` with a printed number in its slot; a plural after it agrees: `{value} uger` -> `0,4 uge`."""
    before, _, after = words.partition(slot)
    typed, gap, rest = after.removeprefix(" ").partition(" ")
    for one, many in UNIT_WORDS.values():
        if typed == many != one:
            typed = _agreeing(parse_number(unmarked(text)), one, many)
            return f"{before}{text} {typed}{gap}{rest}"
    return f"{before}{text}{after}"


def millions_text(kroner: Number) -> str:
    """Large sums: `1,5 mio. kr.`, `2 mio. kr.` (a decimal zero is left out)."""
    rounded = round_half_up(as_decimal(kroner).scaleb(-6), 1)
    places = 0 if rounded == rounded.to_integral_value() else 1
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
    return f"{confidence_name(level)}: {limits_text(low, high, unit, decimals=decimals)}"


def limits_text(low: Number, high: Number, unit: Unit | None = None, *, decimals: int = 1, gap: str = " ") -> str:
    """`1,2 til 3,4`, with `gap` after the word; limits that print alike are `omkring 0,4`, not `0,4 til 0,4`."""
    end = number_text(high, decimals) if unit is None else value_text(high, unit, decimals)
    alike = round_half_up(low, decimals) == round_half_up(high, decimals)
    return f"omkring{gap}{end}" if alike else f"{number_text(low, decimals)} til{gap}{end}"


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


def _format(day: date, pattern: str) -> str:
    text: str = format_date(day, pattern, locale=LOCALE)
    return text


class WordNotAllowedError(ReportlibError):
    """A rounding word was asked for that the number does not bear."""


@dataclass(frozen=True, slots=True)
class FractionWord:
    """A phrase for a share in per cent, and the bounds it may be used within (each end closed or open)."""

    phrase: str
    low: Decimal
    high: Decimal
    low_closed: bool = True
    high_closed: bool = True

    def allows(self, share: Number) -> bool:
        """True when the unrounded share (0 to 100) lies within the bounds."""
        value = as_decimal(share)
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return above and below


# Within half a point of the fraction the phrase stands alone, as the printed per cent would; up to two it is qualified.
PLAIN_WITHIN = Decimal("0.5")
QUALIFIED_WITHIN = Decimal(2)
FRACTIONS: tuple[tuple[Fraction, str, str], ...] = (
    # fraction, phrase, word for "a little above"
    (Fraction(1, 10), "hver tiende", "godt"),
    (Fraction(1, 5), "hver femte", "godt"),
    (Fraction(1, 4), "hver fjerde", "godt"),
    (Fraction(1, 3), "hver tredje", "godt"),
    (Fraction(2, 5), "to ud af fem", "godt"),
    (Fraction(1, 2), "halvdelen", "lidt over"),
    (Fraction(3, 5), "tre ud af fem", "godt"),
    (Fraction(2, 3), "to ud af tre", "godt"),
    (Fraction(3, 4), "tre ud af fire", "godt"),
    (Fraction(4, 5), "fire ud af fem", "godt"),
    (Fraction(9, 10), "ni ud af ti", "godt"),
)
NEARLY_NONE = Decimal("2.5")
NEARLY_ALL = Decimal("97.5")
# "knap", "godt" and "ca." before other round numbers: within this share of the round number.
ABOUT_RELATIVE = Decimal("0.05")


def _fraction_words() -> tuple[FractionWord, ...]:
    zero, hundred = Decimal(0), Decimal(100)
    words = [
        FractionWord("ingen", zero, zero),
        FractionWord("næsten ingen", zero, NEARLY_NONE, low_closed=False),
    ]
    for fraction, phrase, above in FRACTIONS:
        # Six decimals name 33⅓ and 66⅔ well enough and keep the table readable.
        anchor = as_decimal(fraction * 100).quantize(Decimal("0.000001")).normalize()
        low, high = anchor - PLAIN_WITHIN, anchor + PLAIN_WITHIN
        words += [
            FractionWord(f"knap {phrase}", anchor - QUALIFIED_WITHIN, low, high_closed=False),
            FractionWord(phrase, low, high),
            FractionWord(f"{above} {phrase}", high, anchor + QUALIFIED_WITHIN, low_closed=False),
        ]
    words += [
        FractionWord("næsten alle", NEARLY_ALL, hundred, high_closed=False),
        FractionWord("alle", hundred, hundred),
    ]
    return tuple(words)


FRACTION_WORDS: tuple[FractionWord, ...] = _fraction_words()


def about_bounds(round_number: Number, unit: Unit) -> Decimal:
    """How far from a round number `knap`, `godt` and `ca.` reach: two points for shares, else 5 per cent of it."""
    if unit in {Unit.PCT, Unit.PCT_POINT}:
        return QUALIFIED_WITHIN
    return abs(as_decimal(round_number)) * ABOUT_RELATIVE


def about_text(value: Number, round_number: Number, unit: Unit, *, symmetric: bool = False, decimals: int = 0) -> str:
    """`value` told by a round number: `knap 20 pct.`, `godt 50 pct.`, `ca. 2.000`, or the round number if it is hit.

    With `symmetric` the word is `ca.` on both sides.

    Raises:
        WordNotAllowedError: the round number is too far away (5 points from 50 is not "godt 50").
    """
    exact, target = as_decimal(value), as_decimal(round_number)
    text = unmarked(value_text(target, unit, decimals))
    if abs(exact - target) > about_bounds(target, unit):
        raise WordNotAllowedError(
            f"{float(exact):.6g} is too far from {text} for knap, godt or ca.", hint="print the number itself"
        )
    if exact == target or unmarked(value_text(exact, unit, decimals)) == text:
        word = "ca. " if symmetric and exact != target else ""
    else:
        word = "ca. " if symmetric else "knap " if exact < target else "godt "
    origin = origin_of(value)
    return word + (text if origin is None else mark(text, derived("omtrent", [origin])))
