"""A sheet of a workbook is read like a text file; what is not what it seems is refused with row and column."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from reportlib.registers.errors import (
    EmptyFileError,
    ExtractNotFoundError,
    Faults,
    MissingColumnError,
    UnreadableFileError,
)
from reportlib.registers.extract_tables import open_table
from reportlib.registers.selection import Wanted
from reportlib.registers.workbook_file import FormulaError, MergedCellsError, SheetError, TextNumberError

ROWS = [
    ["person", "dato", "timer", "svar", "ja"],
    ["P1", date(2020, 3, 1), 37.5, "ukendt", True],
    ["P2", datetime(2020, 3, 2, 0, 0), 1.234, 7, False],
    [None, None, None, None, None],
    ["P3", date(2020, 3, 4), 3, None, True],
]
Write = Callable[..., None]


def _write(path: Path, rows: list[list[Any]] = ROWS, sheets: tuple[str, ...] = ("Svar",), more: Any = None) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "d-m-yyyy"}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
            if more is not None:
                more(sheet)


def _read(folder: Path, file: str, *columns: str) -> dict[str, list[Any]]:
    opened = open_table(folder, file)
    found = opened.find(columns or ("person",), faults := Faults(file))
    faults.stop()
    table = opened.read(found)
    return {name: [cell for piece in table.pieces for cell in piece.column(name).to_pylist()] for name in found} | {
        "rows": table.rows.tolist()
    }


def test_dates_numbers_and_texts_are_what_they_are(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx")
    got = _read(tmp_path, "a.xlsx", "person", "dato", "timer", "svar", "ja")
    assert got == {
        "person": ["P1", "P2", "P3"],
        "dato": ["2020-03-01", "2020-03-02", "2020-03-04"],
        "timer": [37.5, 1.234, 3.0],
        "svar": ["ukendt", "7", None],
        "ja": ["1", "0", "1"],
        "rows": [2, 3, 5],
    }


def test_a_length_of_time_is_told_as_the_sheet_shows_it(tmp_path: Path) -> None:
    lengths = [timedelta(hours=37), timedelta(hours=7, minutes=24), timedelta(0), timedelta(hours=48, seconds=30)]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, form = book.add_worksheet("Svar"), book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write(0, 0, "timer")
        for place, length in enumerate(lengths, start=1):
            sheet.write_datetime(place, 0, length, form)
    assert _read(tmp_path, "a.xlsx", "timer")["timer"] == ["37:00:00", "7:24:00", "0:00:00", "48:00:30"]


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx", sheets=("Forside", "Svar"))
    assert _read(tmp_path, "a.xlsx#Svar")["person"] == ["P1", "P2", "P3"]
    with pytest.raises(SheetError, match="2 sheets, and none is named") as none:
        open_table(tmp_path, "a.xlsx")
    assert "a.xlsx#Forside" in str(none.value.hint)
    with pytest.raises(SheetError, match="no sheet 'Svra'") as wrong:
        open_table(tmp_path, "a.xlsx#Svra")
    assert "Svar" in str(wrong.value.hint)
    with pytest.raises(ExtractNotFoundError):
        open_table(tmp_path, "b.xlsx#Svar")


def test_only_the_records_of_the_persons_asked_for_are_kept(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx")
    opened = open_table(tmp_path, "a.xlsx")
    table = opened.read({"id": "person", "timer": "timer"}, key="id", persons=Wanted(["P3"]))
    assert table.pieces[0].to_pydict() == {"id": ["P3"], "timer": [3.0]}
    assert table.rows.tolist() == [5]
    assert (table.counts.records, table.counts.outside) == (3, 2)


def test_merged_cells_are_told(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx", more=lambda sheet: sheet.merge_range("A3:A4", "P2"))
    with pytest.raises(MergedCellsError, match="row 3: cells are merged"):
        open_table(tmp_path, "a.xlsx")


def test_a_formula_in_a_column_that_is_read_is_told_and_elsewhere_is_not(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx", more=lambda sheet: sheet.write_formula("C3", "=1+1", None, 2))
    assert _read(tmp_path, "a.xlsx", "person")["person"] == ["P1", "P2", "P3"]
    with pytest.raises(FormulaError, match=r"a\.xlsx, row 3, column timer: a formula"):
        _read(tmp_path, "a.xlsx", "timer")


def test_a_number_written_as_text_among_numbers_is_told(tmp_path: Path) -> None:
    rows = [["person", "timer"], ["P1", 1.5], ["P2", "2,5"]]
    _write(tmp_path / "a.xlsx", rows)
    with pytest.raises(TextNumberError, match="row 3, column timer"):
        _read(tmp_path, "a.xlsx", "timer")


def test_an_error_of_the_spreadsheet_is_told(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx", [["person", "timer"], ["P1", "#N/A"], ["P2", 1]])
    with pytest.raises(FormulaError, match="row 2, column timer: an error"):
        _read(tmp_path, "a.xlsx", "timer")


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"person;timer\nP1;2\n")
    with pytest.raises(UnreadableFileError, match="cannot be read as .xlsx"):
        open_table(tmp_path, "a.xlsx")
    _write(tmp_path / "b.xlsx", [])
    with pytest.raises(EmptyFileError):
        open_table(tmp_path, "b.xlsx")
    _write(tmp_path / "c.xlsx")
    with pytest.raises(MissingColumnError, match="no such column") as missing:
        _read(tmp_path, "c.xlsx", "timmer")
    assert "timer" in str(missing.value.hint)


def _without_names_of_cells(path: Path) -> None:
    """The same workbook as some programs write it: rows and cells have no reference, and each is the next."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    (sheet,) = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    parts[sheet] = re.sub(rb'(<(?:c|row)) r="[A-Z]*\d+"', rb"\1", parts[sheet])
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


FULL = [["person", "timer", "mere"], ["P1", 1.5, 4], ["P2", 2.5, 5], ["P3", 3.5, 6]]


def test_cells_that_are_not_named_are_where_they_stand(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx", FULL)
    _without_names_of_cells(tmp_path / "a.xlsx")
    assert _read(tmp_path, "a.xlsx", "person", "timer")["timer"] == [1.5, 2.5, 3.5]
    for cell, column in (("B3", "timer"), ("C3", "mere")):
        _write(tmp_path / "b.xlsx", FULL, more=lambda sheet, cell=cell: sheet.write_formula(cell, "=1+1", None, 2))
        _without_names_of_cells(tmp_path / "b.xlsx")
        with pytest.raises(FormulaError, match=rf"b\.xlsx, row 3, column {column}: a formula"):
            _read(tmp_path, "b.xlsx", "person", column)
        other = "mere" if column == "timer" else "timer"
        assert len(_read(tmp_path, "b.xlsx", "person", other)[other]) == 3


@pytest.mark.parametrize("named", [True, False])
def test_a_row_that_is_hidden_is_told_with_its_place(tmp_path: Path, named: bool) -> None:
    _write(tmp_path / "a.xlsx", FULL, more=lambda sheet: sheet.set_row(2, None, None, {"hidden": True}))
    if not named:
        _without_names_of_cells(tmp_path / "a.xlsx")
    opened = open_table(tmp_path, "a.xlsx")
    table = opened.read(opened.find(("person",), Faults("a.xlsx")))
    assert table.counts.remarks == ("1 rows are hidden in the sheet (a filter?), and are read like the others",)
