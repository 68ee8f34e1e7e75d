"""Text from data prints as it was written, whatever signs it holds."""

from __future__ import annotations

import json
import subprocess

import pypandoc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportlib.text.inert import inert, plain
from reportlib.text.markup import attribute, clean, escape

HOSTILE = [
    "A | B",
    "*fed* _skrå_ `kode`",
    "$x^2$ og ~ned~",
    "@fig-timer [@kilde] [^1] ^[note]",
    "<script>alert(1)</script>",
    "\"citat\" og 'citat'",
    "[tekst](http://x){.lys .groen}",
    "{{< include /etc/passwd >}}",
    "&amp; & &lt;",
    "1. januar",
    "- punkt",
    "slut --- ... \\",
    "# overskrift",
    "linje\nskift\tog\u202eomvendt\x00",
    ":::",
]


def pandoc_text(markdown: str, *, part: str) -> str:
    """What Pandoc makes of the Markdown: the plain text of the first block or first header cell."""
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=markdown", "--to=json"],
        input=markdown,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    blocks = json.loads(done.stdout)["blocks"]
    assert len(blocks) == 1, blocks
    if part == "paragraph":
        assert blocks[0]["t"] == "Para"
        return flat(blocks[0]["c"])
    assert blocks[0]["t"] == "Table"
    row = blocks[0]["c"][4][0][3][0]
    cells = row[1]
    assert len(cells) == 2, cells
    return flat(cells[0][4][0]["c"])


def flat(inlines: list[dict[str, object]]) -> str:
    """Only plain text is allowed: any other inline is markup that the name brought with it."""
    words = []
    for inline in inlines:
        assert inline["t"] in ("Str", "Space", "SoftBreak"), inline
        words.append(plain(str(inline["c"])) if inline["t"] == "Str" else " ")
    return "".join(words)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_in_a_paragraph_prints_as_written(name: str) -> None:
    assert pandoc_text(f"Kilde: {escape(name)}", part="paragraph") == f"Kilde: {clean(name)}"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_alone_in_a_cell_prints_as_written(name: str) -> None:
    table = f"| A | B |\n|:---|---:|\n| {escape(name)} | 1 |\n"
    assert pandoc_text(table, part="cell") == clean(name)


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("ab 1.-\\|*_$@<>[]{}^~`'\"&:#!()+="), min_size=1, max_size=12))
@example("a\\")
@example("--")
def test_any_text_survives_a_paragraph(text: str) -> None:
    assert pandoc_text(f"x {escape(text)} x", part="paragraph").split() == f"x {clean(text)} x".split()


def test_an_attribute_cannot_be_closed_from_inside() -> None:
    inside = attribute('Åby" onload="x\\')
    assert pandoc_attribute(inside) == 'Åby" onload="x\\'


def test_an_attribute_opens_no_shortcode() -> None:
    assert "{{" not in attribute("{{< include x >}} {{{")
    assert plain(attribute("{{< include x >}}")) == "{{< include x >}}"


@given(st.text(st.sampled_from("ab 1.-\\|*_$@<>[]{}^~`'\"&:#!()+="), max_size=12), st.integers(0, 12))
def test_escaped_text_can_be_escaped_again_cut_and_joined(text: str, at: int) -> None:
    once = escape(text)
    assert escape(once) == once
    assert plain(once) == clean(text)
    assert plain(once[:at] + once[at:].upper()) == clean(text)[:at] + clean(text)[at:].upper()


def test_inert_words_hold_no_sign_that_markup_could_read() -> None:
    assert not set(inert("".join(HOSTILE))) & set("\\`*_{}[]<>$@^~|&\"'#!=")


def pandoc_attribute(inside: str) -> str:
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=markdown", "--to=json"],
        input=f'[x]{{key="{inside}"}}',
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    attributes = json.loads(done.stdout)["blocks"][0]["c"][0]["c"][0][2]
    return str(dict(attributes)["key"])
