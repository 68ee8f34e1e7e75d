"""From cells of any type to text, numbers, dates and months, in one way for every file format.

A column is kept as its distinct texts and, per record, which of them it has. Parsing therefore touches each distinct
value once, however many records there are. Empty, `.` (SAS) and `NA` (R) mean missing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reportlib.ledger.keys import MISSING_TEXTS
from reportlib.registers.errors import (
    HIDDEN,
    AmbiguousDateError,
    AmbiguousNumberError,
    EmptyCellError,
    EmptyColumnError,
    ExtractError,
    Faults,
    HostileTextError,
    UnreadableDateError,
    UnreadableNumberError,
    shown,
)
from reportlib.registers.event_weeks import Days
from reportlib.registers.number_forms import Reading, read_numbers
from reportlib.trial.extracts import Source

if TYPE_CHECKING:
    from reportlib.registers.extract_tables import Table

Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8 | np.int32]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

LABELS, NUMBERS, FORMAT = b"reportlib.labels", b"reportlib.numbers", b"reportlib.format"
"""Keys of what a file tells of a column, in the metadata of its Arrow field: labels by code (JSON), that its cells are
numbers, and the name of a format whose labels are not there."""

LONGEST_TEXT = 200
DIGITS = b"0123456789"
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
PLAIN = DIGITS + _LETTERS + _LETTERS.upper() + b"-"
"""A text of these characters is as `as_text` would leave it, unless it means missing."""
_EXACT_UP_TO = 2**53
_OF_A_NUMBER = "e0"  # ends a number with decimals of a part that keeps numbers, beside parts that keep texts
_LEADING_ZERO = re.compile(r"[-+]?0\d")
_DATE_HINT = (
    "dates are read as 2016-03-07, 07-03-2016, 7/3/2016, 7.3.2016, 20160307 and 07MAR2016: day first, years in full"
)
_MONTH_HINT = "months are read as 2016-03, 201603, 2016M03 and 03-2016, or a day in them: years in full, in one column"
_DAY_NUMBER = re.compile(r"[1-7]\d{4}(?:\.0+)?")
_HOURS_AND_MINUTES = re.compile(r"-?\d+:[0-5]\d(:[0-5]\d([.,]\d+)?)?")
# pyreadstat makes a time of day of a length: 37 hours of SAS would be shown as 13:00:00 in the message alone.
_HOURS_HINT = (
    "write hours and minutes as hours (7:24 is 7.4); in SAS, take the TIME format off: 24 hours and more are read wrong"
)
_DAY_NUMBER_HINT = (
    "a number of days (42646) is 3 October 2016 in a spreadsheet, and another day in SAS and Stata: write the column as"
    " dates (2016-10-03)"
)
_SPECIAL = re.compile(r"\.[A-Za-z_]")
_LIKE_MISSING = re.compile(
    r"[-\u2013\u2014]{1,3}|\.{2,3}|\?|#?n/?a|n\.a\.|nan|nat|none|\(?null\)?|<na>|#null!", re.IGNORECASE
)
_GARBLED = re.compile(r"\ufffd|&(?:[A-Za-z]{2,6}|#\d+);|(?<=[^\W\d_])[?\u2018\u203a\u2020\xbe\xbf](?=[^\W\d_])")
"""A letter that was lost, left as HTML, or is what Windows shows for a Danish letter of DOS or of an old Macintosh."""
_SHOWN_VALUES = 10
_FEW_VALUES = 100
_IN_A_BYTE = 256
_DIGITS_OF_FLOATS = {16: 11, 32: 24, 64: 53}  # bits of a float -> bits of the whole numbers that it holds exactly


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        texts: the distinct values, stripped; "" is missing.
        codes: (records,) position in `texts` of each record's value.
        typed: whether the file keeps numbers, so that there is no way of writing them to be decided.
        inexact: whether some numbers are so large that their type (a float) cannot hold every digit.
        labels: text -> what Stata or SAS says that it stands for.
        format: the format of SAS that has the labels, where they are not there.
        special: records by the reason for a missing value that Stata and SAS write as `.a` to `.z`.
    """

    table: Table
    name: str
    texts: tuple[str, ...]
    codes: Codes
    typed: bool = False
    special: Mapping[str, int] = field(default_factory=dict)
    inexact: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    format: str = ""

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """(records,) whether the record has a value."""
        return np.array([bool(text) for text in self.texts], dtype=bool)[self.codes]

    def values(self) -> Objects:
        """(records,) the texts."""
        return self.spread(self.texts)

    def spread(self, meanings: Iterable[Any]) -> Objects:
        """(records,) of what stands for each of `texts`, in their order, each record's."""
        return np.array([*meanings, None], dtype=object)[:-1][self.codes]

    def labelled(self, only: Callable[[str], bool] = lambda label: True) -> Column:
        """The same column with labels in place of the codes that have one (and for which `only` holds)."""
        if not self.labels:
            return self
        texts = [label if (label := self.labels.get(text, text)) and only(label) else text for text in self.texts]
        place = {text: position for position, text in enumerate(dict.fromkeys(texts))}
        codes = np.array([place[text] for text in texts] or [0], dtype=np.int32)[self.codes]
        return replace(self, texts=tuple(place), codes=codes, typed=False, labels={})

    def refuse(
        self,
        faults: Faults,
        bad: Collection[str],
        condition: type[ExtractError],
        what: Callable[[str], str],
        hint: Callable[[str], str | None] = lambda text: None,
    ) -> None:
        """Add one fault of `condition` for each of `texts` that is in `bad`, with all its rows.

        Very many bad values mean that the column holds something else, perhaps the ids: they become one fault that
        shows no value.
        """
        bad = frozenset(bad)
        positions = [position for position, text in enumerate(self.texts) if text in bad]
        if len(positions) > _SHOWN_VALUES:
            many = f"{len(positions)} different values have this fault: {what(HIDDEN)}"
            hints = {hint(self.texts[position]) for position in positions}
            common = hints.pop() if len(hints) == 1 else hint(HIDDEN)
            asked = "; ".join(part for part in (common, "is this the right column?") if part)
            self.refuse_rows(faults, np.isin(self.codes, positions), condition, many, asked)
            return
        for position in positions:
            text = self.texts[position]
            self.refuse_rows(faults, self.codes == position, condition, what(text), hint(text))

    def refuse_rows(
        self,
        faults: Faults,
        mask: npt.NDArray[np.bool_],
        condition: type[ExtractError],
        what: str,
        hint: str | None = None,
    ) -> None:
        """Add a fault of `condition` for the records in `mask`: one for each file that holds any of them."""
        for file, rows in self.table.places(mask):
            faults.add(condition(file, what, rows=rows, column=self.own_name, hint=hint))

    def require_any(self, faults: Faults) -> None:
        """A column without any value is a fault."""
        if not self.present.any():
            hint = "is the extract complete? Otherwise take the column out of trial.yml"
            faults.add(EmptyColumnError(self.table.file, "no record has a value", column=self.own_name, hint=hint))

    def require(self, faults: Faults) -> None:
        """Empty cells are faults."""
        hint = "fill it in, or delete the row if it is no record (a total, a note)"
        self.refuse_rows(faults, ~self.present, EmptyCellError, "the cell is empty", hint)

    @property
    def own_name(self) -> str:
        """The column's name in the file."""
        return self.table.names[self.name]


