"""Answers on a scale that give an exact mean, and answer sheets with exactly so many answers to each question."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from reportlib.synthetic.errors import ImpossibleMeanError
from reportlib.synthetic.quotas import exactly

Integers = npt.NDArray[np.int64]


def scores_with_mean(
    rng: np.random.Generator,
    n: int,
    mean: float,
    *,
    low: int,
    high: int,
    at_low: int | None = None,
    spread: float = 0.3,
    decimals: int = 1,
) -> Integers:
    """(n,) whole answers from `low` to `high` whose mean prints as `mean` with `decimals` decimals.

    at_low  exactly so many answers are `low`; None leaves it to chance
    spread  standard deviation as a share of the scale's length, before the answers are cut to the scale

    Raises:
        ImpossibleMeanError: no such answers exist.
    """
    total = _total(n, mean, decimals)
    lowest = n if at_low is None else at_low
    rest = n - (0 if at_low is None else at_low)
    floor = low if at_low is None else low + 1
    base = 0 if at_low is None else lowest * low
    if not 0 <= rest <= n or not rest * floor <= total - base <= rest * high:
        raise ImpossibleMeanError(f"{n} answers from {low} to {high} cannot have the mean {mean}")
    answers = np.full(n, low, dtype=np.int64)
    free = np.flatnonzero(exactly(rng, n, rest))
    centre = (total - base) / max(rest, 1)
    drawn = np.rint(rng.normal(centre, spread * (high - low), rest)).astype(np.int64)
    answers[free] = np.clip(drawn, floor, high)
    while gap := total - int(answers.sum()):
        step = 1 if gap > 0 else -1
        movable = free[(answers[free] + step >= floor) & (answers[free] + step <= high)]
        chosen = rng.permutation(movable)[: abs(gap)]
        answers[chosen] += step
    return answers


def _total(n: int, mean: float, decimals: int) -> int:
    """The sum of `n` whole answers whose mean prints as `mean`."""
    unit = Decimal(1).scaleb(-decimals)
    wanted = Decimal(str(mean)).quantize(unit, rounding=ROUND_HALF_UP)
    nearest = int((wanted * n).to_integral_value(rounding=ROUND_HALF_UP))
    for total in (nearest, nearest - 1, nearest + 1):
        if (Decimal(total) / n).quantize(unit, rounding=ROUND_HALF_UP) == wanted:
            return total
    raise ImpossibleMeanError(f"{n} whole answers cannot have a mean that prints as {wanted}")
