"""What a worker is asked to do, and what it answers: plain data that can be sent to another process or machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportlib.batch.cache import LedgerRecord, ReportRecord

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
