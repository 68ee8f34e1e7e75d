"""The record of what each report was made of, and what of the files that lie there is of a former version."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from reportlib.engine.settings import FORMATS
from reportlib.engine.workspace import tidy_failed
from reportlib.errors import ReportlibError
from reportlib.files.reading import Count, FileKind, Hash, InputUnreadableError, file_hash, hash_of
from reportlib.files.whole import clear_abandoned, remove_own, write_whole
from reportlib.numbers.accessibility import Accessibility
from reportlib.numbers.provenance import ACCOUNT, PROVENANCE, Stamp, read_stamp

# What has been made before: a record beside each ledger and report, which says what it was made of. One that is read
# from a file is held to the types of its fields.
#
# A record carries its own hash, and the files' hashes: a record or a file that was cut short, changed or removed
# counts as not made, and is made again. The reports themselves are the cache; nothing is stored twice.


FOLDER = ".cache"
_OLD = 30 * 24 * 3600  # seconds; a figure still in use is drawn again, once
_FIGURE = re.compile(r"[0-9a-f]{64}\.svg|fonts-[0-9a-f]{64}\.css")
_LEDGER = re.compile(r"[0-9a-f]{32}(\.record)?\.json")
_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class MadeFile:
    """A finished file: its name in the trial's output folder, size in bytes, SHA-256."""

    __pydantic_config__ = _STRICT
    name: str
    size: Count
    sha256: Hash


@dataclass(frozen=True)
class LedgerRecord:
    """A computed ledger: the key it was made under, the ledger's own hash, and its file."""

    __pydantic_config__ = _STRICT
    key: Hash
    hash: Hash
    file: MadeFile


@dataclass(frozen=True)
class ReportRecord:
    """A finished report: its key, the ledger's hash, pages of the PDF, and all files that were published with it."""

    __pydantic_config__ = _STRICT
    key: Hash
    trial: str
    kommune: str
    slug: str
    ledger: Hash
    pages: Count | None
    files: tuple[MadeFile, ...]


@dataclass(frozen=True)
class AccessRecord:
    """What was counted in a PDF of this hash, and what a checker found against each standard, where it was asked."""

    __pydantic_config__ = _STRICT
    sha256: Hash
    counted: Accessibility
    failures: dict[str, Count]


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

    @property
    def failed(self) -> Path:
        """Where failed renders keep what they had made so far, each report in a folder of its own."""
        return self.folder / "failed"

    def ledger_file(self, key: str) -> Path:
        """Where the ledger of this key is kept: never overwritten by another, whoever else works in the folder."""
        return self.folder / "ledgers" / f"{key[:32]}.json"

    def ledger(self, key: str) -> LedgerRecord | None:
        """The record of a ledger that is whole, or None."""
        found = _read(self._ledger_record(key), LedgerRecord)
        if found is None or found.key != key or found.file.name != self.ledger_file(key).name:
            return None
        whole = found.file.sha256 == found.hash and is_whole(self.ledger_file(key), found.file)
        return found if whole else None

    def keep_ledger(self, record: LedgerRecord) -> None:
        """Write the record."""
        _write(self._ledger_record(record.key), asdict(record))

    def report(self, trial: str, slug: str) -> ReportRecord | None:
        """The record of a report, whatever its key; None when there is none or it cannot be trusted.

        It must be of this report, and name no files but those a report of this name has: by it files are removed.
        """
        found = _read(self._report_record(trial, slug), ReportRecord)
        if found is None or (found.trial, found.slug) != (trial, slug):
            return None
        names = [file.name for file in found.files]
        return found if len(set(names)) == len(names) and set(names) <= file_names_of(slug) else None

    def access(self, trial: str, slug: str, sha256: str) -> AccessRecord | None:
        """What is known of a PDF of this hash; None when it was not read yet."""
        found = _read(self._access_record(trial, slug), AccessRecord)
        return found if found is not None and found.sha256 == sha256 else None

    def keep_access(self, trial: str, slug: str, record: AccessRecord) -> None:
        """Write what is known of a PDF."""
        _write(self._access_record(trial, slug), asdict(record))

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
        places = (self.out_dir, self.folder / "reports", self.folder / "access")
        return own + [place / trial for place in places for trial in trials]

    def tidy(self, trials: Iterable[str], ledgers: set[str]) -> None:
        """Remove what nobody needs: ledgers long superseded by one of `ledgers` (keys), figures not drawn for long, and
        what processes left that were killed or failed, where it is old or much."""
        clear_abandoned(self.folders(trials), below=self.out_dir)
        for path in _old(self.figures, _FIGURE):
            remove_own(path, below=self.out_dir)
        for path in _old(self.folder / "ledgers", _LEDGER):
            if not any(kept.startswith(path.name.partition(".")[0]) for kept in ledgers):
                remove_own(path, below=self.out_dir)
        tidy_failed(self.failed, below=self.out_dir)

    def _ledger_record(self, key: str) -> Path:
        return self.folder / "ledgers" / f"{key[:32]}.record.json"

    def _access_record(self, trial: str, slug: str) -> Path:
        return self.folder / "access" / trial / f"{slug}.json"

    def _report_record(self, trial: str, slug: str) -> Path:
        return self.folder / "reports" / trial / f"{slug}.json"


