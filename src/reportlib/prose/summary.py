"""The numbers a summary opens with, and a municipality's own numbers beside all others."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import event_week, list_text, sentence
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.ledger.keys import others_than, week_label
from reportlib.prose.estimate_text import NOT_ESTIMATED, counts_of, print_comparison, share_of, tal, with_counts
from reportlib.prose.section_parts import (
    as_cards,
    at_week,
    cautioned,
    counted,
    level,
    measure_of,
    others,
    paragraphs,
    population_note,
    words_about,
)
from reportlib.prose.site_claims import own_against_others, stands_apart
from reportlib.prose.sureness import sure_in_card
from reportlib.prose.wording import Wording, WordingTable
from reportlib.prose.words import in_week, outcome_words, site_noun, trial_words
from reportlib.text.markup import escape
from reportlib.text.units import Unit
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial

OWN_LIST = WordingTable(
    "own-list",
    Wording(
        "only-within",
        "one comparison, intervals overlap",
        "Forskellen er ikke større end den statistiske usikkerhed.",
    ),
    Wording("all-within", "all intervals overlap", "Ingen af forskellene er større end den statistiske usikkerhed."),
    Wording(
        "apart",
        "one pair or more is apart, told with its direction",
        "Når der tages højde for usikkerheden, ligger {site} {apart}.{rest}",
    ),
)


def key_figures(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int, *, site: str | None) -> str:
    """A card per measure: the treated group's level, of a weekly one in the week, the other's below it, the verdict.

    The levels print exactly as in the sentences about the effect, because both ask `print_comparison`. In a site's
    version its own level comes first, where it has one to show.
    """
    words = trial_words(trial)
    lines = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        when = week if measure.is_panel else None
        rows = at_week(ledger, trial, measure_id, when)
        if any(row.value is None for row in rows):
            continue
        printed = print_comparison(*rows, level=words.level)
        outcome = outcome_words(measure)
        moment = "" if when is None else f" {outcome.at} {event_week(when)}"
        own = _own_level(ledger, trial, measure_id, when, site)
        where = "" if site is None else f" i hele {trial.design.undertaking}"
        if own is not None:  # one place may have few persons: a share of them is read with its counts
            where = f" i {escape(site or '')}{counts_of(own)}"
        many = f"{words.groups.treated_many}{where}"
        what = (
            f"af {many} {outcome.verb} {outcome.rest}{moment}"
            if rows[0].unit is Unit.PCT
            else f"er i gennemsnit {outcome.noun} for {many}{moment}"
        )
        both = (
            f"I hele {trial.design.undertaking} er det {printed.treated} mod {printed.comparison} {words.groups.place}"
        )
        one = sentence(f"{words.groups.place} er det {printed.comparison}")
        verdict = (
            f"{one} {sure_in_card(ledger, trial, rows[2])}"
            if own is None
            else sure_in_card(ledger, trial, rows[2], both)
        )
        shown = printed.treated if own is None else tal(own)
        caution = cautioned(measure_of(trial, measure_id))
        lines.append(f"- **{shown}** {what}. {verdict} {caution}".rstrip())
    return as_cards(lines)


def _own_level(ledger: Ledger, trial: Trial, measure_id: str, week: int | None, site: str | None) -> Estimate | None:
    """The treated group's level of one site in a week, or measured once; None where there is none to show."""
    time = "" if week is None else week_label(week)
    key = make_key(measure_id, statistic="mean", group=trial.groups.treated.id, site=site or "", time=time)
    own = ledger.get(key) if site is not None else None
    return own if own is not None and own.value is not None else None


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
        own, rest = own_and_rest(ledger, trial, measure_id, site, week)
        claim = own_against_others(
            own, rest, site=site, outcome=outcome_words(measure), words=words_about(measure, trial)
        )
        told.append(claim.text)
    return paragraphs(" ".join(told))


def own_lines(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str, week: int | None) -> str:
    """Own numbers as a list of labels, hidden ones left out, and which differences are larger than the uncertainty."""
    lines, shown, compared = [], [], 0
    apart: dict[str, list[str]] = {"over": [], "under": []}
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        own, rest = own_and_rest(ledger, trial, measure_id, site, week)
        if own.hidden:
            continue
        shown.append(measure_id)
        moment = f" {in_week(measure, week)}" if measure.is_panel and week is not None else ""
        label = escape(measure.label)
        if own.value is not None and rest.value is not None:
            compared += 1
            if stands_apart(own, rest):
                apart["over" if own.number > rest.number else "under"].append(f"*{label}*")
        lines.append(f"- *{label}{moment}:* {_beside(own, rest, measure, trial)}")
    caution = _caution(compared, apart, site, trial)
    return paragraphs("\n".join(lines), population_note(trial, shown, all_narrower=True), caution)


def _beside(own: Estimate, rest: Estimate, measure: MeasureSpec, trial: Trial) -> str:
    """`41 pct. mod 48 pct. i de øvrige kommuner`, or that the others' number is hidden.

    Whom a number counts is told where it is not the persons of the trial and no note says it: meetings, employees.
    """
    where = f"i de øvrige {site_noun(trial).many}"
    if own.value is None:
        return NOT_ESTIMATED
    found = counted(measure, trial)
    told = found.population or found.many == trial.groups.treated.many or own.k is None
    shown = with_counts(own) if told else share_of(own, found.many)
    if rest.value is None:
        return f"{shown}; tallet {where} vises ikke"
    return f"{shown} mod {tal(rest)} {where}"


def _caution(compared: int, apart: dict[str, list[str]], site: str, trial: Trial) -> str:
    """Which differences are larger than the uncertainty, and on which side: `over de øvrige kommuner for *A*`."""
    if not compared:
        return ""
    found = {side: labels for side, labels in apart.items() if labels}
    if not found:
        return OWN_LIST.choose("only-within" if compared == 1 else "all-within", ()).text
    sites = site_noun(trial).many
    told = [
        f"{side} de øvrige{'' if place else f' {sites}'} for {list_text(labels)}"
        for place, (side, labels) in enumerate(found.items())
    ]
    if len(told) > 1 and ", " in next(iter(found.values()))[-1]:  # the clause of a label ends before `og`
        told[0] += ","
    all_apart = sum(map(len, found.values())) == compared
    rest = "" if all_apart else f" På de andre tal i boksen kan {escape(site)} ikke skelnes fra de øvrige."
    return OWN_LIST.choose("apart", (), site=escape(site), apart=list_text(told), rest=rest).text


def own_and_rest(
    ledger: Ledger, trial: Trial, measure_id: str, site: str, week: int | None
) -> tuple[Estimate, Estimate]:
    """A site's number and that of all others; of a weekly measure those of the week."""
    measure = measure_of(trial, measure_id)
    if week is None or not measure.is_panel:
        return level(ledger, trial, measure, site), others(ledger, trial, measure, site)
    group = trial.groups.treated.id
    own, rest = (
        ledger[make_key(measure_id, statistic="mean", group=group, site=place, time=week_label(week))]
        for place in (site, others_than(site))
    )
    return own, rest
