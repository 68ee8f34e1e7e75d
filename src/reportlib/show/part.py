"""What a figure or a table is to a report: its function gives a record, and `show` makes the record's Markdown.

A function takes the ledger, the trial and what it is about. Whatever every figure and table has (identifier, a caption
of the document's own, folder, colours, cache, whose numbers they are) is added here, once.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from reportlib.danish import capitalise, sentence
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.show.palette import Palette
from reportlib.show.pictures import Draw, figure_bytes
from reportlib.show.pipe_table import Table, pipe_table
from reportlib.show.texts import whole_trial_note
from reportlib.text.markup import attribute, escape
from reportlib.text.spans import origins_attribute
from reportlib.trial.model import Trial

FOLDER = Path("figs")
_DIGITS = 12
_ORIGINS = re.compile(rb' data-tal="[^"]*"')
QUARTO_RUNS = "QUARTO_FIG_WIDTH"
"""Set in a document's kernel by Quarto, whoever started it."""


class NotShownError(ReportlibError):
    """A figure or table has no identifier, or a paragraph was given one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure: what is plotted, how it is drawn, and the words around it.

    `plan` is a frozen record of the plotted numbers; equal plans are equal pictures. `alt` says in words what the
    picture shows. `caption` stands where the document gives none, without a full stop; `whose` ends any caption.
    `sources` follow `Kilde:`, `notes` (plain sentences, empty ones are left out) `Anm.:`. A picture that is not `kept`
    is drawn every time: its plan does not tell all that decides it.
    """

    plan: object
    draw: Draw
    alt: str
    caption: str
    sources: Sequence[str]
    notes: Sequence[str] = ()
    whose: str = ""
    kept: bool = True


Part = Callable[..., str | Chart | Table]
"""A figure, table or section: a function of ledger, trial and more. One that takes `site` shows that site's numbers."""


def show(
    part: Part,
    ledger: Ledger,
    trial: Trial,
    *args: Any,
    site: str | None = None,
    id: str = "",  # noqa: A002  the word of the documents
    caption: str = "",
    folder: Path = FOLDER,
    palette: Palette | None = None,
    cache: Path | None = None,
    **options: Any,
) -> str:
    """The Markdown of a part in the version of one site (None: of the whole trial).

    Args:
        id: what the text refers to, with or without `fig-` or `tbl-`; also how a picture's file is called.
        caption: stands instead of the part's own; plain text without a full stop.
        folder: where pictures are written.

    Raises:
        NotShownError: a figure or table without `id`, or a section with one.
        NoPaletteError: no theme was found.
    """
    takes_site = "site" in signature(part).parameters
    made = part(ledger, trial, *args, **({"site": site} if takes_site else {}), **options)
    if isinstance(made, str):
        if id or caption:
            raise NotShownError(f"{part.__name__} is text: it has no id and no caption", hint="leave them out")
        return made
    if not id:
        raise NotShownError(f"{part.__name__} has no id", hint='r.vis(..., id="fig-x") or id="tbl-x"')
    whole = "" if takes_site else whole_trial_note(site)
    if isinstance(made, Table):
        lines = pipe_table(made, id=id.removeprefix("tbl-"), caption=caption or made.caption)
        notes = [*made.notes, whole, *made.signs(trial.disclosure.threshold)]
        return made.instead if made.instead else _block(lines, made.sources, notes)
    lines = [_picture(made, id.removeprefix("fig-"), caption, folder, palette, cache)]
    return _block(["::: {.figurblok}", *lines], made.sources, [*made.notes, whole])


def _picture(chart: Chart, name: str, caption: str, folder: Path, palette: Palette | None, cache: Path | None) -> str:
    """Write the picture to `folder`; the Markdown that shows it."""
    drawn = figure_bytes(chart.plan, chart.draw, palette=palette, cache=cache, kept=chart.kept)
    if QUARTO_RUNS in os.environ:
        drawn = _ORIGINS.sub(b"", drawn)  # there nobody follows a number into a picture
    # The name says what is in the file: two versions of a report, drawn in one folder at once, never share a picture.
    path = folder / f"{name}-{hashlib.sha256(drawn).hexdigest()[:_DIGITS]}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn)
    # inline-svg: in a page the picture then uses the page's own font; an <img> may not.
    alt = f'fig-alt="{attribute(chart.alt)}"{origins_attribute(chart.alt)}'
    title = escape(f"{caption or chart.caption}{chart.whose}")
    return f"![{title}]({path.as_posix()}){{#fig-{name} .inline-svg {alt}}}"


def _block(lines: Sequence[str], sources: Sequence[str], notes: Iterable[str]) -> str:
    """The Div around a figure or table, with the `.kilde` and `.note` Divs in it; one without words is left out."""
    lines = [*lines, ""]
    distinct = [escape(source) for source in _together(sources)]
    if distinct:
        word = "Kilde" if len(distinct) == 1 else "Kilder"
        lines += ["::: {.kilde}", f"{word}: {capitalise('; '.join(distinct))}.", ":::", ""]
    said = [escape(sentence(note)) for note in dict.fromkeys(notes) if note.strip()]
    if said:
        lines += ["::: {.note}", f"Anm.: {' '.join(said)}", ":::", ""]
    return "\n".join([*lines, ":::", ""])


def _together(sources: Sequence[str]) -> list[str]:
    """Each source once; those that end alike (`og egne beregninger`) as one list: `DREAM, eIndkomst og egne ...`."""
    parts = [source.strip(" .") for source in sources if source]
    last = " og egne beregninger"
    if len(parts) < 2 or not all(part.endswith(last) for part in parts):
        return list(dict.fromkeys(parts))
    named = dict.fromkeys(name for part in parts for name in part.removesuffix(last).split(", "))
    return [f"{', '.join(named)}{last}"]
