"""Tables as text: separators, encodings, quotation marks, line ends.

The file is read once, in blocks cut at the ends of records. Where the records end is found from line ends and quotation
marks alone, without the parser; what the parser gives is held against it, so that no record can go missing. First only
the columns that decide about a record are parsed; of the records that are not kept nothing else is looked at.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from reportlib.registers.errors import (
    FIRST_ROW,
    EmptyFileError,
    LostRowsError,
    MixedEncodingError,
    RaggedRowError,
    StrayQuotationMarkError,
    UnreadableFileError,
)
from reportlib.registers.selection import LOOKED_AT, Rows, Selection

SUFFIXES = (".csv", ".tsv", ".txt")

_SEPARATORS = ";\t,"
_ZIP = b"PK\x03\x04"
BLOCK = 4 << 20
LONGEST_RECORD = 64 << 20
_LF, _CR, _QUOTE = 10, 13, 34
_FEW = 0.5  # share of a block's records up to which parsing the kept ones alone is cheaper
_NOT_CLOSED = "a quotation mark is not closed"
_UNQUOTED_HINT = (
    "a cell begins and ends with a mark or has none; a mark within a quoted text is written twice. If a text really"
    " holds line ends, replace them by blanks in the extract"
)

# Windows-1252 as browsers read it: the five bytes it does not use are the control characters of Latin-1.
_WINDOWS = "".join(
    bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte) for byte in range(256)
)


@dataclass(frozen=True)
class Header:
    """The first line of a text file."""

    separator: str
    names: tuple[str, ...]


def names(path: Path, file: str) -> list[str]:
    """The names of the columns.

    Raises:
        UnreadableFileError, EmptyFileError.
    """
    with path.open("rb") as stream:
        for block in _blocks(stream, file):
            line = block[: _line_end(block)]
            return list(_header(_Encoding(file).text(line), file, alone=not block.strip()).names)
    raise EmptyFileError(file, "the file is empty")


def first_rows(path: Path, file: str) -> list[list[str]]:
    """The cells of the lines after the first, of which one may hold the names of the columns."""
    with path.open("rb") as stream:
        text = _Encoding(file).text(next(_blocks(stream, file))).decode("utf-8")
    lines = text.splitlines()[1 : 1 + LOOKED_AT]
    return [
        list(_header(line.encode("utf-8"), file).names) if line.strip() and line.count('"') % 2 == 0 else []
        for line in lines
    ]


def read(path: Path, file: str, columns: Sequence[str], selection: Selection) -> tuple[list[Any], Rows]:
    """The kept records of `columns` as Arrow tables of texts, and their rows.

    Raises:
        StrayQuotationMarkError, MixedEncodingError, RaggedRowError, LostRowsError.
    """
    encoding = _Encoding(file)
    reader: _Reader | None = None
    with path.open("rb") as stream:
        for block in _blocks(stream, file):
            if reader is None:
                content = encoding.text(block)
                end = _line_end(content)
                reader = _Reader(file, _header(content[:end], file), list(columns), selection)
                reader.take(content[end:])
            else:
                reader.take(encoding.text(block, reader.rest, reader.row))
    if reader is None:  # emptied since it was opened, which whoever opened it tells
        return [], np.zeros(0, dtype=np.int64)
    return reader.finish()


# --- Bytes to UTF-8


@dataclass
class _Encoding:
    """Which of UTF-8 and Windows-1252 the bytes are, found out block by block.

    Attributes:
        utf8_row, other_row: the first spreadsheet row with a letter in UTF-8, and with bytes that are none.
    """

    file: str
    utf8_row: int | None = None
    other_row: int | None = None

    def text(self, block: bytes, rest: bytes = b"", row: int = 1) -> bytes:
        """`block` as UTF-8; it comes after `rest`, which begins with the spreadsheet row `row`."""

        def row_at(place: int) -> int:
            return row + len(_record_ends(rest + block[:place])[0])

        if b"\0" in block:
            hint = "write the file anew as CSV UTF-8"
            what = "a zero byte: this is not text, or damaged"
            raise MixedEncodingError(self.file, what, rows=[row_at(block.index(b"\0"))], hint=hint)
        if block.isascii():
            return block
        readable = block.decode("utf-8", "ignore")
        if len(first := _first_high(readable)) and self.utf8_row is None:
            self.utf8_row = row_at(block.index(first.encode("utf-8")))
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as error:
            if self.other_row is None:
                self.other_row = row_at(error.start)
        if self.other_row is None:
            return block
        if self.utf8_row is not None:
            raise MixedEncodingError(
                self.file,
                f"letters of two encodings: UTF-8 in row {self.utf8_row}, other bytes in row {self.other_row}",
                rows={self.utf8_row, self.other_row},
                hint="write the whole file in UTF-8; perhaps two files were put together, or a letter was cut in two",
            )
        return codecs.charmap_decode(block, "strict", _WINDOWS)[0].encode("utf-8")


def _first_high(text: str) -> str:
    """The first letter beyond ASCII, "" without any."""
    return next((character for character in text if not character.isascii()), "") if not text.isascii() else ""


def _blocks(stream: Any, file: str) -> Iterator[bytes]:
    """The file without byte order mark, UTF-16 as UTF-8, in blocks that end with a line (the last as the file ends)."""
    first, rest = True, b""
    utf16: codecs.IncrementalDecoder | None = None
    while piece := stream.read(BLOCK):
        if first:
            first = False
            if piece.startswith(_ZIP):
                hint = "in the spreadsheet, save it as CSV UTF-8; another suffix is not enough"
                what = "this is a spreadsheet or another packed file, not text"
                raise UnreadableFileError(file, what, hint=hint)
            if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                utf16 = codecs.getincrementaldecoder("utf-16")()
            else:
                piece = piece.removeprefix(codecs.BOM_UTF8)
        if utf16 is not None:
            piece = _from_utf16(utf16, piece, file)
        piece = rest + piece if rest else piece
        # The last carriage return may be half of a line end.
        cut = piece.rfind(b"\n") + 1 or piece[:-1].rfind(b"\r") + 1
        if not cut and len(piece) > LONGEST_RECORD:
            what = f"no line end in the first {LONGEST_RECORD >> 20} MB: this is no table of text"
            raise UnreadableFileError(file, what)
        if cut:
            yield piece[:cut]
        rest = piece[cut:]
    if utf16 is not None:
        rest += _from_utf16(utf16, b"", file, final=True)
    if rest:
        yield rest


def _from_utf16(decoder: codecs.IncrementalDecoder, piece: bytes, file: str, *, final: bool = False) -> bytes:
    try:
        return decoder.decode(piece, final).encode("utf-8")
    except UnicodeError:
        raise UnreadableFileError(file, "damaged UTF-16", hint="write the file anew as CSV UTF-8") from None


# --- The header


def _line_end(content: bytes) -> int:
    """Where the line after the first begins."""
    ends = [at for at in (content.find(b"\n"), content.find(b"\r")) if at >= 0]
    if not ends:
        return len(content)
    end = min(ends)
    return end + 2 if content[end : end + 2] == b"\r\n" else end + 1


def _header(first_line: bytes, file: str, *, alone: bool = False) -> Header:
    """The separator (the commonest of `;`, tab and `,` in the header) and the column names."""
    line = first_line.rstrip(b"\r\n").decode("utf-8")
    try:
        found = {separator: next(csv.reader([line], delimiter=separator), []) for separator in _SEPARATORS}
    except csv.Error:
        hint = "the first line must hold the names of the columns"
        raise UnreadableFileError(file, "the names of the columns cannot be read", rows=[1], hint=hint) from None
    separator = max(_SEPARATORS, key=lambda candidate: len(found[candidate]))
    if not line.strip():
        if alone:
            raise EmptyFileError(file, "the file is empty")
        hint = "delete what stands above the names of the columns"
        raise UnreadableFileError(file, "the first line must hold the names of the columns, and is empty", hint=hint)
    if line.count('"') % 2:
        raise StrayQuotationMarkError(
            file, "a quotation mark is not closed in the names of the columns", rows=[1], hint=_UNQUOTED_HINT
        )
    return Header(separator, tuple(name.strip() for name in found[separator]))


# --- Records


@dataclass
class _Reader:
    """Takes the text block by block and keeps the records of `selection`."""

    file: str
    header: Header
    columns: list[str]
    selection: Selection
    row: int = FIRST_ROW  # of the record with which `rest` begins
    rest: bytes = b""
    _kept: list[bytes] = field(default_factory=list)
    _kept_rows: list[Rows] = field(default_factory=list)
    _pieces: list[Any] = field(default_factory=list)
    _rows: list[Rows] = field(default_factory=list)

    def take(self, content: bytes) -> None:
        """Read the whole records of `rest` and `content`; what follows the last becomes `rest`."""
        content = self.rest + content if self.rest else content
        ends = self._ends(content)
        cut = int(ends[-1]) if len(ends) else 0
        content, self.rest = content[:cut], content[cut:]
        if len(self.rest) > LONGEST_RECORD:
            raise self._stray(self.row + len(ends), _NOT_CLOSED)
        if not len(ends):
            return
        rows = np.arange(self.row, self.row + len(ends), dtype=np.int64)
        self.row += len(ends)
        self.selection.lines += len(ends)
        deciding = self.selection.columns
        head, own = self._parsed(content, deciding or self.columns, rows)
        self.selection.blank += len(rows) - len(own)
        if not deciding:
            self._add(head, own)
            return
        kept = self.selection.keep(head, self.file, own)
        if kept is None or kept.sum() > _FEW * len(rows):
            table, own = self._parsed(content, self.columns, rows)
            self._add(table if kept is None else table.filter(pa.array(kept)), own if kept is None else own[kept])
        elif kept.any():
            places = own[kept] - rows[0]  # the lines of blanks are not among `own`
            begins = np.concatenate([[0], ends[:-1]])
            for begin, end in zip(begins[places].tolist(), ends[places].tolist(), strict=True):
                self._kept.append(content[begin:end])
            self._kept_rows.append(own[kept])
            if sum(map(len, self._kept)) > BLOCK:
                self._flush()

    def finish(self) -> tuple[list[Any], Rows]:
        """Everything that was kept, in the order of the file."""
        if self.rest:  # the last line may lack its end
            if self.row > FIRST_ROW:
                self.selection.remarks.append("the last line has no end: is the file whole?")
            self.take(b"\n")
        if self.rest:
            raise self._stray(self.row, _NOT_CLOSED)
        self._flush()
        return self._pieces, np.concatenate(self._rows) if self._rows else np.zeros(0, dtype=np.int64)

    def _flush(self) -> None:
        if self._kept:
            rows = np.concatenate(self._kept_rows)
            content = b"".join(self._kept)
            self._kept, self._kept_rows = [], []
            self._add(*self._parsed(content, self.columns, rows))

    def _add(self, table: Any, rows: Rows) -> None:
        """Keep parsed records, but for those without anything in the columns read: spreadsheets leave such behind."""
        if self._kept:  # the order of the file
            self._flush()
        filled = _has_content(table)
        if not filled.all():
            self.selection.blank += int((~filled).sum())
            table, rows = table.filter(pa.array(filled)), rows[filled]
        if len(rows):
            self._pieces.append(table)
            self._rows.append(rows)

    def _parsed(self, content: bytes, columns: Sequence[str], rows: Rows) -> tuple[Any, Rows]:
        """The records of `content`, whose spreadsheet rows are `rows`; lines of blanks are left out."""
        blank: list[int] = []
        ragged: list[int] = []

        def on_misfit(row: Any) -> str:
            (ragged if row.text.strip() else blank).append(row.number - 1)
            return "skip"

        numbered = [f"c{position}" for position in range(len(self.header.names))]
        wanted = [numbered[self.header.names.index(name)] for name in columns]
        table = pa_csv.read_csv(
            io.BytesIO(content),
            # One block and one thread: only then does a misfit know its row.
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=numbered),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.header.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=on_misfit,
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,  # done before
            ),
        )
        if ragged:
            raise RaggedRowError(
                self.file,
                f"not {len(numbered)} cells as in the header",
                rows=rows[ragged],
                hint="is a separator missing, or a text with a separator in it not quoted? Is it no record, but a"
                " note or a total, or is the file cut off?",
            )
        if table.num_rows + len(blank) != len(rows):
            raise LostRowsError(
                self.file,
                f"rows {rows[0]} to {rows[-1]} are {len(rows)} lines, but the parser sees {table.num_rows + len(blank)}"
                " records",
                hint="look for quotation marks and line ends within cells",
            )
        if blank:
            mask = np.ones(len(rows), dtype=bool)
            mask[blank] = False
            rows = rows[mask]
        return table.rename_columns(list(columns)), rows

    def _stray(self, row: int, what: str) -> StrayQuotationMarkError:
        return StrayQuotationMarkError(self.file, what, rows=[row], hint=_UNQUOTED_HINT)

    def _ends(self, content: bytes) -> Rows:
        """Where each record ends, just after its line end.

        Raises:
            StrayQuotationMarkError: a mark is neither at the edge of a cell nor doubled, or a quoted cell holds what
                by itself would be whole records.
        """
        ends, lines = _record_ends(content)
        if b'"' in content and len(ends):
            data = np.frombuffer(content, np.uint8)
            quotes = np.flatnonzero(data == _QUOTE)
            self._refuse_misplaced(data, quotes[quotes < ends[-1]], ends)
            if len(ends) < len(lines):
                self._refuse_swallowed(data, lines[lines <= ends[-1]], ends)
        return ends

    def _refuse_misplaced(self, data: npt.NDArray[np.uint8], quotes: Rows, ends: Rows) -> None:
        """A mark opens a cell at its beginning, closes it at its end, or is one of two in a quoted text."""
        edge = np.zeros(256, dtype=bool)
        edge[[ord(self.header.separator), _LF, _CR, _QUOTE]] = True
        opening, closing = quotes[0::2], quotes[1::2]
        bad_opening = (opening > 0) & ~edge[data[np.maximum(opening - 1, 0)]]
        bad_closing = ~edge[data[np.minimum(closing + 1, len(data) - 1)]]
        bad = np.concatenate([opening[bad_opening], opening[: len(closing)][bad_closing]])
        if len(bad):
            row = self.row + int(np.searchsorted(ends, bad.min(), side="right"))
            raise self._stray(row, "a quotation mark stands within a cell, or opens one that does not end with a mark")

    def _refuse_swallowed(self, data: npt.NDArray[np.uint8], lines: Rows, ends: Rows) -> None:
        """Refuse a record over several lines of which one within, or each, has as many cells as a whole record."""
        separators = np.concatenate([[0], np.cumsum(data == ord(self.header.separator))])
        begins = np.concatenate([[0], lines[:-1]])
        whole = separators[lines] - separators[begins] == len(self.header.names) - 1
        record = np.searchsorted(ends, lines)  # which record each line belongs to
        count = np.bincount(record, minlength=len(ends))
        first = np.searchsorted(record, np.arange(len(ends)))
        within = np.ones(len(lines), dtype=bool)
        within[first] = within[first + count - 1] = False
        whole_within = np.bincount(record, weights=whole & within, minlength=len(ends)) > 0
        all_whole = np.bincount(record, weights=whole, minlength=len(ends)) == count
        bad = np.flatnonzero((count > 1) & (whole_within | all_whole))
        if len(bad):
            raise self._stray(
                self.row + int(bad[0]), "a quotation mark opens here and closes only in a later line, over whole rows"
            )


def _record_ends(content: bytes) -> tuple[Rows, Rows]:
    """Just after the end of each record, and of each line: line ends within quotation marks end no record."""
    data = np.frombuffer(content, np.uint8)
    if b"\r" not in content or content.count(b"\r\n") == content.count(b"\r"):
        at = np.flatnonzero(data == _LF)
    else:  # a carriage return alone is a line end too
        alone = data == _CR
        alone[:-1] &= data[1:] != _LF
        at = np.flatnonzero(alone | (data == _LF))
    lines = at + 1
    if b'"' not in content:
        return lines, lines
    return lines[np.searchsorted(np.flatnonzero(data == _QUOTE), at) % 2 == 0], lines


def _has_content(table: Any) -> npt.NDArray[np.bool_]:
    """Which records have anything in them."""
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        if filled.all():
            break
        filled |= np.asarray(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0))
    return filled
