"""Quarto's shortcodes, conditions, layouts, margins and tabs, seen in finished HTML and PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from reportlib.engine.pandoc import Converted
from reportlib.engine.qmd import UnsupportedFeatureError
from reportlib.engine.typst_pdf import compile_document

Convert = Callable[..., Converted]
PICTURES = ("et", "to")


@pytest.fixture(autouse=True)
def _pictures(tmp_path: Path) -> None:
    for name in PICTURES:
        (tmp_path / f"{name}.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40pt" height="20pt" viewBox="0 0 40 20">'
            '<rect width="40" height="20" fill="#888888"/></svg>',
            encoding="utf-8",
        )


def pdf(written: Converted, folder: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(
        io.BytesIO(
            compile_document(written.texts["typst"], [], root=folder, date=datetime(2017, 5, 31, tzinfo=UTC)).pdf
        )
    )


def printed(written: Converted, folder: Path) -> str:
    """The text of the PDF, white space folded."""
    return flat(" ".join(page.extract_text() for page in pdf(written, folder).pages))


def shown(written: Converted) -> str:
    """The text of the page's report, white space folded."""
    page = written.texts["html"].partition("<main id")[2].partition(">")[2].partition("</main>")[0]
    return flat(re.sub(r"<[^>]+>", " ", page))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def tags(reader: pypdf.PdfReader) -> list[tuple[str, str | None]]:
    """The PDF's structure: each element's kind and alternative text."""
    found: list[tuple[str, str | None]] = []

    def visit(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                visit(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]), str(node["/Alt"]) if "/Alt" in node else None))
            visit(node.get("/K", []))

    visit(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


# ---- shortcodes


def test_simple_shortcodes_print_the_same_in_both_formats(converted: Convert, tmp_path: Path) -> None:
    text = (
        "# A\n\nTitlen ({{< meta title >}}), {{< var sted.navn >}} og {{< kbd Ctrl-C >}}.\n\n"
        "`{{< var sted.navn >}}` vises med {{{< meta title >}}} eller `{{{< meta title >}}}`.\n"
    )
    written = converted(text, variables={"sted": {"navn": "Ny *Ålborg*"}})
    wanted = "Titlen (A), Ny Ålborg og Ctrl-C"
    code = "Ny Ålborg vises med {{< meta title >}} eller {{< meta title >}}"
    assert wanted in re.sub(r" (?=[,).])", "", shown(written)) and "<em>Ålborg</em>" in written.texts["html"]
    assert code in shown(written).replace("&lt;", "<").replace("&gt;", ">")
    assert wanted in printed(written, tmp_path) and code in printed(written, tmp_path)


def test_a_page_ends_where_it_is_told_to(converted: Convert, tmp_path: Path) -> None:
    written = converted("# A\n\nFør\n\n{{< pagebreak >}}\n\nEfter\n")
    pages = [page.extract_text() for page in pdf(written, tmp_path).pages]
    assert ["Før" in text for text in pages[-2:]] == [True, False] and "Efter" in pages[-1]
    assert '<div class="sideskift"></div>' in written.texts["html"]


def test_address_and_words_of_a_picture_can_be_shortcodes(converted: Convert) -> None:
    text = '![Et]({{< var billede >}}){fig-alt="En {{< meta a\\\\.b >}}"}'
    written = converted("---\na.b: sol\n---\n\n" + text, "html", variables={"billede": "et.svg"})
    assert 'src="et.svg"' in written.texts["html"] and 'alt="En sol"' in written.texts["html"]


def test_placeholder_text_is_as_many_paragraphs_as_asked_for(converted: Convert) -> None:
    assert (
        converted("{{< lipsum 3 >}}", "html").texts["html"].partition("<main")[2].partition("</main>")[0].count("<p>")
        == 3
    )


def test_a_video_is_a_link(converted: Convert, tmp_path: Path) -> None:
    written = converted('# A\n\n{{< video https://example.org/v?a=1 title="Samtalen" width="400" >}}\n')
    assert '<a href="https://example.org/v?a=1">Samtalen</a>' in written.texts["html"]
    assert "Samtalen" in printed(written, tmp_path)


# ---- raw text, looks, code


def test_text_for_latex_is_in_neither_format_and_told(converted: Convert, tmp_path: Path) -> None:
    written = converted('# A\n\nFør`\\clearpage`{=latex} efter `Str "x--y"`{=pandoc-native}.\n')
    assert "Før efter x--y." in shown(written) and "Før efter x--y." in printed(written, tmp_path)
    assert written.passed_over == (
        "a.qmd:3: text in the format {=latex} is passed over: PDF and page are made without LaTeX",
    )


def test_where_a_caption_stands_is_the_theme_s_and_told(converted: Convert) -> None:
    written = converted('# A\n\n![Et](et.svg){#fig-a cap-location="top" .column-margin}\n\nSe @fig-a.\n', "html")
    assert written.passed_over == ('a.qmd:3: cap-location="top" is passed over: the theme decides that',)


STYLED = """```{=html}
<style>#t td {color: red}</style>
<div id="t" style="overflow-x:auto;">
<table class="gt_table" aria-labelledby="title" data-quarto-bootstrap='false'>
<thead><tr class="gt_row"><th id="a" scope="col" style="border-top-width: 2px">Sted</th><th>Antal</th></tr></thead>
<tbody><tr><td headers="a" style="background-color: #fff">Køge</td><td>12</td></tr></tbody>
</table>
</div>
```"""


def test_an_html_table_keeps_its_cells_and_not_its_looks(converted: Convert, tmp_path: Path) -> None:
    written = converted(f"# A\n\n::: {{#tbl-a}}\n{STYLED}\n\nSteder\n:::\n\nSe @tbl-a.\n")
    assert "color:" not in written.texts["html"].partition("<main")[2] and "#fff" not in written.texts["typst"]
    assert "Sted Antal Køge 12" in shown(written) and "Sted Antal Køge 12" in printed(written, tmp_path)
    (told,) = written.passed_over
    assert "the looks of an HTML table are passed over" in told


def test_html_that_hides_or_fetches_is_no_look(converted: Convert) -> None:
    for style in ("display: none", "background: url(a.png)", "visibility:hidden"):
        with pytest.raises(UnsupportedFeatureError, match="<table"):
            converted(f'# A\n\n```{{=html}}\n<table style="{style}"><tr><td>A</td></tr></table>\n```\n')


PANDAS = """<table border="1" class="dataframe"><thead><tr style="text-align: right;">
<th></th><th>Sted</th><th>Andel</th><th>Antal</th></tr></thead>
<tbody><tr><th>0</th><td>Køge</td><td>12,5 pct.</td><td>1.204</td></tr>
<tr><th>1</th><td>3. distrikt</td><td>–</td><td>−7</td></tr></tbody></table>"""


def test_columns_of_numbers_in_an_html_table_stand_to_the_right(converted: Convert) -> None:
    page = converted(f"# A\n\n```{{=html}}\n{PANDAS}\n```\n", "html").texts["html"]
    right = set(re.findall(r'<t[hd][^>]* class="right">([^<]+)', page))
    assert right == {"0", "1", "Andel", "12,5 pct.", "–", "Antal", "1.204", "−7"}


@pytest.mark.parametrize("caption_first", [True, False])
def test_a_list_can_be_a_table(converted: Convert, tmp_path: Path, caption_first: bool) -> None:
    rows = "* - Sted\n  - Antal\n\n* - Køge\n  - - 12\n    - 5\n"
    parts = ["Steder", rows] if caption_first else [rows, "Steder"]
    text = "\n\n".join(["# A", "::: {#tbl-a .list-table aligns=lr}", *parts, ":::", "Se @tbl-a."])
    written = converted(text + "\n")
    assert '<th scope="col">Sted</th>' in written.texts["html"] and "<li>12</li>" in written.texts["html"]
    for shown_text in (shown(written), printed(written, tmp_path)):
        assert "Tabel 1: Steder Sted Antal Køge" in shown_text


def test_annotated_code_has_its_numbers_in_circles(converted: Convert, tmp_path: Path) -> None:
    written = converted("# A\n\n```python\nx = 1 # <1>\ny = 2\n```\n\n1. Det første\n")
    for text in (shown(written), printed(written, tmp_path)):
        assert "x = 1 ①" in flat(text) and "<1>" not in text and "Det første" in text
    with pytest.raises(UnsupportedFeatureError, match=r"a\.qmd:4: code with <1> behind a line needs the list"):
        converted("# A\n\n```python\nx = 1 # <1>\n```\n\nTekst\n")


# ---- conditions


@pytest.mark.parametrize(
    ("condition", "in_page", "in_pdf"),
    [
        ('.content-visible when-format="html"', True, False),
        ('.content-visible unless-format="html"', False, True),
        ('.content-hidden when-format="typst"', True, False),
        ('.content-visible when-meta="title"', True, True),
        ('.content-hidden unless-meta="mangler"', False, False),
    ],
)
def test_content_stands_where_its_condition_holds(
    converted: Convert, tmp_path: Path, condition: str, in_page: bool, in_pdf: bool
) -> None:
    written = converted(f"# A\n\nFast, [ordet]{{{condition}}}.\n\n::: {{{condition}}}\nBlokken\n:::\n")
    assert ("ordet" in shown(written), "Blokken" in shown(written)) == (in_page, in_page)
    made = printed(written, tmp_path)
    assert ("ordet" in made, "Blokken" in made) == (in_pdf, in_pdf) and "Fast" in made and "Fast" in shown(written)


def test_the_format_pdf_is_latex_s_and_told(converted: Convert) -> None:
    written = converted('# A\n\n::: {.content-hidden when-format="pdf"}\nBlokken\n:::\n')
    assert "Blokken" in shown(written) and "Blokken" in written.texts["typst"]
    assert [told.partition(" means")[0] for told in written.passed_over] == ['a.qmd:3: when-format="pdf"']


# ---- pictures and their words


def test_a_caption_is_a_picture_s_alternative_text_unless_it_has_its_own(converted: Convert, tmp_path: Path) -> None:
    written = converted(
        '# A\n\n![En firkant](et.svg)\n\n![To](to.svg){#fig-b fig-alt="Grå"}\n\nHer ![linje](et.svg){width=1cm}.\n'
    )
    assert re.findall(r' alt="([^"]*)"', written.texts["html"]) == ["En firkant", "Grå", "linje"]
    assert [alt for kind, alt in tags(pdf(written, tmp_path)) if kind == "/Figure"] == ["En firkant", "Grå", "linje"]


def test_a_picture_that_says_nothing_is_no_figure_for_a_reader_who_listens(converted: Convert, tmp_path: Path) -> None:
    written = converted('# A\n\nHer ![](et.svg){fig-alt="" width=1cm}.\n')
    assert 'alt=""' in written.texts["html"]
    assert not any(kind == "/Figure" for kind, _ in tags(pdf(written, tmp_path)))


def test_a_caption_without_an_identifier_has_no_number(converted: Convert, tmp_path: Path) -> None:
    table = "| A |\n|---|\n| x |\n\n"
    written = converted(
        f"# A\n\n![Løs](et.svg)\n\n![Fast](to.svg){{#fig-b}}\n\n{table}: Fri\n\n{table}: Bundet {{#tbl-b}}\n"
    )
    for text in (shown(written), printed(written, tmp_path)):
        assert "Figur 1: Fast" in text and "Tabel 1: Bundet" in text
        assert "Løs" in text and "Fri" in text and "Figur 2" not in text and "Tabel 2" not in text


# ---- side by side


def test_a_layout_sets_its_parts_in_rows(converted: Convert, tmp_path: Path) -> None:
    written = converted('# A\n\n::: {layout="[[70,30],[100]]"}\nEt\n\nTo\n\nTre\n:::\n')
    assert re.findall(r'"grid-template-columns:([^"]+)"', written.texts["html"]) == ["70fr 30fr", "100fr"]
    places: dict[str, tuple[float, float]] = {}
    for page in pdf(written, tmp_path).pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: places.setdefault(
                text.strip(), (cm[0] * tm[4] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5])
            )
        )
    assert (
        places["Et"][1] == places["To"][1] > places["Tre"][1] and places["Et"][0] == places["Tre"][0] < places["To"][0]
    )


