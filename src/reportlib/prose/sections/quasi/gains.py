"""What the weekly differences add up to in words, and the price at which that is earned back."""

from __future__ import annotations

from reportlib.danish import event_weeks, value_text
from reportlib.ledger import Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.claims import WordingTable, verdict
from reportlib.prose.claims.base import Wording
from reportlib.prose.estimate_text import interval
from reportlib.prose.sections.common import measure_of
from reportlib.text.origin import derived, with_origin
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

GAIN = WordingTable(
    "gain",
    Wording(
        "up",
        "significantly above zero",
        "Lagt sammen fra {span} er forskellen {size} pr. deltager ({interval}).",
    ),
    Wording(
        "down",
        "significantly below zero",
        "Lagt sammen fra {span} er der {size} mindre pr. deltager ({interval}).",
    ),
    Wording(
        "not-significant",
        "not significant",
        "Lagt sammen fra {span} er forskellen {difference} pr. deltager, men den er ikke "
        "statistisk signifikant "
        "({interval}).",
    ),
)
BREAK_EVEN = WordingTable(
    "quasi-break-even",
    Wording(
        "up",
        "the gain is significantly above zero",
        "Koster indsatsen et beløb mere pr. deltager end det, de øvrige {sites} gør, koster en ekstra time det "
        "beløb delt med "
        "{hours}. Den er tjent ind, hvis en ekstra time er mindst så meget værd. Bag hver ekstra time ligger der "
        "{units} {name} pr. deltager, hvoraf nogle også ville være holdt uden projektet.",
    ),
    Wording(
        "no-gain",
        "the gain is not significantly above zero",
        "Der er ikke vist nogen gevinst, og der er derfor ikke noget at holde en pris op imod.",
    ),
)


def gain(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """What the weekly differences in differences add up to per treated person."""
    row = ledger[make_key(measure_id, statistic="accumulated", group=DIFFERENCE, time=week_label(week))]
    if row.value is None:
        return ""
    found = verdict(row, trial.design.level)
    wording = found.value if found.significant else "not-significant"
    return (
        GAIN.choose(
            wording,
            [row],
            span=event_weeks(week),
            size=value_text(abs(row.number), row.unit, 1),
            difference=value_text(row.number, row.unit, 1),
            interval=interval(row, 1, level=trial.design.level),
        ).text
        + "\n"
    )


def break_even(ledger: Ledger, trial: Trial, measure_id: str, week: int, units: str, *, site: str | None) -> str:
    """How the price of one more hour follows from the extra cost per person; nothing where the gain may be none."""
    row = ledger[make_key(measure_id, statistic="accumulated", group=DIFFERENCE, time=week_label(week))]
    done = ledger[make_key(units, statistic="mean", group=trial.groups.treated.id)]
    if row.value is None or done.value is None or not verdict(row, trial.design.level).significant or row.value <= 0:
        return BREAK_EVEN.choose("no-gain", [row]).text + "\n"
    ratio = with_origin(done.number / row.number, derived("forhold", [done, row]))
    return (
        BREAK_EVEN.choose(
            "up",
            [row, done],
            sites=trial.sites.noun.many,
            hours=value_text(row.number, Unit.RATIO, 1),
            units=value_text(ratio, Unit.RATIO, 1),
            name=measure_of(trial, units).label.lower(),
        ).text
        + "\n"
    )
