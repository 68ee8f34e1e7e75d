"""What spreadsheets and people leave in a table: read right, or one fault that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from four_persons import SmallTrial, fault_of

from reportlib.registers.errors import (
    DuplicatePersonError,
    EmptyCellError,
    ExtractError,
    Faults,
    MissingColumnError,
    RoundedIdError,
    SeveralFaultsError,
    UnknownDreamCodeError,
    UnreadableDateError,
    UnreadableFileError,
)
from reportlib.registers.extract_tables import open_table
from reportlib.trial.model import Trial

SOURCES = ["participants", "dream", "hours", "casework", "citizens"]


def _written(small: SmallTrial, source: str, change: Callable[[str], str]) -> ExtractError:
    """The fault of the trial in which one file is changed as text."""
    file = (
        small.spec["extracts"].get(source, {}).get("file") or {"hours": "timer.csv", "citizens": "borgere.csv"}[source]
    )
    small.write()
    path = small.folder / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ExtractError) as caught:
        small.read_written()
    return caught.value


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("above", ["Udtræk 2017\n\n", "Oplysninger;;;\n"])
def test_names_of_columns_below_a_title_are_found_and_told(small: SmallTrial, source: str, above: str) -> None:
    fault = _written(small, source, lambda text: above + text)
    assert isinstance(fault, MissingColumnError)
    assert fault.rows == (1 + above.count("\n"),)


def test_names_below_a_title_are_found_in_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "svar.xlsx") as book:
        sheet = book.add_worksheet("Svar")
        sheet.write(0, 0, "Udtræk 2017")
        sheet.write_row(2, 1, ["person", "svar"])
    with pytest.raises(MissingColumnError, match="row 3: the names of the columns stand here"):
        open_table(tmp_path, "svar.xlsx").find(["person", "svar"], Faults("svar.xlsx"))


def test_a_second_file_put_after_the_first_is_refused_at_its_names(small: SmallTrial) -> None:
    """Its columns stand in another order: the ends would be read as the starts."""
    second = "person;haendelse;slutdato;dato;sted\np1;samtale;;2016-10-24;\n"
    fault = _written(small, "casework", lambda text: text + second)
    assert fault.rows == (4,)
    assert "the names of the columns stand here again" in str(fault)


@pytest.mark.parametrize("source", ["participants", "dream"])
def test_a_file_that_stands_twice_is_one_fault(clean: SmallTrial, source: str) -> None:
    fault = _written(clean, source, lambda text: text + text.partition("\n")[2])
    assert isinstance(fault, DuplicatePersonError)
    assert fault.rows == tuple(range(82, 162))


def test_the_names_of_participants_columns_again_are_one_fault(small: SmallTrial) -> None:
    fault = _written(small, "participants", lambda text: text + text)
    assert (type(fault), fault.rows) == (UnreadableFileError, (6,))


def test_faults_of_one_row_are_told_as_one(small: SmallTrial) -> None:
    fault = _written(small, "participants", lambda text: text + "I alt;;;;4\n")
    assert isinstance(fault, SeveralFaultsError)
    assert {one.rows for one in fault.faults} == {(6,)}
    assert "all in one row: delete it if it is no record" in str(fault)
    assert str(fault).count("hint") == 1


@pytest.mark.parametrize("text", ["-", "NULL", "n/a", ".."])
def test_a_text_for_nothing_is_refused_until_it_is_declared(small: SmallTrial, text: str) -> None:
    """Places, codes and dates: as a value it would be a place of its own, or an unknown code."""
    empty = small.read()
    for source in ("casework", "dream"):
        frame = getattr(small, source)
        setattr(small, source, frame.replace("", text))
        fault = fault_of(small)
        faults = getattr(fault, "faults", [fault])
        assert {type(one) for one in faults} <= {EmptyCellError, UnknownDreamCodeError, UnreadableDateError}
        assert f"missing: [{text!r}]" in str(fault)
        small.spec["extracts"][source]["missing"] = [text]
        read = small.read()
        assert read.casework is not None and empty.casework is not None
        pd.testing.assert_frame_equal(read.casework, empty.casework)
        assert (read.panel.dream == empty.panel.dream).all()


def test_a_background_of_dashes_is_no_category(small: SmallTrial) -> None:
    small.participants["udd"] = ["-", "Ja tak", "-", "Ja tak"]
    spec = small.spec["extracts"]["participants"]
    spec["background"], spec["background_values"] = {"udd": "Udd"}, {"udd": ["Ja tak"]}
    assert isinstance(fault_of(small), EmptyCellError)
    spec["missing"] = ["-"]
    assert small.read().persons["udd"].isna().tolist() == [True, False, True, False]


def test_a_number_may_not_be_declared_missing(small: SmallTrial) -> None:
    small.spec["extracts"]["dream"]["missing"] = ["999"]
    with pytest.raises(ValueError, match="holds digits"):
        Trial.model_validate(small.spec)


def test_numbers_of_days_are_told_from_dates(small: SmallTrial) -> None:
    small.participants["visitationsdato"] = ["42646", "42647", "42683", "42716"]
    fault = fault_of(small)
    assert "a number of days (42646) is 3 October 2016 in a spreadsheet" in str(fault)


def test_a_rounded_id_is_named_with_its_row(small: SmallTrial) -> None:
    small.hours.loc[len(small.hours)] = ["1,02E+09", "2016-12", "5,0"]
    fault = fault_of(small)
    assert isinstance(fault, RoundedIdError)
    assert fault.rows == (len(small.hours) + 1,)


def _notes(small: SmallTrial, file: str) -> list[str]:
    return [note.text for read in small.read_written().files if read.name == file for note in read.notes]


def test_a_last_line_without_an_end_is_told(small: SmallTrial) -> None:
    """4,5 cut off as 4 looks like a whole record."""
    small.write()
    path = small.folder / "timer.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert "the last line has no end: is the file whole?" in _notes(small, "timer.csv")


def test_rows_that_a_filter_hides_are_read_and_told(small: SmallTrial) -> None:
    small.spec["extracts"]["surveys"]["borgere"]["file"] = "borgere.xlsx"
    small.write()
    table: Any = small.citizens
    with xlsxwriter.Workbook(small.folder / "borgere.xlsx") as book:
        sheet = book.add_worksheet("Svar")
        for place, row in enumerate([table.columns, *table.itertuples(index=False)]):
            sheet.write_row(place, 0, list(row))
        sheet.set_row(2, None, None, {"hidden": True})
    assert any(note.startswith("1 rows are hidden in the sheet") for note in _notes(small, "borgere.xlsx"))
