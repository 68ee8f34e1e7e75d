"""What a reviewer changed in a report's Word file: numbers first, then words, then the comments.

The report is held against the edited file with its tracked changes rejected (what was changed without a track), and
that against the same file with them accepted (what was changed with one, and by whom).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.diff import Change, Weight
from reportlib.numbers.read_word import Remark, WordReading, read_word
from reportlib.numbers.tokens import tokens

_WORDS_AROUND = 4
_PLACES = {Role.CELL: "tabel", Role.HEADER: "tabel", Role.CAPTION: "billedtekst", Role.ALT: "alternativ tekst",
           Role.NOTE: "fodnote", Role.HEADING: "overskrift", Role.COVER: "forside"}  # fmt: skip


def compare_word(old: Path, new: Path) -> list[Change]:
    """Every change from one Word file to the other: numbers first, each kind in the order of the text.

    Raises:
        WordFileError
    """
    before, rejected, accepted = read_word(old), read_word(new, accepted=False), read_word(new)
    made = [*_changes(before, rejected, tracked=False), *_changes(rejected, accepted, tracked=True)]
    known = {(remark.author, remark.text, remark.at) for remark in before.remarks}
    made += [
        _comment(remark, accepted)
        for remark in accepted.remarks
        if (remark.author, remark.text, remark.at) not in known
    ]
    return sorted(made, key=lambda change: -change.weight)  # which keeps the order of the text


def _changes(old: WordReading, new: WordReading, *, tracked: bool) -> Iterator[Change]:
    before, after = old.reading.blocks, new.reading.blocks
    matcher = SequenceMatcher(None, [_key(block) for block in before], [_key(block) for block in after], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for one, two in _pairs(before[first:last], range(first, last), after[start:end], range(start, end)):
            text, changed = ("" if one is None else before[one].text), ("" if two is None else after[two].text)
            authors = (() if one is None else old.authors.get(one, ())) or (
                () if two is None else new.authors.get(two, ())
            )
            block, titles = (after[two], new) if two is not None else (before[one or 0], old)
            how = f"sporet ændring af {', '.join(authors) or 'en uden navn'}" if tracked else "ikke sporet"
            weight = Weight.NUMBER if _numbers(text) != _numbers(changed) else Weight.WORDING
            label = ", ".join(filter(None, (_place(block.chapter, titles), _PLACES.get(block.role, ""), how)))
            text, changed = _stretches(text, changed)
            yield Change(weight, key="", label=label, before=text, after=changed)


def _key(block: Block) -> tuple[Role, str]:
    return block.role, block.text


def _pairs(
    before: Sequence[Block], first: range, after: Sequence[Block], start: range
) -> Iterator[tuple[int | None, int | None]]:
    """The places of blocks that became one another: of as many on both sides each its own, otherwise those alike."""
    if len(before) == len(after):
        yield from zip(first, start, strict=True)
        return
    left = list(zip(start, after, strict=True))
    for place, block in zip(first, before, strict=True):
        alike = next((at for at, one in enumerate(left) if _alike(block, one[1])), None)
        if alike is None:
            yield place, None
        else:
            yield from ((None, number) for number, _ in left[:alike])
            yield place, left[alike][0]
            left = left[alike + 1 :]
    yield from ((None, number) for number, _ in left)


def _alike(one: Block, two: Block) -> bool:
    return one.role is two.role and SequenceMatcher(None, one.text.split(), two.text.split()).ratio() > 0.5


def _numbers(text: str) -> Counter[tuple[str, str]]:
    return Counter((token.text, token.after) for token in tokens(text))


def _stretches(before: str, after: str) -> tuple[str, str]:
    """The two texts from some words before the first difference to some words after the last."""
    one, two = before.split(" "), after.split(" ")
    first = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest = min(len(one), len(two)) - first
    last = next((at for at in range(rest) if one[-1 - at] != two[-1 - at]), rest)
    return _cut(one, first, last), _cut(two, first, last)


def _cut(words: Sequence[str], first: int, last: int) -> str:
    start, end = max(0, first - _WORDS_AROUND), min(len(words), len(words) - last + _WORDS_AROUND)
    return ("… " if start else "") + " ".join(words[start:end]) + (" …" if end < len(words) else "")


def _comment(remark: Remark, reading: WordReading) -> Change:
    told = f"kommentar af {remark.author or 'en uden navn'}"
    label = ", ".join(filter(None, (_place(remark.chapter, reading), told)))
    return Change(Weight.REMARK, key="", label=label, before=remark.at, after=remark.text)


def _place(chapter: int, reading: WordReading) -> str:
    titles = reading.reading.chapter_titles()
    return titles[chapter - 1] if 0 < chapter <= len(titles) else ""
