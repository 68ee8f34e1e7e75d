"""Which boxes and tables are surely low, or surely high, seen in the Typst source.

The theme measures a box or a table before it sets it, to know whether it may break: so what differs between
municipalities is set twice, which was a third of a report's time in Typst. Most are far from the limit, and a count of
characters shows it. What is near it, or what this module cannot read, the theme measures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Points: what the theme (typst-template.typ) keeps on one page, and how wide the page's and a box's text is.
_BOX_LIMIT, _TABLE_LIMIT = 212.6, 368.5
_PAGE_WIDTH, _BOX_WIDTH = 462.0, 434.0
_CELL_PADDING = {"false": 10.0, "true": 7.0}

_BOX = re.compile(r"#boks\(.*, fremhaev: (?:true|false)\)\[")
_TABLE = re.compile(r"#tabelblok\(bred: (?P<bred>true|false), lang: false\)\[")
_INNER = re.compile(r"// .*|#(?:kilde|note|lille|fri-note|med-naeste)\[|\]|<[\w-]+>")
_FIGURE = re.compile(
    r"#figure\(kind: table, caption: \[(?P<caption>.*?)\], tabel\(columns: \((?P<columns>[\d., fr]+)\),"
)
_CELL = re.compile(r"(?P<call>table\.cell\([^)\[]*\))?\[(?P<text>[^\[\]]*)\](?=[,)])")
_SPAN = re.compile(r"colspan: (\d+)")

_REFERENCE = re.compile(r"#ref\(<[^>]*>, supplement: \[[^\]]*\]\)")
_LIGHT = re.compile(r'#lys\("\w+"\)\[')
_CALL = re.compile(r'#(?:tal|emph|strong|sub|super|link|text|hide)(?:\((?:[^()"\[\]]|"[^"\\]*")*\))?\[([^\[\]]*)\];?')
_HIDDEN, _BREAK, _NESTED = "#skjult;", "#led;", 4


@dataclass(frozen=True)
class _Type:
    """Points: a line, what n of them take beside n lines, and a character's width."""

    line: float
    space: float
    character: float

    def lines(self, text: str, width: float) -> int:
        return 1 + int(len(text) * self.character / width)

    def height(self, text: str, width: float) -> float:
        return self.lines(text, width) * self.line + self.space


@dataclass(frozen=True)
class _Types:
    """The theme's type, estimated to one side: `edges` are what box and table take beside their text."""

    text: _Type
    small: _Type
    cell: dict[str, _Type]
    box_edges: float
    table_edges: float


_MORE = _Types(
    text=_Type(14.0, 4.6, 5.2),
    small=_Type(10.5, 3.0, 4.5),
    cell={"false": _Type(10.6, 3.0, 4.9), "true": _Type(9.5, 3.0, 4.5)},
    box_edges=44.0,
    table_edges=16.0,
)
_LESS = _Types(
    text=_Type(13.8, 0.0, 4.0),
    small=_Type(9.8, 0.0, 3.3),
    cell={"false": _Type(10.2, 2.4, 3.5), "true": _Type(9.1, 2.4, 3.1)},
    box_edges=24.0,
    table_edges=0.0,
)


def with_heights(body: str) -> str:
    """The body with `hoej: false` on each box and table that is surely kept on one page, `hoej: true` if surely not."""
    lines = body.split("\n")
    open_at: list[int] = []
    for number, line in enumerate(lines):
        if line.startswith("#") and line.endswith("["):
            open_at.append(number)
        elif line == "]" and open_at:
            start = open_at.pop()
            if (high := _is_high(lines[start], lines[start + 1 : number])) is not None:
                lines[start] = f"{lines[start].removesuffix(')[')}, hoej: {'true' if high else 'false'})["
    return body if open_at else "\n".join(lines)


def _is_high(opening: str, inside: Sequence[str]) -> bool | None:
    """Whether the theme would let it break; None where that must be measured."""
    table = _TABLE.fullmatch(opening)
    if table is None and _BOX.fullmatch(opening) is None:
        return None
    limit = _BOX_LIMIT if table is None else _TABLE_LIMIT
    texts = [_shown(line) for line in inside if line and not _INNER.fullmatch(line)]
    more = _height(texts, table, _MORE)
    if more is None or more < limit:
        return None if more is None else False
    less = _height(texts, table, _LESS)
    return True if less is not None and less > limit else None


def _height(texts: Iterable[str | None], table: re.Match[str] | None, types: _Types) -> float | None:
    return _box_height(texts, types) if table is None else _table_height(texts, table["bred"], types)


def _box_height(texts: Iterable[str | None], types: _Types) -> float | None:
    height = types.box_edges
    for shown in texts:
        if shown is None or "#" in shown:
            return None
        height += types.text.height(shown, _BOX_WIDTH)
    return height


def _table_height(texts: Iterable[str | None], bred: str, types: _Types) -> float | None:
    height, tables = types.table_edges, 0
    for shown in texts:
        if shown is None:
            return None
        if (figure := _FIGURE.match(shown)) is not None:
            rows = _rows_height(shown[figure.end() :], figure["columns"], bred, types)
            if rows is None:
                return None
            height += rows + types.text.height(figure["caption"], _PAGE_WIDTH)
            tables += 1
        elif "#" in shown:
            return None
        else:
            height += types.small.height(shown, _PAGE_WIDTH)
    return height if tables == 1 else None


def _rows_height(cells: str, columns: str, bred: str, types: _Types) -> float | None:
    """The rows' heights: each as many lines as its longest cell; cells fill the columns in their order."""
    shares = [float(share.removesuffix("fr")) for share in columns.replace(" ", "").split(",") if share]
    widths = [_PAGE_WIDTH * share / sum(shares) - _CELL_PADDING[bred] for share in shares]
    cell_type = types.cell[bred]
    height, column, lines = 0.0, 0, 0
    for cell in _CELL.finditer(cells):
        span = int(found[1]) if cell["call"] and (found := _SPAN.search(cell["call"])) else 1
        if column + span > len(widths) or "rowspan" in (cell["call"] or ""):
            return None
        lines = max(lines, cell_type.lines(cell["text"], sum(widths[column : column + span])))
        column += span
        if column == len(widths):
            height += lines * cell_type.line + cell_type.space
            column = lines = 0
    return height if height and column == 0 else None


def _shown(line: str) -> str | None:
    """The line's text as a reader sees it, near enough to count; None where it holds what is not text."""
    line = _REFERENCE.sub("Tabel 00.00.00", line)
    line = line.replace(_HIDDEN, "·").replace(_BREAK, "")
    line = _LIGHT.sub("#emph[xxx ", line.replace("~#h(1fr)", ""))
    for _ in range(_NESTED):
        line, found = _CALL.subn(r"\1", line)
        if not found:
            break
    return None if "image(" in line or "$" in line else line
