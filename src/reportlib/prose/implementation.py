"""Fidelity in words: element by element against its targets, and the whole in one paragraph."""

from __future__ import annotations

from collections.abc import Iterable

from reportlib.danish import capitalise, decapitalise, list_text, number_word, out_of_text, sentence
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Estimate, Ledger
from reportlib.prose.estimate_text import antal, share_of, tal, with_counts
from reportlib.prose.section_parts import (
    against_others,
    by_site,
    counted,
    fill,
    level,
    measure_of,
    others,
    paragraphs,
    population_note,
)
from reportlib.prose.site_claims import stands_apart
from reportlib.prose.sureness import bearing
from reportlib.prose.target_claims import count_sites_below, fidelity_level, light_text, share_against, target_text
from reportlib.prose.wording import OUT_OF_REGARD, Wording, WordingTable, clauses, joined, mean_of
from reportlib.prose.words import component_noun, outcome_words, site_noun, trial_words
from reportlib.text.markup import escape, titled
from reportlib.text.origin import count_of
from reportlib.trial.analyses import Component, Element, Light, Target
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Trial


class UnknownElementError(ReportlibError):
    """A document asked for an element that trial.yml does not have."""


# {target} is a clause or sentence about the target, or empty where it has been told for all components at once.
ITEM = WordingTable(
    "component",
    Wording("whole", "the whole trial's version, the share is known", "{share}{target}, {sites}"),
    Wording(
        "own",
        "a site's version, its share and that of the others are known",
        "{own}{of} i {site}{counts} mod {others} i de øvrige {sites}.{target}",
    ),
    Wording(
        "own-apart",
        "as above, and the intervals do not overlap",
        "{own}{of} i {site}{counts} mod {others} i de øvrige {sites}.{target} {site} ligger {over} de øvrige, også når "
        "der tages højde for usikkerheden.",
    ),
    Wording(
        "own-only",
        "a site's version, the share of the others is hidden",
        "{own}{of} i {site}{counts}.{target} Tallet for de øvrige {sites} vises ikke.",
    ),
    Wording(
        "own-hidden",
        "a site's version, its share is hidden",
        "Tallet for {site} vises ikke. I hele {undertaking} er det {whole}.{target}",
    ),
    Wording("hidden", "the share of the whole trial is hidden", "Tallet vises ikke {why}.{target}"),
    Wording("missing", "there was nobody to measure", "Tallet er ikke opgjort.{target}"),
)
SEVERAL = WordingTable(
    "components",
    Wording(
        "alike",
        "a site's shares that cannot be told from those of the others",
        "Når der tages højde for usikkerheden, kan {site} ikke skelnes fra de øvrige {sites} her: {parts}.",
    ),
    Wording("hidden", "a site's shares that are hidden", "{Numbers} for {site} vises ikke: {parts}."),
)
RED = WordingTable(
    "red",
    Wording("one", "one component is red", "Rød er {labels}."),
    Wording("many", "several components are red", "De røde er {labels}."),
    Wording("far", "a site's own front page", "Langt fra målet ligger {labels}."),
)


def element(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """An element: a box of the plan, what happened, what worked and what was hard; a line about each component."""
    wanted = element_of(trial, element_id)
    common = _common_target(wanted)
    lines = _lines(ledger, trial, wanted, site, target_told=common is not None)
    note = population_note(trial, [part.measure for part in wanted.components], all_narrower=site is not None)
    if len(wanted.components) < 2:
        return paragraphs(_in_short(ledger, trial, wanted, happened=" ".join(lines), site=site), note)
    happened = element_conclusion(ledger, trial, element_id, site=site)
    box = _in_short(ledger, trial, wanted, happened=happened, site=site)
    return paragraphs(box, lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines), note)


