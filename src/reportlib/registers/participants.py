"""The participants: who takes part, where, in which group and since when. All other extracts are matched to them.

Ids that were changed on their way are refused, because their records would be left out without a word: `selection`
counts those that are a participant's only when zeros, case, hyphens, blanks or a decimal ending are overlooked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.errors import did_you_mean
from reportlib.registers.cells import Column, as_text, column, dates
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import (
    ColumnNameTakenError,
    DateOutsidePeriodError,
    DuplicatePersonError,
    EmptyGroupError,
    Faults,
    IdWrittenOtherwiseError,
    NobodyFoundError,
    ParticipantMissingError,
    RoundedIdError,
    TooFewKnownError,
    UnknownBackgroundValueError,
    UnknownGroupValueError,
    UnknownSiteError,
    rows_named,
    shown,
)
from reportlib.registers.event_weeks import Days, monday_of, week_name
from reportlib.registers.extract_tables import Table, open_table
from reportlib.registers.kinds import read_background
from reportlib.registers.selection import NOT_A_PARTICIPANT, Wanted, alike, rounded
from reportlib.registers.spelling import misspelt, never
from reportlib.trial.extracts import BackgroundKind, Source
from reportlib.trial.measures import Background
from reportlib.trial.model import Trial
from reportlib.trial.municipality import folded
from reportlib.trial.references import divisions_of

_SHOWN_VALUES = 10
_LISTED_TWINS = 5

_OWN_COLUMNS = ("person", "site", "group", "start", "weeks_followed")
_EXPECTED = 10  # participants with a record; that none has one is then no chance
_MONTHS = 3  # days that are all the first of a month
_LEAST_KNOWN = 0.01  # of the participants, in an extract of which trial.yml does not say what to expect


@dataclass(frozen=True)
class People:
    """The participants, in the order of their file.

    Attributes:
        frame: columns `person`, `site`, `group`, `start` and the background columns.
        mondays: (n,) Monday of the week of entry, which is event week 1.
        rows: (n,) spreadsheet row in the participants file, the only name a person has in messages.
        file: the participants file as named in trial.yml.
    """

    frame: pd.DataFrame
    mondays: Days
    rows: npt.NDArray[np.int64]
    file: str

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def wanted(self) -> Wanted:
        """The participants as those whose records other files are read for."""
        return Wanted(self.frame["person"].tolist())

    @cached_property
    def site_codes(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """The sites of participants, and (n,) the position of each participant's among them."""
        codes, names = pd.factorize(self.frame["site"], sort=True)
        return [str(name) for name in names], codes.astype(np.int64)

    def silent(self, seen: npt.NDArray[np.bool_]) -> list[Note]:
        """Notes on groups and sites of which nobody has a record (`seen`, (n,)), though of the others many have."""
        notes = []
        among = np.ones(len(self), dtype=bool)
        for kind in ("group", "site"):
            codes, names = pd.factorize(self.frame[kind], sort=True)
            size = np.bincount(codes[among], minlength=len(names))
            known = np.bincount(codes[seen & among], minlength=len(names))
            expected = size * known.sum() / np.maximum(size.sum() - size, 1)
            silent = (known == 0) & (expected >= _EXPECTED)
            if silent.any():
                some = ", ".join(str(name) for name in names[silent][:_SHOWN_VALUES])
                more = f" and {int(silent.sum()) - _SHOWN_VALUES} more" if silent.sum() > _SHOWN_VALUES else ""
                about = f"about {expected[silent].sum():.0f} were to be expected"
                notes.append(Note(f"nobody of {some}{more} has a record, where {about}"))
            among &= ~silent[codes]  # sites are held against each other among the groups that have records
        return notes

    def position(self, table: Table, name: str, spec: Source, faults: Faults) -> npt.NDArray[np.int64]:
        """(records,) the participant's position, or NOT_A_PARTICIPANT, of each record by its column `name` of ids.

        Raises:
            NobodyFoundError: there are ids but none is a participant's. Other faults are added to `faults`.
        """
        before = len(faults)
        if spec.alike == "refuse":
            refuse_changed(table, table.names[name], self.file, faults)
        if len(faults) == before and table.counts.outside and (table.position == NOT_A_PARTICIPANT).all():
            raise NobodyFoundError(
                table.file,
                f"no record belongs to a participant of {self.file}",
                column=table.names[name],
                hint="is it the extract of this trial, and the column of the ids?",
            )
        return table.position

    def known(self, position: npt.NDArray[np.int64], spec: Source, faults: Faults) -> npt.NDArray[np.bool_]:
        """(n,) who has a record, where `position` is that of each record; too few are a fault."""
        seen = np.zeros(len(self), dtype=bool)
        seen[position[position >= 0]] = True
        least = math.ceil((_LEAST_KNOWN if spec.coverage is None else spec.coverage) * len(self))
        if (count := int(seen.sum())) < least and not faults:
            what = f"{count:,} of {len(self):,} participants have a record, and at least {least:,} are expected"
            hint = "is the extract whole, and of this trial? If so, set its `coverage` in trial.yml"
            faults.add(TooFewKnownError(spec.file, what, hint=hint))
        return seen

    def one_record_each(self, table: Table, name: str, spec: Source, faults: Faults) -> npt.NDArray[np.int64]:
        """(n,) the record of each participant in a file with one record per person and a record for everybody.

        Raises:
            NobodyFoundError: as `position`. Other faults are added to `faults`.
        """
        inside = table.position >= 0
        if not inside.all() or np.bincount(table.position, minlength=1).max() > 1:  # texts of ids take long to make
            ids = column(table, name)
            ids.require(faults)
            refuse_twins(ids, faults)
        before = len(faults)
        position = self.position(table, name, spec, faults)
        record = np.full(len(self), -1, dtype=np.int64)
        record[position[inside]] = np.flatnonzero(inside)
        if (missing := record < 0).any() and len(faults) == before:
            faults.add(
                ParticipantMissingError(
                    table.file,
                    f"{int(missing.sum())} of {len(self)} participants have no record here, although the file covers"
                    f" everybody; they are in {self.file} in {rows_named(self.rows[missing].tolist())}",
                    hint="is the extract whole? Order those who are missing",
                )
            )
        return record


