"""Which weeks each person can be followed, before any register is opened.

Event week 1 is the ISO week of entry. A week counts when it ends (its Sunday) no later than the last day the extracts
cover.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportlib.registers.event_weeks import Days, weeks_between
from reportlib.trial.design import FollowUp

_WEEK = np.timedelta64(7, "D")
_TO_SUNDAY = np.timedelta64(6, "D")


@dataclass(frozen=True)
class Calendar:
    """The event weeks of a trial's persons.

    Attributes:
        entry: (n,) Monday of event week 1.
        weeks: columns of every panel array.
        weeks_before: columns of every array before entry.
        covered: (n,) whole weeks from entry to the last day, at most `weeks`, at least 0.
    """

    entry: Days
    weeks: int
    weeks_before: int
    covered: npt.NDArray[np.int64]

    @property
    def followed(self) -> npt.NDArray[np.bool_]:
        """(n, weeks) whether the week ends within the days covered."""
        return np.arange(self.weeks) < self.covered[:, None]

    @property
    def mondays(self) -> Days:
        """(n, weeks) Monday of each event week."""
        return self.entry[:, None] + np.arange(self.weeks) * _WEEK

    @property
    def mondays_before(self) -> Days:
        """(n, weeks_before) Monday of each week before entry, the last column the week before week 1."""
        return self.entry[:, None] + np.arange(-self.weeks_before, 0) * _WEEK

    @property
    def first(self) -> np.datetime64:
        """The first Monday that any person needs."""
        return np.datetime64(self.entry.min() - self.weeks_before * _WEEK)

    @property
    def first_followed(self) -> np.datetime64:
        """The first Monday of anybody's follow-up."""
        return np.datetime64(self.entry.min())

    @property
    def last(self) -> np.datetime64:
        """The last Monday of anybody's follow-up, or the week before the first entry when nobody has a whole week."""
        # Who entered after the last day covered has no week, and makes none needed.
        seen = self.covered > 0
        if not seen.any():
            return np.datetime64(self.entry.min() - _WEEK)
        return np.datetime64((self.entry[seen] + (self.covered[seen] - 1) * _WEEK).max())


def make_calendar(entry: Days, follow_up: FollowUp, before: npt.NDArray[np.bool_] | None = None) -> Calendar:
    """The calendar of persons who entered in the weeks `entry` (Mondays); `before` (n,) marks the period before."""
    last_day = np.full(len(entry), np.datetime64(follow_up.last_day, "D"))
    if before is not None and follow_up.before_last_day is not None:
        last_day[before] = np.datetime64(follow_up.before_last_day, "D")
    whole_weeks = weeks_between(entry + _TO_SUNDAY, last_day) + 1  # Sundays from week 1 to the last day
    return Calendar(entry, follow_up.weeks, follow_up.weeks_before, np.clip(whole_weeks, 0, follow_up.weeks))
