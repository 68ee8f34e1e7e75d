"""Lives are moved until what they add up to meets its targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from calibrating.lives import Frame, Life, Weeks, days_in_place, first_run, possible_weeks, render
from calibrating.process import Process, change, draw

# What one life adds to its group's counts: the vector that fitting moves towards its targets.


Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """Counts by event week and in all.

    Attributes:
        weeks: event weeks.
        run_weeks, run_gap: active weeks that make a run, and the longest gap allowed in it.
        place_days: days at one place that make a completed placement.
        band_week, bands: the week whose hours are counted in bands (from, to], limits in quarter hours.
    """

    weeks: int
    run_weeks: int
    run_gap: int
    place_days: int
    band_week: int
    bands: tuple[int, ...]

    @property
    def parts(self) -> dict[str, slice]:
        """Name -> place in the vector.

        `practice`, `subsidy`, `employed`, `quarters`, `run` by week; `completed`, `tied` (completed with hours on the
        place), `progress` (quarter hours, last minus first, of the tied); `bands`.
        """
        names = ["practice", "subsidy", "employed", "quarters", "run"]
        found = {name: slice(at * self.weeks, (at + 1) * self.weeks) for at, name in enumerate(names)}
        end = len(names) * self.weeks
        found |= {name: slice(end + at, end + at + 1) for at, name in enumerate(("completed", "tied", "progress"))}
        return found | {"bands": slice(end + 3, end + 3 + len(self.bands) - 1)}

    @property
    def size(self) -> int:
        return 5 * self.weeks + 3 + len(self.bands) - 1

    def count(self, life: Life, frame: Frame, seen: Weeks | None = None) -> list[int]:
        """What the life adds, weeks beyond the follow-up 0."""
        seen = seen or render(life, frame)
        rest = [0] * (self.weeks - frame.weeks)
        employed = [hours > 0 for hours in seen.quarters]
        active = [a or b or c for a, b, c in zip(seen.practice, seen.subsidy, employed, strict=True)]
        reached = first_run(active, weeks=self.run_weeks, gap=self.run_gap)
        run = [0] * (reached - 1) + [1] * (frame.weeks - reached + 1) if reached else [0] * frame.weeks
        vector = [*seen.practice, *rest, *seen.subsidy, *rest, *employed, *rest, *seen.quarters, *rest, *run, *rest]
        spell = self.completed(life, frame, seen)
        tied = spell is not None and self.is_tied(life, frame, spell)
        vector += [int(spell is not None), int(tied), progress(seen.quarters) if tied else 0]
        hours = seen.quarters[self.band_week - 1] if frame.weeks >= self.band_week else 0
        vector += [int(low < hours <= high) for low, high in pairwise(self.bands)]
        return vector

    def completed(self, life: Life, frame: Frame, seen: Weeks) -> tuple[int, int] | None:
        """(first, last week) of the first spell at one place that is long enough, or None."""
        return next((s[1:] for s in days_in_place(life, frame, seen) if s[0] >= self.place_days), None)

    def is_tied(self, life: Life, frame: Frame, spell: tuple[int, int]) -> bool:
        """True when the life's job is on the spell's place and begins within the spell."""
        if life.job is None or not life.job.tied:
            return False
        first, last = spell
        return frame.months[first - 1] <= life.job.first <= frame.months[last - 1]

    def spread_out(self, targets: Mapping[str, Target]) -> tuple[Integers, Integers]:
        """(size,) wanted counts and weights of the whole vector."""
        wanted, weights = np.zeros(self.size, dtype=np.int64), np.zeros(self.size, dtype=np.int64)
        for name, target in targets.items():
            wanted[self.parts[name]] = target.values
            weights[self.parts[name]] = target.weights
        return wanted, weights


def progress(quarters: list[int]) -> int:
    """Quarter hours in the last week with any minus those in the first."""
    positive = [hours for hours in quarters if hours]
    return positive[-1] - positive[0] if positive else 0


# Fitting a group of lives to counts week by week: one person at a time is proposed a new or changed life, and it is
# kept when the group's counts come no further from their targets.
#
# Counts, targets and weights are whole numbers, so the same seed gives the same lives on every machine. What comes
# out are persons; the curves are theirs and are counted again by the ordinary analysis.


@dataclass(frozen=True)
class Target:
    """What a part of the tally shall come to: `values` and `weights` of the part's shape; weight 0 leaves it free."""

    values: Integers
    weights: Integers


@dataclass
class Fitted:
    """The lives and their group's tally, with the squared distance left, weighted."""

    lives: list[Life]
    total: Integers
    distance: int


def fit(
    rng: np.random.Generator,
    frames: Sequence[Frame],
    process: Process,
    tally: Tally,
    targets: Mapping[str, Target],
    *,
    proposals: int,
    fresh: float = 0.15,
    aimed: float = 0.5,
    heat: int = 0,
    allowed: Callable[[Life, Frame], bool] = lambda life, frame: True,
    stop_at: int = 0,
) -> Fitted:
    """Lives for `frames` whose tally is near the targets.

    proposals  how many changes are tried at most; the fit ends early when the distance is `stop_at` or less
    fresh      the share of proposals that are a whole new life
    aimed      the share of proposals that change somebody who counts where the distance is largest
    heat       how much a change may add to the distance at first; the allowance falls evenly to nought at three
               quarters of the proposals (threshold accepting, Dueck and Scheuer 1990), so that the fit does not stop in
               the first hollow
    allowed    a further condition that every life must meet
    """
    lives = [_possible(rng, frame, process, allowed) for frame in frames]
    each = np.array([tally.count(life, frame) for life, frame in zip(lives, frames, strict=True)], dtype=np.int64)
    total = each.sum(axis=0)
    wanted, weight = tally.spread_out(targets)
    away = total - wanted
    for proposal in range(proposals):
        chance = rng.random()
        who = _one_who_counts(rng, each, weight * away * away) if chance < aimed else int(rng.integers(0, len(lives)))
        frame = frames[who]
        life = draw(rng, frame, process) if chance > 1 - fresh else change(rng, lives[who], frame, process)
        if life == lives[who]:
            continue
        seen = possible_weeks(life, frame)
        if seen is None or not allowed(life, frame):
            continue
        counted = np.asarray(tally.count(life, frame, seen), dtype=np.int64)
        step = counted - each[who]
        allowance = heat * max(3 * proposals - 4 * proposal, 0) // (3 * proposals)
        if int((weight * step * (2 * away + step)).sum()) <= allowance:
            lives[who] = life
            each[who] = counted
            away += step
            if stop_at and int((weight * away * away).sum()) <= stop_at:
                break
    return Fitted(lives, away + wanted, int((weight * away * away).sum()))


def _one_who_counts(rng: np.random.Generator, each: Integers, distance: Integers) -> int:
    """Somebody who adds to one of the counts that are off, the more likely the more it is off."""
    upto = np.cumsum(distance)
    if not upto[-1]:
        return int(rng.integers(0, len(each)))
    part = int(np.searchsorted(upto, int(rng.integers(0, upto[-1])), side="right"))
    adding = np.flatnonzero(each[:, part])
    return int(adding[int(rng.integers(0, len(adding)))]) if len(adding) else int(rng.integers(0, len(each)))


def _possible(rng: np.random.Generator, frame: Frame, process: Process, allowed: Callable[[Life, Frame], bool]) -> Life:
    """A first life that is possible; an empty one when chance gives none."""
    for _ in range(50):
        life = draw(rng, frame, process)
        if possible_weeks(life, frame) is not None and allowed(life, frame):
            return life
    return Life()
