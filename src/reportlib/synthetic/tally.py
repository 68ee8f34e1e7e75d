"""What one life adds to its group's counts: the vector that fitting moves towards its targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reportlib.synthetic.lives import Frame, Life, Weeks, days_in_place, first_run, render

if TYPE_CHECKING:
    from reportlib.synthetic.fit import Target

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
