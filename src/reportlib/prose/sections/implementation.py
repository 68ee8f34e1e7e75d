"""Fidelity in words: element by element against its targets, and the whole in one paragraph."""

from __future__ import annotations

from collections.abc import Iterable

from reportlib.danish import (
    Noun,
    capitalise,
    event_week,
    in_digits,
    list_text,
    number_text,
    number_word,
    out_of_text,
    round_half_up,
    sentence,
    value_text,
)
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Estimate, Ledger, make_key
from reportlib.markup import escape
from reportlib.prose.claims import (
    OUT_OF_REGARD,
    WordingTable,
    count_sites_below,
    fidelity_level,
    light_text,
    most,
    own_against_others,
    share_against,
    stands_apart,
    target_text,
)
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.claims.lead import joined, with_when
from reportlib.prose.estimate_text import antal, exact_value, tal
from reportlib.prose.sections.common import at_week, by_site, fill, level, measure_of, others, paragraphs
from reportlib.prose.sections.populations import counted, population_note, words_about
from reportlib.prose.trial_words import outcome_words, site_noun, trial_words
from reportlib.targets import Light
from reportlib.trace.origin import count_of, derived, with_origin
from reportlib.trace.spans import titled
from reportlib.trial.analyses import Component, Element
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial
from reportlib.units import Unit


class UnknownElementError(ReportlibError):
    """A document asked for an element that trial.yml does not have."""


COMPONENT = Noun("delkomponent", "delkomponenter")

ITEM = WordingTable(
    "component",
    Wording("whole", "the whole trial's version, the share is known", "{share} ({counts}) af {many} mod {target}."),
    Wording(
        "own",
        "a site's version, its share and that of the others are known",
        "{own} af {many} i {site} mod {others} i de øvrige {sites}. Målet er {target}.",
    ),
    Wording(
        "own-apart",
        "as above, and the intervals do not overlap",
        "{own} af {many} i {site} mod {others} i de øvrige {sites}. Målet er {target}. Forskellen er større, end "
        "usikkerheden kan forklare.",
    ),
    Wording(
        "own-only",
        "a site's version, the share of the others is hidden",
        "{own} af {many} i {site}. Målet er {target}. Tallet for de øvrige {sites} vises ikke {why}.",
    ),
    Wording(
        "own-hidden",
        "a site's version, its share is hidden",
        "Tallet for {site} vises ikke {why}. I hele forsøget er det {whole}, og målet er {target}.",
    ),
    Wording("hidden", "the share of the whole trial is hidden", "Tallet vises ikke {why}. Målet er {target}."),
    Wording("missing", "there was nobody to measure", "Tallet er ikke opgjort. Målet er {target}."),
)
REACHED = WordingTable(
    "reached",
    Wording("all", "everybody", "{When} har alle {many} nået det, planen forudsætter."),
    Wording("some", "some", "{When} {told}. De øvrige {left} er ikke nået så langt, som planen forudsætter."),
    Wording("none", "nobody", "{When} er ingen af {many} nået så langt, som planen forudsætter."),
)
RED = WordingTable(
    "red",
    Wording("one", "one component is red", "Rød er {labels}."),
    Wording("many", "several components are red", "De røde er {labels}."),
)


