"""Stata and SAS: labels are those of the text file of the same data, missing values with a reason are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from four_persons import SmallTrial, file_of

from reportlib.registers import statistics_file
from reportlib.registers.cells import column
from reportlib.registers.data import Note, TrialData
from reportlib.registers.errors import Faults, MissingLabelsError, RoundedIdError, UnreadableNumberError
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


def test_a_format_of_sas_without_its_catalogue_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Python package writes SAS with a format of one's own: what pyreadstat tells of one stands in for the file."""
    fixture = Path(__file__).parent / "fixtures" / "participants.sas7bdat"

    def with_format(*given: Any, **settings: Any) -> Any:
        frame, about = pyreadstat.read_sas7bdat(*given, **settings)
        about.original_variable_types["Alder"] = "UDD8."
        return frame, about

    monkeypatch.setitem(statistics_file.READERS, ".sas7bdat", with_format)
    (tmp_path / "p.sas7bdat").write_bytes(fixture.read_bytes())
    cells = column(open_table(tmp_path, "p.sas7bdat").read({"Alder": "Alder"}), "Alder")
    faults = Faults("p.sas7bdat")
    start = np.array(["2016-03-07"] * 3, dtype="datetime64[D]")
    read_background(cells, Participants(file="p.sas7bdat"), start, [], 5, faults)
    with pytest.raises(MissingLabelsError, match="labels of its format UDD are not there"):
        faults.stop()


def test_dates_and_best_are_formats_of_sas_itself() -> None:
    for name in ("BEST", "DATE", "DDMMYYP", "YYMMDD", "DATETIME", "COMMAX", "F"):
        assert statistics_file.OF_THE_PROGRAM.fullmatch(name)
    for name in ("UDD", "KOMMUNE", "YESNO", "JANEJ"):
        assert not statistics_file.OF_THE_PROGRAM.fullmatch(name)
