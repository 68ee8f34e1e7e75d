"""Words that a report may not say: "kontrolgruppe" without allocation by chance, effects that the design cannot show,
and words for shares beside a share that does not bear them.

Claims choose such words from the evidence; an author can still type them. A sentence that denies or supposes
("der er ingen kontrolgruppe", "hvis halvdelen skyldes indsatsen") says nothing and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from reportlib.danish import FRACTION_WORDS, FractionWord, parse_number
from reportlib.prose.words import CausalWordError, ControlGroupWordError, DesignWords, check_causal_words
from reportlib.prose.words import check_control_words as check_control
from reportlib.trial.design import Kind as Design

_SENTENCE = re.compile(r"[^.!?:]+(?:[.!?:](?!\s|$)[^.!?:]*)*[.!?:]?")
_DENIED = re.compile(r"\b(ikke|ingen|intet|uden|hvis|om|antage\w*|forudsæt\w*|hverken|aldrig)\b", re.IGNORECASE)
_PHRASES = {word.phrase: word for word in FRACTION_WORDS if " " in word.phrase or word.phrase == "halvdelen"}
_BESIDE = re.compile(
    rf"\b(?P<phrase>{'|'.join(sorted(map(re.escape, _PHRASES), key=len, reverse=True))})\b"
    r"(?P<noun>(?:[ \u00a0][^\W\d_]+){0,3}?)[ \u00a0]\((?P<share>\d+(?:,\d+)?)[ \u00a0]pct\.?\)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(gang|dag|uge|måned|kvartal|år|time|samtale|møde)\b", re.IGNORECASE)


def wrong_words(text: str, design: Design | None) -> Iterator[tuple[int, str]]:
    """Where in a text a word stands that the design or the share beside it does not bear, and why.

    Without a design (an account of an earlier version) only shares are looked at.
    """
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
