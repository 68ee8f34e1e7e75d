"""How two levels, their difference and its interval print together without contradicting each other.

The rules, tried from the fewest decimals on: the printed numbers subtract; the printed difference lies inside the
printed interval; a significant difference does not print as zero; the printed interval excludes zero exactly when the
real one does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportlib.danish import (
    ROUNDING_NOTE,
    Number,
    as_decimal,
    confidence_name,
    default_decimals,
    hours_minutes,
    number_text,
    round_half_up,
    value_text,
    whole_minutes,
)
from reportlib.disclosure.release import rounding_of
from reportlib.ledger import Estimate
from reportlib.prose.estimate_text import exact_value
from reportlib.text.units import RULES, Unit, UnitMismatchError, unit_of_difference

_MORE_DECIMALS = 4
_NOISE = Decimal("1e-9")
_HOURS = frozenset({Unit.HOURS, Unit.HOURS_PER_WEEK})
_POINTS = frozenset({Unit.PCT, Unit.PCT_POINT})

# The unit of a difference as it is said: a score alone has no unit word, a difference of scores is in points.
_DIFFERENCE_WORD = {Unit.SCORE: "point"}


@dataclass(frozen=True, slots=True)
class Style:
    """One way to print a number of a unit: decimals, or hours and minutes."""

    unit: Unit
    decimals: int
    minutes: bool = False

    def rounded(self, value: Number) -> Decimal:
        """The number as the reader sees it (hours and minutes in minutes)."""
        return Decimal(whole_minutes(value)) if self.minutes else round_half_up(value, self.decimals)

    def text(self, value: Number) -> str:
        """The number with its unit."""
        return hours_minutes(value) if self.minutes else value_text(value, self.unit, self.decimals)

    def end(self, value: Number) -> str:
        """The number as an end of an interval: without unit, except for hours and minutes."""
        return hours_minutes(value) if self.minutes else number_text(value, self.decimals)


@dataclass(frozen=True, slots=True)
class Printed:
    """Texts for one comparison: the levels, the difference with sign and without, its interval, and the note if any."""

    treated: str
    comparison: str
    difference: str
    size: str
    is_zero: bool
    interval: str
    note: str
    levels: Style


def print_comparison(
    treated: Estimate,
    comparison: Estimate,
    difference: Estimate,
    *,
    level: float,
    minutes: bool = False,
    decimals: int | None = None,
) -> Printed:
    """The texts of two levels and their difference; see the rules at the top of the module.

    With `minutes`, hours print as hours and minutes; with `decimals`, levels and difference print with exactly so many,
    because the document prints them so elsewhere. Where the prints then do not subtract, `note` says so. A difference
    that is not the first level minus the second (an adjusted one) needs no note.

    Raises:
        UnitMismatchError: the units of the three do not belong together.
        HiddenValueError: one of the three has no value.
    """
    unit = unit_of_difference(treated.unit, comparison.unit)
    if difference.unit is not unit:
        raise UnitMismatchError(f"{difference.key} is in {difference.unit}, the difference of its levels in {unit}")
    first, second, gap = exact_value(treated), exact_value(comparison), as_decimal(difference.number)
    raw = is_raw(treated, comparison, difference)
    last = RULES[unit].most
    chosen: tuple[Style, Style] | None = None
    for style, ends in _styles(unit, minutes=minutes, decimals=decimals):
        if chosen is not None and style.decimals > last:
            break
        forced = decimals is not None and not style.minutes
        if not _tells_the_truth(gap, difference, style, ends, level, forced=forced):
            continue
        own = Style(treated.unit, style.decimals, style.minutes)
        subtracts = own.rounded(first) - own.rounded(second) == style.rounded(gap)
        if subtracts or not raw or style.minutes:
            return _texts(treated, comparison, difference, style, ends, level, note="" if subtracts else _note(raw))
        # One more decimal than usual is worth trying for the sake of subtraction, not two.
        if chosen is None or chosen[0].decimals < style.decimals <= last:
            chosen = style, ends
    style, ends = chosen or (Style(unit, last), Style(unit, last))
    return _texts(treated, comparison, difference, style, ends, level, note=_note(raw))


def _note(raw: bool) -> str:
    return ROUNDING_NOTE if raw else ""


def is_raw(treated: Estimate, comparison: Estimate, difference: Estimate) -> bool:
    """True when the difference is the first level minus the second but for rounding, so that a reader may subtract."""
    gap = as_decimal(exact_value(treated)) - as_decimal(exact_value(comparison))
    rounding = sum((rounding_of(row) for row in (treated, comparison, difference)), _NOISE)
    return abs(gap - as_decimal(difference.number)) <= rounding


def print_difference(difference: Estimate, *, level: float, minutes: bool = False) -> tuple[str, str, str]:
    """A difference alone: with its sign, without it, and its interval (empty if it has none)."""
    gap = as_decimal(difference.number)
    for style, ends in _styles(difference.unit, minutes=minutes, decimals=None):
        if _tells_the_truth(gap, difference, style, ends, level):
            break
    return difference_text(gap, style), difference_text(abs(gap), style), _interval(difference, ends, level)


def difference_text(value: Number, style: Style) -> str:
    """A difference with its unit: `5 procentpoint`, `0,4 point` for scores."""
    word = _DIFFERENCE_WORD.get(style.unit)
    return f"{style.end(value)} {word}" if word else style.text(value)


def _styles(unit: Unit, *, minutes: bool, decimals: int | None) -> Iterator[tuple[Style, Style]]:
    """Ways to print numbers and interval, fewest decimals first; intervals in points get at least one decimal."""
    if minutes and unit in _HOURS:
        yield Style(unit, 0, minutes=True), Style(unit, 0, minutes=True)
    start = default_decimals(unit)
    for places in range(start, start + _MORE_DECIMALS) if decimals is None else (decimals,):
        finest = max(places, 1) if unit in _POINTS else places
        for ends in range(finest, finest + _MORE_DECIMALS):
            yield Style(unit, places), Style(unit, ends)


def _tells_the_truth(
    gap: Decimal, difference: Estimate, style: Style, ends: Style, level: float, *, forced: bool = False
) -> bool:
    """The print shows the same verdict and the same order of interval and estimate as the unrounded numbers.

    When the decimals of the estimate are forced, only the interval can be asked for more.
    """
    low, high = difference.ci_low, difference.ci_high
    significant = difference.p is not None and difference.p < level
    if low is not None and high is not None:
        significant = significant or low > 0 or high < 0
        shown_low, shown_high, shown = ends.rounded(low), ends.rounded(high), style.rounded(gap)
        if not forced and not shown_low <= shown <= shown_high:
            return False
        if (shown_low > 0) != (low > 0) or (shown_high < 0) != (high < 0):
            return False
    return forced or not (significant and style.rounded(gap).is_zero())


def _texts(
    treated: Estimate, comparison: Estimate, difference: Estimate, style: Style, ends: Style, level: float, *, note: str
) -> Printed:
    levels = Style(treated.unit, style.decimals, style.minutes)
    gap = as_decimal(difference.number)
    return Printed(
        treated=levels.text(exact_value(treated)),
        comparison=levels.text(exact_value(comparison)),
        difference=difference_text(gap, style),
        size=difference_text(abs(gap), style),
        is_zero=style.rounded(gap).is_zero(),
        interval=_interval(difference, ends, level),
        note=note,
        levels=levels,
    )


def _interval(difference: Estimate, ends: Style, level: float) -> str:
    if difference.ci_low is None or difference.ci_high is None:
        return ""
    return f"{confidence_name(level)}: {ends.end(difference.ci_low)} til {ends.end(difference.ci_high)}"
