"""From rows in full to the rows of a finished ledger: propose -> hold back weeks -> repair -> audit -> release."""

from __future__ import annotations

from collections.abc import Iterable

from reportlib.disclosure.audit import audit
from reportlib.disclosure.proposals import proposed
from reportlib.disclosure.register import Register
from reportlib.disclosure.release import released
from reportlib.disclosure.repair import repaired
from reportlib.disclosure.threshold import SECONDARY, Threshold, hide, without_reasons
from reportlib.ledger import Estimate


def protect(
    rows: Iterable[Estimate], register: Register | None, threshold: Threshold, *, level: float
) -> list[Estimate]:
    """The rows as the ledger holds them, in their order. Equal rows and sets always give the same.

    Without a register (rows made up by hand, in tests) there are no persons to protect, and the proposal is all.

    Raises:
        DisclosedCellError, UnrepairableError: a small cell could be worked out; there is no ledger.
    """
    rows = list(rows)
    hidden = set(proposed(rows, threshold))  # each step adds keys and takes none away
    # Next: hidden |= held_back_weeks(rows, hidden, register, threshold)
    if register is not None:
        hidden = repaired(rows, register.made_of_hidden(hidden), register, threshold)
    shown = (hide(row, SECONDARY) if row.key in hidden else released(row, level=level) for row in rows)
    finished = without_reasons(shown)
    if register is not None:
        audit(finished, register, threshold)  # of the rows as they leave, by code of its own
    return finished
