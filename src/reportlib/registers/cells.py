"""From cells of any type to text, numbers, dates and months, in one way for every file format.

A column is kept as its distinct texts and, per record, which of them it has. Parsing therefore touches each distinct
value once, however many records there are. Empty, `.` (SAS) and `NA` (R) mean missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reportlib.keys import MISSING_TEXTS
from reportlib.registers.errors import (
    HIDDEN,
    EmptyCellError,
    EmptyColumnError,
    ExtractError,
    Faults,
    HostileTextError,
    UnreadableDateError,
    UnreadableNumberError,
    shown,
)
from reportlib.registers.tables import Table
from reportlib.registers.weeks import Days

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

LONGEST_TEXT = 200
_EXACT_UP_TO = 2**53
_LARGEST = 1e100  # anything above is a slip, and would overflow when squared and summed

_DATE_HINT = "write dates as 2016-03-07, or day first as 07-03-2016"
_SHOWN_VALUES = 10


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        texts: the distinct values, stripped; "" is missing.
        codes: (records,) position in `texts` of each record's value.
    """

    table: Table
    name: str
    texts: tuple[str, ...]
    codes: Integers

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """(records,) whether the record has a value."""
        return np.array([bool(text) for text in self.texts], dtype=bool)[self.codes]

    def values(self) -> Objects:
        """(records,) the texts."""
        return np.array([*self.texts, None], dtype=object)[:-1][self.codes]

    def rows_where(self, mask: npt.NDArray[np.bool_]) -> Integers:
        """The spreadsheet rows of the records in `mask`."""
        return self.table.rows[mask]

    def parsed(self, parse: Callable[[str], Any], missing: Any) -> list[Any]:
        """`parse` of every distinct text, `missing` for the empty one; ValueError becomes None."""
        return [missing if not text else _tried(parse, text) for text in self.texts]

    def refuse(
        self,
        faults: Faults,
        bad: Iterable[int],
        condition: type[ExtractError],
        what: Callable[[str], str],
        hint: Callable[[str], str | None] = lambda text: None,
    ) -> None:
        """Add one fault of `condition` for each distinct value in `bad` (positions in `texts`), with all its rows.

        Very many bad values mean that the column holds something else, perhaps the ids: they become one fault that
        shows no value.
        """
        positions = list(bad)
        if len(positions) > _SHOWN_VALUES:
            rows = self.rows_where(np.isin(self.codes, positions))
            many = f"{len(positions)} different values have this fault: {what(HIDDEN)}"
            asked = "is this the right column?"
            faults.add(condition(self.table.file, many, rows=rows, column=self.own_name, hint=asked))
            return
        for position in positions:
            text = self.texts[position]
            rows = self.rows_where(self.codes == position)
            faults.add(condition(self.table.file, what(text), rows=rows, column=self.own_name, hint=hint(text)))

    def refuse_rows(
        self, faults: Faults, mask: npt.NDArray[np.bool_], condition: type[ExtractError], what: str
    ) -> None:
        """Add one fault of `condition` for the records in `mask`, if there are any."""
        if mask.any():
            faults.add(condition(self.table.file, what, rows=self.rows_where(mask), column=self.own_name))

    def require_any(self, faults: Faults) -> None:
        """A column without any value is a fault."""
        if not self.present.any():
            hint = "is the extract complete? Otherwise take the column out of trial.yml"
            faults.add(EmptyColumnError(self.table.file, "no record has a value", column=self.own_name, hint=hint))

    def require(self, faults: Faults) -> None:
        """Empty cells are faults."""
        self.refuse_rows(faults, ~self.present, EmptyCellError, "the cell is empty")

    @property
    def own_name(self) -> str:
        """The column's name in the file."""
        return self.table.names[self.name]


def column(table: Table, name: str) -> Column:
    """The column `name` of `table` as distinct texts."""
    encoded = table.data.column(name).combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = pc.dictionary_encode(encoded)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    values = [*encoded.dictionary.to_pylist(), None]  # a record without a value has the last
    indices = encoded.indices.fill_null(len(values) - 1) if encoded.null_count else encoded.indices
    codes = indices.to_numpy(zero_copy_only=False).astype(np.int64)
    used = np.flatnonzero(np.bincount(codes, minlength=len(values)))  # a file may list values that no record has
    of_used = [_as_text(values[position]) for position in used]
    texts = tuple(dict.fromkeys(of_used))
    place = {text: position for position, text in enumerate(texts)}
    merged = np.zeros(len(values), dtype=np.int64)
    merged[used] = [place[text] for text in of_used]
    return Column(table, name, texts, merged[codes])


def numbers(cells: Column, faults: Faults) -> Floats:
    """(records,) the column as numbers, NaN where missing; decimal comma or point.

    Where any value of the column has a decimal comma, points are taken for separators of thousands.
    """
    parse = _decimal_comma if any("," in text for text in cells.texts) else _decimal_point
    values = cells.parsed(parse, np.nan)
    cells.refuse(
        faults,
        [position for position, value in enumerate(values) if value is None],
        UnreadableNumberError,
        lambda text: f"{shown(text)} is not a number",
    )
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)[cells.codes]


