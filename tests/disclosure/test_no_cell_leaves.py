"""No text of a cell leaves the server: a mark stands in every kind of text cell, and is looked for in all that is made.

Municipalities, groups and the answers and kinds of event that trial.yml names are words of trial.yml. All other text is
the extracts': who somebody is, what else was answered or registered, where, and the folder the files lie in.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from four_persons import PERSONS, SmallTrial

from reportlib.analysis.run import analyse, compute_ledger
from reportlib.engine.render import RenderJob, render
from reportlib.ledger.file import ledger_path
from reportlib.registers.errors import ExtractError, RareValueError
from reportlib.trial.project import Project

MARK = "kendemærke"
ROOT = Path(__file__).parents[2]
TRIAL = ROOT / "tests" / "trials" / "venteliste"


def marked(text: str) -> str:
    return f"{MARK} {text}"


@pytest.fixture
def small(tmp_path: Path) -> SmallTrial:
    """Four persons whose every free text holds the mark."""
    folder = tmp_path / MARK
    folder.mkdir()
    trial = SmallTrial(folder)
    names = {person: marked(person) for person in PERSONS}
    for frame in (trial.participants, trial.hours, trial.casework, trial.citizens):
        frame["person"] = frame["person"].map(names)
    trial.dream["PNR"] = trial.dream["PNR"].map(names)
    trial.participants["note"] = [marked(person) for person in PERSONS]
    trial.casework["haendelse"] = ["samtale", marked("hændelse")]
    trial.casework["sted"] = marked("sted")
    trial.citizens["mening"] = ["Enig", marked("svar")]
    trial.citizens["andet"] = marked("andet svar")
    trial.measure(kind="survey_answers", survey="borgere", item="mening", answers={"Enig": "Enig"})  # and no other
    trial.measure(kind="survey_share", survey="borgere", item="mening", answers=["Enig"])
    trial.measure(kind="event_ever", events=["samtale"])
    trial.spec["disclosure"] = {"threshold": 3}
    return trial


def ledger_of(small: SmallTrial) -> bytes:
    data = small.read()
    return analyse(data.trial, data).to_bytes()


def has_mark(written: bytes) -> bool:
    """Also where Danish letters are written as their numbers."""
    return any(MARK.encode(coding) in written for coding in ("utf-8", "latin-1")) or b"kendem\\u00e6rke" in written


def test_the_ledger_holds_no_text_of_a_cell(small: SmallTrial) -> None:
    small.spec["analyses"] = [{"kind": "shares", "measures": ["m1", "m2"], "by_site": True}]
    written = ledger_of(small)
    assert not has_mark(written)


def test_a_category_of_too_few_persons_is_refused_and_its_name_is_not_kept(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background"]["ydelse"] = "Ydelse"
    small.participants["ydelse"] = ["Ingen", "Ingen", "Ingen", marked("ydelse")]
    with pytest.raises(RareValueError) as caught:
        small.read()
    assert has_mark(str(caught.value).encode())  # on the screen of the server
    assert not has_mark(caught.value.fit_to_keep.encode())


@pytest.mark.parametrize(
    ("frame", "column"),
    [
        ("participants", "kommune"),
        ("participants", "gruppe"),
        ("participants", "visitationsdato"),
        ("dream", "y_1640"),
        ("hours", "loentimer"),
        ("casework", "slutdato"),
        ("citizens", "kommune"),
    ],
)
def test_what_is_kept_of_an_error_holds_no_text_of_a_cell_nor_of_the_folder(
    small: SmallTrial, frame: str, column: str
) -> None:
    getattr(small, frame).loc[1, column] = marked(column)
    with pytest.raises(ExtractError) as caught:
        small.read()
    assert not has_mark(caught.value.fit_to_keep.encode())


@pytest.mark.slow
def test_nothing_that_is_rendered_holds_a_text_of_a_cell(tmp_path: Path) -> None:
    root = tmp_path / MARK
    data = root / "data" / "venteliste"
    (root / "reports").mkdir(parents=True)
    shutil.copy(ROOT / "_quarto.yml", root)
    shutil.copytree(ROOT / "reports" / "_theme", root / "reports" / "_theme")
    shutil.copy(TRIAL / "venteliste.qmd", root / "reports")
    shutil.copytree(TRIAL, data, ignore=shutil.ignore_patterns("*.qmd"))
    for name in ("personer.csv", "frivillig.csv"):
        table = pd.read_csv(data / name, dtype=str, keep_default_na=False)
        table["id"] = [marked(text) for text in table["id"]]
        table["bemærkning"] = marked("bemærkning")
        table.to_csv(data / name, index=False)
    project = Project(root=root, data_dir=root / "data")
    trial = project.trial("venteliste")
    ledger, path = compute_ledger(project, trial), ledger_path(project.out_dir, trial.id)
    ledger.save(path)
    job = RenderJob(
        trial=trial.id,
        kommune="Alle",
        document=project.document(trial.id),
        project=root,
        ledger=path,
        ledger_hash=ledger.hash,
        out_dir=project.out_dir / trial.id,
        slug="alle",
        formats=("html",),
        parameters={"kommune": "Alle"},
    )
    render(job)
    written = [file for file in project.out_dir.rglob("*") if file.is_file()]
    assert {file.suffix for file in written} >= {".json", ".html"}
    assert [file.name for file in written if has_mark(file.read_bytes())] == []
