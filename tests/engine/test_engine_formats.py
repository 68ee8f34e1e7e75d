"""One tree is filtered for both formats where the filters can, and each format reads as if it had been alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportlib.engine.document import Document, Line, Place
from reportlib.engine.html import FONTS_MARK
from reportlib.engine.markdown import with_metadata
from reportlib.engine.pandoc import Converted, convert
from reportlib.engine.settings import read_settings

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


@pytest.fixture
def converted(project: Path, tmp_path: Path) -> Convert:
    """Markdown through the theme's filters and any named after them."""
    settings = read_settings(project, Document(project / "reports" / "a.qmd", {"title": "A"}, (), ()))
    folder = tmp_path / "arbejde"
    theme = settings.copy_theme(folder)

    def run(markdown: str, *formats: str, filters: tuple[str, ...] = ()) -> Converted:
        return convert(
            with_metadata(markdown + "\n", settings.metadata),
            [Line(text, Place(Path("a.qmd"), number)) for number, text in enumerate(markdown.split("\n"), 1)],
            folder=folder,
            templates={name: theme.templates[name] for name in formats or ("typst", "html")},
            filters=[*theme.filters, *filters],
            variables={"font-css": FONTS_MARK},
            toc=settings.toc,
            toc_depth=settings.toc_depth,
            number_sections=settings.number_sections,
        )

    return run


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
