"""Two releases of one ledger laid beside each other: which shown numbers tell that a few persons came, left or changed.

A trial is analysed again when new extracts are drawn. Each ledger is protected by itself, but whoever has both can take
one from the other: a k that was 61 and is 62 is one person. What differs by fewer persons than the threshold is told
here before the second ledger leaves the server; what to do about it (wait until more have come, or hide the measure) is
for those who know whether the first one has left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportlib.disclosure.threshold import Threshold, too_few
from reportlib.ledger import Estimate, Ledger


@dataclass(frozen=True, slots=True)
class FewChanged:
    """A number of persons that both releases show: `what` of a row (k, n, or n - k), then and now."""

    key: str
    what: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.key}: {self.what} was {self.before} and is {self.after}"


def few_changed(before: Ledger, after: Iterable[Estimate], threshold: Threshold) -> list[FewChanged]:
    """The shown numbers of persons that differ by fewer than the threshold, in the order of the rows now.

    Rows are the same when their keys are. That a number is the same in both says nothing of who is behind it.
    """
    then = {row.key: dict(_counts(row)) for row in before}
    return [
        FewChanged(row.key, what, then[row.key][what], count)
        for row in after
        for what, count in _counts(row)
        if what in then.get(row.key, ()) and _is_few(abs(count - then[row.key][what]), threshold)
    ]


def _is_few(changed: int, threshold: Threshold) -> bool:
    return changed > 0 and too_few(changed, threshold)


def _counts(row: Estimate) -> Iterator[tuple[str, int]]:
    """The numbers of persons that a row shows."""
    if row.k is not None:
        yield "k", row.k
    if row.n is not None:
        yield "n", row.n
    if row.k is not None and row.n is not None:
        yield "n - k", row.n - row.k
