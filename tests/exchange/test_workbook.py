"""A report's workbook holds what its tables say, as numbers; what hides is not in it; equal reports are equal bytes."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import python_calamine
from batch_project import make_project
from small_trial import make_trial
from typer.testing import CliRunner
from valid_files import DIFFERENCE_ROW, HIDDEN, SHARE, small_ledger

from reportlib.cli.app import app
from reportlib.exchange.workbook import CONTENTS, COVER, NOTES, SYNTHETIC, workbook
from reportlib.show import table_cells
from reportlib.show.part import Chart, Shown
from reportlib.show.pipe_table import Table, WordColumn
from reportlib.show.table_cells import Cell

STAMP = "reportlib:1;trial=lille;kommune=Alle;ledger=ab12"
TABLE = Table(
    caption="Andele",
    head="Kommune",
    columns=("Andel (pct.)", "Forskel", "Andel (pct.)", "p", WordColumn("Bemærkning"), "Lys"),
    rows=(
        ("Nord", "12,5", "0,8 (\u22120,2 til 1,4)", "1.234", "< 0,001", "=1+1", Cell("[Grøn]{.lys .groen} 91")),
        ("Syd", table_cells.HIDDEN, table_cells.HIDDEN, "7", "0,04", "", Cell("[Rød]{.lys .roed} 9")),
        (Cell("**Øst**"), table_cells.NOT_ESTIMABLE, "1,0 (0,1 til 1,9)", "8", "0,5", "ord", table_cells.HIDDEN),
    ),
)
CHART = Chart(plan=None, draw=lambda *_: None, alt="", caption="Udvikling", sources=())  # type: ignore[arg-type,return-value]


def _book() -> bytes:
    keys = [SHARE.key, DIFFERENCE_ROW.key, HIDDEN.key]
    shown = [
        Shown("tbl-a", "Andele", TABLE, keys, ["Kilde: DREAM.", "Anm.: · betyder, at tallet ikke vises."]),
        Shown("fig-b", "Udvikling", CHART, keys, []),
        Shown("tbl-c", "Ikke i rapporten", TABLE, [], []),
    ]
    labels = {"tbl-a": "Tabel 1", "fig-b": "Figur 1"}
    return workbook(shown, labels, ledger=small_ledger(), trial=make_trial(), kommune="", stamp=STAMP)


def _sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_one_sheet_for_each_table_and_figure_of_the_report() -> None:
    sheets = _sheets(_book())
    assert list(sheets) == [COVER, CONTENTS, NOTES, "Tabel 1", "Figur 1"]
    assert [row[0] for row in sheets[CONTENTS][3:]] == [NOTES, "Tabel 1", "Figur 1"]
    cover = [row[0] for row in sheets[COVER]]
    assert f"Identitet: {STAMP}" in cover
    assert SYNTHETIC in cover


def test_a_tables_numbers_are_numbers_and_its_composed_cells_are_columns() -> None:
    rows = _sheets(_book())["Tabel 1"]
    assert [row[0] for row in rows[:4]] == [
        "Tabel 1: Andele", "Dette ark indeholder én tabel.", "Kilde: DREAM.",
        "Anm.: [c] betyder, at tallet ikke vises.",
    ]  # fmt: skip
    head, *body = rows[4:]
    assert head == [
        "Kommune", "Andel (pct.)", "Forskel", "Forskel, nedre grænse", "Forskel, øvre grænse", "Andel (pct.) (2)", "P",
        "Bemærkning", "Lys, farve", "Lys",
    ]  # fmt: skip
    assert body == [
        ["Nord", 12.5, 0.8, -0.2, 1.4, 1234.0, "< 0,001", "=1+1", "Grøn", 91.0],
        ["Syd", "[c]", "[c]", "[c]", "[c]", 7.0, 0.04, "[z]", "Rød", 9.0],
        ["Øst", "[x]", 1.0, 0.1, 1.9, 8.0, 0.5, "ord", "[c]", "[c]"],
    ]


def test_a_figures_sheet_holds_its_rows_and_nothing_of_those_that_hide() -> None:
    rows = _sheets(_book())["Figur 1"]
    head, *body = rows[2:]
    by_key = {row[-1]: dict(zip(head, row, strict=True)) for row in body}
    assert by_key[SHARE.key]["Værdi"] == SHARE.value
    assert by_key[DIFFERENCE_ROW.key]["Nedre grænse"] == DIFFERENCE_ROW.ci_low
    hidden = by_key[HIDDEN.key]
    assert {hidden[name] for name in ("Værdi", "Nedre grænse", "Øvre grænse", "Antal personer")} == {"[c]"}


def test_no_cell_is_a_formula_and_the_same_report_gives_the_same_bytes() -> None:
    content = _book()
    assert content == _book()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert all("<f>" not in sheet and "mergeCell" not in sheet for sheet in sheets)


def test_render_writes_it_beside_the_report_and_removes_it_when_it_is_not_asked_for(
    tmp_path: Any, monkeypatch: Any
) -> None:
    project = make_project(tmp_path / "projekt")
    monkeypatch.chdir(project.root)
    document = project.root / "reports" / "lille.qmd"
    call = '\n```{python}\nr.skriv("tables.persons_by_site", id="tbl-personer")\n```\n'
    document.write_text(document.read_text(encoding="utf-8") + call, encoding="utf-8")
    command = ["render", "lille", "--format", "html", "--workers", "0"]
    assert CliRunner().invoke(app, [*command, "--xlsx"]).exit_code == 0
    path = project.out_dir / "lille" / "alle.xlsx"
    rows = _sheets(path.read_bytes())["Tabel 1"]
    assert {row[0] for row in rows} >= {"Nord", "Syd", "Øst"}
    assert all(isinstance(value, float) for row in rows if row[0] == "Nord" for value in row[1:])
    assert CliRunner().invoke(app, [*command, "--force"]).exit_code == 0
    assert not path.exists()