def read_participants(trial: Trial, folder: Path) -> tuple[People, ReadFile]:
    """Read and check the participants.

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    spec = trial.extracts.participants
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    for name in spec.background:
        if name.casefold() in _OWN_COLUMNS:
            faults.add(
                ColumnNameTakenError(
                    spec.file, f"a background column cannot be called {name!r}", hint="rename it in the extract"
                )
            )
    found = opened.find([spec.person, spec.site, spec.group, spec.start, *spec.background], faults)
    faults.stop()
    table = opened.read(found)

    ids = column(table, spec.person)
    ids.require(faults)
    refuse_twins(ids, faults)
    if spec.alike == "refuse":
        refuse_one_person_twice(ids, faults)
    site = sites(column(table, spec.site), trial, faults)
    group = _groups(column(table, spec.group), trial, faults)
    before = np.isin(group, [each.id for each in trial.groups.before])
    start = _starts(column(table, spec.start), before, trial, faults)
    background = {name: _background(column(table, name), name, start, trial, faults) for name in spec.background}
    frame = pd.DataFrame(
        {
            "person": ids.values(),
            "site": site,
            "group": group,
            "start": start,
            **{name: values for name, (values, _) in background.items()},
        }
    )
    faults.stop()
    mondays = monday_of(frame["start"].to_numpy().astype("datetime64[D]"))
    read = read_file(
        table,
        notes=[*_notes(frame, trial), *first_of_months(frame["start"].to_numpy().astype("datetime64[D]"), "entry")],
        columns=[column(table, name) for name in spec.background],
        period=period_of(mondays),
    )
    kinds = {name: kind.value for name, (_, kind) in background.items()}
    return People(frame, mondays, table.rows, spec.file), replace(read, kinds=kinds)


def _background(
    cells: Column, name: str, start: Days, trial: Trial, faults: Faults
) -> tuple[npt.NDArray[Any], BackgroundKind]:
    """(records,) a background column and its kind; values that trial.yml names must be spelt as it spells them."""
    before = len(faults)
    cells.require_any(faults)
    written = cells.labelled().texts
    spec = trial.extracts.participants
    expected = [value for where, value in _values_named(trial) if where == name]
    for value, other in misspelt(expected, written).items():
        what = f"trial.yml names the value {value!r}, but the extract writes {shown(other)}"
        faults.add(UnknownBackgroundValueError(cells.table.file, what, column=name, hint="write it alike in both"))
    if len(faults) > before:
        return cells.values(), BackgroundKind.CATEGORY
    return read_background(cells, spec, start, expected, trial.disclosure.threshold, faults)


def _values_named(trial: Trial) -> list[tuple[str, str]]:
    """(column, value) of every value of a background column that measures and populations count."""
    sources = [measure.computed for measure in trial.measures]
    equal = [(one.column, one.equals) for one in sources if isinstance(one, Background) and one.equals is not None]
    split = [
        (division.column, value)
        for analysis in trial.analyses
        for division in divisions_of(analysis)
        if division.column is not None
        for value in division.values
    ]
    listed = [
        (name, value)
        for name, values in trial.extracts.participants.background_values.items()
        for value in (values.values() if isinstance(values, dict) else values)
    ]
    populations = [pair for population in trial.populations for pair in population.background.items()]
    return [*equal, *populations, *split, *listed]


def _notes(frame: pd.DataFrame, trial: Trial) -> list[Note]:
    """Places from which nobody comes, and values of the background that nobody has."""
    present = set(frame["site"])
    notes = [Note(f"nobody comes from {name}") for name in trial.sites.names if name not in present]
    for name, value in dict.fromkeys(_values_named(trial)):
        notes += never(f"{name}: the value", [value], {as_text(one) for one in frame[name].unique()})
    return notes


def period_of(mondays: Days) -> str:
    """First and last week as the summary tells them; a week, because a day could be one person's."""
    return f"{week_name(mondays.min())} to {week_name(mondays.max())}" if len(mondays) else ""


