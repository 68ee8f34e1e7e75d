"""Cells of any type as text, numbers, dates and months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.cells import Column, column, dates, months, numbers, parse_date, plain_text
from reportlib.registers.errors import (
    EmptyCellError,
    ExtractError,
    Faults,
    HostileTextError,
    UnreadableDateError,
    UnreadableNumberError,
)
from reportlib.registers.extract_tables import Table


def cells(values: Sequence[Any]) -> Column:
    table = Table("x.csv", "", (pa.table({"a": pa.array(values)}),), {"a": "A"}, np.arange(2, 2 + len(values)))
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


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2016-10-02T22:00:00Z", "2016-10-03"),  # midnight in Denmark, in summer time
        ("2016-12-02T22:30:00Z", "2016-12-02"),  # half past eleven, in winter time
        ("2016-10-02 22:00:00+00:00", "2016-10-03"),
        ("2016-10-03T00:00:00.000+0200", "2016-10-03"),
        ("2016-10-03 00:30 +02", "2016-10-03"),
        ("2016-10-02T20:00:00-05:00", "2016-10-03"),
        ("02-10-2016 22:00 UTC", "2016-10-03"),
        ("2016-10-02T22:00:00", "2016-10-02"),  # without a zone: as written
        ("2016-10-02 23:59:59.999", "2016-10-02"),
        ("02OCT2016:22:00:00", "2016-10-02"),
        (datetime(2016, 10, 2, 22, tzinfo=UTC), "2016-10-03"),
        (datetime(2016, 10, 2, 22), "2016-10-02"),
    ],
)
def test_an_instant_is_a_day_in_denmark_and_a_time_without_a_zone_is_as_written(written: Any, day: str) -> None:
    assert dates(cells([written]), Faults("x")).tolist() == [date.fromisoformat(day)]


def test_the_month_of_an_instant_is_that_of_denmark() -> None:
    assert months(cells(["2016-09-30T22:00:00Z"]), Faults("x"))[0] == np.datetime64("2016-10")


@pytest.mark.parametrize(
    "written", ["2016-10-02 25:00", "2016-10-02 10:61", "2016-10-02T10:00 PST", "2016-10-02 kl. 10"]
)
def test_a_time_that_does_not_exist_is_refused(written: str) -> None:
    assert isinstance(fault_of(dates, [written]), UnreadableDateError)


def test_years_of_two_digits_are_told_which_forms_are_read() -> None:
    hint = str(fault_of(dates, [f"{day:02d}-03-16" for day in range(1, 29)]).hint)
    assert "07-03-2016" in hint
    assert "years in full" in hint
    assert "years in full" in str(fault_of(months, ["03-16"]).hint)


@pytest.mark.parametrize("parse", [numbers, dates, months])
def test_missing_values_with_a_reason_are_missing_and_counted(parse: Any) -> None:
    found = cells(["20160307", ".a", ".B", ".a", "."])
    missing = np.isnan if parse is numbers else np.isnat
    assert missing(parse(found, Faults("x"))[1:]).all()
    assert found.special == {".a": 2, ".b": 1}
    assert found.present.tolist() == [True, False, False, False, False]


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


@pytest.mark.parametrize(("bad", "faults"), [(10, 10), (11, 1)])
def test_many_bad_values_are_one_fault_that_shows_none_of_them(bad: int, faults: int) -> None:
    found = Faults("x.csv")
    dates(cells([f"ord{number}" for number in range(100, 100 + bad)]), found)
    assert len(found) == faults
    with pytest.raises(ExtractError) as caught:
        found.stop()
    assert ("ord100" in str(caught.value)) is (faults > 1)
