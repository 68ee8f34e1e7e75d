"""What many tests need and none changes: made once a run, by whichever of its workers comes first."""

from __future__ import annotations

import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")
_PATIENCE = 1800.0  # seconds a worker waits for what another one makes

_shared: list[Path] = []


def share_in(folder: Path) -> None:
    """From here on keep in this folder, which all workers of a run name alike."""
    folder.mkdir(exist_ok=True)
    _shared[:] = [folder]


def folder_made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, which `make` fills when it is first asked for. Tests read it; to change it they copy it."""
    (shared,) = _shared
    folder = shared / name
    # A lock that falls with the process that holds it; SQLite has one on every system.
    with closing(sqlite3.connect(shared / f"{name}.lock", timeout=_PATIENCE, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        if not folder.exists():
            shutil.rmtree(unfinished := shared / f"{name}.part", ignore_errors=True)  # of a test that failed
            make(unfinished)
            unfinished.rename(folder)
    return folder


def value_made_once(name: str, make: Callable[[], Made]) -> Made:
    """The value `name`, kept between workers as a pickle. Outside a test run it is simply made."""
    if not _shared:
        return make()

    def write(folder: Path) -> None:
        folder.mkdir()
        (folder / "value.pickle").write_bytes(pickle.dumps(make()))

    made: Made = pickle.loads((folder_made_once(name, write) / "value.pickle").read_bytes())
    return made
