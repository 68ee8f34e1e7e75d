"""A document is run without being set: what would fail, and what nobody meant, is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportlib.engine.sources import run_document
from reportlib.numbers.breaks import Kind

HEAD = """---
title: Prøve
---

```{python}
#| tags: [parameters]
kommune = "Alle"
```

"""


def breaks_of(body: str, tmp_path: Path, head: str = HEAD) -> list[tuple[Kind, str, str]]:
    path = tmp_path / "reports" / "prove.qmd"
    path.parent.mkdir()
    path.write_text(head + body, encoding="utf-8")
    return [(found.kind, found.message, found.place) for found in run_document(path, tmp_path, environment={})]


def cell(*lines: str) -> str:
    return "\n".join(["```{python}", "#| output: asis", *lines, "```", ""])


def test_a_document_that_runs_has_no_breaks(tmp_path: Path) -> None:
    assert breaks_of(cell('print(f"Hej {kommune}")') + "\n# A {#sec-a}\n", tmp_path) == []


@pytest.mark.parametrize(
    ("code", "told", "line"),
    [
        ("import math\nmath.findes_ikke(kommune)", "findes_ikke", 13),
        ("print(date.today(), kommune)", "'date' is not defined", 12),
        ("import modul_uden_navn\nkommune", "modul_uden_navn", 12),
    ],
)
def test_a_wrong_function_and_a_missing_import_are_told_with_their_place(
    code: str, told: str, line: int, tmp_path: Path
) -> None:
    ((kind, message, _),) = breaks_of(cell(*code.splitlines()), tmp_path)
    assert kind is Kind.FAILED
    assert told in message
    assert f"reports/prove.qmd:{line}: " in message


def test_what_vis_gives_and_nobody_prints_is_told(tmp_path: Path) -> None:
    made = cell(
        "class Rapport:", "    def vis(self):", "        return kommune", "r = Rapport()", "r.vis()", "print(r.vis())"
    )
    ((kind, message, place),) = breaks_of(made, tmp_path)
    assert (kind, place) == (Kind.MISSING, "reports/prove.qmd:16")
    assert "not printed" in message


def test_an_identifier_that_stands_twice_is_told_with_both_places(tmp_path: Path) -> None:
    body = "`{python} kommune`\n\n# A {#sec-a}\n\n" + cell('print("# B {#sec-a}")')
    ((kind, message, _),) = breaks_of(body, tmp_path)
    assert kind is Kind.REFERENCE
    assert "#sec-a stands twice: first at reports/prove.qmd:12" in message


def test_a_parameter_that_no_code_reads_is_told(tmp_path: Path) -> None:
    ((kind, message, place),) = breaks_of("# A\n", tmp_path)
    assert (kind, place) == (Kind.UNKNOWN, "reports/prove.qmd:5")
    assert "'kommune'" in message
