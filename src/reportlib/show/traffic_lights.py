"""Fidelity: every component of every element against its target, in all and by site, with traffic lights."""

from __future__ import annotations

from reportlib.danish import NBSP, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import others_than
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import others_heading
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, known_site, shown, target_of
from reportlib.show.pipe_table import (
    Column,
    as_long,
    as_wide,
    markdown,
    table,
    with_notes,
    with_row,
    with_sources,
)
from reportlib.show.table_cells import EMPTY, Cell
from reportlib.trial.analyses import Component, Element, Target, light
from reportlib.trial.model import Trial

_COUNTS = (("sites_green", "Grønne"), ("sites_yellow", "Gule"), ("sites_red", "Røde"))


def fidelity(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """The overview: target, share and light in all, and how many sites are green, yellow and red.

    With `site`, the site's own share and light stand beside the trial's.

    Raises:
        NothingToShowError: the trial has no elements with components, or no such site.
    """
    elements = [element for element in trial.elements if element.components]
    if not elements:
        raise NothingToShowError(f"{trial.id} has no elements with components", hint="add `elements` to trial.yml")
    own = [Column(known_site(trial, site))] if site else []
    made = table(
        id,
        caption
        or f"Fidelitet i {f'{site} og i ' if site else ''}hele {trial.design.undertaking} "
        f"(pct. og antal {trial.sites.noun.many})",
        [
            Column("Element og delkomponent", numbers=False),
            Column("Mål"),
            Column("Gul fra"),
            Column(f"Alle {trial.sites.noun.many}"),
            *own,
            *(Column(name) for _, name in _COUNTS),
        ],
        threshold=trial.disclosure.threshold,
    )
    measures = []
    for element in elements:
        made = with_row(made, _element_row(element, width=len(made.columns)))
        for component in element.components:
            measures.append(component.measure)
            made = with_row(made, _component_row(ledger, trial, component, site))
    made = with_sources(made, sources_of(ledger, measures))
    many = trial.sites.noun.many
    return markdown(
        as_long(
            as_wide(
                with_notes(
                    made,
                    "Grøn: målet er nået. Gul: tæt på målet. Rød: langt fra målet",
                    f"De sidste kolonner tæller {many}, bortset fra dem, hvis tal ikke kan vises",
                )
            )
        )
    )


def _element_row(element: Element, *, width: int) -> list[Cell]:
    return [cells.text(f"{number_text(element.number)} {element.title}", strong=True), *[EMPTY] * (width - 1)]


def _component_row(ledger: Ledger, trial: Trial, component: Component, site: str | None) -> list[Cell]:
    measure, group = component.measure, component_group(trial, component.measure)
    everyone = find(ledger, measure, group=group)
    row = [
        cells.text(ledger.measure(measure).label),
        cells.number(component.target.green),
        cells.number(component.target.yellow),
        cells.with_light(everyone, component.target),
    ]
    if site:
        own = find(ledger, measure, group=group, site=site)
        row.append(cells.with_light(own, component.target))
    row += [cells.estimate(find(ledger, measure, statistic=statistic, group=group)) for statistic, _ in _COUNTS]
    return row


def component_sites(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One component by site with traffic lights, highest first; in a site's version the site and all others come first.

    Raises:
        NothingToShowError: the measure is no component of the trial, or no such site.
    """
    target = target_of(trial, measure)
    group = component_group(trial, measure)
    made = table(
        id,
        caption or f"{ledger.measure(measure).label}, {trial.sites.noun.one} for {trial.sites.noun.one}",
        [
            Column(trial.sites.noun.one.capitalize(), numbers=False),
            Column("Andel (pct.)"),
            Column("Antal bag andelen"),
            Column("Status", numbers=False),
        ],
        threshold=trial.disclosure.threshold,
    )
    if site:
        own = find(ledger, measure, group=group, site=known_site(trial, site))
        others = find(ledger, measure, group=group, site=others_than(site))
        made = with_row(made, _site_row(site, own, target, strong=True))
        made = with_row(made, _site_row(others_heading(trial), others, target))
    rows = {name: find(ledger, measure, group=group, site=name) for name in trial.sites.names if name != site}
    for name in sorted(rows, key=lambda name: _order(rows[name])):
        made = with_row(made, _site_row(name, rows[name], target))
    made = with_row(made, _site_row(f"Alle {trial.sites.noun.many}", find(ledger, measure, group=group), target))
    made = with_sources(made, sources_of(ledger, [measure]))
    return markdown(with_notes(made, ledger.measure(measure).definition, target_note(target)))


def _order(row: Estimate | None) -> tuple[bool, float]:
    value = shown(row)
    return (value is None, -(value or 0.0))


def _site_row(name: str, row: Estimate | None, target: Target, *, strong: bool = False) -> list[Cell]:
    return [
        cells.text(name, strong=strong),
        cells.estimate(row),
        cells.persons(row),
        cells.light(light(shown(row), target)),
    ]


def target_note(target: Target) -> str:
    """The limits of the three colours."""
    return (
        f"Grøn: mindst {number_text(target.green)}{NBSP}pct. Gul: mindst {number_text(target.yellow)}{NBSP}pct. "
        f"Rød: under {number_text(target.yellow)}{NBSP}pct."
    )
