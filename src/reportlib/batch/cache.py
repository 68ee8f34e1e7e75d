"""What has been made before: a record beside each ledger and report, which says what it was made of.

A record carries its own hash, and the files' hashes: a record or a file that was cut short, changed or removed counts
as not made, and is made again. The reports themselves are the cache; nothing is stored twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from reportlib.batch.errors import InputUnreadableError
from reportlib.batch.files import file_hash, hash_of
from reportlib.batch.plan import FORMATS
from reportlib.whole import clear_abandoned, write_whole

FOLDER = ".cache"
_OLD_FIGURES = 30 * 24 * 3600  # seconds; a figure still in use is drawn again, once


@dataclass(frozen=True)
class MadeFile:
    """A finished file: its name in the trial's output folder, size in bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class LedgerRecord:
    """A computed ledger: the key it was made under, the ledger's own hash, and its file."""

    key: str
    hash: str
    file: MadeFile


@dataclass(frozen=True)
class ReportRecord:
    """A finished report: its key, the ledger's hash, pages of the PDF, and all files that were published with it."""

    key: str
    trial: str
    kommune: str
    slug: str
    ledger: str
    pages: int | None
    files: tuple[MadeFile, ...]


@dataclass(frozen=True)
class Cache:
    """The records below an output folder."""

    out_dir: Path

    @property
    def folder(self) -> Path:
        return self.out_dir / FOLDER

    @property
    def figures(self) -> Path:
        """Where drawn figures and the fonts of pages are kept, by content."""
        return self.folder / "figures"

    def ledger_file(self, key: str) -> Path:
        """Where the ledger of this key is kept: never overwritten by another, whoever else works in the folder."""
        return self.folder / "ledgers" / f"{key[:32]}.json"

    def ledger(self, key: str) -> LedgerRecord | None:
        """The record of a ledger that is whole, or None."""
        values = _read(self._ledger_record(key))
        try:
            record = None if values is None else LedgerRecord(values["key"], values["hash"], MadeFile(**values["file"]))
        except (KeyError, TypeError):
            return None
        if record is None or record.key != key or not is_whole(self.ledger_file(key), record.file):
            return None
        return record

    def keep_ledger(self, record: LedgerRecord) -> None:
        """Write the record."""
        _write(self._ledger_record(record.key), asdict(record))

    def report(self, trial: str, slug: str) -> ReportRecord | None:
        """The record of a report, whatever its key; None when there is none or it cannot be trusted."""
        values = _read(self._report_record(trial, slug))
        if values is None:
            return None
        try:
            files = tuple(MadeFile(**entry) for entry in values.pop("files"))
            return ReportRecord(**values, files=files)
        except (KeyError, TypeError):
            return None

    def current(self, trial: str, slug: str, key: str, formats: Iterable[str] = ()) -> ReportRecord | None:
        """The record of a report made under this key in these formats at least, if each of its files is whole.

        A format that nobody asks for may have been removed by hand; the record is then given without it.
        """
        record = self.report(trial, slug)
        if record is None or record.key != key:
            return None
        wanted = {f"{slug}.{name}" for name in formats}
        spare = {f"{slug}.{name}" for name in FORMATS} - wanted
        folder = self.out_dir / trial
        files = tuple(one for one in record.files if one.name not in spare or (folder / one.name).exists())
        there = wanted <= {one.name for one in files} and all(is_whole(folder / one.name, one) for one in files)
        return replace(record, files=files) if there else None

    def keep_report(self, record: ReportRecord) -> None:
        """Write the record."""
        _write(self._report_record(record.trial, record.slug), asdict(record))

    def folders(self, trials: Iterable[str]) -> list[Path]:
        """Every folder in which a batch of these trials writes files."""
        own = [self.out_dir, self.figures, self.folder / "ledgers"]
        return own + [place / trial for place in (self.out_dir, self.folder / "reports") for trial in trials]

    def tidy(self, trials: Iterable[str], ledgers: set[str]) -> None:
        """Remove what nobody needs: ledgers long superseded by one of `ledgers` (keys), figures not drawn for long, and
        files that a process left unfinished when it was killed."""
        clear_abandoned(self.folders(trials))
        now = time.time()
        with suppress(OSError):
            for path in self.figures.glob("[!.]*"):
                if now - path.stat().st_mtime > _OLD_FIGURES:
                    path.unlink(missing_ok=True)
            for path in (self.folder / "ledgers").glob("*.json"):
                key = path.name.partition(".")[0]
                if now - path.stat().st_mtime > _OLD_FIGURES and not any(kept.startswith(key) for kept in ledgers):
                    path.unlink(missing_ok=True)

    def _ledger_record(self, key: str) -> Path:
        return self.folder / "ledgers" / f"{key[:32]}.record.json"

    def _report_record(self, trial: str, slug: str) -> Path:
        return self.folder / "reports" / trial / f"{slug}.json"


def is_whole(path: Path, made: MadeFile) -> bool:
    """Whether the file stands as it was made."""
    try:
        return path.stat().st_size == made.size and file_hash(path) == made.sha256
    except (OSError, InputUnreadableError):
        return False


def _read(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        values = document["record"]
        return values if isinstance(values, dict) and document["check"] == hash_of(values) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, values: dict[str, Any]) -> None:
    document = {"check": hash_of(values), "record": values}
    write_whole(path, json.dumps(document, ensure_ascii=False, sort_keys=True).encode("utf-8"))
