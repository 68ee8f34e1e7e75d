"""Casework: one record per registered event, with a kind, a day, and perhaps an end and a place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers import holes
from reportlib.registers.cells import Column, Integers, column, dates, plain_text
from reportlib.registers.data import Note, ReadFile, read_file
from reportlib.registers.errors import EndBeforeStartError, Faults, NothingInPeriodError, UnknownEventKindError, shown
from reportlib.registers.event_weeks import Days, monday_of, weeks_between
from reportlib.registers.extract_tables import open_table
from reportlib.registers.participants import People, first_of_months, period_of
from reportlib.registers.selection import TWICE, refuse_in_two_parts, repeated, settle
from reportlib.registers.spelling import canonical, misspelt, nearly, never
from reportlib.trial.extracts import Casework
from reportlib.trial.measures import LongestAtOnePlace
from reportlib.trial.model import Trial

_PERSON, _KIND, _START, _END, _PLACE = "person", "kind", "start", "end", "place"


def event_kinds(trial: Trial) -> list[str]:
    """The kinds of events that the trial's measures count, each once."""
    return list(dict.fromkeys(kind for measure in trial.measures for kind in getattr(measure.computed, "events", ())))


def read_casework(trial: Trial, folder: Path, people: People) -> tuple[pd.DataFrame, ReadFile]:
    """The events of the participants from entry to the last day, sorted by person and day.

    Returns a frame with columns `row` (position in persons), `kind`, `start`, `end` (NaT when open), `place` ("" when
    empty).

    Raises:
        ExtractError: any fault in the file; SeveralFaultsError when there are several.
    """
    spec = trial.extracts.casework
    assert spec is not None
    opened = open_table(folder, spec.file, spec.missing)
    faults = Faults(spec.file)
    wanted = {_PERSON: spec.person, _KIND: spec.kind, _START: spec.start}
    optional = {_END: spec.end, _PLACE: spec.place}
    absent = [] if _needs_places(trial) else [role for role, name in optional.items() if not opened.has(name)]
    wanted |= {role: name for role, name in optional.items() if role not in absent}
    found = opened.find(wanted.values(), faults)
    faults.stop()
    asked = {role: found[name] for role, name in wanted.items()}
    table = opened.read(asked, key=_PERSON, persons=people.wanted)

    ids, kind_cells, start_cells = column(table, _PERSON), column(table, _KIND).labelled(), column(table, _START)
    for cells in (ids, kind_cells, start_cells):
        cells.require(faults)
    kinds = _kinds(kind_cells, event_kinds(trial), faults)
    start = dates(start_cells, faults)
    end = np.full(len(table), np.datetime64("NaT"), dtype="datetime64[D]")
    end_cells = column(table, _END) if _END not in absent else None
    if end_cells is not None:
        end = dates(end_cells, faults)
        end_cells.refuse_rows(faults, end < start, EndBeforeStartError, "the event ends before it starts")
    place_cells = column(table, _PLACE).labelled() if _PLACE not in absent else None
    places = _places(place_cells, faults) if place_cells is not None else np.full(len(table), "", object)
    person = people.position(table, _PERSON, spec, faults)
    faults.stop()

    entry = people.frame["start"].to_numpy().astype("datetime64[D]")[person]
    last_day = np.datetime64(spec.last_day or trial.follow_up.last_day, "D")
    too_soon, too_late = start < entry, start > last_day
    kept = ~too_soon & ~too_late
    if not kept.any():
        what = f"no event of a participant lies between entry and {last_day}"
        hint = "are the dates those of the events, and is extracts.casework.last_day right?"
        raise NothingInPeriodError(spec.file, what, column=start_cells.own_name, hint=hint)
    of_record = [cells for cells in (ids, kind_cells, start_cells, end_cells, place_cells) if cells is not None]
    refuse_in_two_parts([ids, kind_cells, start_cells], spec, faults, kept, "events")
    once, duplicates = settle(of_record, spec, faults, kept)
    repeats = int((kept & ~once).sum())
    kept &= once
    twins = repeated([ids, kind_cells, start_cells], kept)
    known = people.known(person, spec, faults)
    silences = _refuse_holes(spec, people, person[kept], start[kept], last_day, trial.follow_up.weeks, faults)
    faults.stop()
    order = np.lexsort((start[kept], person[kept]))
    frame = pd.DataFrame(
        {
            "row": person[kept][order],
            "kind": kinds[kept][order],
            "start": start[kept][order],
            "end": end[kept][order],
            "place": places[kept][order],
        }
    )
    dropped = {
        "events before entry": int(too_soon.sum()),
        f"events after {last_day}": int(too_late.sum()),
        TWICE: repeats,
    }
    notes = [Note(f"no column {optional[role]}: taken as empty") for role in absent]
    if more := int(twins.sum()):
        what = "events are of the same person, kind and day as another, and differ in the rest: each counts"
        notes.append(Note(what, f"{more:,} events"))
    notes += never("the kind of event", event_kinds(trial), kind_cells.texts)
    occurring = sorted(set(kinds[kept]))
    for text, name in nearly([kind for kind in event_kinds(trial) if kind in occurring], occurring).items():
        what = f"events are of a kind written almost as {name!r}, which a measure counts: they do not count"
        notes.append(Note(what, f"{shown(text)}, {int((kinds[kept] == text).sum()):,} events"))
    notes += first_of_months(start, "event")
    read = read_file(
        table,
        dropped=dropped,
        notes=[*notes, *silences, *people.silent(known)],
        columns=of_record,
        period=period_of(monday_of(start[kept])),
        known=known,
        duplicates=duplicates,
    )
    return frame, read


