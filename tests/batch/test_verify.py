"""A report is made again from what it says it is made of, and its bytes compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_project import make_project
from typer.testing import CliRunner

from reportlib.batch import verify as verifying
from reportlib.batch.batch_run import Options, run_plan
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.batch.verify import NothingToVerifyError, verify_all
from reportlib.cli.app import app
from reportlib.trial.project import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with two finished reports in its output folder."""
    made = make_project(tmp_path_factory.mktemp("verify") / "projekt")
    run_plan(make_plan(made, BatchRequest(municipalities=("Alle", "Nord"))), Options(workers=0))
    return made


def test_every_file_of_every_report_is_the_same(project: Project) -> None:
    results = list(verify_all([project.out_dir], project))
    assert sorted(one.file.name for one in results) == [
        f"{slug}{suffix}" for slug in ("alle", "nord") for suffix in (".html", ".pdf", ".prov.json", ".tal.json")
    ]
    assert all(one.same and one.changed == () for one in results)


def test_a_trial_is_analysed_once_for_all_its_reports(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    analysed: list[str] = []
    compute = verifying.compute_ledger
    monkeypatch.setattr(verifying, "compute_ledger", lambda *given: analysed.append("x") or compute(*given))
    assert all(one.same for one in verify_all([project.out_dir], project))
    assert analysed == ["x"]


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".tal.json", ".prov.json"])
def test_one_changed_byte_is_told(suffix: str, project: Project, tmp_path: Path) -> None:
    for file in (project.out_dir / "lille").glob("alle.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    changed = tmp_path / f"alle{suffix}"
    changed.write_bytes(changed.read_bytes() + b"\n")
    found = {one.file: one.same for one in verify_all([tmp_path], project)}
    assert len(found) == 4 and [file for file, same in found.items() if not same] == [changed]


def test_what_has_changed_since_is_named(project: Project, tmp_path: Path) -> None:
    for file in (project.out_dir / "lille").glob("nord.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    document = project.document("lille")
    before = document.read_text(encoding="utf-8")
    try:
        document.write_text(before.replace("Dette er udgave", "Det her er udgave"), encoding="utf-8")
        (result,) = verify_all([tmp_path / "nord.pdf"], project)
    finally:
        document.write_text(before, encoding="utf-8")
    assert not result.same
    assert result.changed == ("reports/lille.qmd",)


def test_a_folder_without_reports_is_told(project: Project, tmp_path: Path) -> None:
    with pytest.raises(NothingToVerifyError, match="no reports in"):
        list(verify_all([tmp_path], project))


def test_the_command_ends_with_one_where_a_file_differs(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    page = project.out_dir / "lille" / "nord.html"
    other = tmp_path / "nord.html"
    other.write_bytes(page.read_bytes().replace(b"Lille", b"Stor"))
    assert CliRunner().invoke(app, ["verify", str(page)]).exit_code == 0
    result = CliRunner().invoke(app, ["verify", str(other)])
    assert result.exit_code == 1 and "not the same" in result.stdout


def test_what_quarto_made_cannot_be_made_again(project: Project, tmp_path: Path) -> None:
    page = tmp_path / "nord.html"
    head = (
        f'<head><meta name="reportlib-stamp" content="reportlib:1;trial=lille;kommune=Nord;ledger={"0" * 64}"></head>'
    )
    page.write_text(head.replace("<head>", '<head><meta name="generator" content="quarto-1.10.18">'), encoding="utf-8")
    with pytest.raises(NothingToVerifyError, match=r"nord\.html was made by Quarto") as caught:
        list(verify_all([page], project))
    assert "without --engine quarto" in str(caught.value.hint)
