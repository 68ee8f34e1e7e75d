"""Series that are recorded as such. Outcomes in event time: one record per person and one column per event week; empty
means not followed. Counts by month and area, as public benefit statistics give them: one record per month and area.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.danish import on_date
from reportlib.registers import holes
from reportlib.registers.cells import Column, column, dates, months, numbers, numbers_of
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import (
    BadHoursError,
    DuplicateColumnError,
    DuplicateMonthError,
    Faults,
    FetchedElsewhereError,
    HoleError,
    MissingColumnError,
    MissingMonthsError,
    MissingWeeksError,
    NegativeCountError,
    NotZeroOrOneError,
    shown,
)
from reportlib.registers.extract_tables import Table, TableFile, open_table
from reportlib.registers.participants import People, sites
from reportlib.text.units import Unit
from reportlib.trial.extracts import FETCHED, MonthlySeries, PublicStatistics, WeeklyOutcome
from reportlib.trial.model import Trial

Floats = npt.NDArray[np.float64]

_PERSON = "person"
_PLENTY = 20  # persons with more than nought beside a week or a month of noughts: less may be chance
_HOURS_IN_A_WEEK = 168
_NEVER_NEGATIVE = {Unit.HOURS, Unit.HOURS_PER_WEEK, Unit.COUNT, Unit.DAYS, Unit.WEEKS}


def read_weekly(
    spec: WeeklyOutcome, folder: Path, people: People, weeks: int, units: Collection[Unit] = ()
) -> tuple[Floats, ReadFile]:
    """(n, weeks) the recorded values, NaN where empty; `units` are those of the measures made of them.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    found = opened.find([spec.person], faults)
    names = _week_columns(opened, spec, weeks, faults)
    faults.stop()
    tables = opened.read_joined({_PERSON: found[spec.person], **names}, key=_PERSON, persons=people.wanted)

    place = {name: week for week, name in enumerate(names)}
    by_week = np.full((len(people), len(names)), np.nan)
    for table in tables:
        record = people.one_record_each(table, _PERSON, spec, faults)
        own = [name for name in table.names if name != _PERSON]
        columns = [column(table, name) for name in own]
        values = numbers_of(columns, faults, spec)
        for week, cells in enumerate(columns):
            _refuse_unfit(cells, values[:, week], units, faults)
        if len(table):
            by_week[:, [place[name] for name in own]] = values[record]
    faults.stop()
    notes = _refuse_holes(spec, people, by_week, faults)
    faults.stop()
    known = np.ones(len(people), dtype=bool)
    read = read_file(*tables, notes=notes, period=f"event week 1 to {weeks}", known=known)
    return by_week, read


def _refuse_holes(spec: WeeklyOutcome, people: People, by_week: Floats, faults: Faults) -> list[Note]:
    """Event weeks without a value, or with noughts alone, of anybody or of a site's, between weeks with plenty."""
    sites, site = people.site_codes
    notes = []
    found: list[holes.Hole] = []
    for which, plenty, what in (
        (~np.isnan(by_week), holes.PLENTY, "value"),
        (np.nan_to_num(by_week) != 0, _PLENTY, "value but nought"),
    ):
        counts = np.array([np.bincount(site[one], minlength=len(sites)) for one in which.T])
        new = [hole for hole in holes.of_states(counts, sites, plenty) if not any(hole.within(one) for one in found)]
        found += new
        for hole in new:
            weeks = range(hole.first + 1, hole.last + 2)
            of = f" of {hole.site}" if hole.site else ""
            none = "hardly any" if hole.few else "no"
            told = f"{none} {what}{of} in event week {weeks[0]}" + (f" to {weeks[-1]}" if len(weeks) > 1 else "")
            if set(weeks) <= set(spec.empty_weeks):
                notes.append(Note(f"{told}, as trial.yml declares"))
            elif hole.ends and what == "value" and not (hole.few and hole.first):
                notes.append(Note(f"{told}, where there are plenty beside"))
            elif hole.lost and not hole.ends:
                hint = "order the weeks that are missing, or declare them in `empty_weeks` for this extract"
                faults.add(HoleError(spec.file, f"{told}, and plenty before and after", hint=hint))
    return notes


def _refuse_unfit(cells: Column, values: Floats, units: Collection[Unit], faults: Faults) -> None:
    """Values that the unit of a measure rules out: a share is 0 or 1 for each person, hours are not negative."""
    if Unit.PCT in units:
        other = ~np.isnan(values) & (values != 0) & (values != 1)
        cells.refuse_rows(faults, other, NotZeroOrOneError, "not 0 or 1, although a measure in pct is made of it")
    if _NEVER_NEGATIVE & set(units):
        cells.refuse_rows(faults, values < 0, NegativeCountError, "a value below zero")
    if Unit.HOURS_PER_WEEK in units:
        many = f"more hours than the {_HOURS_IN_A_WEEK} of a week"
        cells.refuse_rows(faults, values > _HOURS_IN_A_WEEK, BadHoursError, many)