def test_pictures_in_one_figure_have_letters_that_can_be_referred_to(converted: Convert, tmp_path: Path) -> None:
    text = (
        "# A\n\n::: {#fig-p layout-ncol=2}\n![Surus](et.svg){#fig-s}\n\n![Hanno](to.svg){#fig-h}\n\nTo elefanter\n"
        ":::\n\n"
        "![Efter](et.svg){#fig-e}\n\nSe @fig-p, @fig-h og @fig-e.\n"
    )
    written = converted(text)
    for found in (shown(written), printed(written, tmp_path)):
        assert "(a) Surus" in found and "(b) Hanno" in found and "Figur 1: To elefanter" in found
        assert "Se Figur 1, Figur 1 (b) og Figur 2." in re.sub(r" (?=[,.])", "", found)


def test_the_words_of_a_narrow_part_stand_under_it(converted: Convert, tmp_path: Path) -> None:
    part = '![Smal](et.svg){#fig-b width=1cm fig-alt="Et"}'
    written = converted(f"# A\n\n::: {{#fig-a layout-ncol=1}}\n{part}\n\nHele\n:::\n\nSe @fig-a.\n")
    assert re.search(r"image\(.*\n\n\\\(a\) Smal", written.texts["typst"])


def test_parts_that_fill_more_than_a_page_break_over_pages(converted: Convert, tmp_path: Path) -> None:
    parts = "".join(f"![Del {number}](et.svg){{height=12cm}}\n\n" for number in range(1, 4))
    made = printed(converted(f"# A\n\n::: {{#fig-p}}\n{parts}Alle\n:::\n"), tmp_path)
    assert all(words in made for words in ("(a) Del 1", "(b) Del 2", "(c) Del 3", "Figur 1: Alle"))