def _lines(ledger: Ledger, trial: Trial, wanted: Element, site: str | None, *, target_told: bool) -> list[str]:
    """One for each component; a site's that say the same are one: where it stands apart, is alike, may not be shown."""
    whom = [counted(measure_of(trial, part.measure), trial).many for part in wanted.components]
    kinds: dict[str, list[Component]] = {}
    lines = []
    for part, one, before in zip(wanted.components, whom, ["", *whom], strict=False):
        kind = "" if site is None or len(whom) < 2 else _kind(ledger, trial, part, site)
        if kind:
            kinds.setdefault(kind, []).append(part)
        else:
            lines.append(component(part, ledger, trial, site=site, target_told=target_told, whom_told=one == before))
    return lines + [
        _several(kind, kinds[kind], ledger, trial, site, target_told=target_told)
        for kind in SEVERAL
        if site is not None and kind in kinds
    ]


def _kind(ledger: Ledger, trial: Trial, part: Component, site: str) -> str:
    """What a component says of a site that can be said of several at once; empty for what is told by itself."""
    measure = measure_of(trial, part.measure)
    found = against_others(level(ledger, trial, measure, site), others(ledger, trial, measure, site))
    if found == "hidden" and level(ledger, trial, measure).value is None:
        return ""
    return {"within": "alike", "hidden": "hidden"}.get(found, "")


def _several(kind: str, parts: list[Component], ledger: Ledger, trial: Trial, site: str, *, target_told: bool) -> str:
    """`... kan Odense ikke skelnes fra de øvrige jobcentre her: **Cv** (Gul) 88 pct. (97 af 110) mod 89 pct. ...`"""
    told: list[str] = []
    rows: list[Estimate] = []
    for part in parts:
        measure = measure_of(trial, part.measure)
        found, own = counted(measure, trial), level(ledger, trial, measure, site)
        beside = level(ledger, trial, measure) if kind == "hidden" else others(ledger, trial, measure, site)
        label, shown = f"**{escape(measure.label)}**", share_against(beside, part.target)
        target = "" if target_told else f"mål {target_text(part.target)}"
        if kind == "hidden":
            whole = shown if told else f"i hele {trial.design.undertaking} {shown}"
            told.append(f"{label} ({', '.join(filter(None, (whole, target)))})")
        else:
            of = "" if found.told else f" af {found.many}"
            light = light_text(fidelity_level(own, part.target))
            share = f"{share_against(own, part.target)}{of} ({antal(own)}) mod {shown}"
            told.append(f"{label} ({light}) {share}{target and f' ({target})'}")
        rows += [own, beside]
    return SEVERAL.choose(
        kind,
        rows,
        site=escape(site),
        sites=site_noun(trial).many,
        Numbers="Tallet" if len(parts) == 1 else "Tallene",
        parts=list_text(told),
    ).text


