"""A project with one or two tiny trials whose reports take a moment each: real theme, real engine, real analysis."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import yaml
from made_once import folder_made_once
from small_trial import trial_file

from reportlib.batch.batch_run import Options, run_plan
from reportlib.batch.plan import BatchRequest, Plan, make_plan
from reportlib.trial.project import Project, find_project

REPOSITORY = Path(__file__).parents[2]
SITES = ("Nord", "Syd", "Øst")
VERSIONS = ("Alle", *SITES)
PERSONS = 48

DOCUMENT = """\
---
title: Lille
lang: da
jupyter: python3
---

```{python}
#| tags: [parameters]
kommune = "Alle"
udgave = "1"
```

```{python}
#| output: asis
from reportlib.document import aabn

r = aabn("TRIAL", kommune)
print(r.forside())
```

# Resume {#sec-resume}

Dette er udgave `{python} udgave` for `{python} r.kommune`.

{{< include TRIAL/_afsnit.qmd >}}
"""
PARAGRAPH = "Andelen i job er `{python} r['job.deltager.uge5']`, som i @sec-resume.\n"


def make_project(root: Path, *trials: str) -> Project:
    """A project folder with these trials (default: one called `lille`)."""
    root.mkdir()
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    shutil.copytree(REPOSITORY / "reports" / "_theme", root / "reports" / "_theme")
    for trial in trials or ("lille",):
        add_trial(root, trial)
    return find_project(root)


def copy_made(root: Path, *trials: str) -> Project:
    """A copy of the project with these trials, the pages of all their reports made."""

    def fill(folder: Path) -> None:
        assert run_plan(plan_all(make_project(folder, *trials)), Options(workers=0)).ok

    shutil.copytree(folder_made_once(f"batch-{'-'.join(trials)}", fill), root)
    return find_project(root)


def add_trial(root: Path, trial: str, *, sites: tuple[str, ...] = SITES) -> None:
    """Write trial.yml, extracts and document of a trial."""
    folder = root / "data" / trial
    folder.mkdir(parents=True)
    values = trial_file(
        id=trial,
        title=f"Lille {trial}",
        sites={"names": list(sites)},
        extracts={"participants": {"file": "p.csv"}, "weekly": {"job": {"file": "w.csv"}}},
    )
    (folder / "trial.yml").write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    persons = ["person;kommune;gruppe;visitationsdato"]
    weeks = ["person;" + ";".join(f"week_{week}" for week in range(1, 11))]
    for number in range(PERSONS):
        start = date(2020, 1, 6) + timedelta(weeks=number % 3)
        persons.append(f"P{number};{_cell(sites[number // 2 % len(sites)])};{'DK'[number % 2]};{start.isoformat()}")
        weeks.append(f"P{number};" + ";".join(str(int((number + week) % 3 == 0)) for week in range(1, 11)))
    (folder / "p.csv").write_text("\n".join(persons) + "\n", encoding="utf-8")
    (folder / "w.csv").write_text("\n".join(weeks) + "\n", encoding="utf-8")
    (root / "reports" / f"{trial}.qmd").write_text(DOCUMENT.replace("TRIAL", trial), encoding="utf-8")
    (root / "reports" / trial).mkdir()
    (root / "reports" / trial / "_afsnit.qmd").write_text(PARAGRAPH, encoding="utf-8")


def _cell(text: str) -> str:
    """The text as a cell of a CSV file."""
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


def paragraph_of(project: Project, trial: str = "lille") -> Path:
    """The included file with the document's one paragraph."""
    return project.reports_dir / trial / "_afsnit.qmd"


def plan_all(project: Project, *, out_dir: Path | None = None, formats: tuple[str, ...] = ("html",)) -> Plan:
    """A plan of every version of every trial."""
    return make_plan(project, BatchRequest(municipalities=("Alle", "alle-kommuner"), formats=formats, out_dir=out_dir))


def published(folder: Path) -> dict[str, bytes]:
    """Every report's files below an output folder, by name; the cache is not among them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
