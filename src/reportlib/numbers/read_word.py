"""A Word file as a stranger reads it: blocks of text in reading order, and what a reviewer put into it.

A style is known by its name, not by its identifier: a Danish Word calls `Heading1` `Overskrift1` when it saves.
Tracked changes are read as accepted, or as rejected. The words in pictures are not read: they are pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from reportlib.errors import ReportlibError
from reportlib.files.reading import FileKind, Package
from reportlib.numbers.blocks import Block, Reading, Role, tidy

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_COVER = frozenset({"title", "subtitle", "forside", "syntetisk"})
_CAPTIONS = frozenset({"caption", "table caption", "image caption"})
_UNREAD = frozenset({"toc heading", "source code"})
_HEADING = re.compile(r"heading (\d)")
_CONTENTS = re.compile(r"toc \d")
_PAGE = re.compile(r"\s*(?:PAGE|NUMPAGES)\b")
_PAGE_NUMBER = re.compile(r"\t\d+\s*$")  # which Word puts into the contents
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_INSERTED = frozenset({f"{_W}ins", f"{_W}moveTo"})
_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})


class WordFileError(ReportlibError):
    """A file that is no Word file, or one that cannot be read."""

    usual_hint = "save it anew as .docx"


@dataclass(frozen=True, slots=True)
class Remark:
    """A reviewer's comment: who wrote it, its words, the text it stands at, and that text's chapter."""

    author: str
    text: str
    at: str
    chapter: int


@dataclass(frozen=True)
class WordReading:
    """The blocks of a Word file, who has tracked changes in which of them (by place), and the comments."""

    reading: Reading
    authors: dict[int, tuple[str, ...]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def read_word(path: Path, *, accepted: bool = True) -> WordReading:
    """Read a Word file, its tracked changes accepted or rejected.

    Raises:
        WordFileError
    """
    package = Package(path, FileKind(WordFileError, "a Word file", "name a .docx that `reportlib render` made"))
    body = package.xml("word/document.xml")
    if body is None:
        raise WordFileError(f"{path} is not a Word file: it holds no document")
    reader = _Reader(_styles(package), accepted=accepted)
    for element in body:
        reader.read(element)
    reader.read_notes(package.xml("word/footnotes.xml"))
    for name in sorted(package.names):
        if re.fullmatch(r"word/(?:footer|header)\d*\.xml", name) and (part := package.xml(name)) is not None:
            reader.read_edge(part)
    reading = Reading("docx", reader.blocks, contents=reader.contents)
    return WordReading(reading, reader.authors, tuple(reader.remarks(package.xml("word/comments.xml"))))


def _styles(package: Package) -> dict[str, str]:
    """Identifier -> name, in lower case, of the paragraphs' styles."""
    root = package.xml("word/styles.xml")
    found = {}
    for style in () if root is None else root.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        found[style.get(f"{_W}styleId", "")] = "" if name is None else name.get(f"{_W}val", "").lower()
    return found


