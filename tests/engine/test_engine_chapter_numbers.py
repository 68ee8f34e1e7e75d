"""Marks counted by chapter lead to the report's own numbers, and a chapter is the same text in two reports."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reportlib.engine.typst_pdf import compile_document, with_chapter_numbers

THEME = Path(__file__).parents[2] / "reports" / "_theme"
ACCOUNT = "\n#talregnskab()\n"


def report(chapters: list[int]) -> str:
    """A report's body with so many numbers in each chapter, the first before any heading."""
    texts, number = [], 0
    for count in chapters:
        marks = []
        for _ in range(count):
            number += 1
            marks.append(f"uge~#tal({number})[35];")
        texts.append(f"Tal: {', '.join(marks)}.\n\n")
    return "= Kapitel\n".join(texts) + ACCOUNT


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_marks_add_up_to_the_report_s_own_numbers(chapters: list[int]) -> None:
    body = with_chapter_numbers(report(chapters))
    told = re.search(r"#talregnskab\(foerste: \(([\d, ]+),\), \)", body)
    assert told is not None
    firsts = [int(first) for first in told[1].split(", ")]
    found = [firsts[int(k)] + int(m) for m, k in re.findall(r"#tal\((\d+), kapitel: (\d+)\)\[35\];", body)]
    assert found == list(range(1, sum(chapters) + 1))


def test_a_number_more_in_one_chapter_leaves_the_next_as_it_was() -> None:
    one, other = (with_chapter_numbers(report([2, first, 4])).split("= Kapitel\n") for first in (3, 5))
    assert one[1] != other[1]
    assert one[2].partition("#talregnskab")[0] == other[2].partition("#talregnskab")[0]


def test_a_report_without_an_account_stays_as_it_is() -> None:
    body = report([3, 2]).removesuffix(ACCOUNT)
    assert with_chapter_numbers(body) == body


def test_the_typesetter_finds_the_pages_of_the_report_s_own_numbers(tmp_path: Path) -> None:
    colours = json.loads((THEME / "colours.json").read_text(encoding="utf-8"))
    written = ", ".join(f'{name}: rgb("{value}")' for name, value in colours.items())
    theme = (THEME / "typst-template.typ").read_text(encoding="utf-8").replace("$farver-typst$", f"({written})")
    date = datetime(2017, 5, 31, tzinfo=UTC)
    call = '#show: rapport.with(title: "T", font: ("Source Sans Pro",), toc: false, dato-iso: datetime.today())'
    body = f"= A\n#tal(1)[5]; og #tal(2)[6];#pagebreak()\n= B\n#tal(3)[5];#pagebreak()\n= C\nog #tal(4)[7];\n{ACCOUNT}"
    found = compile_document(
        f"{theme}\n// reportlib:rapport\n{call}\n// reportlib:krop\n{body}", [], root=tmp_path, date=date
    )
    assert found.number_pages == {1: 2, 2: 2, 3: 3, 4: 4}
