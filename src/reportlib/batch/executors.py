"""Who does the tasks: this process, worker processes, or a cluster. Each is started when a batch begins."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from reportlib.batch.errors import ExecutorAddressError
from reportlib.batch.tasks import Ended, Event, Task

# Who does the tasks: this process, worker processes, or a cluster. Each is started when a batch begins.


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
        from reportlib.batch.dask_cluster import DaskExecutor

        return DaskExecutor(rest)
    size = min(workers or cores(), tasks)
    if (size <= 1 and workers is None) or workers == 0:
        from reportlib.batch.executors import InlineExecutor

        return InlineExecutor()
    from reportlib.batch.pool import ProcessPool

    return ProcessPool(max(size, 1), owner)


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# The task is done here and now, in this process.


class InlineExecutor:
    """One task at a time, in this process."""

    slots = 1

    def __init__(self) -> None:
        self._task: tuple[int, Task] | None = None

    def submit(self, number: int, task: Task) -> None:
        """Keep the task until news of it is asked for."""
        self._task = (number, task)

    def events(self) -> Sequence[Event]:
        """Do the task."""
        from reportlib.batch.worker import perform

        assert self._task is not None, "no task is under way"
        number, task = self._task
        self._task = None
        return [Ended(number, perform(task))]

    def __enter__(self) -> InlineExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        return None
