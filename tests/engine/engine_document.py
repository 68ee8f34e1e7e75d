"""A document that takes its cover from the ledger, as the reports do, with figures, a table and references."""

from __future__ import annotations

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
from reportlib.text.markup import attribute

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
