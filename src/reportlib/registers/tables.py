"""Reading tables by suffix: text, Parquet, SAS and Stata. The one place that knows file formats.

Opening a file reads its column names only; reading it loads only the columns asked for. Every format ends as an Arrow
table, whose cells `reportlib.registers.cells` turns into text, numbers and dates in one way.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet
import pyreadstat

from reportlib.errors import did_you_mean
from reportlib.registers.errors import (
    FIRST_ROW,
    DuplicateColumnError,
    EmptyFileError,
    ExtractNotFoundError,
    Faults,
    MissingColumnError,
    RaggedRowError,
    UnknownFormatError,
    UnreadableFileError,
    shown,
)

_T = TypeVar("_T")
_Rows = npt.NDArray[np.int64]
_FEWEST = 3
_LIKE_DATA = re.compile(r"[-+\d.,:/\s]*\d[-+\d.,:/\sT]*")  # a number, a date or a personal number


@dataclass(frozen=True)
class Table:
    """The columns that were read, in file order of the records.

    `data` has the columns under the names they were asked for by; `rows` holds each record's spreadsheet row.
    """

    file: str
    sha256: str
    data: Any  # pyarrow.Table
    names: Mapping[str, str]  # asked for -> as in the file
    rows: _Rows

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class TableFile:
    """An opened file: its column names are known, its records are not yet read."""

    file: str
    columns: tuple[str, ...]
    _content: bytes
    _path: Path

    @property
    def sha256(self) -> str:
        """SHA-256 of the file as it was opened, in hexadecimal."""
        return hashlib.sha256(self._content).hexdigest()

    def find(self, wanted: Iterable[str], faults: Faults) -> dict[str, str]:
        """The file's own name of each wanted column, matched without case and surrounding blanks.

        What is not there, or there twice, is added to `faults` as MissingColumnError or DuplicateColumnError.
        """
        by_folded: dict[str, list[str]] = {}
        for name in self.columns:
            by_folded.setdefault(_fold(name), []).append(name)
        found: dict[str, str] = {}
        for name in wanted:
            same = by_folded.get(_fold(name), [])
            exact = [candidate for candidate in same if candidate == name]
            if len(same) == 1 or len(exact) == 1:
                found[name] = (exact or same)[0]
            elif same:
                faults.add(
                    DuplicateColumnError(
                        self.file, f"{len(same)} columns are called {name!r}", column=name, hint="keep one of them"
                    )
                )
            else:
                missing = "the file has no such column"
                faults.add(MissingColumnError(self.file, missing, column=name, hint=self.columns_near(name)))
        return found

    def has(self, name: str) -> bool:
        """Whether there is a column of that name."""
        return _fold(name) in {_fold(column) for column in self.columns}

    def columns_near(self, name: str) -> str | None:
        """A hint with the columns most like `name`; a first line that is itself a record is not shown."""
        if any(_LIKE_DATA.fullmatch(column.strip()) for column in self.columns):
            return "the first line must hold the names of the columns, and seems to hold data"
        if len(self.columns) < _FEWEST and self._path.suffix.lower() in _TEXT_SUFFIXES:
            return f"the first line must hold the names of the columns; it is read as {shown(' '.join(self.columns))}"
        return did_you_mean(name, self.columns)

    def read(self, columns: Mapping[str, str]) -> Table:
        """The records of the columns in `columns` (name to use -> name in the file).

        Raises:
            UnreadableFileError: the file is damaged.
            RaggedRowError: a line of a text file has too many or too few cells.
            EmptyFileError: there are no records.
        """
        names = list(dict.fromkeys(columns.values()))
        data, rows = _guarded(self.file, self._path, lambda form: form.records(self._content, self._path, names))
        if not len(rows):
            raise EmptyFileError(self.file, "the file has a header but no records")
        data = pa.table({wanted: data.column(names.index(actual)) for wanted, actual in columns.items()})
        return Table(self.file, self.sha256, data, dict(columns), rows)


def open_table(folder: Path, file: str) -> TableFile:
    """Open the file named in trial.yml, relative to the trial's folder.

    Raises:
        ExtractNotFoundError, UnknownFormatError, UnreadableFileError, EmptyFileError.
    """
    path = folder / file
    if path.suffix.lower() not in _FORMATS:
        excel = path.suffix.lower() in _SPREADSHEETS
        known = f"known: {', '.join(_FORMATS)}"
        hint = f"save it as CSV UTF-8 in the spreadsheet; {known}" if excel else known
        raise UnknownFormatError(file, f"cannot read files that end in {path.suffix!r}", hint=hint)
    if not path.is_file():
        beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        raise ExtractNotFoundError(file, f"no such file in {folder}", hint=did_you_mean(path.name, beside))
    content = path.read_bytes()
    if content.startswith(_ZIP) and path.suffix.lower() in _TEXT_SUFFIXES:
        hint = "in the spreadsheet, save it as CSV UTF-8; another suffix is not enough"
        raise UnreadableFileError(file, "this is a spreadsheet or another packed file, not text", hint=hint)
    if not content.strip():
        raise EmptyFileError(file, "the file is empty")
    names = _guarded(file, path, lambda form: form.names(content, path))
    return TableFile(file, tuple(names), content, path)


class _OpenQuoteError(Exception):
    """A quotation mark in a text file is not closed, so that a cell swallows the lines after it."""


class _NoHeaderError(Exception):
    """A text file whose first line is empty."""


class _RaggedRowsError(Exception):
    """Lines of a text file that do not fit the header: their spreadsheet rows."""

    def __init__(self, rows: list[int], expected: int) -> None:
        super().__init__()
        self.rows, self.expected = rows, expected


_READERS_RAISE = (
    pa.ArrowException,
    pyreadstat.PyreadstatError,
    pyreadstat.ReadstatError,
    csv.Error,
    ValueError,
    OverflowError,
    OSError,
)


def _guarded(file: str, path: Path, action: Callable[[_Format], _T]) -> _T:
    """Do `action` with the format of `path`; whatever a reader raises becomes a fault of ours without file content."""
    try:
        return action(_FORMATS[path.suffix.lower()])
    except _RaggedRowsError as ragged:
        raise RaggedRowError(
            file,
            f"not {ragged.expected} cells as in the header",
            rows=ragged.rows,
            hint="is a separator missing, or a text with a separator in it not quoted?",
        ) from None
    except _NoHeaderError:
        hint = "delete what stands above the names of the columns"
        raise UnreadableFileError(
            file, "the first line must hold the names of the columns, and is empty", hint=hint
        ) from None
    except _OpenQuoteError:
        hint = "find the quotation mark that stands alone; a mark within a quoted text is written twice"
        raise UnreadableFileError(file, "a quotation mark is not closed", hint=hint) from None
    except _READERS_RAISE as error:
        # The readers quote cells in their messages; those may be personal data, so only the kind of error is told.
        raise UnreadableFileError(
            file,
            f"cannot be read as {path.suffix.lower()} ({type(error).__name__})",
            hint="is it complete, and is the suffix right?",
        ) from None


# --- Text: separators, encodings, blank lines

_SEPARATORS = ";\t,"
_ZIP = b"PK\x03\x04"
_SPREADSHEETS = frozenset({".xlsx", ".xls", ".xlsm", ".ods"})
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
_BLOCK_LIMIT = 1 << 30


def _utf8(content: bytes) -> bytes:
    """The text as UTF-8 without byte order mark: UTF-8, UTF-16 with a mark, else Windows-1252 or Latin-1."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16").encode("utf-8")
    if b"\0" in content:
        raise ValueError("not text")
    content = content.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return content if encoding == "utf-8" else text.encode("utf-8")
    return content.decode("latin-1").encode("utf-8")


