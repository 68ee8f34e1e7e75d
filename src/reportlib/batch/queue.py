"""Tasks that wait for a worker, and whose turn it is: ledgers, one report of each trial, the others; the longest first.

Reports wait for their ledger, so a ledger is never kept waiting. A trial's first report draws the figures that all its
reports share, which two workers with two reports of one trial would both draw. What takes long begins early, so that no
worker is left alone with a long task at the end; how long it takes is judged by the size of what it reads.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from enum import IntEnum


class Turn(IntEnum):
    """Which kind of task goes first. One whose worker was lost goes last: memory is freer then."""

    LEDGER = 0
    FIRST_REPORT = 1
    REPORT = 2
    AGAIN = 3


@dataclass
class Queue:
    """Numbers of tasks, given out in their order: by turn, then the largest, then the lowest number."""

    _heap: list[tuple[Turn, int, int]] = field(default_factory=list)

    def put(self, number: int, turn: Turn, size: int = 0) -> None:
        """Let the task wait. `size` is that of what it reads, in bytes."""
        heapq.heappush(self._heap, (turn, -size, number))

    def take(self) -> int:
        """The number of the task whose turn it is."""
        return heapq.heappop(self._heap)[-1]

    def __len__(self) -> int:
        return len(self._heap)