def _refuse_holes(
    spec: Casework,
    people: People,
    person: Integers,
    start: Days,
    last_day: np.datetime64,
    weeks: int,
    faults: Faults,
) -> list[Note]:
    """Weeks without events between the first entry and the last day; notes on sites that fall silent.

    Persons are followed for `weeks` weeks: later events are not asked for.
    """
    first = people.mondays.min()
    whole_weeks = max(int(weeks_between(first, monday_of(np.array([last_day + 1]))[0])), 0)
    mondays = first + np.arange(whole_weeks) * np.timedelta64(7, "D")
    week = weeks_between(first, monday_of(start))
    sites, site = people.site_codes
    entered = np.minimum(weeks_between(first, people.mondays), whole_weeks)
    left = np.minimum(entered + weeks, whole_weeks)
    inside = week < whole_weeks
    counts = holes.by_site(week[inside], site[person[inside]], whole_weeks, len(sites))
    begun, ended = (holes.by_site(change, site, whole_weeks + 1, len(sites)) for change in (entered, left))
    followed = np.cumsum(begun - ended, axis=0)[:-1]
    found = holes.of_events(counts, followed, sites)
    return holes.refuse(found, spec, mondays, "events", faults)


def _needs_places(trial: Trial) -> bool:
    """True when a measure adds up days at a place."""
    return any(isinstance(measure.computed, LongestAtOnePlace) for measure in trial.measures)


def _places(cells: Column, faults: Faults) -> npt.NDArray[np.object_]:
    """(records,) places; those that differ in case or blanks only are one."""
    plain_text(cells, faults)
    alike = canonical(cells.texts, reversed(cells.texts))
    return replace(cells, texts=tuple(alike[text] for text in cells.texts)).values()


def _kinds(cells: Column, expected: list[str], faults: Faults) -> npt.NDArray[np.object_]:
    """(records,) kinds, spelt as in trial.yml where only case or blanks differ."""
    plain_text(cells, faults)
    for name, written in misspelt(expected, cells.texts).items():
        what = f"a measure counts {name!r}, but the extract writes {shown(written)}"
        hint = "write it alike in both"
        faults.add(UnknownEventKindError(cells.table.file, what, column=cells.own_name, hint=hint))
    spelling = canonical(cells.texts, expected)
    return cells.spread(spelling[text] for text in cells.texts)
