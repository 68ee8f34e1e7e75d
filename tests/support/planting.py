"""Wrong numbers planted in the files of finished reports, and whether a check tells of each.

Two ways in, as in life. *Written wrong*: the document is set again from Markdown and pictures whose numbers were
changed after they were accounted for, so the finished PDF and page carry them. *Changed afterwards*: the page's bytes
are edited.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportlib.numbers.blocks import Block, Reading, Role
from reportlib.numbers.breaks import Break, sentence_around
from reportlib.numbers.tokens import Token, tokens

_UNITS = (("procentpoint", "pct"), ("pct", "procentpoint"), ("timer", "uger"), ("uger", "timer"), ("kr", "timer"))
_NEAR = 3000
"""How far apart, in characters of source, two numbers may stand that are exchanged."""

KINDS: Mapping[str, int] = {"a sign": 10, "a unit": 15, "two numbers": 25, "a digit": 50}
"""What is done to numbers, and to how many of a hundred; digits take the place of what a report has too few of."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a source where a number's text may be changed: which source, and from where to where."""

    source: str
    start: int
    end: int


_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_COVER = re.compile(r"^:{3,} \{\.forside.*$", re.MULTILINE)
_ALT = re.compile(r'\bfig-alt="((?:[^"\\]|\\.)*)"')
_BOX = re.compile(r'^:{3,}\s*\{[^}]*?\btitle="((?:[^"\\]|\\.)*)"', re.MULTILINE)
# What a reader never sees: attributes, addresses, marks of notes, numbered list marks and lines that only fence.
_UNSEEN = re.compile(
    r"\{[^{}]*\}|\]\([^()\s]*\)|\[\^[^\]]+\]|@(?:fig|tbl|sec)-[\w-]+|^\s*\d+[.)] |^:{3,}.*$", re.MULTILINE
)
_DRAWN = re.compile(r"<text[^>]*>([^<]*)</text>")
_IN_PAGE = re.compile(r">([^<>]+)<")
_LABELLED = re.compile(r'\baria-label="([^"]*)"')
_NOT_READ = re.compile(
    r"<head\b.*?</head>|<style\b.*?</style>|<script\b.*?</script>|<nav\b.*?</nav>|<header\b.*?</header>"
    r"|<footer\b.*?</footer>|<details\b.*?</details>"
    r'|<(span|div|a|p)[^>]*class="[^"]*\b(?:om|talspor|spring|kun-oplaest|bund)\b[^"]*".*?</\1>',
    re.DOTALL,
)


def places_in_markdown(markdown: str, pictures: Mapping[str, str]) -> list[Place]:
    """Where numbers stand that a reader of the finished files meets: prose, tables, titles, alt texts, pictures."""
    hidden = [match.span() for pattern in (_CODE, _COVER) for match in pattern.finditer(markdown)]
    seen = list(_between(markdown, [*hidden, *(match.span() for match in _UNSEEN.finditer(markdown))]))
    named = [match.span(1) for pattern in (_ALT, _BOX) for match in pattern.finditer(markdown)]
    free = [span for span in named if not _inside(span, [match.span() for match in _COVER.finditer(markdown)])]
    places = [Place("", *span) for span in (*seen, *free)]
    for name, picture in pictures.items():
        places += [Place(name, *match.span(1)) for match in _DRAWN.finditer(picture)]
    return places


def places_in_page(page: str) -> list[Place]:
    """Where a reader's text stands in a page's bytes: between tags, and in the pictures' alternative texts."""
    hidden = [match.span() for match in _NOT_READ.finditer(page)]
    shown = [match.span(1) for pattern in (_IN_PAGE, _LABELLED) for match in pattern.finditer(page)]
    return [Place("", *span) for span in shown if not _inside(span, hidden)]