def first_of_months(days: Days, what: str) -> list[Note]:
    """A note where every day is the first of a month: a week of entry, or of an event, is then the month's first."""
    distinct = np.unique(days)
    if len(distinct) < _MONTHS or (distinct != distinct.astype("datetime64[M]").astype("datetime64[D]")).any():
        return []
    return [Note(f"every {what} is on the first of a month: were months written as days?")]


def refuse_twins(ids: Column, faults: Faults) -> None:
    """A person may have one record only."""
    counts = np.bincount(ids.codes, minlength=len(ids.texts))
    twice = (counts > 1) & np.array([bool(text) for text in ids.texts], dtype=bool)
    if (count := int(twice.sum())) > _LISTED_TWINS:
        again = twice[ids.codes]
        again[np.unique(ids.codes, return_index=True)[1]] = False
        what = f"{count:,} ids stand in more than one record: was the file delivered twice?"
        ids.refuse_rows(faults, again, DuplicatePersonError, what, "keep one record per person")
        return
    for position in np.flatnonzero(twice):
        places = ids.table.places(ids.codes == position)
        others = "".join(f", and in {file} row {rows[0]}" for file, rows in places[1:])
        what, hint = f"these records have the same id{others}", "keep one record per person"
        faults.add(DuplicatePersonError(places[0][0], what, rows=places[0][1], column=ids.own_name, hint=hint))


def sites(cells: Column, trial: Trial, faults: Faults, *, required: bool = True) -> npt.NDArray[np.object_]:
    """(records,) the site as trial.yml writes it; case and blanks do not matter. "" where empty and not required."""
    cells = cells.labelled()
    if required:
        cells.require(faults)
    canonical = trial.sites.by_spelling
    cells.refuse(
        faults,
        [text for text in cells.texts if text and folded(text) not in canonical],
        UnknownSiteError,
        lambda text: f"unknown {trial.sites.noun.one} {shown(text)}",
        lambda text: f"{did_you_mean(text, trial.sites.everywhere)}; other ways to write a site: `sites.written`",
    )
    return cells.spread(canonical.get(folded(text), "") for text in cells.texts)


