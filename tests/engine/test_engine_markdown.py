"""What Quarto would act on and Pandoc alone would not is stopped, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportlib.engine.document import Line, Place, UnsupportedFeatureError
from reportlib.engine.markdown import check_markdown, find_places


def lines(text: str) -> list[Line]:
    return [Line(line, Place(Path("a.qmd"), number)) for number, line in enumerate(text.split("\n"), 1)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("A {{< pagebreak >}}", "pagebreak"),
        ("{{< meta title >}} og", "meta"),
        ("::: {.callout-note}", "callout-note"),
        ("::: callout-tip", "callout-tip"),
        ("::: {.panel-tabset}", "panel-tabset"),
        ('::: {.content-visible when-format="html"}', "content-visible"),
        ("::: {layout-ncol=2}", "layout-ncol"),
        ("[bemærkning]{.aside}", "aside"),
    ],
)
def test_quarto_s_own_elements_are_refused_with_their_line(text: str, named: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=rf"a\.qmd:2: .*{named}") as caught:
        check_markdown(lines(f"Før\n{text}\nEfter"))
    assert "--engine quarto" in str(caught.value)


def test_an_include_within_a_line_is_told_to_stand_alone() -> None:
    with pytest.raises(UnsupportedFeatureError, match="include") as caught:
        check_markdown(lines("Se {{< include _a.qmd >}} her"))
    assert "line of its own" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["```\n{{< pagebreak >}}\n```", "Skriv `{{< pagebreak >}}`.", "~~~\n::: {.aside}\n~~~"]
)
def test_code_that_shows_them_passes(text: str) -> None:
    check_markdown(lines(text))


def test_the_report_s_own_elements_pass() -> None:
    check_markdown(
        lines('::: {.boks title="Layout"}\n[Grøn]{.lys .groen}\n:::\n![T](a.svg){#fig-a fig-alt="grid = 3"}')
    )


def test_a_place_is_found_for_the_whole_name_only() -> None:
    found = find_places(lines("@fig-ab\nog @fig-a.\n@fig-a-b"), "@fig-a")
    assert [str(place) for place in found] == ["a.qmd:2"]
