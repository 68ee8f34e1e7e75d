"""Single shares and answers in sentences: in all, highest and lowest, how far persons have come."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportlib.danish import (
    capitalise,
    count_text,
    decapitalise,
    default_decimals,
    event_week,
    list_text,
    number_text,
    round_half_up,
    sentence,
    value_text,
)
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.digits import usual_decimals
from reportlib.prose.estimate_text import exact_value, share_of, tal
from reportlib.prose.section_parts import at_week, by_site, counted, level, measure_of, own_beside, paragraphs
from reportlib.prose.site_claims import most, ranking, tied_groups
from reportlib.prose.wording import Wording, WordingTable, hidden_claim, joined, turned, with_when
from reportlib.prose.words import outcome_words, trial_words
from reportlib.text.markup import escape
from reportlib.text.origin import count_of, derived, origin_of, with_origin
from reportlib.text.units import Unit
from reportlib.trial.measures import MeasureSpec, SurveyMean
from reportlib.trial.model import Trial, computed_as

# Single shares in a sentence: in the whole trial, where they are highest and lowest, how far persons have come.


REACHED = WordingTable(
    "reached",
    Wording("all", "everybody", "{When} har alle {many} nået det, planen forudsætter."),
    Wording("some", "some", "{When} {told}. De øvrige {left} er ikke nået så langt, som planen forudsætter."),
    Wording("none", "nobody", "{When} er ingen af {many} nået så langt, som planen forudsætter."),
)


def in_all(ledger: Ledger, trial: Trial, *measures: str, site: str | None, spread: bool = False) -> str:
    """A sentence about each share in the whole trial, with its counts; in a site's version also the site's own.

    With `spread`, the whole trial's version also says where the share is highest and lowest.
    """
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        row, outcome = level(ledger, trial, measure), outcome_words(measure)
        hidden = hidden_claim(outcome.noun, [row], trial_words(trial))
        if hidden is not None:
            told.append(hidden.text)
            continue
        subject = share_of(row, _who(measure, trial))
        told.append(sentence(joined([f"i hele {trial.design.undertaking}", outcome.verb, subject, outcome.rest])))
        if site is not None and make_key(measure.id, statistic="mean", group=row.group, site=site) in ledger:
            told.append(own_beside(ledger, trial, measure, site).text)
        if site is None and spread:
            told.append(most(by_site(ledger, trial, measure), noun="andelen", words=trial_words(trial)).text)
    return paragraphs(" ".join(told))


WENT = WordingTable(
    "went",
    Wording("up", "the mean change prints above zero", "{Who} er i gennemsnit gået {size} op {span}."),
    Wording("down", "the mean change prints below zero", "{Who} er i gennemsnit gået {size} ned {span}."),
    Wording("stayed", "the mean change prints as zero", "{Who} er i gennemsnit hverken gået op eller ned {span}."),
)


def went(ledger: Ledger, trial: Trial, measure_id: str, *, who: str, span: str, site: str | None) -> str:
    """A mean change as a rise or a fall: `who` has gone up or down by so much, `span` says from when to when."""
    row = level(ledger, trial, measure_of(trial, measure_id))
    if (hidden := hidden_claim(f"ændringen for {who}", [row], trial_words(trial))) is not None:
        return paragraphs(hidden)
    places = default_decimals(row.unit)
    shown = round_half_up(exact_value(row), places)
    wording = "stayed" if shown.is_zero() else "up" if shown > 0 else "down"
    size = value_text(abs(row.number), row.unit, places)
    return paragraphs(WENT.choose(wording, [row], Who=capitalise(who), size=size, span=span))


def reached_by(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """How many have reached by a week what the plan says everybody should have reached by then."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    row, many = at_week(ledger, trial, measure_id, week)[0], words.groups.treated_many
    when = f"{outcome.at} {event_week(week)}"
    if (hidden := hidden_claim(with_when(outcome.noun, when), [row], words)) is not None:
        return paragraphs(hidden)
    share = exact_value(row)
    decimals = next((places for places in range(3) if 0 < round_half_up(share, places) < 100), 0)
    found = REACHED.choose(
        "some" if 0 < share < 100 else "all" if share else "none",
        [row],
        When=capitalise(when),
        told=joined([outcome.verb, f"{tal(row, decimals)} af {many}", outcome.rest]),
        left=value_text(
            with_origin(100 - round_half_up(share, decimals), derived("resten", [row])), Unit.PCT, decimals
        ),
        many=many,
    )
    return paragraphs(found)


