"""Who does the tasks: this process, worker processes, or a cluster. Each is started when a batch begins."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from reportlib.batch.errors import ExecutorAddressError
from reportlib.batch.tasks import Event, Task


class Executor(AbstractContextManager["Executor"], Protocol):
    """Takes up to `slots` tasks at a time and tells how they go. A task that is lost may be submitted again."""

    slots: int

    def submit(self, number: int, task: Task) -> None:
        """Take on the task under this number."""
        ...

    def events(self) -> Sequence[Event]:
        """Wait for news of the tasks under way; one event at least."""
        ...


def open_executor(address: str | None, workers: int | None, tasks: int, owner: str) -> Executor:
    """The executor at `address`, or this machine's: at most `workers` processes (default: one a core) for `tasks`.

    A single task is done in this process, which saves starting another. `owner` marks the files that worker processes
    have not finished, see `whole`.
    Raises:
        ExecutorAddressError
    """
    if address is not None:
        scheme, separator, rest = address.partition("://")
        if scheme != "dask" or not separator or not rest:
            raise ExecutorAddressError(f"no executor {address!r}", hint="write dask://HOST:PORT")
        from reportlib.batch.executors.dask import DaskExecutor

        return DaskExecutor(rest)
    size = min(workers or cores(), tasks)
    if (size <= 1 and workers is None) or workers == 0:
        from reportlib.batch.executors.inline import InlineExecutor

        return InlineExecutor()
    from reportlib.batch.pool import ProcessPool

    return ProcessPool(max(size, 1), owner)


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
