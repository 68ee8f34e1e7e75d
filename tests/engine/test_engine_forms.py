"""Tables, pictures, equations and Quarto's own forms are set alike in PDF and HTML."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from reportlib.engine.accounting import typst_source
from reportlib.engine.outputs import VALUE_SIGNS, escape_markdown
from reportlib.engine.pandoc import Converted, MarkdownProblemError
from reportlib.engine.qmd import UnsupportedFeatureError
from reportlib.engine.typst_pdf import compile_document
from reportlib.text.marks import number_mark, write_numbers

Convert = Callable[[str], Converted]

ROWS = 98
LONG = "| Kommune | Antal |\n|:--|--:|\n" + "".join(f"| Sted {n} | {n} |\n" for n in range(1, ROWS + 1))
LONG += "\n: Alle {#tbl-l}\n"
NUMBER = "1.234.567"


def wide(columns: int) -> str:
    rows = (" K |", "--:|", f" {NUMBER} |", f" {NUMBER} |")
    return "\n".join("|" + row * columns for row in rows) + "\n\n: Alle {#tbl-b}\n"


def pages(written: Converted, folder: Path) -> list[pypdf.PageObject]:
    data = compile_document(written.texts["typst"], [], root=folder, date=datetime(2017, 5, 31, tzinfo=UTC)).pdf
    return list(pypdf.PdfReader(io.BytesIO(data)).pages)


def body(written: Converted) -> str:
    page = written.texts["html"].partition("<main id")[2].partition(">")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", page)


def shown(written: Converted) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body(written)))


def positions(page: pypdf.PageObject) -> list[tuple[str, float, float]]:
    """Each piece of text with where it begins: points from the left and from the foot."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, page: list[float], matrix: list[float], *_rest: object) -> None:
        if text.strip():
            x, y = matrix[4], matrix[5]
            found.append((text.strip(), page[0] * x + page[2] * y + page[4], page[1] * x + page[3] * y + page[5]))

    page.extract_text(visitor_text=visit)
    return found


# ---- tables


@pytest.mark.parametrize(
    "around", ["{}", "::: {{.boks title='T'}}\n{}\n:::", "- Punkt\n\n{}"], ids=["text", "box", "list"]
)
def test_a_long_table_breaks_over_pages_and_repeats_its_head(converted: Convert, tmp_path: Path, around: str) -> None:
    table = LONG.replace("\n", "\n    ") if around.startswith("-") else LONG
    made = pages(converted("# A\n\n" + around.format(f"    {table}" if around.startswith("-") else table)), tmp_path)
    texts = [page.extract_text() for page in made]
    with_rows = [text for text in texts if "Sted" in text]
    assert len(with_rows) >= 2 and all("Kommune" in text for text in with_rows)
    assert re.findall(r"Sted (\d+)", "\n".join(texts)) == [str(number) for number in range(1, ROWS + 1)]
    for page in made:
        heights = [y for text, _, y in positions(page) if text.startswith("Sted")]
        assert len(set(heights)) == len(heights) and all(y > 60 for y in heights)


def test_a_list_in_a_cell_stays_a_list(converted: Convert, tmp_path: Path) -> None:
    table = "+------+---+\n| A    | B |\n+======+===+\n| - 12 | x |\n| - 5  |   |\n+------+---+\n\n: T {#tbl-a}\n"
    written = converted("# A\n\n" + table)
    assert "<li>12</li> <li>5</li>" in body(written)
    text = "".join(page.extract_text() for page in pages(written, tmp_path))
    assert "125" not in text and "12" in text


def test_paragraphs_in_a_cell_stand_on_lines_of_their_own(converted: Convert) -> None:
    table = "+----+---+\n| A  | B |\n+====+===+\n| 12 | x |\n|    |   |\n| 5  |   |\n+----+---+\n\n: T {#tbl-a}\n"
    assert re.search(r"12 ?<br ?/?> ?5", body(converted("# A\n\n" + table)))


