"""Reading files by suffix: every format gives the same cells, and what is wrong is told without quoting data."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pyreadstat
import pytest

from reportlib.registers.cells import column, dates, numbers
from reportlib.registers.errors import (
    DuplicateColumnError,
    EmptyFileError,
    ExtractError,
    ExtractNotFoundError,
    Faults,
    MissingColumnError,
    RaggedRowError,
    SeveralFaultsError,
    UnknownFormatError,
    UnreadableFileError,
)
from reportlib.registers.extract_tables import Table, open_table
from reportlib.registers.selection import Wanted

FIXTURES = Path(__file__).parent / "fixtures"

FRAME = pd.DataFrame(
    {
        "Person": ["p1", "p2", "p3"],
        "Kommune": ["Aarhus", "Køge", "Køge"],
        "Gruppe": ["deltager", "kontrol", "deltager"],
        "Dato": [date(2016, 3, 7), date(2016, 4, 1), date(2016, 12, 30)],
        "Alder": [41.5, np.nan, 58.0],
    }
)


def write_csv(path: Path) -> None:
    FRAME.to_csv(path, index=False, encoding="utf-8")


def write_parquet(path: Path) -> None:
    FRAME.to_parquet(path, index=False)


def write_stata(path: Path) -> None:
    pyreadstat.write_dta(FRAME, str(path))


def write_sas(path: Path) -> None:
    path.write_bytes((FIXTURES / "participants.sas7bdat").read_bytes())


WRITERS: dict[str, Callable[[Path], None]] = {
    "x.csv": write_csv,
    "x.parquet": write_parquet,
    "x.dta": write_stata,
    "x.sas7bdat": write_sas,
}


def read(folder: Path, name: str, *wanted: str) -> Table:
    opened = open_table(folder, name)
    faults = Faults(name)
    found = opened.find(wanted or opened.columns, faults)
    faults.stop()
    return opened.read(found)


def read_text(tmp_path: Path, content: str | bytes, *wanted: str) -> Table:
    (tmp_path / "x.csv").write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return read(tmp_path, "x.csv", *wanted)


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_cells(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    table, faults = read(tmp_path, name), Faults(name)
    assert column(table, "Person").values().tolist() == ["p1", "p2", "p3"]
    assert column(table, "Kommune").values().tolist() == ["Aarhus", "Køge", "Køge"]
    assert dates(column(table, "Dato"), faults).tolist() == FRAME["Dato"].tolist()
    np.testing.assert_array_equal(numbers(column(table, "Alder"), faults), [41.5, np.nan, 58.0])
    assert table.rows.tolist() == [2, 3, 4]
    faults.stop()


@pytest.mark.parametrize("name", WRITERS)
def test_columns_are_found_without_case_and_only_those_asked_for_are_loaded(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    table = read(tmp_path, name, "KOMMUNE", " person")
    assert table.pieces[0].column_names == ["KOMMUNE", " person"]
    assert column(table, "KOMMUNE").values().tolist() == ["Aarhus", "Køge", "Køge"]


@pytest.mark.parametrize("name", WRITERS)
def test_a_missing_column_is_named_with_its_file_and_the_nearest(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    with pytest.raises(MissingColumnError) as caught:
        read(tmp_path, name, "komune")
    assert (caught.value.file, caught.value.column) == (name, "komune")
    assert "Kommune" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("first_line", "hint"),
    [
        ("1;2016-03-01;37,5", "the first line must hold the names of the columns, and seems to hold data"),
        ("Person;Dato;12.5.2016", "the first line must hold the names of the columns, and seems to hold data"),
        ("Person", "the first line must hold the names of the columns; it is read as 'Person'"),
        ("Person;Komune;Timer", "did you mean Komune?; trial.yml says under the extract which column is which"),
        ("Person;Alder;Timer", "known: Person, Alder, Timer; trial.yml says under the extract which column is which"),
    ],
)
def test_the_first_line_tells_why_a_column_is_not_there(tmp_path: Path, first_line: str, hint: str | None) -> None:
    (tmp_path / "x.csv").write_text(f"{first_line}\n1;a;b\n", encoding="utf-8")
    with pytest.raises(MissingColumnError) as caught:
        read(tmp_path, "x.csv", "kommune")
    assert caught.value.hint == hint


@pytest.mark.parametrize("name", WRITERS)
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[:20] + b"\0\1\2" + content[20 : len(content) // 2])
    with pytest.raises((UnreadableFileError, RaggedRowError)):
        read(tmp_path, name)


def test_a_parquet_column_of_categories_may_have_gaps_and_values_that_no_record_has(tmp_path: Path) -> None:
    kommune = pd.Categorical(["Køge", None, "Aarhus"], categories=["Odense", "Aarhus", "Køge"])
    pd.DataFrame({"Kommune": kommune}).to_parquet(tmp_path / "x.parquet", row_group_size=2)
    cells = column(read(tmp_path, "x.parquet"), "Kommune")
    assert cells.values().tolist() == ["Køge", "", "Aarhus"]
    assert "Odense" not in cells.texts


def test_a_text_column_of_parquet_is_the_same_however_many_parts_the_file_has(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Kode": ["730", None, "", "130", "730", "x"]})
    frame.to_parquet(tmp_path / "one.parquet")
    frame.to_parquet(tmp_path / "six.parquet", row_group_size=1)
    expected = ["730", "", "", "130", "730", "x"]
    for name in ("one.parquet", "six.parquet"):
        assert column(read(tmp_path, name), "Kode").values().tolist() == expected


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int8(), pa.string())]
)
def test_texts_of_every_type_of_parquet_are_the_same_texts(tmp_path: Path, kind: pa.DataType) -> None:
    texts = pa.array(["p1", None, "Køge"]).cast(kind)
    pa_parquet.write_table(pa.table({"person": texts, "a": texts}), tmp_path / "x.parquet")
    table = open_table(tmp_path, "x.parquet").read(
        {"person": "person", "a": "a"}, key="person", persons=Wanted(["Køge"])
    )
    assert column(table, "a").values().tolist() == ["", "Køge"]
    assert (table.rows.tolist(), table.counts.outside) == ([3, 4], 1)


def test_types_that_arrow_cannot_compute_with_are_read_as_what_they_hold(tmp_path: Path) -> None:
    cells = {
        "a": pa.array(np.array([2.5, 0.1], dtype=np.float16)),
        "b": pa.ExtensionArray.from_storage(pa.json_(pa.string()), pa.array(["x", "y"])),
    }
    pa_parquet.write_table(pa.table(cells), tmp_path / "x.parquet")
    table = read(tmp_path, "x.parquet", "a", "b")
    assert [float(text) for text in column(table, "a").values()] == pytest.approx([2.5, 0.1], rel=1e-3)
    assert column(table, "b").values().tolist() == ["x", "y"]


@pytest.mark.parametrize("cell", [["x"], {"b": "x"}])
def test_a_list_in_a_cell_is_refused_with_its_column(tmp_path: Path, cell: object) -> None:
    pa_parquet.write_table(pa.table({"a": ["x"], "b": [cell]}), tmp_path / "x.parquet")
    with pytest.raises(UnreadableFileError) as caught:
        read(tmp_path, "x.parquet", "a", "b")
    assert (caught.value.column, "list" in caught.value.what) == ("b", True)


def test_all_missing_columns_are_told_at_once(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv")
    with pytest.raises(SeveralFaultsError) as caught:
        read(tmp_path, "x.csv", "person", "hund", "kat")
    assert [fault.column for fault in caught.value.faults] == ["hund", "kat"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found_in_the_header(tmp_path: Path, separator: str) -> None:
    table = read_text(tmp_path, f"a{separator}b\n1{separator}2\n")
    assert column(table, "b").values().tolist() == ["2"]


def test_a_decimal_comma_does_not_look_like_a_separator(tmp_path: Path) -> None:
    table = read_text(tmp_path, "person;timer;andel\np1;12,5;0,25\n")
    assert numbers(column(table, "timer"), Faults("x.csv")).tolist() == [12.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_danish_letters_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    table = read_text(tmp_path, "Område;b\nKøge;1\nÆrø;2\nSkælskør;3\n".encode(encoding))
    assert column(table, "Område").values().tolist() == ["Køge", "Ærø", "Skælskør"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, newline: str) -> None:
    table = read_text(tmp_path, newline.join(["a;b", "1;2", "3;4"]))
    assert column(table, "b").values().tolist() == ["2", "4"]


def test_blank_lines_and_bare_separators_are_skipped_but_counted_as_rows(tmp_path: Path) -> None:
    table = read_text(tmp_path, "a;b\n1;2\n\n3;4\n;\n5;6\n  \n7;8\n")
    assert table.rows.tolist() == [2, 4, 6, 8]


def test_a_quoted_cell_may_hold_separators_and_line_ends(tmp_path: Path) -> None:
    table = read_text(tmp_path, 'a;b;c\n"x;y\nz";2;\n3;4;\n')
    assert table.rows.tolist() == [2, 3]
    assert column(table, "b").values().tolist() == ["2", "4"]


def test_lines_with_too_few_or_too_many_cells_are_named_by_row(tmp_path: Path) -> None:
    with pytest.raises(RaggedRowError) as caught:
        read_text(tmp_path, "a;b\n1;2\n\n3\n4;5;6\n")
    assert caught.value.rows == (4, 5)


def test_a_quotation_mark_that_is_not_closed_does_not_swallow_records(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="quotation mark"):
        read_text(tmp_path, 'a;b\n1;"2\n3;4\n')


def test_a_spreadsheet_saved_with_the_wrong_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        read_text(tmp_path, b"PK\x03\x04\x00\x00binary")


@pytest.mark.parametrize("content", ["", "a;b", "a;b\n", "a;b\n;\n"])
def test_a_file_without_records_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(EmptyFileError):
        read_text(tmp_path, content)


def test_two_columns_of_one_name_are_refused_only_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DuplicateColumnError):
        read_text(tmp_path, "a;a ;b\n1;2;3\n", "a")
    assert column(read_text(tmp_path, "a;a ;b\n1;2;3\n", "b"), "b").values().tolist() == ["3"]


def test_a_column_written_exactly_as_asked_for_beats_one_in_another_case(tmp_path: Path) -> None:
    assert column(read_text(tmp_path, "A;a\n1;2\n", "a"), "a").values().tolist() == ["2"]


def test_an_unknown_suffix_names_those_that_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        open_table(tmp_path, "x.ods")
    assert ".sas7bdat" in str(caught.value.hint)


def test_a_missing_file_names_the_nearest_beside_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "deltagere.csv")
    with pytest.raises(ExtractNotFoundError) as caught:
        open_table(tmp_path, "deltager.csv")
    assert "deltagere.csv" in str(caught.value.hint)


def test_the_suffix_is_read_without_case(tmp_path: Path) -> None:
    write_csv(tmp_path / "X.CSV")
    assert open_table(tmp_path, "X.CSV").columns[0] == "Person"


def test_a_file_without_a_header_is_refused_without_showing_its_first_record(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read_text(tmp_path, "hemmelig;Aarhus;2016-10-03\np2;Køge;2016-10-04\n", "person")
    assert "hemmelig" not in str(caught.value)
    assert "first line" in str(caught.value.hint)


def test_the_hash_is_that_of_the_bytes_on_disk(tmp_path: Path) -> None:
    content = "Område\nKøge\n".encode("cp1252")
    assert read_text(tmp_path, content).sha256 == hashlib.sha256(content).hexdigest()
