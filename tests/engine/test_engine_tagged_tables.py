"""Tables that reports seldom have: cells that reach over rows, headings inside, a table that is not the theme's own."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from table_headers import page_headers, pdf_headers, summaries
from theme_pages import compile_typst

from reportlib.engine.finished_pdf import TableRecord, finished_pdf, saved, summary
from reportlib.engine.pandoc import Converted
from reportlib.engine.render import RenderJob, render

TABLES = """
# A

+----+---+---+
| A  | B | C |
+====+===+===+
| en | 1 | 2 |
|    +---+---+
|    | 3 | 4 |
+----+---+---+
| to | 5 | 6 |
+----+---+---+

: Rækker der rækker {#tbl-over}

| Mål   | Alle |
|:------|-----:|
| Først |   60 |
| **I gang** |  |
| Job   |   61 |
| **Afsluttet** |  |
| Job   |   62 |

: Grupper {#tbl-grupper}
"""
OVER = [
    ("en", ("A",)), ("1", ("B", "en")), ("2", ("C", "en")), ("3", ("B", "en")), ("4", ("C", "en")),
    ("to", ("A",)), ("5", ("B", "to")), ("6", ("C", "to")),
]  # fmt: skip
GROUPS = [
    ("Først", ("Mål",)), ("60", ("Alle", "Først")),
    ("I gang", ()), ("Job", ("Mål", "I gang")), ("61", ("Alle", "I gang", "Job")),
    ("Afsluttet", ()), ("Job", ("Mål", "Afsluttet")), ("62", ("Alle", "Afsluttet", "Job")),
]  # fmt: skip


def test_cells_over_rows_and_headings_inside_a_table_head_what_is_beside_and_under_them(
    make_job: Callable[..., RenderJob],
) -> None:
    paths = render(make_job(TABLES)).paths
    assert pdf_headers(paths["pdf"]) == [OVER, GROUPS]
    assert page_headers(paths["html"].read_text(encoding="utf-8")) == [OVER, GROUPS]
    assert summaries(paths["pdf"]) == [
        "Tabel med 3 kolonner og 3 rækker. Kolonnerne er »A«, »B« og »C«.",
        "Tabel med 2 kolonner og 3 rækker i 2 grupper. Kolonnerne er »Mål« og »Alle«.",
    ]


def test_a_summary_says_whose_numbers_they_are() -> None:
    told = summary(TableRecord("tbl-a", ("", "Job"), frozenset(), 1), "deltagerne; borgerne")
    assert told == "Tabel med 2 kolonner og 1 række. Kolonnerne er »Job«. Tallene gælder deltagerne; borgerne."


def test_tables_that_the_theme_did_not_write_get_headers_and_no_summary_of_another(tmp_path: Path) -> None:
    table = "#table(columns: 2, table.header([A], [B]), [en], [1])\n"
    begin = '#set document(title: "T", date: datetime(year: 2017, month: 5, day: 1))\n'
    made = compile_typst(f"{begin}{table}{table}", tmp_path)
    one = [TableRecord("tbl-a", ("A",), frozenset(), 1)]
    (tmp_path / "to.pdf").write_bytes(finished_pdf(made, one, None, date=datetime(2017, 5, 1, tzinfo=UTC)))
    assert pdf_headers(tmp_path / "to.pdf") == [[("en", ("A",)), ("1", ("B", "en"))]] * 2
    assert summaries(tmp_path / "to.pdf") == ["", ""]


def test_no_stream_ends_in_a_carriage_return(tmp_path: Path) -> None:
    text = next(f"% {n}" for n in range(100_000) if zlib.compress(f"% {n}".encode()).endswith(b"\r"))
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Contents = pikepdf.Stream(pdf, b"")
        page.Contents.write(zlib.compress(text.encode()), filter=pikepdf.Name.FlateDecode)
        pdf.Root.Skrift = pdf.make_indirect(pikepdf.Stream(pdf, b""))
        pdf.Root.Skrift.write(zlib.compress(text.encode()), filter=pikepdf.Name.FlateDecode)
        pdf.Root.Skrift.Length1 = len(text)
        content = saved(pdf, tmp_path)
    assert re.search(rb"\r\n?endstream", content) is None
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.pages[0].Contents.read_bytes() == f"{text}\n".encode()
        assert len(pdf.Root.Skrift.read_bytes()) == pdf.Root.Skrift.Length1  # a font is as long as it says


def test_a_number_stands_on_the_line_of_its_light_where_the_table_is_full(
    converted: Callable[..., Converted],
) -> None:
    rooms = []
    for words in ("Nord", "Nord " * 40):  # the second takes all the room it can get
        row = f"| {words}| 90 | [Grøn]{{.lys .groen}} 100 |\n"
        source = converted(f"# A\n\n| Sted | Gul fra | By |\n|:--|--:|--:|\n{row}\n: T {{#tbl-a}}\n").texts["typst"]
        rooms.append(float(re.findall(r"width: ([\d.]+)pt\)\[#lys", source)[0]))
    assert rooms[1] >= rooms[0] - 8  # of the room they take alone, eight points are for their looks


def test_numbers_stand_by_their_commas_and_lights_one_width_left_of_theirs(
    converted: Callable[..., Converted],
) -> None:
    rows = "| Nord | 89,8 | [Grøn]{.lys .groen} 92 |\n| Syd | 7 | [Rød]{.lys .roed} 8 |\n| Øst | · | < 0,001 |\n"
    source = converted(f"# A\n\n| Sted | Andel | Mål |\n|:--|--:|--:|\n{rows}\n: T {{#tbl-a}}\n").texts["typst"]
    assert "[89,8], " in source and "[7#hide[,0]], " in source
    assert (
        '[#lys("groen")[Grøn]~#h(1fr) 92#hide[,000]]' in source and '[#lys("roed")[Rød]~#h(1fr) 8#hide[,000]]' in source
    )
    assert len(widths := re.findall(r"width: ([\d.]+)pt\)\[#lys", source)) == 2 and len({*widths}) == 1
