"""What a tested number says, in two words: a sure difference or none, as cards, lists and recommendations use it."""

from __future__ import annotations

from enum import StrEnum
from math import log
from statistics import NormalDist

from reportlib.ledger import Estimate
from reportlib.prose.wording import OUT_OF_REGARD, Claim, Verdict, Wording, WordingTable, verdict
from reportlib.text.units import Unit, null_value
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


def standard_error(row: Estimate, level: float) -> float | None:
    """That of the normal estimate whose interval the row has; of a ratio of rates that of its logarithm."""
    low, high = row.ci_low, row.ci_high
    if low is None or high is None:
        return None
    if row.unit is Unit.HAZARD_RATIO:
        low, high = log(low), log(high)
    return (high - low) / 2 / NormalDist().inv_cdf(1 - level / 2)


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


def sure_in_card(row: Estimate, trial: Trial) -> str:
    """The verdict as a card ends with it: `*Ikke sikker forskel.*`"""
    return f"*{sure(finds_of(row, trial)).text}*"
