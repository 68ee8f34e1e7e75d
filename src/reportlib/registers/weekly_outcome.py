"""Outcomes recorded in event time: one record per person, one column per event week; empty means not followed."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reportlib.registers import holes
from reportlib.registers.cells import Column, column, numbers_of
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import (
    BadHoursError,
    DuplicateColumnError,
    Faults,
    HoleError,
    MissingColumnError,
    MissingWeeksError,
    NegativeCountError,
    NotZeroOrOneError,
)
from reportlib.registers.extract_tables import TableFile, open_table
from reportlib.registers.participants import People
from reportlib.text.units import Unit
from reportlib.trial.extracts import WeeklyOutcome

Floats = npt.NDArray[np.float64]

_PERSON = "person"
_PLENTY = 20  # persons with more than nought beside a week of noughts: less may be chance
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
