"""What a tested number says, in two words, and what words of an evaluator rest on: numbers that must still say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reportlib.danish import decapitalise
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.table import TESTED, corrected_key
from reportlib.prose.section_parts import level, measure_of
from reportlib.prose.target_claims import fidelity_level, light_text
from reportlib.prose.wording import OUT_OF_REGARD, Claim, Verdict, Wording, WordingTable, tested, verdict
from reportlib.prose.words import outcome_noun
from reportlib.text.markup import escape
from reportlib.text.units import null_value
from reportlib.trial.analyses import Light, Target
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

# A sure difference or none, as cards, lists and recommendations use it.


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


def sure_in_card(ledger: Ledger, trial: Trial, row: Estimate, beside: str = "") -> str:
    """The verdict as a card ends with it: `*Ikke sikker forskel.*`

    With `beside`, the clause it is about, it is part of that sentence: on the card of another number it would be read
    as that one's.
    """
    verdict = sure(judged(ledger, trial, row)).text
    return f"{beside}: *{decapitalise(verdict)}*" if beside else f"*{verdict}*"


# Words of an evaluator rest on numbers that must still say what they said when the words were written.


class FindingFlippedError(ReportlibError):
    """A recommendation rests on a finding that the numbers no longer support."""


class UnknownFindingError(ReportlibError):
    """A recommendation names a number that is tested nowhere, or a verdict that there is not."""


_SIDES = ("under", "over")


@dataclass(frozen=True, slots=True)
class Ground:
    """A number that words rest on, and what it says now.

    Attributes:
        target: what its share is held against; None for a difference.
        now: `up`, `down`, `open` ... of a difference, `green`, `yellow`, `red` of a share with a target, `under 10`
            or `over 10` of a number held against a limit.
    """

    measure: MeasureSpec
    row: Estimate
    target: Target | None
    now: str


def ground(ledger: Ledger, trial: Trial, name: str, wanted: str) -> Ground:
    """The number of that name (as in `bears`) with what it says.

    Raises:
        UnknownFindingError: the number is tested nowhere.
    """
    measure = measure_of(trial, name.split(".")[0])
    if wanted in tuple(Light):
        row = level(ledger, trial, measure)
        target = trial.targets[name]
        return Ground(measure, row, target, fidelity_level(row, target).value)
    row = ledger[name]
    side, _, limit = wanted.partition(" ")
    if side in _SIDES and limit.isdigit() and row.value is not None:  # `under 10`: how large a number is, tested or not
        return Ground(measure, row, None, f"{_SIDES[row.number >= float(limit)]} {limit}")
    now = judged(ledger, trial, row)
    if now is Finds.UNTESTED:
        raise UnknownFindingError(f"{name} is not tested, so nothing can rest on it", hint="name a difference")
    return Ground(measure, row, None, now.value)


def bearing(ledger: Ledger, trial: Trial, what: str, bears: Mapping[str, str], site: str | None = None) -> list[str]:
    """What `what` rests on in words, once it is seen that it still does; with `site` also the colour it has there.

    Raises:
        FindingFlippedError: a finding says something else now.
    """
    words = []
    for name, wanted in bears.items():
        found = ground(ledger, trial, name, wanted)
        if found.now != wanted:  # what may not be shown bears nothing either: the words would tell it
            raise FindingFlippedError(
                f"{what} rests on {name} being {wanted}; now it is {found.now}",
                hint="read the finding again, and rewrite what rests on it or take it out",
            )
        words.append(
            f"resultatet for {outcome_noun(found.measure)}"
            if found.target is None
            else f"”{escape(found.measure.label)}” ({_colours(ledger, trial, found, found.target, site)})"
        )
    return words


def _colours(ledger: Ledger, trial: Trial, found: Ground, target: Target, site: str | None) -> str:
    """`Rød`; in a site's version whose colour it is, and the site's own: `Rød i hele forsøget, Grøn i Aarhus`."""
    whole = light_text(Light(found.now))
    if site is None:
        return whole
    own = fidelity_level(level(ledger, trial, found.measure, site), target)
    if own.value == found.now:
        return f"{whole}, også i {escape(site)}"
    here = "" if own is Light.UNKNOWN else f", {light_text(own)} i {escape(site)}"  # what is hidden has no colour
    return f"{whole} i hele {trial.design.undertaking}{here}"
