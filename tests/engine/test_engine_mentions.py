"""A figure or table that no text mentions is mentioned by the paragraph before it; one that is mentioned stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportlib.engine.markdown import mention_floats
from reportlib.engine.qmd import Line, Place

FIGURE = '![Andel i job](a.svg){#fig-a .inline-svg fig-alt="Andel i job"}'
TABLE = "| a |\n|---|\n| 1 |\n\n: Andel i job {#tbl-b}"


def mentioned(markdown: str) -> str:
    lines = [Line(text, Place(Path("a.qmd"), 1)) for text in markdown.split("\n")]
    return "\n".join(line.text for line in mention_floats(lines))


@pytest.mark.parametrize(
    ("paragraph", "with_mention"),
    [
        ("Andelen er steget.", "Andelen er steget (se @fig-a)."),
        ("Andelen er steget (p = 0,03).", "Andelen er steget (p = 0,03; se @fig-a)."),
        ("Andelen er 40 pct.", "Andelen er 40 pct. (se @fig-a)."),
        ('Det er [40 pct]{.tal key="a"}.', 'Det er [40 pct]{.tal key="a"}. (se @fig-a).'),
        ("Det koster 8 mio. kr.", "Det koster 8 mio. kr. (se @fig-a)."),
        ("Se [siden](https://example.org).", "Se [siden](https://example.org) (se @fig-a)."),
        ("To\nlinjer.", "To\nlinjer (se @fig-a)."),
    ],
)
def test_the_last_sentence_before_refers_to_it(paragraph: str, with_mention: str) -> None:
    assert mentioned(f"# A\n\n{paragraph}\n\n{FIGURE}\n") == f"# A\n\n{with_mention}\n\n{FIGURE}\n"


def test_two_after_one_paragraph_are_named_together() -> None:
    assert "Tekst (se @fig-a og @tbl-b)." in mentioned(f"# A\n\nTekst.\n\n{FIGURE}\n\n{TABLE}\n")


def test_of_many_tables_the_first_and_the_last_are_named() -> None:
    tables = "\n\n".join(TABLE.replace("tbl-b", f"tbl-{letter}") for letter in "bcd")
    assert "Tekst (se @tbl-b til @tbl-d)." in mentioned(f"# A\n\nTekst.\n\n{tables}\n")


@pytest.mark.parametrize("mention", ["@fig-a viser det.", "Tekst med note.^[Se @fig-a.]", "Før @fig-a."])
def test_one_that_is_mentioned_anywhere_is_left_alone(mention: str) -> None:
    text = f"# A\n\nTekst.\n\n{FIGURE}\n\n# B\n\n{mention}\n"
    assert mentioned(text) == text


@pytest.mark.parametrize(
    "between",
    [
        "::: {.boks}\nI en boks.\n:::",
        "- Et punkt.",
        "1. Et punkt.",
        "Noget uden punktum",
        "```\nKode.\n```",
        "> Et citat.",
    ],
)
def test_what_is_no_running_text_is_passed_over(between: str) -> None:
    told = mentioned(f"# A\n\nTekst.\n\n{between}\n\n::: {{.figurblok}}\n{FIGURE}\n:::\n")
    assert "Tekst (se @fig-a)." in told and between in told


def test_without_a_paragraph_the_heading_is_followed_by_one_sentence_for_all() -> None:
    told = mentioned(f"# A\n\nTekst.\n\n## B\n\n{FIGURE}\n\n{TABLE}\n")
    assert "## B\n\nTallene er vist i @fig-a og @tbl-b.\n" in told and "Tekst.\n" in told


@pytest.mark.parametrize("identifier", ["fig-c", "tbl-c"])
def test_a_figure_of_parts_is_mentioned_and_not_its_parts(identifier: str) -> None:
    parts = f"::: {{#{identifier} layout-ncol=2}}\n{FIGURE}\n\n{TABLE}\n\nTil sammen.\n:::\n"
    after = FIGURE.replace("fig-a", "fig-d")
    assert f"Tekst (se @{identifier} og @fig-d)." in mentioned(f"# A\n\nTekst.\n\n{parts}\n{after}\n")