def test_a_cell_over_two_rows_leaves_the_rows_their_columns(converted: Convert) -> None:
    table = """\
+----+---+---+
| A  | B | C |
+====+===+==:+
| en | 1 | 2 |
|    +---+---+
|    | 3 | 4 |
+----+---+---+
| to     | 5 |
+--------+---+

: T {#tbl-a}
"""
    page = body(converted("# A\n\n" + table))
    assert '<th scope="row" rowspan="2">en</th>' in page
    assert '<tr> <td>3</td> <td class="right">4</td> </tr>' in page
    assert '<th scope="row" colspan="2">to</th>' in page


@pytest.mark.parametrize("columns", [10, 14])
def test_many_columns_of_numbers_do_not_overlap(converted: Convert, tmp_path: Path, columns: int) -> None:
    (page,) = [
        page for page in pages(converted("# A\n\nFør\n\n" + wide(columns)), tmp_path) if NUMBER in page.extract_text()
    ]
    found = positions(page)
    row = sorted(x for text, x, y in found if text == NUMBER and y == max(y for t, _, y in found if t == NUMBER))
    size = 7.5  # no smaller: seven digits of half an em and two points of a quarter
    assert len(row) == columns
    assert min(after - before for before, after in itertools.pairwise(row)) > 4 * size
    assert row[-1] + 4 * size < float(page.mediabox.width)


def test_a_table_that_needs_a_turned_page_in_a_box_is_refused(converted: Convert) -> None:
    with pytest.raises(MarkdownProblemError, match=r'a\.qmd:\d+: the table "Alle" is too wide'):
        converted("# A\n\n::: {.boks title='T'}\n" + wide(14) + ":::\n")


def test_a_table_too_wide_for_any_page_is_refused(converted: Convert) -> None:
    with pytest.raises(MarkdownProblemError, match=r'a\.qmd:\d+: the table "Alle" is too wide for any page'):
        converted("# A\n\n" + wide(34))


@pytest.mark.parametrize("around", ["{}", "```{{=html}}\n{}\n```"])
def test_a_table_in_html_is_a_table_in_both_formats(converted: Convert, tmp_path: Path, around: str) -> None:
    table = (
        '<table id="tbl-a">\n<caption>Antal</caption>\n<thead><tr><th halign="left">A</th><th>B</th></tr></thead>\n'
        '<tbody><tr><td rowspan="2">en</td><td>1</td></tr>\n<tr><td>+2</td></tr></tbody>\n</table>'
    )
    written = converted("# A\n\n" + around.format(table))
    assert '<th scope="row" rowspan="2">en</th>' in body(written)
    assert "Tabel 1: Antal" in shown(written).replace("\u00a0", " ")
    assert "+2" in "".join(page.extract_text() for page in pages(written, tmp_path))


def test_simple_html_in_a_line_is_read_as_what_it_says(converted: Convert) -> None:
    written = converted("Et<br>To H<sub>2</sub>O <b>*fed*</b><!-- hemmeligt -->\n")
    assert "H<sub>2</sub>O" in body(written) and "<strong><em>fed</em></strong>" in body(written)
    assert "H#sub[2]O" in written.texts["typst"] and "#strong[#emph[fed]]" in written.texts["typst"]
    assert "hemmeligt" not in written.texts["html"]


# ---- pictures


@pytest.fixture
def figures(tmp_path: Path) -> str:
    folder = tmp_path / "figs"
    folder.mkdir()
    for name, width, height in (("hoej", 200, 600), ("bred", 400, 100)):
        (folder / f"{name}.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
            f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="#888888"/></svg>',
            encoding="utf-8",
        )
    return '![Billede](figs/{}.svg){{#fig-a fig-alt="En firkant"{}}}\n'


