"""Every systematic way to damage a JSON document, one at a time, each with a name that says what was done and where."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
Damage = tuple[str, Path, Any]
"""What was done, where, and the document it gave."""

NOT_A_NUMBER = float("nan")
HUGE = 10.0**300


def places(document: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place of a document with what stands there, the document itself left out."""
    entries: Any = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in entries:
        yield (*at, key), value
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def replaced(document: Any, at: Path, value: Any) -> Any:
    """The document with another value at a place."""
    other = copy.deepcopy(document)
    _holder(other, at)[at[-1]] = value
    return other


def without(document: Any, at: Path) -> Any:
    """The document without what stands at a place."""
    other = copy.deepcopy(document)
    del _holder(other, at)[at[-1]]
    return other


def dropped_keys(document: Any) -> Iterator[Damage]:
    """Each key of each mapping dropped."""
    for at, _ in places(document):
        if isinstance(at[-1], str):
            yield "dropped", at, without(document, at)


def wrong_types(document: Any) -> Iterator[Damage]:
    """Each value replaced by one of a type that it cannot be: by a mapping, or a mapping by a list."""
    for at, value in places(document):
        yield "wrong type", at, replaced(document, at, [value] if isinstance(value, dict) else {"x": value})


def shorter_lists(document: Any) -> Iterator[Damage]:
    """Each list without its last entry."""
    for at, value in places(document):
        if isinstance(value, list) and value:
            yield "shorter", at, replaced(document, at, value[:-1])


def wrong_numbers(document: Any) -> Iterator[Damage]:
    """Each number replaced by none, by one below zero, and by one that is huge."""
    for at, value in places(document):
        if isinstance(value, int | float) and not isinstance(value, bool):
            for name, other in (("not a number", NOT_A_NUMBER), ("below zero", -5), ("huge", HUGE)):
                yield name, at, replaced(document, at, other)


def unknown_keys(document: Any) -> Iterator[Damage]:
    """Each mapping with a key more."""
    yield "unknown key", ("ukendt",), {**document, "ukendt": 1}
    for at, value in places(document):
        if isinstance(value, dict):
            yield "unknown key", (*at, "ukendt"), replaced(document, at, {**value, "ukendt": 1})


def every_damage(document: Any) -> Iterator[Damage]:
    """All of them."""
    for kind in (dropped_keys, wrong_types, shorter_lists, wrong_numbers, unknown_keys):
        yield from kind(document)


def _holder(document: Any, at: Path) -> Any:
    for part in at[:-1]:
        document = document[part]
    return document
