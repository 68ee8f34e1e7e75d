"""Disclosure control: what could say something of a person is taken out before the ledger is written.

    propose -> hold back weeks -> repair -> audit -> release          (`steps.protect`)

`proposals` hides by rules of thumb; `repair` hides what else the linked system of all rows (`system`) needs; `audit`
builds the system anew with code of its own and refuses a ledger that gives a small cell away; `release` leaves of the
shown rows what print needs. Who is behind a number (`register`) is known in memory only. docs/disclosure.md tells why.
"""

from reportlib.disclosure.proposals import proposed, suppress
from reportlib.disclosure.threshold import (
    HIDDEN,
    PRIMARY,
    SECONDARY,
    Threshold,
    hide,
    rests_on_too_few,
    too_few,
)