def drawn(page: pypdf.PageObject) -> tuple[float, float]:
    """Width and height in points of the one grey picture on the page."""
    stack: list[tuple[float, float]] = []
    now, corners, grey = (1.0, 1.0), [], False
    content = page.get_contents()
    assert content is not None
    for operands, operator in content.operations:
        numbers = [float(number) for number in operands if isinstance(number, int | float)]
        if operator == b"q":
            stack.append(now)
        elif operator == b"Q":
            now = stack.pop()
        elif operator == b"cm":
            now = (now[0] * numbers[0], now[1] * abs(numbers[3]))
        elif operator in (b"scn", b"rg", b"g"):
            grey = bool(numbers) and all(number == pytest.approx(0x88 / 255, abs=0.01) for number in numbers)
        elif operator == b"re" and grey:
            corners += [(now[0] * numbers[2], now[1] * numbers[3])]
        elif operator in (b"m", b"l") and grey:
            corners.append((now[0] * numbers[0], now[1] * numbers[1]))
    return tuple(max(abs(corner[axis]) for corner in corners) for axis in (0, 1))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "asked", "size"),
    [
        ("hoej", "", None),
        ("hoej", " height=3cm", (28.3, 85.0)),
        ("hoej", " width=50%", None),
        ("bred", " width=200px", (150.0, 37.5)),
        ("bred", " width=40cm height=2cm", None),
        ("bred", ' width="2in"', (144.0, 36.0)),
    ],
)
def test_a_picture_is_as_large_as_asked_for_and_never_off_the_page(
    converted: Convert, tmp_path: Path, figures: str, name: str, asked: str, size: tuple[float, float] | None
) -> None:
    made = pages(converted("# A\n\nFør\n\n" + figures.format(name, asked)), tmp_path)
    (page,) = [page for page in made if "Figur 1" in page.extract_text()]
    width, height = drawn(page)
    assert width <= 463 and height <= 568
    if size is not None:
        assert (width, height) == pytest.approx(size, abs=0.6)


def test_a_picture_has_the_size_in_the_page_too(converted: Convert, figures: str) -> None:
    assert 'style="width:200px;height:auto"' in body(converted(figures.format("bred", " width=200px")))


# ---- equations


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        ("0{,}05", "0,05"), ("p < 0,05", "0,05"), ("1.234{,}5^2", "1.234,5"), (r"\frac{0,5}{2}", "0,5"),
        (r"\text{i alt 0,05}", "i alt 0,05"),
    ],
)  # fmt: skip
def test_a_decimal_comma_stands_close_in_an_equation(converted: Convert, tex: str, wanted: str) -> None:
    written = converted(f"# A\n\nTekst ${tex}$.\n").texts
    assert f">{wanted}</mtext>" in written["html"] and f'upright("{wanted}")' in written["typst"]


@pytest.mark.parametrize("tex", ["f(1, 2)", "x_1,5", "a,b"])
def test_a_comma_between_two_things_stays_one(converted: Convert, tex: str) -> None:
    assert "<mo>,</mo>" in converted(f"# A\n\nTekst ${tex}$.\n", "html").texts["html"]


def test_a_document_without_headings_has_no_contents(converted: Convert) -> None:
    assert "toc: false" in converted("Kun tekst.\n").texts["typst"]
    assert "toc: true" in converted("# A\n\nTekst.\n").texts["typst"]


@pytest.mark.parametrize(
    ("tex", "element"),
    [(r"\frac{a}{b}", "mfrac"), (r"\sqrt{x}", "msqrt"), (r"\hat{x}_i", "msub"), (r"\bar{y} \leq 1", "mover")],
)
def test_an_equation_is_mathml_with_its_words_and_set_in_typst(
    converted: Convert, tmp_path: Path, tex: str, element: str
) -> None:
    written = converted(f"# A\n\nHer er ${tex}$ og\n\n$${tex}$$\n")
    page = body(written)
    assert page.count(f"<{element}>") == 2 and "annotation" not in page and tex not in page
    words = re.findall(r'<math alttext="([^"]+)"', page)
    assert len(words) == 2 and words[0] == words[1]
    pages(written, tmp_path)  # PDF/UA-1 refuses an equation without words


