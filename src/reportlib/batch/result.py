"""How a batch went: one outcome for each report, in the order of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from reportlib.batch.cache import ReportRecord
from reportlib.batch.plan import PlannedReport
from reportlib.batch.tasks import Failure


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
