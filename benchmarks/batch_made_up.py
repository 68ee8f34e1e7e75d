"""Made-up trials with made-up municipalities: short reports with real data flow, to see how a batch grows.

Each trial has 66 municipalities, so that it gives 67 reports of a cover, three paragraphs, a table and a figure of the
municipality's own; the extracts are drawn with a fixed seed.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import yaml

from reportlib.trial.project import Project, find_project

SITES = 66
VERSIONS = SITES + 1
_PERSONS, _WEEKS = 60, 52  # of each municipality; followed
_FIRST = date(2020, 1, 6)

_DOCUMENT = """\
---
title: Prøveforsøg
lang: da
jupyter: python3
---

```{python}
#| tags: [parameters]
kommune = "Alle"
```

```{python}
#| output: asis
from reportlib.show import figures, tables
from reportlib.document import aabn
from reportlib.prose import method

r = aabn("TRIAL", kommune)
print(r.forside())
```

# Resume {#sec-resume}

Denne udgave gælder `{python} r.kommune`. I uge 26 er `{python} r["job.deltager.uge26"]` i job.

# Deltagere {#sec-deltagere}

```{python}
#| output: asis
print(r.vis(method.persons))
print(r.vis(tables.persons_by_site, id="tbl-personer"))
```

# Job {#sec-job}

```{python}
#| output: asis
print(r.vis(figures.levels, "job", id="fig-job"))
```
"""


def made_up_project(root: Path, theme_from: Path, versions: int) -> Project:
    """A project folder with as many made-up trials as give so many reports, and this project's theme."""
    root.mkdir()
    shutil.copy(theme_from / "_quarto.yml", root)
    shutil.copytree(theme_from / "reports" / "_theme", root / "reports" / "_theme")
    for number in range(1, -(-versions // VERSIONS) + 1):
        _add_trial(root, f"proeve-{number}", number)
    return find_project(root)


def _add_trial(root: Path, trial: str, number: int) -> None:
    folder = root / "data" / trial
    folder.mkdir(parents=True)
    names = [f"Prøvekommune {number}.{site}" for site in range(1, SITES + 1)]
    (folder / "trial.yml").write_text(yaml.safe_dump(_trial_file(trial, names), allow_unicode=True), encoding="utf-8")
    draw = np.random.default_rng(number)
    people = ["person;kommune;gruppe;visitationsdato"]
    weeks = ["person;" + ";".join(f"week_{week}" for week in range(1, _WEEKS + 1))]
    for index in range(SITES * _PERSONS):
        start = _FIRST + timedelta(weeks=int(draw.integers(0, 20)))
        people.append(f"P{index};{names[index % SITES]};{'DK'[int(draw.integers(0, 2))]};{start.isoformat()}")
        in_job = draw.random(_WEEKS) < np.linspace(0.1, draw.uniform(0.2, 0.6), _WEEKS)
        weeks.append(f"P{index};" + ";".join("1" if week else "0" for week in in_job))
    (folder / "p.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    (folder / "w.csv").write_text("\n".join(weeks) + "\n", encoding="utf-8")
    (root / "reports" / f"{trial}.qmd").write_text(_DOCUMENT.replace("TRIAL", trial), encoding="utf-8")


def _trial_file(trial: str, names: list[str]) -> dict[str, object]:
    return {
        "format": 1,
        "id": trial,
        "title": f"Prøveforsøg {trial}",
        "subtitle": "Lavet til at måle på",
        "description": "Et opdigtet forsøg, der kun findes for at måle, hvor hurtigt rapporter dannes.",
        "document_type": "Rapport",
        "commissioner": "Ingen",
        "evaluator": "reportlib",
        "report_date": "2021-12-01",
        "data_date": "2021-11-01",
        "synthetic": True,
        "design": {"kind": "randomised"},
        "groups": {
            "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "kontrol", "value": "K", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
        },
        "sites": {"names": names},
        "period": {"first": "2020-01-06", "last": "2020-06-30"},
        "follow_up": {"last_day": "2021-10-31", "weeks": _WEEKS},
        "extracts": {"participants": {"file": "p.csv"}, "weekly": {"job": {"file": "w.csv"}}},
        "sources": {"register": {"text": "Et opdigtet register"}},
        "measures": [
            {
                "id": "job",
                "label": "I job",
                "unit": "pct",
                "definition": "I job i ugen",
                "source": "register",
                "from": {"kind": "weekly", "extract": "job"},
            }
        ],
        "analyses": [{"kind": "weekly", "measures": ["job"], "by_site": True}],
    }