def test_a_numbered_equation_can_be_referred_to(converted: Convert, tmp_path: Path) -> None:
    written = converted("# A\n\n$$y=x$$ {#eq-a}\n\n$$z=x$$ {#eq-b}\n\nSe @eq-b og [-@eq-a].\n")
    assert "Se Ligning 2 og 1 ." in shown(written).replace("\u00a0", " ")
    text = "".join(page.extract_text() for page in pages(written, tmp_path)).replace("\u00a0", " ")
    assert "(1)" in text and "(2)" in text and "Ligning 2" in text


RIGHT_MARGIN = 595 - 62  # points


@pytest.mark.parametrize("terms", [12, 16, 40])
def test_a_long_equation_stays_on_the_page_and_off_its_number(converted: Convert, tmp_path: Path, terms: int) -> None:
    tex = " + ".join(rf"\beta_{{{number}}} x_{{{number}}}" for number in range(10, 10 + terms))
    written = converted(f"# A\n\nFør.\n\n$$y = {tex}$$ {{#eq-a}}\n\nSe @eq-a.\n")
    (page,) = [page for page in pages(written, tmp_path) if "(1)" in page.extract_text()]
    signs = [(text, x, y) for text, x, y in positions(page) if text.strip()]
    number = next((x, y) for text, x, y in signs if text.strip() == "(1)")
    last = max(x for text, x, y in signs if abs(y - number[1]) < 8 and x != number[0])
    assert last < number[0] - 4 and max(x for _, x, _ in signs) < RIGHT_MARGIN


def test_code_longer_than_a_line_breaks(converted: Convert, tmp_path: Path) -> None:
    name = "en_lang_variabel_" * 8
    made = pages(converted(f"# A\n\nFør `{name}` efter.\n\n```r\nx <- {name}1\n```\n"), tmp_path)
    text = "".join(page.extract_text() for page in made).replace("\n", "")
    assert text.count(name) == 2 and "\u200b" not in text
    lines = [line for page in made for line in page.extract_text().split("\n") if "lang_variabel" in line]
    assert max(len(line) for line in lines) < len(name)


def test_a_value_in_an_equation_is_the_value_and_not_its_escapes(converted: Convert, tmp_path: Path) -> None:
    value = f"{VALUE_SIGNS[0]}{escape_markdown('1.234,5 % {a}_b')}{VALUE_SIGNS[1]}"
    written = converted(f"# A\n\nHer er $x = {value}$, **{value}** og [x]({value}).\n")
    assert "1.234,5 % {a}_b</mtext>" in body(written) and "<strong>1.234,5 % {a}_b</strong>" in body(written)
    assert not any(sign in text for sign in VALUE_SIGNS for text in written.texts.values())
    made = "".join(page.extract_text() for page in pages(written, tmp_path))
    assert made.count("1.234,5 % {a}_b") == 2


def test_a_number_in_an_equation_is_followed(converted: Convert, tmp_path: Path) -> None:
    value = f"{VALUE_SIGNS[0]}{number_mark('12 pct', 1)}.{VALUE_SIGNS[1]}"
    written = converted(f"# A\n\nHer er $x_i = {value}$ og\n\n$$\\frac{{{value}}}{{y}}$$\n")
    source = typst_source(written.texts["typst"], None)
    assert source.count('#tal(1)[12 pct];"."') == 2
    made = compile_document(source, [], root=tmp_path, date=datetime(2017, 5, 31, tzinfo=UTC)).pdf
    assert pypdf.PdfReader(io.BytesIO(made)).pages[-1].extract_text().count("12 pct.") == 2
    page = write_numbers(written.texts["html"], lambda text, nr: f"<b{nr}>{text}</b{nr}>")
    assert page.count('<mtext mathvariant="normal"><b1>12 pct</b1>.</mtext>') == 2
    assert re.findall(r'alttext="([^"]*)"', page) == ["x indeks i er lig med 12 pct.", "(12 pct.) divideret med (y)"]


