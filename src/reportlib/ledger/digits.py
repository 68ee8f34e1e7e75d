"""With how many digits a row's number stands in a finished ledger: as many as print can ask for, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from reportlib.danish import as_decimal, default_decimals, round_half_up
from reportlib.ledger.keys import DIFFERENCE
from reportlib.ledger.table import Estimate
from reportlib.text.units import RULES, Unit

MOST_END_DECIMALS = 4
"""A number so near to zero that more decimals would be needed prints as zero."""

MEANS = frozenset({"mean", "mean_among_positive", "first_mean", "last_mean", "panel_mean", "total_units", "change"})

# Numbers of whole areas, from public statistics: they are printed with one decimal more.
_OF_AREAS = frozenset({"monthly", "mean_of_months", "minimum", "maximum", "change"})
_DECIMALS_OF_AREAS = 2

# Differences in standard deviations: with all their digits they are the counts they come from.
_STANDARDISED = frozenset({"normalised_difference", "standardised_before", "standardised_after"})
_DECIMALS_OF_STANDARDISED = 2

_NOISE = 1e-9
_ALL = 100
_DIGITS_OF_UNCERTAINTY = 2
_COST, _DIGITS_OF_A_COST = "cost_per_unit", 3


def is_share(row: Estimate) -> bool:
    """True when the number is exactly `100 k / n`: its counts say all there is to say of it."""
    if row.unit is not Unit.PCT:
        return False
    if row.statistic.startswith("share"):
        return True
    if row.statistic not in _REPEATS_A_SHARE or row.value is None or row.k is None or not row.n:
        return False
    return abs(row.value - 100 * row.k / row.n) < _NOISE


_REPEATS_A_SHARE = frozenset({"monthly", "minimum", "maximum", "lowest_site", "highest_site"})


def value_decimals(row: Estimate) -> int:
    """The decimals a row's number has at most: its unit's, and of a difference so many that it is no zero it is not."""
    if row.statistic in _STANDARDISED:
        return _DECIMALS_OF_STANDARDISED
    most = RULES[row.unit].most
    if row.statistic in _OF_AREAS:
        most = max(most, _DECIMALS_OF_AREAS)
    if row.group == DIFFERENCE and row.value:
        most = _until_not_zero([row.value], most, default_decimals(row.unit) + MOST_END_DECIMALS - 1)
    return most


def usual_decimals(row: Estimate) -> int:
    """The decimals a row's number prints with, in text, tables, cards and figures alike.

    They are its unit's, or as many fewer as its uncertainty bears, or one more for a share that would print as none or
    all of them and is neither, 99.71 as 100. Fewer than none are tens, hundreds and so on: -2 prints 1,499 as 1,500.

    The half of an interval keeps at most two digits, because more of them tell nothing (JCGM 100:2008, 7.2.6); what one
    person costs has no interval and keeps three.

    >>> from reportlib.text.units import Unit
    >>> [usual_decimals(Estimate(key="a", measure="a", statistic="share", unit=Unit.PCT, population="", value=share))
    ...  for share in (99.71, 100.0, 99.2, 0.4)]
    [1, 0, 0, 1]
    >>> usual_decimals(Estimate(key="a", measure="a", statistic="mean", unit=Unit.HOURS, population="", value=127.39,
    ...                         ci_low=68.4, ci_high=186.4))
    0
    """
    usual = default_decimals(row.unit)
    if row.statistic == _COST and row.value:
        return min(usual, _DIGITS_OF_A_COST - 1 - as_decimal(row.value).adjusted())
    # a number of weeks is whole, a mean of them is not
    usual = _borne(row, usual + 1 if row.unit is Unit.WEEKS and row.ci_low is not None else usual)
    if row.group == DIFFERENCE:
        return _within_its_interval(row, usual)
    if row.unit is not Unit.PCT or row.value is None or not 0 < row.value < _ALL:
        return usual
    return usual + 1 if round_half_up(row.value, usual) in (0, _ALL) and value_decimals(row) > usual else usual


def _within_its_interval(row: Estimate, decimals: int) -> int:
    """`decimals`, or more: a difference prints inside its interval, and as a zero only where it may be one."""
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return decimals
    low, high = as_decimal(row.ci_low), as_decimal(row.ci_high)
    sure = low > 0 or high < 0
    while decimals < value_decimals(row):
        printed = round_half_up(row.value, decimals)
        if low <= printed <= high and not (sure and printed.is_zero()):
            break
        decimals += 1
    return decimals


def decimals_apart(levels: Sequence[Estimate | None], test: Estimate | None, *, level: float) -> list[int]:
    """The usual decimals of levels beside each other: those of the least certain for all but shares, or one more each
    where a test calls them different and they would print alike; not more than the ledger holds. `level` is the test's.
    """
    known = [row for row in levels if row is not None and row.value is not None]
    usual = [0 if row is None else usual_decimals(row) for row in levels]
    if known and known[0].unit is not Unit.PCT:
        usual = [min(map(usual_decimals, known))] * len(levels)
    if len(known) < 2 or test is None or test.p is None or test.p >= level:
        return usual
    if len({round_half_up(row.number, usual_decimals(row)) for row in known}) > 1:
        return usual
    finer = min(usual_decimals(known[0]) + 1, *(value_decimals(row) for row in known))
    return [finer for _ in levels]


def interval_decimals(row: Estimate, decimals: int | None = None) -> int:
    """Decimals of an interval as it prints: at least one for points, and enough that no end becomes a zero it is not.

    So the printed interval excludes zero exactly when the unrounded one does.
    """
    return end_decimals(row, decimals_borne(row) if decimals is None else decimals)


def decimals_borne(row: Estimate) -> int:
    """The decimals of an interval's ends where none of them need be told from zero: at least one for points."""
    return max(usual_decimals(row), _borne(row, 1)) if row.unit in (Unit.PCT, Unit.PCT_POINT) else usual_decimals(row)


