"""The numbers of a finished document, in reading order, each with the place it stands in.

Reads the Markdown that the document's cells and prose have become, line by line. The library writes one line for each
figure, caption and table row, so lines are enough; what an author writes is followed the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportlib.trace.origin import Origin
from reportlib.trace.spans import read_origins

_SPAN = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{\.tal key="((?:[^"\\]|\\.)*)"\}')
_ATTRIBUTE = re.compile(r' tal="((?:[^"\\]|\\.)*)"')
_HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<title>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*$")
_IDENTIFIER = re.compile(r"\{#((?:fig|tbl)-[\w-]+)[^{}]*\}?")
_PICTURE = re.compile(r"^!\[.*\]\((?P<file>[^()\s]+)\)\{#(?P<id>fig-[\w-]+)")
_CAPTION = re.compile(r"^:\s.*\{#(?P<id>tbl-[\w-]+)")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_INLINE_MARKUP = re.compile(r"[*_`]|\\(?=[!-/:-@\[-`{-~])")
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One printed number.

    `nr` counts the numbers that stand in text, where a span can hold them; None for those in titles and pictures.
    `place` is `text`, `heading`, `title` (a box's), `table`, `caption`, `alt` or `drawn`; `float` the figure's or
    table's identifier where it stands in one; `line` where in the sources it came from.
    """

    text: str
    origin: Origin
    place: str
    chapter: str = ""
    section: str = ""
    float: str = ""
    nr: int | None = None
    line: str = ""


@dataclass
class Collected:
    """The Markdown with numbered spans, the numbers in order, and the picture file of each figure."""

    lines: list[str] = field(default_factory=list)
    numbers: list[Found] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)


def collect(lines: Iterable[tuple[str, str]]) -> Collected:
    """Read `(text, place in the sources)` line by line."""
    reader = _Reader()
    for text, place in lines:
        reader.read(text, place)
    return reader.done


class _Reader:
    def __init__(self) -> None:
        self.done = Collected()
        self.chapter = self.section = self.fence = ""
        self.rows_from: int | None = None
        self.count = 0

    def read(self, text: str, place: str) -> None:
        if self._in_code(text) or ("tal" not in text and not text.startswith(("#", "!", ":"))):
            self.done.lines.append(text)
            return
        kind, identifier = "text", ""
        if (heading := _HEADING.match(text)) is not None:
            kind = "heading"
            title = plain(heading["title"])
            if len(heading["level"]) == 1:
                self.chapter, self.section = title, ""
            else:
                self.section = title
        elif (picture := _PICTURE.match(text)) is not None:
            kind, identifier = "caption", picture["id"]
            self.done.pictures[identifier] = picture["file"]
        elif (caption := _CAPTION.match(text)) is not None:
            kind, identifier = "caption", caption["id"]
        elif text.startswith("|"):
            kind = "table"
        if kind == "table" and self.rows_from is None:
            self.rows_from = len(self.done.numbers)
        template = Found(
            text="", origin=_NOWHERE, place=kind, chapter=self.chapter, section=self.section, float=identifier,
            line=place,
        )  # fmt: skip
        found: list[Found] = []
        self.done.lines.append(self._numbered(text, template, found))
        if kind == "caption" and identifier.startswith("tbl-"):
            self._place_caption(identifier, found)
            return
        if text.strip() and kind not in ("table", "caption"):
            self.rows_from = None
        self.done.numbers += found
        attribute_place = "alt" if kind == "caption" else "title"
        for match in _ATTRIBUTE.finditer(text):
            self.done.numbers += [
                replace(template, text=printed, origin=origin, place=attribute_place)
                for printed, origin in read_origins(unescaped(match[1]))
            ]

    def _numbered(self, text: str, template: Found, found: list[Found]) -> str:
        def number(match: re.Match[str]) -> str:
            origin = Origin.parse(unescaped(match[2]))
            if template.place == "heading":  # its words are repeated in the contents and at the head of pages
                found.append(replace(template, text=plain(match[1]), origin=origin))
                return match[1]
            self.count += 1
            found.append(replace(template, text=plain(match[1]), origin=origin, nr=self.count))
            return f'[{match[1]}]{{.tal n="{self.count}"}}'

        return _SPAN.sub(number, text)

    def _place_caption(self, identifier: str, found: list[Found]) -> None:
        """A table's caption is written below its rows and printed above them."""
        start = len(self.done.numbers) if self.rows_from is None else self.rows_from
        rows = [replace(row, float=identifier) for row in self.done.numbers[start:]]
        self.done.numbers[start:] = [*found, *rows]
        self.rows_from = None

    def _in_code(self, text: str) -> bool:
        match = _FENCE.match(text)
        if self.fence:
            if match is not None and match[1].startswith(self.fence):
                self.fence = ""
            return True
        if match is not None:
            self.fence = match[1]
        return match is not None


_NOWHERE = Origin("")


def plain(markdown: str) -> str:
    """A line's words without spans, emphasis and escapes."""
    text = _SPAN.sub(lambda match: match[1], markdown)
    return _INLINE_MARKUP.sub("", text)


def unescaped(attribute: str) -> str:
    """An attribute's value as it was before `markup.attribute`."""
    return _ESCAPE.sub(r"\1", attribute).replace("&#124;", "|").replace("&amp;", "&")


def in_order(numbers: Sequence[Found], place: str, float_id: str = "") -> Iterator[Found]:
    """The numbers of one kind of place, in reading order."""
    return (found for found in numbers if found.place == place and (not float_id or found.float == float_id))
