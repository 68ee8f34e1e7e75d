"""A finished page as a stranger reads it: blocks of text in reading order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser

# A finished report as blocks of text in reading order, whatever file it was read from.


SOFT_HYPHEN = "\u00ad"
_BREAK = re.compile(r"(?<=\w)[-\u00ad\u2010]\n(?=[^\W\d_])")
_SPACE = re.compile(r"[ \t\r\n\f\u2002-\u200a\u202f]+")


class Role(StrEnum):
    """What a block is to its reader."""

    COVER = "cover"
    HEADING = "heading"
    TEXT = "text"
    CAPTION = "caption"
    HEADER = "header"
    CELL = "cell"
    NOTE = "note"
    ALT = "alt"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, cell, caption, alternative text or text of a picture.

    `chapter` counts the level-1 headings so far (0 before the first); `float` counts the figures (for `alt` and
    `drawn`); `page` is the PDF's page or None.
    """

    role: Role
    text: str
    chapter: int
    page: int | None = None
    float: int = 0
    level: int = 0


@dataclass(frozen=True)
class Reading:
    """A file's kind (`pdf` or `html`) and blocks, and what stands beside them: the lines of its contents, and in a
    page the words behind each number, by the number's own number, and the tables behind its figures."""

    kind: str
    blocks: Sequence[Block]
    contents: Sequence[str] = ()
    cards: Mapping[int, str] = field(default_factory=dict)
    data: Sequence[str] = ()

    def chapter_titles(self) -> list[str]:
        """The level-1 headings without their numbers, in order."""
        return [bare_heading(block.text) for block in self.blocks if block.role is Role.HEADING and block.level == 1]


def bare_heading(text: str) -> str:
    """`3.1 Hvor længe` as `Hvor længe`."""
    return re.sub(r"^\d+(\.\d+)*\s+", "", text).strip()


def tidy(text: str) -> str:
    """The text on one line: words broken over lines are joined, no-break spaces stay."""
    joined = _BREAK.sub("", text)
    return _SPACE.sub(" ", joined.replace("\n", " ")).replace(SOFT_HYPHEN, "-").strip()


# The blocks of an HTML report: what a reader meets in the page's main part, in its order.


_ROLES = {
    "p": Role.TEXT,
    "li": Role.TEXT,
    "dt": Role.TEXT,
    "dd": Role.TEXT,
    "figcaption": Role.CAPTION,
    "td": Role.CELL,
    "th": Role.HEADER,
    "blockquote": Role.TEXT,
    **{f"h{level}": Role.HEADING for level in range(1, 7)},
}
_VOID = frozenset(
    {"br", "img", "input", "hr", "meta", "link", "wbr", "col", "area", "source", "base", "embed", "track"}
)
_UNREAD = frozenset({"script", "style", "head", "nav", "details", "pre"})
_UNREAD_CLASSES = frozenset({"om", "talspor", "spring", "kun-oplaest", "footnote-ref"})
_CONTENTS, _FOOT, _DATA = "indhold", "bund", "figurdata"
_NUMBER_ID = "tal-"
_FOOTNOTES = "footnotes"


@dataclass
class _Open:
    """An element that has begun: its block's text if it makes one, or the text that is kept beside the blocks."""

    tag: str
    role: Role | None = None
    unread: bool = False
    text: list[str] = field(default_factory=list)
    beside: list[str] | None = None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.stack: list[_Open] = []
        self.chapter = 0
        self.figure = 0
        self.in_cover = self.in_notes = self.in_contents = False
        self.picture: int | None = None
        self.number: int | None = None
        self.contents: list[list[str]] = []
        self.cards: dict[int, list[str]] = {}
        self.data: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = set(values.get("class", "").split())
        unread = tag in _UNREAD or bool(classes & _UNREAD_CLASSES)
        if (tag == "header" and "forside" in classes) or (tag == "footer" and _FOOT in classes):
            self.in_cover = True  # title, date and place, as at its beginning
        if tag == "nav":
            self.in_contents = _CONTENTS in classes
        if "tal" in classes and values.get("id", "").startswith(_NUMBER_ID):
            self.number = int(values["id"].removeprefix(_NUMBER_ID))
        if tag == "section" and _FOOTNOTES in classes:
            self.in_notes = True
        if tag in ("svg", "img") and "aria-hidden" not in values and not self._unread():
            self._picture(tag, values)
        if tag in _VOID:
            if tag == "br":
                self.handle_data(" ")
            return
        self.stack.append(_Open(tag, self._role(tag, values), unread, beside=self._beside(tag, classes)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:  # `<br />` opened nothing
            return
        while self.stack:
            closed = self.stack.pop()
            if closed.role is not None and not closed.unread and not self._unread():
                self._add(closed)
            if closed.tag == tag:
                break
        if tag in ("header", "footer"):
            self.in_cover = False
        if tag == "svg":
            self.picture = None

    def handle_data(self, data: str) -> None:
        if self._unread():
            if (
                beside := next((one.beside for one in reversed(self.stack) if one.beside is not None), None)
            ) is not None:
                beside.append(data)
            return
        for element in reversed(self.stack):
            if element.role is not None:
                element.text.append(data)
                return

    def _beside(self, tag: str, classes: set[str]) -> list[str] | None:
        """Where the text of a line of contents, or of the words behind a number, is kept."""
        if tag == "a" and self.in_contents:
            self.contents.append([])
            return self.contents[-1]
        if _DATA in classes:
            self.data.append([])
            return self.data[-1]
        if "om" in classes and self.number is not None:
            return self.cards.setdefault(self.number, [])
        return None

    def _role(self, tag: str, values: Mapping[str, str]) -> Role | None:
        if self.picture is not None:
            return Role.DRAWN if tag == "text" else None
        if tag == "th" and values.get("scope", "").startswith("row"):
            return Role.CELL
        return _ROLES.get(tag)

    def _picture(self, tag: str, values: dict[str, str]) -> None:
        alt = values.get("aria-label", values.get("alt", ""))
        if not alt:
            return
        self.figure += 1
        if tag == "svg":  # nothing is drawn within an `<img>`, which ends where it begins
            self.picture = self.figure
        self.blocks.append(Block(Role.ALT, tidy(alt), self.chapter, float=self.figure))

    def _add(self, element: _Open) -> None:
        text = tidy("".join(element.text))
        if not text:
            return
        level = 0
        role = element.role or Role.TEXT
        if role is Role.HEADING:
            level = int(element.tag[1]) - 1  # the page's title is its <h1>
            if level == 1:
                self.chapter += 1
            if level == 0:
                role = Role.COVER
        elif self.in_cover:
            role = Role.COVER
        elif self.in_notes:
            role = Role.NOTE
        figure = self.picture or 0 if role is Role.DRAWN else 0
        self.blocks.append(Block(role, text, self.chapter, float=figure, level=level))

    def _unread(self) -> bool:
        return any(element.unread for element in self.stack)


def read_html(page: str) -> Reading:
    """The blocks of a report's HTML page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return Reading(
        "html",
        reader.blocks,
        contents=[tidy("".join(line)) for line in reader.contents],
        cards={number: tidy("".join(words)) for number, words in reader.cards.items()},
        data=[tidy(" ".join(words)) for words in reader.data],
    )
