"""The benchmark's own parts: its made-up trials are real ones, its changes change what they say, and it ends."""

from __future__ import annotations

import importlib
import mmap
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from batch_project import REPOSITORY, plan_all

from reportlib.batch.batch_run import Options, Status, run_plan
from reportlib.batch.plan import trial_hash
from reportlib.trial.project import Project


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """benchmarks/batch.py, which is a script with neighbours."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "benchmarks"))
    monkeypatch.delitem(sys.modules, "batch", raising=False)
    return importlib.import_module("batch")


@pytest.mark.slow
def test_reports_of_made_up_municipalities_are_made_as_any_other(benchmark: ModuleType, tmp_path: Path) -> None:
    project = benchmark.made_up_project(tmp_path / "opdigtet", REPOSITORY, 70)
    plan = plan_all(project)
    assert len(plan.reports) == 2 * 67  # whole trials: the benchmark takes the first 70
    one = benchmark.replace(plan, reports=plan.reports[1:2])
    (outcome,) = run_plan(one, Options(workers=0)).outcomes
    assert outcome.status is Status.MADE
    assert "Prøvekommune 1.1" in outcome.files(project.out_dir)[0].read_text(encoding="utf-8")


def test_a_copied_trial_is_a_trial_of_its_own(benchmark: ModuleType, project: Project) -> None:
    benchmark.multiply(project.root, "lille", 9)
    names = [report.name for report in plan_all(project).reports]
    assert len(names) == 12
    assert names[4] == "lille-2 Alle"


def test_a_changed_extract_is_one_participant_fewer(benchmark: ModuleType, project: Project) -> None:
    folder = project.trial_folder("lille")
    people = (folder / "p.csv").read_text(encoding="utf-8").splitlines()
    before = trial_hash(project.trial("lille"), folder)
    benchmark.change_extract(project.root, "lille")
    assert (folder / "p.csv").read_text(encoding="utf-8").splitlines() == people[:-1]
    assert trial_hash(project.trial("lille"), folder) != before


def test_the_processes_memory_is_seen(benchmark: ModuleType) -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("only Linux tells")
    import batch_memory

    used = batch_memory._used(batch_memory.os.getpid())
    with mmap.mmap(-1, 50_000_000) as held:  # pages of its own, whatever the process has free
        held.write(b"x" * len(held))
        assert batch_memory._used(batch_memory.os.getpid()) - used > 0.9 * len(held)


FAKE_QUARTO = """\
#!/bin/sh
case "$4" in typst) ending=pdf ;; *) ending=html ;; esac
echo rapport > "$(basename "$2" .qmd).$ending"
"""


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize("installed", [True, False])
def test_quarto_is_compared_where_it_is_and_its_absence_told(
    benchmark: ModuleType,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    installed: bool,
) -> None:
    (tmp_path / "bin").mkdir()
    if installed:
        program = tmp_path / "bin" / "quarto"
        program.write_text(FAKE_QUARTO, encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    if not installed and shutil.which("quarto"):
        pytest.skip("Quarto is in a system folder here")
    plan = benchmark.plan_of(project, project.root / "out")
    result = run_plan(benchmark.replace(plan, reports=plan.reports[:1]), Options(workers=0))
    cold = benchmark.replace(benchmark._measured(result, benchmark.Memory()), seconds=1.0)
    failures = benchmark.Failures()
    benchmark.run_quarto(project.root, ("lille",), 1, cold, failures)
    told = capsys.readouterr().out
    assert failures.count == 0, told
    assert ("times the cold batch's 1.00 s" in told) == installed
    assert ("quarto is not on the PATH" in told) != installed
