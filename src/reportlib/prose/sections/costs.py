"""What can honestly be said of costs: units of activity by group, and what the extra ones bring per hour gained."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, list_text, value_text
from reportlib.keys import DIFFERENCE, week_label
from reportlib.ledger import Ledger, make_key
from reportlib.markup import escape
from reportlib.prose.claims import verdict
from reportlib.prose.estimate_text import interval, tal
from reportlib.prose.sections.common import fill, groups_of, measure_of, paragraphs
from reportlib.prose.trial_words import trial_words
from reportlib.trial.model import Trial


def activity(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """How much more (or less) activity the treated have, unit by unit."""
    words = trial_words(trial)
    treated, comparison = groups_of(trial)
    more, alike = [], []
    for measure_id in measures:
        label = escape(measure_of(trial, measure_id).label).lower()
        difference = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        levels = [ledger[make_key(measure_id, statistic="mean", group=group)] for group in (treated, comparison)]
        if difference.value is None or any(row.value is None for row in levels):
            continue
        if verdict(difference, words.level).significant:
            more.append(f"{tal(levels[0])} mod {tal(levels[1])} {label}")
        else:
            alike.append(label)
    first = f"Pr. person er der {words.groups.treated_place} {list_text(more)} {words.groups.place}." if more else ""
    second = f"Der er ingen statistisk signifikant forskel på {list_text(alike)}." if alike else ""
    return paragraphs(" ".join(part for part in (first, second) if part))


def break_even(ledger: Ledger, trial: Trial, measures: Sequence[str], gain: str, week: int, *, site: str | None) -> str:
    """The extra units of activity behind each extra unit gained, so that a price gives the break-even point.

    Said only where the gain's interval excludes zero: a price per hour of a gain that may be nothing would mislead.
    """
    words = trial_words(trial)
    total = ledger[make_key(gain, statistic="accumulated", group=DIFFERENCE, time=week_label(week))]
    if total.value is None:
        return ""
    ratios = []
    for measure_id in measures:
        row = ledger.get(make_key(measure_id, statistic="units_per_gain", group=DIFFERENCE, time=week_label(week)))
        if row is not None and row.value is not None:
            ratios.append(
                f"{value_text(row.number, row.unit, 2)} {escape(measure_of(trial, measure_id).label).lower()}"
            )
    significant = verdict(total, words.level).significant
    if significant and not ratios:
        return ""
    return fill(
        "break_even",
        significant=significant,
        span=f"uge{NBSP}1 til uge{NBSP}{week}",
        amount=value_text(total.number, total.unit, 1),
        interval=interval(total, level=words.level),
        ratios=list_text(ratios),
        place=words.groups.place,
    )
