"""How long a batch takes, where the time goes, how much memory it needs, and how it grows.

    python benchmarks/batch.py                                    # everything below; under ten minutes on two cores
    python benchmarks/batch.py --trial jobgaranti --versions 20   # one trial and a short series, to try it
    python benchmarks/batch.py --versions                         # without the series of growing batches
    python benchmarks/batch.py --versions 67 300 --full jobgaranti  # the series with copies of a real trial

Measured: the whole batch cold, unchanged, with one changed paragraph and with one changed extract; one more
municipality in a running batch; batches of 67, 300 and 1,000 short reports of made-up municipalities; and, where
`quarto` is on the PATH, the same documents through Quarto, one after another. Each run is a process of its own and
works on a copy of the project in a temporary folder. CPU seconds are those of all processes together: on a machine
that does other things they say more than the clock.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from batch_made_up import made_up_project
from batch_memory import Memory, cpu_seconds, watched_memory

from reportlib.batch.batch_run import BatchResult, Options, Status, report_job, run_plan
from reportlib.batch.cache import Cache
from reportlib.batch.executors import cores
from reportlib.batch.plan import BatchRequest, Plan, make_plan
from reportlib.batch.tasks import peak_memory
from reportlib.trial.project import Project, find_project

EVERYTHING = ("Alle", "alle-kommuner")
ROOT = Path(__file__).parents[1]
STEPS = {
    "execute": "execution",
    "figures": "figures",
    "pandoc": "Pandoc",
    "typst": "Typst",
    "html": "HTML",
    "publish": "publish",
    "read": "read",
}
_WIDTH = 44


@dataclass(frozen=True)
class Measured:
    """A batch in a process of its own. Seconds by the clock hold the start of Python and the plan; memory in bytes."""

    made: int
    failures: tuple[str, ...]
    seconds: float
    cpu: float
    analysis: dict[str, float]
    steps: dict[str, float]
    parent: int | None
    worker: int | None
    together: int | None
    halves: tuple[int, int] | None


def in_new_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function gives in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def measure(root: Path, out: Path, jobs: int | None, trials: tuple[str, ...] = (), versions: int | None = None) -> Any:
    """Plan and run a batch in a new process."""
    began = time.perf_counter()
    measured = in_new_process(_measure_here, root, out, jobs, trials, versions)
    return replace(measured, seconds=time.perf_counter() - began)


def _measure_here(root: Path, out: Path, jobs: int | None, trials: tuple[str, ...], versions: int | None) -> Measured:
    with watched_memory() as memory:
        plan = plan_of(find_project(root), out, trials)
        result = run_plan(replace(plan, reports=plan.reports[:versions]), Options(workers=jobs))
    return _measured(result, memory)


def _measured(result: BatchResult, memory: Memory) -> Measured:
    failures = [f"{one.report.name}: {one.failure}" for one in result.outcomes if one.failure is not None]
    return Measured(
        made=result.count(Status.MADE),
        failures=tuple(failures),
        seconds=0.0,
        cpu=cpu_seconds(),
        analysis=dict(result.analysis),
        steps=_steps(result),
        parent=peak_memory(),
        worker=result.peak,
        together=memory.peak(),
        halves=memory.halves(),
    )


def _steps(result: BatchResult) -> dict[str, float]:
    """Mean seconds by the clock of each step of a report."""
    sums: dict[str, float] = defaultdict(float)
    for outcome in result.outcomes:
        for name, seconds in outcome.seconds.items():
            sums[name] += seconds / max(result.count(Status.MADE), 1)
    return dict(sums)


def plan_of(project: Project, out: Path, trials: tuple[str, ...] = ()) -> Plan:
    """Every version of these trials (none: all)."""
    return make_plan(project, BatchRequest(trials=trials, municipalities=EVERYTHING, out_dir=out))


@dataclass(frozen=True)
class OneMore:
    """One more municipality of a trial, in a process that has made another of it: seconds by the clock and of CPU."""

    trial: str
    seconds: float
    cpu: float


def one_more(root: Path, out: Path, trial: str, tries: int) -> OneMore:
    """The median of so many municipalities, both formats; the ledger is there, their own figures are not."""
    plan = plan_of(find_project(root), out, (trial,))
    cache = Cache(out)
    shutil.rmtree(cache.figures, ignore_errors=True)
    shutil.rmtree(cache.folder / "reports" / trial, ignore_errors=True)
    times = []
    for report in plan.reports[: tries + 1]:
        began, cpu = time.perf_counter(), cpu_seconds()
        result = run_plan(replace(plan, reports=(report,)), Options(workers=0))
        if not result.ok:
            raise RuntimeError(f"{report.name}: {result.outcomes[0].failure}")
        times.append((time.perf_counter() - began, cpu_seconds() - cpu))
    warm = times[1:] or times  # the first loads everything
    return OneMore(trial, statistics.median(one[0] for one in warm), statistics.median(one[1] for one in warm))


@contextmanager
def copied_project(trials: Sequence[str]) -> Iterator[Path]:
    """The folder of a copy of this project with these trials, which can be changed."""
    with tempfile.TemporaryDirectory(prefix="rl-bench-", ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "project"
        root.mkdir()
        shutil.copy(ROOT / "_quarto.yml", root)
        shutil.copytree(ROOT / "reports", root / "reports", ignore=shutil.ignore_patterns("figs", "__pycache__"))
        for trial in trials:
            shutil.copytree(ROOT / "data" / trial, root / "data" / trial)
        yield root


def multiply(root: Path, trial: str, versions: int) -> None:
    """Copies of the trial under other ids until all together have so many versions."""
    project = find_project(root)
    each = len(project.trial(trial).sites.names) + 1
    for number in range(2, -(-versions // each) + 1):
        copy = f"{trial}-{number}"
        shutil.copytree(project.data_dir / trial, project.data_dir / copy)
        settings = project.data_dir / copy / "trial.yml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace(f"\nid: {trial}\n", f"\nid: {copy}\n", 1), encoding="utf-8")
        document = project.document(trial).read_text(encoding="utf-8")
        (project.reports_dir / f"{copy}.qmd").write_text(
            document.replace(f'aabn("{trial}"', f'aabn("{copy}"'), encoding="utf-8"
        )


def change_paragraph(root: Path, trial: str) -> None:
    """One paragraph more at the end of the trial's document."""
    with find_project(root).document(trial).open("a", encoding="utf-8", newline="\n") as file:
        file.write("\nEt nyt afsnit.\n")


