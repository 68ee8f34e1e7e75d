"""Tables of a spreadsheet (.xlsx): one sheet of it, `svar.xlsx#Ark1`, whose first row holds the names of the columns.

A column whose cells are all numbers stays numbers; any other is read as texts, as from CSV. Cells that are not what
they seem are refused: merged cells (all but the first are empty), formulas (what they gave may be of another day),
errors, and numbers that are written as texts among numbers.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import python_calamine

from reportlib.errors import did_you_mean
from reportlib.registers.cells import as_text
from reportlib.registers.errors import FIRST_ROW, EmptyFileError, ExtractError, UnreadableFileError
from reportlib.registers.selection import LOOKED_AT, Rows, Selection
from reportlib.trial.extracts import WORKBOOK, file_and_sheet

_NUMBER = re.compile(r"\s*[-+]?\d[\d.]*(?:,\d+)?\s*")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_MOST_BYTES = 1 << 30
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HEADER_ROW = 1


class SheetError(ExtractError):
    """The workbook has no such sheet, or several and none is named."""


class MergedCellsError(ExtractError):
    """Cells of the sheet are merged: all but the first of them are empty."""


class FormulaError(ExtractError):
    """Cells hold a formula, or the error that one gave."""


class TextNumberError(ExtractError):
    """Cells of a column of numbers hold numbers written as text."""


def names(path: Path, file: str) -> list[str]:
    """The names of the columns.

    Raises:
        SheetError, EmptyFileError, UnreadableFileError.
    """
    head, _ = _cells(path, file)
    return head


def first_rows(path: Path, file: str) -> list[list[str]]:
    """The cells of the rows after the first, of which one may hold the names of the columns."""
    return [[as_text(cell) for cell in row] for row in _sheet(path, file)[_HEADER_ROW : _HEADER_ROW + LOOKED_AT]]


def read(path: Path, file: str, columns: Sequence[str], selection: Selection) -> tuple[list[Any], Rows]:
    """The kept records of `columns` as an Arrow table, and their rows in the sheet.

    Raises:
        MergedCellsError, FormulaError, TextNumberError, and those of `names`.
    """
    head, records = _cells(path, file)
    places = {name: head.index(name) for name in columns}
    formulas, hidden = _formulas_and_hidden(path, file)
    _refuse_formulas(formulas, file, {place: name for name, place in places.items()})
    rows = np.arange(FIRST_ROW, FIRST_ROW + len(records), dtype=np.int64)
    filled = np.array([any(record[place] != "" for place in places.values()) for record in records], dtype=bool)
    table = pa.table(
        {name: _column([record[place] for record in records], file, name) for name, place in places.items()}
    ).filter(pa.array(filled, pa.bool_()))
    own = rows[filled]
    if out_of_sight := len(hidden & set(own.tolist())):
        selection.remarks.append(
            f"{out_of_sight:,} rows are hidden in the sheet (a filter?), and are read like the others"
        )
    selection.lines += len(records)
    selection.blank += len(records) - len(own)
    deciding = selection.columns
    kept = selection.keep(table.select(list(deciding)), file, own) if deciding and len(own) else None
    return ([table], own) if kept is None else ([table.filter(pa.array(kept))], own[kept])


def _cells(path: Path, file: str) -> tuple[list[str], list[list[Any]]]:
    """The names of the columns and the rows below them, each as long as the header."""
    rows = _sheet(path, file)
    head = [as_text(cell).strip() for cell in rows[0]]
    while head and not head[-1]:
        head.pop()
    if not head:
        hint = "delete what stands above the names of the columns"
        raise UnreadableFileError(file, "the first row must hold the names of the columns, and is empty", hint=hint)
    return head, [row[: len(head)] for row in rows[1:]]


def _sheet(path: Path, file: str) -> list[list[Any]]:
    """All rows of the sheet, at least one."""
    with zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > _MOST_BYTES:
            raise UnreadableFileError(file, "the workbook unpacks to more than 1 GB", hint="save it as CSV UTF-8")
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        seen = python_calamine.SheetVisibleEnum.Visible
        sheets = sorted(book.sheets_metadata, key=lambda sheet: sheet.visible != seen)  # hidden ones are named last
        sheet = book.get_sheet_by_name(_sheet_name([sheet.name for sheet in sheets], file))
    except python_calamine.CalamineError as error:
        raise UnreadableFileError(file, f"cannot be read as {WORKBOOK} ({type(error).__name__})") from None
    if merged := sheet.merged_cell_ranges:
        first, _ = min(merged)
        what = f"{len(merged)} groups of cells are merged" if len(merged) > 1 else "cells are merged"
        hint = "split them in the spreadsheet, and fill each cell; delete what stands above the names of the columns"
        raise MergedCellsError(file, what, rows=[first[0] + 1], hint=hint)
    rows = sheet.to_python(skip_empty_area=False)
    if not rows:
        raise EmptyFileError(file, "the sheet is empty")
    return rows


def _sheet_name(known: Sequence[str], file: str) -> str:
    _, sheet = file_and_sheet(file)
    if sheet is None and len(known) == 1:
        return known[0]
    if sheet is None:
        hint = f"write it after the file's name, as {file}#{known[0]}; it has {', '.join(known)}"
        raise SheetError(file, f"the workbook has {len(known)} sheets, and none is named", hint=hint)
    if sheet not in known:
        near = did_you_mean(sheet, known) or f"it has {', '.join(known)}"
        raise SheetError(file, f"the workbook has no sheet {sheet!r}", hint=near)
    return sheet


def _column(cells: list[Any], file: str, name: str) -> Any:
    """The cells as numbers where all are; else as texts."""
    at = range(FIRST_ROW, FIRST_ROW + len(cells))
    if rows := [row for row, cell in zip(at, cells, strict=True) if cell in _ERRORS]:
        raise FormulaError(file, "an error of the spreadsheet", rows=rows, column=name, hint="mend or empty the cell")
    told = [cell for cell in cells if cell != ""]
    numbers = [isinstance(cell, int | float) and not isinstance(cell, bool) for cell in told]
    if told and all(numbers):
        return pa.array([None if cell == "" else float(cell) for cell in cells], pa.float64())
    if any(numbers):
        rows = [row for row, cell in zip(at, cells, strict=True) if isinstance(cell, str) and _NUMBER.fullmatch(cell)]
        if rows:
            what = "numbers written as text among numbers"
            if len(rows) > sum(numbers):
                what = "numbers among numbers written as text"
                rows = [row for row, cell in zip(at, cells, strict=True) if isinstance(cell, int | float)]
            hint = "make the whole column text, or the whole column numbers, in the spreadsheet; delete a row of totals"
            raise TextNumberError(file, what, rows=rows, column=name, hint=hint)
    return pa.array([_written(cell) for cell in cells], pa.string())


def _written(cell: Any) -> str | None:
    match cell:
        case "":
            return None
        case datetime() as moment if moment.time() == time():
            return moment.date().isoformat()
        case date() | time() as moment:
            return moment.isoformat()
        case timedelta() as length:
            return _clock(length)
        case _:
            return as_text(cell)


def _clock(length: timedelta) -> str:
    """A length of time as the sheet shows it: 37:00:00, and not a day and 13 hours."""
    minutes, seconds = divmod(abs(length).total_seconds(), 60)
    return f"{'-' * (length < timedelta())}{int(minutes // 60)}:{int(minutes % 60):02d}:{seconds:02g}"


def _refuse_formulas(formulas: Iterable[tuple[int, int]], file: str, columns: dict[int, str]) -> None:
    """Refuse formulas in the columns (place -> name) that are read."""
    found: dict[str, list[int]] = {}
    for row, column in formulas:
        if column in columns and row > _HEADER_ROW:
            found.setdefault(columns[column], []).append(row)
    for name, rows in found.items():
        hint = (
            "copy the column and paste it as values: what a formula gave may be of another day; delete a row of totals"
        )
        raise FormulaError(file, "a formula", rows=rows, column=name, hint=hint)


def _formulas_and_hidden(path: Path, file: str) -> tuple[list[tuple[int, int]], set[int]]:
    """Row (from 1) and column (from 0) of each cell of the sheet that holds a formula; and the rows that are hidden."""
    formulas: list[tuple[int, int]] = []
    hidden: set[int] = set()
    with zipfile.ZipFile(path) as packed:
        book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
        sheets = {sheet.get("name", ""): sheet.get(_RELATION) for sheet in book.iter(f"{_MAIN}sheet")}
        links = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
        target = {link.get("Id"): link.get("Target", "") for link in links}[sheets[_sheet_name([*sheets], file)]]
        inside = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        row, column = 0, -1  # where a program leaves out what a row and a cell are called, they are the next
        with packed.open(inside) as stream:
            for event, part in ElementTree.iterparse(stream, ("start", "end")):
                if event == "start" and part.tag == f"{_MAIN}row":
                    row, column = int(part.get("r", row + 1)), -1
                    if part.get("hidden") in ("1", "true"):
                        hidden.add(row)
                elif event == "start" and part.tag == f"{_MAIN}c":
                    letters = re.match(r"[A-Z]+", part.get("r", ""))
                    column = _number_of(letters[0]) if letters else column + 1
                elif event == "end" and part.tag == f"{_MAIN}c" and part.find(f"{_MAIN}f") is not None:
                    formulas.append((row, column))
                elif event == "end" and part.tag == f"{_MAIN}row":
                    part.clear()
    return formulas, hidden


def _number_of(letters: str) -> int:
    """`A` -> 0, `AA` -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
