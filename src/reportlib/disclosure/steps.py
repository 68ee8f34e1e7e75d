"""From rows in full to the rows of a finished ledger: propose -> hold back weeks -> repair -> audit -> release."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reportlib.disclosure.audit import audit
from reportlib.disclosure.held_back import held_back
from reportlib.disclosure.proposals import proposed
from reportlib.disclosure.register import Register
from reportlib.disclosure.release import released
from reportlib.disclosure.repair import repaired
from reportlib.disclosure.threshold import HIDDEN, Threshold, hide, near_an_end
from reportlib.ledger import Estimate


@dataclass(frozen=True, slots=True)
class Protected:
    """The rows of a finished ledger, and how many hidden levels of each measure only wait for a later week."""

    rows: list[Estimate]
    held_back: dict[str, int]


@contextmanager
def _without_collector() -> Iterator[None]:
    """What is built is kept, and nothing of it is a ring: to look for rings in it, again and again, took a fifth of the
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_without_collector()
def protect(
    rows: Iterable[Estimate],
    register: Register | None,
    threshold: Threshold,
    *,
    level: float,
    asked_weeks: Collection[int] = (),
) -> Protected:
    """The rows as the ledger holds them, in their order. Equal rows and sets always give the same.

    `level` is the trial's level of significance, `asked_weeks` the weeks that its analyses ask for.

    Without a register (rows made up by hand, in tests) there are no persons to protect, and the proposal is all.

    Raises:
        DisclosedCellError: a small cell could be worked out; there is no ledger.
    """
    rows = list(rows)
    near = near_an_end(rows, register.scales, threshold) if register is not None else ()
    hidden, waiting = set(proposed(rows, threshold, also=near)), set[str]()  # each step adds keys and takes none away
    if register is not None:
        waiting = held_back(rows, hidden, register, threshold, asked_weeks)
        if waiting:
            hidden = set(proposed(rows, threshold, also=hidden | waiting))
        hidden = repaired(rows, register.made_of_hidden(hidden), register, threshold)
    finished = [hide(row, HIDDEN) if row.key in hidden else released(row, level=level) for row in rows]
    if register is not None:
        audit(finished, register, threshold)  # of the rows as they leave, by code of its own
    by_measure = Counter(row.measure for row in rows if row.key in waiting)
    return Protected(finished, held_back=dict(sorted(by_measure.items())))