def test_tables_in_one_table_are_as_wide_as_their_columns(converted: Convert, tmp_path: Path) -> None:
    head = "| Sted | Antal |\n|:--|--:|\n"
    table = f"{head}| Lemvig | 7 |\n\n: Vest {{#tbl-v}}\n\n{head}| Køge | 8 |\n\n: Øst {{#tbl-o}}\n\n"
    written = converted(f"# A\n\n::: {{#tbl-p layout-ncol=2}}\n{table}Begge\n:::\n\nSe @tbl-p og @tbl-o.\n")
    for found in (shown(written), printed(written, tmp_path)):
        assert "Tabel 1: Begge" in found and "(a) Vest" in found and "(b) Øst" in found
        assert "Se Tabel 1 og Tabel 1 (b)." in re.sub(r" (?=[,.])", "", found)


def test_a_table_too_wide_for_its_column_is_refused(converted: Convert) -> None:
    wide = "|" + " Kommune |" * 14 + "\n|" + "--:|" * 14 + "\n|" + " 1.234.567 |" * 14 + "\n\n: Bred {#tbl-b}\n"
    with pytest.raises(Exception, match=r'a\.qmd:\d+: the table "Bred" is too wide'):
        converted(f"# A\n\n::: {{layout-ncol=2}}\n{wide}\n\nTekst\n:::\n")


