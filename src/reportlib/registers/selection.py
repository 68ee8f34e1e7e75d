"""Which records of a file are kept, decided from the person's id alone, and what is counted on the way.

Files may hold a whole country: of the records of others nothing stays but their number. An id belongs to a participant
when both are the same text (`texts_of` makes text of every type). Ids that become the same only in their normal form
(`normal_form`) are counted apart: they are the mark of leading zeros or hyphens lost on the way. Of records that are
alike in every column that is read (delivered twice, or two of a kind) trial.yml decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportlib.registers.cells import DIGITS, PLAIN, Column, as_text, content_of, short_of_digits, texts_of
from reportlib.registers.errors import DuplicateRecordError, Faults, OverlappingPartsError, UnreadableFileError
from reportlib.trial.extracts import Source

NOT_A_PARTICIPANT = -1

_DECIMAL_ENDING = re.compile(r"(?<=\d)[.,]0+$")
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+\d{2}")  # with a sign: ids of letters and digits may read 12e4
_MARKS = frozenset(".,eE")
_LONGEST_NUMBER = 18  # digits that fit in 64 bits
_FEW = 50_000  # persons up to whom a set made anew for each block costs nothing

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def normal_form(text: str) -> str:
    """An id without what programs add and lose: case, blanks and signs, leading zeros, a decimal ending."""
    folded = _DECIMAL_ENDING.sub("", unicodedata.normalize("NFKC", text).strip()).casefold()
    return "".join(character for character in folded if character.isalnum()).lstrip("0")


def alike(ids: Sequence[str]) -> Rows:
    """The places of the ids whose normal form is that of another."""
    texts = pa.array(ids, pa.string())
    encoded = pc.dictionary_encode(_normal_forms(texts, content_of(texts)))
    codes, forms = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
    several = np.bincount(codes, minlength=len(forms)) > 1
    if "" in forms:
        several[forms.index("")] = False
    found: Rows = np.flatnonzero(several[codes])
    return found


def rounded(text: str) -> bool:
    """Whether an id is written as a spreadsheet writes a number too long for its column: 1,02E+09."""
    return text[1:2] in _MARKS and _ROUNDED.fullmatch(text) is not None


@dataclass(frozen=True)
class Found:
    """Whose the records are.

    Attributes:
        position: (records,) place among the persons asked for, or NOT_A_PARTICIPANT.
        empty: (records,) whether there is no id at all.
        alike: (records,) the place of the person whose id is the same only in its normal form, or NOT_A_PARTICIPANT.
    """

    position: Rows
    empty: Mask
    alike: Rows


class Wanted:
    """The persons whose records are asked for, in order."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = pa.array(ids, pa.string())
        content = content_of(self._ids)
        normal = _normal_forms(self._ids, content)
        first = np.unique(np.asarray(pc.index_in(normal, value_set=normal)))  # of two of one form, the first
        self._places = first[np.asarray(pc.greater(pc.binary_length(normal.take(pa.array(first))), 0))].astype(np.int64)
        self._normal = normal.take(pa.array(self._places))  # each form once
        numbers = (not content.translate(None, DIGITS) and pc.max(pc.binary_length(normal)).as_py()) or 0
        self._numbers = (
            pd.Index(pc.cast(self._normal, pa.int64()).to_numpy()) if 0 < numbers <= _LONGEST_NUMBER else None
        )

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, ids: Any) -> Found:
        """Whose the records with these ids (an Arrow array of any type) are."""
        texts = texts_of(ids)
        candidate = self._of_normal_form(texts)
        position = np.full(len(texts), NOT_A_PARTICIPANT, dtype=np.int64)
        alike = position.copy()
        likely = np.flatnonzero(candidate >= 0)
        if len(likely):
            written, of = texts.take(pa.array(likely)), candidate[likely]
            same = pc.equal(written, self._ids.take(pa.array(of))).to_numpy(zero_copy_only=False)
            position[likely[same]] = of[same]
            for place in np.flatnonzero(~same).tolist():  # rare: written in another way, or two ids of one normal form
                exact = self._exact.get(written[place].as_py())
                if exact is not None:
                    position[likely[place]] = exact
                else:
                    alike[likely[place]] = of[place]
        return Found(position, np.asarray(pc.equal(pc.binary_length(texts), 0)), alike)

    @cached_property
    def _exact(self) -> dict[str, int]:
        return {text: place for place, text in enumerate(self._ids.to_pylist())}

    @cached_property
    def _many(self) -> pd.Index:
        return pd.Index(self._normal.to_pylist(), dtype=object)

    def _of_normal_form(self, texts: Any) -> Rows:
        """(records,) the first person of the same normal form, or NOT_A_PARTICIPANT."""
        if not len(texts) or not len(self._places):
            return np.full(len(texts), NOT_A_PARTICIPANT, dtype=np.int64)
        content, lengths = content_of(texts), pc.min_max(pc.binary_length(texts)).as_py()
        digits = not content.translate(None, DIGITS) and lengths["min"] > 0 and lengths["max"] <= _LONGEST_NUMBER
        if digits and self._numbers is not None:
            place = self._numbers.get_indexer(pc.cast(texts, pa.int64()).to_numpy())
        elif len(self._places) <= _FEW:
            found = pc.index_in(_normal_forms(texts, content), value_set=self._normal)
            place = found.fill_null(NOT_A_PARTICIPANT).to_numpy(zero_copy_only=False)
        else:
            place = self._many.get_indexer(_normal_forms(texts, content).to_pylist())
        # The last of the places stands for nobody.
        return np.append(self._places, NOT_A_PARTICIPANT)[np.asarray(place, dtype=np.int64)]