def _between(text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The lines of a text, cut where something hidden stands."""
    ends = sorted(hidden)
    at = 0
    for start, end in [*ends, (len(text), len(text))]:
        for match in re.finditer(r"[^\n]+", text[at:start]) if start > at else ():
            yield at + match.start(), at + match.end()
        at = max(at, end)


def _inside(span: tuple[int, int], hidden: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in hidden)


def plant(
    sources: Mapping[str, str], places: Sequence[Place], wanted: int, chance: random.Random
) -> tuple[dict[str, str], Counter[str]]:
    """The sources with `wanted` wrong numbers, at most one in a paragraph or row, and how many of each kind."""
    ordered = sorted(places, key=lambda place: (place.source, place.start))
    free: dict[tuple[str, int], list[Edit]] = {}
    planted: Counter[str] = Counter()
    so_far = 0
    for kind, share in KINDS.items():
        so_far += share
        for at in chance.sample(range(len(ordered)), len(ordered)):
            if planted.total() >= wanted * so_far / 100:
                break
            place = ordered[at]
            source = sources[place.source]
            key = (place.source, _paragraph(source, place.start))
            found = [] if key in free else tokens(source[place.start : place.end])
            if not found:
                continue
            edits = _edits(kind, source, ordered[at : at + 12], chance.choice(found), chance)
            keys = {(place.source, _paragraph(source, edit.start)) for edit in edits}
            if edits and not keys & free.keys():
                free |= dict.fromkeys(keys, edits)
                planted[kind] += 1
    edits_of = {id(edit): (name, edit) for (name, _), edits in free.items() for edit in edits}
    written = dict(sources)
    for name, edit in sorted(edits_of.values(), key=lambda one: -one[1].start):
        written[name] = written[name][: edit.start] + edit.text + written[name][edit.end :]
    return written, planted


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a source and what it is replaced with."""

    start: int
    end: int
    text: str


def _edits(kind: str, source: str, places: Sequence[Place], token: Token, chance: random.Random) -> list[Edit]:
    """What makes the number at `token` of the first place wrong; nothing where it cannot be made so."""
    here = places[0].start + token.start
    number = source[here : here + token.end - token.start]
    if kind == "a digit":
        return [_other_digit(here, number, chance)]
    if kind == "a sign":
        return [Edit(here, here + 1, "")] if number.startswith("\u2212") else []
    if kind == "a unit":
        return _other_unit(source, here + len(number))
    for place in () if token.reference else places[1:]:
        if place.source != places[0].source or place.start - here > _NEAR:
            return []
        for other in tokens(source[place.start : place.end]):
            there = place.start + other.start
            written = source[there : there + other.end - other.start]
            if other.text != token.text and not other.reference:
                return [Edit(here, here + len(number), written), Edit(there, there + len(written), number)]
    return []


def _other_digit(here: int, number: str, chance: random.Random) -> Edit:
    """Any digit but a leading one of several, which could become a zero and another kind of error."""
    digits = [place for place, sign in enumerate(number) if sign.isdigit()]
    at = chance.choice(digits[1:] or digits)
    return Edit(here + at, here + at + 1, chance.choice([d for d in "0123456789" if d != number[at]]))


def _other_unit(source: str, end: int) -> list[Edit]:
    """`12 pct.` as `12 procentpoint.`; what stands between (the end of a mark) stays."""
    for unit, other in _UNITS:
        found = re.compile(rf"(?:\]\{{[^{{}}]*\}})?[ \u00a0]({unit})\b").match(source, end)
        if found:
            return [Edit(found.start(1), found.end(1), other)]
    return []


def _paragraph(source: str, at: int) -> int:
    """Where the paragraph or the row around a place begins; rows and texts of pictures have a line each."""
    line = source.rfind("\n", 0, at) + 1
    if source.startswith(("|", "<"), line):
        return line
    return max(line if source[line - 2 : line] == "\n\n" else 0, source.rfind("\n\n", 0, at) + 2, 0)


def changed_blocks(right: Reading, wrong: Reading) -> list[Block]:
    """The blocks of a wrong report that stand otherwise in the right one; the account at its end is left out.

    A planted error changes blocks and hardly ever their number: they are compared one by one where they are as many.
    """
    first, second = _body(right), _body(wrong)
    if len(first) == len(second):
        return [two for one, two in zip(first, second, strict=True) if _words(one) != _words(two)]
    matcher = SequenceMatcher(
        None, [(one.role, one.text) for one in first], [(one.role, one.text) for one in second], autojunk=False
    )
    changed = [second[at] for tag, _, _, *span in matcher.get_opcodes() if tag != "equal" for at in range(*span)]
    return [block for block in changed if tokens(block.text)]


def _words(block: Block) -> str:
    """A block's text without spaces: a wider column breaks its words elsewhere."""
    return "".join(block.text.split())


def _body(reading: Reading) -> list[Block]:
    return [block for block in reading.blocks if block.role is not Role.COVER]


def untold(blocks: Sequence[Block], breaks: Sequence[Break]) -> list[str]:
    """The changed blocks that no break speaks of; each needs one of its own."""
    told = Counter(found.sentence for found in breaks if found.sentence)
    missed = []
    for block in blocks:
        found = next((text for text in _sentences(block) if told[text]), None)
        if found is None:
            missed.append(f"{block.role} {block.text[:300]} | told: {[one for one in told if one[:20] in block.text]}")
        else:
            told[found] -= 1
    return missed


def _sentences(block: Block) -> list[str]:
    return list(dict.fromkeys(sentence_around(block.text, token.start) for token in tokens(block.text)))
