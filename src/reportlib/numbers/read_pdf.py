"""A finished PDF as a stranger reads it: its tags, the text in them, blocks in reading order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pikepdf

from reportlib.errors import ReportlibError
from reportlib.numbers.blocks import Block, Reading, Role, tidy

# What the tags of a PDF hold: elements that have their kind under `/S`, and under `/K` what is in them.


def listed(node: Any, key: str) -> list[Any]:
    """What an element has under a key, be it an array, a value alone or nothing."""
    if key not in node:  # to `get` what is not there takes ten times as long
        return []
    value = node.get(key)
    return list(value.as_list()) if isinstance(value, pikepdf.Array) else [value]


def elements(node: Any) -> list[Any]:
    """The elements right in another; what else is in it is marked content of a page, as a number or a dictionary."""
    return [child for child in listed(node, "/K") if isinstance(child, pikepdf.Dictionary) and "/S" in child]


# The blocks of a tagged PDF, in the order of its structure tree: what a screen reader reads, and nothing else.


_ROLES = {
    "/P": Role.TEXT,
    "/LBody": Role.TEXT,
    "/Caption": Role.CAPTION,
    "/TD": Role.CELL,
    "/TH": Role.HEADER,
    "/Note": Role.NOTE,
    "/FENote": Role.NOTE,
    "/Title": Role.COVER,
    **{f"/H{level}": Role.HEADING for level in range(1, 7)},
}
_INLINE = frozenset({"/Span", "/Strong", "/Em", "/Link", "/Reference", "/Quote", "/Code", "/Sub", "/Formula"})
_ARTIFACTS = frozenset({"/Artifact"})
_NOTES = frozenset({"/Note", "/FENote"})  # which stand in the paragraph that they belong to
_UNREAD = _ARTIFACTS | {"/TOC", "/TOCI", "/Lbl"}


class NotTaggedError(ReportlibError):
    """The PDF has no structure tree, so it cannot be read in order."""


@dataclass
class _Reader:
    pages: dict[Any, int]
    runs: list[dict[int, list[Run]]]
    blocks: list[Block] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    chapter: int = 0
    figure: int = 0

    def walk(self, node: Any, page: int | None) -> None:
        """Blocks of an element and what is in it, depth first."""
        if isinstance(node, pikepdf.Array):
            for child in node.as_list():
                self.walk(child, page)
            return
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            return
        tag = str(node.S)
        if tag == "/TOC":
            self._forget_heading()
            self._contents(node)
        if tag in _UNREAD or (
            tag == "/Code" and self._holds_blocks(node)
        ):  # a block of code, whose lines are paragraphs
            return
        page = self._page_of(node, page)
        if tag == "/Figure":
            self._figure(node, page)
        elif (tag in _ROLES and not self._holds_blocks(node)) or (tag not in _ROLES and _is_inline(node)):
            self._block(node, tag, page)
            for note in _notes(node):
                self.walk(note, page)
        elif "/K" in node:
            self.walk(node.K, page)

    def _forget_heading(self) -> None:
        """The heading over the contents is no chapter."""
        if self.blocks and self.blocks[-1].role is Role.HEADING and self.blocks[-1].level == 1:
            self.blocks.pop()
            self.chapter -= 1

    def _contents(self, node: Any) -> None:
        """The lines of the contents, each with its page at its end."""
        for entry in elements(node):
            if str(entry.S) == "/TOC":
                self._contents(entry)
            elif str(entry.S) == "/TOCI":
                self.contents.append(tidy(" ".join(text for _, text in self._content(entry, None, _ARTIFACTS))))

    def _holds_blocks(self, node: Any) -> bool:
        """True when the element's text stands in blocks of its own (a list item of paragraphs)."""
        within = {str(child.S) for child in elements(node)} - _NOTES
        return not within.isdisjoint({*_ROLES, "/L", "/Table", "/Div"})

    def _block(self, node: Any, tag: str, page: int | None) -> None:
        pieces = list(self._content(node, page, _UNREAD | _NOTES))
        # A heading's number stands apart from its words without a space.
        text = tidy((" " if tag[:2] == "/H" else "").join(text for _, text in pieces))
        page = next((number for number, _ in pieces), page)
        if not text:
            return
        role, level = _ROLES.get(tag, Role.TEXT), 0
        if role is Role.HEADER and any(part.get("/Scope") == "/Row" for part in listed(node, "/A")):
            role = Role.CELL
        if role is Role.HEADING:
            level = int(tag[2:])
            if level == 1:
                self.chapter += 1
        elif self.chapter == 0:
            role = Role.COVER
        self.blocks.append(Block(role, text, self.chapter, page=page, level=level))

    def _figure(self, node: Any, page: int | None) -> None:
        self.figure += 1
        pieces = list(self._content(node, page, apart=True))
        page = next((number for number, _ in pieces), page)
        alt = tidy(str(node.get("/Alt", "")))
        self.blocks.append(Block(Role.ALT, alt, self.chapter, page=page, float=self.figure))
        for _, text in pieces:
            for line in text.split("\n"):
                if tidy(line):
                    self.blocks.append(Block(Role.DRAWN, tidy(line), self.chapter, page=page, float=self.figure))

    def _content(
        self, node: Any, page: int | None, unread: frozenset[str] = _UNREAD, *, apart: bool = False
    ) -> Iterator[tuple[int | None, str]]:
        """The marked content of an element and its children, with the page of each piece; `apart`: as in `joined`."""
        previous = ""
        for child in listed(node, "/K"):
            for number, text in self._piece(child, node, page, unread, apart):
                if previous and previous[-1:] in "-\u00ad\u2010" and text[:1].isalpha():
                    yield number, "\n"
                yield number, text
                previous = text

    def _piece(
        self, child: Any, node: Any, page: int | None, unread: frozenset[str], apart: bool
    ) -> Iterator[tuple[int | None, str]]:
        if isinstance(child, int):
            here = self._page_of(node, page)
            yield here, self._marked(here, int(child), apart)
        elif isinstance(child, pikepdf.Dictionary):
            here = self._page_of(child, page)
            if "/MCID" in child:
                yield here, self._marked(here, int(child.MCID), apart)
            elif "/S" in child and str(child.S) not in unread:
                yield from self._content(child, here, unread, apart=apart or child.S == "/Figure")

    def _page_of(self, node: Any, page: int | None) -> int | None:
        """The page that an element names, else the one it is on by what holds it."""
        return self.pages.get(node.Pg.objgen, page) if "/Pg" in node else page

    def _marked(self, page: int | None, mcid: int, apart: bool) -> str:
        return joined(self.runs[page - 1].get(mcid, ()), apart=apart) if page is not None else ""


