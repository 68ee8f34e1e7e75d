"""Numbers in Danish text: found the same way in Markdown (its formulas too), in pictures and in finished files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlib.text.inert import plain

REFERENCE_WORDS = ("Figur", "Tabel", "Afsnit", "Boks", "Ligning", "Liste", "Sætning")

_DIGIT = re.compile(r"[0-9]")
# A minus belongs to its number; a hyphen between words does not ("WHO-5", "CR2" and "2A" are names, not numbers).
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![^\W\d_][-\u2010])[\u2212-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?(?!\w)"
)
_REFERENCE = re.compile(rf"\b({'|'.join(REFERENCE_WORDS)})[ \u00a0](\d+(?:\.\d+)*)")
_WORD_AFTER = re.compile(r"[\s\u00a0]*([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a text: how it is written, where, and the word that follows it at once (its unit, if it has one).

    `reference` is the word before it (`Figur`) where the number names something instead of counting.
    """

    text: str
    start: int
    end: int
    after: str = ""
    reference: str = ""


def tokens(text: str) -> list[Token]:
    """The numbers of a text in order.

    >>> [(found.text, found.after or found.reference) for found in tokens('Figur 3 viser 12,5 pct.')]
    [('3', 'Figur'), ('12,5', 'pct')]
    """
    if _DIGIT.search(text) is None:  # most texts
        return []
    text = plain(text)  # one character for one: places stay
    references = {match.start(2): match for match in _REFERENCE.finditer(text)}
    found: list[Token] = []
    taken = -1
    for match in _NUMBER.finditer(text):
        if match.start() < taken:
            continue
        if (reference := references.get(match.start())) is not None:
            taken = reference.end()
            found.append(Token(reference[2], reference.start(2), taken, reference=reference[1]))
        else:
            taken = match.end()
            found.append(Token(_sign(match[0]), match.start(), taken, after=word_after(text, taken)))
    return found


def word_after(text: str, at: int = 0) -> str:
    """The word that comes next in a text, in lower case; empty where something else does."""
    found = _WORD_AFTER.match(text, at)
    return "" if found is None else found[1].lower()


def same_word(first: str, second: str) -> bool:
    """True for one word, also where one of the two was cut short at the end of a line or at a hyphen."""
    return first.startswith(second) or second.startswith(first)


def with_origins(text: str, printed: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int | None, str]]:
    """The numbers of `text` in order, each with the word after it.

    Those in `printed` are whole, with their place in it; the others come one by one. A phrase comes with how many like
    it stand between it and the phrase before: "Område 13 har i 13 uger" holds two 13, of which one is a
    name.
    """
    at = 0
    for number, (phrase, passed) in enumerate(printed):
        start = text.find(phrase, at)
        for _ in range(passed):
            if start >= 0:
                start = text.find(phrase, start + len(phrase))
        if start < 0:
            continue
        yield from ((token.text, None, token.after) for token in tokens(text[at:start]))
        at = start + len(phrase)
        yield phrase, number, word_after(text, at) if phrase[-1:].isdigit() else ""
    yield from ((token.text, None, token.after) for token in tokens(text[at:]))


def _sign(text: str) -> str:
    return text.replace("-", "\u2212", 1) if text.startswith("-") else text


_TEX = r"(?:[^$\\]|\\.)"
_FORMULA = re.compile(
    rf"(?<!\\)\$\$({_TEX}*)(?:\$\$(?:\s*\{{#[^{{}}]*\}})?|$)"
    rf"|(?<![\\$])\$(?![\s$])({_TEX}+?)(?<!\s)\$(?![\d$])"
)
_SPACE = re.compile(r"\\(?:[,;:! ]|q?quad(?![a-zA-Z]))|~")
_TEXT = re.compile(r"\\text\{([^{}]*)\}")  # whose spaces print
_UNSEEN = re.compile(r"\\(?:begin|end)\{\w+\*?\}(?:\{[clr|]*\})?|\\mathbb\{\d\}")  # the last is a letter
_COMMAND = re.compile(r"\\([a-zA-Z]+)\*?|[\\{}_^&]|\s+")
_LAYOUT = frozenset({
    "frac", "dfrac", "tfrac", "text", "mathrm", "mathbf", "mathit", "operatorname", "left", "right", "hat", "bar",
    "overline", "sqrt", "limits",
})  # fmt: skip
_SIGNS = frozenset({
    "cdot", "times", "div", "pm", "mp", "le", "ge", "leq", "geq", "lt", "gt", "ne", "neq", "approx", "sim", "to", "in",
    "sum", "prod", "int", "infty", "ldots", "dots", "mid",
})  # fmt: skip


def printed_formulas(markdown: str) -> str:
    """The line with its formulas (in `$`, in `$$`, or from `$$` on) as they print.

    >>> printed_formulas(r"Da $x_{15} = 3{,}5 \\cdot 2$ er")
    'Da x15=3,5·2 er'
    """
    return _FORMULA.sub(_printed, markdown) if "$" in markdown else markdown


def _printed(match: re.Match[str]) -> str:
    tex = _TEXT.sub(lambda words: words[1].replace(" ", "\0"), _UNSEEN.sub("", match[1] or match[2] or ""))
    return _COMMAND.sub(_shown_sign, _SPACE.sub(" ", tex)).replace("\0", " ")


def _shown_sign(command: re.Match[str]) -> str:
    if command[1] is None or command[1] in _LAYOUT:
        return ""
    return "·" if command[1] in _SIGNS else "x"  # most others are letters or words
