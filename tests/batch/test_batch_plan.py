"""A plan refuses what is wrong before anything runs; its keys change with what a report is made of, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batch_project import VERSIONS, add_trial, make_project, paragraph_of, plan_all

from reportlib.batch.plan import (
    BatchRequest,
    DuplicateOutputError,
    LedgerForOneTrialError,
    NothingToRenderError,
    Plan,
    UnknownFormatError,
    make_plan,
)
from reportlib.document import UnknownParameterError
from reportlib.trial.municipality import UnknownMunicipalityError
from reportlib.trial.project import Project


def keys(plan: Plan) -> dict[str, str]:
    return {report.name: report.key for report in plan.reports}


def test_a_plan_names_every_version_once_and_writes_nothing(project: Project) -> None:
    plan = plan_all(project)
    assert [report.kommune for report in plan.reports] == list(VERSIONS)
    assert len(set(keys(plan).values())) == len(VERSIONS)
    assert not project.out_dir.exists()


def test_a_batch_is_planned_without_what_draws_and_counts() -> None:
    slow = "{'matplotlib', 'numpy', 'pandas', 'IPython'}"
    code = f"import sys, reportlib.batch.batch_run, reportlib.batch.plan; raise SystemExit({slow} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.stderr.strip() == "set()"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (BatchRequest(trials=("lille", "lille")), DuplicateOutputError),
        (BatchRequest(parameters={"ugee": "35"}), UnknownParameterError),
        (BatchRequest(formats=("odt",)), UnknownFormatError),
        (BatchRequest(formats=("pdf", "docx"), engine="quarto"), UnknownFormatError),
        (BatchRequest(formats=("pdf", "pdf")), UnknownFormatError),
        (BatchRequest(municipalities=("Nordd",)), UnknownMunicipalityError),
    ],
)
def test_a_wrong_request_is_refused(project: Project, request_: BatchRequest, error: type[Exception]) -> None:
    with pytest.raises(error):
        make_plan(project, request_)
    assert not project.out_dir.exists()


def test_one_ledger_cannot_serve_two_trials(tmp_path: Path) -> None:
    project = make_project(tmp_path / "to", "lille", "anden")
    with pytest.raises(LedgerForOneTrialError):
        make_plan(project, BatchRequest(ledger=tmp_path / "ledger.json"))


def test_a_changed_paragraph_changes_the_keys_of_its_own_document(project: Project) -> None:
    add_trial(project.root, "anden")
    before = keys(plan_all(project))
    paragraph_of(project, "anden").write_text("En anden tekst.\n", encoding="utf-8")
    after = keys(plan_all(project))
    changed = {name.split()[0] for name in before if before[name] != after[name]}
    assert changed == {"anden"}


def test_a_changed_extract_changes_the_keys_of_its_own_trial(project: Project) -> None:
    add_trial(project.root, "anden")
    before = keys(plan_all(project))
    extract = project.data_dir / "lille" / "w.csv"
    extract.write_text(extract.read_text(encoding="utf-8").replace("P0;0", "P0;1"), encoding="utf-8")
    after = keys(plan_all(project))
    assert {name.split()[0] for name in before if before[name] != after[name]} == {"lille"}


@pytest.mark.parametrize(
    "file", ["data/lille/trial.yml", "reports/_theme/report.css", "_quarto.yml", "reports/lille.qmd"]
)
def test_every_file_a_report_is_made_of_is_in_its_key(project: Project, file: str) -> None:
    before = keys(plan_all(project))
    path = project.root / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = keys(plan_all(project))
    assert all(before[name] != after[name] for name in before)


def test_a_picture_beside_the_document_is_in_its_key(project: Project) -> None:
    before = keys(plan_all(project))
    (project.reports_dir / "lille" / "kort.svg").write_text("<svg/>", encoding="utf-8")
    assert keys(plan_all(project)) != before


def test_a_files_date_is_not_in_the_key(project: Project) -> None:
    before = keys(plan_all(project))
    for path in project.root.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))
    assert keys(plan_all(project)) == before


def test_parameters_are_in_the_key_and_formats_are_not(project: Project) -> None:
    plain = make_plan(project, BatchRequest()).reports[0].key
    other = make_plan(project, BatchRequest(parameters={"udgave": "2"})).reports[0].key
    html = make_plan(project, BatchRequest(formats=("html",))).reports[0].key
    assert plain == html
    assert plain != other


def test_all_trials_where_none_has_a_document_and_where_there_is_none(project: Project) -> None:
    assert make_plan(project, BatchRequest()).reports
    project.document("lille").unlink()
    with pytest.raises(NothingToRenderError, match=r"no trial has a document in .*reports") as no_document:
        make_plan(project, BatchRequest())
    assert "write reports/lille.qmd" in str(no_document.value.hint)
    (project.trial_folder("lille") / "trial.yml").unlink()
    with pytest.raises(NothingToRenderError, match=r"no trials in .*data") as no_trial:
        make_plan(project, BatchRequest())
    assert "reportlib new" in str(no_trial.value.hint)
