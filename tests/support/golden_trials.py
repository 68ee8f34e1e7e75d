"""Two small trials with every kind of extract, made by rule: one that drew lots, one before and after.

Their reports are kept as texts (`golden_reports`). Nothing is drawn at random: a person's number decides everything.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from progress_trial import progress_file
from small_trial import trial_file

from reportlib.trial.project import Project, find_project

REPOSITORY = Path(__file__).parents[2]
SITES = ("Nord", "Syd", "Øst", "Vest")
PERSONS, WEEKS = 240, 16
FIRST = date(2020, 1, 6)

HEAD = """\
---
title: TITLE
lang: da
jupyter: python3
---

```{python}
#| tags: [parameters]
kommune = "Alle"
```

```{python}
#| output: asis
from reportlib.document import aabn
from reportlib.prose import effects, implementation, key_shares, method, progress, summary
from reportlib.show import figures, tables

r = aabn("TRIAL", kommune)
print(r.forside())
```

"""
LOTS = {
    "Resume {#sec-resume}": [
        "r.vis(method.synthetic_notice)",
        'r.vis(summary.key_figures, ["job"], week=r.heltal("uge"))',
        'r.vis(effects.effect, "job", r.heltal("uge"), relative=True)',
    ],
    "Data": [
        "r.vis(method.persons)",
        'r.vis(tables.persons_by_site, id="tbl-personer")',
        'r.vis(method.followed, r.heltal("uge"))',
        'r.vis(figures.followed, id="fig-fulgt")',
        "r.vis(method.balance)",
        'r.vis(tables.balance, id="tbl-balance")',
        'r.vis(figures.balance, id="fig-balance")',
    ],
    "Effekter": [
        'r.vis(effects.reading_guide, "job")',
        'r.vis(effects.lasting, "job")',
        'r.vis(figures.two_panel, "job", id="fig-job", explained=True)',
        'r.vis(effects.site_by_site, "job", r.heltal("uge"))',
        'r.vis(figures.site_effects, "job", r.heltal("uge"), id="fig-kommuner", explained=True)',
        'r.vis(tables.at_week, ["job"], r.heltal("uge"), id="tbl-uge")',
        'r.vis(effects.robustness, ["job"], r.heltal("uge"))',
    ],
    "Indsatsen": [
        "r.vis(implementation.overview)",
        'r.vis(tables.fidelity, id="tbl-fidelitet")',
        'r.vis(implementation.element, "start")',
        'r.vis(figures.shares_by_site, "samtale", id="fig-samtale")',
        'r.vis(key_shares.importance, ["mentor", "cv"])',
        'r.vis(figures.survey_means, ["mentor", "cv"], id="fig-betydning", caption="Hvad borgerne lægger vægt på")',
    ],
    "Metode": [
        "r.vis(method.effects)",
        "r.vis(method.follow_up)",
        "r.vis(method.read_and_dropped)",
        "r.vis(method.disclosure)",
    ],
}
CHANGE = {
    "Resume {#sec-resume}": ["r.vis(method.synthetic_notice)", 'r.vis(progress.cards, ["i-job"])'],
    "Borgerne": [
        "r.vis(progress.recruitment)",
        "r.vis(progress.forecast)",
        'r.vis(figures.recruitment, id="fig-rekruttering")',
        'r.vis(tables.forecast, id="tbl-fremskrivning")',
    ],
    "Udviklingen": [
        'r.vis(progress.before_after, "i-job")',
        'r.vis(figures.before_after, ["i-job"], id="fig-foer-efter")',
        'r.vis(tables.before_after, ["i-job", "timer"], id="tbl-foer-efter")',
        "r.vis(progress.no_effect)",
    ],
    "Målingerne": [
        'r.vis(progress.shrinking, "runde")',
        'r.vis(tables.measurements, "runde", id="tbl-maalinger")',
        'r.vis(progress.first_to_last, "score")',
        'r.vis(progress.furthest, "score")',
        'r.vis(figures.measurements, "score", id="fig-score")',
        'r.vis(figures.moves, ["score"], id="fig-flyttet")',
    ],
    "Metode": ["r.vis(progress.method)", "r.vis(method.follow_up)", "r.vis(method.disclosure)"],
}


def make_project(root: Path) -> Project:
    """A project folder with the two trials, `lod` and `fremgang`."""
    root.mkdir()
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    shutil.copytree(REPOSITORY / "reports" / "_theme", root / "reports" / "_theme")
    _write(root, _lots(), LOTS, {"p.csv": _persons(), "w.csv": _weeks(), "c.csv": _talks(), "b.csv": _answers()})
    _write(root, _change(), CHANGE, {"p.csv": _entered(), "t.csv": _hours(), "c.csv": _starts(), "m.csv": _sheets()})
    return find_project(root)


def _write(
    root: Path, trial: dict[str, Any], document: dict[str, list[str]], extracts: dict[str, Iterable[str]]
) -> None:
    folder = root / "data" / trial["id"]
    folder.mkdir(parents=True)
    (folder / "trial.yml").write_text(yaml.safe_dump(trial, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for name, lines in extracts.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    parts = [HEAD.replace("TITLE", trial["title"]).replace("TRIAL", trial["id"])]
    for heading, calls in document.items():
        parts.append(f"# {heading}\n\n")
        parts += [f"```{{python}}\n#| output: asis\nprint({call})\n```\n\n" for call in calls]
    (root / "reports" / f"{trial['id']}.qmd").write_text("".join(parts), encoding="utf-8")


def _lots() -> dict[str, Any]:
    def of_survey(name: str, label: str) -> dict[str, Any]:
        computed = {"kind": "survey_mean", "survey": "borgere", "item": name, "low": 1, "high": 10,
                    "low_label": "Ingen betydning", "high_label": "Stor betydning"}  # fmt: skip
        return {"id": name, "label": label, "unit": "score", "definition": "Gennemsnit af svarene", "source": "skema",
                "from": computed}  # fmt: skip

    return trial_file(
        id="lod",
        title="Lodtrækningen",
        sites={"names": list(SITES), "noun": {"one": "kommune", "many": "kommuner", "many_definite": "kommunerne"}},
        period={"first": "2020-01-06", "last": "2020-02-01"},
        follow_up={"last_day": "2020-05-10", "weeks": WEEKS, "enough": 20},
        extracts={
            "participants": {"file": "p.csv", "background": {"alder": "Alder", "kvinde": "Kvinder"},
                             "background_units": {"alder": "years"}},
            "weekly": {"job": {"file": "w.csv"}},
            "casework": {"file": "c.csv", "last_day": "2020-02-23"},
            "surveys": {"borgere": {"file": "b.csv", "person": "person", "respondents": "borgerne",
                                    "items": {"mentor": "Mentorens støtte", "cv": "Arbejdet med cv"}}},
        },
        sources={"register": {"text": "Registret"}, "skema": {"text": "Spørgeskemaet"}},
        measures=[
            {"id": "job", "label": "Andel i job", "unit": "pct", "definition": "I job i ugen", "source": "register",
             "clause": "er i job", "noun": "andelen i job", "from": {"kind": "weekly", "extract": "job"}},
            {"id": "samtale", "label": "Samtale inden fire uger", "unit": "pct", "source": "register",
             "definition": "Samtale inden fire uger", "clause": "har haft en samtale inden fire uger",
             "from": {"kind": "event_within", "events": ["samtale"], "weeks": 4}},
            {"id": "plan", "label": "Plan inden fire uger", "unit": "pct", "source": "register",
             "definition": "Plan inden fire uger", "clause": "har lagt en plan inden fire uger",
             "from": {"kind": "event_within", "events": ["plan"], "weeks": 4}},
            of_survey("mentor", "Mentorens støtte"),
            of_survey("cv", "Arbejdet med cv"),
        ],
        elements=[{
            "id": "start", "number": 1, "title": "God start", "intention": "En hurtig start.", "components": [
                {"measure": "samtale", "target": {"green": 80, "yellow": 60}},
                {"measure": "plan", "target": {"green": 90, "yellow": 75}},
            ],
        }],
        facts={"uge": {"value": 12, "unit": "weeks", "label": "Uge, der ses nærmere på", "source": "register"}},
        analyses=[
            {"kind": "balance", "columns": ["alder", "kvinde"]},
            {"kind": "weekly", "measures": ["job"], "uniform_band": True, "accumulate": True, "range_from": 4},
            {"kind": "at_week", "measures": ["job"], "week": 12, "adjust_for": ["alder", "kvinde"]},
            {"kind": "site_effects", "measure": "job", "week": 12},
            {"kind": "fidelity"},
            {"kind": "shares", "measures": ["mentor", "cv"], "by_site": True},
        ],
    )  # fmt: skip


def _treated(number: int) -> bool:
    return number % 2 == 0


def _persons() -> Iterable[str]:
    yield "person;kommune;gruppe;visitationsdato;alder;kvinde"
    for number in range(PERSONS):
        start = FIRST + timedelta(weeks=number % 4)
        age, woman = 25 + number * 7 % 35, int(number * 5 % 11 < 5)
        yield f"P{number};{SITES[number // 2 % 4]};{'DK'[not _treated(number)]};{start.isoformat()};{age};{woman}"


def _weeks() -> Iterable[str]:
    """One of six works in both groups; from week 4 six more of the participants do each week: fewer would be hidden."""
    yield "person;" + ";".join(f"week_{week}" for week in range(1, WEEKS + 1))
    for number in range(PERSONS):
        rank = number // 2 * 37 % 120
        most = [20 + 6 * (max(0, week - 3) if _treated(number) else week // 8) for week in range(1, WEEKS + 1)]
        yield f"P{number};" + ";".join(str(int(rank < each)) for each in most)


def _talks() -> Iterable[str]:
    yield "person;haendelse;dato;slutdato;sted"
    for number in range(0, PERSONS, 2):
        start = FIRST + timedelta(weeks=number % 4)
        if number % 20:
            yield f"P{number};samtale;{(start + timedelta(days=number % 27)).isoformat()};;"
        if number % 14 > 4:
            yield f"P{number};plan;{(start + timedelta(days=number % 25)).isoformat()};;"


def _answers() -> Iterable[str]:
    yield "person;kommune;mentor;cv"
    for number in range(0, PERSONS, 2):
        if number % 5:
            yield f"P{number};{SITES[number // 2 % 4]};{6 + number % 5};{3 + number % 7}"


AROUND = ("Øst", "Vest", "Midt")
CITIZENS = 40
"""Persons of the trial before and after."""


def _change() -> dict[str, Any]:
    return progress_file()


def _entered() -> Iterable[str]:
    yield "person;kommune;gruppe;visitationsdato"
    for number in range(CITIZENS):
        yield f"B{number};{AROUND[number % 3]};D;2021-01-04"


def _hours() -> Iterable[str]:
    """A quarter works before, half after."""
    yield "person;maaned;loentimer"
    for number in range(CITIZENS):
        for month in ("2020-10", "2020-11", "2020-12", "2021-01", "2021-02"):
            if number % 4 == 0 or (number % 2 and month > "2021"):
                yield f"B{number};{month};{20 + number % 7 * 5}"


def _starts() -> Iterable[str]:
    yield "person;haendelse;dato;slutdato;sted"
    for number in range(0, CITIZENS, 4):
        for person in (number, number + 1, number + 2):
            yield f"B{person};start;{(date(2021, 1, 4) + timedelta(days=number * 54 // CITIZENS)).isoformat()};;"


def _sheets() -> Iterable[str]:
    yield "person;kommune;runde;score"
    for number in range(CITIZENS):
        for turn in range(1, 4 if number % 3 == 0 else 3 if number % 3 == 1 else 2):
            yield f"B{number};{AROUND[number % 3]};{turn};{4 + turn + number % 2}"
