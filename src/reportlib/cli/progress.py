"""How a running batch is shown: a live bar with rate and time left, or plain lines when nobody watches a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reportlib.batch.result import Outcome, Status
from reportlib.batch.run import NoWatcher, Watcher


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watcher]:
    """A watcher for the console on standard error; one that says nothing when `quiet`."""
    console = Console(stderr=True)
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
    """Reports a second and the time left, from the reports made so far (unchanged ones take no time)."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.made = 0

    def text(self, left: int) -> str:
        """Such as `1.4 a second, 0:42 left`; empty before the first is made."""
        seconds = time.monotonic() - self.began
        if not self.made or not left or seconds <= 0:
            return ""
        rest = round(left * seconds / self.made)
        return f"{self.made / seconds:.1f} a second, {rest // 60}:{rest % 60:02d} left"


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
        self._pace.made += outcome.status is not Status.UNCHANGED
        if outcome.status is Status.UNCHANGED:
            return
        pace = self._pace.text(self._total - self._ended)
        text = f"[{self._ended}/{self._total}] {outcome.report.name}: {outcome.status.value}"
        self._console.print(f"{text} ({pace})" if pace else text, markup=False, highlight=False, soft_wrap=True)


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
        self._progress.update(self._task, description=f"{name}: {step}")

    def ended(self, outcome: Outcome) -> None:
        self._ended += 1
        self._pace.made += outcome.status is not Status.UNCHANGED
        self._progress.update(self._task, advance=1, pace=self._pace.text(self._total - self._ended))
