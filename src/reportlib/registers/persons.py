"""How a person's id is written, and which records of a file belong to the persons asked for.

An id belongs to a participant when both are the same text (`texts_of` makes text of every type). Ids that become the
same only in their normal form (`normal_form`) are counted apart: they are the mark of leading zeros or hyphens lost on
the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from reportlib.registers.cells import DIGITS, PLAIN, content_of, texts_of

NOT_A_PARTICIPANT = -1

_DECIMAL_ENDING = re.compile(r"(?<=\d)[.,]0+$")
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+\d{2}")  # with a sign: ids of letters and digits may read 12e4
_MARKS = frozenset(".,eE")
_LONGEST_NUMBER = 18  # digits that fit in 64 bits
_FEW = 50_000  # persons up to whom a set made anew for each block costs nothing

_Positions = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]


def normal_form(text: str) -> str:
    """An id without what programs add and lose: case, blanks and signs, leading zeros, a decimal ending."""
    folded = _DECIMAL_ENDING.sub("", unicodedata.normalize("NFKC", text).strip()).casefold()
    return "".join(character for character in folded if character.isalnum()).lstrip("0")


def alike(ids: Sequence[str]) -> _Positions:
    """The places of the ids whose normal form is that of another."""
    texts = pa.array(ids, pa.string())
    encoded = pc.dictionary_encode(_normal_forms(texts, content_of(texts)))
    codes, forms = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
    several = np.bincount(codes, minlength=len(forms)) > 1
    if "" in forms:
        several[forms.index("")] = False
    found: _Positions = np.flatnonzero(several[codes])
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

    position: _Positions
    empty: _Mask
    alike: _Positions


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

    def _of_normal_form(self, texts: Any) -> _Positions:
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