def _normal_forms(texts: Any, content: bytes) -> Any:
    """`normal_form` of every text; the usual alphabets without a step in Python for each."""
    if content.translate(None, PLAIN):
        encoded = pc.dictionary_encode(texts)
        return pa.array([normal_form(text) for text in encoded.dictionary.to_pylist()]).take(encoded.indices)
    if b"-" in content:
        texts = pc.replace_substring(texts, "-", "")
    return pc.ascii_ltrim(pc.ascii_lower(texts), "0")


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


TWICE = "records that stand twice"
"""The reason for leaving them out."""


def settle(
    columns: Sequence[Column], spec: Source, faults: Faults, among: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], int]:
    """(records,) which records are kept, and how many of those that count (`among`) repeat another; undecided ones are
    a fault."""
    again = repeated(columns) & among
    count = int(again.sum())
    if count and spec.duplicates is None:
        what = f"{count:,} records repeat another in every column that is read"
        hint = (
            "set `duplicates: drop` for this extract in trial.yml if they were delivered twice, `keep` if each counts"
            " (two jobs with the same hours)"
        )
        columns[0].refuse_rows(faults, again, DuplicateRecordError, what, hint)
    return ~again if spec.duplicates == "drop" else np.ones(len(again), dtype=bool), count


def refuse_in_two_parts(
    columns: Sequence[Column], spec: Source, faults: Faults, among: npt.NDArray[np.bool_], what: str
) -> None:
    """What stands in two parts of a source, as when each delivery repeats the last months of the one before it.

    The figures of the two may differ, so that the records are not alike: both would count. Jobs that lie in different
    parts do (`duplicates: keep`).
    """
    table = columns[0].table
    if table.part is None or spec.duplicates == "keep":
        return
    key, part = pd.Series(_keys(columns)[among]), pd.Series(table.part[among])
    first = part.groupby(key).transform("min").to_numpy()
    again = np.zeros(len(among), dtype=bool)
    again[np.flatnonzero(among)[part.to_numpy() > first]] = True
    told = f"{int(again.sum()):,} records are of {what} that another part holds too"
    hint = "keep each in one part only; if both count (jobs of one month in two parts), set `duplicates: keep`"
    columns[0].refuse_rows(faults, again, OverlappingPartsError, told, hint)


def repeated(columns: Sequence[Column], among: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_]:
    """(records,) whether an earlier record is the same in all the columns; of those `among` (records,) if given."""
    keys = _keys(columns) if among is None else _keys(columns)[among]
    found: npt.NDArray[np.bool_] = pd.Series(keys).duplicated().to_numpy()
    return found


def _keys(columns: Sequence[Column]) -> npt.NDArray[np.int64]:
    """(records,) a number for each record; records that are the same in all the columns have the same."""
    key = np.zeros(len(columns[0].codes), dtype=np.int64)
    size = 1
    for cells in columns:
        if size * max(len(cells.texts), 1) >= 2**62:  # numbered anew, so that the key stays a whole number
            key, size = pd.factorize(key)[0].astype(np.int64), len(key)
        key = key * max(len(cells.texts), 1) + cells.codes
        size *= max(len(cells.texts), 1)
    return key
