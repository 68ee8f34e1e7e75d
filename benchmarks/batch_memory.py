"""How much memory this process and everything below it use while something runs (Linux; elsewhere it is not told)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PAUSE = 0.5  # seconds; a look takes a few milliseconds
_PROC = Path("/proc")


@dataclass
class Memory:
    """Bytes used by all processes together at each look; pages they share are counted once."""

    looks: list[int] = field(default_factory=list)

    def peak(self) -> int | None:
        """The most at any look."""
        return max(self.looks, default=None)

    def halves(self) -> tuple[int, int] | None:
        """The most in the first and in the second half of the time."""
        middle = len(self.looks) // 2
        return (max(self.looks[:middle]), max(self.looks[middle:])) if middle else None


@contextmanager
def watched_memory() -> Iterator[Memory]:
    """Look again and again as long as the block runs."""
    memory, stop = Memory(), threading.Event()

    def look() -> None:
        while not stop.wait(_PAUSE):
            if used := _used(os.getpid()):
                memory.looks.append(used)

    thread = threading.Thread(target=look, daemon=True)
    if (_PROC / "self" / "smaps_rollup").exists():
        thread.start()
    try:
        yield memory
    finally:
        stop.set()
        if thread.is_alive():
            thread.join()


def cpu_seconds() -> float:
    """CPU seconds of this process and, where the system tells, of all that have ended below it."""
    return sum(os.times()[:4])


def _used(root: int) -> int:
    return sum(_proportional(process) for process in _family(root))


def _family(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    family = {root}
    while found := {process for process, parent in parents.items() if parent in family} - family:
        family |= found
    return family


def _proportional(process: int) -> int:
    with suppress(OSError, ValueError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
