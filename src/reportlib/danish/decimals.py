"""How many decimals numbers that belong together print with, so that a reader who subtracts gets what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlib.danish.numbers import Number, as_decimal, round_half_up

ROUNDING_NOTE = "På grund af afrunding svarer forskellen ikke præcis til de viste tal."
SUM_NOTE = "På grund af afrunding summer tallene ikke præcis til totalen."


@dataclass(frozen=True, slots=True)
class PrintedDecimals:
    """The decimals to print with, and whether a rounding note must follow because no number of decimals was enough."""

    decimals: int
    rounding_note: bool


def consistent_decimals(
    first: Number, second: Number, difference: Number | None = None, *, start: int = 0, stop: int | None = None
) -> PrintedDecimals:
    """The fewest decimals from `start` to `stop` (default `start + 1`) at which the prints subtract.

    The printed difference must equal the printed `first` minus the printed `second`. If no number of decimals does
    it, the largest is given with the flag for `ROUNDING_NOTE`. `difference` defaults to `first - second`, unrounded.
    """
    exact = as_decimal(first) - as_decimal(second) if difference is None else as_decimal(difference)
    last = start + 1 if stop is None else stop
    for decimals in range(start, last + 1):
        if round_half_up(first, decimals) - round_half_up(second, decimals) == round_half_up(exact, decimals):
            return PrintedDecimals(decimals, rounding_note=False)
    return PrintedDecimals(last, rounding_note=True)


def consistent_sum(
    parts: Sequence[Number], total: Number, *, start: int = 0, stop: int | None = None
) -> PrintedDecimals:
    """The fewest decimals at which the printed parts add up to the printed total; the flag asks for `SUM_NOTE`."""
    last = start if stop is None else stop
    for decimals in range(start, last + 1):
        if sum(round_half_up(part, decimals) for part in parts) == round_half_up(total, decimals):
            return PrintedDecimals(decimals, rounding_note=False)
    return PrintedDecimals(last, rounding_note=True)