# ---- Quarto's own forms


def test_a_callout_is_a_box_with_its_title(converted: Convert, tmp_path: Path) -> None:
    text = "# A\n\n::: {.callout-tip}\n## Husk\nEt\n:::\n\n<div class='callout-warning'>\nTo\n</div>\n"
    written = converted(text)
    assert "Boks 1: Husk Et" in shown(written) and "Boks 2: Advarsel To" in shown(written)
    made = "".join(page.extract_text() for page in pages(written, tmp_path))
    assert "Boks 1: Husk" in made and "Boks 2: Advarsel" in made


@pytest.mark.parametrize("title", ["Boks med `kode`", "Boks med *kursiv*", "Boks med $x$", "[Side](a.html)"])
def test_markup_in_a_box_s_title_is_refused(converted: Convert, title: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match="a.qmd:3: the title .* is words alone"):
        converted(f'# A\n\n::: {{.boks title="{title}"}}\nHej\n:::\n')


def test_markup_in_a_callout_s_title_is_read(converted: Convert) -> None:
    page = converted('# A\n\n::: {.callout-tip title="Boks med *k*"}\nHej\n:::\n', "html").texts["html"]
    assert "Boks 1:</span> Boks med k</p>" in page


def test_a_box_without_a_title_has_its_number_alone(converted: Convert) -> None:
    assert "Boks 1</span></p>" in converted("# A\n\n::: {.boks}\nHej\n:::\n", "html").texts["html"]


@pytest.mark.parametrize("written", ["::: {lang=en}\nIn English\n:::", "[In English]{lang=en}"])
def test_words_in_another_language_say_so_in_both_formats(converted: Convert, written: str) -> None:
    texts = converted(f"# A\n\n{written}\n").texts
    assert 'lang="en"' in texts["html"] and 'lang: "en"' in texts["typst"]


def test_theorems_listings_and_proofs_are_named_and_numbered(converted: Convert, tmp_path: Path) -> None:
    text = (
        "# A\n\n::: {#thm-a}\n## Hovedsætning for $x$\nDet gælder.\n:::\n\n::: {.proof}\nKlart.\n:::\n\n"
        '```{#lst-a .python lst-cap="Et program"}\nx = 1\n```\n\n'
        '```{.python filename="a.py"}\ny = 2\n```\n\nSe @thm-a og @lst-a.\n'
    )
    written = converted(text)
    wanted = (
        "Sætning 1 (Hovedsætning for",
        "Bevis.",
        "Liste 1:",
        "a.py y = 2",
        "Et program",
        "Se Sætning 1 og Liste 1",
    )
    made = "".join(page.extract_text() for page in pages(written, tmp_path))
    for found in (shown(written), made):
        flat = re.sub(r"\s+", " ", found.replace("\u00a0", " "))
        assert all(words in flat for words in wanted)


def test_columns_stand_side_by_side(converted: Convert, tmp_path: Path) -> None:
    columns = '::: {.columns}\n::: {.column width="40%"}\nVenstre\n:::\n::: {.column width="60%"}\nHøjre\n:::\n:::\n'
    written = converted("# A\n\n" + columns)
    (page,) = [page for page in pages(written, tmp_path) if "Venstre" in page.extract_text()]
    found = {text: (x, y) for text, x, y in positions(page)}
    assert found["Venstre"][1] == found["Højre"][1] and found["Venstre"][0] + 150 < found["Højre"][0]
    assert 'style="grid-template-columns:40fr 60fr"' in body(written)


def test_a_document_without_first_level_headings_has_chapters(converted: Convert) -> None:
    page = body(converted("## Et\n\nA\n\n### Under\n\nB\n"))
    assert 'href="#et">1</a> Et</h2>' in page and 'href="#under">1.1</a> Under</h3>' in page
