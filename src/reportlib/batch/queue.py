"""Tasks that wait for a worker, and whose turn it is: ledgers first, then reports, the longest of each first.

Reports wait for their ledger, so a ledger is never kept waiting; and what takes long begins early, so that no worker is
left alone with a long task at the end. How long a task takes is judged by the size of what it reads.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from enum import IntEnum


class Turn(IntEnum):
    """Which kind of task goes first. One whose worker was lost goes last: memory is freer then."""

    LEDGER = 0
    REPORT = 1
    AGAIN = 2


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
