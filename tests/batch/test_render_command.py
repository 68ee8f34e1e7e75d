"""`reportlib render`: the plan as a table, results for machines, and an exit status that can be trusted."""

from __future__ import annotations

import json

import pytest
from batch_project import VERSIONS, paragraph_of
from typer.testing import CliRunner

from reportlib.cli.app import app
from reportlib.cli.rendering import ParameterFormError
from reportlib.project import Project

runner = CliRunner()


@pytest.fixture(autouse=True)
def _in_the_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)


def test_a_dry_run_shows_the_plan_and_writes_nothing(project: Project) -> None:
    result = runner.invoke(app, ["render", "--all", "--dry-run", "--json"])
    assert result.exit_code == 0
    assert [entry["kommune"] for entry in json.loads(result.stdout)] == list(VERSIONS)
    assert not project.out_dir.exists()


def test_a_second_run_says_that_there_is_nothing_to_do(project: Project) -> None:
    command = ["render", "lille", "--format", "html", "--workers", "0"]
    assert runner.invoke(app, command).exit_code == 0
    again = runner.invoke(app, command)
    assert "1 unchanged (nothing to do)" in again.stdout
    assert (project.out_dir / "index.html").is_file()


def test_a_failed_report_gives_status_1_and_the_reason_with_its_line(project: Project) -> None:
    paragraph_of(project).write_text("`{python} 1 / 0`\n", encoding="utf-8")
    result = runner.invoke(app, ["render", "lille", "--format", "html", "--workers", "0", "--json"])
    assert result.exit_code == 1
    (entry,) = json.loads(result.stdout)
    assert entry["status"] == "failed"
    assert "reports/lille/_afsnit.qmd:1" in entry["error"]


def test_a_parameter_reaches_the_document(project: Project) -> None:
    result = runner.invoke(app, ["render", "lille", "--format", "html", "--workers", "0", "-P", "udgave:anden: ny"])
    assert result.exit_code == 0
    assert "Dette er udgave anden: ny for Alle." in (project.out_dir / "lille" / "alle.html").read_text("utf-8")


@pytest.mark.parametrize("text", ["udgave", ":1", "kommune:Syd"])
def test_a_parameter_that_is_no_parameter_is_refused(text: str) -> None:
    result = runner.invoke(app, ["render", "lille", "-P", text])
    assert isinstance(result.exception, ParameterFormError)