def column(table: Table, name: str) -> Column:
    """The column `name` of `table` as distinct texts."""
    place: dict[str, int] = {}  # text -> position, in the order of the records
    codes: list[Codes] = []
    of_numbers: list[bool] = []  # of each array of codes, whether the file keeps its cells as numbers
    dictionary, known = None, np.zeros(0, dtype=np.int32)
    special: dict[str, int] = {}
    inexact = False
    labels: dict[str, str] = {}
    lacking = ""
    for piece in table.pieces:
        told = piece.schema.field(name).metadata or {}
        if LABELS in told:
            labels |= {code: as_text(label) for code, label in json.loads(told[LABELS]).items()}
        lacking = lacking or told.get(FORMAT, b"").decode()
        for chunk in piece.column(name).chunks:
            encoded = chunk if pa.types.is_dictionary(chunk.type) else pc.dictionary_encode(chunk)
            if dictionary is None or not encoded.dictionary.equals(dictionary):
                dictionary = encoded.dictionary
                few = len(dictionary) <= _FEW_VALUES  # Arrow takes longer to begin than to do them
                texts = [as_text(cell) for cell in dictionary.to_pylist()] if few else texts_of(dictionary).to_pylist()
                if table.missing:
                    texts = ["" if text in table.missing else text for text in texts]
                values = [*texts, ""]  # a record without a value has the last
                dotted = [at for at, text in enumerate(values) if text[:1] == "."]
                reasons = {at: values[at].casefold() for at in dotted if _SPECIAL.fullmatch(values[at])}
                for at in reasons:
                    values[at] = ""
                known = np.full(len(values), -1, dtype=np.int32)
            indices = encoded.indices.to_numpy(zero_copy_only=False) if not encoded.null_count else _with_last(encoded)
            counts = np.bincount(indices, minlength=len(values))
            for position, reason in reasons.items():
                if counts[position]:
                    special[reason] = special.get(reason, 0) + int(counts[position])
            new = np.flatnonzero((counts > 0) & (known < 0))  # a file may list values nobody has
            known[new] = [place.setdefault(values[position], len(place)) for position in new.tolist()]
            codes.append((known.astype(np.uint8) if len(place) <= _IN_A_BYTE else known)[indices])
            of_numbers.append(NUMBERS in told or _is_number_type(dictionary.type))
            inexact |= short_of_digits(encoded)
    if any(of_numbers) and not all(of_numbers):
        place, codes = _apart(place, codes, of_numbers)
    every = np.concatenate(codes) if codes else np.zeros(0, dtype=np.int32)
    return Column(table, name, tuple(place), every, all(of_numbers), special, inexact, labels, lacking)


