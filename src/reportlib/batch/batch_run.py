"""Runs a plan: what is unchanged is left, ledgers come first, reports as soon as their ledger is there.

Ledgers and reports are done by the same workers, so that all of them have work from the first moment to the last; see
`Queue` for the order.

A task whose worker dies is given to another worker once; dying twice is a failure of that report alone. Nothing is ever
half done: files appear whole, and a record is written after its files, so that a batch that was stopped goes on where
it was.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from reportlib.batch.cache import Cache, LedgerRecord, ReportRecord, formats_together
from reportlib.batch.executors import Executor, open_executor
from reportlib.batch.plan import Plan, PlannedReport
from reportlib.batch.tasks import Done, Ended, Failure, LedgerTask, Lost, ReportTask, Step, Task
from reportlib.engine.workspace import clear_failed, folder_of
from reportlib.files.whole import clear_left_by, new_owner

if TYPE_CHECKING:
    from reportlib.engine.render import RenderJob


# Tasks that wait for a worker, and whose turn it is: ledgers, one report of each trial, the others; the longest
# first.
#
# Reports wait for their ledger, so a ledger is never kept waiting. A trial's first report draws the figures that all
# its reports share, which two workers with two reports of one trial would both draw. Whoever has made a report of a
# trial goes on with the others: ledger, cells and much of what Typst has set are then there. What takes long begins
# early, so that no worker is left alone with a long task at the end; how long it takes is judged by the size of what it
# reads.


class Turn(IntEnum):
    """Which kind of task goes first. One whose worker was lost goes last: memory is freer then."""

    LEDGER = 0
    FIRST_REPORT = 1
    REPORT = 2
    AGAIN = 3


@dataclass
class Queue:
    """Numbers of tasks, given out in their order: by turn, then the largest, then the lowest number; but the reports of
    the trial that the worker comes from before another trial's first."""

    _heaps: dict[str, list[tuple[Turn, int, int]]] = field(default_factory=dict)  # by trial

    def put(self, number: int, turn: Turn, trial: str, size: int = 0) -> None:
        """Let the task wait. `size` is that of what it reads, in bytes."""
        heapq.heappush(self._heaps.setdefault(trial, []), (turn, -size, number))

    def take(self, from_trial: str = "") -> int:
        """The number of the task whose turn it is, for a worker that has done one of this trial."""

        def order(trial: str) -> tuple[Turn, bool, int, int]:
            turn, size, number = self._heaps[trial][0]
            goes_on = trial == from_trial and turn is Turn.REPORT
            return Turn.FIRST_REPORT if goes_on else turn, not goes_on, size, number

        trial = min(self._heaps, key=order)
        number = heapq.heappop(self._heaps[trial])[-1]
        if not self._heaps[trial]:
            del self._heaps[trial]
        return number

    def __len__(self) -> int:
        return sum(map(len, self._heaps.values()))


# How a batch went: one outcome for each report, in the order of the plan.


class Status(StrEnum):
    """How a report ended."""

    MADE = "made"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """How one report ended: its record, or why there is none. `tries` counts workers that were given it."""

    report: PlannedReport
    status: Status
    record: ReportRecord | None = None
    failure: Failure | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    tries: int = 1

    def files(self, out_dir: Path) -> list[Path]:
        """The report's files."""
        return [] if self.record is None else [out_dir / self.report.trial / made.name for made in self.record.files]

    def as_data(self, out_dir: Path) -> dict[str, Any]:
        """The outcome for `--json`."""
        entry: dict[str, Any] = {
            "trial": self.report.trial,
            "kommune": self.report.kommune,
            "status": self.status.value,
            "ok": self.failure is None,
            "key": self.report.key,
        }
        if self.record is not None:
            entry["files"] = {path.name.partition(".")[2]: str(path) for path in self.files(out_dir)}
            entry["ledger"] = self.record.ledger
            entry["pages"] = self.record.pages
            entry["seconds"] = {name: round(value, 3) for name, value in self.seconds.items()}
        if self.warnings:
            entry["warnings"] = list(self.warnings)
        if self.failure is not None:
            shown = self.failure.kept is None
            entry["error"] = self.failure.message if shown else self.failure.kept
            entry["hint"] = self.failure.hint if shown else "the command without --json says more"
        return entry