@dataclass
class _Reader:
    styles: dict[str, str]
    accepted: bool
    blocks: list[Block] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    authors: dict[int, tuple[str, ...]] = field(default_factory=dict)
    chapter: int = 0
    pictures: int = 0
    notes: list[tuple[str, int]] = field(default_factory=list)  # identifier and chapter, in order
    anchors: dict[str, tuple[str, int]] = field(default_factory=dict)  # comment -> the text it stands at, and chapter

    def read(self, element: Element) -> None:
        """A paragraph, a table, or what holds some."""
        if element.tag == f"{_W}p":
            self._paragraph(element)
        elif element.tag == f"{_W}tbl":
            self._table(element)
        else:
            for child in self._children(element):
                self.read(child)

    def read_notes(self, root: Element | None) -> None:
        """The notes that the text names, in its order."""
        known = {} if root is None else {note.get(f"{_W}id"): note for note in root.iter(f"{_W}footnote")}
        for identifier, chapter in self.notes:
            if (note := known.get(identifier)) is not None:
                for paragraph in note.iter(f"{_W}p"):
                    self._add(Role.NOTE, paragraph, chapter=chapter)

    def read_edge(self, root: Element) -> None:
        """The head or foot of a page, which says what the cover says."""
        for paragraph in root.iter(f"{_W}p"):
            self._add(Role.COVER, paragraph, chapter=0)

    def remarks(self, root: Element | None) -> Iterator[Remark]:
        """The comments, in the order of the text they stand at."""
        if root is None:
            return
        known = {comment.get(f"{_W}id", ""): comment for comment in root.iter(f"{_W}comment")}
        for identifier, (at, chapter) in self.anchors.items():
            if (comment := known.get(identifier)) is not None:
                words = " ".join(tidy(self._text(paragraph)) for paragraph in comment.iter(f"{_W}p"))
                yield Remark(comment.get(f"{_W}author", ""), words.strip(), at, chapter)

    def _paragraph(self, element: Element) -> None:
        style = self._style(element)
        for picture in element.iter(_DRAWN):
            if alt := tidy(picture.get("descr", "")):
                self.pictures += 1
                self.blocks.append(Block(Role.ALT, alt, self.chapter, float=self.pictures))
        if style in _UNREAD:
            return
        if _CONTENTS.fullmatch(style):
            if line := tidy(_PAGE_NUMBER.sub("", self._text(element))):
                self.contents.append(line)
            return
        heading = _HEADING.fullmatch(style)
        level = int(heading[1]) if heading else 0
        role = (
            Role.HEADING if heading else Role.COVER if style in _COVER
            else Role.CAPTION if style in _CAPTIONS else Role.TEXT
        )  # fmt: skip
        if level == 1 and tidy(self._text(element)):
            self.chapter += 1
        self._add(role, element, level=level)

    def _table(self, element: Element) -> None:
        for row in self._rows(element):
            head = row.find(f"{_W}trPr/{_W}tblHeader") is not None
            for place, cell in enumerate(row.iter(f"{_W}tc")):
                self._add(Role.HEADER if head or place == 0 else Role.CELL, cell)

    def _rows(self, table: Element) -> Iterator[Element]:
        for element in self._children(table):
            if element.tag == f"{_W}tr":
                left = f"{_W}del" if self.accepted else f"{_W}ins"
                if element.find(f"{_W}trPr/{left}") is None:
                    yield element
            elif element.tag.startswith(_W):
                yield from self._rows(element)

    def _add(self, role: Role, element: Element, *, level: int = 0, chapter: int | None = None) -> None:
        paragraphs = [element] if element.tag == f"{_W}p" else list(element.iter(f"{_W}p"))
        text = tidy(" ".join(self._text(paragraph) for paragraph in paragraphs))
        chapter = self.chapter if chapter is None else chapter
        for note in element.iter(f"{_W}footnoteReference"):
            self.notes.append((note.get(f"{_W}id", ""), chapter))
        for mark in element.iter(f"{_W}commentReference"):
            self.anchors[mark.get(f"{_W}id", "")] = (text, chapter)
        if not text:
            return
        tracked = [one for one in element.iter() if one.tag in _INSERTED or one.tag in _DELETED]
        if tracked:
            names = dict.fromkeys(one.get(f"{_W}author", "") for one in tracked)
            self.authors[len(self.blocks)] = tuple(name for name in names if name)
        self.blocks.append(Block(role, text, chapter, level=level))

    def _style(self, paragraph: Element) -> str:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return "" if style is None else self.styles.get(style.get(f"{_W}val", ""), "")

    def _children(self, element: Element) -> list[Element]:
        """The children that count: of two ways to say a thing the first, of tracked changes those that are taken."""
        if element.tag == f"{_MC}AlternateContent":
            return list(element)[:1]
        left_out = _DELETED if self.accepted else _INSERTED
        return [child for child in element if child.tag not in left_out]

    def _text(self, paragraph: Element) -> str:
        """The paragraph's words, without the number of a page that a field shows."""
        pieces: list[str] = []
        fields: list[list[str]] = []  # of each open field what it does, until its result begins

        def shown() -> bool:
            return not any(_PAGE.match("".join(field)) for field in fields)

        def walk(element: Element) -> None:
            for child in self._children(element):
                tag = child.tag
                if tag in (f"{_W}t", f"{_W}delText", f"{_M}t"):
                    words = child.text or "" if shown() else ""
                    doubled = element.find(f"{_M}rPr/{_M}scr") is not None  # the sign of a set, which is no number
                    pieces.append(words.replace("1", "𝟙") if doubled else words)
                elif tag in _SIGNS:
                    pieces.append(_SIGNS[tag])
                elif tag == f"{_W}fldChar":
                    kind = child.get(f"{_W}fldCharType")
                    if kind == "begin":
                        fields.append([])
                    elif kind == "end" and fields:
                        fields.pop()
                elif tag == f"{_W}instrText":
                    if fields:
                        fields[-1].append(child.text or "")
                elif tag == f"{_W}fldSimple":
                    if not _PAGE.match(child.get(f"{_W}instr", "")):
                        walk(child)
                elif tag not in (f"{_W}drawing", f"{_W}pict", f"{_W}pPr", f"{_W}rPr"):
                    walk(child)

        walk(paragraph)
        return "".join(pieces)
