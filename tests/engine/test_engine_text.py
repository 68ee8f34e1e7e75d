"""Text is text in both formats: whatever a writer types, wherever it stands, no sign of it becomes Typst's markup."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportlib.engine.outputs import escape_markdown
from reportlib.engine.pandoc import Converted
from reportlib.engine.typst_pdf import compile_document
from reportlib.text.marks import unmarked

Convert = Callable[[str], Converted]

# Each place a run of text can begin; {} is the text, with a word after it that says where it ended.
PLACES = (
    "{}", "*{}*", "**{}**", "[{}](https://example.org)", "[{}]{{.ubrudt}}", "- {}", "- - {}", "7. {}", "> {}", "~~{}~~",
    "Ord\n\n:   {}", "{}\n\n:   Forklaring", "Note^[{}]", "Note[^n]\n\n[^n]: {}", "Før\\\n{}", "| Linje\n| {}", "## {}",
    '::: {{.boks title="T"}}\n{}\n:::', "::: {{.kilde}}\n{}\n:::", "::: {{.noegletal}}\n- {}\n- B\n:::", "Et *{}*",
    "| A | B |\n|:--|:--|\n| x | {} |\n\n: Tabel {{#tbl-a}}", "| A | {} |\n|:--|--:|\n| x | y |\n\n: Tabel {{#tbl-b}}",
    "| A |\n|:--|\n| x |\n\n: {} {{#tbl-c}}", "+---+\n| A |\n+===+\n| x |\n+---+\n\n: *{}* {{#tbl-d}}", "**{}**\n\n- a",
    "::: {{.callout-note}}\n{}\n:::", "::: {{#thm-a}}\n{}\n:::", "{}^[Note]", "{}\n", "[{}]{{lang=en}}",
)  # fmt: skip
PIECES = (
    "+", "-", "=", "==", "/", "1.", "12.", "2020.", "a)", "1)", "x:", "-5", "-x", "--", "---", "-?", "...", "#", "#x",
    "$", "*", "_", "@a", "<b>", "~", "`", "[", "]", "//", "/*", "*/", "&", "&amp;", "http://a.dk", "æøå", "§", "…",
    "–", "“x”", "ord", "5", "1.234", "12,5", "{", "}", "^", "|", "%", ";", "(1)", ".x", ":", "•", '"', "'", '"ja"',
    "\\",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)


def bare(text: str) -> str:
    return re.sub(r"[\s\u00ad]", "", text)


def pdf_text(written: Converted, folder: Path) -> str:
    data = compile_document(
        unmarked(written.texts["typst"]), [], root=folder, date=datetime(2017, 5, 31, tzinfo=UTC)
    ).pdf
    return bare("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def html_text(written: Converted) -> str:
    page = written.texts["html"].partition("<main id")[2].partition("</main>")[0]
    return bare(html.unescape(re.sub(r"<[^>]+>", "", page)))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=len(PLACES), max_size=len(PLACES)))
def test_any_text_in_any_place_is_the_same_text_in_both_formats(
    converted: Convert, tmp_path: Path, texts: list[str]
) -> None:
    ended = [f"{escape_markdown(text)} slut{at}q" for at, text in enumerate(texts)]
    written = [place.format(text) for place, text in zip(PLACES, ended, strict=True)]
    result = converted("# Kapitel\n\n" + "\n\n<!-- -->\n\n".join(written).replace("[^n]", "[^n1]"))
    for shown in (pdf_text(result, tmp_path), html_text(result)):
        for at, text in enumerate(texts):
            end = shown.rindex(f"slut{at}q")
            assert shown[:end].endswith(bare(text)), (PLACES[at], text, shown[max(0, end - 60) : end])


@pytest.mark.parametrize(
    "text",
    [
        "\"lavt\" og 'højt'",
        "Jens' hus",
        "-5 grader",
        "Fra 3 -5",
        "a -- b --- c",
        "vent...",
        "1. januar",
        "5 % - og mere",
        "x -y",
    ],
)
def test_typed_signs_are_the_same_in_both_formats(converted: Convert, tmp_path: Path, text: str) -> None:
    result = converted(f"# Kapitel\n\nHer: {text} slut\n\n[{text} slut](https://example.org)\n")
    pdf, page = pdf_text(result, tmp_path), html_text(result)
    shown = re.search(r"Her:.*slut", page)
    assert shown is not None and shown[0] in pdf


@pytest.mark.parametrize("place", ["[{}](https://example.org)", "Note^[{}]", "- {}", "Før\\\n{}", "Ord\n\n:   {}"])
def test_one_text_that_reads_as_a_list_is_seen_where_it_stands_alone(
    converted: Convert, tmp_path: Path, place: str
) -> None:
    text = pdf_text(converted("# A\n\n" + place.format(escape_markdown("+ 2 flere slutq"))), tmp_path)
    assert "+2flereslutq" in text


def test_quotation_marks_are_curly_and_a_hyphen_stays_a_hyphen(converted: Convert, tmp_path: Path) -> None:
    assert "“lavt”Jens’-5" in pdf_text(converted('# A\n\n"lavt" Jens\' -5\n'), tmp_path)
