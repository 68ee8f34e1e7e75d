"""What was written for a piece of another version stands in a report exactly as Pandoc would write it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportlib.engine import pandoc
from reportlib.engine.pandoc import Converted
from reportlib.engine.pieces import KnownPieces
from reportlib.errors import ReportlibError
from reportlib.text.marks import number_mark

Convert = Callable[[str], Converted]

TABLE = "| A | Tal |\n|:--|---:|\n| x | {nr} |\n| **G** | |\n\n: Tabel {{#tbl-{a}}}"
FIGURE = '![Figur {a}](figs/{a}.svg){{#fig-{a} fig-alt="Tegning {{#tbl-x}} af {a}"}}'
PARTS = (
    "Et afsnit med {nr} personer.", "Se @fig-a, @tbl-b og @sec-to.", "Se [Kapitel]{{.ubrudt}} og [her](#fig-a).",
    "# Kapitel", "# To {{#sec-to}}", "## Under\n\n- et\n- {nr}", "# Uden nummer {{.unnumbered}}", "**I fed**", "Ord:",
    FIGURE.replace("{a}", "a"), TABLE.replace("{a}", "b"),
    f"::: {{{{.figurblok}}}}\n{FIGURE.replace('{a}', 'c')}\n\n::: {{{{.note}}}}\nAnm.: {{nr}}.\n:::\n:::",
    f"::: {{{{.tabelblok .bred}}}}\n\n{TABLE.replace('{a}', 'd')}\n\n::: {{{{.kilde}}}}\nKilde.\n:::\n\n:::",
    '::: {{.boks title="Boks"}}\nFør listen:\n\n- a\n- b\n\n**Efter {nr}**\n:::', "Se @boks-e.", "- a\n\n  b\n- {nr}",
    '::: {{#boks-e .boks .fremhaev title="E"}}\n\n- a {nr}\n\nOrd i boks.\n\n:::\n: ikke en definition',
    "Ord\n\n:   Forklaring {nr}", "7. syv\n8. {nr}", "> Citat {nr}", "Et [Kapitel] til.", "Se [sted](#sted).",
    '::: {{.columns}}\n::: {{.column width="40%"}}\nA\n:::\n::: {{.column}}\nB {nr}\n:::\n:::', "| linje\n| {nr}",
    "::: {{.noegletal}}\n- {nr} a\n:::", "Note^[Ord {nr}].", "*Kursiv* – “citat” {nr} pct..", "{nr} står først.",
    "i. a\nii. b", "To  \nlinjer: 2.", "A [x]{{#sted}} b.",
)  # fmt: skip
DOCUMENTS = st.lists(st.sampled_from(range(len(PARTS))), min_size=1, max_size=12, unique=True)


def written(documents: list[int], first: int) -> str:
    """The parts in this order, their numbers counted from `first` on."""
    parts = (PARTS[at].replace("{nr}", number_mark("5", first + nr)) for nr, at in enumerate(documents))
    return "\n\n".join(part.replace("{{", "{").replace("}}", "}") for part in parts)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[KnownPieces]:
    """Pieces of this test's own."""
    monkeypatch.setattr(pandoc, "KNOWN", pieces := KnownPieces())
    yield pieces


def outcome(converted: Convert, markdown: str) -> object:
    """What is written, or what is said."""
    try:
        return converted(markdown).texts
    except ReportlibError as error:
        return str(error)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=DOCUMENTS, document=DOCUMENTS)
def test_a_report_of_known_pieces_is_written_as_if_nothing_were_known(
    before: list[int], document: list[int], converted: Convert, known: KnownPieces
) -> None:
    known.settings = None
    outcome(converted, written(before, 1))
    found = outcome(converted, written(document, 11))
    known.written = None
    assert found == outcome(converted, written(document, 11))


def test_known_pieces_are_not_written_again(
    converted: Convert, known: KnownPieces, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted(f"# A\n\nEt {number_mark('5', 1)} ord.\n\n# B\n\nSidst.")
    read: list[str] = []
    run = pandoc.run_lua
    monkeypatch.setattr(
        pandoc, "run_lua", lambda driver, job, folder: read.append(job["markdown"]) or run(driver, job, folder)
    )
    again = converted(f"# A\n\nEt {number_mark('5', 2)} ord.\n\n# B\n\nSidste.")
    assert "Et" not in read[0] and len(read) == 1
    assert f"Et {number_mark('5', 2)} ord." in again.texts["html"]
    assert known.written
