"""How a column writes its numbers: decided from all its cells, and refused where it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.cells import column, numbers
from reportlib.registers.errors import AmbiguousNumberError, ExtractError, Faults, UnreadableNumberError
from reportlib.registers.extract_tables import Table
from reportlib.registers.number_forms import FORMS, codes_for_unknown, read_numbers
from reportlib.trial.extracts import Source


def read(values: Sequence[Any], **settings: str) -> list[float]:
    table = Table("x.csv", "", (pa.table({"a": pa.array(values)}),), {"a": "A"}, np.arange(2, 2 + len(values)))
    faults = Faults("x.csv")
    found = numbers(column(table, "a"), faults, Source(file="x.csv", **settings))  # type: ignore[arg-type]
    faults.stop()
    return [float(value) for value in found]


def fault_of(values: Sequence[Any], **settings: str) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(values, **settings)
    return caught.value


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["1,5", "2", "-0,25"], [1.5, 2, -0.25]),
        (["1.5", "2", "1e3"], [1.5, 2, 1000]),
        (["1.234,5", "2.000"], [1234.5, 2000]),  # a comma beside points: points part thousands, in every cell
        (["1,234.5", "2,000"], [1234.5, 2000]),
        (["1.234", "0.5"], [1.234, 0.5]),  # no thousand begins with nought
        (["1.234.567", "1.000"], [1234567, 1000]),
        (["1 234,5", "12"], [1234.5, 12]),
        *(([f"1{blank}234", "987"], [1234, 987]) for blank in (" ", "\u00a0", "\u202f", "\u2009")),
        (["\u22121,5", "+2"], [-1.5, 2]),
        ([".5", "5."], [0.5, 5]),
    ],
)
def test_a_column_is_read_in_the_one_way_that_fits_all_its_cells(written: list[str], expected: list[float]) -> None:
    assert read(written) == expected


@pytest.mark.parametrize("written", [["250.000"], ["1.234", "987", "12.345", "1.000"], ["1,234", "987"]])
def test_what_may_be_thousands_or_decimals_is_refused_with_its_rows(written: list[str]) -> None:
    fault = fault_of(written)
    first = fault.faults[0] if hasattr(fault, "faults") else fault
    assert isinstance(first, AmbiguousNumberError)
    assert (first.rows, first.column) == ((2,), "A")
    assert "trial.yml" in str(first.hint)


def test_trial_yml_says_what_the_cells_cannot() -> None:
    written = ["1.234", "987", "12.345", "1.000"]
    assert read(written, decimal=",") == read(written, thousands=".") == [1234, 987, 12345, 1000]
    assert read(written, decimal=".") == read(written, thousands="", decimal=".") == [1.234, 987, 12.345, 1.0]
    assert read(["250.000"], decimal=",") == [250000]


def test_one_column_is_never_read_in_two_ways() -> None:
    fault = fault_of(["1,5", "2,75", "1.5"])
    assert isinstance(fault, UnreadableNumberError)
    assert fault.rows == (4,)
    assert "'1.5' is not a number where the column writes 1234,5" in fault.message


def test_what_is_declared_holds_for_every_cell() -> None:
    assert isinstance(fault_of(["1.5", "2"], decimal=","), UnreadableNumberError)


@pytest.mark.parametrize("values", [[250.0, 1.234], [1, 1000]])
def test_a_file_that_keeps_numbers_has_no_way_of_writing_them(values: list[float]) -> None:
    assert read(values) == values
    assert read(values, decimal=",") == values


@given(
    st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=8),
    st.integers(0, 4),
    st.sampled_from(FORMS),
)
def test_numbers_written_in_one_form_are_read_back_or_refused_and_never_read_as_others(
    whole: list[int], decimals: int, form: Any
) -> None:
    values = [number / 10**decimals for number in whole]
    texts = []
    for value in values:
        before, _, after = f"{abs(value):,.{decimals}f}".partition(".")
        text = before.replace(",", form.thousands) + (form.decimal + after if after else "")
        texts.append(("-" if value < 0 else "") + text)
    told = read_numbers(texts, form.decimal, form.thousands)
    assert [told.values[text] for text in texts] == pytest.approx(values)
    assert not told.doubtful
    guessed = read_numbers(texts)
    for text, value in zip(texts, values, strict=True):
        assert text in guessed.doubtful or guessed.values[text] == pytest.approx(value)


@pytest.mark.parametrize(
    ("numbers_there", "codes"),
    [
        ([30, 45, 70, 999], {"999"}),
        ([1, 3, 5, 9], {"9"}),
        ([1, 5, 7, 9], set()),  # an answer beside 7
        ([60, 70, 80, 99], set()),  # an age
        ([20, 30, 40, -1], {"-1"}),
        ([-5, 3, 4, -1], set()),  # others are negative
        ([40000, 80000, 99999], set()),
        ([999], set()),
    ],
)
def test_what_lies_far_from_all_others_may_be_a_code_for_unknown(numbers_there: list[int], codes: set[str]) -> None:
    assert codes_for_unknown({str(value): float(value) for value in numbers_there}, 2) == codes


@pytest.mark.parametrize("fewest", [1, 2, 3])
def test_nothing_is_a_code_among_fewer_numbers_than_asked_for(fewest: int) -> None:
    numbers_there = {str(value): float(value) for value in range(1, fewest)}
    assert codes_for_unknown({**numbers_there, "99": 99.0}, fewest) == set()
    assert codes_for_unknown({**numbers_there, str(fewest): float(fewest), "99": 99.0}, fewest) == {"99"}


def test_numbers_of_a_part_that_keeps_numbers_are_read_beside_those_written_with_a_comma() -> None:
    assert read(["1.5e0", "2,5", "7"]) == [1.5, 2.5, 7]


@pytest.mark.parametrize("written", ["7:24", "37:00", "37:00:00", "-1:30", "13:00:00.5"])
def test_hours_and_minutes_are_refused_with_what_to_write(written: str) -> None:
    fault = fault_of(["7.4", written])
    assert isinstance(fault, UnreadableNumberError)
    assert "7:24 is 7.4" in str(fault.hint)


@pytest.mark.parametrize("written", ["7:2", "uge 7:24", "7:60"])
def test_what_is_no_length_of_time_gets_no_advice_on_hours(written: str) -> None:
    assert "7:24 is 7.4" not in str(fault_of(["7.4", written]).hint)
