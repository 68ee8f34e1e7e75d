"""How many are at risk, leave with an event and leave without, at each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportlib.estimators import columns
from reportlib.estimators.inputs import Booleans, Floats, Integers
from reportlib.estimators.survival.episodes import Episodes, read_episodes


@dataclass(frozen=True, slots=True, eq=False)
class ExitCounts:
    """Counts of one group at its T distinct exit times, all of shape (T,)."""

    times: Floats
    n_risk: Integers
    """Episodes with start < time <= stop."""
    n_event: Integers
    n_censored: Integers
    """Episodes that stop without the event (also those that go on in a next episode)."""


def exit_counts(episodes: Episodes, event: Booleans, within: Booleans) -> ExitCounts:
    """Counts at every time an episode of the group `within` (n,) stops; `event` (n,) says which stop with it."""
    size = len(episodes.times) + 1
    start, stop = episodes.start[within], episodes.stop[within]
    stopped = np.bincount(stop, minlength=size)
    events = np.bincount(stop[event[within]], minlength=size)
    at_risk = _at_risk(start, stop, size)
    here = np.flatnonzero(stopped)
    return ExitCounts(episodes.times[here - 1], at_risk[here], events[here], stopped[here] - events[here])


def at_risk_counts(episodes: Episodes, within: Booleans, times: Floats) -> Integers:
    """Episodes of the group with start < time <= stop, at any `times` (any order)."""
    # The rank a time would have: after every distinct time below it.
    rank = np.searchsorted(episodes.times, times, side="left") + 1
    start, stop = np.sort(episodes.start[within]), np.sort(episodes.stop[within])
    entered = np.searchsorted(start, rank, side="left")
    left = np.searchsorted(stop, rank, side="left")
    return np.asarray(entered - left, dtype=np.int64)


def numbers_at_risk(
    frame: pd.DataFrame,
    *,
    stop: str,
    times: Sequence[float],
    start: str | None = None,
    group: str | None = None,
) -> pd.DataFrame:
    """`group, time, n_risk`: how many are watched just before each time, for the line under a survival curve.

    `group` is None in the table when no column is named. Raises what `read_episodes` raises.
    """
    episodes = read_episodes(frame, start=start, stop=stop, event=None)
    at = np.asarray(times, dtype=float)
    parts = [
        pd.DataFrame({"group": [label] * len(at), "time": at, "n_risk": at_risk_counts(episodes, within, at)})
        for label, within in groups_of(frame, group, episodes.row)
    ]
    return pd.concat(parts, ignore_index=True)


def groups_of(frame: pd.DataFrame, group: str | None, row: Integers) -> list[tuple[Any, Booleans]]:
    """Each group's label and which of the rows belong to it; one group labelled None without a column."""
    if group is None:
        return [(None, np.ones(len(row), dtype=bool))]
    codes, levels = columns.labels(frame, group)
    return [(level, codes[row] == code) for code, level in enumerate(levels)]


def _at_risk(start: Integers, stop: Integers, size: int) -> Integers:
    """Episodes at risk at every rank 0..size-1: entered before it and not stopped before it."""
    entered = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=size))[:-1]])
    left = np.concatenate([[0], np.cumsum(np.bincount(stop, minlength=size))[:-1]])
    return np.asarray(entered - left, dtype=np.int64)
