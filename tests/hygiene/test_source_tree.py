"""A newcomer finds things by their name: no two modules share one, and what the pages point at is there."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "reportlib"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

SHARED = {"__init__.py", "errors.py"}


def test_no_two_modules_of_the_library_have_one_name() -> None:
    names = Counter(path.name for path in SOURCE.rglob("*.py") if path.name not in SHARED)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_files_that_a_page_names_are_there(page: Path) -> None:
    """`analysis/run.py`, `show/` or `tests/published/`; a name alone (`run.py`) must be that of some module."""
    names = {
        path.name for root in ("src", "tests", "tools", "benchmarks", "data") for path in (ROOT / root).rglob("*.py")
    }
    missing = []
    for named in re.findall(r"`((?:[\w.-]+/)*[\w-]+\.py|(?:[a-z_]+/)+)`", page.read_text(encoding="utf-8")):
        if "/" not in named:
            found = named in names
        else:
            found = any((place / named).exists() for place in (ROOT, SOURCE, page.parent, ROOT / "tests"))
        if not found:
            missing.append(named)
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_names_of_the_library_that_a_page_uses_are_there(page: Path) -> None:
    for dotted in set(re.findall(r"\breportlib(?:\.[A-Za-z_]\w*)+", page.read_text(encoding="utf-8"))):
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            try:
                thing: object = importlib.import_module(".".join(parts[:length]))
            except ModuleNotFoundError:
                continue
            for name in parts[length:]:
                thing = getattr(thing, name)
            break
