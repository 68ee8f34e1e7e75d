"""Fidelity: every component of every element against its target, in all and by site, with traffic lights."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import others_than
from reportlib.prose.titles import target_title
from reportlib.prose.words import component_noun
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    NothingToShowError,
    find,
    known_site,
    others_heading,
    sources_of,
)
from reportlib.show.pipe_table import Table, WordColumn
from reportlib.trial.analyses import Component
from reportlib.trial.model import Trial

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
    held = [(find(ledger, part.measure, group=trial.group_of(part.measure)), part.target) for part in parts]
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
    row = find(ledger, part.measure, group=trial.group_of(part.measure), site=place)
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
    places = [(name, name, False) for name in trial.sites.names]
    if site:
        places = [(known_site(trial, site), site, True), (others_heading(trial), others_than(site), False)]
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
            [cells.text(name, strong=strong), *(_share(ledger, trial, part, place) for part in parts)]
            for name, place, strong in [*places, (f"Alle {trial.sites.noun.many}", "", True)]
        ],
        sources=sources_of(ledger, [part.measure for part in parts]),
        wide=True,
    )
