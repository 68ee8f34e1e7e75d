"""Stata and SAS: labels are those of the text file of the same data, missing values with a reason are counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from four_persons import SmallTrial, file_of

from reportlib.registers import statistics_file
from reportlib.registers.cells import column, dates
from reportlib.registers.data import Note, TrialData
from reportlib.registers.errors import Faults, LostRowsError, MissingLabelsError, RoundedIdError, UnreadableNumberError
from reportlib.registers.extract_tables import open_table
from reportlib.registers.kinds import read_background
from reportlib.registers.read import read_trial
from reportlib.trial.extracts import Participants
from reportlib.trial.model import Trial


def read_with(small: SmallTrial, extract: dict[str, Any], frame: pd.DataFrame, **written: Any) -> TrialData:
    """The trial whose extract is a Stata file of `frame`."""
    small.write()
    pyreadstat.write_dta(frame, str(small.folder / "x.dta"), **written)
    extract["file"] = "x.dta"
    return read_trial(Trial.model_validate(small.spec), small.folder)


def participants(small: SmallTrial, values: list[Any], **written: Any) -> TrialData:
    frame = small.participants.assign(alder=values)
    return read_with(small, small.spec["extracts"]["participants"], frame, **written)


UDD = {0: "Grundskole", 1: "Faglært", 2: "Videregående"}


def test_a_labelled_background_is_its_labels_as_in_a_text_file(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_values"] = {"alder": list(UDD.values())}
    data = participants(small, [0.0, 1.0, np.nan, 2.0], variable_value_labels={"alder": UDD})
    small.participants["alder"] = ["Grundskole", "Faglært", "", "Videregående"]
    small.spec["extracts"]["participants"]["file"] = "deltagere.csv"
    assert data.persons["alder"].tolist() == small.read().persons["alder"].tolist()


def test_a_number_of_which_some_values_have_a_label_is_refused_until_declared(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_units"] = {"alder": "years"}
    labels = {"alder": {99: "Uoplyst"}}
    with pytest.raises(UnreadableNumberError, match="row 4, column alder: 'Uoplyst' is not a number"):
        participants(small, [31, 42, 99, 64], variable_value_labels=labels)
    small.spec["extracts"]["participants"]["background_kinds"] = {"alder": "number"}
    assert participants(small, [31, 42, 99, 64], variable_value_labels=labels).persons["alder"].tolist()[2] == 99


def test_ja_and_nej_with_labels_are_yes_and_no_where_declared(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_kinds"] = {"alder": "yes_no"}
    data = participants(small, [0, 1, 1, 0], variable_value_labels={"alder": {0: "Nej", 1: "Ja"}})
    assert data.persons["alder"].tolist() == [0, 1, 1, 0]


def test_sites_groups_and_kinds_of_events_are_labels(small: SmallTrial) -> None:
    frame = small.participants.assign(kommune=[1, 2, 1, 2], gruppe=[1, 0, 0, 1])
    labels = {"kommune": {1: "Aarhus", 2: "Køge"}, "gruppe": {0: "Kontrol", 1: "Deltager"}}
    data = read_with(small, small.spec["extracts"]["participants"], frame, variable_value_labels=labels)
    assert data.persons["site"].tolist() == ["Aarhus", "Køge", "Aarhus", "Køge"]
    small.spec["extracts"]["participants"]["file"] = "deltagere.csv"
    events = small.casework.assign(haendelse=[3, 3])
    data = read_with(
        small, small.spec["extracts"]["casework"], events, variable_value_labels={"haendelse": {3: "samtale"}}
    )
    assert data.casework is not None
    assert set(data.casework["kind"]) == {"samtale"}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ({"kind": "survey_share", "answers": ["Enig"]}, ["Enig", "Uenig"]),
        ({"kind": "survey_share", "answers": [5]}, [5, 1]),
        ({"kind": "survey_mean", "low": 1, "high": 5, "low_label": "a", "high_label": "b"}, [5, 1]),
    ],
)
def test_answers_are_codes_where_numbers_are_asked_for_and_labels_else(
    small: SmallTrial, measure: dict[str, Any], expected: list[Any]
) -> None:
    small.measure(survey="borgere", item="mening", **measure)
    frame = small.citizens.assign(mening=[5.0, 1.0])
    labels = {"mening": {1: "Uenig", 5: "Enig"}}
    data = read_with(small, small.spec["extracts"]["surveys"]["borgere"], frame, variable_value_labels=labels)
    assert data.surveys["borgere"]["mening"].tolist() == expected


def test_missing_values_with_a_reason_are_missing_and_told(small: SmallTrial) -> None:
    data = participants(small, [31.5, "a", 53.25, "b"], missing_user_values={"alder": ["a", "b"]})
    np.testing.assert_array_equal(data.persons["alder"], [31.5, np.nan, 53.25, np.nan])
    read = file_of(data, "x.dta")
    assert read.missing == {"alder": 2}
    assert Note("alder: 1 cells are missing for the reason .a") in read.notes


def test_decimals_of_four_bytes_are_those_of_the_text_file(small: SmallTrial) -> None:
    frame = pd.DataFrame({"person": ["p1"] * 3, "maaned": ["2016-10", "2016-11", "2016-12"]})
    frame["loentimer"] = np.array([37.33, 0.1, 160.33], dtype=np.float32)
    small.write()
    frame.to_stata(small.folder / "x.dta", write_index=False)
    small.spec["extracts"]["paid_hours"]["file"] = "x.dta"
    of_stata = read_trial(Trial.model_validate(small.spec), small.folder)
    small.hours = frame.assign(loentimer=["37.33", "0.1", "160.33"])
    small.spec["extracts"]["paid_hours"]["file"] = "timer.csv"
    of_text = small.read()
    assert of_stata.panel.hours is not None and of_text.panel.hours is not None
    np.testing.assert_array_equal(of_stata.panel.hours, of_text.panel.hours)


def test_ids_in_numbers_too_short_for_them_are_refused(small: SmallTrial) -> None:
    small.write()
    ids = np.array([1020312340, 1502031234, 902031235, 2002031236], dtype=np.float64)
    frame = small.participants.assign(person=ids.astype(np.float32))
    frame.to_stata(small.folder / "x.dta", write_index=False)
    small.spec["extracts"]["participants"]["file"] = "x.dta"
    with pytest.raises(Exception, match="ids have lost digits") as caught:
        read_trial(Trial.model_validate(small.spec), small.folder)
    faults = getattr(caught.value, "faults", (caught.value,))
    assert any(isinstance(fault, RoundedIdError) for fault in faults)


def transport(path: Path, **columns: tuple[list[Any], str]) -> None:
    """A transport file of SAS: column -> its cells and its format."""
    frame = pd.DataFrame({name: cells for name, (cells, _) in columns.items()})
    formats = {name: written for name, (_, written) in columns.items() if written}
    pyreadstat.write_xport(frame, str(path), variable_format=formats, file_format_version=8)


def texts(path: Path, name: str) -> list[str]:
    return column(open_table(path.parent, path.name).read({name: name}), name).values().tolist()


def test_a_format_of_sas_without_its_catalogue_is_refused(tmp_path: Path) -> None:
    transport(tmp_path / "p.xpt", Alder=([1.0, 2.0, 1.0], "UDD8."))
    cells = column(open_table(tmp_path, "p.xpt").read({"Alder": "Alder"}), "Alder")
    faults = Faults("p.xpt")
    start = np.array(["2016-03-07"] * 3, dtype="datetime64[D]")
    read_background(cells, Participants(file="p.xpt"), start, [], 5, faults)
    with pytest.raises(MissingLabelsError, match="labels of its format UDD are not there"):
        faults.stop()


@pytest.mark.parametrize(
    "written",
    ["DATE9.", "DDMMYYP10.", "MONYY7.", "YYMMN6.", "YYMMD7.", "EURDFDD10.", "NLDATE.", "WORDDATX20.", "E8601DA."],
)
def test_days_of_sas_are_days_in_whatever_format_they_are_printed(tmp_path: Path, written: str) -> None:
    """20,730 days after 1 January 1960 is 3 October 2016."""
    transport(tmp_path / "p.xpt", dag=([20730.0, np.nan], written))
    assert texts(tmp_path / "p.xpt", "dag") == ["2016-10-03", ""]


@pytest.mark.parametrize("written", ["DATETIME20.", "DTDATE9.", "DTMONYY7.", "E8601DT19.", "NLDATM20."])
def test_seconds_of_sas_are_moments(tmp_path: Path, written: str) -> None:
    """Half past eleven at night, Danish or not: without a zone the day is as written."""
    transport(tmp_path / "p.xpt", tid=([20730 * 86400 + 84600.0], written))
    assert texts(tmp_path / "p.xpt", "tid") == ["2016-10-03T23:30:00"]


def test_seconds_of_sas_with_a_zone_are_danish_days(tmp_path: Path) -> None:
    transport(tmp_path / "p.xpt", tid=([20729 * 86400 + 79200.0], "E8601DZ20."))
    cells = column(open_table(tmp_path, "p.xpt").read({"tid": "tid"}), "tid")
    assert dates(cells, Faults("p.xpt")).tolist() == [date(2016, 10, 3)]


def test_a_number_that_sas_prints_with_noughts_in_front_has_them(tmp_path: Path) -> None:
    transport(tmp_path / "p.xpt", person=([102031234.0, 1502031234.0], "Z10."))
    assert texts(tmp_path / "p.xpt", "person") == ["0102031234", "1502031234"]


def test_months_of_stata_are_months(small: SmallTrial) -> None:
    """681 months after January 1960 is October 2016."""
    hours = small.hours.assign(maaned=[681, 682, 683], loentimer=[52.0, 104.0, 0.0])
    spec = small.spec["extracts"]["paid_hours"]
    data = read_with(small, spec, hours, variable_format={"maaned": "%tm"})
    assert data.panel.hours is not None
    assert data.panel.hours[0, 0] == 12.0


def test_a_transport_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.xpt"
    transport(path, person=([1.0] * 40, ""))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(LostRowsError, match="ends within a record"):
        texts(path, "person")


def test_dates_and_best_are_formats_of_sas_itself() -> None:
    for name in ("BEST", "DATE", "DDMMYYP", "YYMMDD", "DATETIME", "COMMAX", "F"):
        assert statistics_file.OF_THE_PROGRAM.fullmatch(name)
    for name in ("UDD", "KOMMUNE", "YESNO", "JANEJ"):
        assert not statistics_file.OF_THE_PROGRAM.fullmatch(name)
