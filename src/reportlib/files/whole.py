"""Files that appear whole or not at all, and what is cleared away when a process was killed while it wrote one.

A file is written beside its place under a hidden name and moved there when it is whole. The hidden name begins with a
mark of whom the process works for, so that a batch can remove what its own killed workers left, and never what another
batch is writing in the same folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from reportlib.errors import ReportlibError

PART, BACKUP = ".part", ".old"
_UNFINISHED = re.compile(r"\.[0-9a-f]{8,}(\.\d+)?\.(part|old)")
_ABANDONED = 3600  # seconds; a file is moved into place within some of them
_TRIES, _PAUSE = 5, 0.05  # on Windows a file cannot be replaced in the moment another process reads it
_CHECK = b"<!-- sha256 %s -->\n"


def new_owner() -> str:
    """A mark for the unfinished files of one batch."""
    return os.urandom(3).hex()


_owner = new_owner()


def work_for(owner: str) -> None:
    """From now on this process's unfinished files carry the mark `owner`."""
    global _owner
    _owner = owner


def unfinished(path: Path) -> Path:
    """A hidden name beside `path` that nobody else has. It is no longer than those of a report's files: a path that
    Windows can hold must not grow past its limit."""
    return path.with_name(f".{_owner}{os.urandom(3).hex()}{PART}")


def write_whole(path: Path, content: bytes) -> None:
    """Write the file so that a reader sees the former content or the new, never a part; no two writers collide.

    Raises:
        OSError
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = unfinished(path)
    try:
        with part.open("xb") as file:  # a new file: never one that a link leads to
            file.write(content)
        for attempt in range(_TRIES):
            try:
                part.replace(path)
                return
            except PermissionError:
                if os.name != "nt" or attempt == _TRIES - 1:
                    raise
                time.sleep(_PAUSE)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def keep_checked(path: Path, content: bytes) -> None:
    """Keep the content in a cache, with its hash behind it. One that cannot be written is no reason to stop."""
    with suppress(OSError):
        write_whole(path, content + _CHECK % _hash(content))


def read_checked(path: Path) -> bytes | None:
    """What was kept, or None when there is nothing, or it was cut short or changed since."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body, mark, check = content.rpartition(_CHECK.partition(b"%")[0])
    return body if mark and check[:64] == _hash(body) else None


def remove_own(path: Path, *, below: Path) -> bool:
    """Remove a file that was made in the folder `below` or a folder in it; whether it was removed.

    Every file that is removed because of its name, or because a record names it, goes through here. Nothing is removed
    that lies elsewhere (`..`, a link on the way), nor a link or a folder that has taken the file's place.
    """
    if not path.is_relative_to(below) or ".." in path.parts:
        return False
    try:
        straight = path.parent.resolve() == below.resolve() / path.parent.relative_to(below)
        if not straight or not stat.S_ISREG(path.lstat().st_mode):
            return False
        path.unlink()
    except OSError:  # on Windows: open in another program
        return False
    return True


def clear_left_by(owner: str, folders: Iterable[Path], *, below: Path) -> None:
    """Remove what processes with this mark left unfinished in the folders; they must all have ended."""
    for path in _unfinished_in(folders):
        if path.name.startswith(f".{owner}"):
            remove_own(path, below=below)


def clear_abandoned(folders: Iterable[Path], *, below: Path) -> None:
    """Remove unfinished files of anyone that nobody has written to for an hour: their process is gone."""
    for path in _unfinished_in(folders):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED:
                remove_own(path, below=below)


def _unfinished_in(folders: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        with suppress(OSError):  # a folder that is not there
            found += [folder / name for name in os.listdir(folder) if _UNFINISHED.fullmatch(name)]  # noqa: PTH208
    return found


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode("ascii")


# Several files that belong together: all of them appear, or none.
#
# Each is first written beside its target under its hidden name, flushed to disk and handed to a check (the stamp). Only
# when every one has passed are they moved. If a later move fails (on Windows: the old file is open in a viewer), the
# earlier ones are put back.


def refused(error: OSError) -> str:
    """What the system refused, and the file it was about."""
    file, reason = error.filename2 or error.filename, error.strerror or str(error)
    return f"{reason}: {file}" if file else reason


def refused_hint(error: OSError) -> str:
    """The hint where the system refuses a file: what to look at, by the kind of refusal."""
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
        return "a file lies where a folder belongs, or a folder where a file does: move it away"
    if isinstance(error, PermissionError):
        return "may it be read and written here, and is it open in another program?"
    return "is the disk full, or a file open in another program?"


class OutputNotWrittenError(ReportlibError):
    """A finished file could not be written or moved into place; the former files stand as they were."""


def publish(files: Mapping[Path, bytes], check: Callable[[Path, Path], None]) -> None:
    """Write `files` (target -> content), call `check(staged file, target)` for each, then move all into place.

    Raises: OutputNotWrittenError, and whatever `check` raises; in both cases the folder is as it was before.
    """
    staged = {target: unfinished(target) for target in files}
    try:
        for target, part in staged.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as file:
                file.write(files[target])
                file.flush()
                os.fsync(file.fileno())
        for target, part in staged.items():
            check(part, target)
        _move(staged)
    except OSError as error:
        raise OutputNotWrittenError(
            f"could not write {error.filename2 or error.filename or 'the report'}: {error.strerror or error}",
            hint=refused_hint(error),
        ) from error
    finally:
        for part in staged.values():
            for leftover in (part, part.with_suffix(BACKUP)):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)


def _move(staged: Mapping[Path, Path]) -> None:
    # One file needs no backup: its own move either happens or does not.
    keep = len(staged) > 1
    moved: list[Path] = []
    try:
        for target, part in staged.items():
            if keep and target.exists():
                shutil.copyfile(target, part.with_suffix(BACKUP))
            part.replace(target)
            moved.append(target)
    except OSError:
        for target in reversed(moved):
            backup = staged[target].with_suffix(BACKUP)
            if backup.exists():
                backup.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