def _apart(
    place: dict[str, int], codes: Sequence[Codes], of_numbers: Sequence[bool]
) -> tuple[dict[str, int], list[Codes]]:
    """The texts and codes of a column that some parts keep as numbers: 1.5 is one and a half there, and gets a name of
    its own, whatever other parts write."""
    texts = list(place)
    own = [f"{text}{_OF_A_NUMBER}" if "." in text else text for text in texts]
    apart: dict[str, int] = {}
    found: list[Codes] = []
    for one, is_number in zip(codes, of_numbers, strict=True):
        names, used = own if is_number else texts, np.unique(one)
        new = np.zeros(len(texts), dtype=np.int32)
        new[used] = [apart.setdefault(names[at], len(apart)) for at in used.tolist()]
        found.append(new[one])
    return apart, found


def _with_last(encoded: Any) -> npt.NDArray[np.int32]:
    """Places in the dictionary, those of records without a value being the one after the last."""
    places: npt.NDArray[np.int32] = encoded.indices.cast(pa.int32()).fill_null(len(encoded.dictionary)).to_numpy()
    return places


def _is_number_type(kind: pa.DataType) -> bool:
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return bool(number or pa.types.is_null(kind))


def short_of_digits(ids: Any) -> bool:
    """Whether ids (an Arrow array) are floats so large that some cannot be told from their neighbours."""
    kind = ids.type.value_type if pa.types.is_dictionary(ids.type) else ids.type
    if not pa.types.is_floating(kind) or not len(ids):
        return False
    values = ids.dictionary if pa.types.is_dictionary(ids.type) else ids
    largest = pc.max(pc.abs(values)).as_py()
    return largest is not None and bool(largest >= 2 ** _DIGITS_OF_FLOATS[kind.bit_width])


def numbers(cells: Column, faults: Faults, source: Source | None = None) -> Floats:
    """(records,) the column as numbers, NaN where missing; `source` says how it writes them, if trial.yml does."""
    return numbers_of([cells], faults, source)[:, 0]


