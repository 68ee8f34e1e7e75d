"""The Markdown of what a cell drew, with the words its options give the figures: one, several, and none too few."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportlib.engine.outputs import figure_markdown
from reportlib.engine.qmd import Cell, Place, UnsupportedFeatureError


def cell(**options: Any) -> Cell:
    named = {name.replace("_", "-"): value for name, value in options.items()}
    return Cell("plot()", named, Place(Path("a.qmd"), 7), 8)


ONE, TWO = ["figs/a-1.svg"], ["figs/a-1.svg", "figs/a-2.svg"]


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ({"fig_cap": "Kurven"}, "![Kurven](figs/a-1.svg)"),
        ({"fig_cap": "Kurven", "fig_alt": "Den stiger"}, '![Kurven](figs/a-1.svg){fig-alt="Den stiger"}'),
        ({"label": "fig-a", "fig_cap": "Kurven"}, "![Kurven](figs/a-1.svg){#fig-a}"),
        ({"label": "noget", "fig_cap": "Kurven"}, "![Kurven](figs/a-1.svg)"),
        ({}, "![](figs/a-1.svg)"),
    ],
)
def test_one_figure_has_its_caption_its_words_and_its_name(options: dict[str, Any], written: str) -> None:
    assert " ".join(figure_markdown(cell(**options), ONE).split()).replace(" }", "}") == written


def test_several_figures_stand_in_a_block_each_with_its_own_words() -> None:
    given = cell(
        label="fig-a", fig_cap="Begge", fig_subcap=["En", "To"], fig_alt=["Op", "Ned"], layout_ncol=2
    )  # fmt: skip
    lines = [line for line in figure_markdown(given, TWO).split("\n") if line]
    assert lines[0] == "::: {#fig-a layout-ncol=2}"
    assert [line.replace(" }", "}") for line in lines[1:3]] == [
        '![En](figs/a-1.svg){#fig-a-1 fig-alt="Op"}',
        '![To](figs/a-2.svg){#fig-a-2 fig-alt="Ned"}',
    ]
    assert lines[3:] == ["Begge", ":::"]


def test_several_figures_without_a_name_or_columns_stand_below_one_another() -> None:
    lines = [line for line in figure_markdown(cell(fig_subcap=["En", "To"], fig_alt="Begge"), TWO).split("\n") if line]
    assert lines[0] == "::: {layout-ncol=1}" and lines[-1] == ":::" and len(lines) == 4
    assert all('fig-alt="Begge"' in line and "#" not in line for line in lines[1:3])


@pytest.mark.parametrize(
    ("options", "files"),
    [
        ({"fig_cap": "En"}, TWO),
        ({"fig_cap": "En"}, []),
        ({"fig_subcap": ["En"]}, TWO),
        ({"fig_subcap": ["En", "To"]}, ONE),
        ({"fig_cap": "En", "fig_alt": ["Op"]}, ONE),
        ({"fig_subcap": ["En", "To"], "fig_alt": ["Op"]}, TWO),
        ({"fig_cap": ["En"]}, ONE),
        ({"label": 17, "fig_cap": "En"}, ONE),
    ],
)
def test_words_of_another_number_of_figures_are_refused_with_the_cell(
    options: dict[str, Any], files: list[str]
) -> None:
    with pytest.raises(UnsupportedFeatureError, match=rf"a\.qmd:7: the cell draws {len(files)} figures"):
        figure_markdown(cell(**options), files)
