"""Paragraphs about weekly outcomes: the difference in one week, from when it lasts, how sure it is, the sum of it."""

from __future__ import annotations

from reportlib.danish import NBSP, capitalise, list_text, value_text
from reportlib.keys import DIFFERENCE, week_label
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.prose.claims import (
    SiteTest,
    effect_at,
    effects_by_site,
    lasting_from,
    significant_in_periods,
    verdict,
)
from reportlib.prose.claims.lasting import Direction
from reportlib.prose.claims.verdict import Verdict
from reportlib.prose.estimate_text import interval, tal
from reportlib.prose.sections.common import (
    at_week,
    last_week_with_enough,
    measure_of,
    paragraphs,
    weekly_rows,
)
from reportlib.prose.trial_words import outcome_words, trial_words
from reportlib.trial.model import Trial

VARIANTS = {
    "adjusted": "justeret for baggrund",
    "stratified": "sammenlignet inden for {sites}",
    "clustered": "med usikkerhed beregnet mellem {sites}",
}


def effect(
    ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None, relative: bool = False
) -> str:
    """The effect in one week, from which week it lasts, and in which weeks it is significant."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    rows = at_week(ledger, trial, measure_id, week)
    now = effect_at(*rows, outcome=outcome, words=words, relative=relative)
    return paragraphs(now, lasting(ledger, trial, measure_id, site=site))


def effect_in_week(
    ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None, relative: bool = False
) -> str:
    """The sentence about one week alone."""
    outcome = outcome_words(measure_of(trial, measure_id))
    rows = at_week(ledger, trial, measure_id, week)
    return effect_at(*rows, outcome=outcome, words=trial_words(trial), relative=relative).text


def lasting(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """From which week the difference lasts and in which weeks it is significant, with the reservations that follow."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    first = ledger[make_key(measure_id, statistic="first_lasting_week", group=DIFFERENCE)]
    last = last_week_with_enough(ledger, trial)
    differences = weekly_rows(ledger, measure_id, "difference")
    periods = significant_in_periods(
        differences,
        outcome=outcome,
        words=words,
        band=weekly_rows(ledger, measure_id, "uniform_band"),
        weeks=range(1, last + 1),
        after_lasting=first.value is not None,
    )
    if first.value is None:
        return periods.text
    found = lasting_from(first, _direction(first, differences), outcome=outcome, words=words, last_week=last)
    return found.then(periods).text


def robustness(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """Whether the verdict in one week stands when the difference is adjusted, stratified or clustered."""
    raw = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE, time=week_label(week))]
    sites = trial.sites.noun.many_definite
    variants: list[tuple[str, Estimate]] = []
    for statistic, text in VARIANTS.items():
        key = make_key(measure_id, statistic=statistic, group=DIFFERENCE, time=week_label(week))
        if key in ledger:
            variants.append((text.format(sites=sites), ledger[key]))
    if raw.value is None or not variants:
        return ""
    level = trial.design.level
    noun = outcome_words(measure_of(trial, measure_id)).noun
    main = verdict(raw, level)
    differ = [(text, row) for text, row in variants if row.value is not None and verdict(row, level) is not main]
    names = list_text([text for text, _ in variants])
    if not differ:
        stands = "statistisk signifikant" if main.significant else "ikke statistisk signifikant"
        return f"Konklusionen holder, når forskellen i {noun} i uge{NBSP}{week} er {names}: Den er også da {stands}.\n"
    told = [
        f"{text} er den {tal(row, 1)} og {'' if verdict(row, level).significant else 'ikke '}statistisk signifikant "
        f"({interval(row, level=level)})"
        for text, row in differ
    ]
    return f"Konklusionen om {noun} i uge{NBSP}{week} afhænger af metoden: {capitalise('; '.join(told))}.\n"


def accumulated(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """What the weekly differences add up to per person from week 1 to `week`."""
    row = ledger[make_key(measure_id, statistic="accumulated", group=DIFFERENCE, time=week_label(week))]
    words, noun = trial_words(trial), outcome_words(measure_of(trial, measure_id)).noun
    if row.value is None:
        return ""
    found = verdict(row, words.level)
    amount = value_text(abs(row.number), row.unit, 1)
    span = f"fra uge{NBSP}1 til uge{NBSP}{week}"
    where = f"{words.groups.treated_place} end {words.groups.place}"
    if not found.significant:
        return (
            f"Lagt sammen {span} er forskellen i {noun} {value_text(row.number, row.unit, 1)} pr. person. "
            f"Den er ikke statistisk signifikant ({interval(row, level=words.level)}).\n"
        )
    more = "mere" if found is Verdict.UP else "mindre"
    return (
        f"Lagt sammen {span} bliver det til {amount} {more} pr. person {where} ({interval(row, level=words.level)}).\n"
    )


def site_by_site(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """In which sites the difference stands when one allows for having tested them all."""
    time = week_label(week)
    tests = []
    for name in trial.sites.names:
        key = make_key(measure_id, statistic="difference", group=DIFFERENCE, site=name, time=time)
        if key not in ledger:
            continue
        adjusted = ledger[make_key(measure_id, statistic="p_holm", group=DIFFERENCE, site=name, time=time)]
        tests.append(SiteTest(site=name, difference=ledger[key], p_adjusted=adjusted.value))
    joint = ledger.get(make_key(measure_id, statistic="heterogeneity", group=DIFFERENCE, time=time))
    together = ledger.get(make_key(measure_id, statistic="sites_significant", group=DIFFERENCE, time=time))
    made = together.n if together is not None else None
    return effects_by_site(tests, words=trial_words(trial), heterogeneity=joint, made=made).text


def _direction(first: Estimate, differences: list[Estimate]) -> Direction | None:
    """The side on which the intervals lie from the first lasting week."""
    for row in differences:
        if row.week == first.value and row.value is not None:
            return "positive" if row.value > 0 else "negative"
    return None
