"""Seconds spent on a part of the work that happens deep inside a step: figures are drawn while a document runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

_spent: dict[str, float] = {}


@contextmanager
def spending(name: str) -> Iterator[None]:
    """Count the time in this block as spent on `name`; blocks of one name do not stand inside each other."""
    began = time.perf_counter()
    try:
        yield
    finally:
        _spent[name] = _spent.get(name, 0.0) + time.perf_counter() - began


def take(name: str) -> float:
    """Seconds spent on `name` in this process since they were last taken."""
    return _spent.pop(name, 0.0)