def _groups(cells: Column, trial: Trial, faults: Faults) -> npt.NDArray[np.object_]:
    cells = cells.labelled()
    cells.require(faults)
    by_value = {folded(group.value): group.id for group in trial.every_group}
    cells.refuse(
        faults,
        [text for text in cells.texts if text and folded(text) not in by_value],
        UnknownGroupValueError,
        lambda text: f"unknown group {shown(text)}",
        lambda text: did_you_mean(text, [group.value for group in trial.every_group]),
    )
    present = {folded(text) for text in cells.texts}
    found = ", ".join(shown(text) for text in sorted(cells.texts)[:_SHOWN_VALUES] if text)
    for group in trial.every_group:
        if folded(group.value) not in present:
            what = f"nobody is in the group {group.value!r}"
            hint = f"the values found are {found}" if found else None
            faults.add(EmptyGroupError(cells.table.file, what, column=cells.own_name, hint=hint))
    return cells.spread(by_value.get(folded(text), "") for text in cells.texts)


def _starts(cells: Column, before: npt.NDArray[np.bool_], trial: Trial, faults: Faults) -> Days:
    """(records,) the day of entry, checked against the period of the record's group."""
    cells.require(faults)
    days = dates(cells, faults)
    windows = [(~before, trial.period.first, trial.period.last, "the period")]
    if trial.period.before_first is not None and trial.period.before_last is not None:
        windows.append((before, trial.period.before_first, trial.period.before_last, "the period before"))
    for rows, start, end, name in windows:
        first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
        for outside, which in ((rows & (days < first), f"before {first}"), (rows & (days > last), f"after {last}")):
            cells.refuse_rows(
                faults, outside, DateOutsidePeriodError, f"entry {which}; {name} in trial.yml is {first} to {last}"
            )
    return days


_ROUNDED = "ids have lost digits (as in 1,02E+09), so that persons cannot be told apart"
_KEEP = "keep the ids as text from the source on; a spreadsheet and short number types round them"


def refuse_changed(table: Table, column: str, participants: str, faults: Faults) -> None:
    """Ids of an extract that are a participant's when written alike, and ids that have lost digits, are faults."""
    counts = table.counts
    if counts.alike:
        rows = [row for file, row in counts.alike_rows if file == counts.alike_rows[0][0]]
        more = f" (the first {len(rows)} rows are named)" if counts.alike_records > len(rows) else ""
        what = (
            f"{counts.alike_records:,} records of {counts.alike:,} participants have an id that differs from that of"
            f" {participants} in zeros, case, hyphens, blanks or a decimal ending only, and would be left out{more}"
        )
        hint = (
            "write the ids in both files alike, as text (a column opened as numbers loses its leading zeros); if they"
            " belong to other persons, set `alike: strangers` for this extract in trial.yml"
        )
        faults.add(IdWrittenOtherwiseError(counts.alike_rows[0][0], what, rows=rows, column=column, hint=hint))
    if counts.rounded is not None:
        file, row = counts.rounded
        faults.add(RoundedIdError(file, _ROUNDED, rows=[row], column=column, hint=_KEEP))


def refuse_one_person_twice(ids: Column, faults: Faults) -> None:
    """Two participants whose ids are one when written alike are one person."""
    twice = alike(ids.texts)
    if len(twice):
        what = f"{len(twice):,} ids differ in zeros, case, hyphens, blanks or a decimal ending only"
        hint = "are they the same persons? Write ids in one way, or set `alike: strangers` for the participants"
        ids.refuse_rows(faults, np.isin(ids.codes, twice), DuplicatePersonError, what, hint)
    lost = np.array([ids.inexact or ("+" in text and rounded(text)) for text in ids.texts])[ids.codes]
    ids.refuse_rows(faults, lost, RoundedIdError, _ROUNDED, _KEEP)
