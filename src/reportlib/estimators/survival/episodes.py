"""Episodes (start, stop] as arrays: who is watched from when to when, and whether the event came at the end.

A person may have several episodes. Times are replaced by their rank among all times in the data, so that everything
after this module counts with whole numbers. Times that differ only by rounding (0.1 + 0.2 and 0.3) get one rank, by
the rule of R's survival package (`aeqSurv`): a gap counts as none if it is under 1.5e-8, absolutely or relative to
the mean time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportlib.estimators import columns
from reportlib.estimators.inputs import Booleans, Floats, Integers
from reportlib.estimators.survival.errors import InvalidEpisodeError, InvalidWeightsError, NoWeightError

TIME_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """n episodes in the frame's order. `start` and `stop` are ranks into `times`; rank 0 is before every time."""

    start: Integers
    stop: Integers
    event: Booleans
    stratum: Integers
    """Codes 0..n_strata-1; people are only ever compared inside their stratum."""
    n_strata: int
    weight: Floats
    """Case weights (one for each episode when none are given)."""
    row: Integers
    """Each episode's row in the frame: rows of weight zero are left out."""
    times: Floats
    """The distinct times: rank r stands for times[r - 1]."""

    @property
    def n(self) -> int:
        """Episodes of positive weight."""
        return len(self.stop)


def read_episodes(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str | Booleans | None,
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
) -> Episodes:
    """The frame's episodes, checked.

    `event` is a 0/1 column, or the flags themselves (n,), or None where only the watching matters. Without `start`
    everybody is watched from before the first event.

    Raises:
        InvalidEpisodeError: an episode does not stop after it starts.
        InvalidWeightsError, NoWeightError: a weight is negative; all are zero.
        EmptyFrameError, UnknownColumnError, MissingValueError, NotNumericError, NotBinaryError: see `columns`.
    """
    columns.require_rows(frame)
    stops = columns.numbers(frame, stop)
    starts = None if start is None else columns.numbers(frame, start)
    if starts is not None and (wrong := np.flatnonzero(starts >= stops)).size:
        at = int(wrong[0])
        raise InvalidEpisodeError(
            f"{wrong.size} of {len(frame)} episodes do not stop after they start, "
            f"the first in row {at}: {start} = {starts[at]:g}, {stop} = {stops[at]:g}",
            hint="an episode is (start, stop]: leave out those of no length, or give them half a unit",
        )
    events = _events(frame, event)
    stratum, n_strata = _strata(frame, strata)
    weight = _weights(frame, weights)
    row = np.flatnonzero(weight)
    start_rank, stop_rank, times = _rank(starts, stops)
    if (start_rank >= stop_rank).any():
        at = int(np.flatnonzero(start_rank >= stop_rank)[0])
        raise InvalidEpisodeError(
            f"the episode in row {at} is so short that its ends cannot be told apart from rounding",
            hint="measure time in a smaller unit",
        )
    return Episodes(start_rank[row], stop_rank[row], events[row], stratum[row], n_strata, weight[row], row, times)


def _events(frame: pd.DataFrame, event: str | Booleans | None) -> Booleans:
    if event is None:
        return np.zeros(len(frame), dtype=bool)
    return columns.flag(frame, event) if isinstance(event, str) else event


def _strata(frame: pd.DataFrame, strata: str | Sequence[str] | None) -> tuple[Integers, int]:
    names = [] if strata is None else [strata] if isinstance(strata, str) else list(strata)
    code = np.zeros(len(frame), dtype=np.int64)
    for name in names:
        own, levels = columns.labels(frame, name)
        code = code * len(levels) + own
    code, present = columns.renumber(code)
    return code, len(present)


def _weights(frame: pd.DataFrame, weights: str | None) -> Floats:
    if weights is None:
        return np.ones(len(frame))
    weight = columns.numbers(frame, weights)
    if (negative := weight < 0).any():
        raise InvalidWeightsError(f"{int(negative.sum())} weights in {weights!r} are negative")
    if not weight.any():
        raise NoWeightError(f"all weights in {weights!r} are zero")
    return weight


def _rank(starts: Floats | None, stops: Floats) -> tuple[Integers, Integers, Floats]:
    """Ranks of the starts (0 without) and of the stops, from 1, and the distinct times they point to."""
    both = stops if starts is None else np.concatenate([stops, starts])
    earliest = both.min()
    whole = (both - earliest).astype(np.int64)
    if (whole + earliest == both).all():  # weeks or days: no need to sort them
        code, steps = columns.renumber(whole)
        times = steps + earliest
    else:
        times, code = np.unique(both, return_inverse=True)
    gap = np.diff(times)
    tied = (gap <= TIME_TOLERANCE) | (gap <= TIME_TOLERANCE * np.abs(times).mean())
    if tied.any():
        merged = np.concatenate([[0], np.cumsum(~tied)])
        times, code = times[np.concatenate([[True], ~tied])], merged[code]
    rank = code.astype(np.int64) + 1
    n = len(stops)
    return (np.zeros(n, dtype=np.int64) if starts is None else rank[n:]), rank[:n], times
