"""Values that trial.yml and an extract must spell alike: kinds of events and answers to surveys.

Difference in case and blanks only is no difference. Difference in punctuation or in how Danish letters are written
(`min-plan`, `loentilskud`) is a misspelling, and a fault. A value that never occurs may simply not have happened: it
is noted, not refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from reportlib.errors import nearest
from reportlib.registers.data import Note
from reportlib.registers.errors import shown

_SHORTEST, _ENDING = 5, 2  # letters of a text of which a slip can be told, and of an ending

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def fold(text: str) -> str:
    """`text` without case and surplus blanks."""
    return " ".join(text.casefold().split())


def canonical(written: Iterable[str], expected: Iterable[str]) -> dict[str, str]:
    """Each written text -> how trial.yml spells it; texts that trial.yml does not name stay as they are."""
    by_folded = {fold(name): name for name in expected}
    return {text: by_folded.get(fold(text), text) for text in written}


def misspelt(expected: Iterable[str], written: Iterable[str]) -> dict[str, str]:
    """Expected text -> the written text that differs from it in punctuation or Danish letters only."""
    expected = list(dict.fromkeys(expected))
    spelt = {fold(name) for name in expected}
    written = [text for text in written if text]
    occurring = {fold(text) for text in written}
    by_letters = {_letters(text): text for text in written if fold(text) not in spelt}
    return {
        name: by_letters[_letters(name)]
        for name in expected
        if fold(name) not in occurring and _letters(name) in by_letters
    }


def alike_in_letters(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of texts that differ in punctuation or Danish letters only."""
    first: dict[str, str] = {}
    pairs = ((first.setdefault(_letters(text), text), text) for text in texts if _letters(text))
    return [(one, other) for one, other in pairs if one != other]


def nearly(expected: Iterable[str], written: Iterable[str]) -> dict[str, str]:
    """Written text -> the expected text that it is but for one letter or an ending (samtaler, samtlae)."""
    names = {fold(name): name for name in expected}
    return {
        text: name
        for text in written
        for folded, name in names.items()
        if fold(text) not in names and _one_slip(folded, fold(text))
    }


def _one_slip(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST or len(long) - len(short) > _ENDING or short[0] != long[0]:
        return False
    begin = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    short, long = short[begin:], long[begin:]
    end = next((at for at in range(len(short)) if short[-1 - at] != long[-1 - at]), len(short))
    short, long = short[: len(short) - end], long[: len(long) - end]
    if any(letter.isdigit() for letter in short + long):
        return False
    ending = not short and end == 0
    return ending or len(long) == 1 or (len(long) == 2 and short == long[::-1])


def never(what: str, expected: Iterable[str], written: Iterable[str]) -> list[Note]:
    """A note for every expected text that never occurs, with the nearest that does."""
    written = sorted(text for text in written if text)
    occurring = {fold(text) for text in written}
    notes = []
    for name in dict.fromkeys(expected):
        if fold(name) not in occurring:
            near = [shown(text) for text in nearest(name, written)]
            notes.append(Note(f"{what} {name!r} never occurs", f"near: {', '.join(near)}" if near else ""))
    return notes


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold().translate(_DANISH) if character.isalnum())
