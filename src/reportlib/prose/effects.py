"""Paragraphs about weekly outcomes: the difference in one week, from when it lasts, how sure it is, the sum of it."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import (
    confidence_name,
    confidence_text,
    count_text,
    event_week,
    event_weeks,
    list_text,
    sentence,
    value_text,
)
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.digits import usual_decimals
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.ledger.table import corrected_key
from reportlib.prose.effect_claims import effect_at
from reportlib.prose.estimate_text import is_zero, tal
from reportlib.prose.section_parts import (
    accumulated_to,
    at_week,
    few_places,
    fill,
    groups_of,
    last_week_shown,
    last_week_with_enough,
    lasting_week,
    measure_of,
    paragraphs,
    weekly_rows,
)
from reportlib.prose.site_claims import SiteTest, effects_by_site
from reportlib.prose.week_claims import Direction, lasting_from, significant_in_periods
from reportlib.prose.wording import (
    OUT_OF_REGARD,
    Wording,
    WordingTable,
    clauses,
    joined,
    lead,
    list_of_nouns,
    statement,
    tested,
    turned,
    verdict,
)
from reportlib.prose.words import outcome_words, trial_words
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

# The ways a difference in one week is computed, as clauses that follow "sikker".
VARIANTS = {
    "difference": "når grupperne sammenlignes direkte",
    "adjusted": "når der justeres for baggrund",
    "stratified": "når der sammenlignes inden for {sites}",
    "clustered": "når usikkerheden beregnes mellem {sites}",
}
ROBUST = WordingTable(
    "robust",
    Wording(
        "stands",
        "every way of computing gives the same verdict",
        "Konklusionen om {noun} er den samme i alle beregninger: Forskellen er {verdict}.",
    ),
    Wording(
        "depends",
        "the ways differ",
        "Konklusionen om {noun} afhænger af beregningen: Forskellen er sikker, {holds}, men ikke {fails}.",
    ),
)
ACCUMULATED = WordingTable(
    "accumulated",
    *turned(
        ("weeks-up", "weeks of a share, significantly more"),
        ("weeks-down", "weeks of a share, significantly fewer"),
        "Lagt sammen {span} {verb} {treated} i gennemsnit {rest} i {amount} [mere|mindre] end {comparison}, og "
        "forskellen er sikker.",
    ),
    *turned(
        ("sum-up", "a sum, significantly more"),
        ("sum-down", "a sum, significantly less"),
        "Lagt sammen {span} bliver det til {amount} [mere|mindre] pr. person {treated_place} end {place}, og "
        "forskellen er sikker.",
    ),
    Wording(
        "not-significant",
        "not significant",
        "Lagt sammen {span} er der {amount} {more} pr. person {treated_place} end {place}, men forskellen er ikke "
        "sikker.",
    ),
    Wording(
        "alike",
        "not significant, and the sum prints as zero",
        "Lagt sammen {span} er der hverken mere eller mindre pr. person {treated_place} end {place}, men det er ikke "
        "sikkert.",
    ),
)


MAY_NOT_LAST = "Om forskellen er varig, kan endnu ikke afgøres."


def effect(
    ledger: Ledger,
    trial: Trial,
    measure_id: str,
    week: int | Sequence[int],
    *,
    site: str | None,
    relative: bool = False,
) -> str:
    """The effect in a week (or in each of several), from which week it lasts, and in which weeks it is significant."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    told = [
        effect_at(*at_week(ledger, trial, measure_id, one), outcome=outcome, words=words, relative=relative)
        for one in ([week] if isinstance(week, int) else week)
    ]
    return paragraphs(*told, lasting(ledger, trial, measure_id, site=site), few_places(trial))


