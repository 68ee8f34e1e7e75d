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
