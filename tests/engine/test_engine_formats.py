"""One tree is filtered for both formats where the filters can, and each format reads as if it had been alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reportlib.engine.pandoc import Converted

Convert = Callable[..., Converted]

MARKDOWN = """# Første {#sec-a}

::: {.boks title="Kort sagt"}
Andelen er 12 pct.. Se @fig-a, @tbl-b og [kapitel @sec-a].[^1]
:::

![Timer](figs/a.svg){#fig-a fig-alt="Kurven stiger"}

| Sted | Andel |
|:-----|------:|
| **Nord** | · |
| **Alle** | 1. kvartal |

: Andele {#tbl-b}

En formel: $x = 1$.

[^1]: Noten har 5 pct..
"""


@pytest.mark.parametrize("name", ["typst", "html"])
def test_a_format_reads_as_if_it_had_been_alone(converted: Convert, name: str) -> None:
    assert converted(MARKDOWN).texts[name] == converted(MARKDOWN, name).texts[name]


def test_no_format_holds_the_other_s_markup(converted: Convert) -> None:
    texts = converted(MARKDOWN).texts
    body = texts["html"].partition("<main")[2]
    assert "#boks" not in body and "#tal" not in body and "#skjult" not in body
    assert not any(tag in texts["typst"] for tag in ("<div", "<td", "<figure", "<span", "<a href"))


def test_an_author_s_own_filter_meets_each_format_by_itself(converted: Convert, tmp_path: Path) -> None:
    own = tmp_path / "arbejde" / "egen.lua"
    own.write_text(
        "return {{ Strong = function() if FORMAT == 'typst' then return pandoc.Str('kun-typst') end end }}\n",
        encoding="utf-8",
    )
    texts = converted("Det er **vigtigt**.", filters=("egen.lua",)).texts
    assert "kun-typst" in texts["typst"]
    assert "<strong>vigtigt</strong>" in texts["html"]


def test_a_bold_row_whose_first_figure_is_hidden_is_no_heading_inside_the_table(converted: Convert) -> None:
    texts = converted(MARKDOWN).texts
    assert "[#strong[Nord]], [#skjult;]" in texts["typst"]
    assert 'class="gruppe"' not in texts["html"]


def test_two_points_become_one_in_notes_and_boxes_too(converted: Convert) -> None:
    for text in converted(MARKDOWN).texts.values():
        assert "pct.." not in text and text.count("pct.") >= 2


def test_a_reference_in_a_heading_is_no_link_in_the_contents(converted: Convert) -> None:
    page = converted("# Første {#sec-a}\n\nTekst.\n\n# Mere end @sec-a\n\nTekst.").texts["html"]
    contents = page.partition("<nav")[2].partition("</nav>")[0]
    assert contents.count("<a ") == 2
    assert "Mere end Afsnit\u00a01" in contents or "Mere end Afsnit&nbsp;1" in contents


def test_a_drawing_is_written_as_pandoc_writes_it(converted: Convert) -> None:
    words = """.inline-svg data-delt="a & <b> 'c'" fig-alt="Ord \\"x\\" & <y> 'z' æ" """
    page = converted(f'# A\n\n![En](figs/a.svg){{{words}}}\n\n![To](figs/a.svg "T"){{{words}}}\n').texts["html"]
    own, pandocs = re.findall("<img .*?/>", page)
    assert own == pandocs.replace(' title="T"', "") != pandocs
