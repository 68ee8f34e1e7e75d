"""Marks in printed text: invisible signs around a number that lead back to its origin.

While a recording is on, everything that prints a number with an origin puts marks around it; they go with the text
through templates, lists and escaping, until `spans` turns them into Markdown. Without a recording nothing is marked,
so text printed elsewhere (error messages, tests, the command line) is plain. The same signs carry the numbers of the
finished Markdown through Pandoc (`number_mark`): as spans, hundreds of them, they took a fifth of its time.

The signs are Unicode noncharacters, which text from data may not hold and `markup.clean` removes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from reportlib.text.origin import Origin, origin_of

_OPEN, _MIDDLE, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_FIRST_DIGIT = 0xFDD6
_TO_SIGNS = {ord(str(digit)): chr(_FIRST_DIGIT + digit) for digit in range(10)}
_TO_DIGITS = {_FIRST_DIGIT + digit: str(digit) for digit in range(10)}
SIGNS = "".join(chr(code) for code in range(0xFDD0, 0xFDE0))
"""All characters of marks."""

NUMBER_MARK = re.compile(
    f"{_OPEN}([{chr(_FIRST_DIGIT)}-{chr(_FIRST_DIGIT + 9)}]+){_MIDDLE}([^{_OPEN}{_CLOSE}]*){_CLOSE}", re.DOTALL
)
_OPENING = re.compile(f"{_OPEN}[{chr(_FIRST_DIGIT)}-{chr(_FIRST_DIGIT + 9)}]+{_MIDDLE}")
_SIGN = re.compile(f"[{SIGNS[0]}-{SIGNS[-1]}]")
_STRAY = re.compile(f"{_OPEN}[{chr(_FIRST_DIGIT)}-{chr(_FIRST_DIGIT + 9)}]*{_MIDDLE}|{_SIGN.pattern}")


class Recording:
    """The origins of the numbers marked so far; a mark holds an origin's place in it.

    `tested` holds the keys of the rows whose test the text gives a verdict on, in order and each once; `said` what it
    says once (`once`). Both go on from the recording `before`, where there is one.
    """

    def __init__(self, before: Recording | None = None) -> None:
        self.tested: dict[str, None] = {} if before is None else before.tested
        self.said: set[str] = set() if before is None else before.said
        self._places: dict[Origin, int] = {}
        self._origins: list[Origin] = []

    def place(self, origin: Origin) -> int:
        """The origin's place; equal origins have one."""
        place = self._places.setdefault(origin, len(self._origins))
        if place == len(self._origins):
            self._origins.append(origin)
        return place

    @property
    def origins(self) -> tuple[Origin, ...]:
        """All origins so far, in order of their places."""
        return tuple(self._origins)

    def origin(self, place: int) -> Origin | None:
        """The origin at a place, None for a place that was never given out."""
        return self._origins[place] if place < len(self._origins) else None


_RECORDING: ContextVar[Recording | None] = ContextVar("reportlib_recording", default=None)


@contextmanager
def recording(own: Recording | None = None) -> Iterator[Recording]:
    """Mark numbers from here on, in `own` if one is given; else a recording that is on already is used."""
    active = _RECORDING.get()
    if own is None and active is not None:
        yield active
        return
    started = own or Recording()
    token = _RECORDING.set(started)
    try:
        yield started
    finally:
        _RECORDING.reset(token)


def active_recording() -> Recording | None:
    """The recording that is on."""
    return _RECORDING.get()


def once(text: str) -> str:
    """`text` the first time it is said in what is recorded, then nothing."""
    said = (_RECORDING.get() or Recording()).said
    new = text not in said
    said.add(text)
    return text if new else ""


def marked(text: str, *values: object) -> str:
    """`text` as the print of the first of `values` that has an origin; plain without one, or without a recording.

    A full stop that an abbreviation brings (`pct.`) stands outside the mark, so that it can end a sentence.
    """
    active = _RECORDING.get()
    if active is None:
        return text
    origin = next((found for value in values if (found := origin_of(value)) is not None), None)
    return text if origin is None else mark(text, origin)


def mark(text: str, origin: Origin) -> str:
    """`text` with `origin`, whatever its parts were marked with before; plain without a recording."""
    active = _RECORDING.get()
    bare = unmarked(text)
    if active is None or not bare:
        return bare
    body, stop = (bare[:-1], ".") if bare.endswith(".") else (bare, "")
    return f"{_OPEN}{str(active.place(origin)).translate(_TO_SIGNS)}{_MIDDLE}{body}{_CLOSE}{stop}"


def unmarked(text: str) -> str:
    """The text without marks."""
    return _STRAY.sub("", text) if _SIGN.search(text) else text


def replace_marks(text: str, record: Recording, write: Callable[[str, Origin], str]) -> str:
    """The text with each mark written as `write(printed text, origin)`; what is no mark of `record` is plain text."""
    if _SIGN.search(text) is None:
        return text

    def one(found: re.Match[str]) -> str:
        origin = record.origin(int(found[1].translate(_TO_DIGITS)))
        return found[2] if origin is None else write(found[2], origin)

    return _STRAY.sub("", NUMBER_MARK.sub(one, text))


def number_mark(text: str, nr: int) -> str:
    """`text` marked as the document's number `nr`: goes through Pandoc like any other letters, at no cost."""
    return f"{_OPEN}{str(nr).translate(_TO_SIGNS)}{_MIDDLE}{text}{_CLOSE}"


def write_numbers(text: str, write: Callable[[str, int], str]) -> str:
    """The text with each `number_mark` written as `write(its text, nr)`."""
    return unmarked(NUMBER_MARK.sub(lambda found: write(found[2], int(found[1].translate(_TO_DIGITS))), text))


def clear_stretches(text: str, record: Recording) -> list[tuple[str, str, Origin]]:
    """What is marked in the text, in order: the text since the mark before it, its own text, and its origin."""
    found: list[tuple[str, str, Origin]] = []
    last = 0
    for match in NUMBER_MARK.finditer(text):
        origin = record.origin(int(match[1].translate(_TO_DIGITS)))
        if origin is not None:
            found.append((unmarked(text[last : match.start()]), match[2], origin))
            last = match.end()
    return found


def after_opening(text: str) -> int:
    """Where the text begins when it begins with a mark; 0 otherwise."""
    return found.end() if (found := _OPENING.match(text)) is not None else 0
