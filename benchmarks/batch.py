"""How long a batch takes and where the time goes: cold, unchanged, one changed paragraph, one more municipality.

    python benchmarks/batch.py                     # every version of every trial of this project
    python benchmarks/batch.py --versions 67 300   # the largest trial copied until there are so many versions
    python benchmarks/batch.py --quarto 2          # two of the reports through `quarto render` too, in a loop

Everything happens in a copy of the project in a temporary folder. CPU seconds are those of all processes together: on a
machine that does other things they say more than the clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reportlib.batch.executors import cores
from reportlib.batch.plan import BatchRequest, Plan, make_plan
from reportlib.batch.result import BatchResult, Status
from reportlib.batch.run import Options, run_plan
from reportlib.project import Project, find_project

EVERYTHING = ("Alle", "alle-kommuner")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """A batch: its result, seconds by the clock (the plan among them) and of CPU."""

    result: BatchResult
    seconds: float
    cpu: float


def cpu_seconds() -> float:
    """CPU seconds of this process and of all that have ended below it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(make: Callable[[], Plan], options: Options) -> Measured:
    """Plan and run."""
    began, cpu = time.perf_counter(), cpu_seconds()
    result = run_plan(make(), options)
    for outcome in result.outcomes:
        if outcome.failure is not None:
            print(f"{outcome.report.name}: {outcome.failure}")
    return Measured(result, time.perf_counter() - began, cpu_seconds() - cpu)


