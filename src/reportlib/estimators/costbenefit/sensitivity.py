"""What must be true for the effort to break even, and which assumption matters most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from reportlib.errors import did_you_mean
from reportlib.estimators.costbenefit.accounts import Account, CostBenefit
from reportlib.estimators.costbenefit.errors import InvalidRangeError, NoBreakEvenError, UnknownQuantityError
from reportlib.estimators.costbenefit.items import Quantity

What = Literal["price", "quantity", "discount_rate", "tax_distortion", "net_tax_factor"]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The value of one assumption at which the account is zero, all else as it is."""

    name: str
    account: Account
    at_zero: float
    """Kroner per unit, or units per person. A negative price says that no price makes the account zero."""
    now: float


def break_even_price(analysis: CostBenefit, item: str, *, account: Account = "society") -> BreakEven:
    """The price of `item` at which `account` is zero: price x (1 - account / what the item adds to it). Exact, for it
    is linear.

    Raises UnknownItemError; NoBreakEvenError when the price makes no difference to the account.
    """
    priced = analysis.item(item)
    own = dict(zip(analysis.values(), analysis.coefficients([priced]) @ analysis.vector, strict=True))[account]
    if own == 0:
        raise NoBreakEvenError(f"the price of {item!r} makes no difference to the account {account}")
    return BreakEven(item, account, float(priced.price.kr * (1 - analysis.values()[account] / own)), priced.price.kr)


def break_even_quantity(analysis: CostBenefit, quantity: str, *, account: Account = "society") -> BreakEven:
    """The units of `quantity` over all years at which `account` is zero, spread over the years as now.

    Raises UnknownQuantityError; NoBreakEvenError when the quantity is zero or makes no difference to the account.
    """
    found = _quantity(analysis, quantity)
    total = analysis.values()[account]
    without = _scaled(analysis, found, 0.0).values()[account]
    if total == without or found.total == 0:
        raise NoBreakEvenError(f"{quantity!r} makes no difference to the account {account}")
    return BreakEven(quantity, account, found.total * without / (without - total), found.total)


@dataclass(frozen=True, slots=True)
class Range:
    """An assumption to be varied alone, from `low` to `high`.

    `what` "price" and "quantity" need the item's or the quantity's `name`; a quantity's low and high are units over
    all years. The discount rate's are yearly rates for all years. All have the unit of the assumption itself.
    """

    what: What
    low: float
    high: float
    name: str = ""


def tornado(analysis: CostBenefit, ranges: Sequence[Range], *, account: Account = "society") -> pd.DataFrame:
    """`what, name, low, high, at_low, at_high, swing`: the account at both ends of each range, the widest swing first.

    Raises InvalidRangeError, UnknownItemError, UnknownQuantityError.
    """
    rows = []
    for each in ranges:
        if not each.low <= each.high:
            raise InvalidRangeError(f"{each.what} {each.name}: from {each.low:g} to {each.high:g}")
        at_low, at_high = (_varied(analysis, each, value).values()[account] for value in (each.low, each.high))
        rows.append((each.what, each.name, each.low, each.high, at_low, at_high, abs(at_high - at_low)))
    table = pd.DataFrame(rows, columns=["what", "name", "low", "high", "at_low", "at_high", "swing"])
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _varied(analysis: CostBenefit, varied: Range, value: float) -> CostBenefit:
    if varied.what == "price":
        item = analysis.item(varied.name)
        changed = replace(item, price=replace(item.price, kr=value))
        return replace(analysis, items=tuple(changed if each is item else each for each in analysis.items))
    if varied.what == "quantity":
        quantity = _quantity(analysis, varied.name)
        if quantity.total == 0:
            raise InvalidRangeError(
                f"{varied.name!r} is zero over all years and cannot be scaled",
                hint="break it into quantities that are not",
            )
        return _scaled(analysis, quantity, value / quantity.total)
    if varied.what == "discount_rate":
        return replace(analysis, parameters=replace(analysis.parameters, discount_rates=((0, value),)))
    if varied.what == "tax_distortion":
        return replace(analysis, parameters=replace(analysis.parameters, tax_distortion=value))
    return replace(analysis, parameters=replace(analysis.parameters, net_tax_factor=value))


def _quantity(analysis: CostBenefit, name: str) -> Quantity:
    for each in analysis.quantities:
        if each.name == name:
            return each
    raise UnknownQuantityError(
        f"no quantity {name!r}", hint=did_you_mean(name, [each.name for each in analysis.quantities])
    )


def _scaled(analysis: CostBenefit, quantity: Quantity, factor: float) -> CostBenefit:
    changed = replace(quantity, by_year=tuple(factor * value for value in quantity.by_year))
    return replace(analysis, quantities=tuple(changed if each is quantity else each for each in analysis.quantities))
