"""Cost-benefit analysis of an effort: society's account and the public purses', with intervals, break-even prices and
one-way sensitivity. Own code: no package of the field's keeps the Danish accounts. For example:

    hour = Price(kr, "time", year=2023, level="2023-priser", source="Danmarks Statistik, tabel ...")
    talk = Price(kr, "samtale", year=2022, level="2023-priser", source="...")
    analysis = CostBenefit(
        quantities=(
            Quantity("timer", (12.0, 18.0)),
            Quantity.between("samtaler", treated=[9.0], control=[4.0]),
        ),
        items=(
            Item("arbejde", "production", "timer", hour),
            Item("samtaler", "operation", "samtaler", talk, {"kommune": 1.0}),
        ),
        parameters=parameter_set("2023"),
    )
    analysis.values(), break_even_price(analysis, "samtaler")

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

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
import yaml
from scipy.special import ndtr, ndtri

from reportlib.errors import did_you_mean
from reportlib.estimators.checked import Floats, checked_level
from reportlib.estimators.errors import (
    InvalidCovarianceError,
    InvalidPriceError,
    InvalidRangeError,
    InvalidSharesError,
    MixedPriceLevelsError,
    NoBreakEvenError,
    NoParameterSetError,
    RepeatedNameError,
    UnknownItemError,
    UnknownQuantityError,
    UnsourcedPriceError,
)


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """The parameters of one guideline."""

    id: str
    in_force_from: date
    discount_rates: tuple[tuple[int, float], ...]
    """(first year, yearly rate), the first year 0; a rate holds until the next one's first year."""
    tax_distortion: float
    """Loss to society per krone of net public expenditure, a fraction."""
    net_tax_factor: float
    """Consumer price over factor price."""
    source: str
    uncertain: tuple[str, ...] = ()
    """Fields that are not confirmed by the guideline's own text."""

    def discount_factor(self, year: int) -> float:
        """What a krone in `year` is worth in year 0: the product over years 1..year of 1 / (1 + that year's rate).

        With one rate r this is 1 / (1 + r)^year. Year 0 is worth 1.
        """
        factor = 1.0
        for each in range(1, year + 1):
            rate = next(rate for first, rate in reversed(self.discount_rates) if each >= first)
            factor /= 1 + rate
        return factor


def parameter_set(name: str) -> ParameterSet:
    """The set with an id such as "2023". Raises NoParameterSetError."""
    sets = _load()
    for each in sets:
        if each.id == name:
            return each
    raise NoParameterSetError(f"no parameter set {name!r}", hint=did_you_mean(name, [each.id for each in sets]))


@cache
def _load() -> tuple[ParameterSet, ...]:
    text = resources.files(__package__).joinpath("parameters.yml").read_text(encoding="utf-8")
    sets = (_read(entry) for entry in yaml.safe_load(text)["sets"])
    return tuple(sorted(sets, key=lambda each: each.in_force_from))


def _read(entry: dict[str, Any]) -> ParameterSet:
    return ParameterSet(
        id=entry["id"],
        in_force_from=entry["in_force_from"],
        discount_rates=tuple((step["from_year"], step["rate"]) for step in entry["discount_rates"]),
        tax_distortion=entry["tax_distortion"],
        net_tax_factor=entry["net_tax_factor"],
        source=entry["source"].strip(),
        uncertain=tuple(entry["uncertain"]),
    )


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
