"""The numbers a report gives its parts: headings, figures, tables and boxes are counted without a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import Break, Kind, at_block

_HEADING = re.compile(r"^(\d+(?:\.\d+)*)(?=\s|$)")
_NO_NUMBER = re.compile(r"^[\u2212-]?\d+[.,]\d")
_LABEL = re.compile(r"^(Figur|Tabel|Boks)[ \u00a0](\d+):")


def own_number(block: Block) -> tuple[int, int] | None:
    """Where in its text a part's own number stands: `3.1` of a heading, `3` of `Figur 3:`."""
    if block.role is Role.HEADING:
        match = _HEADING.match(block.text)
        return match.span(1) if match else None
    if block.role in (Role.CAPTION, Role.TEXT):
        label = _LABEL.match(block.text)
        return label.span(2) if label else None
    return None


def check_structure(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks where a heading's, figure's, table's or box's number is not the next one."""
    sections: list[int] = []
    counts = {"Figur": 0, "Tabel": 0, "Boks": 0}
    for block in blocks:
        if block.role is Role.HEADING and (match := _HEADING.match(block.text)) is not None:
            sections = [*sections[: block.level], *[0] * (block.level - len(sections))]
            sections[-1] += 1
            wanted = ".".join(str(number) for number in sections)
            if match[1] != wanted:
                yield at_block(
                    Kind.REFERENCE, f"the heading is numbered {match[1]}, {wanted} comes next", block, titles
                )
        elif block.role is Role.HEADING and _NO_NUMBER.match(block.text):
            yield at_block(Kind.REFERENCE, f"{block.text.split()[0]} is no heading's number", block, titles)
        elif block.role in (Role.CAPTION, Role.TEXT) and (label := _LABEL.match(block.text)) is not None:
            counts[label[1]] += 1
            if int(label[2]) != counts[label[1]]:
                yield at_block(
                    Kind.REFERENCE, f"{label[1]} {label[2]} is where {counts[label[1]]} comes next", block, titles
                )
