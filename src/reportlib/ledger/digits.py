"""With how many digits a row's number stands in a finished ledger: as many as print can ask for, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reportlib.danish import default_decimals, round_half_up
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
    """The decimals a row's number prints with where none are asked for: its unit's; one more for a share that would
    print as none or all of them and is neither, 99.71 as 100.

    >>> from reportlib.text.units import Unit
    >>> [usual_decimals(Estimate(key="a", measure="a", statistic="share", unit=Unit.PCT, population="", value=share))
    ...  for share in (99.71, 100.0, 99.2, 0.4)]
    [1, 0, 0, 1]
    """
    usual = default_decimals(row.unit)
    if row.unit is not Unit.PCT or row.value is None or not 0 < row.value < _ALL:
        return usual
    return usual + 1 if round_half_up(row.value, usual) in (0, _ALL) and value_decimals(row) > usual else usual


def decimals_beside(rows: Iterable[Estimate | None]) -> int | None:
    """The decimals of numbers of one unit that stand beside each other: their unit's, or more where they differ and
    would print alike, as far as their rows have them (13 beside 13, difference -1). None where nothing can be shown.
    """
    shown = [row for row in rows if row is not None and row.value is not None]
    if not shown:
        return None
    least, most = default_decimals(shown[0].unit), min(value_decimals(row) for row in shown)
    values = {row.value for row in shown if row.value is not None}
    for decimals in range(least, most):
        if len({round_half_up(value, decimals) for value in values}) == len(values):
            return decimals
    return max(least, most)


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
