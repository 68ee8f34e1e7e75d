"""From rows in full to the rows of a finished ledger: propose -> hold back weeks -> repair -> audit -> release."""

from __future__ import annotations

from collections.abc import Iterable

from reportlib.disclosure.proposals import proposed
from reportlib.disclosure.register import Register
from reportlib.disclosure.release import released
from reportlib.disclosure.threshold import SECONDARY, Threshold, hide, without_reasons
from reportlib.ledger import Estimate


def protect(
    rows: Iterable[Estimate], register: Register | None, threshold: Threshold, *, level: float
) -> list[Estimate]:
    """The rows as the ledger holds them, in their order. Equal rows and sets always give the same.

    Without a register (rows made up by hand, in tests) there are no persons to protect, and the proposal is all.
    """
    rows = list(rows)
    hidden = set(proposed(rows, threshold))  # each step adds keys and takes none away
    # Next: hidden |= held_back_weeks(rows, hidden, register, threshold)
    if register is not None:
        register.check_sources()
        hidden = register.made_of_hidden(hidden)
        # Then: hidden = repaired(rows, hidden, register, threshold); audit(rows, hidden, register, threshold)
    shown = (hide(row, SECONDARY) if row.key in hidden else released(row, level=level) for row in rows)
    return without_reasons(shown)
