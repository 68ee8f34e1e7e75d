"""Lives week by week: what a person is in and how many hours, before and after entry, as registers have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# A person's life in event weeks: placements, a wage subsidy, a job; as plain records and week by week.
#
# Hours are whole quarters of an hour, so that sums are exact on every machine.


FULL_TIME_QUARTERS = 4 * 37
"""37 hours a week, in quarters of an hour."""

LEAVES_BENEFIT_QUARTERS = 4 * 30
"""From 30 hours a week a person is in no placement and on no benefit."""


class Placement(NamedTuple):
    """A work placement: `weeks` long from event week `start`, inactive in the weeks `pauses` (counted from 0)."""

    start: int
    weeks: int
    pauses: tuple[int, ...] = ()

    @property
    def last(self) -> int:
        """Its last event week."""
        return self.start + self.weeks - 1


class Subsidy(NamedTuple):
    """A job with wage subsidy over whole months, the first counted from the calendar's first month."""

    first: int
    months: int
    quarters: int


class Job(NamedTuple):
    """An ordinary job over whole months: quarter hours per week in each. `tied` to the place of a placement or not."""

    first: int
    quarters: tuple[int, ...]
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """When a person is followed.

    Attributes:
        weeks: event weeks followed.
        months: (weeks,) month of each event week, counted from the calendar's first month.
        late: days from the Monday of event week 1 to the day of entry.
        short: days of the last week that the registrations do not cover.
    """

    weeks: int
    months: tuple[int, ...]
    late: int = 0
    short: int = 0


class Life(NamedTuple):
    """Placements in order of time, and perhaps a subsidy and a job."""

    placements: tuple[Placement, ...] = ()
    subsidy: Subsidy | None = None
    job: Job | None = None


class Weeks(NamedTuple):
    """A life week by week, lists as long as the follow-up: in practice, in subsidy, quarter hours of ordinary work."""

    practice: list[bool]
    subsidy: list[bool]
    quarters: list[int]


def render(life: Life, frame: Frame) -> Weeks:
    """The life week by week, cut at the end of follow-up."""
    count = frame.weeks
    practice = [False] * count
    for placement in life.placements:
        for week in range(placement.start, min(placement.last, count) + 1):
            practice[week - 1] = True
        for pause in placement.pauses:
            if placement.start + pause <= count:
                practice[placement.start + pause - 1] = False
    subsidy, quarters = [False] * count, [0] * count
    if life.subsidy is not None:
        first, last = life.subsidy.first, life.subsidy.first + life.subsidy.months
        subsidy = [first <= month < last for month in frame.months]
    if life.job is not None:
        first, hours = life.job.first, life.job.quarters
        quarters = [hours[month - first] if 0 <= month - first < len(hours) else 0 for month in frame.months]
    return Weeks(practice, subsidy, quarters)


def possible_weeks(life: Life, frame: Frame) -> Weeks | None:
    """The life week by week, or None when it cannot be.

    Placements follow each other and begin within the follow-up; a pause is neither the first nor the last week of one;
    in the weeks of a subsidy or of work that leaves benefit there is no placement, and with a subsidy no other job.
    """
    before = 0
    placed = [False] * frame.weeks
    for start, weeks, pauses in life.placements:
        if start <= before or start > frame.weeks or weeks < 1:
            return None
        if any(not 0 < pause < weeks - 1 for pause in pauses):
            return None
        before = start + weeks - 1
        for week in range(start, min(before, frame.weeks) + 1):
            placed[week - 1] = True
    if life.job is not None and (not life.job.quarters or min(life.job.quarters) < 1):
        return None
    if life.subsidy is not None and life.subsidy.months < 1:
        return None
    seen = render(life, frame)
    for in_place, subsidised, quarters in zip(placed, seen.subsidy, seen.quarters, strict=True):
        if (subsidised and (in_place or quarters)) or (in_place and quarters >= LEAVES_BENEFIT_QUARTERS):
            return None
    return seen


def first_run(active: list[bool], *, weeks: int, gap: int) -> int:
    """Event week in which `weeks` active weeks are gathered in one spell with no gap above `gap`; 0 for never."""
    count = idle = 0
    for week, on in enumerate(active, start=1):
        if on:
            count = 1 if idle > gap else count + 1
            idle = 0
            if count >= weeks:
                return week
        else:
            idle += 1
    return 0


def days_in_place(life: Life, frame: Frame, seen: Weeks) -> list[tuple[int, int, int]]:
    """(days, first week, last week) of each placement and of the subsidy, as the registrations count them.

    From the day of entry where it runs already, to the last day that the registrations cover.
    """
    spells = [(placement.start, min(placement.last, frame.weeks)) for placement in life.placements]
    if any(seen.subsidy):
        first = seen.subsidy.index(True) + 1
        spells.append((first, first + sum(seen.subsidy) - 1))
    return [
        (
            7 * (last - first + 1) - (frame.late if first == 1 else 0) - (frame.short if last == frame.weeks else 0),
            first,
            last,
        )
        for first, last in spells
    ]


# Weekly benefit codes: the years before entry as spells, and the follow-up from a life.


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


# Monthly records of paid hours.


Month = np.datetime64
Record = tuple[Month, float]


def month_hours(quarters: int) -> float:
    """Hours of a month with so many quarter hours a week (x 52/12), cut to two decimals and so never above them."""
    return quarters * 5200 // 48 / 100


def records(first_month: Month, last: int, job: Job | None, subsidy: Subsidy | None) -> list[Record]:
    """(month, hours) of a job and of a wage subsidy, from `first_month` (number 0) to month number `last`.

    The employer reports hours with wage subsidy like all others; whoever reads them has to take them out by DREAM.
    """
    found: list[Record] = []
    for first, quarters in (
        (job.first, job.quarters) if job is not None else (0, ()),
        (subsidy.first, (subsidy.quarters,) * subsidy.months) if subsidy is not None else (0, ()),
    ):
        found += [
            (first_month + np.timedelta64(first + at, "M"), month_hours(hours))
            for at, hours in enumerate(quarters)
            if first + at <= last
        ]
    return sorted(found)
