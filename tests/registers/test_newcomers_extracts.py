"""What a person who makes a trial for the first time gets wrong in the extracts: told, with a way out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from four_persons import SmallTrial, fault_of, file_of

from reportlib.registers.data import Note
from reportlib.registers.errors import (
    EmptyColumnError,
    EmptyFileError,
    MissingColumnError,
    NegativeCountError,
    NothingInPeriodError,
    NotZeroOrOneError,
    UnknownBackgroundValueError,
    UnknownFormatError,
    UnreadableFileError,
    UnreadableNumberError,
)
from reportlib.registers.extract_tables import open_table


def weekly(small: SmallTrial, unit: str, values: list[str]) -> None:
    """A recorded outcome of one week, and a measure of it in `unit`."""
    small.without("dream", "paid_hours", "casework", "surveys")
    small.spec["extracts"]["weekly"] = {"job": {"file": "job.csv"}}
    small.spec["follow_up"]["weeks"] = 1
    small.measure(kind="weekly", extract="job")
    small.spec["measures"][-1]["unit"] = unit
    frame = pd.DataFrame({"person": ["p1", "p2", "p3", "p4"], "week_1": values})
    frame.to_csv(small.folder / "job.csv", index=False)


def test_one_text_in_a_column_with_a_unit_does_not_make_categories_of_its_numbers(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_units"] = {"alder": "years"}
    small.participants["alder"] = ["30", "ukendt", "41", "52"]
    fault = fault_of(small)
    assert isinstance(fault, UnreadableNumberError)
    assert (fault.rows, fault.column) == ((3,), "alder")


def test_a_background_column_without_a_single_value_is_refused(small: SmallTrial) -> None:
    small.participants["alder"] = ""
    assert isinstance(fault_of(small), EmptyColumnError)


def test_a_question_that_nobody_has_answered_is_refused(small: SmallTrial) -> None:
    small.citizens["mening"] = ""
    assert isinstance(fault_of(small), EmptyColumnError)


def test_a_background_value_spelt_in_another_way_is_refused(small: SmallTrial) -> None:
    small.participants["alder"] = ["Års-dagen", "x", "x", "x"]
    small.measure(kind="background", column="alder", equals="aarsdagen")
    assert isinstance(fault_of(small), UnknownBackgroundValueError)


def test_a_background_value_that_nobody_has_is_noted(small: SmallTrial) -> None:
    small.measure(kind="background", column="alder", equals="99")
    assert file_of(small.read(), "deltagere.csv").notes == (Note("alder: the value '99' never occurs"),)


def test_a_site_from_which_nobody_comes_is_noted(small: SmallTrial) -> None:
    small.participants["kommune"] = "Aarhus"
    assert Note("nobody comes from Køge") in file_of(small.read(), "deltagere.csv").notes


def test_answers_that_a_measure_does_not_list_are_noted(small: SmallTrial) -> None:
    small.measure(kind="survey_answers", survey="borgere", item="mening", answers={"3": "Tre", "4": "Fire"})
    notes = file_of(small.read(), "borgere.csv").notes
    assert Note("mening: the answer '4' never occurs") in notes
    assert Note("mening: m0 leaves out the answers that it does not list, on 1 sheets", "'5'") in notes


def test_casework_that_lies_outside_everybodys_follow_up_is_refused(small: SmallTrial) -> None:
    small.casework["dato"] = "2010-01-01"
    assert isinstance(fault_of(small), NothingInPeriodError)


def test_a_share_recorded_as_something_else_than_nought_and_one_is_refused(small: SmallTrial) -> None:
    weekly(small, "pct", ["0", "1", "7.4", ""])
    fault = fault_of(small)
    assert isinstance(fault, NotZeroOrOneError)
    assert (fault.rows, fault.column) == ((4,), "week_1")


def test_negative_hours_are_refused(small: SmallTrial) -> None:
    weekly(small, "hours_per_week", ["0", "-1", "7.4", ""])
    assert isinstance(fault_of(small), NegativeCountError)


def test_a_score_may_be_negative(small: SmallTrial) -> None:
    weekly(small, "score", ["0", "-1", "7.4", ""])
    assert small.read().panel.recorded["job"][1, 0] == -1


def test_a_number_that_would_overflow_is_refused(small: SmallTrial) -> None:
    weekly(small, "hours_per_week", ["0", "1e300", "7.4", ""])
    assert isinstance(fault_of(small), UnreadableNumberError)


@pytest.mark.parametrize("content", [b"\n\n", b"   ", b"\r\n"])
def test_a_file_of_blanks_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.csv").write_bytes(content)
    with pytest.raises(EmptyFileError):
        open_table(tmp_path, "p.csv")


def test_a_blank_line_above_the_header_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("\nperson;kommune\n1;Aarhus\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="first line must hold the names of the columns"):
        open_table(tmp_path, "p.csv")


def test_a_first_line_without_the_names_is_shown(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"] = {"file": "p.csv", "background": {}}
    (small.folder / "p.csv").write_text("# lavet af mig\nid,kommune,gruppe,visitationsdato\n", encoding="utf-8")
    fault = fault_of(small)
    first = fault.faults[0]  # type: ignore[attr-defined]
    assert isinstance(first, MissingColumnError)
    assert "it is read as '# lavet af mig'" in str(first.hint)


def test_a_spreadsheet_under_the_name_of_a_text_file_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(UnreadableFileError, match="spreadsheet"):
        open_table(tmp_path, "p.csv")


def test_a_spreadsheet_is_told_how_to_be_saved(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="save it as .xlsx or CSV UTF-8"):
        open_table(tmp_path, "p.ods")