def _week_columns(opened: TableFile, spec: WeeklyOutcome, weeks: int, faults: Faults) -> dict[str, str]:
    """Event week (as text) -> column, for weeks 1 to `weeks`."""
    if spec.weeks.count("{W}") != 1:
        hint = "for example week_{W}"
        faults.add(MissingColumnError(spec.file, f"the pattern {spec.weeks!r} must hold {{W}} once", hint=hint))
        return {}
    regex = re.compile(re.escape(spec.weeks).replace(re.escape("{W}"), r"0*(\d+)"), re.IGNORECASE)
    by_week: dict[int, str] = {}
    for name in opened.columns:
        if match := regex.fullmatch(name.strip()):
            if (week := int(match[1])) in by_week:
                what = f"the same event week as column {by_week[week]}"
                faults.add(DuplicateColumnError(spec.file, what, column=name, hint="keep one of them"))
            by_week[week] = name
    absent = [week for week in range(1, weeks + 1) if week not in by_week]
    if absent:
        faults.add(
            MissingWeeksError(
                spec.file,
                f"{len(absent)} of the event weeks 1 to {weeks} have no column of the form {spec.weeks!r}, the first is"
                f" week {absent[0]}",
                hint="correct the pattern, or lower follow_up.weeks in trial.yml",
            )
        )
        return {}
    return {str(week): by_week[week] for week in range(1, weeks + 1)}


_MONTH, _AREA, _COUNT, _BASE = "month", "area", "count", "base"


def read_series(spec: MonthlySeries, trial: Trial, folder: Path) -> tuple[pd.DataFrame, ReadFile]:
    """A frame with `month` (text, 2016-03), `area` (as in trial.yml), `count` and `base`, by month and area.

    Every area must have every month, so that sums over areas are of the same areas in all months; areas that trial.yml
    does not name are a fault, because they could belong to either side.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    wanted = {_MONTH: spec.month, _AREA: spec.area, _COUNT: spec.count, _BASE: spec.base}
    fetched = spec.fetch is not None and all(opened.has(name) for name in FETCHED)
    wanted |= {name: name for name in FETCHED if fetched}
    found = opened.find(list(wanted.values()), faults)
    faults.stop()
    table = opened.read({own: found[name] for own, name in wanted.items()})
    for name in wanted:
        column(table, name).require(faults)
    frame = pd.DataFrame(
        {
            _MONTH: months(column(table, _MONTH), faults).astype(str),
            _AREA: sites(column(table, _AREA), trial, faults, required=False),
            _COUNT: numbers(column(table, _COUNT), faults, spec),
            _BASE: numbers(column(table, _BASE), faults, spec),
        }
    )
    for name in (_COUNT, _BASE):
        no_persons = (frame[name] < 0) | (frame[name] % 1 > 0)
        column(table, name).refuse_rows(faults, no_persons.to_numpy(), NegativeCountError, "no whole number of persons")
    origin = _origin(table, spec.fetch, faults) if fetched and spec.fetch is not None else ""
    twice = frame.duplicated([_MONTH, _AREA], keep=False).to_numpy()
    column(table, _AREA).refuse_rows(faults, twice, DuplicateMonthError, "the same month and area stand twice")
    faults.stop()
    every = sorted(set(frame[_MONTH]))
    missing = [str(area) for area, rows in frame[_AREA].value_counts().sort_index().items() if rows < len(every)]
    if missing:
        what = (
            f"{len(missing)} areas lack months, the first is {missing[0]!s}; all areas need {every[0]} to {every[-1]}"
        )
        faults.add(MissingMonthsError(spec.file, what, hint="leave the area out of the file, or order all its months"))
    months_read = np.array(every, dtype="datetime64[M]")
    steps = np.diff(months_read).astype(int)
    if (steps > 1).any():
        what = f"no area has the month after {every[int(steps.argmax())]}"
        faults.add(MissingMonthsError(spec.file, what, hint="order the months that are missing"))
    faults.stop()
    counts = frame.pivot(index=_MONTH, columns=_AREA, values=_COUNT)
    found_holes = [
        hole
        for hole in holes.of_states(counts.to_numpy(), list(counts.columns), _PLENTY)
        if hole.lost and (hole.few or not hole.ends)
    ]
    notes = holes.refuse(found_holes, spec, months_read, "count above nought", faults)
    faults.stop()
    read = replace(read_file(table, notes=notes, period=f"{every[0]} to {every[-1]}"), origin=origin)
    return frame.sort_values([_MONTH, _AREA], ignore_index=True), read


def _origin(table: Table, spec: PublicStatistics, faults: Faults) -> str:
    """What stands after Kilde: the bank and the table, which trial.yml names, and the day that the file says."""
    for name, wanted in zip(FETCHED, (spec.bank, spec.table), strict=False):
        cells = column(table, name)
        for place, text in enumerate(cells.texts):
            if text != wanted:
                what = f"{shown(text)} is not {wanted!r}, which trial.yml names under `fetch`"
                hint = "fetch the file again, or name the table it came from"
                cells.refuse_rows(faults, cells.codes == place, FetchedElsewhereError, what, hint)
    days = sorted(set(dates(column(table, FETCHED[2]), faults).astype("datetime64[D]").tolist()))
    if len(days) > 1:
        faults.add(FetchedElsewhereError(table.file, f"fetched on {len(days)} days", column=FETCHED[2]))
    return f"{spec.bank}, tabel {spec.table}, hentet {on_date(days[0])}" if len(days) == 1 and days[0] else ""
