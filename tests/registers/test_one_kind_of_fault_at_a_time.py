"""What is wrong with cells is told before what follows from them: a fault is never hidden behind, or told with, its own
consequences, which go away with it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from four_persons import SmallTrial, dream_frame, fault_of

from reportlib.registers.errors import (
    BadHoursError,
    DuplicatePersonError,
    EndBeforeStartError,
    MissingMonthsError,
    NegativeCountError,
    NothingInPeriodError,
    UnknownDreamCodeError,
    UnreadableDateError,
)


def events(*records: tuple[str, str, str]) -> pd.DataFrame:
    """Person, day and last day of events that have a kind and no place."""
    found = pd.DataFrame(list(records), columns=["person", "dato", "slutdato"])
    return found.assign(haendelse="samtale", sted="")


def test_days_that_are_wrong_are_told_before_what_lies_outside_the_period(small: SmallTrial) -> None:
    """The only event begins before p1 enters: that it ends before it begins is why nobody knows when it was."""
    small.casework = events(("p1", "2016-09-30", "2016-09-29"))
    assert isinstance(fault_of(small), EndBeforeStartError)
    small.casework = events(("p1", "2016-09-30", ""))
    assert isinstance(fault_of(small), NothingInPeriodError)


def test_a_day_that_cannot_be_read_is_told_and_not_that_records_stand_twice(small: SmallTrial) -> None:
    small.casework = events(("p1", "10/2016", ""), ("p2", "2016-10-11", ""), ("p2", "2016-10-11", ""))
    assert isinstance(fault_of(small), UnreadableDateError)


def test_a_person_who_stands_twice_is_told_before_the_codes_of_the_others(small: SmallTrial) -> None:
    codes = dream_frame({"p2": {"y_1641": "600"}})
    small.dream = pd.concat([codes, codes[codes["PNR"] == "p1"]])
    assert isinstance(fault_of(small), DuplicatePersonError)
    small.dream = codes
    assert isinstance(fault_of(small), UnknownDreamCodeError)


def test_hours_below_nought_are_told_and_not_what_they_add_up_to(small: SmallTrial) -> None:
    """The months' sums and the records that stand twice are looked at when every cell is right."""
    months = [("2016-10", "-5"), ("2016-11", "10"), ("2016-11", "10"), ("2016-12", "900")]
    small.hours = pd.DataFrame([("p1", *one) for one in months], columns=["person", "maaned", "loentimer"])
    found = fault_of(small)
    assert isinstance(found, BadHoursError)
    assert found.rows == (2,)


def series(folder: Path, *counts: tuple[str, str, str]) -> None:
    frame = pd.DataFrame(list(counts), columns=["maaned", "omraade", "antal"]).assign(grundlag="900")
    frame.to_csv(folder / "serie.csv", sep=";", index=False)


def test_a_count_that_is_none_is_told_before_the_months_that_are_missing(small: SmallTrial) -> None:
    small.spec["extracts"]["series"] = {"s": {"file": "serie.csv"}}
    right = [(month, area, "300") for month in ("2016-09", "2016-11") for area in ("Aarhus", "Køge")]
    series(small.folder, ("2016-09", "Aarhus", "-1"), *right[1:])
    assert isinstance(fault_of(small), NegativeCountError)
    series(small.folder, *right)
    assert isinstance(fault_of(small), MissingMonthsError)
