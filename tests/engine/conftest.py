"""A small project with the real theme and a document that takes its cover from the ledger, as the reports do."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportlib.engine.render import RenderJob

REPOSITORY = Path(__file__).parents[2]
LEDGER_HASH = "0123456789abcdef" * 4

HEADER = """\
---
title: Testrapport
lang: da
jupyter: python3
---

```{python}
#| tags: [parameters]
kommune = "Alle"
```

```{python}
#| output: asis
import json, os
from pathlib import Path
from reportlib.markup import attribute

ledger = json.loads(Path(os.environ["REPORTLIB_LEDGER"]).read_text(encoding="utf-8"))
stamp = f"reportlib:1;trial={ledger['trial']};kommune={kommune};ledger={ledger['hash']}"
fields = {
    "title": "Testrapport", "kommune": "" if kommune == "Alle" else kommune, "til": "Styrelsen",
    "dokumenttype": "Rapport", "dato": "Maj 2017", "dato-iso": "2017-05-31", "synthetic": "true", "stamp": stamp,
}
print("::: {.forside " + " ".join(f'{name}="{attribute(value)}"' for name, value in fields.items()) + "}\\n:::")
```

"""

BODY = """\
# Resume {#sec-resume}

I uge `{python} 35` har `{python} "12 pct."` ordinære timer, jf. @fig-timer, @tbl-andel og @sec-metode.

```{python}
#| output: asis
Path("figs").mkdir(exist_ok=True)
for name in ("timer", "andel"):
    Path(f"figs/{name}.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200pt" '
        'height="100pt" viewBox="0 0 200 100"><defs><style>*{stroke-linejoin: round}</style>'
        '<path id="mark" d="M 0 0 L 9 9"/></defs><use xlink:href="#mark" x="5" y="5"/>'
        f'<text x="20" y="40" font-family="Source Sans Pro">{len(kommune)} tegn i {name}</text></svg>',
        encoding="utf-8",
    )
```

::: {.figurblok}
![Ordinære timer pr. uge](figs/timer.svg){#fig-timer fig-alt="Kurven stiger fra en til to timer"}

::: {.kilde}
Kilde: Testdata
:::
:::

::: {.figurblok}
![Andel pr. uge](figs/andel.svg){#fig-andel fig-alt="Andelen falder"}
:::

::: {.tabelblok}
| Kommune | Andel |
|:--|--:|
| Alle | 12 pct. |

: Andel med ordinære timer {#tbl-andel}
:::

# Forord {.unnumbered}

# Metode {#sec-metode}

Som i @fig-andel.
"""


@pytest.fixture(scope="session", autouse=True)
def _own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What failed renders keep goes with the tests' other files."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("midlertidig"))
    yield
    tempfile.tempdir = before


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with the repository's own theme and an empty reports folder."""
    root = tmp_path / "projekt"
    root.mkdir()
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    shutil.copytree(REPOSITORY / "reports" / "_theme", root / "reports" / "_theme")
    (root / "ledger.json").write_text(json.dumps({"trial": "test", "hash": LEDGER_HASH}), encoding="utf-8")
    return root


@pytest.fixture
def make_job(project: Path, tmp_path: Path) -> Callable[..., RenderJob]:
    """A job for a document with the given body (after the cover); any field can be changed."""

    def make(body: str = BODY, *, kommune: str = "Alle", header: str = HEADER, **fields: object) -> RenderJob:
        document = project / "reports" / "test.qmd"
        document.write_text(header + body, encoding="utf-8")
        values: dict[str, object] = {
            "trial": "test",
            "kommune": kommune,
            "document": document,
            "project": project,
            "ledger": project / "ledger.json",
            "ledger_hash": LEDGER_HASH,
            "out_dir": tmp_path / "ud",
            "slug": "alle",
        }
        return RenderJob(**{**values, **fields})  # type: ignore[arg-type]

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file below a temporary folder."""

    def write_file(text: str, name: str = "dokument.qmd") -> Path:
        path = tmp_path / "kilde" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
