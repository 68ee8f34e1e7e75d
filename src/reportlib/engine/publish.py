"""Moves finished files into place: whole, checked, all formats or none.

Each file is first written beside its target under a short private name, flushed to disk and handed to a check (the
stamp). Only when every format has passed are they moved, each by one `Path.replace` (`os.replace`), which replaces a
file in one step on every system. If a later move fails (on Windows: the old file is open in a viewer), the earlier ones
are put back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reportlib.errors import ReportlibError
from reportlib.files.whole import BACKUP, unfinished


class OutputNotWrittenError(ReportlibError):
    """A finished file could not be written or moved into place; the former files stand as they were."""


@dataclass(frozen=True)
class _Staged:
    target: Path
    part: Path

    @property
    def backup(self) -> Path:
        return self.part.with_suffix(BACKUP)


def publish(files: Mapping[Path, bytes], check: Callable[[Path, Path], None]) -> None:
    """Write `files` (target -> content), call `check(staged file, target)` for each, then move all into place.

    Raises: OutputNotWrittenError, and whatever `check` raises; in both cases the folder is as it was before.
    """
    staged: list[_Staged] = []
    try:
        for target, content in files.items():
            staged.append(_stage(target, content))
        for file in staged:
            check(file.part, file.target)
        _move(staged)
    except OSError as error:
        raise OutputNotWrittenError(
            f"could not write {error.filename2 or error.filename or 'the report'}: {error.strerror or error}",
            hint="is the file open in another program, or the disk full?",
        ) from error
    finally:
        for file in staged:
            for leftover in (file.part, file.backup):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)


def _stage(target: Path, content: bytes) -> _Staged:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = unfinished(target)
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return _Staged(target, part)


def _move(staged: list[_Staged]) -> None:
    # One file needs no backup: its own move either happens or does not.
    keep = len(staged) > 1
    moved: list[_Staged] = []
    try:
        for file in staged:
            if keep and file.target.exists():
                shutil.copyfile(file.target, file.backup)
            file.part.replace(file.target)
            moved.append(file)
    except OSError:
        for file in reversed(moved):
            if file.backup.exists():
                file.backup.replace(file.target)
            else:
                file.target.unlink(missing_ok=True)
        raise
