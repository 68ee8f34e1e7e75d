"""A person's life in event weeks: placements, a wage subsidy, a job; as plain records and week by week.

Hours are whole quarters of an hour, so that sums are exact on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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
