"""Differences in differences in words: in one week, and in which weeks."""

from __future__ import annotations

from reportlib.danish import NBSP, capitalise, number_text, value_text
from reportlib.ledger import Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.claims import WordingTable, verdict
from reportlib.prose.claims.base import Wording
from reportlib.prose.estimate_text import hidden_text, interval
from reportlib.prose.sections.common import measure_of, weekly_rows
from reportlib.prose.trial_words import outcome_words
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

DID = WordingTable(
    "did",
    Wording(
        "up",
        "significant and positive",
        "I uge{nb}{week} har {noun} udviklet sig {size} mere i de deltagende {sites} end i de øvrige. "
        "Forskellen er statistisk "
        "signifikant ({interval}), men den forudsætter, at udviklingen ellers ville have været den samme.",
    ),
    Wording(
        "down",
        "significant and negative",
        "I uge{nb}{week} har {noun} udviklet sig {size} mindre i de deltagende {sites} end i de øvrige. "
        "Forskellen er statistisk "
        "signifikant ({interval}), men den forudsætter, at udviklingen ellers ville have været den samme.",
    ),
    Wording(
        "not-significant",
        "not significant",
        "I uge{nb}{week} er der ikke statistisk signifikant forskel på, hvordan {noun} har udviklet sig i de "
        "deltagende {sites} og i de øvrige: Forskellen er {difference} ({interval}).",
    ),
)
DID_WEEKS = WordingTable(
    "did-weeks",
    Wording(
        "none", "no week is significant", "Forskellen i {noun} er ikke statistisk signifikant i nogen af de {n} uger."
    ),
    Wording(
        "one",
        "one week is",
        "Forskellen i {noun} er {sign}statistisk signifikant i uge{nb}{first} og ikke i de øvrige af de {n} uger.",
    ),
    Wording(
        "all",
        "all from the first to the last",
        "Forskellen i {noun} er {sign}statistisk signifikant i uge{nb}{first} {to} {last} og ikke uden for dem.",
    ),
    Wording(
        "some",
        "some of them",
        "Forskellen i {noun} er {sign}statistisk signifikant i {k} af de {n} uger, første gang i uge{nb}{first} og "
        "sidste gang "
        "i uge{nb}{last}.",
    ),
)


def did(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """The difference in differences of one week, and what its test lets be said."""
    row = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE, time=week_label(week))]
    noun = outcome_words(measure_of(trial, measure_id)).noun
    if row.value is None:
        return f"{capitalise(noun)}: {hidden_text(row)}.\n"
    found = verdict(row, trial.design.level)
    wording = found.value if found.significant else "not-significant"
    decimals = 1 if row.unit is Unit.PCT_POINT else 2
    return (
        DID.choose(
            wording,
            [row],
            nb=NBSP,
            week=number_text(week),
            noun=noun,
            sites=trial.sites.noun.many,
            size=value_text(abs(row.number), row.unit, decimals),
            difference=value_text(row.number, row.unit, decimals),
            interval=interval(row, decimals, level=trial.design.level),
        ).text
        + "\n"
    )


def did_weeks(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """In which weeks the difference in differences is significant."""
    count = ledger[make_key(measure_id, statistic="significant_weeks", group=DIFFERENCE)]
    first, last = (
        ledger[make_key(measure_id, statistic=f"{end}_significant_week", group=DIFFERENCE)] for end in ("first", "last")
    )
    noun = outcome_words(measure_of(trial, measure_id)).noun
    k = int(count.number)
    if k == 0 or first.value is None or last.value is None:
        return DID_WEEKS.choose("none", [count], n=number_text(count.n or 0), noun=noun).text + "\n"
    a, b = int(first.number), int(last.number)
    wording = "one" if k == 1 else "all" if k == b - a + 1 else "some"
    return (
        DID_WEEKS.choose(
            wording,
            [count, first, last],
            sign=_sign(ledger, trial, measure_id, a, b),
            noun=noun,
            nb=NBSP,
            k=number_text(count.number),
            n=number_text(count.n or 0),
            first=number_text(first.number),
            to="til" if b - a > 1 else "og",
            last=number_text(last.number),
        ).text
        + "\n"
    )


def _sign(ledger: Ledger, trial: Trial, measure_id: str, first: int, last: int) -> str:
    """`positiv og ` or `negativ og ` where all significant weeks of a span have one sign; empty where they do not."""
    found = {
        row.number > 0
        for row in weekly_rows(ledger, measure_id, "difference")
        if row.value is not None and first <= (row.week or 0) <= last and verdict(row, trial.design.level).significant
    }
    return "" if len(found) != 1 else "positiv og " if found.pop() else "negativ og "