@contextmanager
def copied_project(trials: tuple[str, ...]) -> Iterator[Project]:
    """A copy of the project with these trials that can be changed."""
    with tempfile.TemporaryDirectory(prefix="rl-bench-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "project"
        root.mkdir()
        shutil.copy(ROOT / "_quarto.yml", root)
        shutil.copytree(ROOT / "reports", root / "reports")
        for trial in trials:
            shutil.copytree(ROOT / "data" / trial, root / "data" / trial)
        yield find_project(root)


def with_document(trials: tuple[str, ...]) -> tuple[str, ...]:
    """The trials asked for (default all) that have a document."""
    found = trials or tuple(find_project(ROOT).trials())
    return tuple(trial for trial in found if (ROOT / "reports" / f"{trial}.qmd").is_file())


def multiply(project: Project, trial: str, versions: int) -> None:
    """Copies of the trial under other ids, made-up municipalities, until all together have so many versions."""
    each = len(project.trial(trial).sites.names) + 1
    for number in range(2, -(-versions // each) + 1):
        copy = f"{trial}-{number}"
        shutil.copytree(project.data_dir / trial, project.data_dir / copy)
        settings = project.data_dir / copy / "trial.yml"
        text = settings.read_text(encoding="utf-8").replace(f"\nid: {trial}\n", f"\nid: {copy}\n")
        settings.write_text(text.replace(f"id: {trial}\n", f"id: {copy}\n", 1), encoding="utf-8")
        document = (project.reports_dir / f"{trial}.qmd").read_text(encoding="utf-8")
        (project.reports_dir / f"{copy}.qmd").write_text(
            document.replace(f'aabn("{trial}"', f'aabn("{copy}"'), encoding="utf-8"
        )


def plan_of(project: Project, out_dir: Path, versions: int | None = None) -> Plan:
    """Every version of every trial, or the first so many of them."""
    plan = make_plan(project, BatchRequest(municipalities=EVERYTHING, out_dir=out_dir))
    return plan if versions is None else replace(plan, reports=plan.reports[:versions])


def line(name: str, done: Measured) -> str:
    made = done.result.count(Status.MADE)
    each = f"{done.seconds / made:6.2f} {done.cpu / made:8.2f}" if made else f"{'':6} {'':8}"
    peak = "" if done.result.peak is None else f"{done.result.peak / 1e6:6.0f} MB"
    return f"{name:34} {made:5d} {done.seconds:8.1f} {done.cpu:8.1f} {each} {peak}"


def steps(result: BatchResult) -> dict[str, float]:
    """Mean wall seconds of each step of a report."""
    sums: dict[str, float] = defaultdict(float)
    for outcome in result.outcomes:
        for name, seconds in outcome.seconds.items():
            sums[name] += seconds / max(result.count(Status.MADE), 1)
    return dict(sums)


def run_benchmark(project: Project, workers: int | None) -> None:
    """The table for this project."""
    options, out = Options(workers=workers), project.root / "out"
    cold = measure(lambda: plan_of(project, out), options)
    print(line("cold", cold), flush=True)
    print(line("unchanged", measure(lambda: plan_of(project, out), options)))
    documents = {report.document for report in plan_of(project, out).reports}
    document = min(documents, key=lambda path: sum(path.stem == one.trial for one in plan_of(project, out).reports))
    document.write_text(document.read_text(encoding="utf-8") + "\nEt nyt afsnit.\n", encoding="utf-8")
    print(line(f"one changed paragraph ({document.stem})", measure(lambda: plan_of(project, out), options)))
    plan = plan_of(project, out)
    here = Options(workers=0, force=False)
    run_plan(replace(plan, reports=plan.reports[:1], out_dir=project.root / "one"), here)  # loads everything
    one = replace(plan, reports=plan.reports[1:2], out_dir=project.root / "one")
    print(line("one more municipality", measure(lambda: one, here)))
    print("\nseconds a report by step (wall clock, cold; analysis is once a trial)")
    for trial, seconds in cold.result.analysis.items():
        print(f"  analysis of {trial:22} {seconds:6.2f}")
    for name, seconds in steps(cold.result).items():
        print(f"  {name:34} {seconds:6.2f}")


def run_quarto(project: Project, reports: int) -> None:
    """The same documents through `quarto render`, one after another, against the embedded engine's mean."""
    if shutil.which("quarto") is None:
        print("\nquarto is not on the PATH: no comparison")
        return
    plan = plan_of(project, project.root / "quarto", reports)
    ours = measure(lambda: replace(plan, out_dir=project.root / "ours"), Options(workers=0))
    began = time.perf_counter()
    for report in plan.reports:
        for target in ("typst", "html"):
            command = ["quarto", "render", str(report.document), "-P", f"kommune:{report.kommune}", "--to", target]
            subprocess.run(command, cwd=project.root, check=True, capture_output=True, env=dict(os.environ))
    theirs = (time.perf_counter() - began) / len(plan.reports)
    mine = ours.seconds / len(plan.reports)
    print(f"\nquarto {theirs:.1f} s a report, reportlib {mine:.1f} s: {theirs / mine:.1f} times as long")


def run_growth(trial: str, versions: int, workers: int | None) -> None:
    """A cold batch of so many versions."""
    with copied_project((trial,)) as project:
        multiply(project, trial, versions)
        done = measure(lambda: plan_of(project, project.root / "out", versions), Options(workers=workers))
        print(line(f"{versions} versions", done), flush=True)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", nargs="*", default=[], help="trials (default: all with a document)")
    parser.add_argument("--workers", type=int, help="worker processes (default: one a core)")
    parser.add_argument("--versions", type=int, nargs="*", default=[], help="measure growth at so many reports")
    parser.add_argument("--quarto", type=int, default=0, help="reports to render with Quarto too")
    arguments = parser.parse_args()
    trials = with_document(tuple(arguments.trials))
    print(f"{cores()} cores, load {os.getloadavg()[0]:.1f} before; trials: {', '.join(trials)}\n")
    print(f"{'':34} {'made':>5} {'seconds':>8} {'CPU':>8} {'s each':>6} {'CPU each':>8}   peak")
    for versions in arguments.versions:
        run_growth(trials[0], versions, arguments.workers)
    if arguments.versions:
        return
    with copied_project(trials) as project:
        run_benchmark(project, arguments.workers)
        if arguments.quarto:
            run_quarto(project, arguments.quarto)


if __name__ == "__main__":
    main()
