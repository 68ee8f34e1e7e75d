"""Files that are read once: what was made of a file is kept for as long as the file stays the same.

A worker renders many reports of one trial from one trial.yml and one ledger; reading them again for each would take as
long as running the document. Only immutable things are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Read = TypeVar("Read")

_MOST = 8  # one batch uses one or two of each kind at a time
_kept: dict[tuple[str, str], tuple[tuple[int, int, int], Any]] = {}


def kept(path: Path, read: Callable[[Path], Read]) -> Read:
    """`read(path)`, or what it gave before if the file has neither been replaced nor changed since.

    Raises:
        whatever `read` raises; nothing is then kept.
    """
    try:
        state = path.stat()
    except OSError:
        return read(path)  # which says what is wrong with it
    version = (state.st_mtime_ns, state.st_size, state.st_ino)
    name = (f"{read.__module__}.{read.__qualname__}", str(path.absolute()))
    found = _kept.get(name)
    if found is not None and found[0] == version:
        value: Read = found[1]
        return value
    value = read(path)
    _kept.pop(name, None)
    while len(_kept) >= _MOST:
        del _kept[next(iter(_kept))]
    _kept[name] = (version, value)
    return value
