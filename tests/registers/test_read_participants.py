"""The participants: names and groups made canonical, and every fault with its row, its column and no id."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from four_persons import SmallTrial
from pydantic import ValidationError

from reportlib.registers.errors import (
    ColumnNameTakenError,
    DateOutsidePeriodError,
    DuplicatePersonError,
    EmptyCellError,
    EmptyGroupError,
    ExtractError,
    HostileTextError,
    NoFollowUpError,
    SeveralFaultsError,
    UnknownGroupValueError,
    UnknownSiteError,
    UnreadableDateError,
)


def fault_with(small: SmallTrial, column: str, row: int, value: str) -> ExtractError:
    """The fault when `value` stands in the spreadsheet row `row`."""
    small.participants.loc[row - 2, column] = value
    with pytest.raises(ExtractError) as caught:
        small.read()
    return caught.value


def test_persons_come_in_the_order_of_the_file_with_canonical_names(small: SmallTrial) -> None:
    small.participants["kommune"] = ["aarhus", "  KØGE ", "Aarhus", "køge"]
    small.participants["gruppe"] = ["deltager", "KONTROL", "Kontrol", "Deltager "]
    persons = small.read().persons
    assert persons["person"].tolist() == ["p1", "p2", "p3", "p4"]
    assert persons["site"].tolist() == ["Aarhus", "Køge", "Aarhus", "Køge"]
    assert persons["group"].tolist() == ["deltager", "kontrol", "kontrol", "deltager"]
    assert persons["start"].dt.strftime("%Y-%m-%d").tolist() == ["2016-10-03", "2016-10-05", "2016-11-13", "2016-12-12"]
    assert isinstance(persons.index, pd.RangeIndex)


def test_background_is_numbers_where_all_are_and_text_otherwise(small: SmallTrial) -> None:
    small.participants["koen"] = ["K", "M", "", "K"]
    small.participants["boern"] = ["0", "1", "", "2"]
    small.spec["extracts"]["participants"]["background_values"] = {"koen": ["K", "M"]}
    small.spec["extracts"]["participants"]["background"] = {"alder": "Alder", "koen": "Køn", "BOERN": "Børn"}
    persons = small.read().persons
    assert persons["alder"].tolist() == [31, 42, 53, 64]
    assert persons["koen"].tolist() == ["K", "M", None, "K"]
    np.testing.assert_array_equal(persons["BOERN"], [0, 1, np.nan, 2])


def test_weeks_followed_are_whole_weeks_from_entry_to_the_last_day(small: SmallTrial) -> None:
    assert small.read().persons["weeks_followed"].tolist() == [8, 8, 8, 3]


def test_a_week_that_ends_after_the_last_day_is_not_followed(small: SmallTrial) -> None:
    small.spec["follow_up"]["last_day"] = "2016-12-31"
    assert small.read().persons["weeks_followed"].tolist() == [8, 8, 7, 2]


def test_a_trial_without_a_single_whole_week_is_refused(small: SmallTrial) -> None:
    small.spec["follow_up"]["last_day"] = "2016-10-08"
    with pytest.raises(NoFollowUpError):
        small.read()


def test_a_person_with_two_records_is_refused(small: SmallTrial) -> None:
    fault = fault_with(small, "person", 5, "p2")
    assert isinstance(fault, DuplicatePersonError)
    assert fault.rows == (3, 5)


def test_a_misspelt_site_names_the_nearest(small: SmallTrial) -> None:
    fault = fault_with(small, "kommune", 4, "Årus")
    assert isinstance(fault, UnknownSiteError)
    assert (fault.file, fault.rows, fault.column) == ("deltagere.csv", (4,), "kommune")
    assert "Aarhus" in str(fault.hint)


def test_a_site_may_be_written_in_other_ways_that_are_declared(small: SmallTrial) -> None:
    plain = small.read().persons["site"].tolist()
    small.spec["sites"]["written"] = {"Aarhus": ["0751", "Aarhus Kommune"]}
    small.participants["kommune"] = [
        "aarhus kommune" if name == "Aarhus" and row % 2 else "0751" if name == "Aarhus" else name
        for row, name in enumerate(small.participants["kommune"])
    ]
    assert small.read().persons["site"].tolist() == plain


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"Aarhus": ["Køge"]}, "køge"),
        ({"Aahrus": ["0751"]}, "no site"),
        ({"Aarhus": ["1"], "Køge": ["1"]}, "two"),
    ],
)
def test_a_way_to_write_a_site_that_is_anothers_is_refused(
    small: SmallTrial, written: dict[str, list[str]], says: str
) -> None:
    small.spec["sites"]["written"] = written
    with pytest.raises(ValidationError, match=says):
        small.read()


def test_an_unknown_group_names_the_groups(small: SmallTrial) -> None:
    fault = fault_with(small, "gruppe", 2, "Deltagre")
    assert isinstance(fault, UnknownGroupValueError)
    assert "Deltager" in str(fault.hint)


def test_a_group_without_persons_is_refused(small: SmallTrial) -> None:
    small.participants["gruppe"] = "Kontrol"
    with pytest.raises(EmptyGroupError, match="Deltager"):
        small.read()


@pytest.mark.parametrize("column", ["person", "kommune", "gruppe", "visitationsdato"])
def test_a_cell_that_must_have_a_value_may_not_be_empty(small: SmallTrial, column: str) -> None:
    fault = fault_with(small, column, 3, "")
    assert isinstance(fault, EmptyCellError)
    assert (fault.rows, fault.column) == ((3,), column)


@pytest.mark.parametrize("day", ["2016-09-30", "2017-01-01", "2061-10-03"])
def test_entry_outside_the_period_is_refused(small: SmallTrial, day: str) -> None:
    fault = fault_with(small, "visitationsdato", 2, day)
    assert isinstance(fault, DateOutsidePeriodError)
    assert fault.rows == (2,)


@pytest.mark.parametrize("day", ["2016-10-01", "2016-12-25"])
def test_entry_on_the_first_days_of_the_period_or_near_its_end_is_accepted(small: SmallTrial, day: str) -> None:
    small.without("dream", "paid_hours")
    small.participants.loc[0, "visitationsdato"] = day
    assert small.read().persons["start"].dt.strftime("%Y-%m-%d")[0] == day


def test_an_unreadable_date_is_refused(small: SmallTrial) -> None:
    assert isinstance(fault_with(small, "visitationsdato", 5, "31-11-2016"), UnreadableDateError)


def test_hostile_background_is_refused(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_kinds"] = {"alder": "category"}
    small.spec["extracts"]["participants"]["background_values"] = {"alder": ["31", "42", "53", "64\u202e"]}
    assert isinstance(fault_with(small, "alder", 5, "64\u202e"), HostileTextError)


def test_a_background_column_may_not_hide_a_column_of_ours(small: SmallTrial) -> None:
    small.participants["start"] = "1"
    small.spec["extracts"]["participants"]["background"] = {"Start": "Start"}
    with pytest.raises(ColumnNameTakenError):
        small.read()


def test_all_faults_of_the_file_are_told_at_once(small: SmallTrial) -> None:
    small.participants.loc[0, "kommune"] = "Roskilde"
    small.participants.loc[1, "gruppe"] = "?"
    small.participants.loc[2, "visitationsdato"] = "snart"
    with pytest.raises(SeveralFaultsError) as caught:
        small.read()
    assert [type(fault) for fault in caught.value.faults] == [
        UnknownSiteError,
        UnknownGroupValueError,
        UnreadableDateError,
    ]
    assert [fault.rows for fault in caught.value.faults] == [(2,), (3,), (4,)]
    assert all(str(fault) in str(caught.value) for fault in caught.value.faults)
