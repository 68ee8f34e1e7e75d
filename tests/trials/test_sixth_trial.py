"""A sixth trial, with its own sites, outcome and groups, needs a trial.yml, extracts and a document: no Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportlib.analysis.run import compute_ledger
from reportlib.engine.render import RenderJob, render
from reportlib.ledger.file import ledger_path
from reportlib.trial.municipality import file_names
from reportlib.trial.project import Project

HERE = Path(__file__).parent / "venteliste"
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def make_project(root: Path) -> Project:
    shutil.copy(ROOT / "_quarto.yml", root)
    shutil.copytree(ROOT / "reports" / "_theme", root / "reports" / "_theme")
    shutil.copy(HERE / "venteliste.qmd", root / "reports")
    shutil.copytree(HERE, root / "data" / "venteliste", ignore=shutil.ignore_patterns("*.qmd"))
    return Project(root=root, data_dir=root / "data")


def text_of(project: Project, kommune: str = "Alle") -> str:
    """The text of the finished PDF of one version."""
    trial = project.trial("venteliste")
    ledger, path = compute_ledger(project, trial), ledger_path(project.out_dir, trial.id)
    ledger.save(path)
    result = render(
        RenderJob(
            trial=trial.id,
            kommune=kommune,
            document=project.document(trial.id),
            project=project.root,
            ledger=path,
            ledger_hash=ledger.hash,
            out_dir=project.out_dir / trial.id,
            slug=file_names(trial.sites.names)[kommune],
            parameters={"kommune": kommune},
        )
    )
    return " ".join(" ".join(page.extract_text() for page in PdfReader(result.paths["pdf"]).pages).split())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("sjette"))


@pytest.fixture(scope="module")
def whole(project: Project) -> str:
    return text_of(project)


def test_the_report_speaks_the_trials_own_words(whole: str) -> None:
    assert "180 personer fra tre foreninger: 90 i foreningsgruppen og 90 i ventelistegruppen" in whole


def test_a_waiting_list_is_not_called_a_control_group(whole: str) -> None:
    assert "kontrolgruppe" not in whole


def test_the_trials_own_level_decides_the_intervals(whole: str) -> None:
    assert "90 pct.-konfidensinterval" in whole


def test_a_sites_version_names_the_site(project: Project) -> None:
    text = text_of(project, "Sydhavnen")
    assert "I Sydhavnen" in text
    assert "de øvrige foreninger" in text


def test_the_prose_says_the_opposite_when_the_groups_change_places(whole: str, tmp_path: Path) -> None:
    turned = make_project(tmp_path)
    persons = turned.data_dir / "venteliste" / "personer.csv"
    swapped = persons.read_text(encoding="utf-8").replace(",F,", ",?,").replace(",V,", ",F,").replace(",?,", ",V,")
    persons.write_text(swapped, encoding="utf-8")
    assert "mere, og effekten er sikker" in whole
    assert "mindre, og effekten er sikker" in text_of(turned)