def change_extract(root: Path, trial: str) -> None:
    """Leave the last participant out, in whichever format the extract is."""
    project = find_project(root)
    path = project.data_dir / trial / project.trial(trial).extracts.participants.file
    if path.suffix == ".parquet":
        import pyarrow.parquet as parquet

        table = parquet.read_table(path)
        parquet.write_table(table.slice(0, table.num_rows - 1), path)
    else:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:-1]))


def heading() -> str:
    return (
        f"{'':{_WIDTH}} {'reports':>7} {'seconds':>8} {'CPU s':>8} {'s each':>7} {'CPU each':>8}"
        f" {'parent':>7} {'worker':>7} {'all':>7}   MB at most"
    )


def line(name: str, done: Measured) -> str:
    each = f"{done.seconds / done.made:7.2f} {done.cpu / done.made:8.2f}" if done.made else f"{'':7} {'':8}"
    memory = " ".join(_megabytes(one) for one in (done.parent, done.worker, done.together))
    return f"{name:{_WIDTH}} {done.made:7d} {done.seconds:8.1f} {done.cpu:8.1f} {each} {memory}"


def _megabytes(used: int | None) -> str:
    return f"{'' if used is None else f'{used / 1e6:.0f}':>7}"


class Failures:
    """What went wrong, told when it happens and in the exit status."""

    def __init__(self) -> None:
        self.count = 0

    def tell(self, *texts: str) -> None:
        self.count += len(texts)
        for text in texts:
            print(f"  failed: {text}", flush=True)


def show(name: str, done: Measured, failures: Failures) -> Measured:
    print(line(name, done), flush=True)
    failures.tell(*done.failures)
    return done


def run_batch(trials: tuple[str, ...], jobs: int | None, quarto: int, failures: Failures) -> None:
    """The whole batch, what a change costs, one more municipality, and where the time goes."""
    with copied_project(trials) as root:
        out = root / "out"
        largest = max(trials, key=lambda trial: len(find_project(root).trial(trial).sites.names))
        cold = show("the whole batch, cold", measure(root, out, jobs), failures)
        again = show("unchanged", measure(root, out, jobs), failures)
        if again.made:
            failures.tell(f"{again.made} reports were made again although nothing was changed: was the code edited?")
        change_paragraph(root, largest)
        show(f"one changed paragraph ({largest})", measure(root, out, jobs), failures)
        change_extract(root, largest)
        show(f"one changed extract ({largest})", measure(root, out, jobs), failures)
        print(f"\none more municipality in a running batch, PDF and HTML\n{'':{_WIDTH}} {'seconds':>8} {'CPU s':>8}")
        for trial in trials:
            try:
                one = in_new_process(one_more, root, out, trial, 3)
                print(f"{trial:{_WIDTH}} {one.seconds:8.2f} {one.cpu:8.2f}", flush=True)
            except Exception as error:  # the other numbers are still worth having
                failures.tell(f"{trial}: {error}")
        print_steps(cold)
        run_quarto(root, trials, quarto, cold, failures)


