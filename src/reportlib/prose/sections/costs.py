"""What can honestly be said of costs: units of activity by group, and what the extra ones bring per hour gained."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import UNIT_WORDS, decapitalise, event_weeks, list_text, value_text
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.prose.claims import OUT_OF_REGARD, Verdict, WordingTable, verdict
from reportlib.prose.claims.base import Wording
from reportlib.prose.estimate_text import interval
from reportlib.prose.sections.common import fill, measure_of, paragraphs
from reportlib.prose.trial_words import trial_words
from reportlib.text.markup import escape
from reportlib.trial.model import Trial

ACTIVITY = WordingTable(
    "activity",
    Wording("more", "significantly more units", "Pr. person er der flere {names} {treated} end {place}."),
    Wording("fewer", "significantly fewer units", "Pr. person er der færre {names} {treated} end {place}."),
    Wording("alike", "not significant", "For {names} er der ingen statistisk signifikant forskel."),
    Wording("hidden", "hidden", "Tallene for {names} vises ikke {why}."),
)


def activity(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Of which activities the treated have significantly more or fewer units; the numbers stand in the table."""
    words = trial_words(trial)
    names: dict[str, list[str]] = {wording: [] for wording in ACTIVITY}
    for measure_id in measures:
        difference = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        names[_wording(difference, words.level)].append(escape(decapitalise(measure_of(trial, measure_id).label)))
    told = [
        ACTIVITY.choose(
            wording,
            (),
            names=list_text(found),
            treated=words.groups.treated_place,
            place=words.groups.place,
            why=OUT_OF_REGARD,
        ).text
        for wording, found in names.items()
        if found
    ]
    return paragraphs(" ".join(told))


def _wording(difference: Estimate, level: float) -> str:
    if difference.value is None:
        return "hidden"
    return {Verdict.UP: "more", Verdict.DOWN: "fewer"}.get(verdict(difference, level), "alike")


def break_even(
    ledger: Ledger, trial: Trial, measures: Sequence[str], gain: str, week: int, *, table: str, site: str | None
) -> str:
    """The gain per person, and how the price of one more unit of it follows from the table of activities.

    Said only where the gain's interval excludes zero: a price per hour of a gain that may be nothing would mislead.
    `table` is the id of the table whose last column holds the extra units per unit gained.
    """
    words = trial_words(trial)
    total = ledger[make_key(gain, statistic="accumulated", group=DIFFERENCE, time=week_label(week))]
    if total.value is None:
        return ""
    known = [
        ledger.get(make_key(measure_id, statistic="units_per_gain", group=DIFFERENCE, time=week_label(week)))
        for measure_id in measures
    ]
    found = verdict(total, words.level)
    if found is Verdict.UP and not any(row is not None and row.value is not None for row in known):
        return ""
    return fill(
        "break_even",
        verdict=found.value,
        span=event_weeks(week),
        amount=value_text(abs(total.number), total.unit, 1),
        difference=value_text(total.number, total.unit, 1),
        unit=UNIT_WORDS[total.unit][0],
        treated=words.groups.treated_place,
        interval=interval(total, level=words.level),
        place=words.groups.place,
        table=table,
    )
