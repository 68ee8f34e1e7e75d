"""`reportlib render`: the plan as a table, results for machines, and an exit status that can be trusted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from batch_project import VERSIONS, add_trial, paragraph_of
from typer.testing import CliRunner

from reportlib.batch.plan import NothingToRenderError
from reportlib.cli.app import app
from reportlib.cli.rendering import ParameterFormError
from reportlib.trial.project import NoDocumentError, Project

SLUGS = ("alle", "nord", "syd", "oest")
runner = CliRunner()


@pytest.fixture(autouse=True)
def _in_the_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)


def test_a_dry_run_shows_the_plan_and_writes_nothing(project: Project) -> None:
    result = runner.invoke(app, ["render", "--all", "--dry-run", "--json"])
    assert result.exit_code == 0
    assert [entry["kommune"] for entry in json.loads(result.stdout)] == list(VERSIONS)
    first = json.loads(result.stdout)[0]
    assert {name: Path(path).name for name, path in first["files"].items()} == {"pdf": "alle.pdf", "html": "alle.html"}
    assert not project.out_dir.exists()


def test_the_files_of_one_report_are_told_and_no_others(project: Project) -> None:
    command = ["render", "lille", "--kommune", "Nord", "--format", "html", "--workers", "0"]
    told = [line.strip() for line in runner.invoke(app, command).stdout.splitlines()]
    assert [line for line in told if line.startswith("_output/")] == ["_output/lille/nord.html"]


def test_a_second_run_says_that_there_is_nothing_to_do(project: Project) -> None:
    command = ["render", "lille", "--format", "html", "--workers", "0"]
    assert runner.invoke(app, command).exit_code == 0
    again = runner.invoke(app, command)
    assert "1 unchanged (nothing to do)" in again.stdout
    assert (project.out_dir / "index.html").is_file()


def test_a_plan_is_readable_in_eighty_columns(project: Project) -> None:
    result = runner.invoke(app, ["render", "--all", "--dry-run"], env={"COLUMNS": "80"})
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "lille -> _output/lille/ (its ledger is computed first)"
    assert [line.split() for line in lines[1:5]] == [
        [name, f"{slug}.pdf", ".html", "to", "make"] for name, slug in zip(VERSIONS, SLUGS, strict=True)
    ]
    assert lines[5] == "4 reports, 4 to make; nothing was written"


def test_the_end_is_a_row_for_each_trial(project: Project) -> None:
    add_trial(project.root, "anden")
    result = runner.invoke(app, ["render", "--all", "--format", "html", "--workers", "0"], env={"COLUMNS": "80"})
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith(("anden", "lille"))]
    assert [row[:2] for row in rows] == [["anden", "4"], ["lille", "4"]]
    assert "8 reports: 8 made" in result.stdout
    told = runner.invoke(app, ["render", "--all", "--format", "html", "--workers", "0", "--verbose"]).stdout
    assert [name for name in VERSIONS if told.count(f"  {name} ") != 2] == []


def test_reports_that_failed_for_one_reason_share_its_lines(project: Project) -> None:
    paragraph_of(project).write_text("`{python} 1 / 0`\n", encoding="utf-8")
    result = runner.invoke(app, ["render", "--all", "--format", "html", "--workers", "0"])
    assert result.exit_code == 1
    assert "lille Alle and 3 more: reports/lille/_afsnit.qmd:1: ZeroDivisionError: division by zero" in result.stdout


def test_each_of_several_reasons_gets_a_line(project: Project) -> None:
    paragraph_of(project).write_text("`{python} {}[kommune]`\n", encoding="utf-8")
    command = ["render", "--all", "--format", "html", "--workers", "0"]
    told = runner.invoke(app, command, env={"COLUMNS": "80"}).stdout
    expected = [f"  lille {name}: reports/lille/_afsnit.qmd:1: KeyError: {name!r}" for name in VERSIONS]
    assert [line for line in told.splitlines() if "KeyError" in line] == expected
    assert "line 1, in <module>" not in told
    assert "line 1, in <module>" in runner.invoke(app, [*command, "--verbose"]).stdout


def test_all_trials_leaves_out_one_without_a_document_and_says_so(project: Project) -> None:
    add_trial(project.root, "uden")
    (project.reports_dir / "uden.qmd").unlink()
    result = runner.invoke(app, ["render", "--all", "--dry-run"])
    assert result.exit_code == 0
    assert "left out, no document in reports/: uden" in result.stdout
    named = runner.invoke(app, ["render", "uden", "--dry-run"])
    assert isinstance(named.exception, NoDocumentError)


def test_a_project_without_trials_is_refused(project: Project, tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    result = runner.invoke(app, ["render", "--all", "--data", str(tmp_path / "tom")])
    assert isinstance(result.exception, NothingToRenderError)


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


def test_a_report_that_could_not_be_made_anew_is_called_old_on_the_library_page(project: Project) -> None:
    command = ["render", "lille", "--kommune", "Nord", "--kommune", "Syd", "--format", "html", "--workers", "0"]
    assert runner.invoke(app, command).exit_code == 0
    page, paragraph = project.out_dir / "index.html", project.root / "reports" / "lille" / "_afsnit.qmd"
    assert "ældre grundlag" not in page.read_text(encoding="utf-8")
    good = paragraph.read_text(encoding="utf-8")
    paragraph.write_text(good + "\n```{python}\nif r.site == 'Syd':\n    r['nej']\n```\n", encoding="utf-8")
    assert runner.invoke(app, command).exit_code == 1
    assert re.findall(r'<th scope="row">(\w+) <strong>\(ældre', page.read_text(encoding="utf-8")) == ["Syd"]
    paragraph.write_text(good, encoding="utf-8")
    assert runner.invoke(app, command).exit_code == 0
    assert "ældre grundlag" not in page.read_text(encoding="utf-8")


def test_the_list_of_trials_is_readable_in_eighty_columns(project: Project) -> None:
    add_trial(project.root, "anden", sites=tuple(f"Et langt stednavn {number}" for number in range(8)))
    lines = runner.invoke(app, ["list"], env={"COLUMNS": "80"}).stdout.splitlines()
    assert lines[0] == "anden: Lille anden (randomised)"
    assert lines[1].strip() == "document: reports/anden.qmd"
    assert all(len(line) <= 80 for line in lines)
    assert "Et langt stednavn 7" in " ".join(line.strip() for line in lines)
