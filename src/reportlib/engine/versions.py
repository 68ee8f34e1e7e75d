"""What a document holds for one of its versions only: prose and cells in `::: {.kun-kommune}` or `::: {.kun-hele}`.

The blocks are taken out before any cell runs, so that what is not of this version costs nothing, and no number of it is
counted. Under Quarto the theme does the same to what the cells gave (`forside.lua`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from reportlib.engine.qmd import Cell, Document, DocumentSyntaxError, Line, Place, Prose

_FENCE = re.compile(r"^ {0,3}:{3,}\s*(?P<what>.*?)\s*$")
_OF_VERSION = re.compile(r"^\{\s*\.kun-(?P<version>kommune|hele)\s*\}$|^kun-(?P<word>kommune|hele)$")


def of_version(document: Document, *, whole: bool) -> Document:
    """The document as the whole trial's version holds it, or a municipality's; its blocks' fences become empty lines.

    Raises:
        DocumentSyntaxError: a block is never closed.
    """
    reader = _Blocks(whole)
    parts: list[Prose | Cell] = []
    for part in document.parts:
        if isinstance(part, Prose):
            parts.append(reader.prose(part))
        elif reader.shown:
            parts.append(part)
    if place := reader.open_since:
        raise DocumentSyntaxError(f"{place}: the block that starts here is never closed", hint="add a line with :::")
    return replace(document, parts=tuple(parts))


class _Blocks:
    """Divs that are open, outermost first: (whether it is of a version, whether that is this one, where it began)."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.open: list[tuple[bool, bool, Place]] = []

    @property
    def shown(self) -> bool:
        return all(here for _, here, _ in self.open)

    @property
    def open_since(self) -> Place | None:
        return next((place for ours, _, place in self.open if ours), None)

    def prose(self, part: Prose) -> Prose:
        return replace(part, lines=tuple(self._line(line, at in part.code) for at, line in enumerate(part.lines)))

    def _line(self, line: Line, code: bool) -> Line:
        empty = replace(line, text="")
        fence = None if code else _FENCE.match(line.text)
        if fence is None:
            return line if self.shown else empty
        if fence["what"]:
            found = _OF_VERSION.match(fence["what"])
            version = found and (found["version"] or found["word"])
            here = version is None or (version == "hele") == self.whole
            shown = self.shown and found is None
            self.open.append((found is not None, here, line.place))
            return line if shown else empty
        ours = self.open.pop()[0] if self.open else False
        return line if self.shown and not ours else empty