def lasting(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """From which week the difference lasts and in which weeks it is significant, with the reservations that follow."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    first = ledger[make_key(measure_id, statistic="first_lasting_week", group=DIFFERENCE)]
    last = last_week_shown(ledger, trial, measure_id)
    differences = weekly_rows(ledger, measure_id, "difference")
    open_end = first.value is not None and lasting_week(ledger, trial, measure_id) is None
    periods = significant_in_periods(
        differences,
        outcome=outcome,
        words=words,
        band=weekly_rows(ledger, measure_id, "uniform_band"),
        weeks=range(1, last + 1),
        after_lasting=first.value is not None and not open_end,
        in_steps=ledger.tells_in_steps(measure_id),
    )
    if open_end:  # the weeks told are the last that can be measured
        return periods.then(MAY_NOT_LAST).text
    direction = None if first.value is None else _direction(first, differences)
    if direction is None:
        return periods.text
    found = lasting_from(first, direction, outcome=outcome, words=words, last_week=last)
    return found.then(periods).text


def peak(ledger: Ledger, trial: Trial, measure_id: str, *, site: str | None) -> str:
    """The levels in the week in which the treated group's is highest; no test, because the week is chosen by it."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    top = ledger.get(make_key(measure_id, statistic="maximum_week", group=trial.groups.treated.id))
    if top is None or top.value is None:
        return ""
    treated, comparison, _ = at_week(ledger, trial, measure_id, int(top.value))
    if treated.value is None:
        return ""
    opening = f"i {event_week(top.value)}, hvor {outcome.noun} er højest {words.groups.treated_place},"
    if comparison.value is None:
        verb, subject, rest = statement(treated, tal(treated), outcome, words.groups.treated_many)
        return sentence(joined([opening, verb, subject, rest]))
    return lead(
        treated,
        tal(treated),
        outcome,
        many=words.groups.treated_many,
        opening=opening,
        against=tal(comparison),
        place=words.groups.place,
    )


def robustness(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int, *, site: str | None) -> str:
    """Whether the verdicts in one week stand when the difference is adjusted, stratified or clustered."""
    stands: dict[bool, list[str]] = {True: [], False: []}
    depends = []
    level = trial.design.level
    for measure_id in measures:
        noun = outcome_words(measure_of(trial, measure_id)).noun
        found = {text: verdict(row, level).significant for text, row in _variants(ledger, trial, measure_id, week)}
        if len(found) < 2:
            continue
        if len(set(found.values())) == 1:
            stands[next(iter(found.values()))].append(noun)
            continue
        holds, fails = ([text for text, yes in found.items() if yes is wanted] for wanted in (True, False))
        depends.append(
            ROBUST.choose("depends", (), noun=noun, holds=clauses(holds), fails=clauses(fails, "eller")).text
        )
    told = [
        ROBUST.choose(
            "stands",
            (),
            noun=list_of_nouns(nouns),
            verdict="sikker" if significant else "ikke sikker",
        ).text
        for significant, nouns in stands.items()
        if nouns
    ]
    return paragraphs(" ".join([*told, *depends]))


def _variants(ledger: Ledger, trial: Trial, measure_id: str, week: int) -> list[tuple[str, Estimate]]:
    """The ways of computing that have a value, each with its clause."""
    sites = trial.sites.noun.many_definite
    keys = {
        text.format(sites=sites): make_key(measure_id, statistic=name, group=DIFFERENCE, time=week_label(week))
        for name, text in VARIANTS.items()
    }
    return [(text, ledger[key]) for text, key in keys.items() if key in ledger and ledger[key].value is not None]


def accumulated(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """What the weekly differences add up to per person from week 1 to `week`."""
    row = accumulated_to(ledger, trial, measure_id, week)
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    if row is None or row.value is None:
        return ""
    found = verdict(tested(row), words.level)
    kind = "weeks" if row.unit is Unit.WEEKS else "sum"
    return paragraphs(
        ACCUMULATED.choose(
            f"{kind}-{found}" if found.significant else "alike" if is_zero(row) else "not-significant",
            [row],
            span=f"fra {event_weeks(week)}",
            verb=outcome.verb,
            rest=outcome.rest,
            amount=value_text(abs(row.number), row.unit, usual_decimals(row)),
            more="mere" if row.number > 0 else "mindre",
            treated=words.groups.treated_many,
            comparison=words.groups.comparison_many,
            treated_place=words.groups.treated_place,
            place=words.groups.place,
        )
    )


def site_by_site(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """In which sites the difference stands when one allows for having tested them all."""
    time = week_label(week)
    tests = []
    for name in trial.sites.names:
        row = ledger.get(make_key(measure_id, statistic="difference", group=DIFFERENCE, site=name, time=time))
        if row is not None:
            tests.append(SiteTest(site=name, difference=row, p_adjusted=ledger[corrected_key(row)].value))
    joint = ledger.get(make_key(measure_id, statistic="heterogeneity", group=DIFFERENCE, time=time))
    together = ledger.get(make_key(measure_id, statistic="sites_significant", group=DIFFERENCE, time=time))
    made = together.n if together is not None else None
    return effects_by_site(tests, words=trial_words(trial), heterogeneity=joint, made=made).text


def reading_guide(ledger: Ledger, trial: Trial, *measures: str, site: str | None) -> str:
    """A box that explains the two-panel figures of these measures once, so that their notes can be short.

    It explains what they show: the line only where a difference lasts, the grey ground only where weeks have too few
    persons, weeks that are left out only where some are hidden. Without measures those of every curve.

    Raises:
        NoComparisonError: the trial has no comparison group, so its figures have one panel.
    """
    groups_of(trial)
    drawn = measures or tuple(dict.fromkeys(row.measure for row in ledger.select(statistic="first_lasting_week")))
    rows = [row for measure in drawn for row in weekly_rows(ledger, measure, "difference")]
    enough = last_week_with_enough(ledger, trial)
    return fill(
        "reading_guide",
        groups=list_text([group.label for group in trial.all_groups]),
        confidence=confidence_name(trial.design.level),
        percent=confidence_text(trial.design.level),
        lasts=any(lasting_week(ledger, trial, measure) is not None for measure in drawn),
        thin=any((row.week or 0) > enough for row in rows),
        hidden=any(row.suppressed for row in rows),
        enough=count_text(trial.follow_up.enough, "person"),
        why=OUT_OF_REGARD,
    )


def _direction(first: Estimate, differences: list[Estimate]) -> Direction | None:
    """The side on which the intervals lie from the first lasting week; None where no such week is shown."""
    for row in differences:
        if row.week is not None and row.value is not None and row.week >= first.number:
            return "positive" if row.value > 0 else "negative"
    return None
