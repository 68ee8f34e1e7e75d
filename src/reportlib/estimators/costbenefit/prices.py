"""Unit prices that can be checked: value, unit, year, price level and source, or no price at all."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from reportlib.estimators.costbenefit.errors import InvalidPriceError, UnknownIndexYearError, UnsourcedPriceError

Basis = Literal["factor", "consumer"]


@dataclass(frozen=True, slots=True)
class Price:
    """Kroner per unit.

    There are no default prices. Raises UnsourcedPriceError without unit, year, level and source; InvalidPriceError
    for a value that is negative or no number.
    """

    kr: float
    unit: str
    """What is counted: "samtale", "time", "uge"."""
    year: int
    """The year the price was observed."""
    level: str
    """The price level it is given in, with its year, such as "2018-priser"."""
    source: str
    basis: Basis = "factor"
    """"factor" without taxes on products (what a public employer or an employer pays), "consumer" with them."""

    def __post_init__(self) -> None:
        lacking = [name for name in ("unit", "level", "source") if not str(getattr(self, name) or "").strip()]
        if not self.year:
            lacking.append("year")
        if lacking:
            raise UnsourcedPriceError(
                f"a price of {self.kr:g} kr. lacks {', '.join(lacking)}",
                hint="a price that nobody can check is not used: write where and when it was found",
            )
        if level_year(self.level) is None:
            raise UnsourcedPriceError(f"the price level {self.level!r} names no year", hint="write e.g. 2018-priser")
        if not math.isfinite(self.kr) or self.kr < 0:
            raise InvalidPriceError(f"a price of {self.kr} kr. per {self.unit}")

    def at_level(self, level: str, index: Mapping[int, float]) -> Price:
        """The same price in another year's level: times index[that year] / index[the price's level's year].

        Raises UnknownIndexYearError when `index` lacks one of the two, UnsourcedPriceError when `level` names no year.
        """
        moved = replace(self, level=level)
        years = (level_year(self.level), level_year(level))
        for year in years:
            if year not in index:
                raise UnknownIndexYearError(
                    f"the price index has no value for {year}", hint=f"it covers {min(index)}-{max(index)}"
                )
        first, last = (index[year] for year in years if year is not None)
        return replace(moved, kr=self.kr * last / first)


def level_year(level: str) -> int | None:
    """The year named by a price level such as "2018-priser"; None without one."""
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", level)
    return int(found.group()) if found else None
