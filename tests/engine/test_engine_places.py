"""What Typst finds wrong is told with the line of the document that it came from."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportlib.engine.markdown import line_numbers, with_line_numbers
from reportlib.engine.pandoc import Converted
from reportlib.engine.qmd import Line, Place
from reportlib.engine.typst_pdf import TypstFailedError, compile_document

Convert = Callable[..., Converted]
DATE = datetime(2017, 5, 31, tzinfo=UTC)
BODY = "# Kapitel\n\nFørste afsnit.\n\n{}\n\nSidste afsnit.\n"
TABLE = "| Navn | Tegn |\n|:--|:--|\n| Tallet | x |\n| Hjertet | ❌ |\n\n: Ord {#tbl-a}"


def failure(converted: Convert, folder: Path, markdown: str) -> str:
    written = converted(markdown, "typst")
    lines = [Line(text, Place(Path("a.qmd"), number)) for number, text in enumerate(markdown.split("\n"), 1)]
    with pytest.raises(TypstFailedError) as caught:
        compile_document(written.texts["typst"], lines, root=folder, date=DATE, place_of=written.place_of)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Et kryds ❌ her.", 5, "the sign ❌"),
        (TABLE, 8, "the sign ❌"),
        ('::: {.boks title="Boks"}\nLinje et.\n\nEt kryds ❌ her.\n:::', 8, "the sign ❌"),
        ("Ord^[En note om ❌ her].", 5, "the sign ❌"),
        ('![](nej.png){fig-alt="Noget grønt"}', 5, "does not exist"),
        ("![Billedet](brudt.png){#fig-b}", 5, "cannot be read"),
        ("Her er ![billedet](tekst.bmp){width=1cm}.", 5, "cannot be read"),
    ],
)
def test_what_typst_finds_has_the_document_s_line(
    converted: Convert, tmp_path: Path, text: str, line: int, words: str
) -> None:
    (tmp_path / "brudt.png").write_bytes(base64.b64decode("iVBORw0KGgo="))
    (tmp_path / "tekst.bmp").write_bytes(b"intet billede")
    message = failure(converted, tmp_path, BODY.format(text))
    assert message.startswith(f"a.qmd:{line}: ") and words in message


def test_a_line_without_words_lies_between_those_that_have_some(converted: Convert, tmp_path: Path) -> None:
    assert failure(converted, tmp_path, BODY.format("❌")).startswith("between a.qmd:3 and a.qmd:7: ")


def test_numbers_of_lines_change_nothing_that_markdown_reads() -> None:
    kept = ["::: {.boks}", "```python", "[1]: adresse", "| 1 | 2 |", "`kode`{.python}", "$a+bcd$", "![](figur.svg)"]
    numbered = with_line_numbers("\n".join(["---", *kept, "Tre små ord"]), 1).split("\n")
    assert numbered[1:-1] == kept and line_numbers(numbered[-1]) == [(2, len(kept) + 1)]
