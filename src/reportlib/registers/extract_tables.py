"""The door to the files of a trial: formats by suffix, columns by name, records by person.

Opening a source reads its column names only; reading it loads only the columns asked for, of the persons asked for. A
source may be a folder of parts. Every format ends as Arrow tables, whose cells `reportlib.registers.cells` turns into
text, numbers and dates in one way.
"""

from __future__ import annotations

import csv
import hashlib
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyreadstat

from reportlib.errors import did_you_mean
from reportlib.registers import parquet_file, statistics_file, text_file, workbook_file
from reportlib.registers.errors import (
    FIRST_ROW,
    DuplicateColumnError,
    EmptyFileError,
    ExtractNotFoundError,
    Faults,
    FileChangedError,
    MissingColumnError,
    OverlappingPartsError,
    UnknownFormatError,
    UnreadableFileError,
    shown,
)
from reportlib.registers.selection import Counts, Mask, Rows, Selection, Tallies, Wanted, refuse_names_again
from reportlib.trial.extracts import WORKBOOK, file_and_sheet

_FEWEST = 3
_LIKE_DATA = re.compile(r"[-+\d.,:/\s]*\d[-+\d.,:/\sT]*")  # a number, a date or a personal number
_SPREADSHEETS = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})
_FORMATS: dict[str, ModuleType] = {
    **dict.fromkeys(text_file.SUFFIXES, text_file),
    ".parquet": parquet_file,
    **dict.fromkeys(statistics_file.READERS, statistics_file),
    WORKBOOK: workbook_file,
}
"""Suffix -> the module that reads it: `names(path, file)` and `read(path, file, columns, selection)`."""

_READERS_RAISE = (
    zipfile.BadZipFile,
    ElementTree.ParseError,
    KeyError,
    pa.ArrowException,
    pyreadstat.PyreadstatError,
    pyreadstat.ReadstatError,
    csv.Error,
    ValueError,
    OverflowError,
    OSError,
)


@dataclass(frozen=True)
class Table:
    """The columns that were read, in file order of the records.

    Attributes:
        file: the source as named in trial.yml.
        sha256: of its bytes; of a folder, see `hash_of_tables`.
        pieces: Arrow tables, one after the other, with the columns under the names they were asked for by. The type of
            a column may differ between pieces.
        names: name asked for -> as in the file.
        rows: (records,) each record's spreadsheet row in its file.
        counts: what the source holds, whoever it is about.
        tallies: of the columns asked for, how often each value stands in the whole source.
        parts: the files of a folder that were read, as messages name them.
        part: (records,) position in `parts`; None for a single file.
        part_hashes: SHA-256 of each of `parts`.
        missing: texts that trial.yml says are empty cells.
        position: (records,) whose each is among the persons asked for, or NOT_A_PARTICIPANT; empty without any.
    """

    file: str
    sha256: str
    pieces: tuple[Any, ...]
    names: Mapping[str, str]
    rows: Rows
    counts: Counts = field(default_factory=Counts)
    tallies: Tallies = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    part: Rows | None = None
    part_hashes: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    position: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.rows)

    def places(self, records: Mask) -> list[tuple[str, Rows]]:
        """The file and the rows in it of the records in the mask, file by file."""
        if self.part is None:
            return [(self.file, self.rows[records])] if records.any() else []
        of_part = self.part[records]
        return [(self.parts[part], self.rows[records][of_part == part]) for part in np.unique(of_part).tolist()]


@dataclass(frozen=True)
class Part:
    """One file of a source: its column names are known, its records are not yet read."""

    file: str
    path: Path
    columns: tuple[str, ...]
    state: tuple[int, int]  # size and time of the last change when it was opened

    def own_name(self, name: str) -> str | None:
        """The column called `name`, matched without case where none is written exactly so."""
        if name in self.columns:
            return name
        return next((column for column in self.columns if _fold(column) == _fold(name)), None)

    def refuse_names_below(self, wanted: Collection[str]) -> None:
        """Raise MissingColumnError where a row below the first holds all the names."""
        form = _FORMATS[self.path.suffix.lower()]
        if form not in (text_file, workbook_file):
            return
        with _guarded(self.file, self.path):
            rows = form.first_rows(self.path, self.file)
        folded = {_fold(name) for name in wanted}
        for row, cells in enumerate(rows, start=FIRST_ROW):
            if folded <= {_fold(cell) for cell in cells}:
                what = "the names of the columns stand here, and must be the first row"
                hint = "delete what stands above them"
                raise MissingColumnError(self.file, what, rows=[row], hint=hint)

    def read(self, columns: Mapping[str, str], selection: Selection) -> tuple[list[Any], Rows, str]:
        """The kept records of `columns` (name to use -> name in the file), their rows, and the hash of the file."""
        own = list(dict.fromkeys(columns.values()))
        with _guarded(self.file, self.path):
            with self.path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            pieces, rows = _FORMATS[self.path.suffix.lower()].read(self.path, self.file, own, selection)
            if _state(self.path) != self.state:
                hint = "wait until whatever writes it has finished, then begin again"
                raise FileChangedError(self.file, "the file was changed while it was read", hint=hint)
        return [_renamed(piece, columns) for piece in pieces], rows, sha256


