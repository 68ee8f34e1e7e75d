"""Batches on worker processes: the same bytes whatever their number, and a death that costs one report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from batch_project import VERSIONS, paragraph_of, plan_all, published

from reportlib.batch.batch_run import Options, Status, run_plan
from reportlib.batch.plan import Plan
from reportlib.numbers.provenance import read_stamp
from reportlib.trial.project import Project

DIES = """\
```{python}
import os
if kommune == "Syd":
    os._exit(9)
```
"""


def reversed_plan(plan: Plan) -> Plan:
    return Plan(plan.project, plan.data_dir, plan.out_dir, plan.reports[::-1], plan.ledgers)


@pytest.mark.slow
def test_bytes_are_equal_whatever_the_workers_and_the_order(project: Project, tmp_path: Path) -> None:
    run_plan(plan_all(project, out_dir=tmp_path / "her", formats=("pdf", "html")), Options(workers=0))
    many = plan_all(project, out_dir=tmp_path / "mange", formats=("pdf", "html"))
    result = run_plan(reversed_plan(many), Options(workers=8))  # more than cores and reports
    assert result.ok
    assert published(tmp_path / "her") == published(tmp_path / "mange")


@pytest.mark.slow
def test_a_report_whose_worker_dies_twice_is_reported_and_the_others_are_made(project: Project) -> None:
    paragraph_of(project).write_text(DIES, encoding="utf-8")
    result = run_plan(plan_all(project), Options(workers=2))
    failed = [outcome for outcome in result.outcomes if outcome.status is Status.FAILED]
    assert [outcome.report.kommune for outcome in failed] == ["Syd"]
    assert "exit status 9" in str(failed[0].failure)
    assert result.count(Status.MADE) == len(VERSIONS) - 1


def _command(project: Project) -> list[str]:
    code = "import sys; from reportlib.cli import main; main()"
    return [sys.executable, "-c", code, "render", "--all", "--format", "html", "--workers", "1"]


@pytest.mark.slow
def test_two_batches_in_one_folder_at_once(project: Project) -> None:
    batches = [subprocess.Popen(_command(project), cwd=project.root, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [batch.wait(timeout=120) for batch in batches] == [0, 0]
    for slug, name in (("alle", "Alle"), ("nord", "Nord"), ("syd", "Syd"), ("oest", "Øst")):
        assert read_stamp(project.out_dir / "lille" / f"{slug}.html").kommune == name
    again = run_plan(plan_all(project), Options(workers=0))
    assert again.count(Status.UNCHANGED) == len(VERSIONS)
