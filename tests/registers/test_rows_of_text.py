"""Every line of a text file is read, dropped for a reason that is counted, or refused with its row."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportlib.registers import text_file
from reportlib.registers.cells import column
from reportlib.registers.errors import (
    EmptyFileError,
    ExtractError,
    FileChangedError,
    LostRowsError,
    MixedEncodingError,
    RaggedRowError,
    StrayQuotationMarkError,
)
from reportlib.registers.extract_tables import Table, open_table
from reportlib.registers.selection import Wanted

HEADER = "person;a;b;bem\n"


def read(folder: Path, content: str | bytes, *columns: str, persons: Wanted | None = None) -> Table:
    (folder / "x.csv").write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    opened = open_table(folder, "x.csv")
    wanted = {name: name for name in (columns or opened.columns)}
    return opened.read(wanted, key="person" if persons else None, persons=persons)


def fault_of(folder: Path, content: str | bytes, *columns: str) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(folder, content, *columns)
    return caught.value


@pytest.fixture(params=[1 << 22, 40], ids=["one block", "many blocks"])
def _block_sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "BLOCK", request.param)


pytestmark = pytest.mark.usefixtures("_block_sizes")


def test_a_mark_that_closes_rows_later_is_refused_where_it_opens_though_nobody_uses_the_column(tmp_path: Path) -> None:
    rows = ["p1;1;2;x", 'p2;1;2;"uafsluttet', "p3;1;2;", "p4;1;2;y", "p5;1;2;y", 'p6;1;2;f"', "p7;1;2;y", "p8;1;2;y"]
    fault = fault_of(tmp_path, HEADER + "\n".join(rows) + "\n", "person", "a")
    assert isinstance(fault, StrayQuotationMarkError)
    assert fault.rows == (3,)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('p2;1;2;"aldrig lukket', 3),
        ('p2;1;2;5" skærm', 3),
        ('p2;1;2;"tekst" og mere', 3),
        ('p2;1;2;"åben\np3;1;2;"lukket"', 3),
        ('p2;1;2;"åben\np3;1;2;lukket"', 3),
        ('"p2;1;2;åben\np3;1;2;x"', 3),
    ],
)
def test_a_stray_mark_is_refused_with_the_row_where_it_stands(tmp_path: Path, line: str, row: int) -> None:
    fault = fault_of(tmp_path, f"{HEADER}p1;1;2;x\n{line}\np9;1;2;x\n")
    assert isinstance(fault, StrayQuotationMarkError | RaggedRowError)
    assert fault.rows == (row,)


@pytest.mark.parametrize("cell", ['"to\nlinjer"', '"et ""citat"" og ; skilletegn"', '""', '"""helt"""', '"a;b\nc"'])
def test_what_is_quoted_as_it_should_be_is_read(tmp_path: Path, cell: str) -> None:
    table = read(tmp_path, f"{HEADER}p1;1;2;{cell}\np2;1;2;x\n")
    expected = next(csv.reader(io.StringIO(cell, newline=""), delimiter=";"))[0]
    assert column(table, "bem").values().tolist() == [expected, "x"]
    assert (table.rows.tolist(), table.counts.lines) == ([2, 3], 2)


@pytest.mark.parametrize("bad", [b"\xe5", b"\xc3"], ids=["a letter of Windows", "half a letter"])
def test_one_invalid_byte_in_a_file_of_utf_8_is_refused_with_its_row(tmp_path: Path, bad: bytes) -> None:
    lines = [b"person;a;b;bem", "p1;1;2;Køge".encode(), b"p2;1;2;x", b"p3;1;2;" + bad + b"x", "p4;1;2;Sorø".encode()]
    fault = fault_of(tmp_path, b"\n".join(lines))
    assert isinstance(fault, MixedEncodingError)
    assert 4 in fault.rows
    assert f"other bytes in row {4}" in str(fault)


def test_rows_of_a_fault_count_a_text_over_two_lines_as_one_row(tmp_path: Path) -> None:
    text = 'p1;1;2;"to\nlinjer"\np2;1;2;ø\n'.encode() + b"p3;1;2;\xe5\n"
    assert "UTF-8 in row 3, other bytes in row 4" in str(fault_of(tmp_path, HEADER.encode() + text))


def test_a_zero_byte_is_refused_with_its_row(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, HEADER.encode() + b"p1;1;2;x\np2;1;\x002;x\n")
    assert (type(fault), fault.rows) == (MixedEncodingError, (3,))
    assert str(fault).splitlines()[0].endswith("row 3: a zero byte: this is not text, or damaged")


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert column(read(tmp_path, "\ufeff" + HEADER + "p1;1;2;x\n"), "person").texts == ("p1",)


@pytest.mark.parametrize("last", ["p3;1", "p3;1;2", "p", "p3;1;2;x;9"])
def test_a_file_that_is_cut_off_is_refused_with_its_last_row(tmp_path: Path, last: str) -> None:
    fault = fault_of(tmp_path, HEADER + "p1;1;2;x\n\np2;1;2;x\n" + last)
    assert (type(fault), fault.rows) == (RaggedRowError, (5,))


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(HEADER + "p1;1;2;x\n", encoding="utf-8")
    opened = open_table(tmp_path, "x.csv")
    with (tmp_path / "x.csv").open("a", encoding="utf-8") as stream:
        stream.write("p2;1;2;x\n")
    with pytest.raises(FileChangedError):
        opened.read({"person": "person"})


def test_the_same_size_does_not_hide_a_change(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "p1;1;2;x\n", encoding="utf-8")
    opened = open_table(tmp_path, "x.csv")
    os.utime(path, ns=(0, 0))
    with pytest.raises(FileChangedError):
        opened.read({"person": "person"})


def test_a_parser_that_loses_records_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = text_file.pa_csv.read_csv
    monkeypatch.setattr(text_file.pa_csv, "read_csv", lambda *args, **options: parse(*args, **options).slice(1))
    with pytest.raises(LostRowsError, match="rows 2 to "):
        read(tmp_path, HEADER + "p1;1;2;x\np2;1;2;x\n")


def test_rows_read_and_rows_dropped_are_the_lines_of_the_file(tmp_path: Path) -> None:
    text = HEADER + 'p1;1;2;x\n\n;;;\nx7;1;2;x\n   \nP2;1;2;x\np2;1;2;"a\nb"\n;1;2;x\n002;1;2;y'
    table = read(tmp_path, text, persons=Wanted(["p1", "p2"]))
    counts = table.counts
    assert table.rows.tolist() == [2, 8, 9]
    assert (counts.lines, counts.blank, counts.outside) == (9, 3, 3)
    assert len(table) + counts.blank + counts.outside == counts.lines
    assert (counts.alike, counts.alike_rows) == (1, (("x.csv", 7),))


def test_a_file_of_blank_records_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFileError):
        read(tmp_path, HEADER + ";;;\n\n", persons=Wanted(["p1"]))


CELL = st.text(st.sampled_from('ab ;,"\n\r0øå'), max_size=6)


@given(
    rows=st.lists(st.tuples(st.sampled_from(["p1", "p2", "p3", "x"]), CELL, CELL), min_size=1, max_size=12),
    ends=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    block=st.sampled_from([7, 33, 1 << 20]),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_csv_writer_writes_is_read_back_or_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[str, str, str]],
    ends: str,
    encoding: str,
    block: int,
) -> None:
    monkeypatch.setattr(text_file, "BLOCK", block)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator=ends, quoting=csv.QUOTE_ALL)
    writer.writerows([("person", "a", "b"), *rows])
    (tmp_path / "x.csv").write_bytes(out.getvalue().encode(encoding))
    try:
        table = open_table(tmp_path, "x.csv").read(
            {"person": "person", "a": "a"}, key="person", persons=Wanted(["p1", "p2"])
        )
    except StrayQuotationMarkError:  # a text over several lines that looks like rows
        assert any("\n" in cell or "\r" in cell for row in rows for cell in row)
        return
    kept = [(number, a.strip()) for number, (person, a, _) in enumerate(rows, start=2) if person in ("p1", "p2")]
    assert table.rows.tolist() == [number for number, _ in kept]
    assert [text.replace("\r", "") for text in column(table, "a").values()] == [a.replace("\r", "") for _, a in kept]
    assert table.counts.outside == len(rows) - len(kept)


def test_arrow_rows_and_records_agree_on_the_row_of_every_kept_line(tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    people = [f"p{number}" for number in draw.integers(0, 50, 400)]
    text = HEADER + "".join(f"{person};{place};2;\n" for place, person in enumerate(people))
    table = read(tmp_path, text, persons=Wanted(["p7", "p9"]))
    expected = [place for place, person in enumerate(people) if person in ("p7", "p9")]
    assert (table.rows - 2).tolist() == expected
    assert [int(value) for value in column(table, "a").values()] == expected
    assert sum(piece.num_rows for piece in table.pieces) == len(expected)
    assert all(isinstance(piece, pa.Table) for piece in table.pieces)
