"""The numbers of a finished document, in reading order, each with the place it stands in.

Reads the Markdown that the document's cells and prose have become, line by line. The library writes one line for each
figure, caption and table row, so lines are enough; what an author writes is followed the same way. Numbers that cannot
be followed (in names, dates and definitions) are kept too: a reader of the finished file meets them all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from reportlib.danish.grammar import LARGEST_WORD, number_word
from reportlib.numbers.tokens import printed_formulas, tokens, with_origins, word_after
from reportlib.text import inert
from reportlib.text.marks import number_mark
from reportlib.text.markup import NOT_TYPED, read_origins
from reportlib.text.origin import Kind, Origin

# A count in words begins with it, whatever its noun holds.
_IN_WORDS = re.compile(
    rf"(?:ingen|{'|'.join(number_word(n, gender) for n in range(1, LARGEST_WORD + 1) for gender in ('en', 'et'))}) ",
    re.IGNORECASE,
)

_SPAN = re.compile(r'\[((?:[^\[\]\\]|\\.)*)\]\{\.tal key="((?:[^"\\]|\\.)*)"\}')
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_TITLE = re.compile(rf"^:{{3,}}\s*\{{(?!\.forside\b)[^}}]*?\btitle={_QUOTED}(?: tal={_QUOTED})?")
_ALT = re.compile(rf"\bfig-alt={_QUOTED}(?: tal={_QUOTED})?")
_ORIGINS = re.compile(rf" tal={_QUOTED}")  # the account holds them: Pandoc need not read them
_TAG = re.compile(r"<[^<>]*>")
FLOAT_DIV = re.compile(r"^\s*:{3,}\s*\{[^}]*#(?P<id>(?:fig|tbl)-[\w-]+)")
_CLOSES = re.compile(r"^\s*:{3,}\s*$")
_BOX = re.compile(r"^\s*:{3,}\s*\{(?P<attributes>[^}]*\.(?:boks|callout-\w+)\b[^}]*)\}")
_FENCED_DIV = re.compile(r"^\s*:{3,}")
_HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<title>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*$")
PICTURE = re.compile(r"^!\[(?P<caption>.*)\]\((?P<file>[^()\s]+)\)\{#(?P<id>fig-[\w-]+)", re.DOTALL)
_WHOLE_PICTURE = re.compile(r"\]\([^()\s]+\)(?:$|[^{]|\{[^{}]*\})")
CAPTION = re.compile(r"^:\s(?P<caption>.*?)\s*\{#(?P<id>tbl-[\w-]+)[^{}]*\}\s*$")
_NOTE = re.compile(r"^\[\^[^\]]+\]:")
_NOTE_BRACKET = re.compile(r"\\.|\^\[|[\[\]]")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_COUNTED = "eq|lst|thm|lem|cor|prp|cnj|def|exm|exr"
REFERENCE_KINDS = f"fig|tbl|sec|boks|tip|nte|wrn|imp|cau|{_COUNTED}"
"""What the identifier of all that can be referred to begins with: figures, sections, boxes, equations and so on."""

REFERENCE = re.compile(rf"(?<![\w\\@])@((?:{REFERENCE_KINDS})-[\w-]*\w)")
_MARKER = re.compile("\ue000(\\d+)\ue001")
_MARKER_OR_REFERENCE = re.compile(f"{_MARKER.pattern}|{REFERENCE.pattern}")
_LIST_MARKER = re.compile(r"^\s*(?:\d+[.)]|[-*+])\s+")
_ATTRIBUTES = re.compile(r"(?<=[\])`])\{[^{}]*\}")
_LINK = re.compile(r"\]\([^()\s]*\)")
_NOTE_MARK = re.compile(r"\[\^[^\]]+\]")
_MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[*\[\]`\ufde0\ufde1]")
_MARKED = re.compile(rf"[\\\[\]{{}}*`^~&$\ufde0\ufde1]|{_LIST_MARKER.pattern}")
_ESCAPE = re.compile(r"\\(.)")
_OWN_NUMBER = re.compile(rf"\{{[^{{}}]*#((?:{_COUNTED})-[\w-]+)")
# Small signs above and below the line, which print right behind what they belong to.
_RAISED = re.compile(r"(?<![\\^])\^(?!\[)([^\s^\[\]]+)\^|(?<![\\~])~(?!~)([^\s~]+)~(?!~)")

_P = TypeVar("_P")
_WORDS = {"fig": "Figur", "tbl": "Tabel"}

TEXT = Origin("tekst", kind=Kind.TEXT)
"""The origin of a number that is part of a name, a date or a definition."""


class Printed(NamedTuple):
    """One printed number: its text as the reader sees it, its origin, and where it stands.

    `nr` counts the numbers that stand in text, where a span can hold them; None for those in titles and pictures.
    `place` is `text`, `note`, `heading`, `title` (a box's), `table`, `caption`, `alt` or `drawn`; `float` the figure's
    or table's identifier where it stands in one; `after` the word that follows at once; `line` where in the sources it
    came from. `chapter` is the number of the level-1 heading it stands under.
    """

    text: str
    origin: Origin
    place: str
    chapter: int = 0
    section: str = ""
    float: str = ""
    after: str = ""
    nr: int | None = None
    page: int | None = None
    line: str = ""

    @property
    def has_digits(self) -> bool:
        """False for counts in words: `syv kommuner`, also of what has a number in its name (`to skoler på trin 3`)."""
        return bool(tokens(self.text)) and not _IN_WORDS.match(self.text)


@dataclass
class Collected:
    """The Markdown with marked numbers, the numbers in order, the chapters' titles, each figure's chapter and file,
    and what figures and tables are called.
    """

    lines: list[str] = field(default_factory=list)
    numbers: list[Printed] = field(default_factory=list)
    chapters: list[str] = field(default_factory=list)
    pictures: dict[str, tuple[int, str]] = field(default_factory=dict)
    floats: dict[str, str] = field(default_factory=dict)

    @property
    def traced(self) -> bool:
        """True when any number can be followed."""
        return any(found.origin.kind not in (Kind.TEXT, Kind.REFERENCE) for found in self.numbers)


def collect(lines: Iterable[tuple[str, str]]) -> Collected:
    """Read `(text, place in the sources)` line by line."""
    source = list(_whole_pictures(lines))
    reader = _Reader(_labels(text for text, _ in outside_code(source)))
    for text, place in source:
        reader.read(text, place)
    return reader.done


def _whole_pictures(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The lines, with the few of one picture as one: its caption or attributes may go on over lines."""
    code = _Code()
    begun: tuple[str, str] | None = None
    for text, place in lines:
        if begun is not None and text.strip():
            begun = f"{begun[0]}\n{text}", begun[1]
        else:
            if begun is not None:
                yield begun
            is_picture = not code.holds(text) and text.startswith("![")
            begun = (text, place) if is_picture else None
            if not is_picture:
                yield text, place
        if begun is not None and _WHOLE_PICTURE.search(begun[0]):
            yield begun
            begun = None
    if begun is not None:
        yield begun


class _Reader:
    def __init__(self, labels: dict[str, str]) -> None:
        self.done = Collected(
            floats={name: f"{_WORDS[name[:3]]} {n}" for name, n in labels.items() if name[:3] in _WORDS}
        )
        self.labels = labels
        self.code = _Code()
        self.section = ""
        self.rows_from: int | None = None
        self.count = 0
        self.open_note = 0  # brackets of a note that goes on over lines
        self.in_formula = False  # one that goes on over lines

    def read(self, text: str, place: str) -> None:
        if self.code.holds(text) or not text.strip():
            self.open_note = 0
            self.done.lines.append(text)
            if shown := self.code.html_text(text):
                at = Printed(
                    text="",
                    origin=TEXT,
                    place="table",
                    chapter=len(self.done.chapters),
                    section=self.section,
                    line=place,
                )
                self.done.numbers += self._plain(shown, at)
            return
        kind, identifier, words = "text", "", text
        picture = caption = None
        if (heading := _HEADING.match(text)) is not None:
            kind, words = "heading", heading["title"]
            self._enter(len(heading["level"]), plain(words))
        elif (picture := PICTURE.match(text)) is not None:
            kind, identifier, words = "caption", picture["id"], picture["caption"]
            self.done.pictures[identifier] = (len(self.done.chapters), picture["file"])
        elif (caption := CAPTION.match(text)) is not None:
            kind, identifier, words = "caption", caption["id"], caption["caption"]
        elif text.startswith("|"):
            kind = "table"
        elif _NOTE.match(text):
            kind = "note"
        elif _FENCED_DIV.match(text):
            words = ""
        if self.in_formula:
            words = f"$${words}"
        self.in_formula = words.count("$$") % 2 == 1
        at = Printed(
            text="", origin=TEXT, place=kind, chapter=len(self.done.chapters), section=self.section, float=identifier,
            line=place,
        )  # fmt: skip
        spans: list[Printed] = []
        line = self._numbered(text, at, spans)
        has_origins = picture is not None or _FENCED_DIV.match(text)
        self.done.lines.append(_ORIGINS.sub(NOT_TYPED, line) if has_origins else line)
        found = list(self._in_order(words, at, spans))
        if caption is not None:
            self._place_caption(identifier, found)
            return
        if kind == "table":
            self.rows_from = len(self.done.numbers) if self.rows_from is None else self.rows_from
        elif words:
            self.rows_from = None
        own = [self.labels[name] for name in _OWN_NUMBER.findall(text) if name in self.labels]
        found += [at._replace(text=number, origin=Origin(number, kind=Kind.REFERENCE)) for number in own]
        self.done.numbers += found
        pattern, name = (_ALT, "alt") if picture is not None else (_TITLE, "title")
        if (match := pattern.search(text)) is not None:
            self.done.numbers += named(unescaped(match[1]), unescaped(match[2] or ""), at._replace(place=name))

    def _enter(self, level: int, title: str) -> None:
        if level == 1:
            self.done.chapters.append(title)
            self.section = ""
        else:
            self.section = title

    def _numbered(self, text: str, at: Printed, spans: list[Printed]) -> str:
        def number(match: re.Match[str]) -> str:
            marked = at.place != "heading"  # its words are repeated in the contents and at the head of pages
            self.count += marked
            origin = Origin.parse(unescaped(match[2]))
            spans.append(at._replace(text=plain(match[1]), origin=origin, nr=self.count if marked else None))
            return number_mark(match[1], self.count) if marked else match[1]

        return _SPAN.sub(number, text)

    def _in_order(self, words: str, at: Printed, spans: Sequence[Printed]) -> Iterator[Printed]:
        """The line's numbers: those in spans, references, and the rest."""
        places = iter(range(len(spans)))
        marked = _SPAN.sub(lambda _: f"\ue000{next(places)}\ue001", words) if spans else words
        text, notes, self.open_note = _without_notes(marked, self.open_note)
        yield from self._in_text(bare(text), at, spans)
        for note in notes:  # they are printed at the foot of the page, or at its end
            in_note = [span._replace(place="note") for span in spans]
            yield from self._in_text(bare(note), at._replace(place="note"), in_note)

    def _in_text(self, text: str, at: Printed, spans: Sequence[Printed]) -> Iterator[Printed]:
        last = 0
        holds_any = "\ue000" in text or "@" in text  # few texts do, and the pattern tries each of their signs
        for match in _MARKER_OR_REFERENCE.finditer(text) if holds_any else ():
            yield from self._plain(text[last : match.start()], at)
            last = match.end()
            if match[1] is not None:
                found = spans[int(match[1])]
                if found.text[-1:].isdigit():
                    found = found._replace(after=word_after(_MARKER.sub("", text[last:])))
                yield found
            elif match[2] in self.labels:
                yield at._replace(text=self.labels[match[2]], origin=Origin(match[2], kind=Kind.REFERENCE))
        yield from self._plain(text[last:], at)

    def _plain(self, text: str, at: Printed) -> Iterator[Printed]:
        return (at._replace(text=token.text, after=token.after) for token in tokens(text))

    def _place_caption(self, identifier: str, found: list[Printed]) -> None:
        """A table's caption is written below its rows and printed above them."""
        start = len(self.done.numbers) if self.rows_from is None else self.rows_from
        rows = [row._replace(float=identifier) for row in self.done.numbers[start:]]
        self.done.numbers[start:] = [*found, *rows]
        self.rows_from = None


class _Code:
    """Whether lines stand in a fenced block of code."""

    def __init__(self) -> None:
        self.fence = ""
        self.html = self.style = False

    def html_text(self, text: str) -> str:
        """What a line of a block of HTML says: a frame's table is such a block until Pandoc has read it."""
        if not self.html or _FENCE.match(text):
            return ""
        inside, self.style = self.style, ("<style" in text or self.style) and "</style>" not in text
        return "" if inside or self.style else html.unescape(_TAG.sub(" ", text))

    def holds(self, text: str) -> bool:
        match = _FENCE.match(text)
        if self.fence:
            if match is not None and match[1].startswith(self.fence):
                self.fence = ""
                self.html = False
            return True
        if match is not None:
            self.fence = match[1]
            self.html = text.rstrip().endswith("{=html}")
        return match is not None


def _without_notes(markdown: str, depth: int) -> tuple[str, list[str], int]:
    """A line without its notes `^[...]`, the notes, and the brackets open at its end; `depth` are open at its start."""
    text: list[str] = []
    notes: list[str] = []
    last = 0
    for found in _NOTE_BRACKET.finditer(markdown):
        if depth == 0 and found[0] == "^[":
            text.append(markdown[last : found.start()])
            depth, last = 1, found.end()
        elif depth > 0 and found[0] != "]":
            depth += found[0][-1] == "["
        elif depth > 0:
            depth -= 1
            if depth == 0:
                notes.append(markdown[last : found.start()])
                last = found.end()
    (notes if depth else text).append(markdown[last:])
    return "".join(text), notes, depth


def named(text: str, origins: str, at: Printed) -> list[Printed]:
    """The numbers of a text that cannot hold spans, with the origins written beside it."""
    known = read_origins(origins)
    return [
        at._replace(text=printed, origin=TEXT if place is None else known[place].origin, after=after)
        for printed, place, after in with_origins(text, [(number.text, number.passed) for number in known])
    ]


def plain(markdown: str) -> str:
    """A line's words without spans, emphasis and escapes."""
    return inert.plain(bare(_SPAN.sub(lambda match: match[1], markdown)))


def bare(markdown: str) -> str:
    """A line's words without list marks, attributes, addresses, emphasis and escapes."""
    if _MARKED.search(markdown) is None:  # most texts
        return markdown
    text = _ATTRIBUTES.sub("", _LINK.sub("]", _NOTE_MARK.sub("", _LIST_MARKER.sub("", printed_formulas(markdown)))))
    return _MARKUP.sub("", _RAISED.sub(r"\1\2", text)).replace("&#124;", "|")


def unescaped(attribute: str) -> str:
    """An attribute's value as it was before `markup.attribute`."""
    return inert.plain(_ESCAPE.sub(r"\1", attribute).replace("&#124;", "|").replace("&amp;", "&"))


def outside_code(lines: Iterable[tuple[str, _P]]) -> Iterator[tuple[str, _P]]:
    """The lines that stand in no fenced block of code, each with its place."""
    code = _Code()
    return ((text, place) for text, place in lines if not code.holds(text))


def _labels(lines: Iterable[str]) -> dict[str, str]:
    """Identifier -> the number that a reference to it prints."""
    labels: dict[str, str] = {}
    counts = {"fig": 0, "tbl": 0}
    boxes = depth = inside = 0
    section: list[int] = []
    opens_box = False
    for text in lines:
        if "{" not in text and not text.lstrip().startswith(("#", ":")):  # most lines
            opens_box = opens_box and not text.strip()
            continue
        is_title, opens_box = opens_box, _BOX.match(text) is not None
        if (heading := _HEADING.match(text)) is not None:
            attributes = heading["attributes"] or ""
            if is_title or ".unnumbered" in attributes or attributes.strip() == "-":
                continue
            level = len(heading["level"])
            section = [*section[:level], *[0] * (level - len(section))]
            section[-1] += 1
            if (identifier := re.search(r"#(sec-[\w-]+)", attributes)) is not None:
                labels[identifier[1]] = ".".join(str(number) for number in section)
            continue
        depth += bool(_FENCED_DIV.match(text)) * (-1 if _CLOSES.match(text) else 1)
        inside = 0 if depth < inside else inside
        for name in _OWN_NUMBER.findall(text):
            counts[name[:3]] = counts.get(name[:3], 0) + 1
            labels[name] = str(counts[name[:3]])
        if (div := FLOAT_DIV.match(text)) is not None and not inside:
            inside = depth
            counts[div["id"][:3]] += 1
            labels[div["id"]] = str(counts[div["id"][:3]])
        elif (float_id := PICTURE.match(text) or CAPTION.match(text)) is not None:
            kind = float_id["id"][:3]
            counts[kind] += not inside  # in a figure or table it is a part with its number
            labels[float_id["id"]] = str(counts[kind])
        elif (box := _BOX.match(text)) is not None:
            boxes += 1
            if (identifier := re.search(r"#([\w-]+)", box["attributes"])) is not None:
                labels[identifier[1]] = str(boxes)
    return labels
