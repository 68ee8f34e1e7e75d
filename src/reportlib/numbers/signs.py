"""What figures and tables show, and what the text says of it: each is mentioned, each mark and sign has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import Break, Kind, at_block
from reportlib.numbers.tokens import tokens

_LABEL = re.compile(r"^(Figur|Tabel)[ \u00a0](\d+):")


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
        label = _LABEL.match(block.text) if block.role is Role.CAPTION else None
        if label is not None and (label[1], label[2]) not in said:
            yield at_block(Kind.REFERENCE, f"no text mentions {label[1]} {label[2]}", block, titles)


_LASTS = re.compile(r"^fra uge[ \u00a0]\d+$")
_EXPLAINED = re.compile(r"(?:^|\. |: )(?P<sign>[^\w\s.,;:()]) (?:betyder|Tallet|[A-ZÆØÅ])")


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
    cells: list[str] = []
    explained: set[str] = set()
    for block in blocks:
        if block.role in (Role.CAPTION, Role.HEADING):
            cells, explained = [], set()
        elif block.role in (Role.CELL, Role.HEADER):
            cells.append(block.text)
        elif block.role is Role.TEXT and cells and block.text.startswith("Anm.:"):
            for found in _EXPLAINED.finditer(block.text):
                sign = found["sign"]
                if not any(sign in cell for cell in cells):
                    yield at_block(Kind.WORD, f"no cell holds the sign {sign!r}", block, titles, around=found.start())
                elif sign in explained:
                    yield at_block(Kind.WORD, f"{sign!r} is explained twice", block, titles, around=found.start())
                explained.add(sign)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").lower()
