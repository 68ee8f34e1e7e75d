"""The accounts: what the effort is worth to society, and what it costs or saves each public purse.

With PV the present value in year 0, per person:

    public  P = PV(extra tax) - PV(extra transfers) - PV(extra operating cost), split between kommune, region and stat
    society S = f [ PV(extra hours x hourly labour cost) - PV(extra operating cost) ] - t x PV(net public cost),
                where the net public cost is -P

f is the net tax factor (1 for prices that include product taxes already) and t the tax distortion. Transfers and
taxes only move money: they enter S through the distortion alone. Everything is linear in the quantities and in the
prices, and `CostBenefit` keeps that linear form, so that intervals, break-even prices and sensitivity need no second
calculation.

Sources: Finansministeriet's guidelines (see `parameters.yml`); Socialstyrelsen, Guide to economic evaluation (steps);
the split by purse as in SØM. The public purse is counted in the prices paid, without the net tax factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from reportlib.errors import did_you_mean
from reportlib.estimators.checked import Floats
from reportlib.estimators.costbenefit.errors import (
    MixedPriceLevelsError,
    RepeatedNameError,
    UnknownItemError,
    UnknownQuantityError,
)
from reportlib.estimators.costbenefit.guidelines import ParameterSet
from reportlib.estimators.costbenefit.items import PUBLIC_PAYERS, PURSE_SIGN, RESOURCE_SIGN, Item, Quantity

Account = Literal["society", "public", "kommune", "region", "stat"]
ACCOUNTS: tuple[Account, ...] = get_args(Account)


@dataclass(frozen=True, slots=True)
class CostBenefit:
    """An analysis: quantities, what they mean in kroner, and the parameters.

    Everything is counted per randomised person. Raises RepeatedNameError, UnknownQuantityError, MixedPriceLevelsError.
    """

    quantities: tuple[Quantity, ...]
    items: tuple[Item, ...]
    parameters: ParameterSet

    def __post_init__(self) -> None:
        _distinct("quantity", [quantity.name for quantity in self.quantities])
        _distinct("item", [item.name for item in self.items])
        known = [quantity.name for quantity in self.quantities]
        for item in self.items:
            if item.quantity not in known:
                raise UnknownQuantityError(
                    f"item {item.name!r} counts in {item.quantity!r}, which is not given",
                    hint=did_you_mean(item.quantity, known),
                )
        levels = sorted({item.price.level for item in self.items})
        if len(levels) > 1:
            raise MixedPriceLevelsError(
                f"prices in different levels cannot be added up: {', '.join(levels)}",
                hint="bring them to one with a price index",
            )

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each number in `vector`."""
        return tuple(label for quantity in self.quantities for label in quantity.labels)

    @property
    def vector(self) -> Floats:
        """(q,) every quantity's years, one after the other."""
        return np.array([value for quantity in self.quantities for value in quantity.by_year], dtype=float)

    def item(self, name: str) -> Item:
        """The item of that name. Raises UnknownItemError."""
        for each in self.items:
            if each.name == name:
                return each
        raise UnknownItemError(f"no item {name!r}", hint=did_you_mean(name, [each.name for each in self.items]))

    def coefficients(self, items: Iterable[Item] | None = None) -> Floats:
        """(accounts, q): kroner in each of `ACCOUNTS` per unit of each number in `vector`, from the given items
        (all).
        """
        total = np.zeros((len(ACCOUNTS), len(self.vector)))
        place, spans = 0, {}
        for quantity in self.quantities:
            spans[quantity.name] = slice(place, place + len(quantity.by_year))
            place += len(quantity.by_year)
        for item in self.items if items is None else items:
            span = spans[item.quantity]
            years = range(span.stop - span.start)
            discounted = item.price.kr * np.array([self.parameters.discount_factor(year) for year in years])
            total[:, span] += np.outer(self._per_krone(item), discounted)
        return total

    def _per_krone(self, item: Item) -> Floats:
        """(accounts,) what a krone's worth of the item adds to each account."""
        purse = {payer: PURSE_SIGN[item.kind] * item.paid_by.get(payer, 0.0) for payer in PUBLIC_PAYERS}
        public = sum(purse.values())
        lift = self.parameters.net_tax_factor if item.price.basis == "factor" else 1.0
        society = RESOURCE_SIGN[item.kind] * lift + self.parameters.tax_distortion * public
        return np.array([society, public, *(purse[payer] for payer in PUBLIC_PAYERS)])

    def values(self) -> dict[Account, float]:
        """Kroner per person in each account; positive is a gain."""
        return dict(zip(ACCOUNTS, (self.coefficients() @ self.vector).tolist(), strict=True))


def _distinct(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise RepeatedNameError(f"more than one {what} is called {repeated[0]!r}")