def read_pdf(path: Path) -> Reading:
    """The blocks of a report's PDF.

    Raises:
        NotTaggedError: the file has no structure tree.
    """
    with pikepdf.open(path) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            raise NotTaggedError(f"{path.name} is not tagged", hint="render it with the embedded engine")
        runs = [page_runs(page) for page in pdf.pages]
        reader = _Reader({page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}, runs)
        reader.walk(pdf.Root.StructTreeRoot.get("/K", pikepdf.Array()), None)
    return Reading("pdf", reader.blocks, contents=reader.contents)


def _notes(node: Any) -> Iterator[Any]:
    """The notes in an element that is no note itself."""
    for child in elements(node):
        if str(child.S) in _NOTES:
            yield child
        else:
            yield from _notes(child)


def _is_inline(node: Any) -> bool:
    """True for text that stands outside any paragraph: marked content with nothing but inline elements in it."""
    children = elements(node)
    return (
        "/K" in node
        and all(str(child.S) in _INLINE and _is_inline(child) for child in children)
        and (len(children) < len(listed(node, "/K")) or bool(children))
    )


# The text of a PDF's marked content: what each piece of content that the structure tree names says.
#
# Only what a tagged PDF needs: marked-content identifiers, fonts with a ToUnicode map, and where lines begin. Content
# that is an artifact (headers, footers, repeated table heads) belongs to no identifier and is left out, as a screen
# reader leaves it out.


_BFCHAR = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_BFRANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[(.*?)\])", re.DOTALL)
_OPERATORS = "BDC BMC EMC q Q cm BT Tm Td TD Tf Tj TJ Do"
"""What says which text stands where; the lines and curves of pictures, most of a page, are passed over."""

_NEW_LINE = 1.0
# Parts of the size: wider than any kerning and narrower than a space; wider than a space.
_GAP, _APART = 0.12, 0.6


@dataclass
class Font:
    """A font's way from codes to characters: two bytes a code (composite fonts) or one."""

    to_unicode: dict[int, str]
    wide: bool
    widths: dict[int, float] = field(default_factory=dict)
    usual_width: float = 0.0

    def codes(self, raw: bytes) -> list[int]:
        step = 2 if self.wide else 1
        return [int.from_bytes(raw[at : at + step], "big") for at in range(0, len(raw), step)]

    def decode(self, codes: list[int]) -> str:
        return "".join(self.to_unicode.get(code, "" if self.wide else chr(code)) for code in codes)

    def advance(self, codes: list[int]) -> float:
        """How far the text reaches, in thousandths of the font's size."""
        return sum(self.widths.get(code, self.usual_width) for code in codes)


@dataclass
class _State:
    """Where the next text goes, as far as telling lines apart needs it."""

    matrix: pikepdf.Matrix = field(default_factory=pikepdf.Matrix)
    font: Font | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text: where it begins and ends, how high above the page's foot, how large, in points."""

    text: str
    start: float
    end: float
    height: float
    size: float


def page_runs(page: pikepdf.Page) -> dict[int, list[Run]]:
    """Marked-content identifier -> the runs of text of a page; its head and foot are no part of the text."""
    found: dict[int, list[Run]] = {}
    _read(page, page.obj.get("/Resources", pikepdf.Dictionary()), found, _State(), [])
    return found


def joined(runs: Sequence[Run], *, apart: bool = False) -> str:
    """The text of runs, lines apart by `\\n`; with `apart` (in pictures) what stands apart on a line is one, too."""
    between = (_between(last, run, apart=apart) for last, run in itertools.pairwise(runs))
    return "".join(part for pair in zip(["", *between], (run.text for run in runs), strict=False) for part in pair)


