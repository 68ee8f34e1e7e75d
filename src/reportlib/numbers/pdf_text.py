"""The text of a PDF's marked content: what each piece of content that the structure tree names says.

Only what a tagged PDF needs: marked-content identifiers, fonts with a ToUnicode map, and where lines begin. Content
that is an artifact (headers, footers, repeated table heads) belongs to no identifier and is left out, as a screen
reader leaves it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

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

    matrix: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
    font: Font | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text: where it begins and ends, on which line, how large."""

    text: str
    start: float
    end: float
    height: float
    size: float


@dataclass
class _Content:
    """The pieces of one page by identifier."""

    runs: dict[int, list[_Run]] = field(default_factory=dict)


def page_text(page: pikepdf.Page, *, apart: frozenset[int] = frozenset()) -> dict[int, str]:
    """Marked-content identifier -> text of a page, with `\\n` between lines.

    In the identifiers of `apart` (pictures) what stands apart on a line is a line of its own.
    """
    content = _Content()
    _read(page, page.obj.get("/Resources", pikepdf.Dictionary()), content, _State(), [])
    texts = {}
    for mcid, runs in content.runs.items():
        texts[mcid] = "".join(
            _between(last, run, apart=mcid in apart) + run.text
            for last, run in zip([None, *runs[:-1]], runs, strict=True)
        )
    return texts


def _between(last: _Run | None, run: _Run, *, apart: bool) -> str:
    """What stands between two runs of text: nothing, a space, or the end of a line."""
    if last is None:
        return ""
    gap = (run.start - last.end) / last.size
    if abs(run.height - last.height) > _NEW_LINE or (apart and not -_GAP <= gap <= _APART):
        return "\n"
    return " " if gap > _GAP else ""


def _read(stream: Any, resources: Any, content: _Content, state: _State, marks: list[int | None]) -> None:
    fonts: dict[str, Font] = {}
    saved: list[_State] = []
    text_matrix: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
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
                saved.append(_State(state.matrix, state.font, state.size))
            case "Q":
                if saved:
                    state = saved.pop()
            case "cm":
                state.matrix = _times(tuple(float(number) for number in operands), state.matrix)
            case "BT":
                text_matrix = (1, 0, 0, 1, 0, 0)
            case "Tm":
                text_matrix = tuple(float(number) for number in operands)
            case "Td" | "TD":
                moved = (1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1]))
                text_matrix = _times(moved, text_matrix)
            case "Tf":
                name = str(operands[0])
                if name not in fonts:
                    fonts[name] = _font(resources, name)
                state.font, state.size = fonts[name], float(operands[1])
            case "Tj" | "TJ":
                mcid = marks[-1] if marks else None
                if mcid is not None and state.font is not None:
                    run = _run(operands[0], state, _times(text_matrix, state.matrix))
                    content.runs.setdefault(mcid, []).append(run)
            case "Do":
                form = resources.get("/XObject", {}).get(str(operands[0]))
                if form is not None and form.get("/Subtype") == "/Form":
                    inside = _State(state.matrix, state.font, state.size)
                    _read(form, form.get("/Resources", resources), content, inside, marks)
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


def _run(operand: Any, state: _State, place: tuple[float, ...]) -> _Run:
    font = state.font
    assert font is not None
    text, reach = [], 0.0
    for part in operand.as_list() if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(part, pikepdf.String):
            codes = font.codes(bytes(part))
            text.append(font.decode(codes))
            reach += font.advance(codes)
        else:
            reach -= float(part)
    scale = abs(place[0]) or 1.0
    size = state.size * scale
    return _Run("".join(text), place[4], place[4] + reach * size / 1000, place[5], size)


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


def _times(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
