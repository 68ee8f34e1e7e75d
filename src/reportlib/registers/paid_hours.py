"""Paid hours: records of person, month and hours, several jobs per person and month; from months to hours per week.

Hours per week = hours of the month x 12/52, the same in every week of the month; the month of a week is that of its
Thursday. A person without a record has no paid hours in the month: the register covers every employer.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from reportlib.registers import holes
from reportlib.registers.cells import column, months, months_among, numbers
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import BadHoursError, Faults, MissingMonthsError
from reportlib.registers.event_weeks import Calendar, Days, month_of
from reportlib.registers.extract_tables import Table, open_table
from reportlib.registers.participants import People
from reportlib.registers.selection import TWICE, refuse_in_two_parts, settle
from reportlib.trial.extracts import PaidHours

Floats = npt.NDArray[np.float64]

MONTHS_PER_YEAR, WEEKS_PER_YEAR = 12, 52
HOURS_IN_A_MONTH = 31 * 24

_HOURS_OF_WEEKS, _MORE_THAN_FULL_TIME = 50, 200  # a month of full time has 160
_ENOUGH = 50  # months of persons that show what the hours are of

_PERSON, _MONTH, _HOURS = "person", "month", "hours"
_ONE_MONTH = np.timedelta64(1, "M")


def read_paid_hours(
    spec: PaidHours,
    folder: Path,
    people: People,
    calendar: Calendar,
    not_ordinary: npt.NDArray[np.bool_] | None,
    weeks_before: int = 0,
) -> tuple[Floats, ReadFile]:
    """(n, weeks_before + weeks) ordinary hours per week, 0 in the weeks of `not_ordinary` (of the same shape).

    The first `weeks_before` columns are the weeks before entry. Outside the days covered hours mean nothing;
    `build_panel` takes them out.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    found = opened.find([spec.person, spec.month, spec.hours], faults)
    faults.stop()
    asked = {_PERSON: found[spec.person], _MONTH: found[spec.month], _HOURS: found[spec.hours]}
    table = opened.read(asked, key=_PERSON, persons=people.wanted, tallied=[_MONTH])

    ids, month_cells, hour_cells = column(table, _PERSON), column(table, _MONTH), column(table, _HOURS)
    for cells in (ids, month_cells, hour_cells):
        cells.require(faults)
    month, hours = months(month_cells, faults), numbers(hour_cells, faults, spec)
    hint = "add a correction to the record that it corrects"
    hour_cells.refuse_rows(faults, hours < 0, BadHoursError, "negative hours", hint)
    mondays = calendar.mondays
    if weeks_before:
        mondays = np.hstack([calendar.mondays_before[:, -weeks_before:], mondays])
    needed = _needed_months(mondays, calendar)
    covered = months_among(table.tallies[_MONTH])
    declared = _refuse_uncovered(spec, covered, needed, faults)
    person = people.position(table, _PERSON, spec, faults)
    faults.stop()

    refuse_in_two_parts([ids, month_cells], spec, faults, np.ones(len(table), dtype=bool), "months of a person")
    wanted = (month >= needed[0]) & (month <= needed[-1])
    kept, duplicates = settle([ids, month_cells, hour_cells], spec, faults, wanted)
    repeats = int((wanted & ~kept).sum())
    wanted &= kept
    known = people.known(person, spec, faults)
    of_month = _sum_jobs(person[wanted], month[wanted], hours[wanted], len(people), needed)
    _refuse_impossible_sums(table, person, month, of_month, needed, faults)
    sites, site = people.site_codes
    paid = np.array([np.bincount(site[hours_then > 0], minlength=len(sites)) for hours_then in of_month.T])
    undeclared = [hole for hole in holes.of_states(paid, sites) if needed[hole.first] not in declared]
    notes = holes.refuse(undeclared, spec, needed, "paid hours", faults)
    if declared:
        told = ", ".join(str(month) for month in declared)
        notes.append(Note(f"no record of anybody in {told}, as trial.yml declares"))
    notes += _implausible(of_month[of_month > 0])
    faults.stop()

    in_month = of_month[np.arange(len(people))[:, None], _month_places(mondays, needed)]
    # In this order 65 hours a month are exactly 15 a week, which belong in the band that ends at 15.
    per_week = in_month * MONTHS_PER_YEAR / WEEKS_PER_YEAR
    if not_ordinary is not None:
        per_week[not_ordinary] = 0.0
    if weeks_before:  # of those who entered after the last month, some weeks before entry are unknown
        unknown = month_of(mondays[:, :weeks_before]) > needed[-1]
        per_week[:, :weeks_before][unknown] = np.nan
    dropped = {"records of months outside the follow-up": int((kept & ~wanted).sum()), TWICE: repeats}
    read = read_file(
        table,
        dropped=dropped,
        notes=[*notes, *people.silent(known)],
        columns=[month_cells, hour_cells],
        period=f"{covered.min()} to {covered.max()}",
        known=known,
        duplicates=duplicates,
    )
    return per_week, read