def _between(last: Run, run: Run, *, apart: bool) -> str:
    """What stands between two runs of text: nothing, a space, or the end of a line."""
    gap = (run.start - last.end) / last.size
    if abs(run.height - last.height) > _NEW_LINE or (apart and not -_GAP <= gap <= _APART):
        return "\n"
    return " " if gap > _GAP else ""


def _read(stream: Any, resources: Any, found: dict[int, list[Run]], state: _State, marks: list[int | None]) -> None:
    fonts: dict[str, Font] = {}
    saved: list[_State] = []
    text_matrix = pikepdf.Matrix()
    instructions: Any = pikepdf.parse_content_stream(stream, operators=_OPERATORS)
    for operands, operator in instructions:
        match str(operator):
            case "BDC":
                marks.append(_identifier(operands, marks))
            case "BMC":
                marks.append(None if str(operands[0]) == "/Artifact" else (marks[-1] if marks else None))
            case "EMC":
                if marks:
                    marks.pop()
            case "q":
                saved.append(replace(state))
            case "Q":
                if saved:
                    state = saved.pop()
            case "cm":
                state.matrix = pikepdf.Matrix(*map(float, operands)) @ state.matrix
            case "BT":
                text_matrix = pikepdf.Matrix()
            case "Tm":
                text_matrix = pikepdf.Matrix(*map(float, operands))
            case "Td" | "TD":
                text_matrix = text_matrix.translated(float(operands[0]), float(operands[1]))
            case "Tf":
                name = str(operands[0])
                if name not in fonts:
                    fonts[name] = _font(resources, name)
                state.font, state.size = fonts[name], float(operands[1])
            case "Tj" | "TJ":
                mcid = marks[-1] if marks else None
                if mcid is not None and state.font is not None:
                    run = _run(operands[0], state.font, state.size, text_matrix @ state.matrix)
                    found.setdefault(mcid, []).append(run)
            case "Do":
                form = resources.get("/XObject", {}).get(str(operands[0]))
                if form is not None and form.get("/Subtype") == "/Form":
                    _read(form, form.get("/Resources", resources), found, replace(state), marks)
            case _:
                pass


def _identifier(operands: Any, marks: list[int | None]) -> int | None:
    """The identifier that marked content begins; None for artifacts; content within content keeps the outer one."""
    if str(operands[0]) == "/Artifact":
        return None
    properties = operands[1]
    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
        return int(properties.MCID)
    return marks[-1] if marks else None


def _run(operand: Any, font: Font, size: float, place: pikepdf.Matrix) -> Run:
    text, reach = [], 0.0
    for part in operand.as_list() if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(part, pikepdf.String):
            codes = font.codes(bytes(part))
            text.append(font.decode(codes))
            reach += font.advance(codes)
        else:
            reach -= float(part)
    size *= abs(place.a) or 1.0
    return Run("".join(text), place.e, place.e + reach * size / 1000, place.f, size)


def _font(resources: Any, name: str) -> Font:
    font = resources.get("/Font", {}).get(name)
    if font is None:
        return Font({}, wide=False)
    wide = font.get("/Subtype") == "/Type0"
    cmap = font.get("/ToUnicode")
    known = dict(_mapping(cmap.read_bytes())) if cmap is not None else {}
    if not wide:
        return Font(known, wide=False)
    inner = font.DescendantFonts[0]
    usual = float(inner.get("/DW", 1000))
    return Font(known, wide=True, widths=dict(_widths(inner.get("/W", pikepdf.Array()))), usual_width=usual)


def _widths(entries: Any) -> Iterator[tuple[int, float]]:
    """`first [w w ...]` and `first last w`, as the array of a composite font lists them."""
    parts = entries.as_list()
    at = 0
    while at + 1 < len(parts):
        first = int(parts[at])
        if isinstance(parts[at + 1], pikepdf.Array):
            for offset, width in enumerate(parts[at + 1].as_list()):
                yield first + offset, float(width)
            at += 2
        else:
            width = float(parts[at + 2])
            for code in range(first, int(parts[at + 1]) + 1):
                yield code, width
            at += 3


def _mapping(cmap: bytes) -> Iterator[tuple[int, str]]:
    for section in _BFCHAR.findall(cmap):
        codes = _HEX.findall(section)
        for code, text in zip(codes[::2], codes[1::2], strict=False):
            yield int(code, 16), _characters(text)
    for section in _BFRANGE.findall(cmap):
        for first, last, start, many in _RANGE.findall(section):
            low, high = int(first, 16), int(last, 16)
            if many:
                for code, text in zip(range(low, high + 1), _HEX.findall(many), strict=False):
                    yield code, _characters(text)
                continue
            base = _characters(start)
            for code in range(low, high + 1):
                yield code, base[:-1] + chr(ord(base[-1]) + code - low)


def _characters(hexadecimal: bytes) -> str:
    return bytes.fromhex(hexadecimal.decode("ascii")).decode("utf-16-be", errors="replace")