def _who(measure: MeasureSpec, trial: Trial) -> str:
    """The persons a measure counts, also where a note would say it: a sentence alone has no note."""
    found = counted(measure, trial)
    return f"de {found.population}," if found.population and not found.told else found.many


# What respondents answer: what matters most to them, and whether one kind of thing matters more than another.


CONTRAST = WordingTable(
    "contrast",
    *turned(
        ("above", "every item of the first kind prints above every one of the second"),
        ("below", "every item of the first kind prints below every one of the second"),
        "{First} ligger {span_first} og dermed [over|under] {second}, som ligger {span_second}.",
    ),
    Wording(
        "mixed",
        "the two kinds overlap",
        "{First} ligger {span_first} og {second} {span_second}, så der er ikke noget klart skel mellem dem.",
    ),
    Wording("hidden", "items of one kind may not be shown", "{First} kan ikke sammenlignes med {second}."),
)
_NAMED_LAST = 2


def importance(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None, top: int = 3) -> str:
    """The highest means of several items on one scale, the two lowest, and how many have answered."""
    found = [measure_of(trial, measure_id) for measure_id in measures]
    first = computed_as(found[0].id, found[0].computed, SurveyMean)
    rows = [(decapitalise(measure.label), level(ledger, trial, measure)) for measure in found]
    subjects = count_text(count_of(measures), "forhold")
    scale = (
        f"{capitalise(counted(found[0], trial).many)} har vurderet betydningen af {subjects} på "
        f"en skala fra {number_text(first.low)} ({decapitalise(first.low_label)}) til {number_text(first.high)} "
        f"({decapitalise(first.high_label)})."
    )
    counts = [row.n for _, row in rows if row.n is not None]
    answered = (
        f"Antallet af svar varierer fra {number_text(min(counts))} til {number_text(max(counts))}." if counts else ""
    )
    leading = ranking(rows, noun="den gennemsnitlige betydning", top=top)
    return " ".join(part for part in (scale, str(leading), _lowest(rows, top), answered) if part) + "\n"


def contrast(
    ledger: Ledger,
    trial: Trial,
    first: Sequence[str],
    second: Sequence[str],
    *,
    names: tuple[str, str],
    site: str | None,
) -> str:
    """Whether all items of one kind are rated above (or below) all of another, decided on the printed means."""
    rows = [[level(ledger, trial, measure_of(trial, measure_id)) for measure_id in kind] for kind in (first, second)]
    parts = {"First": capitalise(names[0]), "second": names[1]}
    every = [row for kind in rows for row in kind]
    if any(row.value is None for row in every):
        return paragraphs(CONTRAST.choose("hidden", every, **parts, span_first="", span_second=""))
    one, two = ([_printed(row) for row in kind] for kind in rows)
    wording = "above" if min(one) > max(two) else "below" if max(one) < min(two) else "mixed"
    return paragraphs(CONTRAST.choose(wording, every, **parts, span_first=_span(one), span_second=_span(two)))


def _lowest(rows: Sequence[tuple[str, Estimate]], top: int) -> str:
    """The two lowest, lowest first, with all that tie with them; empty where they could be among the highest."""
    groups = tied_groups(rows)
    last = list(groups.pop()) if groups else []
    if groups and len(last) < _NAMED_LAST:
        last += groups.pop()
    if sum(len(group) for group in groups) < top:
        return ""
    return f"Lavest ligger {list_text([f'{escape(label)} ({tal(row)})' for label, row in last])}."


def _printed(row: Estimate) -> Decimal:
    return with_origin(round_half_up(exact_value(row), usual_decimals(row)), origin_of(row.value))


def _span(values: Sequence[Decimal]) -> str:
    low, high = min(values), max(values)
    decimals = max(0, -int(low.as_tuple().exponent))
    if low == high:
        return f"på {number_text(low, decimals)}"
    return f"mellem {number_text(low, decimals)} og {number_text(high, decimals)}"
