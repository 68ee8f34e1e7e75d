"""Files that are no table, or not the whole of one: each is refused with its place, beside the nearest that is read."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pyreadstat
import pytest
import xlsxwriter
from four_persons import SmallTrial, fault_of

from reportlib.registers import statistics_file, text_file
from reportlib.registers.errors import (
    EmptyFileError,
    ExtractError,
    FileChangedError,
    LostRowsError,
    OverlappingPartsError,
    StrayQuotationMarkError,
    UnreadableDateError,
    UnreadableFileError,
)
from reportlib.registers.extract_tables import open_table

CSV = "person;x\np1;1\np2;2\n"
LONG = "n" * 140_000
"""More letters than a csv reader takes in one cell."""


def rows_of(path: Path) -> list[int]:
    """The spreadsheet rows that are read from the file."""
    opened = open_table(path.parent, path.name)
    return [int(row) for row in opened.read({name: name for name in opened.columns}).rows]


def fault(path: Path) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        rows_of(path)
    assert caught.value.file == path.name
    assert caught.value.hint
    return caught.value


def text(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def workbook(path: Path, first: int) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Svar")
        for row, cells in enumerate((["person", "x"], ["p1", 1])):
            sheet.write_row(first + row, 0, cells)


def package(path: Path, unpacked: int | None = None) -> None:
    """A workbook; its list of contents says that the first of them unpacks to so many bytes."""
    workbook(path, 0)
    if unpacked is not None:
        content = path.read_bytes()
        entry = content.index(b"PK\x01\x02")  # the size stands 24 bytes into an entry of the list
        path.write_bytes(content[: entry + 24] + struct.pack("<I", unpacked) + content[entry + 28 :])


def other_package(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("brev.txt", "ingen tabel")


def parquet(path: Path, said: int) -> None:
    """A file of three records, whose last pages say that it holds another number."""
    pa_parquet.write_table(pa.table({"person": ["p1", "p2", "p3"]}), path)
    content = path.read_bytes()
    begin = len(content) - 8 - struct.unpack("<I", content[-8:-4])[0]
    place = content.index(b"\x16\x06", begin)  # a whole number, which Parquet writes doubled
    path.write_bytes(content[: place + 1] + bytes([2 * said]) + content[place + 2 :])


Write = Callable[[Path], None]
FILES: dict[str, tuple[str, Write, Write, type[ExtractError], str]] = {
    "UTF-16 that ends within a letter": (
        "x.csv",
        lambda path: text(path, CSV.encode("utf-16")),
        lambda path: text(path, CSV.encode("utf-16")[:-1]),
        UnreadableFileError,
        "damaged UTF-16",
    ),
    "a name as long as a text": (
        "x.csv",
        lambda path: text(path, CSV.replace("x", LONG[:100])),
        lambda path: text(path, CSV.replace("x", LONG)),
        UnreadableFileError,
        "row 1: the names of the columns cannot be read",
    ),
    "an empty first row of a workbook": (
        "x.xlsx",
        lambda path: workbook(path, 0),
        lambda path: workbook(path, 1),
        UnreadableFileError,
        "the first row must hold the names of the columns, and is empty",
    ),
    "a workbook that says it is very large": (
        "x.xlsx",
        package,
        lambda path: package(path, 2**31),
        UnreadableFileError,
        "unpacks to more than 1 GB",
    ),
    "a packed file that is no workbook": (
        "x.xlsx",
        package,
        other_package,
        UnreadableFileError,
        r"cannot be read as \.xlsx",
    ),
    "a Parquet file that says it holds more": (
        "x.parquet",
        lambda path: parquet(path, 3),
        lambda path: parquet(path, 4),
        LostRowsError,
        "rows 2 to 5 hold 3 records, not as many as the file says",
    ),
}


@pytest.mark.parametrize(("name", "taken", "refused", "kind", "told"), FILES.values(), ids=FILES)
def test_a_file(name: str, taken: Write, refused: Write, kind: type[ExtractError], told: str, tmp_path: Path) -> None:
    taken(tmp_path / name)
    assert rows_of(tmp_path / name)[:1] == [2]
    refused(tmp_path / name)
    found = fault(tmp_path / name)
    assert type(found) is kind
    assert re.search(told, found.message)


@pytest.mark.parametrize(
    ("taken", "refused", "kind", "told"),
    [
        (CSV, "p" * 400, UnreadableFileError, "x.csv: no line end in the first 0 MB"),
        (
            CSV + 'p3;"en\nto"\n',
            CSV + 'p3;"en' + "\nto" * 200,
            StrayQuotationMarkError,
            "x.csv, row 4: a quotation mark",
        ),
    ],
    ids=["no line ends", "a text that does not end"],
)
def test_a_record_longer_than_any(
    taken: str,
    refused: str,
    kind: type[ExtractError],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text_file, "BLOCK", 40)
    monkeypatch.setattr(text_file, "LONGEST_RECORD", 200)  # 64 MB
    text(tmp_path / "x.csv", taken)
    assert rows_of(tmp_path / "x.csv")[0] == 2
    text(tmp_path / "x.csv", refused)
    found = fault(tmp_path / "x.csv")
    assert type(found) is kind
    assert found.message.startswith(told)


def test_a_file_emptied_since_it_was_opened_has_changed(tmp_path: Path) -> None:
    text(tmp_path / "x.csv", CSV)
    opened = open_table(tmp_path, "x.csv")
    text(tmp_path / "x.csv", "")
    with pytest.raises(FileChangedError, match="x.csv: the file was changed while it was read"):
        opened.read({"person": "person"})


@pytest.mark.parametrize("suffix", [".parquet", ".dta"])
def test_a_reader_that_loses_a_record_is_found_out(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"x{suffix}"
    frame = pd.DataFrame({"person": ["p1", "p2", "p3"]})
    frame.to_parquet(path, index=False) if suffix == ".parquet" else pyreadstat.write_dta(frame, str(path))
    assert rows_of(path) == [2, 3, 4]
    group = pa_parquet.ParquetFile.read_row_group
    monkeypatch.setattr(
        pa_parquet.ParquetFile, "read_row_group", lambda *args, **options: group(*args, **options).slice(1)
    )
    read = statistics_file.READERS[".dta"]

    def short(path: str, **options: Any) -> tuple[Any, Any]:
        records, about = read(path, **options)
        return records.iloc[1:], about

    monkeypatch.setitem(statistics_file.READERS, ".dta", short)
    found = fault(path)
    assert type(found) is LostRowsError
    assert re.search(r"rows 2 to 4 hold 2 records|2 records can be read, but .* holds 3", found.message)


def test_a_folder_without_parts(small: SmallTrial) -> None:
    small.spec["extracts"]["paid_hours"]["file"] = "timer"
    parts = small.folder / "timer"
    parts.mkdir()
    (parts / "_SUCCESS").touch()
    found = fault_of(small)
    assert type(found) is EmptyFileError
    assert found.message == "timer: the folder holds no parts"
    assert found.hint
    small.hours.to_csv(parts / "alle.csv", sep=";", index=False)
    small.read()


def test_a_week_in_two_parts_that_hold_different_weeks(small: SmallTrial) -> None:
    small.spec["extracts"]["dream"]["file"] = "dream"
    weeks = [name for name in small.dream.columns if name != "PNR"]
    (small.folder / "dream").mkdir()

    def parts(*of_part: list[str]) -> None:
        for place, some in enumerate(of_part):
            small.dream[["PNR", *some]].to_csv(small.folder / "dream" / f"{place}.csv", sep=";", index=False)

    parts(weeks[:9], weeks[9:])
    small.read()
    parts(weeks[:9], weeks[7:])
    found = fault_of(small)
    assert type(found) is OverlappingPartsError
    assert (found.file, found.column) == ("dream/1.csv", weeks[7])
    assert "holds 2 weeks that dream/0.csv holds too" in found.message


def test_a_date_over_two_lines(small: SmallTrial) -> None:
    small.participants.loc[2, "visitationsdato"] = "2016-11-13 10:00"
    small.read()
    small.participants.loc[2, "visitationsdato"] = "2016-11-13\n10:00"
    found = fault_of(small)
    assert type(found) is UnreadableDateError
    assert (found.file, found.rows, found.column) == ("deltagere.csv", (4,), "visitationsdato")
