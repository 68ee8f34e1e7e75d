"""From which week a difference lasts: the interval excludes zero then and in every later week with enough persons."""

from __future__ import annotations

from typing import Literal

from reportlib.danish import NBSP, capitalise, number_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.lead import higher
from reportlib.prose.words import OutcomeWords, TrialWords

Direction = Literal["positive", "negative"]

LASTING = WordingTable(
    "lasting",
    Wording(
        "lasts",
        "there is such a week, more than four weeks before the end",
        "Fra {week} er {noun} varigt {higher} {treated} end {place}: {Effect} er statistisk signifikant i alle uger "
        "{until}.",
    ),
    Wording(
        "last-weeks-only",
        "it lasts for at most four weeks, which are the last that can be measured",
        "Først fra {week} til {last}, som er de sidste uger med nok personer at måle på, er {noun} statistisk "
        "signifikant {higher} {treated} end {place}. Om forskellen er varig, kan endnu ikke afgøres.",
    ),
    Wording(
        "last-week-only",
        "the first lasting week is the last that can be measured",
        "Først i {week}, som er den sidste uge med nok personer at måle på, er {noun} statistisk signifikant {higher} "
        "{treated} end {place}. Om forskellen er varig, kan endnu ikke afgøres.",
    ),
    Wording(
        "never",
        "there is no such week",
        "Forskellen i {noun} er på intet tidspunkt varigt statistisk signifikant.",
    ),
)
LONGEST_SHORT_RUN = 4
"""Up to so many weeks in a row are a short period, and too few to call a difference lasting."""

NEVER_LASTING = "på intet tidspunkt varigt"


def week_name(week: float) -> str:
    """`uge 15`."""
    return f"uge{NBSP}{number_text(week)}"


def lasting_phrase(first_week: Estimate) -> str:
    """`fra uge 15`, or `på intet tidspunkt varigt`: for headings and boxes."""
    return NEVER_LASTING if first_week.value is None else f"fra {week_name(first_week.value)}"


def lasting_from(
    first_week: Estimate,
    direction: Direction | None,
    *,
    outcome: OutcomeWords,
    words: TrialWords,
    last_week: int | None = None,
) -> Claim:
    """The sentence about when a difference begins to last.

    `first_week` is the row with statistic `first_lasting_week` (its value is None when there is no such week),
    `direction` the side on which its intervals lie, `last_week` the last week with enough persons.

    Raises:
        ValueError: there is a first week but no direction.
    """
    wording = "never"
    if first_week.value is not None:
        if direction is None:
            raise ValueError(f"{first_week.key} has a first week and needs a direction")
        wording = "lasts" if last_week is None else _by_length(last_week - int(first_week.value) + 1)
    return LASTING.choose(
        wording,
        [first_week],
        week="" if first_week.value is None else week_name(first_week.value),
        last="" if last_week is None else week_name(last_week),
        until="med nok personer at måle på" if last_week is None else f"til og med {week_name(last_week)}",
        noun=outcome.noun,
        higher=higher(up=direction == "positive"),
        treated=words.groups.treated_place,
        place=words.groups.place,
        Effect=capitalise(words.design.effect_word),
    )


def _by_length(weeks: int) -> str:
    if weeks <= 1:
        return "last-week-only"
    return "last-weeks-only" if weeks <= LONGEST_SHORT_RUN else "lasts"
