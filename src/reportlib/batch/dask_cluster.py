"""Tasks on a Dask cluster whose machines share a disk: project, data and output lie under the same names everywhere.

The extra `dask` installs what is needed. Dask itself gives the task of a lost worker to another one, as often as its
scheduler is set to (`distributed.scheduler.allowed-failures`); a task it then gives up has failed.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from reportlib.batch.errors import ExecutorAddressError
from reportlib.batch.tasks import Done, Ended, Event, Failure, Lost, Task
from reportlib.batch.worker import perform

_CONNECT = 10  # seconds
_LOOK = 2.0  # seconds between two looks at whether the scheduler is still there


def perform_on_cluster(task: Task) -> Done | Failure:
    """What a Dask worker calls."""
    return perform(task)


class DaskExecutor:
    """One task for each thread of the cluster's workers at a time."""

    def __init__(self, address: str) -> None:
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise ExecutorAddressError(
                "--executor dask://… needs Dask, which is not installed", hint="pip install 'reportlib[dask]'"
            ) from None
        try:
            self._client = distributed.Client(f"tcp://{address}", timeout=_CONNECT, set_as_default=False)
        except OSError as error:
            raise ExecutorAddressError(f"no Dask scheduler answers at {address}: {error}") from None
        self._killed: Any = distributed.KilledWorker
        self._news: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._under_way: set[int] = set()
        self.slots = self._count_slots()

    def submit(self, number: int, task: Task) -> None:
        """Send the task. `pure=False`: the same task may be sent again after it was lost."""
        self._under_way.add(number)
        try:
            future = self._client.submit(perform_on_cluster, task, pure=False)
        except Exception as error:  # the scheduler went away since the last task was sent
            self._news.put((number, _gone(error)))
            return
        future.add_done_callback(lambda done, number=number: self._news.put((number, done)))

    def events(self) -> Sequence[Event]:
        """Wait for a task to end."""
        while True:
            with suppress(Empty):
                number, future = self._news.get(timeout=_LOOK)
                break
            if self._client.status == "closed":  # it gave up the scheduler, and forgot what was sent meanwhile
                return [Ended(number, _gone("it no longer answers")) for number in self._pop_all()]
        if number not in self._under_way:
            return []
        self._under_way.discard(number)
        if isinstance(future, Failure):
            return [Ended(number, future)]
        if future.status in ("cancelled", "lost"):
            if self._client.status != "running":
                return [Ended(number, _gone("the connection is lost"))]
            return [Lost(number, "the Dask scheduler dropped the task")]
        error = future.exception()
        if error is None:
            return [Ended(number, future.result())]
        if isinstance(error, self._killed):
            failure = Failure("WorkerLost", f"its Dask workers died, one after another: {error}")
            return [Ended(number, failure)]
        return [Ended(number, Failure(type(error).__name__, str(error)))]

    def _pop_all(self) -> list[int]:
        numbers, self._under_way = sorted(self._under_way), set()
        return numbers

    def __enter__(self) -> DaskExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _count_slots(self) -> int:
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return max(sum(int(worker["nthreads"]) for worker in workers), 1)


def _gone(why: object) -> Failure:
    return Failure("ClusterLost", f"the Dask scheduler is gone: {why}", "start it again; the same command goes on")
