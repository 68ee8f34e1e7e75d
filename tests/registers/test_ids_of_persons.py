"""Whose a record is: one way of writing every id, and one normal form of it, in single steps and for whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.cells import as_text, texts_of
from reportlib.registers.selection import Wanted, normal_form

TEXT = st.text(st.sampled_from("0019aAZ -.,øN"), max_size=5)
VALUES = st.one_of(
    st.lists(TEXT | st.none(), max_size=8),
    st.lists(st.integers(-(2**60), 2**60) | st.none(), max_size=8),
    st.lists(st.floats(width=64) | st.integers(-1000, 1000).map(float) | st.none(), max_size=8),
    st.lists(st.booleans() | st.none(), max_size=8),
    st.lists(st.dates() | st.none(), max_size=8),
)


@given(values=VALUES, dictionary=st.booleans())
def test_a_column_is_written_as_each_of_its_cells_is(values: list[Any], dictionary: bool) -> None:
    array = pa.array(values)
    cells = array.dictionary_encode() if dictionary and not pa.types.is_null(array.type) else array
    assert texts_of(pa.chunked_array([cells])).to_pylist() == [as_text(value) for value in values]


@given(people=st.lists(TEXT, min_size=1, max_size=6, unique=True), records=st.lists(TEXT, min_size=1, max_size=8))
def test_a_record_is_found_by_its_text_and_suspected_by_its_normal_form(people: list[str], records: list[str]) -> None:
    people = list(dict.fromkeys(as_text(person) for person in people))
    found = Wanted(people).find(pa.array(records))
    for place, text in enumerate(map(as_text, records)):
        exact = people.index(text) if text in people and text else -1
        if text:
            assert found.position[place] == exact
            same = [one for one in people if normal_form(one) and normal_form(one) == normal_form(text)]
            assert (found.alike[place] >= 0) == (exact < 0 and bool(same))
        assert found.empty[place] == (not text)


@pytest.mark.parametrize(
    "written", ["102031234", 102031234, 102031234.0, "010203-1234", "0102031234.0", " 00102031234"]
)
def test_ids_that_lost_or_gained_signs_are_alike_and_not_found(written: Any) -> None:
    found = Wanted(["0102031234", "1502031234"]).find(pa.array([written, written]))
    assert found.position.tolist() == [-1, -1]
    assert found.alike.tolist() == [0, 0]


@pytest.mark.parametrize("prefix", ["", "p"])
def test_more_persons_than_a_set_is_made_anew_for_are_found_too(prefix: str) -> None:
    people = [f"{prefix}{number:06d}" for number in range(60_000)]
    found = Wanted(people).find(pa.array([*people[::-7], "ukendt"]))
    assert found.position.tolist() == [*np.arange(60_000)[::-7].tolist(), -1]
