"""Days on which things are registered: working days within a week, and appointments at regular intervals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]


def workday(rng: np.random.Generator, monday: np.datetime64, *, first: int = 0, last: int = 4) -> np.datetime64:
    """A working day of the week: `first` and `last` are 0 for Monday to 4 for Friday."""
    return monday + np.timedelta64(int(rng.integers(first, last + 1)), "D")


def to_workday(day: np.datetime64) -> np.datetime64:
    """The day itself, or the Friday before a Saturday or Sunday."""
    weekday = (int(day.astype("datetime64[D]").astype(np.int64)) + 3) % 7
    return day - np.timedelta64(max(weekday - 4, 0), "D")


def appointments(
    rng: np.random.Generator,
    start: np.datetime64,
    until: np.datetime64,
    *,
    first: tuple[int, int],
    every: tuple[int, int],
) -> list[np.datetime64]:
    """Days of appointments after `start` up to `until`: the first after `first` days, then one every `every` days.

    Both are the lowest and highest number of days; a weekend becomes the Friday before, so no interval grows.
    """
    days: list[np.datetime64] = []
    day = start + np.timedelta64(int(rng.integers(first[0], first[1] + 1)), "D")
    while day <= until:
        days.append(max(to_workday(day), start))
        day = days[-1] + np.timedelta64(int(rng.integers(every[0], every[1] + 1)), "D")
    return days
