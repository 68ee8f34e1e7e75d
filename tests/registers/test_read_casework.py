"""Casework: events between entry and the last day, spelt as the measures spell them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from four_persons import SmallTrial, file_of

from reportlib.registers.data import Note
from reportlib.registers.errors import (
    EmptyCellError,
    EndBeforeStartError,
    ExtractError,
    HostileTextError,
    MissingColumnError,
    UnknownEventKindError,
    UnreadableDateError,
)


def events(*records: tuple[str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(records), columns=["person", "haendelse", "dato", "slutdato", "sted"])


def read(small: SmallTrial) -> pd.DataFrame:
    casework = small.read().casework
    assert casework is not None
    return casework


def test_events_are_sorted_by_person_and_day(small: SmallTrial) -> None:
    small.casework = events(
        ("p2", "plan", "2016-11-01", "", ""),
        ("p1", "samtale", "2016-12-01", "2016-12-24", "Bager Ø"),
        ("p1", "plan", "2016-10-04", "", ""),
    )
    casework = read(small)
    assert casework["row"].tolist() == [0, 0, 1]
    assert casework["kind"].tolist() == ["plan", "samtale", "plan"]
    assert casework["start"].dt.strftime("%m-%d").tolist() == ["10-04", "12-01", "11-01"]
    assert casework["end"].isna().tolist() == [True, False, True]
    assert casework["place"].tolist() == ["", "Bager Ø", ""]


def test_events_before_entry_after_the_last_day_and_of_strangers_are_dropped_and_counted(small: SmallTrial) -> None:
    small.casework = events(
        ("p1", "plan", "2016-10-02", "", ""),
        ("p1", "plan", "2016-10-03", "", ""),
        ("p1", "plan", "2017-01-01", "", ""),
        ("p1", "plan", "2017-01-02", "", ""),
        ("x9", "plan", "2016-11-01", "", ""),
    )
    data = small.read()
    assert data.casework is not None
    assert data.casework["start"].dt.strftime("%Y-%m-%d").tolist() == ["2016-10-03", "2017-01-01"]
    assert file_of(data, "sager.csv").dropped == {
        "records of persons who do not take part": 1,
        "events before entry": 1,
        "events after 2017-01-01": 1,
    }


def test_the_last_day_of_registrations_may_differ_from_that_of_follow_up(small: SmallTrial) -> None:
    small.spec["extracts"]["casework"]["last_day"] = "2016-10-10"
    assert len(read(small)) == 1


def test_kinds_are_spelt_as_the_measures_spell_them(small: SmallTrial) -> None:
    small.measure(kind="event_ever", events=["MinPlan"])
    small.casework = events(("p1", "minplan ", "2016-10-10", "", ""), ("p1", "MINPLAN", "2016-10-11", "", ""))
    assert read(small)["kind"].tolist() == ["MinPlan", "MinPlan"]


@pytest.mark.parametrize(("counted", "written"), [("min-plan", "MinPlan"), ("loentilskud", "løntilskud")])
def test_a_kind_spelt_otherwise_than_in_the_measure_stops(small: SmallTrial, counted: str, written: str) -> None:
    small.measure(kind="event_ever", events=[counted])
    small.casework = events(("p1", written, "2016-10-10", "", ""))
    with pytest.raises(UnknownEventKindError, match=f"{counted}.*{written}"):
        small.read()


def test_a_kind_that_never_occurs_is_noted_with_the_nearest(small: SmallTrial) -> None:
    small.measure(kind="event_ever", events=["samtaler"])
    notes = file_of(small.read(), "sager.csv").notes
    assert notes == (Note("the kind of event 'samtaler' never occurs", "near: 'samtale'"),)


@pytest.mark.parametrize(
    ("record", "condition", "column"),
    [
        (("p1", "", "2016-10-10", "", ""), EmptyCellError, "haendelse"),
        (("p1", "plan", "", "", ""), EmptyCellError, "dato"),
        (("", "plan", "2016-10-10", "", ""), EmptyCellError, "person"),
        (("p1", "plan", "10/2016", "", ""), UnreadableDateError, "dato"),
        (("p1", "plan", "2016-10-10", "åben", ""), UnreadableDateError, "slutdato"),
        (("p1", "plan", "2016-10-10", "2016-10-09", ""), EndBeforeStartError, "slutdato"),
        (("p1", "pl\x07an", "2016-10-10", "", ""), HostileTextError, "haendelse"),
        (("p1", "plan", "2016-10-10", "", "x\u202ey"), HostileTextError, "sted"),
    ],
)
def test_each_fault_names_its_row_and_column(
    small: SmallTrial, record: Any, condition: type[ExtractError], column: str
) -> None:
    small.casework = events(("p2", "plan", "2016-10-10", "", ""), record)
    with pytest.raises(condition) as caught:
        small.read()
    assert (caught.value.rows, caught.value.column) == ((3,), column)


def test_end_and_place_are_needed_only_by_measures_that_add_up_days_at_a_place(small: SmallTrial) -> None:
    small.casework = small.casework.drop(columns=["slutdato", "sted"])
    data = small.read()
    assert data.casework is not None
    assert data.casework["end"].isna().all()
    assert data.casework["place"].tolist() == ["", ""]
    assert file_of(data, "sager.csv").notes == (
        Note("no column slutdato: taken as empty"),
        Note("no column sted: taken as empty"),
    )
    small.measure(kind="days_at_one_place", events=["samtale"], days=91)
    with pytest.raises(ExtractError) as caught:
        small.read()
    assert all(isinstance(fault, MissingColumnError) for fault in caught.value.faults)  # type: ignore[attr-defined]


def test_an_end_that_one_part_lacks_is_missing_there(small: SmallTrial) -> None:
    small.write()
    (small.folder / "sager").mkdir()
    (small.folder / "sager" / "a.csv").write_text("person;haendelse;dato;slutdato\np1;samtale;2016-10-10;2016-10-12\n")
    (small.folder / "sager" / "b.csv").write_text("person;haendelse;dato\np2;samtale;2016-10-11\n")
    small.spec["extracts"]["casework"]["file"] = "sager"
    with pytest.raises(MissingColumnError) as caught:
        small.read_written()
    assert (caught.value.file, caught.value.column) == ("sager/b.csv", "slutdato")
