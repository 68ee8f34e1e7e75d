"""Discount rates, tax distortion and net tax factor, as dated sets: an analysis names the set in force at its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from reportlib.errors import did_you_mean
from reportlib.estimators.costbenefit.errors import NoParameterSetError


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
