"""Batches on worker processes: the same bytes whatever their number, and a death that costs one report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_project import VERSIONS, paragraph_of, plan_all, published

from reportlib.batch.batch_run import Options, Outcome, Status, Watcher, run_plan
from reportlib.batch.executors import ExecutorAddressError, open_executor
from reportlib.batch.plan import Plan
from reportlib.numbers.provenance import read_stamp
from reportlib.trial.project import Project

DIES = """\
```{python}
from pathlib import Path
import os
flag = Path(FLAG)
if kommune == "Syd" and not (flag.exists() and ONCE):
    flag.touch()
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
def test_a_report_whose_worker_dies_twice_is_reported_and_the_others_are_made(project: Project, tmp_path: Path) -> None:
    code = DIES.replace("FLAG", repr(str(tmp_path / "flag"))).replace("ONCE", "False")
    paragraph_of(project).write_text(code, encoding="utf-8")
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


@pytest.mark.parametrize("address", ["ray://localhost:1", "dask://", "localhost:8786"])
def test_an_unknown_executor_is_refused(address: str) -> None:
    with pytest.raises(ExecutorAddressError):
        open_executor(address, None, 1, "0a1b2c")


@pytest.mark.slow
def test_a_dask_cluster_makes_the_same_reports_although_a_worker_is_killed(
    project: Project, made: Project, tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    code = DIES.replace("FLAG", repr(str(tmp_path / "flag"))).replace("ONCE", "True")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        result = run_plan(plan_all(project, out_dir=tmp_path / "der"), Options(executor=address))
        assert result.ok
        assert published(made.out_dir) == published(tmp_path / "der")
        paragraph_of(project).write_text(code, encoding="utf-8")
        killed = run_plan(plan_all(project, out_dir=tmp_path / "der"), Options(executor=address))
    assert killed.ok
    assert (tmp_path / "flag").exists()  # the worker did die; Dask gave its task to another
    assert killed.count(Status.MADE) == len(VERSIONS)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_dask_scheduler_that_dies_fails_the_reports_in_words(project: Project, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    paragraph_of(project).write_text("```{python}\nimport time\ntime.sleep(2)\n```\n", encoding="utf-8")
    file = tmp_path / "adresse.json"
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen([*scheduler, "--no-dashboard", "--scheduler-file", str(file)], **quiet)]

    class KillsTheScheduler(Watcher):
        def ended(self, outcome: Outcome) -> None:
            processes[0].kill()

    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = json.loads(file.read_text(encoding="utf-8"))["address"].replace("tcp://", "dask://")
        processes.append(subprocess.Popen([*worker, "--scheduler-file", str(file)], **quiet))
        result = run_plan(plan_all(project), Options(executor=address), KillsTheScheduler())
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert not result.ok
    failures = {str(outcome.failure) for outcome in result.outcomes if outcome.failure is not None}
    assert all("the Dask scheduler is gone" in failure for failure in failures)
    assert run_plan(plan_all(project), Options(workers=0)).ok