def numbers_of(columns: Sequence[Column], faults: Faults, source: Source | None = None) -> Floats:
    """(records, columns) columns of one kind (the weeks of an outcome) as numbers: they have one way of writing."""
    reading = _reading(columns, source)
    found = np.empty((len(columns[0].codes), len(columns)))
    for place, cells in enumerate(columns):
        bad = set(cells.texts) - {"", *reading.values}
        other = f" where the column writes {reading.form}" if reading.form.decimal == "," else ""
        cells.refuse(faults, bad, UnreadableNumberError, partial(_no_number, other), _number_hint)
        refuse_doubtful(cells, reading, faults)
        values = [reading.values.get(text, np.nan) for text in cells.texts]
        found[:, place] = np.array(values, dtype=np.float64)[cells.codes]
    return found


def _no_number(where: str, text: str) -> str:
    return f"{shown(text)} is not a number{where}"


def _number_hint(text: str) -> str | None:
    if _HOURS_AND_MINUTES.fullmatch(text):
        return _HOURS_HINT
    two_ways = "write all numbers of the column in one way, with comma or with point, in every part"
    return like_missing(text) or (two_ways if read_numbers([text]).values else None)


def reading_of(cells: Column, source: Source | None = None, but_for: Collection[str] = ()) -> Reading:
    """What of the column are numbers, and which, but for the texts `but_for`."""
    return _reading([cells], source, but_for)


def refuse_doubtful(cells: Column, reading: Reading, faults: Faults) -> None:
    """Numbers that can be read in two ways are faults."""

    def what(text: str) -> str:
        if text not in reading.doubtful:
            return f"numbers can be read in two ways {text}"
        low, high = reading.doubtful[text]
        return f"{shown(text)} can be {low:.12g} or {high:.12g}"

    hint = 'say how the file writes numbers: `decimal: ","` or `decimal: "."` for this extract in trial.yml'
    cells.refuse(faults, reading.doubtful, AmbiguousNumberError, what, lambda text: hint)


def _reading(columns: Sequence[Column], source: Source | None, but_for: Collection[str] = ()) -> Reading:
    texts = [text for cells in columns for text in cells.texts if text and text not in but_for]
    if all(cells.typed for cells in columns):  # a file of numbers has no way of writing them
        return read_numbers(texts, ".", "")
    decided = [text for text in texts if text.endswith(_OF_A_NUMBER)]
    if decided and len(decided) < len(texts):
        others = [text for text in texts if not text.endswith(_OF_A_NUMBER)]
        reading = read_numbers(others, *((source.decimal, source.thousands) if source is not None else ()))
        return replace(reading, values=reading.values | read_numbers(decided, ".", "").values)
    return read_numbers(texts, source.decimal, source.thousands) if source is not None else read_numbers(texts)


def is_code(text: str) -> bool:
    """Whether the text is a code as `0851`: digits that a number would not begin with nought."""
    return _LEADING_ZERO.match(text) is not None


def whole_where_exact(values: Floats, cells: Column) -> npt.NDArray[Any]:
    """(records,) whole numbers where every record has one, else the floats as they are."""
    exact = bool(np.all((values == np.floor(values)) & (np.abs(values) < _EXACT_UP_TO)))
    return values.astype(np.int64) if exact and bool(cells.present.all()) else values


def dates(cells: Column, faults: Faults) -> Days:
    """(records,) the column as days, NaT where missing. ISO, Danish (day first), compact and SAS dates."""
    return _days(cells, faults, parse_date, "date", _DATE_HINT, "D")


def months(cells: Column, faults: Faults) -> Days:
    """(records,) the column as months (datetime64[M]), NaT where missing."""
    return _days(cells, faults, _parse_month, "month", _MONTH_HINT, "M")


def like_missing(text: str) -> str | None:
    """What to do with a text that people and programs write where nothing is known; None for any other."""
    if not _LIKE_MISSING.fullmatch(text):
        return None
    return f"if it stands where nothing is known, empty the cells, or set `missing: [{text!r}]` for this extract"


