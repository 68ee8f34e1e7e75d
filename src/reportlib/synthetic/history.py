"""Weekly benefit codes: the years before entry as spells, and the follow-up from a life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportlib.synthetic.lives import LEAVES_BENEFIT_QUARTERS, Weeks

NO_BENEFIT = 0


@dataclass(frozen=True, slots=True)
class Benefit:
    """The codes of one benefit: without activity, in practice, in wage subsidy and in other activities."""

    passive: int
    practice: int
    subsidy: int
    other: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What may come before the present benefit: codes (0 is no benefit), how likely, and the mean length in weeks."""

    codes: tuple[int, ...]
    weight: float
    weeks: float


def codes_of_life(
    rng: np.random.Generator, seen: Weeks, benefit: Benefit, *, active: float, spell: float = 8.0
) -> list[int]:
    """The code of every week followed.

    Outside practice and subsidy a share `active` of the weeks is in other activities, in spells of `spell` weeks on
    average; from 30 hours of ordinary work a week there is no benefit.
    """
    codes = _with_activities(rng, len(seen.practice), benefit, active=active, spell=spell)
    for week, (practice, subsidy, quarters) in enumerate(zip(seen.practice, seen.subsidy, seen.quarters, strict=True)):
        if quarters >= LEAVES_BENEFIT_QUARTERS:
            codes[week] = NO_BENEFIT
        elif subsidy:
            codes[week] = benefit.subsidy
        elif practice:
            codes[week] = benefit.practice
    return codes


def codes_before(
    rng: np.random.Generator,
    weeks: int,
    benefit: Benefit,
    earlier: Sequence[Earlier],
    *,
    at_least: int,
    mean: float,
    active: float,
    in_practice: float,
    leading: Mapping[int, int] | None = None,
) -> list[int]:
    """The codes of `weeks` weeks before entry, the last one the week before it.

    On the present benefit for `at_least` weeks and `mean` more on average, before that in spells of `earlier`. A share
    `active` of the benefit weeks is in other activities and about `in_practice` in placements. `leading` writes code ->
    weeks at the end: what a person who enters in a placement, a subsidy or a job was in already.
    """
    present = min(weeks, at_least + int(rng.geometric(1 / mean)) - 1)
    codes = _with_activities(rng, present, benefit, active=active, spell=8.0)
    week = 0
    while week < present:
        if rng.random() < in_practice / 6:
            length = int(rng.integers(4, 14))
            codes[week : week + length] = [benefit.practice] * len(codes[week : week + length])
            week += length
        week += 1
    weight = np.cumsum([spell.weight for spell in earlier])
    while len(codes) < weeks:
        spell = earlier[int(np.searchsorted(weight / weight[-1], rng.random()))]
        length = int(rng.geometric(1 / spell.weeks))
        codes = [int(rng.choice(spell.codes))] * min(length, weeks - len(codes)) + codes
    for code, length in (leading or {}).items():
        cut = min(length, weeks)
        codes[weeks - cut :] = [code] * cut
    return codes


def _with_activities(
    rng: np.random.Generator, weeks: int, benefit: Benefit, *, active: float, spell: float
) -> list[int]:
    """Passive and other activities in turn, in the long run a share `active` of the weeks."""
    codes: list[int] = []
    on = rng.random() < active
    while len(codes) < weeks:
        mean = spell if on else spell * (1 - active) / active
        code = int(rng.choice(benefit.other)) if on else benefit.passive
        codes += [code] * int(rng.geometric(min(1.0, 1 / mean)))
        on = not on
    return codes[:weeks]
