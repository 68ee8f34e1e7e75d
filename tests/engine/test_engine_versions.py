"""What a document holds for one version only is there in that version, and gone before any cell runs in the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportlib.engine.parameters import of_version
from reportlib.engine.qmd import Cell, DocumentSyntaxError, Prose, read_document

Write = Callable[..., Path]

TEXT = """Begge

::: {.kun-kommune}
::: {.boks title="A"}
Kun kommunen

```{python}
x = "kommune"
```
:::
:::

::: {.kun-hele}
### Kun hele

```python
::: {.kun-kommune}
```
:::

::: {.boks title="B"}
```{python}
x = "begge"
```
:::
"""


def _held(path: Path, *, whole: bool) -> tuple[list[str], list[str]]:
    parts = of_version(read_document(path), whole=whole).parts
    lines = [line.text for part in parts if isinstance(part, Prose) for line in part.lines if line.text]
    return lines, [part.source for part in parts if isinstance(part, Cell)]


def test_the_whole_trials_version(write: Write) -> None:
    lines, cells = _held(write(TEXT), whole=True)
    assert lines == ["Begge", "### Kun hele", "```python", "::: {.kun-kommune}", "```", '::: {.boks title="B"}', ":::"]
    assert cells == ['x = "begge"']


def test_a_municipalitys_version(write: Write) -> None:
    lines, cells = _held(write(TEXT), whole=False)
    assert lines == ["Begge", '::: {.boks title="A"}', "Kun kommunen", ":::", '::: {.boks title="B"}', ":::"]
    assert cells == ['x = "kommune"', 'x = "begge"']


def test_each_line_keeps_its_place(write: Write) -> None:
    path = write(TEXT)
    for whole in (True, False):
        kept = [part for part in of_version(read_document(path), whole=whole).parts if isinstance(part, Prose)]
        every = [part for part in read_document(path).parts if isinstance(part, Prose)]
        assert [line.place for part in kept for line in part.lines] == [
            line.place for part in every for line in part.lines
        ]


def test_a_block_that_is_never_closed(write: Write) -> None:
    with pytest.raises(DocumentSyntaxError, match=r":2: the block that starts here is never closed"):
        of_version(read_document(write("A\n::: {.kun-hele}\nB\n")), whole=True)
