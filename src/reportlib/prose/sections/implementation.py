"""Fidelity in words: element by element against its targets, and the whole in one paragraph."""

from __future__ import annotations

from reportlib.danish import Noun, capitalise, count_text, list_text, number_word
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Ledger
from reportlib.markup import attribute, escape
from reportlib.prose.claims import compare_to_target, count_sites_below, fidelity_level, own_against_others
from reportlib.prose.sections.common import by_site, fill, level, measure_of, others, paragraphs, words_about
from reportlib.prose.trial_words import outcome_words
from reportlib.targets import Light
from reportlib.trial.analyses import Component, Element
from reportlib.trial.model import Trial


class UnknownElementError(ReportlibError):
    """A document asked for an element that trial.yml does not have."""


COMPONENT = Noun("delkomponent", "delkomponenter")

_VERDICT = {
    Light.GREEN: "når målet",
    Light.YELLOW: "ligger tæt på målet",
    Light.RED: "ligger langt fra målet",
    Light.UNKNOWN: "kan ikke vises",
}


def element(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """An element: its intention in a box, each component against its target, and the conclusion in a box."""
    wanted = element_of(trial, element_id)
    return fill(
        "element",
        title=attribute(f"Hensigten med grundelement {wanted.number}: {wanted.title}"),
        intention=wanted.intention.strip(),
        components=[component(ledger, trial, part, site=site) for part in wanted.components],
        conclusion_title=attribute(f"Status på grundelement {wanted.number}: {wanted.title}"),
        conclusion=element_conclusion(ledger, trial, element_id, site=site),
    )


def component(ledger: Ledger, trial: Trial, part: Component, *, site: str | None) -> str:
    """One component: reached or not, how many sites are below, and in a site's version its own number."""
    measure = measure_of(trial, part.measure)
    words, outcome = words_about(measure, trial), outcome_words(measure)
    whole = compare_to_target(
        level(ledger, trial, measure),
        part.target,
        noun=f"andelen af {words.groups.treated_many.rstrip(',')}, der {outcome.verb} {outcome.rest},",
        words=words,
    )
    if site is None:
        spread = count_sites_below(by_site(ledger, trial, measure), part.target, words=words)
        return f"{whole} {spread}"
    own = own_against_others(
        level(ledger, trial, measure, site),
        others(ledger, trial, measure, site),
        site=escape(site),
        outcome=outcome,
        words=words,
    )
    return f"{own} {whole}"


def element_conclusion(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """How many of the element's components reach their target, in all or in one site."""
    wanted = element_of(trial, element_id)
    lights: dict[Light, list[str]] = {light: [] for light in Light}
    for part in wanted.components:
        measure = measure_of(trial, part.measure)
        lights[fidelity_level(level(ledger, trial, measure, site), part.target)].append(measure.label)
    total, reached = len(wanted.components), len(lights[Light.GREEN])
    if total == 0:
        return ""
    where = f"I {escape(site)} når" if site else "Samlet når"
    if total == 1:
        light = next(light for light in Light if lights[light])
        place = f" i {escape(site)}" if site else ""
        return f"Elementets ene delkomponent {_VERDICT[light]}{place}."
    if reached == total:
        first = f"{where} alle {count_text(total, COMPONENT)} målet."
    elif reached == 0:
        first = f"{where} ingen af de {count_text(total, COMPONENT)} målet."
    else:
        first = f"{where} {number_word(reached)} af de {count_text(total, COMPONENT)} målet."
    told = [
        f"{capitalise(list_text([f'“{escape(label)}”' for label in lights[light]]))} {_VERDICT[light]}."
        for light in (Light.YELLOW, Light.RED, Light.UNKNOWN)
        if lights[light]
    ]
    return " ".join([first, *told])


def overview(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How many components of all elements are green, yellow and red, and which are red."""
    lights: dict[Light, list[str]] = {light: [] for light in Light}
    for wanted in trial.elements:
        for part in wanted.components:
            measure = measure_of(trial, part.measure)
            lights[fidelity_level(level(ledger, trial, measure, site), part.target)].append(escape(measure.label))
    total = sum(len(labels) for labels in lights.values())
    where = f"I {escape(site)} er" if site else "Af"
    counts = (
        f"{where} {number_word(len(lights[Light.GREEN]))} af de {count_text(total, COMPONENT)} i mål"
        if site
        else f"{where} de {count_text(total, COMPONENT)} er {number_word(len(lights[Light.GREEN]))} i mål (grøn)"
    )
    tail = (
        f", {number_word(len(lights[Light.YELLOW]))} ligger tæt på (gul), "
        f"og {number_word(len(lights[Light.RED]))} ligger langt fra målet (rød)."
    )
    red = ""
    if lights[Light.RED]:
        red = f"Længst fra målet er {list_text([f'“{label}”' for label in lights[Light.RED]])}."
    hidden = ""
    if lights[Light.UNKNOWN]:
        count = count_text(len(lights[Light.UNKNOWN]), COMPONENT)
        hidden = f"{capitalise(count)} kan ikke vises, fordi tallene er for små."
    return paragraphs(" ".join(part for part in (counts + tail, red, hidden) if part))


def element_of(trial: Trial, element_id: str) -> Element:
    """The element of that id; an unknown one is told with the nearest."""
    for candidate in trial.elements:
        if candidate.id == element_id:
            return candidate
    known = [candidate.id for candidate in trial.elements]
    raise UnknownElementError(f"{trial.id} has no element {element_id!r}", hint=did_you_mean(element_id, known))