@dataclass(frozen=True)
class BatchResult:
    """All outcomes, seconds of analysis by trial, and the largest memory any worker used, in bytes."""

    outcomes: tuple[Outcome, ...]
    analysis: Mapping[str, float]
    seconds: float
    peak: int | None

    @property
    def ok(self) -> bool:
        """Whether no report failed."""
        return all(outcome.status is not Status.FAILED for outcome in self.outcomes)

    def count(self, status: Status) -> int:
        """Reports that ended so."""
        return sum(outcome.status is status for outcome in self.outcomes)


TRIES = 2


class Watcher:
    """Is told how a batch goes, and looks away; the command line's show it."""

    def begins(self, total: int) -> None:
        """So many reports will be made or left as they are."""

    def step(self, name: str, step: str) -> None:
        """A task has begun a step."""

    def ended(self, outcome: Outcome) -> None:
        """A report is done, unchanged or failed."""


@dataclass(frozen=True)
class Options:
    """How a plan is run. `force` makes everything anew; `workers` 0 means in this process, None one a core."""

    workers: int | None = None
    force: bool = False


def run_plan(plan: Plan, options: Options | None = None, watcher: Watcher | None = None) -> BatchResult:
    """Make the plan's reports. What goes wrong with one is in its outcome."""
    began = time.perf_counter()
    options, watcher, cache = options or Options(), watcher or Watcher(), Cache(plan.out_dir)
    watcher.begins(len(plan.reports))
    settled, missing = _sort_out(plan, cache, options, watcher)
    analysis: dict[str, float] = {}
    peak: int | None = None
    if missing:
        with _figure_folder(cache, options) as figures, _nothing_unfinished(plan, cache) as owner:
            run = _Run(plan, cache, options, watcher, figures)
            with open_executor(options.workers, len(missing), owner) as executor:
                settled |= run.work(missing, executor)
            analysis, peak = run.analysis, run.peak
    cache.tidy(plan.ledgers, {report.ledger_key for report in plan.reports})
    outcomes = tuple(settled[index] for index in range(len(plan.reports)))
    return BatchResult(outcomes, analysis, time.perf_counter() - began, peak)


def _sort_out(plan: Plan, cache: Cache, options: Options, watcher: Watcher) -> tuple[dict[int, Outcome], list[int]]:
    """The reports that are unchanged, and the places in the plan of the others."""
    settled: dict[int, Outcome] = {}
    missing: list[int] = []
    for index, report in enumerate(plan.reports):
        record = None if options.force else cache.current(report.trial, report.slug, report.key, report.formats)
        if record is None:
            missing.append(index)
        else:
            settled[index] = Outcome(report, Status.UNCHANGED, record, tries=0)
            if (kept := folder_of(cache.failed, report.trial, report.slug)) is not None:
                clear_failed(kept, below=cache.failed)  # of a failure that has been mended
            watcher.ended(settled[index])
    return settled, missing


@contextmanager
def _nothing_unfinished(plan: Plan, cache: Cache) -> Iterator[str]:
    """The mark of this batch's unfinished files. Workers that were killed leave them; when all have ended, they go."""
    owner = new_owner()
    try:
        yield owner
    finally:
        clear_left_by(owner, cache.folders(plan.ledgers), below=plan.out_dir)


