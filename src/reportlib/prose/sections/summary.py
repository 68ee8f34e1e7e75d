"""The numbers a summary opens with, and a municipality's own numbers beside all others."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise
from reportlib.keys import others_than, week_label
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.markup import escape
from reportlib.prose.claims import own_against_others
from reportlib.prose.claims.printing import print_comparison
from reportlib.prose.sections.common import at_week, level, measure_of, others, paragraphs, words_about
from reportlib.prose.trial_words import outcome_words, trial_words
from reportlib.trial.model import Trial
from reportlib.units import Unit


def key_figures(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int, *, site: str | None) -> str:
    """A card per weekly measure: the treated group's level in the week, and the comparison group's beside it.

    The levels print exactly as in the sentences about the effect, because both ask `print_comparison`.
    """
    words = trial_words(trial)
    lines = []
    for measure_id in measures:
        outcome = outcome_words(measure_of(trial, measure_id))
        rows = at_week(ledger, trial, measure_id, week)
        if any(row.value is None for row in rows):
            continue
        printed = print_comparison(*rows, level=words.level, minutes=outcome.minutes)
        moment = f"i uge{NBSP}{week}"
        treated = words.groups.treated_many
        what = (
            f"af {treated} {outcome.verb} {outcome.rest} {moment}"
            if rows[0].unit is Unit.PCT
            else f"er {outcome.noun} for {treated} {moment}"
        )
        lines.append(f"- **{printed.treated}** {what}. {capitalise(words.groups.place)} er det {printed.comparison}.")
    return "::: {.noegletal}\n" + "\n".join(lines) + "\n:::\n"


def own_numbers(
    ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None, week: int | None = None
) -> str:
    """A municipality's numbers beside those of all other municipalities, one sentence a measure; empty for the trial.

    With `week`, weekly measures are taken from that week.
    """
    if site is None:
        return ""
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        own, rest = _pair(ledger, trial, measure_id, site, week if measure.is_panel else None)
        claim = own_against_others(
            own, rest, site=escape(site), outcome=outcome_words(measure), words=words_about(measure, trial)
        )
        told.append(claim.text)
    return paragraphs(" ".join(told))


def _pair(ledger: Ledger, trial: Trial, measure_id: str, site: str, week: int | None) -> tuple[Estimate, Estimate]:
    measure = measure_of(trial, measure_id)
    if week is None:
        return level(ledger, trial, measure, site), others(ledger, trial, measure, site)
    group = trial.groups.treated.id
    own, rest = (
        ledger[make_key(measure_id, statistic="mean", group=group, site=place, time=week_label(week))]
        for place in (site, others_than(site))
    )
    return own, rest