def is_whole(path: Path, made: MadeFile) -> bool:
    """Whether the file stands as it was made."""
    try:
        return path.stat().st_size == made.size and file_hash(path) == made.sha256
    except (OSError, InputUnreadableError):
        return False


def file_names_of(slug: str) -> set[str]:
    """The names that a report's files can have."""
    return {f"{slug}.{name}" for name in FORMATS} | {f"{slug}{suffix}" for suffix in (ACCOUNT, PROVENANCE)}


class _UntrustedError(ReportlibError):
    """A record that is not there, was cut, changed or forged: what it tells of counts as not made."""


_Record = TypeVar("_Record", LedgerRecord, ReportRecord, AccessRecord)


_SHAPES: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (LedgerRecord, ReportRecord, AccessRecord)}


def _read(path: Path, kind: type[_Record]) -> _Record | None:
    try:
        document = FileKind(_UntrustedError, "a record of the cache").read_json(path)
        values = document.get("record")
        if set(document) != {"record", "check"} or document["check"] != hash_of(values):
            return None
        found: _Record = _SHAPES[kind].validate_json(json.dumps(values))  # in JSON a list is a tuple's
        return found
    except (_UntrustedError, ValidationError):  # the latter also where a former version counted otherwise
        return None


def _old(folder: Path, name: re.Pattern[str]) -> list[Path]:
    """The files with such names in a folder of the cache that nobody has written to for long."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            if name.fullmatch(path.name) and time.time() - path.stat().st_mtime > _OLD:
                found.append(path)
    return found


def _write(path: Path, values: dict[str, Any]) -> None:
    document = {"check": hash_of(values), "record": values}
    write_whole(path, json.dumps(document, ensure_ascii=False, sort_keys=True).encode("utf-8"))


# A report in one format only, where another stood before: what is left of the other must not pass for the new one.
#
# PDF, page and account of a report are made together and tell the same. Where one is made anew without the other, the
# other is of a former ledger or text, and its account is gone. What the batch itself made is removed, since the same
# command without `--format` makes it again; what it did not make is left and told of.


def formats_together(formats: Iterable[str], folder: Path, record: ReportRecord | None, key: str) -> tuple[str, ...]:
    """The formats to make: those asked for, and those that stand in the folder and are made of the same (`key`)."""
    wanted = set(formats)
    if record is not None and record.key == key:
        recorded = {entry.name for entry in record.files}
        names = {name: f"{record.slug}.{name}" for name in FORMATS}
        wanted |= {name for name, file in names.items() if file in recorded and (folder / file).is_file()}
    return tuple(name for name in FORMATS if name in wanted)


def clear_stale(folder: Path, former: ReportRecord | None, slug: str, made: Iterable[str], stamp: Stamp) -> list[str]:
    """Remove what the report had of former files besides those just `made` (names), and tell of it.

    `stamp` is what the new files say they are.
    """
    new = set(made)
    told = []
    recorded = {entry.name: entry for entry in former.files if entry.name not in new} if former is not None else {}
    for entry in recorded.values():
        path = folder / entry.name
        if is_whole(path, entry) and remove_own(path, below=folder.parent):  # as it was made, and not what replaced it
            again = "--format docx makes it again" if path.suffix == ".docx" else "without --format both are made"
            told.append(f"{entry.name} was of a former ledger or text and is removed; {again}")
    for name in (f"{slug}.{form}" for form in FORMATS):
        if name not in new and (folder / name).is_file() and not _is_of(folder / name, stamp):
            told.append(f"{name} beside it is not of this ledger: do not use them together")
    return told


def _is_of(path: Path, stamp: Stamp) -> bool:
    try:
        return read_stamp(path).same_as(stamp)
    except (ReportlibError, OSError, ValueError):
        return False