def plain_text(cells: Column, faults: Faults, named: Collection[str] = ()) -> Objects:
    """(records,) the column as text that may travel into the report, "" where missing.

    A text that usually stands for a missing value is a fault, unless trial.yml names it (`named`, folded).
    """
    unknown = [text for text in cells.texts if like_missing(text) and text.casefold() not in named]
    cells.refuse(faults, unknown, EmptyCellError, lambda text: f"{shown(text)} would count as a value", like_missing)
    hostile = [text for text in cells.texts if _is_hostile(text)]
    what = f"has control or invisible characters, or more than {LONGEST_TEXT} characters"
    cells.refuse(faults, hostile, HostileTextError, lambda text: f"{shown(text)} {what}", lambda text: "retype it")
    garbled = [text for text in cells.texts if _is_garbled(text) and text.casefold() not in named]
    misread, hint = "has letters that were misread on the way", "write the file anew, as UTF-8 from the source on"
    cells.refuse(faults, garbled, HostileTextError, lambda text: f"{shown(text)} {misread}", lambda text: hint)
    return cells.values()


def parse_date(text: str) -> date:
    """A day written as 2016-03-07, 07-03-2016, 7/3/2016, 7.3.2016, 20160307 or 07MAR2016; a time may follow.

    A time with a zone (`2016-10-02T22:00:00Z`) is an instant, and the day is that of Denmark then; without a zone the
    day is as written.

    Raises:
        ValueError: it is none of these, or no such day or time exists.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day = _day(match["day"])
    if match["hour"] is None:
        return day
    moment = datetime.combine(day, time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0)))
    return day if match["zone"] is None else danish_day(moment.replace(tzinfo=_zone(match["zone"])))


def danish_day(moment: datetime) -> date:
    """The calendar day in Denmark of an instant (with a zone); that of the writing where there is no zone."""
    return moment.date() if moment.tzinfo is None else moment.astimezone(DENMARK).date()


DENMARK = ZoneInfo("Europe/Copenhagen")
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "CET": 60, "CEST": 120}  # minutes east of Greenwich
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:[T: ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    rf"(?: ?(?P<zone>{'|'.join(_ZONES)}|[-+]\d{{2}}(?::?\d{{2}})?))?)?"
)


def _zone(written: str) -> timezone:
    if written in _ZONES:
        return timezone(timedelta(minutes=_ZONES[written]))
    digits = written[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))


def _day(text: str) -> date:
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED_MONTH.fullmatch(text):
        return date(int(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
    raise ValueError(text)


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10}
_MONTHS |= {"may": 5, "oct": 10, "nov": 11, "dec": 12}
_NAMED_MONTH = re.compile(rf"(\d{{1,2}})({'|'.join(_MONTHS)})(\d{{4}})", re.IGNORECASE)
_MIDNIGHTS = {("22", "00"), ("23", "00")}
_MONTHS_A_YEAR = 12
_ENOUGH = 5  # distinct dates of a way of writing that all lie in one part of the month
_YEAR_MONTH = re.compile(r"(\d{4})[-M/.]?(\d{2})", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")


def months_among(texts: Iterable[str]) -> Days:
    """The distinct months (datetime64[M]) that stand among `texts`, in order; texts that are none are passed over."""
    read = {value.isoformat()[:7] for text in texts if text and (value := tried(_parse_month, text)) is not None}
    return np.array(sorted(read), dtype="datetime64[M]")


def _parse_month(text: str) -> date:
    if match := _YEAR_MONTH.fullmatch(text):
        return date(int(match[1]), int(match[2]), 1)
    if match := _MONTH_YEAR.fullmatch(text):
        return date(int(match[2]), int(match[1]), 1)
    return parse_date(text).replace(day=1)


def _days(
    cells: Column, faults: Faults, parse: Callable[[str], date], what: str, hint: str, unit: str
) -> npt.NDArray[np.datetime64]:
    days = {text: tried(parse, text) for text in cells.texts if text}
    cells.refuse(
        faults,
        [text for text, day in days.items() if day is None],
        UnreadableDateError,
        lambda text: f"{shown(text)} is not a {what}",
        lambda text: like_missing(text) or (_DAY_NUMBER_HINT if _DAY_NUMBER.fullmatch(text) else hint),
    )
    _refuse_ambiguous(cells, faults)
    of_texts = [days.get(text) or "NaT" for text in cells.texts]
    return np.array(of_texts, dtype="datetime64[D]").astype(f"datetime64[{unit}]")[cells.codes]


def _refuse_ambiguous(cells: Column, faults: Faults) -> None:
    """Days that were turned, or moved, on their way: the whole column shows it, a cell does not.

    A spreadsheet that takes 11-04-2016 for 4 November leaves 14-04-2016 as it was written: then one way of writing has
    days to the 12th only, and another days after it only. Midnight in Denmark is 22 or 23 hours at Greenwich.
    """
    moments = [match for text in cells.texts if (match := _MOMENT.fullmatch(text))]
    if moments and all((one["hour"], one["minute"]) in _MIDNIGHTS and one["zone"] is None for one in moments):
        what = "every time is 22:00 or 23:00 without a zone, as midnight in Denmark is at Greenwich: which day is it?"
        hint = "write days without times, or times with their zone (2016-10-02T22:00:00Z)"
        faults.add(AmbiguousDateError(cells.table.file, what, column=cells.own_name, hint=hint))
    by_form: dict[str, list[int]] = {}
    for one in moments:
        if match := _ISO.fullmatch(one["day"]):
            by_form.setdefault("year first", []).append(int(match[3]))
        elif match := _DAY_FIRST.fullmatch(one["day"]):
            by_form.setdefault(one["day"][len(match[1])], []).append(int(match[1]))
    early = [form for form, days in by_form.items() if len(days) >= _ENOUGH and max(days) <= _MONTHS_A_YEAR]
    late = [form for form, days in by_form.items() if len(days) >= _ENOUGH and min(days) > _MONTHS_A_YEAR]
    if early and late:
        what = (
            "dates are written in two ways, one with days 1 to 12 only and one with later days only: a spreadsheet has"
            " read some as month first"
        )
        hint = "open the column as text from the source on, and write all dates in one way (2016-03-07)"
        faults.add(AmbiguousDateError(cells.table.file, what, column=cells.own_name, hint=hint))


def tried(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None


def as_text(value: Any) -> str:
    """One cell of any type as text; missing is ""."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        without_zone = value.tzinfo is None and value.time() != time()
        return value.isoformat() if without_zone else danish_day(value).isoformat()
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    text = unicodedata.normalize("NFC", str(value)).strip()
    return "" if text in MISSING_TEXTS else text


