"""How a person's id is written, and which records of a file belong to the persons asked for.

An id belongs to a participant when both are the same text (`texts_of` makes text of every type). Ids that become the
same only in their normal form (`normal_form`) are counted apart: they are the mark of leading zeros or hyphens lost on
the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportlib.keys import MISSING_TEXTS
from reportlib.registers.cells import as_text

NOT_A_PARTICIPANT = -1

_DECIMAL_ENDING = re.compile(r"(?<=\d)[.,]0+$")
_ROUNDED = re.compile(r"\d[.,]?\d*[eE]\+?\d{1,2}")
_MARKS = frozenset(".,eE")
_DIGITS = b"0123456789"
_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_PLAIN = _DIGITS + _LOWER + _LOWER.upper() + b"-"  # a text of these is as `as_text` would leave it, but for "NA"
_LONGEST_NUMBER = 18  # digits that fit in 64 bits
_EXACT_UP_TO = 2.0**53
_FEW = 50_000  # persons up to whom a set made anew for each block costs nothing

_Positions = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]


def normal_form(text: str) -> str:
    """An id without what programs add and lose: case, blanks and signs, leading zeros, a decimal ending."""
    folded = _DECIMAL_ENDING.sub("", unicodedata.normalize("NFKC", text).strip()).casefold()
    return "".join(character for character in folded if character.isalnum()).lstrip("0")


def rounded(ids: Iterable[str]) -> bool:
    """Whether any id is written as a spreadsheet writes a number too long for its column: 1,02E+09."""
    return any(text[1:2] in _MARKS and _ROUNDED.fullmatch(text) for text in ids)


@dataclass(frozen=True)
class Found:
    """Whose the records are.

    Attributes:
        position: (records,) place among the persons asked for, or NOT_A_PARTICIPANT.
        empty: (records,) whether there is no id at all.
        alike: (records,) the place of the person whose id is the same only in its normal form, or NOT_A_PARTICIPANT.
    """

    position: _Positions
    empty: _Mask
    alike: _Positions


class Wanted:
    """The persons whose records are asked for, in order."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = pa.array(ids, pa.string())
        self._first_of: dict[str, int] = {}
        for place, text in enumerate(ids):
            if normal := normal_form(text):
                self._first_of.setdefault(normal, place)
        self._places = np.fromiter(self._first_of.values(), np.int64, len(self._first_of))

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
    def _numbers(self) -> pd.Index | None:
        """The normal forms as numbers, where all are such."""
        if all(text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER for text in self._first_of):
            return pd.Index(np.array([int(text) for text in self._first_of], dtype=np.int64))
        return None

    @cached_property
    def _normal(self) -> Any:
        return pa.array(list(self._first_of), pa.string())

    @cached_property
    def _many(self) -> pd.Index:
        return pd.Index(list(self._first_of), dtype=object)

    def _of_normal_form(self, texts: Any) -> _Positions:
        """(records,) the first person of the same normal form, or NOT_A_PARTICIPANT."""
        if not len(texts) or not self._first_of:
            return np.full(len(texts), NOT_A_PARTICIPANT, dtype=np.int64)
        content = _content(texts)
        lengths = pc.binary_length(texts)
        digits = not content.translate(None, _DIGITS) and pc.min_max(lengths)["min"].as_py() > 0
        if digits and self._numbers is not None and pc.max(lengths).as_py() <= _LONGEST_NUMBER:
            place = self._numbers.get_indexer(pc.cast(texts, pa.int64()).to_numpy())
        elif len(self._first_of) <= _FEW:
            found = pc.index_in(_normal_forms(texts, content), value_set=self._normal)
            place = found.fill_null(NOT_A_PARTICIPANT).to_numpy(zero_copy_only=False)
        else:
            place = self._many.get_indexer(_normal_forms(texts, content).to_pylist())
        # The last of `_places` stands for nobody.
        return np.append(self._places, NOT_A_PARTICIPANT)[np.asarray(place, dtype=np.int64)]


def texts_of(ids: Any) -> Any:
    """A column of ids (Arrow, any type) as an Arrow array of texts, written as `as_text` writes each; "" is missing."""
    array = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if isinstance(array, pa.ChunkedArray):  # nothing in it
        array = pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        return texts_of(array.dictionary).take(array.indices).fill_null("")
    if pa.types.is_integer(array.type):
        return pc.cast(array, pa.string()).fill_null("")
    if pa.types.is_floating(array.type):
        known = array.drop_null()
        if pc.all(pc.and_(pc.equal(known, pc.floor(known)), pc.less(pc.abs(known), _EXACT_UP_TO))).as_py() is not False:
            return pc.cast(pc.cast(array, pa.int64()), pa.string()).fill_null("")
    if pa.types.is_large_string(array.type):
        array = pc.cast(array, pa.string())
    if pa.types.is_string(array.type):
        array = array.fill_null("")
        odd = _content(array).translate(None, _PLAIN)
        if not odd:
            return pc.if_else(pc.is_in(array, value_set=pa.array(sorted(MISSING_TEXTS))), "", array)
    encoded = pc.dictionary_encode(array)
    texts = pa.array([as_text(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices).fill_null("")


def _normal_forms(texts: Any, content: bytes) -> Any:
    """`normal_form` of every text; the usual alphabets without a step in Python for each."""
    if content.translate(None, _PLAIN):
        encoded = pc.dictionary_encode(texts)
        return pa.array([normal_form(text) for text in encoded.dictionary.to_pylist()]).take(encoded.indices)
    if b"-" in content:
        texts = pc.replace_substring(texts, "-", "")
    return pc.ascii_ltrim(pc.ascii_lower(texts), "0")


def _content(texts: Any) -> bytes:
    """The bytes of an array of texts, one text after the other."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    return data[int(offsets[0]) : int(offsets[-1])].to_pybytes() if data is not None and len(texts) else b""
