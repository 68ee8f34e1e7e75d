"""ISO weeks as Mondays, and which of them each person can be followed, before any register is opened.

A week is its Monday (`datetime64[D]`), so weeks are counted by subtraction and never by year and number. DREAM names
a week by the last two digits of its ISO year and its number: 2021-01-01 lies in `y_2053`. The month of a week is the
month of its Thursday, as the ISO year of a week is the year of its Thursday (domain practice for DREAM, also for
quarters and years). Event week 1 is the ISO week of entry; a week counts when it ends (its Sunday) no later than the
last day the extracts cover.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from reportlib.trial.design import FollowUp

Days = npt.NDArray[np.datetime64]
"""datetime64[D]"""

Integers = npt.NDArray[np.int64]

# Years below this are 20xx: DREAM begins in 1991.
_CENTURY_TURN = 90

_EPOCH_IS_A_THURSDAY = 3
_WEEK = np.timedelta64(7, "D")
_TO_THURSDAY = np.timedelta64(3, "D")


def monday_of(days: Days) -> Days:
    """The Monday of the week of each day; NaT stays NaT."""
    days = days.astype("datetime64[D]")
    offset = (days.astype(np.int64) + _EPOCH_IS_A_THURSDAY) % 7
    return np.where(np.isnat(days), days, days - offset.astype("timedelta64[D]"))


def month_of(mondays: Days) -> Days:
    """The month (datetime64[M]) of each week: the month of its Thursday."""
    return (mondays + _TO_THURSDAY).astype("datetime64[M]")


def year_and_week(mondays: Days) -> tuple[Integers, Integers]:
    """ISO year and week number (1 to 53) of each week."""
    thursdays = mondays + _TO_THURSDAY
    years = thursdays.astype("datetime64[Y]")
    day_of_year = (thursdays - years.astype("datetime64[D]")).astype(np.int64)
    return years.astype(np.int64) + 1970, day_of_year // 7 + 1


def monday_of_week(iso_year: int, week: int) -> np.datetime64:
    """The Monday of an ISO week.

    Raises:
        ValueError: the year has no such week.
    """
    return np.datetime64(date.fromisocalendar(iso_year, week, 1), "D")


def full_year(two_digits: int) -> int:
    """The year of DREAM's two digits: below 90 is 20xx, otherwise 19xx."""
    return (2000 if two_digits < _CENTURY_TURN else 1900) + two_digits


def week_range(first: np.datetime64, last: np.datetime64) -> Days:
    """All Mondays from `first` to `last`, both included."""
    return np.arange(first, last + _WEEK, _WEEK, dtype="datetime64[D]")


def weeks_between(first: Days | np.datetime64, later: Days | np.datetime64) -> Integers:
    """Whole weeks from Monday `first` to Monday `later`."""
    return np.asarray((later - first) // _WEEK, dtype=np.int64)


def week_name(monday: np.datetime64) -> str:
    """A week as messages print it: `2020-W53`."""
    years, weeks = year_and_week(np.asarray([monday]))
    return f"{years[0]}-W{weeks[0]:02d}"


class WeekPattern:
    """Column names that stand for ISO weeks, such as `y_{YY}{WW}` or `uge_{YYYY}_{WW}`; matched without case."""

    def __init__(self, pattern: str) -> None:
        """Raises ValueError when the pattern lacks a year or a week."""
        if pattern.count("{WW}") != 1 or pattern.count("{YY}") + pattern.count("{YYYY}") != 1:
            raise ValueError(f"the pattern {pattern!r} must hold {{WW}} and one of {{YY}} and {{YYYY}}, once each")
        escaped = re.escape(pattern)
        for field, group in (
            ("{YYYY}", r"(?P<year>\d{4})"),
            ("{YY}", r"(?P<year>\d{2})"),
            ("{WW}", r"(?P<week>\d{2})"),
        ):
            escaped = escaped.replace(re.escape(field), group)
        self.pattern = pattern
        self._regex = re.compile(escaped, re.IGNORECASE)

    @property
    def says_week(self) -> bool:
        """Whether the columns' names say that they are weeks: `uge_{YYYY}_{WW}`, `y_{YY}W{WW}`."""
        literal = re.sub(r"\{\w+\}", "", self.pattern).casefold()
        return "w" in literal or "uge" in literal

    def name(self, monday: np.datetime64) -> str:
        """The column name of a week."""
        years, weeks = year_and_week(np.asarray([monday]))
        year, week = int(years[0]), int(weeks[0])
        filled = self.pattern.replace("{YYYY}", f"{year:04d}").replace("{YY}", f"{year % 100:02d}")
        return filled.replace("{WW}", f"{week:02d}")

    def matching(self, names: Iterable[str]) -> tuple[list[tuple[np.datetime64, str]], list[str]]:
        """(Monday, column) of every column that stands for a week, by week; and columns whose week does not exist."""
        found: list[tuple[np.datetime64, str]] = []
        impossible: list[str] = []
        for name in names:
            if match := self._regex.fullmatch(name.strip()):
                digits = match["year"]
                year = int(digits) if len(digits) == 4 else full_year(int(digits))
                try:
                    found.append((monday_of_week(year, int(match["week"])), name))
                except ValueError:
                    impossible.append(name)
        return sorted(found), impossible


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