def in_short(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """The box of an element without targets: the plan, what its measures show, what worked and what was hard."""
    wanted = element_of(trial, element_id)
    shown = [(measure, level(ledger, trial, measure)) for measure in (measure_of(trial, one) for one in wanted.shows)]
    told = [_shown(measure, row, trial) for measure, row in shown if row.value is not None]
    return _in_short(ledger, trial, wanted, happened=" ".join(told))


def _shown(measure: MeasureSpec, row: Estimate, trial: Trial) -> str:
    """One number of an element without targets as a sentence; by its label where trial.yml has no clause for it."""
    if not measure.clause:
        return sentence(f"{capitalise(escape(measure.label))}: {with_counts(row)}")
    outcome, many = outcome_words(measure), counted(measure, trial).many
    if "{value}" in outcome.rest:
        return sentence(capitalise(mean_of(tal(row), outcome, many)))
    return sentence(capitalise(joined([share_of(row, many), outcome.verb, outcome.rest])))


def _in_short(ledger: Ledger, trial: Trial, wanted: Element, *, happened: str, site: str | None = None) -> str:
    """The box: words that rest on findings stop the report when these say something else.

    Where what happened is told of one `site`, what worked and what was hard is said to be of the whole trial.
    """
    worked, hard = "Det virkede", "Det var svært"
    if site is not None:
        worked, hard = f"Det virkede i {trial.design.undertaking}", f"Svært i {trial.design.undertaking}"
    bearing(ledger, trial, f"the element {wanted.id}", wanted.bears)
    return fill(
        "element",
        title=titled(f"Kort fortalt: {wanted.title}"),
        parts={
            "Planen": escape(wanted.intention),
            "Det skete": happened,
            worked: escape(wanted.worked or ""),
            hard: escape(wanted.hard or ""),
        },
    )


def component(
    part: Component,
    ledger: Ledger,
    trial: Trial,
    *,
    site: str | None,
    target_told: bool = False,
    whom_told: bool = False,
) -> str:
    """One component: light, label, share against target; how many sites are below, or a site beside the others.

    With `target_told` the target is left out, because a sentence before has given it for all components; with
    `whom_told` the persons, because the component before is about the same.
    """
    measure = measure_of(trial, part.measure)
    whole = level(ledger, trial, measure)
    shown = whole if site is None else level(ledger, trial, measure, site)
    target = "" if target_told else target_text(part.target)
    told = (
        _whole(ledger, trial, part, whole, target, whom_told=whom_told)
        if site is None
        else _own(ledger, trial, part, shown, whole, site, target)
    )
    status = fidelity_level(shown, part.target)
    light = "" if status is Light.UNKNOWN else f" ({light_text(status)})"  # what is hidden has no colour
    return f"**{escape(measure.label)}**{light}: {told}"


def _whole(ledger: Ledger, trial: Trial, part: Component, row: Estimate, target: str, *, whom_told: bool) -> str:
    measure = measure_of(trial, part.measure)
    if row.value is None:
        return _without_value(row, target)
    many, share = counted(measure, trial).many, share_against(row, part.target)
    sites = by_site(ledger, trial, measure)
    below = count_sites_below(sites, part.target, words=trial_words(trial))
    but = fidelity_level(row, part.target) is Light.GREEN and below.wording == "sites-below.some"
    return ITEM.choose(
        "whole",
        [row, *(one for _, one in sites)],
        share=f"{share} ({antal(row)})" if whom_told else share_of(row, many if target else many.rstrip(","), share),
        target=f" mod et mål på {target}" if target else "",
        sites=f"{'men' if but else 'og'} {decapitalise(below.text)}",
    ).text


def _own(ledger: Ledger, trial: Trial, part: Component, row: Estimate, whole: Estimate, site: str, target: str) -> str:
    measure, sites = measure_of(trial, part.measure), site_noun(trial).many
    rest = others(ledger, trial, measure, site)
    if row.value is None:
        if whole.value is None or not row.hidden:
            return _without_value(row, target)
        wording, rows = "own-hidden", [row, whole]
    elif rest.value is None:
        wording, rows = "own-only", [row, rest]
    else:
        wording, rows = ("own-apart" if stands_apart(row, rest) else "own"), [row, rest]
    found = counted(measure, trial)
    return ITEM.choose(
        wording,
        rows,
        own="" if row.value is None else share_against(row, part.target),
        others="" if rest.value is None else share_against(rest, part.target),
        whole="" if whole.value is None else share_against(whole, part.target),
        of="" if found.told else f" af {found.many}",  # a long population stands in the note
        site=escape(site),
        counts="" if row.value is None else f" ({antal(row)})",
        undertaking=trial.design.undertaking,
        sites=sites,
        over="" if None in (row.value, rest.value) else "over" if row.number > rest.number else "under",
        target=_target_sentence(target),
        why=OUT_OF_REGARD,
    ).text


def _without_value(row: Estimate, target: str) -> str:
    return ITEM.choose(
        "hidden" if row.hidden else "missing", [row], why=OUT_OF_REGARD, target=_target_sentence(target)
    ).text


def _target_sentence(target: str) -> str:
    return f" {sentence(f'målet er {target}')}" if target else ""


def _common_target(wanted: Element) -> Target | None:
    """The target of an element's components, if there are several and they share it."""
    targets = {part.target.green for part in wanted.components}
    return wanted.components[0].target if len(targets) == 1 < len(wanted.components) else None


def intentions(ledger: Ledger, trial: Trial, *, numbered: bool = False, site: str | None) -> str:
    """What each element is called and what it is meant to do, as a list."""
    signs = [f"{one.number}." if numbered else "-" for one in trial.elements]
    return "\n".join(f"{sign} *{one.title}.* {one.intention}" for sign, one in zip(signs, trial.elements, strict=True))


def element_conclusion(ledger: Ledger, trial: Trial, element_id: str, *, site: str | None) -> str:
    """How many of an element's components reach their target, and the target they share; empty for fewer than two."""
    wanted = element_of(trial, element_id)
    if len(wanted.components) < 2:
        return ""
    tally = _tally(trial, _lights(ledger, trial, [wanted], site), f"i {escape(site)}" if site else "")
    common = _common_target(wanted)
    both = "begge" if len(wanted.components) == 2 else "dem alle"
    return tally if common is None else f"{tally} Målet er {target_text(common)} for {both}."


def overview(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How many components of all elements are green, yellow and red, and which are red."""
    lights = _lights(ledger, trial, trial.elements, site)
    labels = _red(lights)
    red = RED.choose("one" if len(labels) == 1 else "many", (), labels=list_text(labels)).text if labels else ""
    tally = _tally(trial, lights, f"i {escape(site)}" if site else f"i hele {trial.design.undertaking}", colours=True)
    return paragraphs(f"{tally} {red}")


def far_from_target(ledger: Ledger, trial: Trial, site: str) -> str:
    """Which components a site is far from reaching; empty where there is none."""
    labels = _red(_lights(ledger, trial, trial.elements, site))
    return RED.choose("far", (), labels=list_text(labels)).text if labels else ""


def _red(lights: list[tuple[MeasureSpec, Light]]) -> list[str]:
    return [f"*{escape(measure.label)}*" for measure, light in lights if light is Light.RED]


def reached(ledger: Ledger, trial: Trial, site: str) -> str:
    """How many components reach their target in a site, how many are near, and how many far: after the site's name."""
    return _tally(trial, _lights(ledger, trial, trial.elements, site), "")


def _lights(
    ledger: Ledger, trial: Trial, elements: Iterable[Element], site: str | None
) -> list[tuple[MeasureSpec, Light]]:
    parts = [part for wanted in elements for part in wanted.components]
    measures = [measure_of(trial, part.measure) for part in parts]
    return [
        (measure, fidelity_level(level(ledger, trial, measure, site), part.target))
        for measure, part in zip(measures, parts, strict=True)
    ]


def _tally(trial: Trial, lights: list[tuple[MeasureSpec, Light]], where: str, *, colours: bool = False) -> str:
    """`I Aarhus når to af fem delkomponenter målet, to ligger tæt på, og én ligger langt fra.`"""
    total, noun = count_of([measure.id for measure, _ in lights]), component_noun(trial)
    count = {colour: count_of([measure.id for measure, light in lights if light is colour]) for colour in Light}
    if count[Light.UNKNOWN] == total:
        nothing = out_of_text(0, total, noun)
        return capitalise(f"{where} kan {nothing} vises." if where else f"{nothing} kan vises.")
    parts: list[str] = []
    for colour, verb, rest, name in (
        (Light.GREEN, "når", "", "grøn"),
        (Light.YELLOW, "ligger", "tæt på", "gul"),
        (Light.RED, "ligger", "langt fra", "rød"),
        (Light.UNKNOWN, "kan", "ikke vises", ""),
    ):
        # Of what is hidden nobody can say that none reaches, so it is not said of the rest either.
        if not count[colour] and (colour is not Light.GREEN or count[Light.UNKNOWN]):
            continue
        named = f" ({name})" if colours and name else ""
        if not parts:
            first = out_of_text(count[colour], total, noun)
            subject = f"{where} {verb} {first}" if where else f"{first} {verb}"
            parts.append(" ".join(filter(None, (subject, rest, "målet"))) + named)
        else:
            every = "begge" if total == 2 else "alle"
            told = every if count[colour] == total > 1 else number_word(count[colour], noun.gender)
            parts.append(f"{told} {verb} {rest}{named}")
    return capitalise(clauses(parts)) + "."


def element_of(trial: Trial, element_id: str) -> Element:
    """The element of that id; an unknown one is told with the nearest."""
    for candidate in trial.elements:
        if candidate.id == element_id:
            return candidate
    known = [candidate.id for candidate in trial.elements]
    raise UnknownElementError(f"{trial.id} has no element {element_id!r}", hint=did_you_mean(element_id, known))
