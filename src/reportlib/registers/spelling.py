"""Values that trial.yml and an extract must spell alike: kinds of events and answers to surveys."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALMOST_THE_SAME = 0.8


def fold(text: str) -> str:
    """`text` without case and surplus blanks."""
    return " ".join(text.casefold().split())


def canonical(written: Iterable[str], expected: Iterable[str]) -> dict[str, str]:
    """Each written text -> how trial.yml spells it; texts that trial.yml does not name stay as they are."""
    by_folded = {fold(name): name for name in expected}
    return {text: by_folded.get(fold(text), text) for text in written}


def misspelt(expected: Iterable[str], written: Iterable[str]) -> dict[str, list[str]]:
    """Expected texts that never occur although almost the same text does, which nothing expects: probably misspelt.

    A text that never occurs and resembles nothing is no fault: it may simply not have happened.
    """
    expected = list(dict.fromkeys(expected))
    folded = {fold(text): text for text in written if text}
    unexpected = [text for text in folded if text not in {fold(name) for name in expected}]
    suspects: dict[str, list[str]] = {}
    for name in expected:
        if fold(name) not in folded and (
            near := get_close_matches(fold(name), unexpected, n=3, cutoff=_ALMOST_THE_SAME)
        ):
            suspects[name] = [folded[text] for text in near]
    return suspects
