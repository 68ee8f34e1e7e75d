"""What the engine says of a box's or table's height agrees with what the theme measures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typst

from reportlib.engine.fonts import typst_folder
from reportlib.engine.typst_pdf import with_heights

THEME = Path(__file__).parents[2] / "reports" / "_theme"
TEMPLATE = (THEME / "typst-template.typ").read_text(encoding="utf-8")
SENTENCE = "Kommunens deltagere har flere timer, end man skulle vente, og forskellen er større i efteråret. "
MEASURED = {
    "boks": "ramme(measure(block(width: size.width, ramme(false))).height > 7.5cm)",
    "tabelblok": "ramme(measure(block(width: size.width, ramme(false))).height > 13cm)",
}


def box(paragraphs: int, sentences: int, bullet: str = "") -> str:
    text = SENTENCE.replace("timer", "#tal(7)[12~timer];").replace("større", "#emph[større]") * sentences
    return '#boks("Titel", fremhaev: true)[\n' + f"{bullet}{text}\n\n" * paragraphs + "]\n"


def table(rows: int, label: str, *, bred: str = "false") -> str:
    cells = f'[{label}], [#tal(8)[23,5];], [#lys("groen")[Grøn] #tal(9)[88~pct];], ' * rows
    heading = "table.cell(colspan: 3, fill: farver.teal-pale)[#strong[Overskrift]], "
    columns = "columns: (190fr, 60fr, 80fr,), align: (left, right, right,), "
    header = "table.header([Kendetegn], [Deltagere], [#text(hyphenate: true)[Kontrolgruppen]; i alt], ), "
    inside = f"#figure(kind: table, caption: [En tabel], tabel({columns}{header}{heading}{cells}))\n<tbl-a>\n"
    return f"#tabelblok(bred: {bred}, lang: false)[\n{inside}#kilde[\nKilde: Registre.\n\n]\n]\n"


def true_height(block: str) -> tuple[bool, float]:
    """Whether the theme lets the block break, and how high it is (points)."""
    colours = json.loads((THEME / "colours.json").read_text(encoding="utf-8"))
    written = ", ".join(f'{name}: rgb("{value}")' for name, value in colours.items())
    theme = TEMPLATE.replace("$farver-typst$", f"({written})")
    for name, code in MEASURED.items():
        height = code.removeprefix("ramme(").rpartition(" > ")[0]
        assert code in theme, name
        theme = theme.replace(code, f"[#metadata(({height}).pt())<maalt>#{code}]")
    source = f'{theme}\n#show: rapport.with(title: "T", font: ("Source Sans Pro",), toc: false)\n{block}'
    found = typst.query(
        source.encode(), "<maalt>", field="value", font_paths=[str(typst_folder())], ignore_system_fonts=True
    )
    height = json.loads(found)[0]
    return height > (212.6 if block.startswith("#boks") else 368.5), height


def said(block: str) -> bool | None:
    found = re.search(r", hoej: (true|false)\)\[", with_heights(block))
    return None if found is None else found[1] == "true"


@pytest.mark.parametrize(
    "block",
    [
        *(box(paragraphs, sentences) for paragraphs, sentences in ((1, 1), (2, 4), (4, 3), (3, 12), (9, 2))),
        *(box(items, 1, "- ") for items in (2, 6, 14)),
        *(table(rows, "Alder", bred=bred) for rows in (3, 12, 30) for bred in ("false", "true")),
        *(table(rows, SENTENCE[:90]) for rows in (2, 9, 16)),
    ],
)
def test_what_is_said_of_a_height_is_what_the_theme_would_measure(block: str) -> None:
    assert said(block) in (true_height(block)[0], None)


def test_a_short_box_and_a_small_table_are_known_to_be_low() -> None:
    assert (said(box(1, 1)), said(table(3, "Alder"))) == (False, False)


@pytest.mark.parametrize("sign", re.findall(r"^#let ([\w-]+) = text\(", TEMPLATE, re.MULTILINE))
def test_a_box_with_a_sign_of_the_theme_is_known(sign: str) -> None:
    assert said(box(1, 1).replace("har ", f"har#{sign};")) is False


def test_a_long_box_and_a_big_table_are_known_to_be_high() -> None:
    assert (said(box(9, 5)), said(table(40, "Alder"))) == (True, True)


@pytest.mark.parametrize(
    "content",
    ["#block(height: 20cm)[x]", '#image("a.svg")', "$ x / y $"],
)
def test_a_box_with_more_than_text_is_left_to_be_measured(content: str) -> None:
    assert said(f'#boks("Titel", fremhaev: false)[\n{content}\n\n]\n') is None


def test_a_table_with_cells_over_several_rows_is_left_to_be_measured() -> None:
    block = table(3, "Alder").replace("table.cell(colspan: 3,", "table.cell(rowspan: 2,")
    assert said(block) is None


def test_a_box_around_a_table_is_measured_and_the_table_known() -> None:
    inner = table(3, "Alder")
    found = with_heights(f'#boks("Titel", fremhaev: false)[\n{inner}]\n')
    assert found.count("hoej:") == 1
    assert "#tabelblok(bred: false, lang: false, hoej: false)[" in found


def test_a_body_whose_blocks_do_not_close_is_left_alone() -> None:
    body = box(1, 1) + "#note[\n"
    assert with_heights(body) == body
