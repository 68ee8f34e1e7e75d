"""How sure is the result, what must be true for the effort to break even, and which assumption matters most?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from reportlib.errors import did_you_mean
from reportlib.estimators.checked import Floats, checked_level
from reportlib.estimators.costbenefit.accounts import ACCOUNTS, Account, CostBenefit
from reportlib.estimators.costbenefit.errors import (
    InvalidCovarianceError,
    InvalidRangeError,
    NoBreakEvenError,
    UnknownQuantityError,
)
from reportlib.estimators.costbenefit.items import Quantity

What = Literal["price", "quantity", "discount_rate", "tax_distortion", "net_tax_factor"]


def certainty(analysis: CostBenefit, covariance: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """`account, value, se, ci_low, ci_high, share_positive`: each account with its interval, in kroner per person.

    The quantities vary together as a normal distribution with the analysis' own values as mean, so effects that go
    together (hours and weeks on benefit) do so here. An account is linear in them, so it is normal itself: nothing is
    drawn, and no digit hangs on a seed. `share_positive` is the probability of a gain, 0, ½ or 1 where nothing varies.

    Args:
        covariance: symmetric, rows and columns labelled with some of `analysis.labels`; the rest are taken as certain.

    Raises InvalidCovarianceError, BadLevelError.

    Source: Briggs, Sculpher and Claxton (2006), Decision Modelling for Health Economic Evaluation, chapter 4, where
    such outcomes are drawn; here the distribution they are drawn from is known.
    """
    level = checked_level(level)
    value = np.array(list(analysis.values().values()))
    se = np.linalg.norm(analysis.coefficients() @ _root(analysis, covariance), axis=1)
    half = ndtri(1 - level / 2) * se
    sure = (1 + np.sign(value)) / 2
    return pd.DataFrame(
        {
            "account": ACCOUNTS,
            "value": value,
            "se": se,
            "ci_low": value - half,
            "ci_high": value + half,
            "share_positive": np.where(se > 0, ndtr(value / np.where(se > 0, se, 1)), sure),
        }
    )


def _root(analysis: CostBenefit, covariance: pd.DataFrame) -> Floats:
    """(q, k) a matrix whose product with its transpose is the covariance of all quantities."""
    names, known = [str(name) for name in covariance.index], list(analysis.labels)
    if names != [str(name) for name in covariance.columns] or len(set(names)) < len(names):
        raise InvalidCovarianceError("rows and columns of the covariance must have the same names in the same order")
    for name in names:
        if name not in known:
            raise InvalidCovarianceError(f"no quantity {name!r}", hint=did_you_mean(name, known))
    matrix = covariance.to_numpy(dtype=float)
    size = np.sqrt(np.outer(np.diag(matrix).clip(0), np.diag(matrix).clip(0)))
    if not np.isfinite(matrix).all() or (np.abs(matrix - matrix.T) > 1e-9 * size.max(initial=0)).any():
        raise InvalidCovarianceError("the covariance is not symmetric, or has missing values")
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    if values.min(initial=0) < -1e-9 * values.max(initial=0):
        raise InvalidCovarianceError(
            "some combination of the quantities would have a negative variance",
            hint="the correlations do not fit together; take the matrix from one joint estimate",
        )
    root = np.zeros((len(known), len(names)))
    root[[known.index(name) for name in names]] = vectors * np.sqrt(values.clip(0))
    return root


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