def _renamed(piece: Any, columns: Mapping[str, str]) -> Any:
    """The columns under the names they were asked for by, with what the file tells of them."""
    fields = [piece.schema.field(actual).with_name(wanted) for wanted, actual in columns.items()]
    return pa.Table.from_arrays([piece.column(actual) for actual in columns.values()], schema=pa.schema(fields))


@dataclass(frozen=True)
class TableFile:
    """An opened source: a file, or a folder of parts. Its column names are known, its records are not yet read."""

    file: str
    parts: tuple[Part, ...]
    missing: frozenset[str] = frozenset()  # texts that trial.yml says are empty cells

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all parts, each name once, without case (a single file may have a name twice)."""
        if len(self.parts) == 1:
            return self.parts[0].columns
        by_folded: dict[str, str] = {}
        for part in self.parts:
            for name in part.columns:
                by_folded.setdefault(_fold(name), name)
        return tuple(by_folded.values())

    def find(self, wanted: Iterable[str], faults: Faults) -> dict[str, str]:
        """The source's own name of each wanted column, matched without case and surrounding blanks.

        What is not there (in every part), or there twice, is added to `faults` as MissingColumnError or
        DuplicateColumnError.

        Raises:
            MissingColumnError: none of them is there, because their names stand in a later row.
        """
        found: dict[str, str] = {}
        wanted = list(wanted)
        for part in self.parts:
            if not any(part.own_name(name) for name in wanted):
                part.refuse_names_below(wanted)
            for name in wanted:
                same = [column for column in part.columns if _fold(column) == _fold(name)]
                exact = [candidate for candidate in same if candidate == name]
                if len(same) == 1 or len(exact) == 1:
                    found.setdefault(name, (exact or same)[0])
                elif same:
                    what = f"{len(same)} columns are called {name!r}"
                    faults.add(DuplicateColumnError(part.file, what, column=name, hint="keep one of them"))
                else:
                    what = "the file has no such column"
                    hint = _columns_near(part.path, part.columns, name)
                    faults.add(MissingColumnError(part.file, what, column=name, hint=hint))
        return found

    def has(self, name: str) -> bool:
        """Whether any part has a column of that name; then all must (`find`), or the others would count as empty."""
        return any(part.own_name(name) is not None for part in self.parts)

    def columns_near(self, name: str) -> str | None:
        """A hint with the columns most like `name`; a first line that is itself a record is not shown."""
        return _columns_near(self.parts[0].path, self.columns, name)

    def read(
        self,
        columns: Mapping[str, str],
        *,
        key: str | None = None,
        persons: Wanted | None = None,
        tallied: Sequence[str] = (),
    ) -> Table:
        """The records of the columns in `columns` (name to use -> name in the file); those of parts one after another.

        With `persons`, only the records whose `key` (a name to use) is the id of one of them, or empty. Of `tallied`
        columns (names to use) the values of all records are counted.

        Raises:
            UnreadableFileError: the file is damaged, or some of its subclasses.
            RaggedRowError: a line of a text file has too many or too few cells.
            EmptyFileError: there are no records.
        """
        return self._read(self.parts, columns, key, persons, tallied)

    def read_joined(self, columns: Mapping[str, str], *, key: str, persons: Wanted) -> tuple[Table, ...]:
        """As `read`, for a source with one record per person, whose parts may hold different columns.

        Every column is in exactly one of the tables, beside the key; parts with the same columns (of other persons)
        are one table. Parts with none of the columns are not read.

        Raises:
            OverlappingPartsError: two parts hold the same column, but not the same columns.
        """
        values = {name: actual for name, actual in columns.items() if name != key}
        groups: dict[tuple[str, ...], list[Part]] = {}
        for part in self.parts:
            if own := tuple(name for name, actual in values.items() if part.own_name(actual) is not None):
                groups.setdefault(own, []).append(part)
        first_in: dict[str, Part] = {}
        for own, parts in groups.items():
            if twice := [name for name in own if name in first_in]:
                other = first_in[twice[0]]
                what = f"holds {len(twice)} weeks that {other.file} holds too, the first is {twice[0]}"
                hint = "every week may stand in one part only, unless all weeks of both parts are the same"
                raise OverlappingPartsError(parts[0].file, what, column=parts[0].own_name(values[twice[0]]), hint=hint)
            first_in |= dict.fromkeys(own, parts[0])
        return tuple(
            self._read(parts, {key: columns[key], **{name: values[name] for name in own}}, key, persons, ())
            for own, parts in groups.items()
        )

    def _read(
        self,
        parts: Sequence[Part],
        columns: Mapping[str, str],
        key: str | None,
        persons: Wanted | None,
        tallied: Sequence[str],
    ) -> Table:
        selection = Selection(persons=persons)
        pieces: list[Any] = []
        rows: list[Rows] = []
        hashes: list[tuple[str, str]] = []
        for part in parts:
            own = {wanted: part.own_name(actual) or actual for wanted, actual in columns.items()}
            selection.key = own[key] if key is not None and persons is not None else None
            selection.tallied = {own[name]: name for name in tallied}
            of_part, own_rows, sha256 = part.read(own, selection)
            pieces += of_part
            if selection.key is None:
                seen, first = 0, next(iter(own))
                for piece in of_part:
                    refuse_names_again(piece.column(first), own[first], part.file, own_rows[seen:])
                    seen += piece.num_rows
            rows.append(own_rows)
            hashes.append((part.file, sha256))
        counts = selection.counts()
        if not counts.records:
            raise EmptyFileError(self.file, "the file has a header but no records")
        if not pieces:
            pieces = [pa.table({name: pa.array([], pa.string()) for name in columns})]
        single = len(self.parts) == 1
        whose = [persons.find(piece.column(key)).position for piece in pieces] if persons and key else []
        return Table(
            self.file,
            hashes[0][1] if single else "",
            tuple(pieces),
            dict(columns),
            np.concatenate(rows),
            counts,
            selection.tallies,
            () if single else tuple(part.file for part in parts),
            None if single else np.repeat(np.arange(len(parts)), [len(own) for own in rows]),
            () if single else tuple(sha256 for _, sha256 in hashes),
            self.missing,
            np.concatenate([[], *whose]).astype(np.int64),
        )


def open_table(folder: Path, file: str, missing: Collection[str] = ()) -> TableFile:
    """Open the file, or the folder of parts, named in trial.yml, relative to the trial's folder.

    `missing` are texts that mean an empty cell in it.

    Raises:
        ExtractNotFoundError, UnknownFormatError, UnreadableFileError, EmptyFileError.
    """
    path = folder / file_and_sheet(file)[0]
    if not path.is_dir():
        return TableFile(file, (_open_part(path, file),), frozenset(missing))
    # Programs leave files such as _SUCCESS and .DS_Store beside the parts they write.
    inside = sorted(entry for entry in path.iterdir() if not entry.name.startswith((".", "_")))
    if not inside:
        raise EmptyFileError(file, "the folder holds no parts")
    prefix = file.rstrip("/\\")
    parts = tuple(_open_part(entry, f"{prefix}/{entry.name}") for entry in inside)
    return TableFile(file, parts, frozenset(missing))


def hash_of_tables(tables: Sequence[Table]) -> str:
    """The SHA-256 of a file; of a folder, that of what sha256sum prints for the parts that were read, by name."""
    if tables[0].part is None:
        return tables[0].sha256
    hashes = sorted(pair for table in tables for pair in zip(table.parts, table.part_hashes, strict=True))
    lines = "".join(f"{sha256}  {file}\n" for file, sha256 in hashes)
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()


def _open_part(path: Path, file: str) -> Part:
    if path.suffix.lower() not in _FORMATS:
        excel = path.suffix.lower() in _SPREADSHEETS
        known = f"known: {', '.join(_FORMATS)}"
        hint = f"save it as .xlsx or CSV UTF-8 in the spreadsheet; {known}" if excel else known
        raise UnknownFormatError(file, f"cannot read files that end in {path.suffix!r}", hint=hint)
    if not path.is_file():
        entries = path.parent.iterdir() if path.parent.is_dir() else ()
        beside = [entry.name for entry in entries if entry.suffix.lower() in _FORMATS]
        raise ExtractNotFoundError(file, f"no such file in {path.parent}", hint=did_you_mean(path.name, beside))
    state = _state(path)
    if not state[0]:
        raise EmptyFileError(file, "the file is empty")
    with _guarded(file, path):
        names = _FORMATS[path.suffix.lower()].names(path, file)
    return Part(file, path, tuple(names), state)


@contextmanager
def _guarded(file: str, path: Path) -> Iterator[None]:
    """Whatever a reader raises becomes a fault of ours without file content."""
    try:
        yield
    except _READERS_RAISE as error:
        # The readers quote cells in their messages; those may be personal data, so only the kind of error is told.
        raise UnreadableFileError(
            file,
            f"cannot be read as {path.suffix.lower()} ({type(error).__name__})",
        ) from None


def _columns_near(path: Path, columns: Sequence[str], name: str) -> str | None:
    if any(_LIKE_DATA.fullmatch(column.strip()) for column in columns):
        return "the first line must hold the names of the columns, and seems to hold data"
    if len(columns) < _FEWEST and path.suffix.lower() in text_file.SUFFIXES:
        return f"the first line must hold the names of the columns; it is read as {shown(' '.join(columns))}"
    near = did_you_mean(name, filter(str.strip, columns))
    return f"{near}; trial.yml says under the extract which column is which" if near else None


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _fold(name: str) -> str:
    return name.strip().casefold()