def element(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """An element: its intention in a box, how many components reach their targets, and a line about each."""
    wanted = element_of(trial, element_id)
    return fill(
        "element",
        title=titled(f"Hensigten med grundelement {number_text(wanted.number)}"),
        intention=escape(wanted.intention),
        conclusion=element_conclusion(ledger, trial, element_id, site=site),
        components=[component(ledger, trial, part, site=site) for part in wanted.components],
        note=population_note(trial, [part.measure for part in wanted.components]),
    )


def component(ledger: Ledger, trial: Trial, part: Component, *, site: str | None) -> str:
    """One component: light, label, share against target; how many sites are below, or a site beside the others."""
    measure = measure_of(trial, part.measure)
    whole = level(ledger, trial, measure)
    shown = whole if site is None else level(ledger, trial, measure, site)
    told = _whole(ledger, trial, part, whole) if site is None else _own(ledger, trial, part, shown, whole, site)
    return f"**{escape(measure.label)}** ({light_text(fidelity_level(shown, part.target))}): {told}"


def _whole(ledger: Ledger, trial: Trial, part: Component, row: Estimate) -> str:
    measure, target = measure_of(trial, part.measure), f"et mål på {target_text(part.target)}"
    if row.value is None:
        return _without_value(row, part)
    first = ITEM.choose(
        "whole",
        [row],
        share=share_against(row, part.target),
        counts=antal(row),
        many=counted(measure, trial).many,
        target=target,
    )
    return first.then(count_sites_below(by_site(ledger, trial, measure), part.target, words=trial_words(trial))).text


def _own(ledger: Ledger, trial: Trial, part: Component, row: Estimate, whole: Estimate, site: str) -> str:
    measure, target, sites = measure_of(trial, part.measure), part.target, site_noun(trial).many
    rest = others(ledger, trial, measure, site)
    if row.value is None:
        if whole.value is None or not row.hidden:
            return _without_value(row, part)
        wording, rows = "own-hidden", [row, whole]
    elif rest.value is None:
        wording, rows = "own-only", [row, rest]
    else:
        wording, rows = ("own-apart" if stands_apart(row, rest) else "own"), [row, rest]
    return ITEM.choose(
        wording,
        rows,
        own="" if row.value is None else share_against(row, target),
        others="" if rest.value is None else share_against(rest, target),
        whole="" if whole.value is None else share_against(whole, target),
        many=counted(measure, trial).many.rstrip(","),
        site=escape(site),
        sites=sites,
        target=target_text(target),
        why=OUT_OF_REGARD,
    ).text


def _without_value(row: Estimate, part: Component) -> str:
    wording = "hidden" if row.hidden else "missing"
    return ITEM.choose(wording, [row], why=OUT_OF_REGARD, target=target_text(part.target)).text


def element_conclusion(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """How many of an element's components reach their target; empty for an element with fewer than two."""
    wanted = element_of(trial, element_id)
    if len(wanted.components) < 2:
        return ""
    return _tally(_lights(ledger, trial, [wanted], site), f"i {escape(site)}" if site else "")


def overview(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How many components of all elements are green, yellow and red, and which are red."""
    lights = _lights(ledger, trial, trial.elements, site)
    labels = [f"*{escape(measure.label)}*" for measure, light in lights if light is Light.RED]
    red = RED.choose("one" if len(labels) == 1 else "many", (), labels=list_text(labels)).text if labels else ""
    tally = _tally(lights, f"i {escape(site)}" if site else "i hele forsøget", colours=True)
    return paragraphs(f"{tally} {red}")


def _lights(
    ledger: Ledger, trial: Trial, elements: Iterable[Element], site: str | None
) -> list[tuple[MeasureSpec, Light]]:
    parts = [part for wanted in elements for part in wanted.components]
    measures = [measure_of(trial, part.measure) for part in parts]
    return [
        (measure, fidelity_level(level(ledger, trial, measure, site), part.target))
        for measure, part in zip(measures, parts, strict=True)
    ]


def _tally(lights: list[tuple[MeasureSpec, Light]], where: str, *, colours: bool = False) -> str:
    """`I Aarhus når to af fem delkomponenter målet, to ligger tæt på, og én ligger langt fra.`"""
    total = count_of([measure.id for measure, _ in lights])
    count = {colour: count_of([measure.id for measure, light in lights if light is colour]) for colour in Light}
    reached = f"{out_of_text(count[Light.GREEN], total, COMPONENT)}"
    subject = f"{where} når {reached} målet" if where else f"{reached} når målet"
    parts = [subject + (" (grøn)" if colours else "")]
    for colour, text, name in (
        (Light.YELLOW, "ligger tæt på", "gul"),
        (Light.RED, "ligger langt fra", "rød"),
        (Light.UNKNOWN, "kan ikke vises", ""),
    ):
        if count[colour]:
            number = number_text(count[colour]) if in_digits(total) else number_word(count[colour])
            parts.append(f"{number} {text}" + (f" ({name})" if colours and name else ""))
    return capitalise(", og ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]) + "."


def reached_by(ledger: Ledger, trial: Trial, measure_id: str, week: int, *, site: str | None) -> str:
    """How many have reached by a week what the plan says everybody should have reached by then."""
    outcome, words = outcome_words(measure_of(trial, measure_id)), trial_words(trial)
    row, many = at_week(ledger, trial, measure_id, week)[0], words.groups.treated_many
    when = f"i {event_week(week)}"
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
        subject = f"{tal(row)} ({antal(row)}) af {_who(measure, trial)}"
        told.append(sentence(joined(["i hele forsøget", outcome.verb, subject, outcome.rest])))
        if site is not None and make_key(measure.id, statistic="mean", group=row.group, site=site) in ledger:
            told.append(_own_sentence(ledger, trial, measure, site))
        if site is None and spread:
            told.append(most(by_site(ledger, trial, measure), noun="andelen", words=trial_words(trial)).text)
    return paragraphs(" ".join(told))


def _who(measure: MeasureSpec, trial: Trial) -> str:
    """The persons a measure counts, also where a note would say it: a sentence alone has no note."""
    found = counted(measure, trial)
    return f"de {found.note}," if found.note else found.many


def _own_sentence(ledger: Ledger, trial: Trial, measure: MeasureSpec, site: str) -> str:
    return own_against_others(
        level(ledger, trial, measure, site),
        others(ledger, trial, measure, site),
        site=site,
        outcome=outcome_words(measure),
        words=words_about(measure, trial),
    ).text


def element_of(trial: Trial, element_id: str) -> Element:
    """The element of that id; an unknown one is told with the nearest."""
    for candidate in trial.elements:
        if candidate.id == element_id:
            return candidate
    known = [candidate.id for candidate in trial.elements]
    raise UnknownElementError(f"{trial.id} has no element {element_id!r}", hint=did_you_mean(element_id, known))
