"""The real experiment from extract to PDF and HTML: a trial.yml, its extracts and a short document, no Python."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportlib.analysis.run import compute_ledger
from reportlib.engine.render import RenderJob, RenderResult, render
from reportlib.ledger import Ledger
from reportlib.ledger.file import ledger_path
from reportlib.trial.project import Project

HERE = Path(__file__).parent / "rossi"
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("projekt")
    shutil.copy(ROOT / "_quarto.yml", root)
    shutil.copytree(ROOT / "reports" / "_theme", root / "reports" / "_theme")
    shutil.copy(HERE / "rossi.qmd", root / "reports")
    shutil.copytree(HERE, root / "data" / "rossi", ignore=shutil.ignore_patterns("*.qmd", "*.py", "__pycache__"))
    return Project(root=root, data_dir=root / "data")


@pytest.fixture(scope="module")
def ledger(project: Project) -> Ledger:
    ledger = compute_ledger(project, project.trial("rossi"))
    ledger.save(ledger_path(project.out_dir, "rossi"))
    return ledger


@pytest.fixture(scope="module")
def result(project: Project, ledger: Ledger) -> RenderResult:
    return render(
        RenderJob(
            trial="rossi",
            kommune="Alle",
            document=project.document("rossi"),
            project=project.root,
            ledger=ledger_path(project.out_dir, "rossi"),
            ledger_hash=ledger.hash,
            out_dir=project.out_dir / "rossi",
            slug="alle",
            parameters={"kommune": "Alle"},
        )
    )


@pytest.fixture(scope="module")
def pdf_text(result: RenderResult) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(result.paths["pdf"]).pages)
    return " ".join(text.split())


def test_both_formats_are_made(result: RenderResult) -> None:
    assert {name: path.name for name, path in result.paths.items()} == {"pdf": "alle.pdf", "html": "alle.html"}


def test_the_pdf_prints_the_ledgers_difference(pdf_text: str, ledger: Ledger) -> None:
    p = ledger["beskaeftiget.forskel.uge26"].p
    assert p is not None
    assert ("ikke sikker" in pdf_text or "ingen sikker" in pdf_text) == (p >= 0.05)


def test_the_pdf_counts_the_persons(pdf_text: str) -> None:
    assert "432 personer fra 18 steder: 216 i støttegruppen og 216 i kontrolgruppen" in pdf_text


def test_a_trial_that_began_on_one_day_names_that_day_once(pdf_text: str) -> None:
    assert "De er kommet ind i forsøget den 4. januar 1971." in pdf_text


def test_real_data_is_not_called_synthetic(result: RenderResult, pdf_text: str) -> None:
    assert "yntetisk" not in pdf_text
    page = result.paths["html"].read_text(encoding="utf-8")
    assert "yntetisk" not in re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