def _header(content: bytes) -> tuple[str, list[str]]:
    """The separator (the commonest of `;`, tab and `,` in the header) and the column names."""
    end = min((at for at in (content.find(b"\n"), content.find(b"\r")) if at >= 0), default=len(content))
    line = content[:end].decode("utf-8")
    names = {separator: next(csv.reader([line], delimiter=separator), []) for separator in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda candidate: len(names[candidate]))
    if not line.strip():
        raise _NoHeaderError
    return separator, [name.strip() for name in names[separator]]


def _text_names(content: bytes, path: Path) -> list[str]:
    return _header(_utf8(content))[1]


def _text_records(content: bytes, path: Path, names: list[str]) -> tuple[Any, _Rows]:
    content = _utf8(content)
    if content.count(b'"') % 2:
        raise _OpenQuoteError
    separator, header = _header(content)
    blank: list[int] = []
    ragged: list[int] = []

    def on_misfit(row: Any) -> str:
        (ragged if row.text.strip() else blank).append(row.number)
        return "skip"

    numbered = [f"c{position}" for position in range(len(header))]
    wanted = [numbered[header.index(name)] for name in names]
    table = pa_csv.read_csv(
        io.BytesIO(content if content.endswith((b"\n", b"\r")) else content + b"\n"),
        # One block and one thread: only then does a misfit know its row.
        read_options=pa_csv.ReadOptions(
            use_threads=False,
            block_size=min(len(content) + 2, _BLOCK_LIMIT),
            column_names=numbered,
            skip_rows_after_names=1,
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=on_misfit,
        ),
        convert_options=pa_csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),
            strings_can_be_null=False,
        ),
    )
    if ragged:
        raise _RaggedRowsError(ragged, len(header))
    rows = np.setdiff1d(np.arange(FIRST_ROW, FIRST_ROW + table.num_rows + len(blank)), blank)
    filled = _has_content(table)
    return table.filter(pa.array(filled)) if not filled.all() else table, rows[filled]


