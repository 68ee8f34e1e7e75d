"""Counts and means of each of many places, and of all other places beside it, in every column at once.

Sums of others are sums of what lies before and after a place, never a total less its own part: nothing is subtracted,
so no digits are lost. Sums of squares are put together as by Chan, Golub and LeVeque (1983), American Statistician 37.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from reportlib.estimators.checked import ROUNDING, Floats, Integers, deviations

_TOGETHER = 8  # columns that a processor's cache fetches with one of them
_AT_ONCE = 1 << 20  # values of a place that are looked at together: a copy of all would double the memory


class Places:
    """Units in the order of their places: what belongs to a place is a run. `codes` (units,) is negative for none."""

    def __init__(self, codes: Integers, count: int) -> None:
        self.codes, self.inside = codes, codes >= 0
        order = np.argsort(codes.astype(np.min_scalar_type(-count - 1)), kind="stable")  # few places: a sort by digits
        self.order = order[np.searchsorted(codes, 0, sorter=order) :]
        sorted_codes = codes[self.order]
        self.starts = np.flatnonzero(np.diff(sorted_codes, prepend=-1))
        self.present = sorted_codes[self.starts]
        self.count = count

    def sums(self, values: NDArray[Any], dtype: DTypeLike | None = None) -> NDArray[Any]:
        """(places,) the sums of each place's values, which are given in the `order` of places."""
        found = np.zeros(self.count, dtype=dtype or values.dtype)
        if len(self.starts):
            found[self.present] = np.add.reduceat(values, self.starts, dtype=dtype)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Values of each place in each column, (places, columns): how many there are, how many differ from 0, their sum,
    the sum of their squared deviations from the mean, and the largest size (what rounding is measured against)."""

    n: Integers
    nonzero: Integers
    total: Floats
    squares: Floats
    scale: Floats

    @property
    def mean(self) -> Floats:
        """NaN where there is no value."""
        found: Floats = np.divide(self.total, self.n, out=np.full(self.total.shape, np.nan), where=self.n > 0)
        return found

    def __getitem__(self, place: Any) -> Levels:
        return Levels(self.n[place], self.nonzero[place], self.total[place], self.squares[place], self.scale[place])

    def with_(self, other: Levels) -> Levels:
        """Both together."""
        n, scale = self.n + other.n, np.maximum(self.scale, other.scale)
        apart = np.nan_to_num(other.mean - self.mean)
        apart = np.where(np.abs(apart) <= ROUNDING * scale, 0.0, apart)
        squares = self.squares + other.squares + apart**2 * (self.n * other.n / np.maximum(n, 1))
        return Levels(n, self.nonzero + other.nonzero, self.total + other.total, squares, scale)

    def of_others(self) -> Levels:
        """What all other places are together, beside each place."""
        places = len(self.n)
        nothing = Levels(*(np.zeros_like(part[0]) for part in self._parts()))
        before, after = [nothing], [nothing]
        for place in range(places - 1):
            before.append(before[-1].with_(self[place]))
            after.append(self[places - 1 - place].with_(after[-1]))
        together = [first.with_(last)._parts() for first, last in zip(before, after[::-1], strict=True)]
        return Levels(*(np.stack(parts) for parts in zip(*together, strict=True)))

    def _parts(self) -> tuple[NDArray[Any], ...]:
        return self.n, self.nonzero, self.total, self.squares, self.scale


def levels_by_place(values: Floats, places: Places, *, counts_only: bool = False) -> Levels:
    """The levels of values (units, columns), NaN where there is none; `counts_only` leaves all but n and nonzero 0."""
    shape = places.count, values.shape[1]
    n, nonzero = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    total, squares, scale = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for place, units in zip(places.present, np.split(places.order, places.starts[1:]), strict=False):
        width = max(_TOGETHER, _AT_ONCE // len(units))
        for first in range(0, shape[1], width):
            own = values[units, first : first + width]
            known = ~np.isnan(own)
            at = place, slice(first, first + width)
            n[at], nonzero[at] = np.count_nonzero(known, axis=0), np.count_nonzero(known & (own != 0), axis=0)
            columns = enumerate(zip(own.T.copy(), known.T, strict=True), first) if not counts_only else ()
            for column, (cells, there) in columns:
                if not len(here := cells[there]):
                    continue
                # a sum of its own, in the order of `mean`: the last digits are the same
                total[place, column], scale[place, column] = here.sum(), np.abs(here).max()
                apart = deviations(here, total[place, column] / len(here), scale[place, column])
                squares[place, column] = apart @ apart
    return Levels(n, nonzero, total, squares, scale)