@contextmanager
def _figure_folder(cache: Cache, options: Options) -> Iterator[Path]:
    """Where figures are kept. With `force` they are shared within the batch, and none is taken from before."""
    if not options.force:
        yield cache.figures
        return
    with TemporaryDirectory(prefix="rl-figures-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@dataclass
class _Run:
    """The tasks of one run: numbers below the plan's length are its reports, the others ledgers."""

    plan: Plan
    cache: Cache
    options: Options
    watcher: Watcher
    figures: Path
    analysis: dict[str, float] = field(default_factory=dict)
    peak: int | None = None
    _settled: dict[int, Outcome] = field(default_factory=dict)
    _waiting: dict[str, list[int]] = field(default_factory=dict)  # trial -> its reports
    _tasks: dict[int, Task] = field(default_factory=dict)
    _ready: Queue = field(default_factory=Queue)
    _tries: Counter[int] = field(default_factory=Counter)

    def work(self, missing: Sequence[int], executor: Executor) -> dict[int, Outcome]:
        """Make the reports at these places of the plan."""
        for index in missing:
            self._waiting.setdefault(self.plan.reports[index].trial, []).append(index)
        for place, trial in enumerate(self._waiting):
            self._prepare(trial, len(self.plan.reports) + place)
        under_way: set[int] = set()
        come_from: list[str] = []  # the trials whose tasks have ended, as the executor's free workers stand
        while self._ready or under_way:
            while self._ready and len(under_way) < executor.slots:
                number = self._ready.take(come_from.pop(0) if come_from else "")
                under_way.add(number)
                self._tries[number] += 1
                executor.submit(number, self._tasks[number])
            for event in executor.events():
                if isinstance(event, Step):
                    self.watcher.step(self._tasks[event.number].name, event.name)
                    continue
                under_way.discard(event.number)
                if isinstance(event, Ended):
                    come_from.append(self._tasks[event.number].trial)
                    self._end(event.number, event.result)
                else:
                    self._lose(event)
        return self._settled

    def _prepare(self, trial: str, number: int) -> None:
        ledger = self.plan.ledgers[trial]
        kept = None if self.options.force else self.cache.ledger(ledger.key)
        if kept is not None:
            self._release(trial, kept)
            return
        plan = self.plan
        task = LedgerTask(trial, ledger.key, plan.project, plan.data_dir, plan.out_dir, ledger.given)
        self._tasks[number] = task
        self._ready.put(number, Turn.LEDGER, trial, _size_of(plan.data_dir / trial))

    def _release(self, trial: str, ledger: LedgerRecord) -> None:
        """The trial's ledger is there: its reports can be made."""
        for place, index in enumerate(self._waiting[trial]):
            report = self.plan.reports[index]
            folder = self.plan.out_dir / trial
            former = self.cache.report(trial, report.slug)
            together = replace(report, formats=formats_together(report.formats, folder, former, report.key))
            job = report_job(self.plan, together, ledger, self.figures, folder)
            self._tasks[index] = ReportTask(job, report.key, self.plan.out_dir)
            self._ready.put(index, Turn.REPORT if place else Turn.FIRST_REPORT, trial, ledger.file.size)

    def _lose(self, event: Lost) -> None:
        if self._tries[event.number] < TRIES:
            self._ready.put(event.number, Turn.AGAIN, self._tasks[event.number].trial)
        else:
            reason = f"{event.reason}; the second time for this report"
            self._end(event.number, Failure("WorkerLost", reason, "is there enough memory? try fewer --workers"))

    def _end(self, number: int, result: Done | Failure) -> None:
        if isinstance(result, Done) and result.peak is not None:
            self.peak = max(self.peak or 0, result.peak)
        task = self._tasks[number]
        if isinstance(task, ReportTask):
            self._settle(number, result)
        elif isinstance(result, Failure):
            for index in self._waiting[task.trial]:
                self._settle(index, result)
        elif isinstance(result.record, LedgerRecord):
            self.analysis[task.trial] = sum(result.seconds.values())
            self._release(task.trial, result.record)

    def _settle(self, index: int, result: Done | Failure) -> None:
        report, tries = self.plan.reports[index], self._tries[index]
        if isinstance(result, Failure):
            outcome = Outcome(report, Status.FAILED, failure=result, tries=tries)
        else:
            assert isinstance(result.record, ReportRecord)
            outcome = Outcome(report, Status.MADE, result.record, None, result.seconds, result.warnings, tries)
        self._settled[index] = outcome
        self.watcher.ended(outcome)


def _size_of(folder: Path) -> int:
    """Bytes of the files in the folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def report_job(plan: Plan, report: PlannedReport, ledger: LedgerRecord, figures: Path, out_dir: Path) -> RenderJob:
    """The engine's job for a report of the plan, once its ledger is there; the files go to `out_dir`."""
    from reportlib.engine.render import RenderJob

    return RenderJob(
        trial=report.trial,
        kommune=report.kommune,
        document=report.document,
        project=plan.project,
        ledger=Cache(plan.out_dir).ledger_file(ledger.key),
        ledger_hash=ledger.hash,
        out_dir=out_dir,
        slug=report.slug,
        formats=report.formats,
        engine=report.engine,
        parameters={**report.parameters, "kommune": report.kommune},
        data=plan.data_dir,
        figures=figures,
        failed=Cache(plan.out_dir).failed,
        sisters=report.sisters,
    )
