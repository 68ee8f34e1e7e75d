"""What looks wrong and is right is declared in trial.yml: each refusal has its way out, and the way out changes numbers
only as it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from clean_trial import numbers_of
from four_persons import SmallTrial, fault_of, file_of

from reportlib.registers.data import ReadFile, read_file
from reportlib.registers.errors import (
    BadHoursError,
    DuplicateRecordError,
    HoleError,
    IdWrittenOtherwiseError,
    MissingMonthsError,
    NegativeCountError,
    NobodyFoundError,
    TooFewKnownError,
    UnknownDreamCodeError,
)
from reportlib.registers.extract_tables import Table
from reportlib.registers.selection import Counts, rounded
from reportlib.trial.model import Trial


def set_for(small: SmallTrial, extract: str, **keys: Any) -> None:
    small.spec["extracts"][extract] = {**small.spec["extracts"][extract], **keys}


def test_hours_whose_ids_lost_their_leading_zeros_are_refused_with_rows_and_a_way_out(clean: SmallTrial) -> None:
    clean.hours["person"] = clean.hours["person"].str.lstrip("0")
    fault = fault_of(clean)
    assert isinstance(fault, IdWrittenOtherwiseError)
    assert (fault.file, fault.column, fault.rows[0]) == ("timer.csv", "person", 2)
    assert "differs from that of deltagere.csv in zeros" in fault.message
    assert "`alike: strangers`" in str(fault.hint)


def test_ids_declared_strangers_are_other_persons(clean: SmallTrial) -> None:
    before = numbers_of(clean)
    strangers = clean.hours.assign(person="0" + clean.hours["person"])
    clean.hours = pd.concat([clean.hours, strangers], ignore_index=True)
    assert isinstance(fault_of(clean), IdWrittenOtherwiseError)
    set_for(clean, "paid_hours", alike="strangers")
    assert numbers_of(clean) == before


def test_a_month_without_records_counts_as_no_hours_only_where_it_is_declared(clean: SmallTrial) -> None:
    clean.hours = clean.hours[clean.hours["maaned"] != "2016-11"].reset_index(drop=True)
    fault = fault_of(clean)
    assert isinstance(fault, MissingMonthsError)
    assert "2016-11" in fault.message
    november = {"first": "2016-11-01", "last": "2016-11-30", "why": "ingen blev lønnet"}
    set_for(clean, "paid_hours", gaps=[november])
    read = file_of(clean.read(), "timer.csv")
    assert [str(note) for note in read.notes] == ["no record of anybody in 2016-11, as trial.yml declares"]
    set_for(clean, "paid_hours", gaps=[{**november, "last": "2016-11-29"}])
    assert isinstance(fault_of(clean), MissingMonthsError)


def test_a_month_of_one_site_is_declared_for_that_site(clean: SmallTrial) -> None:
    site = clean.participants.set_index("person")["kommune"]
    gone = (clean.hours["maaned"] == "2016-11") & (clean.hours["person"].map(site) == "Køge")
    clean.hours = clean.hours[~gone].reset_index(drop=True)
    assert isinstance(fault_of(clean), HoleError)
    november = {"first": "2016-11-01", "last": "2016-11-30", "why": "lukket"}
    set_for(clean, "paid_hours", gaps=[{**november, "site": "Aarhus"}])
    assert isinstance(fault_of(clean), HoleError)
    set_for(clean, "paid_hours", gaps=[{**november, "site": "Køge"}])
    notes = [str(note) for note in file_of(clean.read(), "timer.csv").notes]
    assert notes == ["no paid hours of Køge in 2016-11, as trial.yml declares"]


def test_a_site_that_falls_silent_is_told(clean: SmallTrial) -> None:
    site = clean.participants.set_index("person")["kommune"]
    gone = (clean.hours["maaned"] == "2016-12") & (clean.hours["person"].map(site) == "Køge")
    clean.hours = clean.hours[~gone].reset_index(drop=True)
    notes = [str(note) for note in file_of(clean.read(), "timer.csv").notes]
    assert notes == ["no paid hours of Køge in 2016-12, where all others have some: has the site fallen silent?"]


def test_an_extract_that_ends_where_a_spreadsheet_ends_is_told() -> None:
    for lines, told in ((1_048_575, True), (65_535, True), (1_048_574, False)):
        table = Table("x.csv", "", (), {}, np.zeros(0, dtype=np.int64), Counts(lines=lines))
        assert bool(read_file(table).notes) is told


def test_a_site_of_which_nobody_has_a_record_is_told(clean: SmallTrial) -> None:
    site = clean.participants.set_index("person")["kommune"]
    clean.citizens = clean.citizens[clean.citizens["person"].map(site) == "Køge"].reset_index(drop=True)
    notes = [str(note) for note in file_of(clean.read(), "borgere.csv").notes]
    assert notes == ["nobody of Aarhus has a record, where about 40 were to be expected"]


@pytest.mark.parametrize("frame", ["hours", "casework", "citizens"])
def test_records_that_stand_twice_are_kept_or_dropped_as_declared(clean: SmallTrial, frame: str) -> None:
    extract = {"hours": "paid_hours", "casework": "casework"}.get(frame)
    before, table = numbers_of(clean), getattr(clean, frame)
    asked_for = table[table["maaned"] >= "2016-10"] if frame == "hours" else table
    setattr(clean, frame, pd.concat([table, asked_for.iloc[[4, 7, 9, 11, 13]]], ignore_index=True))
    fault = fault_of(clean)
    assert isinstance(fault, DuplicateRecordError)
    assert fault.rows == tuple(range(len(table) + 2, len(table) + 7))
    spec = clean.spec["extracts"][extract] if extract else clean.spec["extracts"]["surveys"]["borgere"]
    spec["duplicates"] = "drop"
    assert numbers_of(clean) == before
    read = file_of(clean.read(), {"hours": "timer.csv", "casework": "sager.csv"}.get(frame, "borgere.csv"))
    assert (read.dropped["records that stand twice"], read.duplicates) == (5, 5)
    assert read.as_counts(6)["duplicates"] == "<6"
    spec["duplicates"] = "keep"
    kept = clean.read()
    if frame == "citizens":
        assert len(kept.surveys["borgere"]) == len(table) + 5


def test_few_participants_with_a_record_are_refused_unless_expected(clean: SmallTrial) -> None:
    clean.citizens = clean.citizens.head(10)
    set_for(clean, "surveys", borgere={**clean.spec["extracts"]["surveys"]["borgere"], "coverage": 0.2})
    fault = fault_of(clean)
    assert isinstance(fault, TooFewKnownError)
    assert "10 of 80 participants have a record, and at least 16 are expected" in fault.message
    clean.spec["extracts"]["surveys"]["borgere"]["coverage"] = 0.1
    assert file_of(clean.read(), "borgere.csv").known == 10


def test_an_empty_week_of_dream_is_refused_and_so_is_one_with_few_before_it(clean: SmallTrial) -> None:
    clean.dream["y_1640"] = ""
    fault = fault_of(clean)
    assert isinstance(fault, HoleError)
    assert "no codes in 2016-W40" in fault.message
    clean.dream.loc[4:, "y_1639"] = ""
    assert "hardly any codes in 2016-W39 to 2016-W40" in fault_of(clean).message
    set_for(clean, "dream", gaps=[{"first": "2016-09-26", "last": "2016-10-09", "why": "lukket"}])
    notes = [str(note) for note in file_of(clean.read(), "dream.csv").notes]
    assert notes == ["hardly any codes in 2016-W39 to 2016-W40, as trial.yml declares"]


def test_an_unknown_code_is_told_with_row_and_week(clean: SmallTrial) -> None:
    clean.dream.loc[5, "y_1645"] = "abc"
    fault = fault_of(clean)
    assert isinstance(fault, UnknownDreamCodeError)
    assert "'abc' in 1 row (the first is row 7, 2016-W45)" in fault.message


def test_event_weeks_without_values_are_refused_unless_declared(clean: SmallTrial) -> None:
    values = pd.DataFrame("1", index=range(80), columns=[f"week_{week}" for week in range(1, 9)])
    values.insert(0, "person", clean.participants["person"])
    values["week_5"] = ""
    values.to_csv(clean.folder / "uger.csv", sep=";", index=False)
    clean.spec["extracts"]["weekly"] = {"uger": {"file": "uger.csv"}}
    fault = fault_of(clean)
    assert isinstance(fault, HoleError)
    assert "no value in event week 5" in fault.message
    clean.spec["extracts"]["weekly"]["uger"]["empty_weeks"] = [5]
    clean.read()
    values.assign(week_5="0").to_csv(clean.folder / "uger.csv", sep=";", index=False)
    clean.read()
    del clean.spec["extracts"]["weekly"]["uger"]["empty_weeks"]
    assert "no value but nought in event week 5" in fault_of(clean).message


def test_a_week_of_more_hours_than_it_has_is_refused(clean: SmallTrial) -> None:
    values = pd.DataFrame("7,5", index=range(80), columns=[f"week_{week}" for week in range(1, 9)])
    values.insert(0, "person", clean.participants["person"])
    values.assign(week_3="1.234").to_csv(clean.folder / "uger.csv", sep=";", index=False)
    clean.spec["extracts"]["weekly"] = {"uger": {"file": "uger.csv"}}
    clean.measure(kind="weekly", extract="uger")
    clean.spec["measures"][-1]["unit"] = "hours_per_week"
    fault = fault_of(clean)
    assert isinstance(fault, BadHoursError)
    assert fault.column == "week_3"


@pytest.mark.parametrize("revised", [False, True])
def test_a_month_of_a_person_in_two_parts_is_refused_unless_both_count(clean: SmallTrial, revised: bool) -> None:
    """The second delivery repeats the last month of the first, perhaps with corrected hours."""
    (clean.folder / "timer").mkdir()
    first, second = clean.hours[clean.hours["maaned"] <= "2016-10"], clean.hours[clean.hours["maaned"] >= "2016-10"]
    if revised:
        first = first.assign(loentimer="10,00")
    first.to_csv(clean.folder / "timer" / "a.csv", sep=";", index=False)
    second.to_csv(clean.folder / "timer" / "b.csv", sep=";", index=False)
    set_for(clean, "paid_hours", file="timer", duplicates="drop" if revised else None)
    assert "months of a person that another part holds too" in fault_of(clean).message
    set_for(clean, "paid_hours", duplicates="keep")
    clean.read()


def test_an_event_in_two_parts_is_refused_and_in_one_told(clean: SmallTrial) -> None:
    ended = clean.casework.iloc[:1].assign(slutdato="2017-01-01")
    (clean.folder / "sager").mkdir()
    clean.casework.to_csv(clean.folder / "sager" / "a.csv", sep=";", index=False)
    ended.to_csv(clean.folder / "sager" / "b.csv", sep=";", index=False)
    set_for(clean, "casework", file="sager")
    assert "1 records are of events that another part holds too" in fault_of(clean).message
    clean.casework = pd.concat([clean.casework, ended], ignore_index=True)
    set_for(clean, "casework", file="sager.csv")
    told = [note for note in file_of(clean.read(), "sager.csv").notes if "as another" in note.text]
    assert [note.seen for note in told] == ["1 events"]


def test_a_count_of_persons_that_is_not_whole_is_refused_with_its_row(clean: SmallTrial) -> None:
    frame = pd.DataFrame({"maaned": "2016-09", "omraade": ["Aarhus", "Køge"], "antal": ["12", "7,5"], "grundlag": 900})
    frame.to_csv(clean.folder / "serie.csv", sep=";", index=False)
    clean.spec["extracts"]["series"] = {"s": {"file": "serie.csv"}}
    fault = fault_of(clean)
    assert isinstance(fault, NegativeCountError)
    assert (fault.column, fault.rows) == ("antal", (3,))


def test_a_month_of_noughts_in_every_area_is_refused_unless_declared(clean: SmallTrial) -> None:
    months = ["2016-09", "2016-10", "2016-11"]
    rows = [(month, area, 0 if month == "2016-10" else 300, 900) for month in months for area in ("Aarhus", "Køge")]
    frame = pd.DataFrame(rows, columns=["maaned", "omraade", "antal", "grundlag"])
    frame.to_csv(clean.folder / "serie.csv", sep=";", index=False)
    clean.spec["extracts"]["series"] = {"s": {"file": "serie.csv"}}
    assert isinstance(fault_of(clean), HoleError)
    gap = {"first": "2016-10-01", "last": "2016-10-31", "why": "ordningen var lukket"}
    clean.spec["extracts"]["series"]["s"]["gaps"] = [gap]
    clean.read()


@pytest.mark.parametrize(
    ("extract", "key"),
    [
        ("dream", {"coverage": 0.9}),
        ("dream", {"duplicates": "drop"}),
        ("participants", {"gaps": [{"first": "2016-10-01", "last": "2016-10-31", "why": "x"}]}),
        ("casework", {"gaps": [{"first": "2016-10-01", "last": "2016-10-31", "why": "x", "site": "Kge"}]}),
        ("casework", {"decimal": ",", "thousands": ","}),
    ],
)
def test_a_declaration_without_meaning_is_refused(clean: SmallTrial, extract: str, key: dict[str, Any]) -> None:
    set_for(clean, extract, **key)
    with pytest.raises(ValueError, match="Kge" if "site" in str(key) else next(reversed(key))):
        Trial.model_validate(clean.spec)


def test_an_extract_of_other_persons_is_refused(clean: SmallTrial) -> None:
    clean.casework["person"] = "x"
    assert isinstance(fault_of(clean), NobodyFoundError)


def test_counts_of_few_participants_leave_the_server_as_few(clean: SmallTrial) -> None:
    clean.citizens = clean.citizens.iloc[:78]
    clean.participants.loc[[3, 5], "gaeld"] = ""
    files = {file.name: file.as_counts(5) for file in clean.read().files}
    assert files["borgere.csv"]["known"] == ">75"
    assert files["deltagere.csv"]["missing"] == {"gaeld": "<5"}
    assert np.all([isinstance(value, int) for value in files["timer.csv"]["dropped"].values()])


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("timer.csv", "timer.csv"),
        ("2016/timer.csv", "2016/timer.csv"),
        ("E:\\sag\\timer.csv", "timer.csv"),
        ("/home/x/timer.csv", "timer.csv"),
        ("../x/timer.csv", "timer.csv"),
    ],
)
def test_a_place_of_the_machine_is_not_in_the_ledger(file: str, kept: str) -> None:
    assert ReadFile(file, "", 1).as_counts(5)["name"] == kept


@pytest.mark.parametrize(
    ("ids", "lost"), [(["1,02E+09"], True), (["1.02e+09"], True), (["12e45", "9e15", "1E"], False)]
)
def test_ids_of_a_spreadsheet_are_told_from_ids_with_letters(ids: list[str], lost: bool) -> None:
    assert any(map(rounded, ids)) is lost
