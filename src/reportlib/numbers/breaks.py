"""What a check can find: breaks, what they mean, and those that blocks, labels and words show by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache

from reportlib.danish import FRACTION_WORDS, FractionWord, parse_number
from reportlib.ledger import Estimate
from reportlib.numbers.account import Account
from reportlib.numbers.blocks import Block, Role
from reportlib.prose.words import CausalWordError, ControlGroupWordError, DesignWords, check_causal_words
from reportlib.prose.words import check_control_words as check_control
from reportlib.trial.design import Kind as Design

# What a check finds wrong, and the result of checking one file.


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
    LEDGER = "ledger"
    STANDARD = "standard"
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
    """What was found in one file: how many numbers, how many of them can be followed, the breaks, and the standards
    that an independent checker tried it by; of which trial, and the hash of the ledger it is made from."""

    file: str
    numbers: int = 0
    traced: int = 0
    fixed: int = 0
    recomputed: int = 0
    breaks: Sequence[Break] = field(default_factory=tuple)
    standards: Sequence[str] = ()
    trial: str = field(default="", compare=False)  # what it is of, not what was found in it
    ledger: str = field(default="", compare=False)

    @property
    def share(self) -> float:
        """The share of the numbers that lead back to a row, a fact, a setting or a text of trial.yml, in per cent."""
        return 100 * (self.traced + self.fixed) / self.numbers if self.numbers else 100.0


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


# The numbers a report gives its parts: headings, figures, tables and boxes are counted without a gap.


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


# One label, one meaning: two printed numbers that are called the same are the same kind of number.


_MEANING = ("population", "window", "data_date", "unit", "source", "definition")


def check_labels(account: Account) -> Iterator[Break]:
    """Breaks where printed numbers share a label (and group, place and week) but not whom, when and whence."""
    meanings: dict[tuple[str, ...], dict[tuple[str, ...], Estimate]] = {}
    for row in account.rows.values():
        label: tuple[str, ...] = (
            account.measure_of(row).label.casefold(), row.statistic, row.group, row.site, row.subgroup, row.time,
        )  # fmt: skip
        meanings.setdefault(label, {}).setdefault(_meaning(row, account), row)
    for label, found in meanings.items():
        if len(found) < 2:
            continue
        first, second = list(found)[:2]
        rows = list(found.values())
        differ = [name for name, one, two in zip(_MEANING, first, second, strict=True) if one != two]
        yield Break(
            Kind.LABEL,
            f"{account.measure_of(rows[0]).label!r} means two things: {rows[0].key} and {rows[1].key} differ in "
            f"{' and '.join(differ)}",
            place=", ".join(part for part in label[2:] if part),
            key=rows[0].key,
        )


def _meaning(row: Estimate, account: Account) -> tuple[str, ...]:
    measure = account.measure_of(row)
    return row.population, row.window, row.data_date, str(row.unit), measure.source, measure.definition


# Words that a report may not say: that there is no effect, "kontrolgruppe" without allocation by chance, effects that
# the design cannot show, and words for shares beside a share that does not bear them.
#
# Claims choose such words from the evidence; an author can still type them. A sentence that denies or supposes ("der
# er ingen kontrolgruppe", "hvis halvdelen skyldes indsatsen") says nothing and is left alone.


_SENTENCE = re.compile(r"[^.!?:]+(?:[.!?:](?!\s|$)[^.!?:]*)*[.!?:]?")
_DENIED = re.compile(r"\b(ikke|ingen|intet|uden|hvis|om|antage\w*|forudsæt\w*|hverken|aldrig)\b", re.IGNORECASE)
_PHRASES = {word.phrase: word for word in FRACTION_WORDS if " " in word.phrase or word.phrase == "halvdelen"}
_BESIDE = re.compile(
    rf"\b(?P<phrase>{'|'.join(sorted(map(re.escape, _PHRASES), key=len, reverse=True))})\b"
    r"(?P<noun>(?:[ \u00a0][^\W\d_]+){0,3}?)[ \u00a0]\((?P<share>\d+(?:,\d+)?)[ \u00a0]pct\.?\)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(gang|dag|uge|måned|kvartal|år|time|samtale|møde)\b", re.IGNORECASE)


METHOD_CHAPTER = "Metode"
"""What the title of the chapter begins with where methods are named."""

_METHOD_WORDS = re.compile(
    r"Benjamini|Hochberg|\bHolm\b|krymp|\bHC2\b|\bCR2\b|sup-t|Satterthwaite|Kaplan|Wilcoxon|bootstrap|randomiser\w*|"
    r"\w+_\w+|\w+\.(?:csv|parquet|dta|yml)\b",
    re.IGNORECASE,
)
"""Names of methods, of variables and of files: a reader outside the method section cannot use them."""


def unwanted_words(text: str, *, chapter: str, avoid: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Where a chapter has a word of the method section, or one that the trial's glossary avoids, and what to write."""
    if not chapter.startswith(METHOD_CHAPTER):
        for found in _METHOD_WORDS.finditer(text):
            yield found.start(), f"{found[0]!r} is a word of the method section: say it in plain words here"
    for word, instead in avoid.items():
        for found in _as_word(word).finditer(text):
            yield found.start(), f"{found[0]!r} is not this report's word: write {instead!r}"


