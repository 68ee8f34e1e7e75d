"""A figure as Markdown: the picture with caption and alternative text, and the source and note lines under it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from reportlib.danish import capitalise, sentence
from reportlib.ledger import Ledger
from reportlib.show.palette import Palette
from reportlib.show.pictures import alt_text, figure_bytes
from reportlib.text.markup import attribute, escape
from reportlib.text.spans import origins_attribute

PREFIX = "fig-"
_DIGITS = 12
_ORIGINS = re.compile(rb' data-tal="[^"]*"')
QUARTO_RUNS = "QUARTO_FIG_WIDTH"
"""Set in a document's kernel by Quarto, whoever started it."""


def figure_block(
    plan: object,
    *,
    id: str,  # noqa: A002  the word of the documents
    caption: str,
    sources: Sequence[str],
    notes: Iterable[str],
    folder: Path,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Write the picture to `folder` and give the Markdown that shows it.

    Args:
        id: what the text refers to, with or without `fig-`; also how the file's name begins.
        caption: plain text, without a full stop.
        sources: printed after `Kilde:`, as plain text.
        notes: plain sentences printed after `Anm.:`; empty ones are left out.

    Raises:
        NoPaletteError: no theme was found.
    """
    name = id.removeprefix(PREFIX)
    drawn = figure_bytes(plan, palette=palette, cache=cache)
    if QUARTO_RUNS in os.environ:
        drawn = _ORIGINS.sub(b"", drawn)  # there nobody follows a number into a picture
    # The name says what is in the file: two versions of a report, drawn in one folder at once, never share a picture.
    path = folder / f"{name}-{hashlib.sha256(drawn).hexdigest()[:_DIGITS]}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn)
    # inline-svg: in a page the picture then uses the page's own font; an <img> may not.
    described = alt_text(plan)
    alt = f'fig-alt="{attribute(described)}"{origins_attribute(described)}'
    picture = f"![{escape(caption)}]({path.as_posix()}){{#{PREFIX}{name} .inline-svg {alt}}}"
    return "\n".join(["::: {.figurblok}", picture, "", *source_lines(sources, notes), ":::", ""])


def source_lines(sources: Sequence[str], notes: Iterable[str]) -> list[str]:
    """The `.kilde` and `.note` Divs of a figure or a table; a Div without words is left out."""
    lines: list[str] = []
    distinct = [escape(source) for source in _together(sources)]
    if distinct:
        word = "Kilde" if len(distinct) == 1 else "Kilder"
        lines += ["::: {.kilde}", f"{word}: {capitalise('; '.join(distinct))}.", ":::", ""]
    said = [escape(sentence(note)) for note in notes if note.strip()]
    if said:
        lines += ["::: {.note}", f"Anm.: {' '.join(said)}", ":::", ""]
    return lines


def _together(sources: Sequence[str]) -> list[str]:
    """Each source once; those that end alike (`og egne beregninger`) as one list: `DREAM, eIndkomst og egne ...`."""
    parts = [source.strip(" .") for source in sources if source]
    last = " og egne beregninger"
    if len(parts) < 2 or not all(part.endswith(last) for part in parts):
        return list(dict.fromkeys(parts))
    named = dict.fromkeys(name for part in parts for name in part.removesuffix(last).split(", "))
    return [f"{', '.join(named)}{last}"]


def sources_of(ledger: Ledger, measures: Iterable[str]) -> list[str]:
    """The printed sources of measures, each once, in order."""
    return list(dict.fromkeys(ledger.measure(measure).source for measure in measures))


def definitions_of(ledger: Ledger, measures: Iterable[str]) -> list[str]:
    """The definitions of measures, each once, in order."""
    return list(dict.fromkeys(ledger.measure(measure).definition for measure in measures))