def print_steps(cold: Measured) -> None:
    """Where a cold batch's time goes: seconds by the clock in one process, so they add up to more than the batch's."""
    print(f"\nwhere the time of the cold batch goes\n{'':{_WIDTH}} {'seconds':>8} {'a report':>8} {'share':>6}")
    rows = {"analysis": sum(cold.analysis.values())}
    rows |= {shown: cold.steps.get(step, 0.0) * cold.made for step, shown in STEPS.items() if step != "read"}
    rows["read"] = cold.steps.get("read", 0.0) * cold.made
    rows |= {name: value * cold.made for name, value in cold.steps.items() if name not in STEPS}
    total = sum(rows.values()) or 1.0
    for name, seconds in rows.items():
        print(f"{name:{_WIDTH}} {seconds:8.1f} {seconds / max(cold.made, 1):8.2f} {seconds / total:6.0%}")
    for trial, seconds in cold.analysis.items():
        print(f"  {'analysis of ' + trial:{_WIDTH - 2}} {seconds:8.1f}")
    if cold.halves is not None:
        first, second = cold.halves
        print(f"memory of all processes: {first / 1e6:.0f} MB in the first half, {second / 1e6:.0f} MB in the second")


def run_quarto(root: Path, trials: Sequence[str], reports: int, cold: Measured, failures: Failures) -> None:
    """The same documents through `quarto render`, one after another, against the batch's seconds a report."""
    print()
    if shutil.which("quarto") is None:
        print("quarto is not on the PATH: not compared with `quarto render` in a loop")
        return
    from reportlib.engine.quarto import render_with_quarto
    from reportlib.engine.render import environment

    plan, cache = plan_of(find_project(root), root / "out", tuple(trials)), Cache(root / "out")
    wanted = [next(one for one in plan.reports if one.trial == trial) for trial in trials][:reports]
    began = time.perf_counter()
    for report in wanted:
        ledger = cache.ledger(report.ledger_key)
        assert ledger is not None
        job = report_job(plan, report, ledger, cache.figures, root / "quarto")
        try:
            render_with_quarto(
                job.document,
                job.project,
                parameters=job.parameters,
                environment=environment(job),
                formats=job.formats,
            )
        except Exception as error:
            failures.tell(f"quarto, {report.name}: {error}")
            return
    theirs, ours = (time.perf_counter() - began) / len(wanted), cold.seconds / max(cold.made, 1)
    print(f"quarto render in a loop: {theirs:.1f} s a report, {theirs / ours:.0f} times the cold batch's {ours:.2f} s")


def run_growth(series: Sequence[int], full: str | None, jobs: int | None, failures: Failures) -> None:
    """Cold batches that grow: time in proportion, memory not."""
    if not series:
        return
    what = f"copies of {full}" if full else "short reports of made-up municipalities"
    print(f"\ngrowth: {what}\n{heading()}")
    for versions in series:
        with tempfile.TemporaryDirectory(prefix="rl-bench-", ignore_cleanup_errors=True) as folder:
            if full is None:
                root = made_up_project(Path(folder) / "project", ROOT, versions).root
                done = measure(root, root / "out", jobs, (), versions)
            else:
                with copied_project((full,)) as root:
                    multiply(root, full, versions)
                    done = measure(root, root / "out", jobs, (), versions)
        show(f"{versions} versions, cold", done, failures)


def with_document(trials: Sequence[str]) -> tuple[str, ...]:
    """The trials asked for (default all) that have a document."""
    known = [trial for trial in find_project(ROOT).trials() if (ROOT / "reports" / f"{trial}.qmd").is_file()]
    if unknown := sorted(set(trials) - set(known)):
        raise SystemExit(f"no trial with a document: {', '.join(unknown)}; there are {', '.join(known)}")
    return tuple(trials) or tuple(known)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trial", action="append", default=[], help="a trial, may be given again (default: all)")
    parser.add_argument("--jobs", type=int, help="worker processes (default: one a core)")
    parser.add_argument(
        "--versions",
        type=int,
        nargs="*",
        default=[67, 300, 1000],
        help="growing batches of so many reports (default: 67 300 1000; nothing: none)",
    )
    parser.add_argument("--full", metavar="TRIAL", help="grow with copies of this trial instead of short reports")
    parser.add_argument("--only-growth", action="store_true", help="leave the whole batch out")
    parser.add_argument("--quarto", type=int, default=2, help="reports to render with Quarto too (default: 2)")
    arguments = parser.parse_args()
    trials, failures = with_document(arguments.trial), Failures()
    began = time.perf_counter()
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    print(f"{cores()} cores{load}; trials: {', '.join(trials)}")
    if not arguments.only_growth:
        print(f"\n{heading()}")
        run_batch(trials, arguments.jobs, arguments.quarto, failures)
    run_growth(arguments.versions, arguments.full, arguments.jobs, failures)
    print(f"\nmeasured in {time.perf_counter() - began:.0f} s")
    sys.exit(1 if failures.count else 0)


if __name__ == "__main__":
    main()
