"""Shares by site: tables, dots whose shape and colour are traffic lights, and fidelity against every target."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise, decapitalise, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import others_than
from reportlib.prose.titles import spread_title, target_title
from reportlib.prose.words import component_noun, site_noun
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    absent,
    counted,
    find,
    known_site,
    level_at,
    others_heading,
    places_of,
    shown,
    site_by_site,
    some_of,
    sources_of,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table, WordColumn
from reportlib.show.row_chart import MANY_ROWS, Key, RowPlan, Upright, draw_rows, mark, row, stretch
from reportlib.show.style import Scale, said
from reportlib.show.texts import HIDDEN_NOTE, hidden_names, joined, stop
from reportlib.text.origin import count_of
from reportlib.text.units import Unit
from reportlib.trial.analyses import Component, Light, Target, light
from reportlib.trial.model import Trial

# The theme's shapes: a circle is green, a triangle yellow, a square red.
_MARKS = {
    Light.GREEN: ("o", "groen"),
    Light.YELLOW: ("^", "gul"),
    Light.RED: ("s", "roed"),
    Light.UNKNOWN: ("o", "teal"),
}
_WORDS = {Light.GREEN: "Grøn", Light.YELLOW: "Gul", Light.RED: "Rød"}


def shares_by_site_figure(ledger: Ledger, trial: Trial, measure: str, *, site: str | None = None) -> Chart:
    """A share by site, highest first, against its target if it is a component; the version's own site comes first.

    Raises:
        NothingToShowError: the ledger has no shares of the measure by site, or no such site.
    """
    target, group, entry = trial.targets.get(measure), trial.group_of(measure), ledger.measure(measure)
    rows = {name: find(ledger, measure, group=group, site=name) for name in trial.sites.names}
    some_of(list(rows.values()), f"{measure} by site", "name it under `elements` or set `by_site: true`")
    own = known_site(trial, site) if site else None
    values = {name: shown(row) for name, row in rows.items()}
    order = sorted(values, key=lambda name: (name != own, values[name] is None, -(values[name] or 0.0)))
    values = {name: values[name] for name in order}
    overall = shown(find(ledger, measure, group=group))
    hidden = [name for name in order if (found := rows[name]) is not None and found.hidden]
    drawn = []
    for name, value in values.items():
        marker, colour = _MARKS[light(value, target) if target else Light.UNKNOWN]
        parts = [stretch(0.0, value, "line", width=1.0, zorder=1), mark(value, marker, colour, size=7.0)]
        told = absent(rows[name]) if value is None else counted(number_text(value), rows[name])
        drawn.append(row(name, parts, told, strong=name == own))
    limits = ((target.green, "groen"), (target.yellow, "gul")) if target else ((overall, "ink"),)
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=Scale(0.0, 100.0, (0.0, 20.0, 40.0, 60.0, 80.0, 100.0), 0),
            axis=said(AXIS_TEXTS[Unit.PCT]),
            right_heading="Pct. (n)",
            keys=_keys(target),
            uprights=tuple(Upright(limit, colour) for limit, colour in limits if limit is not None),
            row_height=16.0 if len(values) <= MANY_ROWS else 14.0,
        ),
        draw=draw_rows,
        alt=joined(_story(trial, entry.label, values, target, overall), hidden_names(hidden)),
        finding=target_title([(row, target) for row in rows.values()], site_noun(trial))
        if target
        else spread_title(ledger, trial, measure),
        caption=f"{entry.label}, {site_by_site(trial)}",
        sources=[entry.source],
        notes=[
            entry.definition,
            f"De lodrette linjer viser grænserne for grøn ({number_text(target.green)}{NBSP}pct.) og gul "
            f"({number_text(target.yellow)}{NBSP}pct.)"
            if target
            else "",
            "Den stiplede linje viser andelen i alt" if overall is not None and not target else "",
            "Tallet i parentes er antallet bag andelen",
            HIDDEN_NOTE if hidden else "",
        ],
    )


def _keys(target: Target | None) -> tuple[Key, ...]:
    if target is None:
        return ()
    return (
        Key("o", "groen", said(f"Grøn: mindst {number_text(target.green)}")),
        Key("^", "gul", said(f"Gul: mindst {number_text(target.yellow)}")),
        Key("s", "roed", said(f"Rød: under {number_text(target.yellow)}")),
    )


def _story(
    trial: Trial, label: str, values: dict[str, float | None], target: Target | None, overall: float | None
) -> str:
    """Every site with its share, highest first or by colour, and the share in all."""
    told = {name: value for name, value in values.items() if value is not None}
    goal = ""
    if target:
        goal = f", med mål ved {number_text(target.green)} og {number_text(target.yellow)}{NBSP}pct"
    count = number_text(count_of(tuple(values)))
    return joined(
        f"Punktdiagram: {decapitalise(label)} i procent for {count} {trial.sites.noun.many}{goal}.",
        f"Samlet {number_text(overall)}{NBSP}pct." if overall is not None else "",
        *(_by_colour(told, target) if target else [stop(list_text(_named(told)))] if told else []),
    )


def _by_colour(told: dict[str, float], target: Target) -> list[str]:
    stories = []
    for status, word in _WORDS.items():
        members = {name: value for name, value in told.items() if light(value, target) is status}
        if members:
            stories.append(f"{word} ({number_text(count_of(members))}): {list_text(_named(members))}.")
    return stories


def _named(told: dict[str, float]) -> list[str]:
    return [f"{name} {number_text(value)}" for name, value in told.items()]


def shares_by_site_table(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Table:
    """Sites down, shares across: per cent with k of n under it. In a site's version the site and all others come first.

    Raises:
        NothingToShowError: the ledger lacks one of the measures by site, or no such site.
    """
    places = [(name, name) for name in trial.sites.names]
    if site:
        places.remove((known_site(trial, site), site))
        places = [(site, site), (others_heading(trial), others_than(site)), *places]
    rows = []
    for name, place in [*places, (f"Alle {trial.sites.noun.many}", "")]:
        found = [level_at(ledger, trial, measure, place) for measure in measures]
        some_of(found, f"number of the measures for {name}", "set `by_site: true` in a `shares` analysis")
        rows.append([cells.text(name, strong=name == site or not place), *(_counted(row) for row in found)])
    entries = [ledger.measure(measure) for measure in measures]
    return Table(
        caption=f"Andele i pct., {site_by_site(trial)}",
        head=capitalise(trial.sites.noun.one),
        columns=[entry.label for entry in entries],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[
            f"I parentes står antallet af {trial.persons.many}",
            *(f"{entry.label}: {decapitalise(entry.definition)}" for entry in entries),
        ],
        wide=True,
    )


def _counted(row: Estimate | None) -> cells.Cell:
    """`51 (36 af 70)`."""
    value = cells.estimate(row)
    if row is None or row.hidden or row.value is None:
        return value
    return cells.Cell(f"{value} ({number_text(row.k or 0)}{NBSP}af{NBSP}{number_text(row.n or 0)})")


def site_answers(
    ledger: Ledger, trial: Trial, answers: Sequence[str], shares: Sequence[str] = (), *, site: str | None = None
) -> Table:
    """Sites down: yes or no to each answer of the sites themselves, and the persons behind the shares beside it.

    Raises:
        NothingToShowError: the ledger lacks one of the answers, or no such site.
    """
    own = known_site(trial, site) if site else ""

    def persons(place: str) -> list[cells.Cell]:
        found = [level_at(ledger, trial, measure, place) for measure in shares]
        return [cells.persons(row, part="k") for row in found]

    rows = [
        [
            cells.text(name, strong=name == own),
            *(_yes(_answer(ledger, trial, measure, name)) for measure in answers),
            *persons(name),
        ]
        for name in sorted(trial.sites.names, key=lambda name: name != own)
    ]
    everywhere = [_how_many(_answer(ledger, trial, measure, "")) for measure in answers]
    return Table(
        caption=f"Svar fra {trial.sites.noun.many_definite}",
        head=capitalise(trial.sites.noun.one),
        columns=[
            *(WordColumn(ledger.measure(measure).label) for measure in answers),
            *(_those(capitalise(trial.persons.many), ledger.measure(measure).label) for measure in shares),
        ],
        rows=[*rows, [cells.text(f"Alle {trial.sites.noun.many}", strong=True), *everywhere, *persons("")]],
        sources=sources_of(ledger, [*answers, *shares]),
        notes=[ledger.measure(measure).definition for measure in (*answers, *shares)],
    )


def _how_many(row: Estimate) -> cells.Cell:
    return cells.Cell(f"{number_text(row.number)} af {number_text(row.n)}") if row.n else cells.NOT_ESTIMABLE


def _answer(ledger: Ledger, trial: Trial, measure: str, site: str) -> Estimate:
    row = find(ledger, measure, statistic="sites_yes", group=trial.group_of(measure), site=site)
    if row is None:
        raise NothingToShowError(f"the ledger has no answers of sites to {measure}", hint="add `site_answers`")
    return row


def _yes(row: Estimate) -> cells.Cell:
    return cells.NOT_ESTIMABLE if row.value is None else cells.text("Ja" if row.value else "Nej")


def persons_and_share(ledger: Ledger, trial: Trial, measure: str, *, site: str | None = None) -> Table:
    """Sites down: the persons a share is taken of, how many of them it counts, and the per cent.

    Raises:
        NothingToShowError: the ledger lacks the measure by site, or no such site.
    """
    entry, group = ledger.measure(measure), trial.groups.treated.id
    rows = []
    for name, place in places_of(trial, site, f"Alle {trial.sites.noun.many}"):
        share = find(ledger, measure, group=group, site=place)
        if share is None:
            raise NothingToShowError(f"the ledger has no {measure} for {name}")
        counts = [cells.persons(share), cells.persons(share, part="k")]
        rows.append([cells.text(name, strong=name == site or not place), *counts, cells.estimate(share)])
    return Table(
        finding=spread_title(ledger, trial, measure),
        caption=f"{entry.label}, {site_by_site(trial)}",
        head=capitalise(trial.sites.noun.one),
        columns=[
            capitalise(_people(trial, measure)),
            _those(f"Heraf {trial.persons.many}" if entry.label.startswith("Andel,") else "Heraf", entry.label),
            f"{entry.label} (pct.)",
        ],
        rows=rows,
        sources=[entry.source],
        notes=[entry.definition],
    )


def _those(people: str, label: str) -> str:
    """Whom a share counts: `Andel med cv` -> `Borgere med cv`, `Andel, der har job` -> `Borgere, der har job`."""
    rest = label.removeprefix("Andel")
    return f"{people}{rest}" if rest[:1] in {" ", ","} else f"{people} {decapitalise(label)}"


def _people(trial: Trial, measure: str) -> str:
    """Whom the share is taken of: the population's label, or the group's name without its article."""
    population = trial.measure_by_id[measure].population
    if population:
        return trial.population_by_id[population].label
    return trial.groups.treated.many.removeprefix("de ")


# Fidelity: every component of every element against its target, in all and by site.


_COUNTS = {"sites_green": "Grønne", "sites_yellow": "Gule", "sites_red": "Røde"}


def fidelity(ledger: Ledger, trial: Trial, *, site: str | None = None) -> Table:
    """The overview: target, share and light in all, and how many sites are green, yellow and red.

    With `site`, the site's own share and light stand beside the trial's.

    Raises:
        NothingToShowError: the trial has no elements with components, or no such site.
    """
    elements = [element for element in trial.elements if element.components]
    if not elements:
        raise NothingToShowError(f"{trial.id} has no elements with components", hint="add `elements` to trial.yml")
    many, own = trial.sites.noun.many, [known_site(trial, site)] if site else []
    columns = ["Mål", "Gul fra", f"Alle {many}", *own, *_COUNTS.values()]
    rows: list[list[str]] = []
    for element in elements:
        title = cells.text(f"{number_text(element.number)} {element.title}", strong=True)
        rows.append([title, *[cells.EMPTY] * len(columns)])
        rows += [_component_row(ledger, trial, component, site) for component in element.components]
    where = f"{site} og i " if site else ""
    parts = [part for element in elements for part in element.components]
    held = [(level_at(ledger, trial, part.measure), part.target) for part in parts]
    return Table(
        finding="" if site else target_title(held, component_noun(trial)),
        caption=f"Fidelitet i {where}hele {trial.design.undertaking} (pct. og antal {many})",
        head=f"{capitalise(trial.glossary.element.one)} og {trial.glossary.component.one}",
        columns=columns,
        rows=rows,
        sources=sources_of(ledger, [part.measure for part in parts]),
        notes=[
            "Grøn: målet er nået. Gul: tæt på målet. Rød: langt fra målet",
            f"De sidste kolonner tæller {many}, bortset fra dem, hvis tal ikke kan vises",
            _not_measured(trial),
        ],
        wide=True,
        long=True,
    )


def _not_measured(trial: Trial) -> str:
    """Which elements the table leaves out, because nothing of theirs is measured against a target."""
    left_out = [number_text(element.number) for element in trial.elements if not element.components]
    if not left_out:
        return ""
    noun = trial.glossary.element
    which = f"{noun.one} {left_out[0]}" if len(left_out) == 1 else f"{noun.many_definite} {list_text(left_out)}"
    return f"{capitalise(which)} har ingen mål i tal og er ikke med i tabellen"


def _component_row(ledger: Ledger, trial: Trial, part: Component, site: str | None) -> list[str]:
    measure, group = part.measure, trial.group_of(part.measure)
    own = [_share(ledger, trial, part, site)] if site else []
    return [
        ledger.measure(measure).label,
        cells.number(part.target.green),
        cells.number(part.target.yellow),
        _share(ledger, trial, part, ""),
        *own,
        *(cells.estimate(find(ledger, measure, statistic=statistic, group=group)) for statistic in _COUNTS),
    ]


def _share(ledger: Ledger, trial: Trial, part: Component, place: str) -> cells.Cell:
    row = level_at(ledger, trial, part.measure, place)
    return cells.with_light(row, part.target)


def components_by_site(ledger: Ledger, trial: Trial, elements: Sequence[str], *, site: str | None = None) -> Table:
    """One row per site and one column per component, each cell a share with its light; last the whole trial.

    A site's version shows the site, all other sites under one, and the whole trial.

    Raises:
        NothingToShowError: none of the elements has components, or no such site.
    """
    chosen = [element for element in trial.elements if element.id in elements]
    parts = [part for element in chosen for part in element.components]
    if not parts:
        raise NothingToShowError(f"{list_text(elements)} have no components", hint="name elements of trial.yml")
    noun = trial.glossary.element
    called = capitalise(noun.one if len(chosen) == 1 else noun.many_definite)
    numbers = list_text([number_text(element.number) for element in chosen])
    titles = list_text([element.title for element in chosen])
    return Table(
        caption=f"{called} {numbers}: {titles} (pct.)",
        head=capitalise(trial.sites.noun.one),
        columns=[
            WordColumn(f"{ledger.measure(part.measure).label} (mål:{NBSP}{number_text(part.target.green)})")
            for part in parts
        ],
        rows=[
            [
                cells.text(name, strong=name == site or not place),
                *(_share(ledger, trial, part, place) for part in parts),
            ]
            for name, place in places_of(trial, site, f"Alle {trial.sites.noun.many}")
        ],
        sources=sources_of(ledger, [part.measure for part in parts]),
        wide=True,
    )