@cache
def _as_word(word: str) -> re.Pattern[str]:
    """The whole word, and with a `*` at its end every word that begins so; capitals count where it has any."""
    ending = r"\w*" if word.endswith("*") else r"\b"
    return re.compile(rf"\b{re.escape(word.rstrip('*'))}{ending}", 0 if word != word.lower() else re.IGNORECASE)


# That there is no effect, or no difference: no interval shows it unless it lies inside a margin, and then the library
# says it in words of its own ("ingen forskel af betydning").
_ABSENCE = re.compile(
    r"\b(?:ingen|uden|hverken)\s+(?!sikker|signifikant|statistisk)(?:\w+\s+)?(?:effekt|virkning)(?:er)?\b"
    r"|\bikke\s+(?:(?:haft|har|nogen|målelig)\s+)*(?:effekt|virkning)\b"
    r"|\b(?:virker|virkede|virket)\s+ikke\b|\bikke\s+virket\b"
    r"|\b(?:ingen|ikke\s+(?:nogen\s+)?)\s*forskel(?:le)?\b(?!\s+af\s+betydning)",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:hvis|hvorvidt|om(?!\s+(?:ugen|måneden|året|dagen))|betyder\s+ikke|ikke\s+det\s+samme|ikke\s+kan|kan\s+ikke"
    r"|udelukke\w*|afvise\w*)\b",
    re.IGNORECASE,
)


def wrong_words(text: str, design: Design | None) -> Iterator[tuple[int, str]]:
    """Where in a text a word stands that the evidence, the design or the share beside it does not bear, and why.

    Without a design (an account of an earlier version) words that only some designs bear are not looked for.
    """
    for sentence in _SENTENCE.finditer(text):
        found = _ABSENCE.search(sentence[0])
        if found is not None and not _SUPPOSED.search(sentence[0]):
            why = f"{found[0]!r} is shown by no interval: say that it is not settled, or give the result a margin"
            yield sentence.start() + found.start(), why
    if design is not None:
        words = DesignWords(design)
        for sentence in _SENTENCE.finditer(text):
            if not _DENIED.search(sentence[0]):
                yield from ((sentence.start(), why) for why in _of_design(sentence[0], words))
    for match in _BESIDE.finditer(text):
        if not _TIMES.search(match["noun"]) and not _bears(_PHRASES[match["phrase"].lower()], match["share"]):
            yield match.start(), f"{match['phrase']!r} is not what {match['share']} pct. is"


def _of_design(sentence: str, words: DesignWords) -> Iterator[str]:
    for check in (check_control, check_causal_words):
        try:
            check(sentence, words)
        except (ControlGroupWordError, CausalWordError) as error:
            yield error.message


def _bears(word: FractionWord, printed: str) -> bool:
    """True when some share that prints so lies within the word's bounds."""
    share = parse_number(printed)
    half = Decimal(5).scaleb(int(share.as_tuple().exponent) - 1)
    return any(word.allows(value) for value in (share - half, share, share + half))
