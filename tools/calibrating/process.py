"""How lives come about: what a person is in at entry, when a placement starts, whether it lasts, whether hours follow.

`draw` makes a life from the parameters; `change` makes a small change to one. Fitting to published curves uses both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from calibrating.lives import (
    FULL_TIME_QUARTERS,
    LEAVES_BENEFIT_QUARTERS,
    Frame,
    Job,
    Life,
    Placement,
    Subsidy,
)


@dataclass(frozen=True, slots=True)
class Process:
    """Parameters of one group. Probabilities are per person; lengths in weeks are means of geometric distributions.

    Attributes:
        job_at_entry, subsidy_at_entry, practice_at_entry: what a person is in when followed from.
        job_ends: chance that a job ends in a month.
        practice_left: mean weeks left of a placement at entry.
        placed: chance that a placement is planned at all.
        start_weights: (weeks,) how likely the placement starts in each event week.
        fails: chance that it ends before `full` weeks.
        full: weeks of a full placement.
        longer: mean weeks beyond a full placement.
        pauses: chance of no, one and two inactive weeks in a placement.
        again: chance of a further placement after one.
        job_after, job_otherwise: chance of an ordinary job after a full placement, and without one.
        tied_hours: chance of ordinary hours within a full placement.
        subsidy_after: chance of a wage subsidy after a placement.
        sizes: (lowest, highest hours a week) -> weight, of ordinary jobs.
        tied_sizes: the same of the first hours within a placement.
        growth: mean growth of hours within a placement, hours a week per month.
    """

    job_at_entry: float
    subsidy_at_entry: float
    practice_at_entry: float
    practice_left: float
    placed: float
    start_weights: tuple[float, ...]
    fails: float
    longer: float
    again: float
    job_after: float
    job_otherwise: float
    tied_hours: float
    subsidy_after: float
    full: int = 13
    job_ends: float = 0.05
    pauses: tuple[float, float, float] = (0.55, 0.3, 0.15)
    growth: float = 1.5
    sizes: Mapping[tuple[float, float], float] = field(default_factory=lambda: {(5.5, 36.0): 1.0})
    tied_sizes: Mapping[tuple[float, float], float] = field(default_factory=lambda: {(2.0, 6.0): 1.0})


def draw(rng: np.random.Generator, frame: Frame, process: Process) -> Life:
    """A life by chance. It need not be possible: `lives.possible_weeks` decides."""
    chance = rng.random(8)
    here = frame.months[0]
    placements: list[Placement] = []
    subsidy: Subsidy | None = None
    job: Job | None = None
    if chance[0] < process.job_at_entry:
        job = ordinary_job(rng, here, process)
        if job.quarters[0] >= LEAVES_BENEFIT_QUARTERS:
            return Life((), None, job)
    elif chance[0] < process.job_at_entry + process.subsidy_at_entry:
        subsidy = Subsidy(here, int(rng.integers(1, 7)), _subsidised_quarters(rng))
    elif chance[0] < process.job_at_entry + process.subsidy_at_entry + process.practice_at_entry:
        placements.append(Placement(1, int(rng.geometric(1 / process.practice_left))))
    if chance[1] < process.placed:
        main = placement(rng, process)
        if not placements or main.start > placements[-1].last + 1:
            placements.append(main)
    while placements and rng.random() < process.again and len(placements) < 4:
        start = placements[-1].last + 1 + int(rng.integers(1, 9))
        placements.append(Placement(start, int(rng.geometric(1 / max(process.longer, 1.5)))))
    kept = tuple(one for one in placements if one.start <= frame.weeks)
    done = next((one for one in kept if one.weeks >= process.full and one.last <= frame.weeks), None)
    if job is None and subsidy is None:
        if done is not None and chance[2] < process.tied_hours:
            job = tied_job(rng, month_at(frame, done.start + int(rng.integers(3, 12))), process)
        elif done is not None and chance[3] < process.job_after:
            job = ordinary_job(rng, month_at(frame, done.last + 1 + int(rng.integers(1, 9))) + 1, process)
        elif done is not None and chance[4] < process.subsidy_after:
            subsidy = Subsidy(month_at(frame, done.last + 1) + 1, int(rng.integers(3, 8)), _subsidised_quarters(rng))
        elif done is None and chance[5] < process.job_otherwise:
            job = ordinary_job(rng, month_at(frame, int(rng.integers(1, 45))), process)
    return Life(kept, subsidy, job)


def placement(rng: np.random.Generator, process: Process) -> Placement:
    """A planned placement: when it starts, whether it lasts, how long and with which inactive weeks."""
    weights = np.asarray(process.start_weights)
    start = 1 + int(np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random()))
    if rng.random() < process.fails:
        return Placement(start, int(rng.integers(2, process.full - 1)))
    away = int(np.searchsorted(np.cumsum(process.pauses), rng.random()))
    weeks = process.full + away + (int(rng.geometric(1 / process.longer)) - 1 if rng.random() < 0.6 else 0)
    return Placement(start, weeks, _pauses(rng, weeks, away))


def ordinary_job(rng: np.random.Generator, first: int, process: Process) -> Job:
    """A job from the month `first` until it ends."""
    level = _level(rng, process.sizes)
    months = int(rng.geometric(process.job_ends))
    return Job(first, tuple(_monthly(rng, level) for _ in range(min(months, 14))))


def tied_job(rng: np.random.Generator, first: int, process: Process) -> Job:
    """Hours on the place of a placement: few at first, more as months go by."""
    level = _level(rng, process.tied_sizes)
    months = min(int(rng.geometric(process.job_ends / 2)), 12)
    hours, quarters = float(level), []
    for _ in range(months):
        quarters.append(int(hours))
        hours = min(hours + 4 * rng.exponential(process.growth), 4 * 22)
    return Job(first, tuple(quarters), tied=True)


def change(rng: np.random.Generator, life: Life, frame: Frame, process: Process) -> Life:
    """The life with one thing changed: a placement moved, lengthened, added or dropped; a job or subsidy likewise."""
    what = int(rng.integers(0, 14))
    places = life.placements
    if what <= 4 and places:
        at = int(rng.integers(0, len(places)))
        old = places[at]
        new = (
            old._replace(start=old.start + int(rng.integers(-3, 4)))
            if what <= 1
            else old._replace(weeks=old.weeks + int(rng.integers(-4, 5)))
            if what <= 3
            else old._replace(pauses=_pauses(rng, old.weeks, int(rng.integers(0, 3))))
        )
        return life._replace(placements=(*places[:at], new, *places[at + 1 :]))
    if what == 5 and places:
        at = int(rng.integers(0, len(places)))
        return life._replace(placements=(*places[:at], *places[at + 1 :]))
    if what <= 6:
        new = Placement(int(rng.integers(1, frame.weeks + 1)), int(rng.geometric(0.25)))
        return life._replace(placements=tuple(sorted((*places, new))))
    if what == 7:
        if life.subsidy is not None and rng.random() < 0.5:
            return life._replace(subsidy=None)
        first = month_at(frame, int(rng.integers(1, frame.weeks + 1)))
        return life._replace(subsidy=Subsidy(first, int(rng.integers(1, 8)), _subsidised_quarters(rng)))
    if life.job is None:
        first = month_at(frame, int(rng.integers(1, frame.weeks + 1)))
        tied = bool(places) and rng.random() < 0.5
        return life._replace(job=tied_job(rng, first, process) if tied else ordinary_job(rng, first, process))
    return life._replace(job=_changed_job(rng, life.job, what))


def _changed_job(rng: np.random.Generator, job: Job, what: int) -> Job | None:
    if what == 8 and rng.random() < 0.3:
        return None
    if what in (8, 9):
        return job._replace(first=job.first + int(rng.integers(-1, 2)))
    if what == 10:
        last = job.quarters[-1]
        return job._replace(quarters=job.quarters[:-1] if rng.random() < 0.5 else (*job.quarters, last))
    step = int(rng.integers(-6, 7))
    only = int(rng.integers(0, len(job.quarters))) if what > 11 else None
    return job._replace(
        quarters=tuple(
            min(max(hours + step, 4), FULL_TIME_QUARTERS) if only is None or only == month else hours
            for month, hours in enumerate(job.quarters)
        )
    )


def month_at(frame: Frame, week: int) -> int:
    """The month of an event week, also beyond the follow-up."""
    if week <= frame.weeks:
        return frame.months[week - 1]
    return frame.months[-1] + (week - frame.weeks + 3) // 4


def _level(rng: np.random.Generator, sizes: Mapping[tuple[float, float], float]) -> int:
    """Quarter hours a week from the mix of sizes."""
    bounds = list(sizes)
    weights = np.cumsum([sizes[bound] for bound in bounds])
    low, high = bounds[int(np.searchsorted(weights / weights[-1], rng.random()))]
    return round(4 * rng.uniform(low, high))


def _monthly(rng: np.random.Generator, level: int) -> int:
    """Hours vary a little from month to month, except in full-time jobs."""
    if level >= FULL_TIME_QUARTERS - 4:
        return FULL_TIME_QUARTERS
    return max(level + int(rng.integers(-1, 2)), 4)


def _subsidised_quarters(rng: np.random.Generator) -> int:
    return int(4 * rng.choice([20, 25, 30, 32]))


def _pauses(rng: np.random.Generator, weeks: int, count: int) -> tuple[int, ...]:
    """`count` inactive weeks inside a placement, never its first or last."""
    if weeks < count + 3:
        return ()
    return tuple(sorted(int(week) for week in rng.permutation(np.arange(1, weeks - 1))[:count]))
