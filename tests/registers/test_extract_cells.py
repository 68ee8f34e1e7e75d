"""Cells of any type as text, numbers, dates and months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.cells import Column, column, dates, months, numbers, numbers_or_text, parse_date, plain_text
from reportlib.registers.errors import (
    EmptyCellError,
    ExtractError,
    Faults,
    HostileTextError,
    UnreadableDateError,
    UnreadableNumberError,
)
from reportlib.registers.tables import Table


def cells(values: Sequence[Any]) -> Column:
    table = Table("x.csv", "", pa.table({"a": pa.array(values)}), {"a": "A"}, np.arange(2, 2 + len(values)))
    return column(table, "a")


def fault_of(parse: Any, values: Sequence[Any]) -> ExtractError:
    faults = Faults("x.csv")
    parse(cells(values), faults)
    with pytest.raises(ExtractError) as caught:
        faults.stop()
    return caught.value


@pytest.mark.parametrize("missing", ["", " ", ".", "NA", None])
def test_empty_point_and_na_are_missing(missing: str | None) -> None:
    assert cells(["x", missing]).values().tolist() == ["x", ""]


@pytest.mark.parametrize("number", [7, 7.0, "7", " 7 "])
def test_whole_numbers_of_every_type_are_written_alike(number: Any) -> None:
    assert cells([number]).values().tolist() == ["7"]


def test_not_a_number_in_a_column_of_floats_is_missing() -> None:
    assert cells([1.5, float("nan")]).values().tolist() == ["1.5", ""]


def test_composed_and_decomposed_letters_are_one_value() -> None:
    assert len(cells(["A\u030arhus", "\u00c5rhus"]).texts) == 1


@pytest.mark.parametrize(
    "written",
    ["2016-03-07", "2016-3-7", "07-03-2016", "7/3/2016", "7.3.2016", "20160307", "07MAR2016", "2016-03-07 00:00:00"],
)
def test_the_usual_ways_to_write_a_day_are_read(written: str) -> None:
    assert parse_date(written) == date(2016, 3, 7)


@pytest.mark.parametrize("written", ["2016-02-30", "31-04-2016", "03/17/2016", "7-3-16", "42430", "i går", "2016"])
def test_what_is_not_a_day_is_refused_with_its_row(written: str) -> None:
    fault = fault_of(dates, ["2016-03-07", written])
    assert isinstance(fault, UnreadableDateError)
    assert (fault.rows, fault.column) == ((3,), "A")


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_is_read_back_however_it_is_typed(day: date) -> None:
    moment = datetime(day.year, day.month, day.day)
    written = [day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%Y%m%d}"]
    assert {parse_date(text) for text in written} == {day}
    assert dates(cells([day]), Faults("x"))[0] == dates(cells([moment]), Faults("x"))[0] == np.datetime64(day)


@pytest.mark.parametrize("written", ["2016-03", "201603", "2016M03", "03-2016", "2016-03-01", date(2016, 3, 31)])
def test_the_usual_ways_to_write_a_month_are_read(written: Any) -> None:
    assert months(cells([written]), Faults("x"))[0] == np.datetime64("2016-03")


def test_a_month_that_does_not_exist_is_refused() -> None:
    assert isinstance(fault_of(months, ["2016-13"]), UnreadableDateError)


def test_decimal_comma_and_point_are_read() -> None:
    assert numbers(cells(["1,5", "2", "-0,25"]), Faults("x")).tolist() == [1.5, 2.0, -0.25]
    assert numbers(cells(["1.5", "2", "1e3"]), Faults("x")).tolist() == [1.5, 2.0, 1000.0]


def test_with_a_decimal_comma_in_the_column_points_separate_thousands() -> None:
    assert numbers(cells(["1.234,5", "2.000"]), Faults("x")).tolist() == [1234.5, 2000.0]


@pytest.mark.parametrize("written", ["abc", "1,2,3", "1.2.3", "12 timer", "1_000", "inf", "nan", "0x10", "1e309"])
def test_what_is_not_a_number_is_refused(written: str) -> None:
    assert isinstance(fault_of(numbers, ["1", written]), UnreadableNumberError)


def test_a_column_is_whole_numbers_numbers_or_text_by_what_fits_all() -> None:
    assert numbers_or_text(cells(["1", "2"]), Faults("x")).dtype == np.int64
    np.testing.assert_array_equal(numbers_or_text(cells(["1", ""]), Faults("x")), [1.0, np.nan])
    assert numbers_or_text(cells(["1", "to", ""]), Faults("x")).tolist() == ["1", "to", None]


def test_numbers_too_long_to_be_exact_are_not_whole() -> None:
    assert numbers_or_text(cells(["9" * 40, "1"]), Faults("x")).tolist() == [1e40, 1.0]


def test_a_code_with_leading_zero_stays_text() -> None:
    assert numbers_or_text(cells(["0851", "101"]), Faults("x")).tolist() == ["0851", "101"]


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "a\u202eb", "a\u200bb", "\x1b[31mred", "x" * 201])
def test_text_with_control_or_invisible_characters_is_refused_and_shown_escaped(text: str) -> None:
    fault = fault_of(plain_text, ["fint", text])
    assert isinstance(fault, HostileTextError)
    assert fault.rows == (3,)
    assert all(character.isprintable() for character in fault.message)
    assert len(fault.message) < 250


def test_a_personal_number_in_a_wrong_column_is_not_shown() -> None:
    for written in ("0101801234", "010180-1234"):
        assert written not in str(fault_of(dates, [written]))


def test_a_column_of_something_else_becomes_one_fault_that_shows_no_value() -> None:
    fault = fault_of(dates, [f"hemmelig{number}" for number in range(30)])
    assert "hemmelig" not in str(fault)
    assert "30 different values" in fault.message


def test_the_same_bad_value_is_one_fault_with_all_its_rows() -> None:
    fault = fault_of(dates, ["x", "2016-03-07"] + ["x"] * 7)
    assert fault.rows == (2, 4, 5, 6, 7, 8, 9, 10)
    assert "rows 2, 4, 5, 6, 7 and 3 more" in fault.message


def test_a_required_cell_that_is_empty_is_a_fault() -> None:
    fault = fault_of(lambda value, faults: value.require(faults), ["x", ""])
    assert isinstance(fault, EmptyCellError)
    assert fault.rows == (3,)
