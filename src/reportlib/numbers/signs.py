"""What figures and tables show, and what the text says of it: each is mentioned, each mark and sign has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reportlib.danish import NotANumberError, parse_number
from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import Break, Kind, at_block
from reportlib.numbers.tokens import tokens

_LABEL = re.compile(r"^(Figur|Tabel)[ \u00a0](\d+):")
_RANGE = re.compile(r"\b(Figur|Tabel)[ \u00a0](\d+) til \1[ \u00a0](\d+)\b")


def check_mentions(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks for figures and tables that no text of the report refers to."""
    said = {
        (token.reference, token.text)
        for block in blocks
        if block.role is not Role.CAPTION
        for token in tokens(block.text)
        if token.reference
    }
    for block in blocks:
        for kind, first, last in _RANGE.findall(block.text):
            said |= {(kind, str(number)) for number in range(int(first), int(last))}
    for block in blocks:
        label = _LABEL.match(block.text) if block.role is Role.CAPTION else None
        if label is not None and (label[1], label[2]) not in said:
            yield at_block(Kind.REFERENCE, f"no text mentions {label[1]} {label[2]}", block, titles)


_LASTS = re.compile(r"^fra uge[ \u00a0]\d+$")
_EXPLAINED = re.compile(r"(?:^|\. |: )(?P<sign>[^\w\s.,;:()]) (?:betyder|Tallet|[A-ZÆØÅ])")


_LINE = "lodret linje"


def check_guides(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks for a text that explains the line from which a difference lasts, where no figure of the report has one."""
    if any(block.role is Role.DRAWN and _LASTS.match(block.text) for block in blocks):
        return
    for block in blocks:
        if block.role is Role.TEXT and _LINE in _plain(block.text):
            around = _plain(block.text).index(_LINE)
            yield at_block(Kind.WORD, f"{_LINE!r} is explained, and no figure has it", block, titles, around=around)


def check_marks(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks for a week from which a figure says that a difference lasts, and the text of its chapter does not."""
    texts: dict[int, str] = {}
    for block in blocks:
        if block.role is Role.TEXT:
            texts[block.chapter] = f"{texts.get(block.chapter, '')} {_plain(block.text)}"
    for block in blocks:
        marked = block.role is Role.DRAWN and _LASTS.match(block.text)
        if marked and not re.search(rf"\b{re.escape(_plain(block.text))}\b", texts.get(block.chapter, "")):
            yield at_block(Kind.WORD, f"the mark {block.text!r} is not in the chapter's text", block, titles)


def check_signs(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks where a table's notes explain a sign that none of its cells holds, or one sign twice."""
    for cells, notes in _tables(blocks):
        explained: set[str] = set()
        for note in notes:
            for found in _EXPLAINED.finditer(note.text):
                sign = found["sign"]
                if not any(sign in cell.text for cell in cells):
                    yield at_block(Kind.WORD, f"no cell holds the sign {sign!r}", note, titles, around=found.start())
                elif sign in explained:
                    yield at_block(Kind.WORD, f"{sign!r} is explained twice", note, titles, around=found.start())
                explained.add(sign)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").lower()


_QUOTIENT = re.compile(r"(?:^|[:.] )(?P<column>[^:.]+(?:\. [^:.]+)?): forskellen delt med\b")
_HOURS = re.compile(
    r"^(?!andel|personer|har|med)(?:\S+ )?\S*(?:timer|uger|måneder|kroner|kr\.) .*\(pct\.\)$", re.IGNORECASE
)
_HALF = Decimal("0.5")


def check_tables(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks in what tables say of themselves.

    A column that a note calls a difference divided by one amount is so in every row; a label that counts hours or weeks
    stands over no per cent; and a row is not what the row before it leaves of hundred.
    """
    for cells, notes in _tables(blocks):
        wide = _columns(cells)
        heads, rows = cells[:wide], [cells[at : at + wide] for at in range(wide, len(cells), wide)]
        for note in notes:
            for found in _QUOTIENT.finditer(note.text):
                if (why := _no_quotient(found["column"].strip(), heads, rows)) is not None:
                    yield at_block(Kind.RECOMPUTED, why, note, titles, around=found.start("column"))
        for before, row in zip([None, *rows], rows, strict=False):
            if _HOURS.match(_plain(row[0].text)):
                yield at_block(Kind.UNIT, f"{row[0].text!r} is no share", row[0], titles)
            if before is not None and _leaves(before, row):
                yield at_block(Kind.LABEL, f"{row[0].text!r} is the row before it once more", row[0], titles)


def _tables(blocks: Sequence[Block]) -> Iterator[tuple[list[Block], list[Block]]]:
    """The cells of each table, head and rows, and the notes under it."""
    cells: list[Block] = []
    notes: list[Block] = []
    for block in [*blocks, Block(Role.HEADING, "", 0)]:
        if block.role in (Role.CELL, Role.HEADER):
            cells.append(block)
        elif block.role is Role.TEXT and cells and block.text.startswith("Anm.:"):
            notes.append(block)
        elif block.role in (Role.CAPTION, Role.HEADING):
            if cells:
                yield cells, notes
            cells, notes = [], []


def _columns(cells: Sequence[Block]) -> int:
    """How many columns: as many as headings come first."""
    return max(1, next((at for at, cell in enumerate(cells) if cell.role is Role.CELL), len(cells)))


def _no_quotient(column: str, heads: Sequence[Block], rows: Sequence[Sequence[Block]]) -> str | None:
    names = [_plain(head.text) for head in heads]
    if "forskel" not in names or _plain(column) not in names:
        return None
    pairs = [
        (one, two)
        for row in rows
        if (one := _number(row[names.index("forskel")])) and (two := _number(row[names.index(_plain(column))]))
    ]
    spans = [
        ((abs(one) - _half(one)) / (abs(two) + _half(two)), (abs(one) + _half(one)) / (abs(two) - _half(two)))
        for one, two in pairs
        if abs(two) > _half(two)
    ]
    if spans and max(low for low, _ in spans) > min(high for _, high in spans):
        return f"{column!r} is not the difference divided by one amount"
    return None


def _half(number: Decimal) -> Decimal:
    """Half a step of a printed number: as much as rounding may have moved it."""
    return _HALF.scaleb(int(number.as_tuple().exponent))


def _leaves(before: Sequence[Block], row: Sequence[Block]) -> bool:
    first, second = (cells[0].text.partition(": ") for cells in (before, row))
    shares = [(_number(one), _number(two)) for one, two in zip(before[1:3], row[1:3], strict=False)]
    return (
        bool(first[1])
        and first[0] == second[0]
        and row[0].text.endswith("(pct.)")
        and len(shares) == 2
        and all(one is not None and two is not None and one + two == 100 for one, two in shares)
    )


def _number(cell: Block) -> Decimal | None:
    try:
        return parse_number(cell.text)
    except NotANumberError:
        return None
