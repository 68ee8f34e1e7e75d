"""What a tested number says, in two words: a sure difference or none, as cards, lists and recommendations use it."""

from __future__ import annotations

from enum import StrEnum

from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.tests_of import TESTED, corrected_key
from reportlib.prose.wording import OUT_OF_REGARD, Claim, Verdict, Wording, WordingTable, tested, verdict
from reportlib.text.units import null_value
from reportlib.trial.model import Trial


class Finds(StrEnum):
    """What the evidence says of a result."""

    UP = "up"
    DOWN = "down"
    OPEN = "open"
    ALIKE = "alike"
    UNTESTED = "untested"
    HIDDEN = "hidden"

    @property
    def sure(self) -> bool:
        """True of a significant difference."""
        return self in {Finds.UP, Finds.DOWN}

    @property
    def settled(self) -> bool:
        """True when the numbers answer the question."""
        return self.sure or self is Finds.ALIKE


def finds_of(row: Estimate, trial: Trial, margin: float | None = None) -> Finds:
    """What a tested row says: significantly up or down, open, or inside the margin."""
    if row.value is None:
        return Finds.HIDDEN
    found = verdict(row, trial.design.level)
    if found is Verdict.UNTESTED:  # where nobody differs there is nothing to test, and nothing is shown
        return Finds.UNTESTED if row.value else Finds.OPEN
    if found.significant:
        return Finds(found.value)
    low, high, null = row.ci_low, row.ci_high, null_value(row.unit)
    if margin is not None and low is not None and high is not None and null - margin < low and high < null + margin:
        return Finds.ALIKE
    return Finds.OPEN


def judged(ledger: Ledger, trial: Trial, row: Estimate, margin: float | None = None) -> Finds:
    """What a tested row says when one allows for the tests beside it, where the ledger has it so: a planned result in
    its family, a site among all sites. One that is lost by it, or whose corrected p-value may not be shown, is open."""
    found = finds_of(row, trial, margin)
    corrected = ledger.get(corrected_key(row)) if found.sure and row.statistic in TESTED else None
    if corrected is None:
        return found
    tested(row)  # before its correction, in the table of uncertainty
    stands = tested(corrected).value is not None and corrected.number < trial.design.level
    return found if stands else Finds.OPEN


SURE = WordingTable(
    "sure",
    Wording("settled", "significant", "Sikker forskel"),
    Wording("open", "not significant, with an interval", "Ikke sikker forskel"),
    Wording("alike", "inside the margin", "Ingen forskel af betydning"),
    Wording("untested", "no test", "Usikkerheden er ikke beregnet"),
    Wording("hidden", "may not be shown", "Vises ikke {why}"),
)


def sure(finds: Finds) -> Claim:
    """`Sikker forskel`, `Ikke sikker forskel`: the verdict in two words, for a card or a list."""
    wording = "settled" if finds.sure else finds.value
    return SURE.choose(wording, (), why=OUT_OF_REGARD)


def sure_in_card(ledger: Ledger, trial: Trial, row: Estimate) -> str:
    """The verdict as a card ends with it: `*Ikke sikker forskel.*`"""
    return f"*{sure(judged(ledger, trial, row)).text}*"
