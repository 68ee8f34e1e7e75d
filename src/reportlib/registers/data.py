"""What the readers hand to the analysis: every extract of a trial, checked, in one record.

What is known week by week are dense arrays of persons x event weeks. Event week 1 is the ISO week of a person's entry,
so column 0 of every array is event week 1. A person is followed in a week that ends no later than the last day the
extracts cover and before any censoring code (emigration, death).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers.cells import Column
from reportlib.registers.codebook import Codebook
from reportlib.registers.errors import FIRST_ROW
from reportlib.registers.extract_tables import Table, hash_of_tables
from reportlib.registers.selection import Counts, total
from reportlib.trial.model import Trial

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int16]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """What is known week by week.

    Attributes:
        followed: (n, weeks) whether the person is followed in the event week.
        dream: (n, weeks) DREAM code, 0 for no benefit, -1 where not followed; None without DREAM.
        dream_before: (n, weeks_before) codes before entry, last column the week before week 1, -1 where unknown.
        hours: (n, weeks) ordinary hours per week, NaN where not followed; None without paid hours.
        hours_before: (n, weeks_before) ordinary hours per week before entry, last column the week before week 1; None
            unless a measure looks at them.
        recorded: (n, weeks) value of each weekly extract, NaN where not followed.
    """

    followed: BoolArray
    dream: IntArray | None = None
    dream_before: IntArray | None = None
    hours: FloatArray | None = None
    hours_before: FloatArray | None = None
    recorded: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def persons(self) -> int:
        return int(self.followed.shape[0])

    @property
    def weeks(self) -> int:
        return int(self.followed.shape[1])


@dataclass(frozen=True)
class Note:
    """What an evaluator should look at although it is no fault.

    Attributes:
        text: words of ours and of trial.yml, and counts. It goes into the ledger, and may leave the server.
        seen: what cells hold, for the screen of the server only: no file ever holds it.
    """

    text: str
    seen: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.seen})" if self.seen else self.text


@dataclass(frozen=True)
class ReadFile:
    """What was read from one file and what was left out, for the summary and the ledger's header.

    Attributes:
        name: the file as named in trial.yml.
        sha256: of its bytes, in hexadecimal.
        rows: records of the file with anything in them.
        dropped: reason -> records left out.
        notes: what an evaluator should look at although it is no fault.
        counts: what the file holds, whoever it is about.
        period: first and last week or month of its records; "" where it has none.
        known: participants with a record, None where records are not of persons.
        participants: of so many.
        duplicates: records that repeat another.
        missing: column -> participants' records without a value.
        kinds: background column -> what it holds.
        origin: the public table it was fetched from, and when, as it is printed; "" of all others.
    """

    name: str
    sha256: str
    rows: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    counts: Counts = field(default_factory=Counts)
    period: str = ""
    known: int | None = None
    participants: int = 0
    duplicates: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    def as_counts(self, threshold: int) -> dict[str, Any]:
        """What may leave the server: counts, those of fewer participants than `threshold` only as such."""
        few = f"<{threshold}"
        known: int | str | None = self.known
        if self.known is not None and 0 < self.known < threshold:
            known = few
        elif self.known is not None and 0 < self.participants - self.known < threshold:
            known = f">{self.participants - threshold}"
        return {
            "name": name_fit_to_keep(self.name),
            "sha256": self.sha256,
            "rows": self.rows,
            "dropped": dict(self.dropped),
            "notes": [note.text for note in self.notes],
            "period": self.period,
            "known": known,
            "duplicates": few if 0 < self.duplicates < threshold else self.duplicates,
            "missing": {name: few if count < threshold else count for name, count in self.missing.items()},
            "kinds": dict(self.kinds),
        }


def name_fit_to_keep(file: str) -> str:
    """A file as trial.yml names it; without its folder where that is a place of this machine."""
    path = PureWindowsPath(file)  # reads both kinds of path
    return path.name if path.anchor or ".." in path.parts else file


_ROWS_OF_A_SPREADSHEET = (65_536, 1_048_576)  # with the header

NOT_TAKING_PART = "records of persons who do not take part"


def read_file(
    *tables: Table,
    dropped: Mapping[str, int] | None = None,
    notes: Iterable[Note] = (),
    outside: str = NOT_TAKING_PART,
    columns: Iterable[Column] = (),
    period: str = "",
    known: npt.NDArray[np.bool_] | None = None,
    duplicates: int = 0,
) -> ReadFile:
    """What was read from the tables of one source; reasons that took nothing out are left out.

    `outside` is the reason that counts the records of persons who were not asked for; `columns` are those whose missing
    values are counted, `known` (n,) says which participants have a record.
    """
    columns = list(columns)
    counts = total(table.counts for table in tables)
    reasoned = [
        Note(f"{cells.own_name}: {count} cells are missing for the reason {reason}")
        for cells in columns
        for reason, count in sorted(cells.special.items())
    ]
    if any(table.counts.lines + 1 in _ROWS_OF_A_SPREADSHEET for table in tables):
        reasoned.append(Note("the file ends where a spreadsheet ends: was it cut off?"))
    reasoned += [Note(remark) for remark in counts.remarks]
    empty = {cells.own_name: int((~cells.present).sum()) for cells in columns}
    reasons = {outside: counts.outside, **(dropped or {})}
    kept = {reason: rows for reason, rows in reasons.items() if rows}
    return ReadFile(
        tables[0].file,
        hash_of_tables(tables),
        counts.records,
        kept,
        (*notes, *reasoned),
        counts,
        period,
        None if known is None else int(known.sum()),
        0 if known is None else len(known),
        duplicates,
        {name: count for name, count in empty.items() if count},
    )


@dataclass(frozen=True)
class TrialData:
    """All extracts of a trial.

    Attributes:
        persons: one row per person, RangeIndex, columns `person` (id as text), `site` (canonical name), `group` (group
            id of trial.yml), `start` (datetime64), `weeks_followed` (int), and the background columns by name.
        panel: arrays whose rows are the rows of `persons`.
        casework: columns `row` (position in `persons`), `kind`, `start`, `end` (datetime64, NaT), `place` (text, ""),
            sorted by row, start; events before entry or after the last day are dropped and counted. None without
            casework.
        surveys: per survey id, the answer sheets: columns `site` (canonical, "" if none), `row` (position in `persons`
            or -1), one per item (numbers where all answers are numbers, otherwise text; missing = NaN/None).
        files: what was read, per extract.
        series: per series id, columns `month` (datetime64[M]), `area` (canonical name), `count`, `base`.
        rows: (n,) spreadsheet row of each person in the participants' file; None is in order from the first.
    """

    trial: Trial
    persons: pd.DataFrame
    panel: Panel
    codebook: Codebook | None
    casework: pd.DataFrame | None
    surveys: Mapping[str, pd.DataFrame]
    files: tuple[ReadFile, ...]
    series: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    rows: npt.NDArray[np.int64] | None = None
    _made: dict[tuple[str, str], FloatArray] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def rows_of_participants(self) -> npt.NDArray[np.int64]:
        """(n,) spreadsheet row of each person in the participants' file."""
        return np.arange(FIRST_ROW, FIRST_ROW + len(self.persons)) if self.rows is None else self.rows

    def made_once(self, what: str, name: str, make: Callable[[], FloatArray]) -> FloatArray:
        """What `make` gives, made once for these data and kept; nobody may write in it."""
        if (what, name) not in self._made:
            values = make().view()
            values.flags.writeable = False
            self._made[what, name] = values
        return self._made[what, name]
