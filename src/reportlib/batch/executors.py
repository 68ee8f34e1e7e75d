"""Who does the tasks: this process, or worker processes. They are started when a batch begins."""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, NoReturn, Protocol

from reportlib.batch.tasks import Done, Ended, Event, Failure, Lost, Step, Task, perform
from reportlib.files.whole import work_for


class Executor(AbstractContextManager["Executor"], Protocol):
    """Takes up to `slots` tasks at a time and tells how they go. A task that is lost may be submitted again."""

    slots: int

    def submit(self, number: int, task: Task) -> None:
        """Take on the task under this number."""
        ...

    def events(self) -> Sequence[Event]:
        """Wait for news of the tasks under way; one event at least."""
        ...


def open_executor(workers: int | None, tasks: int, owner: str) -> Executor:
    """This machine's executor: at most `workers` processes (default: one a core) for so many tasks.

    A single task is done in this process, which saves starting another. `owner` marks the files that worker processes
    have not finished, see `whole`.
    """
    size = min(workers or cores(), tasks)
    if (size <= 1 and workers is None) or workers == 0:
        return InlineExecutor()
    return ProcessPool(max(size, 1), owner)


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class InlineExecutor(Executor):
    """One task at a time, in this process."""

    slots = 1

    def __init__(self) -> None:
        self._task: tuple[int, Task] | None = None

    def submit(self, number: int, task: Task) -> None:
        """Keep the task until news of it is asked for."""
        self._task = (number, task)

    def events(self) -> Sequence[Event]:
        """Do the task."""
        assert self._task is not None, "no task is under way"
        number, task = self._task
        self._task = None
        return [Ended(number, perform(task))]

    def __exit__(self, *_: object) -> None:
        return None


_STOP_WAIT = 5.0  # seconds a worker gets to end by itself


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    task: int | None = None


class ProcessPool(Executor):
    """`size` worker processes, started once. Close it, or use it as a context: that ends them and removes their folder.

    Python's own pools give up all their tasks when one process dies; here a death costs the one task that process had,
    and the process is replaced. Processes are spawned, never forked, as everywhere on Windows. One that is told to end
    clears away what it had begun; one whose parent is gone ends with its task. `owner` marks their unfinished files
    (`files.whole`).
    """

    def __init__(self, size: int, owner: str) -> None:
        self.slots = size
        self._owner = owner
        self._context = multiprocessing.get_context("spawn")
        self._folder = Path(tempfile.mkdtemp(prefix="rl-"))
        self._workers = [self._start() for _ in range(size)]

    def submit(self, number: int, task: Task) -> None:
        """Give the task to a free worker. There is one as long as no more than `slots` tasks are under way."""
        worker = next((worker for worker in self._workers if worker.task is None), None)
        if worker is None:  # one has died
            self._workers.append(worker := self._start())
        worker.task = number
        with suppress(OSError):  # a worker that died while idle: `events` tells
            worker.pipe.send((number, task))

    def events(self) -> Sequence[Event]:
        """Wait until a worker tells something, and give what was told."""
        pipes = [worker.pipe for worker in self._workers]
        ready = wait([*pipes, *(worker.process.sentinel for worker in self._workers)])
        found: list[Event] = []
        for worker in list(self._workers):
            if worker.pipe in ready or worker.process.sentinel in ready:
                found += self._listen(worker)
        return found

    def close(self) -> None:
        """End the workers: those without a task by themselves, the others at once."""
        for worker in self._workers:
            if worker.task is not None:
                worker.process.terminate()
            with suppress(OSError):
                worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_STOP_WAIT)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_work, args=(theirs, self._folder, self._owner), name="reportlib worker", daemon=True
        )
        with _interrupts_kept_from_children():
            process.start()
        theirs.close()  # or the end of the process would not close the pipe
        return _Worker(process, ours)

    def _listen(self, worker: _Worker) -> list[Event]:
        found: list[Event] = []
        with suppress(EOFError, OSError):
            while worker.pipe.poll():
                event: Any = worker.pipe.recv()
                if isinstance(event, Ended):
                    worker.task = None
                found.append(event)
            if worker.process.is_alive():
                return found
        return found + self._bury(worker)

    def _bury(self, worker: _Worker) -> list[Event]:
        """A dead worker is replaced when its place is needed: one that cannot start would die again and again."""
        worker.process.join(_STOP_WAIT)
        worker.pipe.close()
        self._workers.remove(worker)
        shutil.rmtree(self._folder / str(worker.process.pid), ignore_errors=True)
        return [] if worker.task is None else [Lost(worker.task, _reason(worker.process.exitcode))]


def _reason(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        return f"the worker was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    return f"the worker ended (exit status {exitcode})"


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Ctrl-C reaches every process of the group, also a worker that is still starting: the parent decides.

    What is blocked here is blocked in the worker and in the programs it starts; this process gets it afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows: the worker turns it off itself, a moment later
        yield
        return
    resource_tracker.ensure_running()  # or starting it would unblock
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, folder: Path, owner: str) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it clears away what it had begun
    if hasattr(signal, "SIGHUP"):  # the terminal is gone: as with Ctrl-C
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    own = folder / str(os.getpid())
    own.mkdir(parents=True, exist_ok=True)
    work_for(owner)
    try:
        _serve(pipe, own)
    except (EOFError, OSError):  # the parent is gone, and cannot clear away any more
        shutil.rmtree(own, ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()  # the last worker succeeds
    except KeyboardInterrupt:
        return
    _leave()


def _leave() -> NoReturn:
    """End this process without taking down all that was loaded, for which the batch would wait at its end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # no stream, or nobody reads it any more
            stream.flush()
    os._exit(0)


def _serve(pipe: Connection, folder: Path) -> None:
    gc.disable()  # it would look through all that is being loaded again and again: a tenth of the start
    from reportlib.batch.tasks import use_temporary_folder, warm_up

    use_temporary_folder(folder)
    warm_up()
    gc.enable()
    while True:
        number, task = pipe.recv()

        def step(name: str, number: int = number) -> None:
            with suppress(OSError):  # the parent is gone: what has begun is ended all the same
                pipe.send(Step(number, name))

        result: Done | Failure = perform(task, step)
        pipe.send(Ended(number, result))
