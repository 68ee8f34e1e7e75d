"""The registers before entry in the shape of a follow-up, so that every measure of weeks can be taken of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from reportlib.errors import ReportlibError
from reportlib.registers.data import TrialData
from reportlib.registers.event_weeks import monday_of
from reportlib.registers.panel import FloatArray, Panel

UNKNOWN = -1
"""The DREAM code of a week that the extract does not cover."""

_WEEK = np.timedelta64(7, "D")


class NothingBeforeError(ReportlibError):
    """A measure looks at the weeks before entry, and no extract has any."""


def weeks_before(data: TrialData, *, weeks: int | None = None, since: date | None = None, who: str) -> TrialData:
    """`data` with the weeks before entry in place of the follow-up, the earliest first.

    Entry is moved back as many weeks as there are, so that what depends on the calendar (the code book) sees the right
    dates. `weeks` keeps the last so many, `since` those that begin on the day or later; a person is followed in the
    weeks kept. `who` is the measure that asks, for the message.

    Raises:
        NothingBeforeError: neither DREAM nor paid hours reach before entry.
    """
    panel = data.panel
    known = [part.shape[1] for part in (panel.dream_before, panel.hours_before) if part is not None]
    if not known or min(known) == 0:
        raise NothingBeforeError(
            f"measure {who} looks at the weeks before entry, and no extract reaches there",
            hint="set follow_up.weeks_before, and name extracts.dream or extracts.paid_hours",
        )
    kept = min(weeks or max(known), max(known))
    start = data.persons["start"].to_numpy().astype("datetime64[D]")
    followed = np.ones((len(start), kept), dtype=np.bool_)
    if since is not None:
        mondays = monday_of(start)[:, None] - np.arange(kept, 0, -1) * _WEEK
        followed &= mondays >= np.datetime64(since, "D")
    moved = data.persons.assign(start=pd.to_datetime(start - kept * _WEEK))
    dream = None if panel.dream_before is None else panel.dream_before[:, -kept:]
    hours = None if panel.hours_before is None else _last_weeks(panel.hours_before, kept)
    if dream is not None:
        followed &= dream != UNKNOWN
    elif hours is not None:
        followed &= ~np.isnan(hours)
    return replace(data, persons=moved, panel=Panel(followed=followed, dream=dream, hours=hours))


def _last_weeks(hours: FloatArray, weeks: int) -> FloatArray:
    """(n, weeks) the last weeks of `hours`; earlier ones, which no measure of hours looks at, are NaN."""
    kept = hours[:, -weeks:]
    return np.pad(kept, ((0, 0), (weeks - kept.shape[1], 0)), constant_values=np.nan)
