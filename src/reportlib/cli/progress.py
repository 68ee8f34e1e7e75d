"""How a running batch is shown: a live bar with rate and time left, or plain lines when nobody watches a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reportlib.batch.result import Outcome, Status
from reportlib.batch.run import NoWatcher, Watcher
from reportlib.cli import printing

_ENOUGH = 3  # reports, before their pace says something


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watcher]:
    """A watcher for the console on standard error; one that says nothing when `quiet`."""
    console = printing.console(stderr=True)
    if quiet:
        yield NoWatcher()
    elif not console.is_terminal:
        yield Lines(console)
    else:
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[pace]}"),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            yield Bar(progress)


class Pace:
    """How fast reports are made and the time left. Unchanged ones take no time and do not count.

    It is reckoned from the end of the first one: before it lie the start of the workers and the first analysis.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: float | None = None
        self._made = 0

    def count(self) -> None:
        """One more report has been made."""
        self._made += 1
        if self._first is None:
            self._first = self._clock()

    def text(self, left: int) -> str:
        """Such as `1.4 a second, 0:42 left` or `one in 7.4 s, 1:14 left`; empty before three are made."""
        if self._first is None or self._made < _ENOUGH or not left:
            return ""
        each = (self._clock() - self._first) / (self._made - 1)
        if each <= 0:
            return ""
        pace = f"{1 / each:.1f} a second" if each < 1 else f"one in {each:.1f} s"
        rest = round(left * each)
        return f"{pace}, {rest // 60}:{rest % 60:02d} left"


class Lines:
    """One line for each report as it ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._total = self._ended = 0
        self._pace = Pace()

    def begins(self, total: int) -> None:
        self._total = total

    def step(self, name: str, step: str) -> None:
        """Lines are for what has ended."""

    def ended(self, outcome: Outcome) -> None:
        self._ended += 1
        if outcome.status is Status.UNCHANGED:
            return
        self._pace.count()
        pace = self._pace.text(self._total - self._ended)
        text = f"[{self._ended}/{self._total}] {outcome.report.name}: {outcome.status.value}"
        self._console.print(f"{text} ({pace})" if pace else text, soft_wrap=True)


class Bar:
    """A live bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, pace="")
        self._total = self._ended = 0
        self._pace = Pace()

    def begins(self, total: int) -> None:
        self._total = total
        self._progress.update(self._task, total=total)

    def step(self, name: str, step: str) -> None:
        self._progress.update(self._task, description=printing.visible(f"{name}: {step}"))

    def ended(self, outcome: Outcome) -> None:
        self._ended += 1
        if outcome.status is not Status.UNCHANGED:
            self._pace.count()
        self._progress.update(self._task, advance=1, pace=self._pace.text(self._total - self._ended))
