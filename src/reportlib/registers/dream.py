"""DREAM: one record per person, one column per ISO week, a benefit code per cell; empty is a week without benefit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reportlib.registers import holes
from reportlib.registers.cells import column, like_missing
from reportlib.registers.codebook import NO_BENEFIT, NOT_FOLLOWED, Codebook
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import (
    AmbiguousDateError,
    CodeOutsideValidityError,
    DuplicateColumnError,
    Faults,
    InvalidWeekError,
    MissingColumnError,
    MissingWeeksError,
    UnknownDreamCodeError,
    shown,
)
from reportlib.registers.event_weeks import (
    Calendar,
    Days,
    WeekPattern,
    week_name,
    week_range,
    weeks_between,
    year_and_week,
)
from reportlib.registers.extract_tables import Table, TableFile, open_table
from reportlib.registers.participants import People
from reportlib.trial.extracts import Dream

Codes = npt.NDArray[np.int16]

_UNREADABLE = -2
_MOST_UNREADABLE = 30_000  # told apart: codes take two bytes, for new memory costs more than all that is done with it
_WEEK = np.timedelta64(7, "D")
_PERSON = "person"
_LISTED_CODES = 10
_AT_ONCE = 20_000  # persons looked up in the code book together
_IN_CACHE = 2_000  # persons put into event time together: as many as a processor's cache holds
_MONTHS_A_YEAR = 12
_CODE = re.compile(r"([0-9]{1,4})(?:[.,]0+)?")  # programs write codes with missing cells as 730.0


@dataclass(frozen=True)
class DreamWeeks:
    """DREAM in event time.

    Attributes:
        codes: (n, weeks) code of each event week, NO_BENEFIT where empty, NOT_FOLLOWED outside the days covered and
            from a censoring code on.
        before: (n, weeks_before) codes before entry.
        followed: (n, weeks) the calendar's weeks, cut at the first censoring code.
    """

    codes: Codes
    before: Codes
    followed: npt.NDArray[np.bool_]


def read_dream(
    spec: Dream, folder: Path, people: People, calendar: Calendar, codebook: Codebook
) -> tuple[DreamWeeks, ReadFile]:
    """Read DREAM for the weeks the persons need, from `weeks_before` weeks before entry to the last day covered.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    found = opened.find([spec.person], faults)
    weeks = week_range(calendar.first, calendar.last)
    names = _week_columns(opened, spec, weeks, calendar, faults)
    faults.stop()
    tables = opened.read_joined({_PERSON: found[spec.person], **names}, key=_PERSON, persons=people.wanted)

    records = [people.one_record_each(table, _PERSON, spec, faults) for table in tables]
    faults.stop()
    by_week, distinct, written = _codes(tables, list(names), records)
    notes = _refuse_holes(spec, people, by_week, weeks, faults)
    faults.stop()
    codes, before = _in_event_time(by_week, calendar)
    del by_week  # as large as both others; the largest trials have no room for three
    if not _in_order(distinct, weeks, codebook):  # the weeks that nobody needs may hold anything
        places = _places(tables, records)
        _refuse_unknown(spec.file, written, codes, before, calendar, codebook, places, faults)
        faults.stop()

    followed, again, ended_before = calendar.followed, 0, 0
    for start in range(0, len(codes), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        mondays = calendar.entry[some, None] + np.arange(calendar.weeks) * _WEEK
        censored = codebook.in_groups(codes[some], mondays, codebook.censoring)
        ended = np.logical_or.accumulate(censored, axis=1)
        again += int(((codes[some] > NO_BENEFIT) & ended & ~censored & followed[some]).any(axis=1).sum())
        followed[some] &= ~ended
        earlier = calendar.entry[some, None] + np.arange(-calendar.weeks_before, 0) * _WEEK
        ended_before += int(codebook.in_groups(before[some], earlier, codebook.censoring).any(axis=1).sum())
    codes[~followed] = NOT_FOLLOWED
    if again:
        what = "persons have other codes after one that ends the follow-up (dead, abroad): they are left there"
        notes.append(Note(what, f"{again:,} persons"))
    if ended_before:
        what = "persons have a code that ends the follow-up (dead, abroad) before they enter: they are followed"
        notes.append(Note(what, f"{ended_before:,} persons"))
    period = f"{week_name(weeks[0])} to {week_name(weeks[-1])}" if len(weeks) else ""
    read = read_file(*tables, notes=notes, period=period, known=np.ones(len(people), dtype=bool))
    return DreamWeeks(codes, before, followed), read


def _refuse_holes(spec: Dream, people: People, by_week: Codes, weeks: Days, faults: Faults) -> list[Note]:
    """Weeks in which nobody, or nobody of one site, has a code, beside weeks with plenty; notes on silent sites."""
    sites, site = people.site_codes
    counts = np.array([np.bincount(site[codes != NO_BENEFIT], minlength=len(sites)) for codes in by_week])
    return holes.refuse(holes.of_states(counts, sites), spec, weeks, "codes", faults)


def _places(tables: Sequence[Table], records: Sequence[npt.NDArray[np.int64]]) -> Callable[[int, str], str]:
    """Where the cell of a person (position) in a week (name) stands: `row 14, 2016-W40`, with the file of a part."""
    where = {name: (table, record) for table, record in zip(tables, records, strict=True) for name in table.names}

    def place(person: int, week: str) -> str:
        if week not in where:
            return week
        table, record = where[week]
        chosen = np.zeros(len(table), dtype=bool)
        chosen[record[person]] = True
        ((file, rows),) = table.places(chosen)
        part = f"{file}, " if table.part is not None else ""
        return f"{part}row {rows[0]}, {week}"

    return place


def _week_columns(
    opened: TableFile, spec: Dream, weeks: npt.NDArray[np.datetime64], calendar: Calendar, faults: Faults
) -> dict[str, str]:
    """Week name -> column, for the weeks needed, in order."""
    try:
        pattern = WeekPattern(spec.weeks)
    except ValueError as error:
        faults.add(MissingColumnError(spec.file, f"extracts.dream.weeks: {error}", hint="for example y_{YY}{WW}"))
        return {}
    matching, impossible = pattern.matching(opened.columns)
    for name in impossible:
        faults.add(InvalidWeekError(spec.file, "there is no such ISO week", column=name))
    if not matching:
        hint = opened.columns_near(spec.weeks)
        faults.add(MissingColumnError(spec.file, f"no column has the form {spec.weeks!r}", hint=hint))
        return {}
    by_week: dict[np.datetime64, str] = {}
    for monday, name in matching:
        if monday in by_week:
            what = f"the same week as column {by_week[monday]}"
            faults.add(DuplicateColumnError(spec.file, what, column=name, hint="keep one of them"))
        by_week[monday] = name
    if not pattern.says_week and max(year_and_week(np.array(list(by_week)))[1]) <= _MONTHS_A_YEAR:
        what = f"every column of the form {spec.weeks!r} is numbered 01 to 12: are they weeks, or months?"
        hint = "order DREAM by week; weeks are told from months where the columns say so (y_16W01, `y_{YY}W{WW}`)"
        faults.add(AmbiguousDateError(spec.file, what, hint=hint))
    absent = [monday for monday in weeks if monday not in by_week]
    if absent:
        before = sum(monday < calendar.first_followed for monday in absent)
        faults.add(
            MissingWeeksError(
                spec.file,
                f"{len(absent)} of {len(weeks)} weeks are missing, from {pattern.name(absent[0])} to"
                f" {pattern.name(absent[-1])} ({before} before the first entry, {len(absent) - before} in follow-up)",
                hint="the file must cover follow_up.weeks_before weeks before the first entry and every week to"
                " follow_up.last_day; lower weeks_before or last_day in trial.yml, or order a longer extract",
            )
        )
        return {}
    return {week_name(monday): by_week[monday] for monday in weeks}


def _codes(
    tables: Sequence[Table], week_names: list[str], records: Sequence[npt.NDArray[np.int64]]
) -> tuple[Codes, list[Codes], list[str]]:
    """(weeks, persons) codes as numbers, the distinct ones of each week, and the texts that are no codes.

    Each week is in one of the tables, whose `records` (persons,) are those of the persons in order. The cells of a text
    that is no code hold _UNREADABLE - position.
    """
    by_week = np.empty((len(week_names), len(records[0])), dtype=np.int16)
    where = {name: (table, record) for table, record in zip(tables, records, strict=True) for name in table.names}
    distinct: list[Codes] = []
    strange: dict[str, int] = {}
    known: dict[str, int] = {}  # the weeks hold the same few hundred texts
    for place, name in enumerate(week_names):
        table, record = where[name]
        cells = column(table, name)
        for text in cells.texts:
            if text not in known:
                known[text] = _code(text, strange)
        values = np.array([known[text] for text in cells.texts], dtype=np.int16)
        by_week[place] = values[cells.codes[record]]
        distinct.append(values)
    return by_week, distinct, list(strange)


def _code(text: str, strange: dict[str, int]) -> int:
    if not text:
        return NO_BENEFIT
    if (match := _CODE.fullmatch(text)) and int(match[1]) > NO_BENEFIT:
        return int(match[1])
    return _UNREADABLE - strange.setdefault(text, min(len(strange), _MOST_UNREADABLE))


def _in_event_time(by_week: Codes, calendar: Calendar) -> tuple[Codes, Codes]:
    """Codes (n, weeks) by event week, NOT_FOLLOWED outside the days covered; and (n, weeks_before) before entry."""
    weeks, persons = by_week.shape
    entry = weeks_between(calendar.first, calendar.entry)
    codes = np.empty((persons, calendar.weeks), dtype=by_week.dtype)
    before = np.empty((persons, calendar.weeks_before), dtype=by_week.dtype)
    # A late entry's weeks, even the last ones before it, may lie after the last week of the file.
    width = max(weeks, int(entry.max()) + calendar.weeks)
    for start in range(0, persons, _IN_CACHE):
        some = slice(start, start + _IN_CACHE)
        first = entry[some]
        of_person = np.full((len(first), width), NOT_FOLLOWED, dtype=by_week.dtype)
        of_person[:, :weeks] = by_week[:, some].T
        before[some] = _stretches(of_person, first - calendar.weeks_before, calendar.weeks_before)
        codes[some] = _stretches(of_person, first, calendar.weeks)
    codes[~calendar.followed] = NOT_FOLLOWED
    return codes, before


def _stretches(cells: Codes, first: npt.NDArray[np.int64], width: int) -> Codes:
    """(n, width) of each row of `cells` the `width` cells from the row's own column `first` (n,) on."""
    return np.lib.stride_tricks.sliding_window_view(cells, width, axis=1)[np.arange(len(cells)), first]


def _in_order(distinct: list[Codes], weeks: npt.NDArray[np.datetime64], codebook: Codebook) -> bool:
    """Whether every code is in the code book and was in use in its week; `distinct` are the codes of each week."""
    codes, mondays = np.concatenate(distinct), np.repeat(weeks, [len(week) for week in distinct])
    return bool(((codes > _UNREADABLE) & codebook.knows(codes) & codebook.valid(codes, mondays)).all())


def _refuse_unknown(
    file: str,
    written: list[str],
    codes: Codes,
    before: Codes,
    calendar: Calendar,
    codebook: Codebook,
    place: Callable[[int, str], str],
    faults: Faults,
) -> None:
    """Codes that are not in the code book, and codes in weeks in which they were not in use."""
    cells = np.hstack([before, codes])
    mondays = np.hstack([calendar.mondays_before, calendar.mondays])
    unknown = ~codebook.knows(cells) | (cells <= _UNREADABLE)
    if unknown.any():
        counts, listed = {}, []
        for code in np.unique(cells[unknown]).tolist():
            person, column_ = np.argwhere(cells == code)[0].tolist()
            text = str(code) if code > 0 else written[_UNREADABLE - code]
            counts[text] = int((cells == code).any(axis=1).sum())
            first = place(person, week_name(mondays[person, column_]))
            listed.append(f"{shown(text)} in {_rows(counts[text])} (the first is {first})")
        more = len(counts) - _LISTED_CODES
        told = "; ".join(listed[:_LISTED_CODES]) + (f"; {more} more" if more > 0 else "")
        faults.add(
            UnknownDreamCodeError(
                file,
                f"codes that are not in the code book: {told}",
                counts=counts,
                hint=next(filter(None, map(like_missing, counts)), None)
                or "add them to a code book of your own and name it in extracts.dream.codebook",
            )
        )
    too_soon_or_late = ~unknown & ~codebook.valid(cells, mondays)
    for code in np.unique(cells[too_soon_or_late]).tolist():
        where = too_soon_or_late & (cells == code)
        first, last = mondays[where].min(), mondays[where].max()
        faults.add(
            CodeOutsideValidityError(
                file,
                f"code {code} was not in use in {week_name(first)} to {week_name(last)}, but stands there in"
                f" {_rows(int(where.any(axis=1).sum()))}",
                hint="correct its validity in a code book of your own and name that in extracts.dream.codebook",
            )
        )


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"
