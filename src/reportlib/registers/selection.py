"""Which records of a file are kept, decided from the person's id alone, and what is counted on the way.

Files may hold a whole country: of the records of others nothing stays but their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reportlib.registers.cells import as_text, short_of_digits
from reportlib.registers.errors import UnreadableFileError
from reportlib.registers.persons import Wanted, rounded

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

Tallies = Mapping[str, Mapping[str, int]]
"""Column -> its distinct texts (as `as_text` writes them, "" for missing) -> records that have it."""

_FIRST_ROWS = 5
LOOKED_AT = 100
"""Records that are looked at where a look at some is enough."""


@dataclass(frozen=True)
class Counts:
    """What a file (or a folder of parts) holds, whoever it is about.

    Attributes:
        lines: records of the file, counted apart from the parser (for text by its line ends, else from its metadata).
        blank: of them without anything in the columns that are read.
        outside: of them about other persons than those asked for.
        alike: persons asked for whose id stands there written in another way only by zeros, signs, case or blanks.
        alike_records: records with such an id; they are among `outside`.
        alike_rows: the first of their spreadsheet rows, with the file that holds them.
        rounded: where the first id that has lost digits stands, file and row: floats too short for them, or a
            spreadsheet's 1,02E+09.
        remarks: what the file says of itself that an evaluator should know.
    """

    lines: int = 0
    blank: int = 0
    outside: int = 0
    alike: int = 0
    alike_records: int = 0
    alike_rows: tuple[tuple[str, int], ...] = ()
    rounded: tuple[str, int] | None = None
    remarks: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        """Records with something in them, of whomever."""
        return self.lines - self.blank


def total(counts: Iterable[Counts]) -> Counts:
    """The counts of a source that was read as several tables."""
    each = list(counts)
    return Counts(
        lines=sum(one.lines for one in each),
        blank=sum(one.blank for one in each),
        outside=sum(one.outside for one in each),
        alike=max((one.alike for one in each), default=0),
        alike_records=sum(one.alike_records for one in each),
        alike_rows=tuple(place for one in each for place in one.alike_rows)[:_FIRST_ROWS],
        rounded=next((one.rounded for one in each if one.rounded), None),
        remarks=tuple(dict.fromkeys(remark for one in each for remark in one.remarks)),
    )


@dataclass
class Selection:
    """Decides about the records of a source, block by block; one for all its parts.

    Attributes:
        key: the column with the person's id, None where every record is kept.
        persons: those whose records are kept; records without any id are kept too, so that they can be refused.
        tallied: column in the file -> name, of columns whose values are counted over all records, kept or not.
    """

    key: str | None = None
    persons: Wanted | None = None
    tallied: Mapping[str, str] = field(default_factory=dict)
    lines: int = 0
    blank: int = 0
    outside: int = 0
    tallies: dict[str, dict[str, int]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    _alike: set[int] = field(default_factory=set)
    _alike_records: int = 0
    _alike_rows: list[tuple[str, int]] = field(default_factory=list)
    _rounded: tuple[str, int] | None = None

    @property
    def columns(self) -> list[str]:
        """The columns that `keep` needs."""
        key = [self.key] if self.key is not None else []
        return list(dict.fromkeys([*key, *self.tallied]))

    def keep(self, head: Any, file: str, rows: Rows) -> Mask | None:
        """(records,) which records of `head` (an Arrow table with `columns`) are kept; None for all of them.

        Raises:
            UnreadableFileError: a record holds the names of the columns.
        """
        for column, name in self.tallied.items():
            self._tally(name, head.column(column))
        if self.key is None or self.persons is None:
            return None
        found = self.persons.find(head.column(self.key))
        kept: Mask = (found.position >= 0) | found.empty
        if not kept.all():
            refuse_names_again(head.column(self.key), self.key, file, rows)
        self.outside += int((~kept).sum())
        if self._rounded is None and (lost := _lost_digits(head.column(self.key), kept)) is not None:
            self._rounded = (file, int(rows[lost]))
        alike = found.alike >= 0
        if alike.any():
            self._alike |= set(found.alike[alike].tolist())
            self._alike_records += int(alike.sum())
            room = _FIRST_ROWS - len(self._alike_rows)
            self._alike_rows += [(file, int(row)) for row in rows[alike][:room]]
        return None if kept.all() else kept

    def counts(self) -> Counts:
        """What was counted so far."""
        return Counts(
            lines=self.lines,
            blank=self.blank,
            outside=self.outside,
            alike=len(self._alike),
            alike_records=self._alike_records,
            alike_rows=tuple(self._alike_rows),
            rounded=self._rounded,
            remarks=tuple(self.remarks),
        )

    def _tally(self, name: str, cells: Any) -> None:
        of_column = self.tallies.setdefault(name, {})
        for pair in pc.value_counts(cells).to_pylist():
            text = as_text(pair["values"])
            of_column[text] = of_column.get(text, 0) + pair["counts"]


def _lost_digits(ids: Any, kept: Mask) -> int | None:
    """The first record of a block whose id is rounded; of texts, the first that are not kept show it."""
    if any(short_of_digits(chunk) for chunk in ids.chunks):
        return 0
    others = np.flatnonzero(~kept)[:LOOKED_AT]
    texts = [as_text(one) for one in ids.take(pa.array(others)).to_pylist()]
    return next((int(others[place]) for place, text in enumerate(texts) if rounded(text)), None)


def refuse_names_again(cells: Any, name: str, file: str, rows: Rows) -> None:
    """The name of a column among its cells begins another file, whose columns may stand in another order.

    Raises:
        UnreadableFileError: it stands in one of the `rows`.
    """
    if pa.types.is_string(cells.type) and (at := pc.index(cells, name).as_py()) >= 0:
        what = "the names of the columns stand here again: were two files put together?"
        hint = "keep them as parts of a folder; if their columns stand in one order, delete the row"
        raise UnreadableFileError(file, what, rows=[int(rows[at])], hint=hint)
