"""Counts by month and area, as public benefit statistics give them: one record per month and area."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from reportlib.danish import on_date
from reportlib.registers import holes
from reportlib.registers.cells import column, dates, months, numbers
from reportlib.registers.data import ReadFile, read_file
from reportlib.registers.errors import (
    DuplicateMonthError,
    Faults,
    FetchedElsewhereError,
    MissingMonthsError,
    NegativeCountError,
    shown,
)
from reportlib.registers.extract_tables import Table, open_table
from reportlib.registers.participants import sites
from reportlib.trial.extracts import FETCHED, MonthlySeries, PublicStatistics
from reportlib.trial.model import Trial

_PLENTY = 20  # counted beside a month of noughts: less may be chance in a small area
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
