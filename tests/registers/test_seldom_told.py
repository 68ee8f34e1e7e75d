"""What few extracts are told: every kind of thin time, one person under two ids, stray answers, mixed days of fetching.

Each is held word by word, beside the nearest that is not told.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from four_persons import SmallTrial, fault_of, file_of

from reportlib.registers import holes
from reportlib.registers.errors import (
    DuplicatePersonError,
    Faults,
    FetchedElsewhereError,
    HoleError,
    MixedKindsError,
    RoundedIdError,
)
from reportlib.registers.extract_tables import open_table
from reportlib.registers.holes import Hole
from reportlib.registers.workbook_file import TextNumberError
from reportlib.trial.extracts import Gap, PaidHours

MONTHS = np.arange("2016-01", "2016-07", dtype="datetime64[M]")
WEEKS = np.datetime64("2016-01-04") + np.arange(6) * np.timedelta64(7, "D")


def told(hole: Hole, periods: Any = MONTHS, gaps: tuple[Gap, ...] = ()) -> tuple[list[str], list[str]]:
    """What is noted and what is refused of one hole in paid hours."""
    spec, faults = PaidHours(file="timer.csv", gaps=gaps), Faults("timer.csv")
    notes = holes.refuse([hole], spec, periods, "paid hours", faults)
    refused: list[str] = []
    try:
        faults.stop()
    except HoleError as error:
        refused.append(error.message)
    return [note.text for note in notes], refused


@pytest.mark.parametrize(
    ("hole", "noted"),
    [
        (
            Hole("", 2, 3, ends=False, few=9, lost=False),
            "less than half as many paid hours in 2016-03 to 2016-04 as before and after: is something missing?",
        ),
        (
            Hole("Nord", 5, 5, ends=True, few=9, lost=False),
            "less than half as many paid hours of Nord in 2016-06 as before: is something missing?",
        ),
        (
            Hole("", 5, 5, ends=True, few=1),
            "hardly any paid hours in 2016-06, and plenty before: is the time whole?",
        ),
        (
            Hole("", 0, 1, ends=True, few=1),
            "hardly any paid hours in 2016-01 to 2016-02, and plenty after: is the time whole?",
        ),
        (
            Hole("Nord", 4, 5, ends=True),
            "no paid hours of Nord in 2016-05 to 2016-06, where all others have some: has the site fallen silent?",
        ),
    ],
)
def test_a_time_that_is_thin_is_told_as_what_it_is(hole: Hole, noted: str) -> None:
    assert told(hole) == ([noted], [])


@pytest.mark.parametrize(
    ("hole", "refused"),
    [
        (Hole("", 2, 2, ends=False), "no paid hours in 2016-03, and plenty before and after: they would count as"),
        (Hole("Nord", 2, 2, ends=False), "no paid hours of Nord in 2016-03, and plenty before and after: they"),
        (Hole("", 2, 2, ends=False, few=3), "hardly any paid hours in 2016-03, and plenty before and after: they"),
        (Hole("", 5, 5, ends=True), "no paid hours in 2016-06, and plenty beside: they would count as nothing"),
    ],
)
def test_a_time_that_is_lost_is_refused_unless_it_is_declared(hole: Hole, refused: str) -> None:
    noted, faults = told(hole)
    assert noted == []
    assert [refused in fault for fault in faults] == [True]
    last = date(2016, 3, 31) if hole.first == 2 else date(2016, 6, 30)
    gap = Gap(first=last.replace(day=1), last=last, why="ingen")
    declared, faults = told(hole, gaps=(gap,))
    assert faults == []
    assert declared == [refused.partition(", and plenty")[0] + ", as trial.yml declares"]
    shorter = Gap(first=last.replace(day=1), last=last.replace(day=29), why="ingen")
    assert told(hole, gaps=(shorter,))[0] == []


def test_weeks_are_named_as_weeks() -> None:
    assert told(Hole("", 5, 5, ends=True, few=1), WEEKS)[0] == [
        "hardly any paid hours in 2016-W06, and plenty before: is the time whole?"
    ]


# One person under two ids


def renamed(small: SmallTrial, *ids: str) -> SmallTrial:
    """The first participants by these ids; the trial has no other extract."""
    small.without("dream", "paid_hours", "casework", "surveys")
    small.spec["extracts"]["weekly"] = {"job": {"file": "job.csv"}}
    small.spec["follow_up"]["weeks"] = 1
    every = [*ids, *small.participants["person"][len(ids) :]]
    small.participants["person"] = every
    small.more["job.csv"] = pd.DataFrame({"person": every, "week_1": ["1"] * 4})
    return small


@pytest.mark.parametrize(("one", "other"), [("007", "7"), ("ab", "AB"), ("a-1", "a1"), ("a 1", "a1"), ("7.0", "7")])
def test_two_ids_that_differ_in_writing_alone_are_one_person(small: SmallTrial, one: str, other: str) -> None:
    found = fault_of(renamed(small, one, other))
    assert isinstance(found, DuplicatePersonError)
    assert found.rows == (2, 3)
    assert "2 ids differ in zeros, case, hyphens, blanks or a decimal ending only" in str(found)
    assert "set `alike: strangers` for the participants" in str(found.hint)


@pytest.mark.parametrize(("one", "other"), [("70", "7"), ("a1", "a2"), ("7.1", "7")])
def test_two_ids_that_differ_in_a_digit_are_two_persons(small: SmallTrial, one: str, other: str) -> None:
    assert renamed(small, one, other).read().persons["person"].tolist()[:2] == [one, other]


def test_strangers_may_have_ids_that_look_alike(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["alike"] = "strangers"
    assert renamed(small, "ab", "AB").read().persons["person"].tolist()[:2] == ["ab", "AB"]


def test_ids_that_a_spreadsheet_has_rounded_are_refused(small: SmallTrial) -> None:
    assert isinstance(fault_of(renamed(small, "1.23457E+11")), RoundedIdError)


# Stray answers


def answered(small: SmallTrial, answers: list[str], counted: list[Any], not_counted: tuple[str, ...] = ()) -> Any:
    small.measure(kind="survey_share", survey="borgere", item="mening", answers=counted, not_counted=list(not_counted))
    small.spec["extracts"]["surveys"]["borgere"]["person"] = None
    small.citizens = pd.DataFrame({"kommune": ["Aarhus"] * len(answers), "mening": answers})
    return small


@pytest.mark.parametrize(
    ("answers", "counted", "says", "rows"),
    [
        (["1", "2", "hund"], [1], "'hund' is not a number, and most answers are", (4,)),
        (["1", "hund"], [1], "'hund' is not a number, and most answers are", (3,)),  # as many are
        (["ja", "nej", "3"], ["ja"], "'3' is a number, and most answers are not", (4,)),
    ],
)
def test_an_answer_of_another_kind_than_most_is_a_slip(
    small: SmallTrial, answers: list[str], counted: list[Any], says: str, rows: tuple[int, ...]
) -> None:
    found = fault_of(answered(small, answers, counted))
    assert isinstance(found, MixedKindsError)
    assert (found.rows, says in str(found)) == (rows, True)
    assert "name the answer in `not_counted` of a survey_share of the same item" in str(found.hint)


def test_an_answer_that_trial_yml_names_is_no_slip(small: SmallTrial) -> None:
    answered(small, ["1", "2", "ved ikke"], [1], ("ved ikke",)).read()


# Fetched, and typed


@pytest.mark.parametrize(("days", "right"), [(["2017-01-02"], True), (["2017-01-02", "2017-01-03"], False)])
def test_a_series_is_fetched_on_one_day(small: SmallTrial, days: list[str], right: bool) -> None:
    fetch = {
        "kind": "statistikbanken", "counted": "X", "table": "T", "count": "a", "base": "b", "first": "2016-09-01",
        "last": "2016-10-01",
    }  # fmt: skip
    small.spec["extracts"]["series"] = {"s": {"file": "serie.csv", "fetch": fetch}}
    rows = [(month, area) for month in ("2016-09", "2016-10") for area in ("Aarhus", "Køge")]
    frame = pd.DataFrame(rows, columns=["maaned", "omraade"]).assign(antal="300", grundlag="900")
    frame = frame.assign(kilde="Statistikbanken", tabel="T", hentet=[*days, *days[-1:] * (4 - len(days))])
    small.more["serie.csv"] = frame
    if right:
        assert file_of(small.read(), "serie.csv").origin.endswith("tabel T, hentet den 2.\xa0januar 2017")
        return
    found = fault_of(small)
    assert isinstance(found, FetchedElsewhereError)
    assert "fetched on 2 days" in str(found) and found.hint == "fetch the whole file again"


@pytest.mark.parametrize(
    ("cells", "says", "rows"),
    [
        ([1, 2, "3"], "numbers written as text among numbers", (4,)),
        ([1, "2", "3"], "numbers among numbers written as text", (2,)),
        ([1, "2"], "numbers written as text among numbers", (3,)),  # as many: the texts are told
    ],
)
def test_the_fewer_of_numbers_and_their_texts_are_told(
    tmp_path: Path, cells: list[Any], says: str, rows: tuple[int, ...]
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("Ark")
        for place, cell in enumerate(["tal", *cells]):
            sheet.write(place, 0, cell)
    opened = open_table(tmp_path, "a.xlsx")
    with pytest.raises(TextNumberError, match=says) as found:
        opened.read(opened.find(["tal"], Faults("a.xlsx")))
    assert found.value.rows == rows
