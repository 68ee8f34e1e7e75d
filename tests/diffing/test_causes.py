"""Twenty planted changes, twenty right causes: each changed number names what was changed, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import run
from golden_trials import make_project
from valid_files import ACCOUNT_HEADER, small_account

from reportlib.analysis.run import compute_ledger
from reportlib.ledger import Ledger
from reportlib.ledger.file import keep_made_by, load_ledger
from reportlib.numbers.diff import CODE, HIDING, NOT_TOLD, Change, Weight, compare, read_side
from reportlib.trial.project import Project, find_project

SOURCE = Path(__file__).parents[2] / "src"
SAME_ROWS = "lige så mange rækker, andet indhold"
Lines = list[str]


@dataclass(frozen=True)
class Plant:
    """A change of lines of an extract or keys of trial.yml, what its cause is called, and which measures it moves."""

    name: str
    trial: str
    cause: str
    moved: set[str] | None
    extract: str = ""
    edit: Callable[[Lines], Lines] = lambda lines: lines
    setting: Callable[[dict[str, Any]], None] = lambda trial: None


def less(count: int) -> Callable[[Lines], Lines]:
    return lambda lines: lines[:-count]


def again(*rows: str) -> Callable[[Lines], Lines]:
    return lambda lines: [*lines, *rows]


def swapped(old: str, new: str, *, times: int = 100_000) -> Callable[[Lines], Lines]:
    def edit(lines: Lines) -> Lines:
        left = times
        changed = [lines[0]]
        for line in lines[1:]:
            hit = left and old in line
            left -= bool(hit)
            changed.append(line.replace(old, new, 1) if hit else line)
        return changed

    return edit


def put(value: Any, *place: str | int) -> Callable[[dict[str, Any]], None]:
    def setting(trial: dict[str, Any]) -> None:
        part: Any = trial
        for step in place[:-1]:
            part = part[step]
        part[place[-1]] = value

    return setting


ALL = None
SAMTALE, CV = 1, 4  # among the measures
PLANTS = [
    Plant("a person fewer", "lod", "udtrækket p.csv: 1 række færre", ALL, "p.csv", less(1)),
    Plant("ages", "lod", f"udtrækket p.csv: {SAME_ROWS}", {"baggrund"}, "p.csv", swapped(";53;", ";40;")),
    Plant("work", "lod", f"udtrækket w.csv: {SAME_ROWS}", {"job"}, "w.csv", swapped(";0;1", ";1;1")),
    Plant("more talks", "lod", "udtrækket c.csv: 2 rækker flere", {"samtale"}, "c.csv",
          again("P40;samtale;2020-01-08;;", "P60;samtale;2020-01-08;;")),
    Plant("fewer talks", "lod", "udtrækket c.csv: 1 række færre", {"samtale"}, "c.csv", less(1)),
    Plant("later talks", "lod", f"udtrækket c.csv: {SAME_ROWS}", {"samtale"}, "c.csv",
          swapped("samtale;2020-01", "samtale;2020-03", times=9)),
    Plant("fewer answers", "lod", "udtrækket b.csv: 3 rækker færre", {"mentor", "cv"}, "b.csv", less(3)),
    Plant("other answers", "lod", f"udtrækket b.csv: {SAME_ROWS}", {"mentor"}, "b.csv", swapped(";9;", ";10;")),
    Plant("a shorter follow-up", "lod", "indstillingen follow_up.weeks (16 → 14)", ALL,
          setting=put(14, "follow_up", "weeks")),
    Plant("an earlier last day", "lod", "indstillingen follow_up.last_day (2020-05-10 → 2020-05-03)", ALL,
          setting=put("2020-05-03", "follow_up", "last_day")),
    Plant("a measure's weeks", "lod", "indstillingen measures.samtale", {"samtale"},
          setting=put(2, "measures", SAMTALE, "from", "weeks")),
    Plant("a population", "lod", "indstillingen populations.tidlige", {"cv"},
          setting=put("2020-01-16", "populations", 0, "started_before")),
    Plant("an analysis's week", "lod", "indstillingen analyses.at_week.job", {"job"},
          setting=put(9, "analyses", 2, "week")),
    Plant("another analysis's week", "lod", "indstillingen analyses.site_effects.job", {"job"},
          setting=put(9, "analyses", 3, "week")),
    Plant("the level", "lod", "indstillingen design.level (0.05 → 0.3)", ALL, setting=put(0.3, "design", "level")),
    Plant("the threshold", "lod", "indstillingen disclosure.threshold (5 → 12)", ALL,
          setting=put({"threshold": 12}, "disclosure")),
    Plant("the last day of casework", "lod", "indstillingen extracts.casework", {"samtale", "plan"},
          setting=put("2020-02-10", "extracts", "casework", "last_day")),
    Plant("hours", "fremgang", f"udtrækket t.csv: {SAME_ROWS}", {"timer"}, "t.csv", swapped(";45", ";60")),
    Plant("sheets", "fremgang", f"udtrækket m.csv: {SAME_ROWS}", {"score"}, "m.csv", swapped(";1;5", ";1;9")),
]  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Path]]:
    """A project with both small trials, and the ledgers of both as they were."""
    folder = tmp_path_factory.mktemp("causes")
    project = make_project(folder / "project")
    path = project.data_dir / "lod" / "trial.yml"
    trial = yaml.safe_load(path.read_text("utf-8"))
    early = {"id": "tidlige", "label": "borgere fra januar", "started_before": "2020-01-24"}
    trial["populations"] = [early]
    trial["measures"][CV]["population"] = "tidlige"
    path.write_text(yaml.safe_dump(trial, allow_unicode=True), encoding="utf-8")
    return project, {
        name: kept(compute_ledger(project, project.trial(name)), folder / name) for name in ("lod", "fremgang")
    }


def kept(ledger: Ledger, folder: Path) -> Path:
    path = folder / "ledger.json"
    ledger.save(path)
    keep_made_by(path, ledger)
    return path


def planted(plant: Plant, project: Project, folder: Path) -> Path:
    """The ledger of the trial with the change."""
    shutil.copytree(project.data_dir / plant.trial, folder / "data" / plant.trial)
    shutil.copy(project.root / "_quarto.yml", folder)
    own = folder / "data" / plant.trial
    if plant.extract:
        file = own / plant.extract
        lines = file.read_text("utf-8").splitlines()
        edited = plant.edit(lines)
        assert edited != lines
        file.write_text("\n".join(edited) + "\n", encoding="utf-8")
    trial = yaml.safe_load((own / "trial.yml").read_text("utf-8"))
    plant.setting(trial)
    (own / "trial.yml").write_text(yaml.safe_dump(trial, allow_unicode=True), encoding="utf-8")
    changed = find_project(folder)
    return kept(compute_ledger(changed, changed.trial(plant.trial)), folder / "out")


def numbers(old: Path, new: Path) -> list[Change]:
    changes = [change for change in compare(read_side(old), read_side(new)) if change.weight is not Weight.WORDING]
    assert changes
    return changes


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name.replace(" ", "-"))
def test_a_planted_change_is_named_by_every_number_it_moved(
    plant: Plant, base: tuple[Project, dict[str, Path]], tmp_path: Path
) -> None:
    project, ledgers = base
    changes = numbers(ledgers[plant.trial], planted(plant, project, tmp_path))
    assert {cause for change in changes for cause in change.causes} <= {plant.cause, HIDING}
    told = [change for change in changes if change.causes == (plant.cause,)]
    spilled = [change for change in changes if change.causes == (HIDING,)]
    assert len(told) + len(spilled) == len(changes)
    assert all(change.weight is not Weight.NUMBER for change in spilled)
    moved = {change.key.partition(".")[0] for change in told}
    assert moved == plant.moved or plant.moved is None


# Code: a copy of the library in which one line is another.


def by_other_code(module: str, old: str, new: str, project: Project, folder: Path) -> Path:
    shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "src" / "reportlib" / module
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    command = "from reportlib.cli import main; main()"
    arguments = ["analyse", "lod", "--data", project.data_dir, "--out", folder / "out"]
    subprocess.run(
        [sys.executable, "-c", command, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        cwd=project.root,
        check=True,
        capture_output=True,
    )
    return folder / "out" / "lod" / "ledger.json"


def test_another_line_of_code_is_named_by_its_module(base: tuple[Project, dict[str, Path]], tmp_path: Path) -> None:
    project, ledgers = base
    changed = ("estimators/covariate_balance.py", "return float((treated", "return 2 * float((treated")
    new = by_other_code(*changed, project, tmp_path)
    changes = numbers(ledgers["lod"], new)
    assert {change.causes for change in changes} == {(f"koden {changed[0]}",)}
    new.with_suffix(".code.json").unlink()
    assert {change.causes for change in numbers(ledgers["lod"], new)} == {(CODE,)}


# What is said where little is known, and on the screen.


def test_two_changes_are_named_each_by_its_own_numbers(base: tuple[Project, dict[str, Path]], tmp_path: Path) -> None:
    project, ledgers = base
    talks, answers = (
        next(plant for plant in PLANTS if plant.name == name) for name in ("fewer talks", "other answers")
    )
    once = planted(talks, project, tmp_path / "once")
    both = planted(answers, Project(project.root, tmp_path / "once" / "data"), tmp_path / "both")
    assert once != both
    causes = {change.key.partition(".")[0]: change.causes for change in numbers(ledgers["lod"], both)}
    assert causes == {"samtale": (talks.cause,), "mentor": (answers.cause,)}


def test_a_ledger_that_does_not_say_what_it_is_made_of_gives_no_cause(
    base: tuple[Project, dict[str, Path]], tmp_path: Path
) -> None:
    project, ledgers = base
    new = load_ledger(planted(PLANTS[0], project, tmp_path))
    older = kept(Ledger({**new.header, "made_of": None}, new.measures, new.columns), tmp_path / "older")
    assert {change.causes for change in numbers(ledgers["lod"], older)} == {(NOT_TOLD,)}


def account_beside(ledger: Path, *, of: str) -> Path:
    """The account of a report, beside its ledger: all rows of one measure."""
    made = load_ledger(ledger)
    rows = {row.key: row for row in made if row.measure == of}
    header = {**ACCOUNT_HEADER, "ledger": made.hash}
    path = ledger.with_name("alle.tal.json")
    path.write_bytes(replace(small_account(), header=header, numbers=[], rows=rows, measures=made.measures).to_bytes())
    return path


def test_two_reports_take_their_causes_from_the_ledgers_beside_them(
    base: tuple[Project, dict[str, Path]], tmp_path: Path
) -> None:
    project, ledgers = base
    plant = next(plant for plant in PLANTS if plant.name == "fewer talks")
    new = planted(plant, project, tmp_path)
    reports = [account_beside(ledger, of="samtale") for ledger in (ledgers["lod"], new)]
    assert {change.causes for change in numbers(*reports)} == {(plant.cause,)}
    new.write_bytes(ledgers["lod"].read_bytes())  # a ledger that the report was not made of tells nothing of it
    assert {change.causes for change in numbers(*reports)} == {()}
    assert "no causes: they need the ledger.json" in run(["diff", *reports]).out


def test_causes_stand_on_the_screen_in_json_and_in_the_page(
    base: tuple[Project, dict[str, Path]], tmp_path: Path
) -> None:
    project, ledgers = base
    plant = next(plant for plant in PLANTS if plant.name == "fewer talks")
    new, page = planted(plant, project, tmp_path), tmp_path / "page.html"
    ended = run(["diff", ledgers["lod"], new, "--json"])
    assert all(change["causes"] == [plant.cause] for change in json.loads(ended.out))
    assert "udtrækket" in run(["diff", ledgers["lod"], new, "--html", page]).out
    assert f"<td>{plant.cause}</td>" in page.read_text("utf-8")
