"""What the library says when it refuses something is kept, word by word, of every test that expects a refusal.

A test of a refusal names its class and a word of it; the rest of the message, its rows and its hint reach a user
unread. Here they are kept beside the tests, with what a helper says was read (`tell`), in `refusals.json` of an area:
the test's name -> what was said. An area without the file keeps nothing, and a test that is not in it yet is not held
to anything. To renew an area (then read the diff):

    KEEP_REFUSALS=1 pytest -n 0 tests/registers
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from reportlib.errors import ReportlibError

TESTS = Path(__file__).parents[1]
_told: list[list[str]] = []
RENEWS = "KEEP_REFUSALS" in os.environ


class _Caught:
    """`pytest.raises` as a context that also notes what the error said."""

    def __init__(self, context: Any, note: Callable[[BaseException], None]) -> None:
        self.context, self.note = context, note

    def __enter__(self) -> Any:
        return self.context.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        expected: bool | None = self.context.__exit__(kind, error, trace)
        if expected and isinstance(error, ReportlibError):
            self.note(error)
        return expected


def noting(raises: Any, said: list[str], here: Path) -> Any:
    """`pytest.raises`, which adds to `said` what each error of the library said; folders in `here` are written `.`."""
    _told[:] = [said]
    folder = re.compile(re.escape(str(here)) + r"/[^/\s:,']+")

    def note(error: BaseException) -> None:
        text = folder.sub(".", str(error))
        if text not in said:
            said.append(text)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        found = raises(*arguments, **options)
        return _Caught(found, note) if hasattr(found, "__exit__") else found

    return wrapped


def tell(text: object) -> None:
    """Adds to what the running test was told what a helper read on its way: a note, a count."""
    for said in _told:
        said += [] if str(text) in said else [str(text)]


def hold(test: pytest.Item, said: list[str]) -> None:
    """Fails the test where it was told something else than what is kept."""
    area, _, name = test.nodeid.removeprefix("tests/").partition("/")
    file = TESTS / area / "refusals.json"
    if not file.is_file() or getattr(getattr(test, "obj", None), "is_hypothesis_test", False):
        return
    if RENEWS:
        _keep(file, name, said)
    elif (kept := _kept(file).get(name)) is not None and kept != said:
        pytest.fail(
            f"said: {said}\nkept: {kept}\nIf this is meant: KEEP_REFUSALS=1 pytest -n 0 tests/{area}", pytrace=False
        )


@cache
def _kept(file: Path) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def _keep(file: Path, name: str, said: list[str]) -> None:
    kept = {**json.loads(file.read_text(encoding="utf-8")), name: said}
    told = {test: kept[test] for test in sorted(kept) if kept[test]}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