# ---- margins, tabs, wrappers


def test_words_for_the_margin_are_a_note_or_small_type(converted: Convert, tmp_path: Path) -> None:
    written = converted("# A\n\nEt ord[fodnotens tekst]{.aside}.\n\n::: {.column-margin}\nMarginalen\n:::\n")
    assert '<div class="note fri">' in written.texts["html"] and "fodnotens tekst" in shown(written)
    assert any(kind == "/Note" for kind, _ in tags(pdf(written, tmp_path)))
    assert "fodnotens tekst" in printed(written, tmp_path) and "Marginalen" in printed(written, tmp_path)


def test_tabs_stand_one_after_the_other_under_their_headings(converted: Convert, tmp_path: Path) -> None:
    written = converted("# A\n\n::: {.panel-tabset}\n## Først\nEt\n\n## Så\nTo\n:::\n")
    assert "Først Et Så To" in shown(written) and "Først Et Så To" in printed(written, tmp_path)
    assert "<strong>Først</strong>" in written.texts["html"]


@pytest.mark.parametrize(
    "around",
    [
        "::: {.column-page}\n{}\n:::",
        "::: {.cell execution_count=1}\n::: {.cell-output .cell-output-display}\n{}\n:::\n:::",
        "::: {.sourceCode}\n{}\n:::",
    ],
)
def test_what_has_no_look_of_its_own_here_leaves_its_content(converted: Convert, around: str) -> None:
    page = converted("# A\n\n" + around.replace("{}", "Indhold", 1).replace("Indhold.", "{."), "html").texts["html"]
    assert "<p>Indhold</p>" in page and "column-page" not in page and "cell-output" not in page


def test_an_equation_with_a_number_can_have_its_own_words(converted: Convert, tmp_path: Path) -> None:
    written = converted('# A\n\n$$E=mc^2$$ {#eq-a alt="Energi er masse"}\n\nSe @eq-a.\n')
    assert 'alttext="Energi er masse"' in written.texts["html"] and "Ligning 1" in shown(written)
    assert ("/Formula", "Energi er masse") in tags(pdf(written, tmp_path))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "::: {#lst-a}\n```python\nx = 1\n```\n\nEt program\n:::\n\nSe @lst-a.",
            "Liste 1: Et program x = 1 Se Liste 1 .",
        ),
        ("::: {#tbl-a}\n| A |\n|---|\n| x |\n\n: Ord\n:::\n\nSe @tbl-a.", "Tabel 1: Ord A x Se Tabel 1 ."),
        ('::: {#fig-a fig-cap="Ord"}\nFIGUR\n:::\n\nSe @fig-a.', "FIGUR Figur 1: Ord Se Figur 1 ."),
    ],
)
def test_floats_written_as_divs_are_numbered(converted: Convert, text: str, wanted: str) -> None:
    assert wanted in shown(converted("# A\n\n" + text + "\n", "html"))