def dates(cells: Column, faults: Faults) -> Days:
    """(records,) the column as days, NaT where missing. ISO, Danish (day first), compact and SAS dates."""
    return _days(cells, faults, parse_date, "date", _DATE_HINT, "D")


def months(cells: Column, faults: Faults) -> Days:
    """(records,) the column as months (datetime64[M]), NaT where missing."""
    return _days(cells, faults, _parse_month, "month", "write months as 2016-03 or 201603", "M")


def plain_text(cells: Column, faults: Faults) -> Objects:
    """(records,) the column as text that may travel into the report, "" where missing."""
    cells.refuse(
        faults,
        [position for position, text in enumerate(cells.texts) if _is_hostile(text)],
        HostileTextError,
        lambda text: f"{shown(text)} has control or invisible characters, or more than {LONGEST_TEXT} characters",
        lambda text: "retype it in the extract",
    )
    return cells.values()


def numbers_or_text(cells: Column, faults: Faults) -> npt.NDArray[Any]:
    """(records,) whole numbers, numbers (missing is NaN) or text (missing is None): the first that fits all values.

    Values such as `0851` are codes, not numbers, and stay text.
    """
    texts = [text for text in cells.texts if text]
    parse = _decimal_comma if any("," in text for text in texts) else _decimal_point
    if texts and all(_tried(parse, text) is not None and not _LEADING_ZERO.match(text) for text in texts):
        values = numbers(cells, faults)
        exact = bool(np.all((values == np.floor(values)) & (np.abs(values) < _EXACT_UP_TO)))
        whole = exact and bool(cells.present.all())
        return values.astype(np.int64) if whole else values
    values_as_text = plain_text(cells, faults)
    values_as_text[~cells.present] = None
    return values_as_text


def parse_date(text: str) -> date:
    """A day written as 2016-03-07 (a time may follow), 07-03-2016, 7/3/2016, 7.3.2016, 20160307 or 07MAR2016.

    Raises:
        ValueError: it is none of these, or no such day exists.
    """
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED_MONTH.fullmatch(text):
        return date(int(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
    raise ValueError(text)


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10}
_MONTHS |= {"may": 5, "oct": 10, "nov": 11, "dec": 12}
_NAMED_MONTH = re.compile(rf"(\d{{1,2}})({'|'.join(_MONTHS)})(\d{{4}})", re.IGNORECASE)
_YEAR_MONTH = re.compile(r"(\d{4})[-M/.]?(\d{2})", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")


def _parse_month(text: str) -> date:
    if match := _YEAR_MONTH.fullmatch(text):
        return date(int(match[1]), int(match[2]), 1)
    if match := _MONTH_YEAR.fullmatch(text):
        return date(int(match[2]), int(match[1]), 1)
    return parse_date(text).replace(day=1)


def _days(
    cells: Column, faults: Faults, parse: Callable[[str], date], what: str, hint: str, unit: str
) -> npt.NDArray[np.datetime64]:
    values = cells.parsed(parse, np.datetime64("NaT"))
    cells.refuse(
        faults,
        [position for position, value in enumerate(values) if value is None],
        UnreadableDateError,
        lambda text: f"{shown(text)} is not a {what}",
        lambda text: hint,
    )
    days = [np.datetime64("NaT") if value is None else np.datetime64(value, "D") for value in values]
    return np.array(days, dtype="datetime64[D]").astype(f"datetime64[{unit}]")[cells.codes]


def parse_number(text: str) -> float:
    """One number with decimal comma or point.

    Raises:
        ValueError: it is none.
    """
    return _decimal_comma(text) if "," in text else _decimal_point(text)


def is_number(text: str) -> bool:
    """Whether `parse_number` reads the text."""
    return _tried(parse_number, text) is not None


_LEADING_ZERO = re.compile(r"[-+]?0\d")
_POINT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?")


def _decimal_point(text: str) -> float:
    text = text.replace("\N{MINUS SIGN}", "-")
    if not _POINT.fullmatch(text):
        raise ValueError(text)
    return _finite(float(text))


def _decimal_comma(text: str) -> float:
    text = text.replace("\N{MINUS SIGN}", "-")
    if not _COMMA.fullmatch(text):
        raise ValueError(text)
    return _finite(float(text.replace(".", "").replace(",", ".")))


def _finite(number: float) -> float:
    if abs(number) > _LARGEST:
        raise ValueError("too large")
    return number


def _tried(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None


def _as_text(value: Any) -> str:
    """One cell of any type as text; missing is ""."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    text = unicodedata.normalize("NFC", str(value)).strip()
    return "" if text in MISSING_TEXTS else text


def _is_hostile(text: str) -> bool:
    return len(text) > LONGEST_TEXT or any(
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for character in text
    )
