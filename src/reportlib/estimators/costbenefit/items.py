"""What is counted (quantities), unit prices that can be checked, and what both mean in kroner and for whom (items)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportlib.estimators.costbenefit.errors import InvalidPriceError, InvalidSharesError, UnsourcedPriceError

Basis = Literal["factor", "consumer"]
Kind = Literal["operation", "production", "transfer", "tax"]
Payer = Literal["kommune", "region", "stat", "private"]
PUBLIC_PAYERS: tuple[Payer, ...] = ("kommune", "region", "stat")
PAYERS: tuple[Payer, ...] = (*PUBLIC_PAYERS, "private")

RESOURCE_SIGN: Mapping[Kind, int] = {"operation": -1, "production": 1, "transfer": 0, "tax": 0}
"""What an extra unit does to society's resources: a transfer or a tax only moves money."""
PURSE_SIGN: Mapping[Kind, int] = {"operation": -1, "production": 0, "transfer": -1, "tax": 1}
"""What an extra unit does to the purse that pays or receives."""


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


def level_year(level: str) -> int | None:
    """The year named by a price level such as "2018-priser"; None without one."""
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", level)
    return int(found.group()) if found else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much more a treated person has than a control person: an effect, or a difference in activity."""

    name: str
    by_year: tuple[float, ...]
    """Units per person, treated minus control, in years 0, 1, 2, ... after the effort's start."""

    @classmethod
    def between(cls, name: str, *, treated: Sequence[float], control: Sequence[float]) -> Quantity:
        """The difference of the two groups' units per person; the shorter series goes on with zeros."""
        years = max(len(treated), len(control))
        padded = ([*series, *[0.0] * (years - len(series))] for series in (treated, control))
        return cls(name, tuple(t - c for t, c in zip(*padded, strict=True)))

    @property
    def total(self) -> float:
        """Units over all years, not discounted."""
        return math.fsum(self.by_year)

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each year's number: the quantity's own when there is one year, otherwise `name[year]`."""
        if len(self.by_year) == 1:
            return (self.name,)
        return tuple(f"{self.name}[{year}]" for year in range(len(self.by_year)))


@dataclass(frozen=True, slots=True)
class Item:
    """A quantity at a price.

    Kinds, by what one more unit does:
        operation: uses resources, and somebody pays (a conversation, a week of activation).
        production: makes resources (an hour's work at its hourly labour cost).
        transfer: moves money from a public purse to the person (a week on benefit).
        tax: moves money to a public purse (tax on an hour's pay).

    Raises InvalidSharesError unless `paid_by` adds up to one (and is empty for production).
    """

    name: str
    kind: Kind
    quantity: str
    """The name of a `Quantity`; several items may count in one."""
    price: Price
    paid_by: Mapping[Payer, float] = field(default_factory=dict)
    """Who pays (for a tax: receives) which share."""

    def __post_init__(self) -> None:
        unknown = [payer for payer in self.paid_by if payer not in PAYERS]
        if unknown:
            raise InvalidSharesError(f"{self.name}: unknown payer {unknown[0]!r}", hint=f"known: {', '.join(PAYERS)}")
        if any(share < 0 for share in self.paid_by.values()):
            raise InvalidSharesError(f"{self.name}: a payer's share is negative")
        total, wanted = math.fsum(self.paid_by.values()), 0.0 if self.kind == "production" else 1.0
        if abs(total - wanted) > 1e-9:
            raise InvalidSharesError(
                f"{self.name}: the payers' shares add up to {total:g}, and should be {wanted:g}",
                hint="an hour's work is paid by nobody in the accounts; its tax is an item of its own"
                if self.kind == "production"
                else "e.g. {'kommune': 0.8, 'stat': 0.2}",
            )
