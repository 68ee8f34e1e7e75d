"""What a check finds wrong, and the result of checking one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reportlib.numbers.blocks import Block


class Kind(StrEnum):
    """The kinds of break."""

    CHANGED = "changed"
    UNIT = "unit"
    UNKNOWN = "unknown"
    MISSING = "missing"
    UNTRACED = "untraced"
    WORD = "word"
    DATE = "date"
    REFERENCE = "reference"
    RECOMPUTED = "recomputed"
    LABEL = "label"
    APPENDIX = "appendix"
    STAMP = "stamp"
    UNREADABLE = "unreadable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is wrong: what, where, and in which sentence.

    `place` is the chapter, figure or source line; `key` names the row it is about.
    """

    kind: Kind
    message: str
    page: int | None = None
    place: str = ""
    sentence: str = ""
    key: str = ""


@dataclass(frozen=True)
class FileCheck:
    """What was found in one file: how many numbers, how many of them can be followed, and the breaks."""

    file: str
    numbers: int = 0
    traced: int = 0
    fixed: int = 0
    recomputed: int = 0
    breaks: Sequence[Break] = field(default_factory=tuple)

    @property
    def share(self) -> float:
        """The share of the numbers that lead back to a row, a fact, a setting or a text of trial.yml, in per cent."""
        return 100 * (self.traced + self.fixed) / self.numbers if self.numbers else 100.0

    @property
    def by_kind(self) -> Counter[str]:
        """How many breaks there are of each kind."""
        return Counter(str(found.kind) for found in self.breaks)


def at_block(kind: Kind, message: str, block: Block, titles: Sequence[str], *, around: int = 0, key: str = "") -> Break:
    """A break in a block of a finished file; `around` is where in its text."""
    if block.float and block.role.value in ("alt", "drawn"):
        place = f"figure {block.float} ({block.role.value})"
    else:
        place = titles[block.chapter - 1] if 0 < block.chapter <= len(titles) else ""
    return Break(kind, message, block.page, place, sentence_around(block.text, around), key)


def sentence_around(text: str, at: int, *, most: int = 220) -> str:
    """The sentence of a text that holds a place, cut to a readable length."""
    start = max(text.rfind(". ", 0, at) + 2 if ". " in text[:at] else 0, at - most // 2)
    end = text.find(". ", at)
    sentence = text[start : end + 1 if end >= 0 else len(text)].strip()
    return sentence if len(sentence) <= most else f"{sentence[: most - 1]}…"