def _has_content(table: Any) -> npt.NDArray[np.bool_]:
    """Which records have anything in them: spreadsheets leave rows of bare separators behind."""
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        if filled.all():
            break
        filled |= np.asarray(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0))
    return filled


# --- Parquet, SAS and Stata


def _parquet_names(content: bytes, path: Path) -> list[str]:
    return list(pa_parquet.ParquetFile(pa.BufferReader(content)).schema_arrow.names)


def _parquet_records(content: bytes, path: Path, names: list[str]) -> tuple[Any, _Rows]:
    # Texts as the file keeps them, each distinct one once: the weeks of DREAM are a few hundred codes, written millions
    # of times. Columns of other types are read as they are.
    table = pa_parquet.read_table(pa.BufferReader(content), columns=names, read_dictionary=names)
    return _numbered(table.select(names))


def _pyreadstat_format(read: Callable[..., Any]) -> _Format:
    def names(content: bytes, path: Path) -> list[str]:
        return list(read(str(path), metadataonly=True)[1].column_names)

    def records(content: bytes, path: Path, names: list[str]) -> tuple[Any, _Rows]:
        frame = read(str(path), usecols=names)[0]
        return _numbered(pa.Table.from_pandas(frame[names], preserve_index=False))

    return _Format(names, records)


def _numbered(table: Any) -> tuple[Any, _Rows]:
    return table, np.arange(FIRST_ROW, FIRST_ROW + table.num_rows)


@dataclass(frozen=True)
class _Format:
    """How to read one kind of file: its column names, and the records of some columns with their row numbers."""

    names: Callable[[bytes, Path], list[str]]
    records: Callable[[bytes, Path, list[str]], tuple[Any, _Rows]]


_TEXT = _Format(_text_names, _text_records)
_FORMATS: dict[str, _Format] = {
    ".csv": _TEXT,
    ".tsv": _TEXT,
    ".txt": _TEXT,
    ".parquet": _Format(_parquet_names, _parquet_records),
    ".sas7bdat": _pyreadstat_format(pyreadstat.read_sas7bdat),
    ".dta": _pyreadstat_format(pyreadstat.read_dta),
}


def _fold(name: str) -> str:
    return name.strip().casefold()
