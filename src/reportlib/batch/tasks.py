"""What a worker is asked to do, what it answers, and what it does: tasks and answers can be sent to another process or
machine. Everything slow to load is loaded once; a task leaves nothing for the next.

A worker never lets an exception through: an error a user can mend is told as it is, any other with its traceback's end.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportlib.batch.cache import Cache, LedgerRecord, MadeFile, ReportRecord, clear_stale
from reportlib.errors import ReportlibError
from reportlib.files.reading import file_hash
from reportlib.files.whole import refused, refused_hint, write_whole
from reportlib.ledger.file import load_ledger

if TYPE_CHECKING:  # what renders is loaded by whoever renders: an unchanged batch does without
    from reportlib.engine.render import RenderJob


@dataclass(frozen=True)
class LedgerTask:
    """Compute a trial's ledger (or take a finished one, `given`) and keep it under its key in the output folder."""

    trial: str
    key: str
    project: Path
    data_dir: Path
    out_dir: Path
    given: Path | None = None

    @property
    def name(self) -> str:
        return f"{self.trial} ledger"


@dataclass(frozen=True)
class ReportTask:
    """Render one report and keep its record under its key. `out_dir` is the batch's; the job's is the trial's."""

    job: RenderJob
    key: str
    out_dir: Path

    @property
    def trial(self) -> str:
        return self.job.trial

    @property
    def name(self) -> str:
        return f"{self.trial} {self.job.kommune}"


Task = LedgerTask | ReportTask


@dataclass(frozen=True)
class Failure:
    """Why a task was not done: the error's name, what it says (file and line among it), and what to do.

    `kept` is what `--json` says instead where the message is for the screen only: it may quote the cells of extracts.
    """

    error: str
    message: str
    hint: str | None = None
    kept: str | None = None

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  hint: {self.hint}"


@dataclass(frozen=True)
class Done:
    """A task that was done. `seconds` are wall-clock by step; `peak` is the process's largest memory so far in bytes,
    None where the system does not tell."""

    record: LedgerRecord | ReportRecord
    seconds: Mapping[str, float]
    warnings: tuple[str, ...] = ()
    peak: int | None = None


@dataclass(frozen=True)
class Step:
    """Task `number` has begun the step called `name`."""

    number: int
    name: str


@dataclass(frozen=True)
class Ended:
    """Task `number` has ended."""

    number: int
    result: Done | Failure


@dataclass(frozen=True)
class Lost:
    """The worker that had task `number` is gone; nobody knows how far it came. `reason` is for people."""

    number: int
    reason: str


Event = Step | Ended | Lost


_SHOWN_LINES = 6
_NEEDED = (
    "reportlib.engine.render",
    "reportlib.document",
    "reportlib.show.figures",
    "reportlib.show.tables",
    "reportlib.prose.effects",
    "IPython.core.interactiveshell",
    "matplotlib.backends.backend_svg",
    "pikepdf",
    "typst",
)


def warm_up() -> None:
    """Load what reports need before the first task comes; then put it out of the garbage collector's sight.

    What cannot be loaded is left for the task that needs it: there the error reaches a person.
    """
    for module in _NEEDED:
        with suppress(Exception):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)  # at Python's 700 the collector took 7 % of a report, for the same memory


def perform(task: Task, step: Callable[[str], None] = lambda _name: None) -> Done | Failure:
    """Do the task; `step` is called with the name of each step as it begins."""
    try:
        return _make_ledger(task, step) if isinstance(task, LedgerTask) else _make_report(task, step)
    except ReportlibError as error:
        kept = error.fit_to_keep
        return Failure(type(error).__name__, error.message, error.hint, None if kept == error.message else kept)
    except KeyboardInterrupt:
        raise
    except OSError as error:
        return Failure(type(error).__name__, refused(error), refused_hint(error))
    except BaseException as error:
        end = "".join(traceback.format_exception(error)).rstrip().splitlines()[-_SHOWN_LINES:]
        name = type(error).__name__
        quotes = isinstance(task, LedgerTask)  # the message of a library may quote a cell
        why = "\n".join([f"unexpected: {error}", *end])
        return Failure(name, why, kept=f"unexpected: {name}" if quotes else None)


def _make_ledger(task: LedgerTask, step: Callable[[str], None]) -> Done:
    from reportlib.analysis.run import compute_ledger
    from reportlib.ledger.file import keep_made_by, ledger_path
    from reportlib.trial.project import Project

    step("analysis")
    began = time.perf_counter()
    if task.given is not None:
        ledger = load_ledger(task.given)
    else:
        project = Project(root=task.project, data_dir=task.data_dir)
        ledger = compute_ledger(project, project.trial(task.trial))
    place = ledger_path(task.out_dir, task.trial)
    if task.given is None:
        keep_made_by(place, ledger)
    content = ledger.to_bytes()
    cache = Cache(task.out_dir)
    path = cache.ledger_file(task.key)
    write_whole(path, content)
    write_whole(place, content)  # beside the reports, for people and `--ledger`
    record = LedgerRecord(task.key, ledger.hash, MadeFile(path.name, len(content), file_hash(path)))
    cache.keep_ledger(record)
    return Done(record, {"analysis": time.perf_counter() - began}, peak=peak_memory())


def _make_report(task: ReportTask, step: Callable[[str], None]) -> Done:
    from reportlib.batch.accessibility_page import access_of
    from reportlib.engine.render import render
    from reportlib.engine.typst_pdf import age_cache

    job, cache = task.job, Cache(task.out_dir)
    former = cache.report(job.trial, job.slug)
    result = render(job, progress=step)
    # Before the record: a batch that is stopped in between makes the report again, and then knows of these files.
    told = clear_stale(job.out_dir, former, job.slug, result.hashes, job.stamp)
    if "pdf" in job.formats and job.engine == "embedded":
        age_cache()
    files = tuple(
        MadeFile(name, (job.out_dir / name).stat().st_size, digest) for name, digest in sorted(result.hashes.items())
    )
    record = ReportRecord(task.key, job.trial, job.kommune, job.slug, job.ledger_hash, result.pages, files)
    cache.keep_report(record)
    with suppress(Exception):  # what cannot be read is left for the page: there the error reaches a person
        access_of(cache, record, job.kommune)
    return Done(record, result.seconds, (*result.warnings, *told), peak_memory())


def peak_memory() -> int | None:
    """The largest memory this process has used, in bytes; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def use_temporary_folder(folder: Path) -> None:
    """Private folders of reports go below `folder`, which the batch removes, whatever becomes of this process."""
    import tempfile

    tempfile.tempdir = str(folder)
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ[name] = str(folder)