def _needed_months(mondays: Days, calendar: Calendar) -> Days:
    """(months,) every month of anybody's weeks, in order (at least the month of the first entry)."""
    last = max(calendar.last, calendar.first_followed)
    ends = month_of(np.array([mondays.min(), last]))
    return np.arange(ends[0], ends[1] + _ONE_MONTH)


def _refuse_uncovered(spec: PaidHours, read: Days, needed: Days, faults: Faults) -> list[np.datetime64]:
    """The months of all records, whoever they are about, must be all of those needed, but for the gaps given back."""
    file = spec.file
    empty = needed[(needed > read.min()) & (needed < read.max()) & ~np.isin(needed, read)] if len(read) else needed[:0]
    declared = [month for month in empty if any(holes.covers(gap, "", month[None]) for gap in spec.gaps)]
    absent = [month for month in empty if month not in declared]
    if absent:
        what = f"no record of anybody in {', '.join(str(month) for month in absent)}: it would count as no hours at all"
        hint = "order the months that are missing; if it is right that nobody was paid, declare them under `gaps`"
        faults.add(MissingMonthsError(file, what, hint=hint))
    if len(read) and (read.min() > needed[0] or read.max() < needed[-1]):
        faults.add(
            MissingMonthsError(
                file,
                f"covers {read.min()} to {read.max()}, but the follow-up goes from {needed[0]} to {needed[-1]}",
                hint="order a longer extract or set follow_up.last_day; if nobody was paid in a month at either end,"
                " add a record with 0 hours",
            )
        )
    return declared


def _sum_jobs(person: npt.NDArray[np.int64], month: Days, hours: Floats, persons: int, needed: Days) -> Floats:
    """(persons, months) hours of all jobs of a person in a month."""
    place = person * len(needed) + (month - needed[0]).astype(np.int64)
    summed = np.bincount(place, weights=hours, minlength=persons * len(needed)).astype(np.float64)
    return summed.reshape(persons, len(needed))


def _refuse_impossible_sums(
    table: Table, person: npt.NDArray[np.int64], month: Days, of_month: Floats, needed: Days, faults: Faults
) -> None:
    for who, when in np.argwhere(of_month > HOURS_IN_A_MONTH)[:10].tolist():
        what = f"in {needed[when]} a person has more hours, all jobs added, than the {HOURS_IN_A_MONTH} of a month"
        for file, rows in table.places((person == who) & (month == needed[when])):
            faults.add(BadHoursError(file, what, rows=rows, column=table.names[_HOURS]))


def _implausible(paid: Floats) -> list[Note]:
    """Notes where the hours of months (those above nought) look like those of another time than a month."""
    if len(paid) < _ENOUGH:
        return []
    middle, high = np.percentile(paid, [50, 95]).tolist()
    seen = f"half of them are above {middle:.0f}, one in twenty above {high:.0f}"
    if high < _HOURS_OF_WEEKS:
        return [Note("nearly all hours of a month are as few as those of a week: are they hours of a month?", seen)]
    what = "most hours of a month are more than full time (160): are they hours of a month, each once?"
    return [Note(what, seen)] if middle > _MORE_THAN_FULL_TIME else []


def _month_places(mondays: Days, needed: Days) -> npt.NDArray[np.int64]:
    """(n, weeks) position in `needed` of each week's month; weeks outside the months are clipped."""
    places: npt.NDArray[np.int64] = (month_of(mondays) - needed[0]).astype(np.int64)
    return np.minimum(places, len(needed) - 1)
