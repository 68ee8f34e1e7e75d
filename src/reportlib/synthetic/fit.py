"""Fitting a group of lives to counts week by week: one person at a time is proposed a new or changed life, and it is
kept when the group's counts come no further from their targets.

Counts, targets and weights are whole numbers, so the same seed gives the same lives on every machine. What comes out
are persons; the curves are theirs and are counted again by the ordinary analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportlib.synthetic.lives import Frame, Life, possible_weeks
from reportlib.synthetic.process import Process, change, draw
from reportlib.synthetic.tally import Tally

Integers = npt.NDArray[np.int64]


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
