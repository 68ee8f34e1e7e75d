"""The components of one or more elements by site: one table where there would be one for each component."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import others_than
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import others_heading
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, known_site
from reportlib.show.pipe_table import Column, as_wide, markdown, table, with_row, with_sources
from reportlib.show.table_cells import Cell
from reportlib.trial.analyses import Component
from reportlib.trial.model import Trial


def components_by_site(
    ledger: Ledger,
    trial: Trial,
    elements: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per site and one column per component, each cell a share with its light; last the whole trial.

    A site's version shows the site, all other sites under one, and the whole trial.

    Raises:
        NothingToShowError: none of the elements has components, or no such site.
    """
    chosen = [element for element in trial.elements if element.id in elements]
    parts = [part for element in chosen for part in element.components]
    if not parts:
        raise NothingToShowError(f"{list_text(elements)} have no components", hint="name elements of trial.yml")
    numbers = list_text([number_text(element.number) for element in chosen])
    titles = list_text([f"{element.title}" for element in chosen])
    word = "Grundelement" if len(chosen) == 1 else "Grundelementerne"
    made = table(
        id,
        caption or f"{word} {numbers}: {titles} (pct.)",
        [
            Column(capitalise(trial.sites.noun.one), numbers=False),
            *(Column(_heading(ledger, part), numbers=False) for part in parts),
        ],
        threshold=trial.disclosure.threshold,
    )
    if site:
        places = [(known_site(trial, site), site, True), (others_heading(trial), others_than(site), False)]
    else:
        places = [(name, name, False) for name in trial.sites.names]
    for name, place, strong in [*places, (f"Alle {trial.sites.noun.many}", "", True)]:
        row = [_cell(ledger, trial, part, place) for part in parts]
        made = with_row(made, [cells.text(name, strong=strong), *row])
    return markdown(as_wide(with_sources(made, sources_of(ledger, [part.measure for part in parts]))))


def _heading(ledger: Ledger, part: Component) -> str:
    """`Samtale hver måned (mål: 90)`."""
    return f"{ledger.measure(part.measure).label} (mål:{NBSP}{number_text(part.target.green)})"


def _cell(ledger: Ledger, trial: Trial, part: Component, place: str) -> Cell:
    row = find(ledger, part.measure, group=component_group(trial, part.measure), site=place)
    return cells.with_light(row, part.target)
