"""What words of an evaluator rest on: numbers that must still say what they said when the words were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.prose.section_parts import level, measure_of
from reportlib.prose.sureness import Finds, judged
from reportlib.prose.target_claims import fidelity_level, light_text
from reportlib.prose.words import outcome_noun
from reportlib.text.markup import escape
from reportlib.trial.analyses import Light, Target
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial


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
        target = next(part.target for element in trial.elements for part in element.components if part.measure == name)
        return Ground(measure, row, target, fidelity_level(row, target).value)
    row = ledger[name]
    side, _, limit = wanted.partition(" ")
    if side in _SIDES and limit.isdigit() and row.value is not None:  # `under 10`: how large a number is, tested or not
        return Ground(measure, row, None, f"{_SIDES[row.number >= float(limit)]} {limit}")
    now = judged(ledger, trial, row)
    if now is Finds.UNTESTED:
        raise UnknownFindingError(f"{name} is not tested, so nothing can rest on it", hint="name a difference")
    return Ground(measure, row, None, now.value)


def bearing(ledger: Ledger, trial: Trial, what: str, bears: Mapping[str, str]) -> list[str]:
    """What `what` rests on in words, once it is seen that it still does.

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
            else f"”{escape(found.measure.label)}” ({light_text(Light(found.now))})"
        )
    return words
