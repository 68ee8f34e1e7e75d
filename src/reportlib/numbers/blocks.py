"""A finished report as blocks of text in reading order, whatever file it was read from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

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
    page the words behind each number, by the number's own number."""

    kind: str
    blocks: Sequence[Block]
    contents: Sequence[str] = ()
    cards: Mapping[int, str] = field(default_factory=dict)

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