def texts_of(cells: Any) -> Any:
    """Cells (Arrow, any type) as an Arrow array of texts, each written as `as_text` writes it; "" is missing."""
    array = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if isinstance(array, pa.ChunkedArray):  # nothing in it
        array = pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        return texts_of(array.dictionary).take(array.indices).fill_null("")
    if pa.types.is_integer(array.type):
        return pc.cast(array, pa.string()).fill_null("")
    if pa.types.is_floating(array.type):
        array = pc.cast(array, pa.float64())  # a shorter type cannot hold the limit
        known = array.drop_null()
        if pc.all(pc.and_(pc.equal(known, pc.floor(known)), pc.less(pc.abs(known), _EXACT_UP_TO))).as_py() is not False:
            return pc.cast(pc.cast(array, pa.int64()), pa.string()).fill_null("")
    if pa.types.is_large_string(array.type):
        array = pc.cast(array, pa.string())
    if pa.types.is_string(array.type):
        array = array.fill_null("")
        odd = content_of(array).translate(None, PLAIN)
        if not odd:
            return pc.if_else(pc.is_in(array, value_set=pa.array(sorted(MISSING_TEXTS))), "", array)
    encoded = pc.dictionary_encode(array)
    texts = pa.array([as_text(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices).fill_null("")


def content_of(texts: Any) -> bytes:
    """The bytes of an array of texts, one text after the other."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    return data[int(offsets[0]) : int(offsets[-1])].to_pybytes() if data is not None and len(texts) else b""


def _is_garbled(text: str) -> bool:
    """Whether letters were lost, or are UTF-8 that was read as Windows-1252."""
    try:
        again = text.encode("cp1252").decode("utf-8")
    except UnicodeError:  # as all text in Danish that was read right
        again = text
    return again != text or _GARBLED.search(text) is not None


def _is_hostile(text: str) -> bool:
    return len(text) > LONGEST_TEXT or any(
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for character in text
    )