def rounded_outward(end: float | Decimal, unit: Unit, decimals: int) -> Decimal:
    """How far the end of an interval lies from no difference (of a ratio in per cent), never rounded to less.

    >>> rounded_outward(-0.046, Unit.HOURS, 1), rounded_outward(0.918, Unit.HAZARD_RATIO, 0)
    (Decimal('0.1'), Decimal('9'))
    """
    far = abs(as_decimal(end) - 1) * 100 if unit is Unit.HAZARD_RATIO else abs(as_decimal(end))
    near = round_half_up(far, decimals)
    return near if near >= far else near + Decimal(1).scaleb(-decimals)


def _borne(row: Estimate, decimals: int) -> int:
    """`decimals`, or as many fewer as leave the half of the row's interval two digits."""
    if row.ci_low is None or row.ci_high is None or not row.ci_high > row.ci_low:
        return decimals
    fewest = None if row.unit is Unit.KR else 0
    return decimals_between(row.ci_low, row.ci_high, decimals, fewest=fewest)


def decimals_between(low: float, high: float, decimals: int, *, fewest: int | None = 0) -> int:
    """`decimals`, or as many fewer (down to `fewest`) as leave half of the way from `low` to `high` two digits.

    >>> decimals_between(-6.1, 50, 1), decimals_between(5.2, 6.8, 1)
    (0, 1)
    """
    borne = _DIGITS_OF_UNCERTAINTY - 1 - ((as_decimal(high) - as_decimal(low)) / 2).adjusted()
    return min(decimals, borne if fewest is None else max(borne, fewest))


def end_decimals(row: Estimate, decimals: int | None = None) -> int:
    """Decimals of an interval: `decimals`, and more where an end would become a zero it is not.

    So the interval excludes zero exactly when the unrounded one does. Without `decimals`, those it has at most: of a
    share, whose interval says no more than its counts, four.
    """
    if decimals is None:
        decimals = MOST_END_DECIMALS if is_share(row) else value_decimals(row)
        if row.statistic in MEANS and row.group != DIFFERENCE:
            decimals = min(decimals, max(1, default_decimals(row.unit)))
    return _until_not_zero([row.ci_low, row.ci_high], decimals, MOST_END_DECIMALS)


def rounding_of(row: Estimate) -> Decimal:
    """How far a row's released number may lie from the unrounded one: nothing for a share, else half a last digit."""
    return Decimal(0) if is_share(row) else Decimal(5).scaleb(-value_decimals(row) - 1)


def _until_not_zero(values: Iterable[float | None], decimals: int, most: int) -> int:
    """The fewest decimals, from `decimals` to `most`, at which none of the values that are not zero prints as zero."""
    numbers = [value for value in values if value]
    while decimals < most and any(round_half_up(value, decimals).is_zero() for value in numbers):
        decimals += 1
    return decimals
