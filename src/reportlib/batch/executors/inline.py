"""The task is done here and now, in this process."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.batch.tasks import Ended, Event, Task


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
