"""Tables of who is counted: persons by site, populations and requirements, and what groups are like."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE, PERSONS, others_than
from reportlib.prose.titles import differences_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    NothingToShowError,
    definitions_of,
    find,
    headings,
    known_site,
    others_heading,
    row_name,
    site_pair,
    sources_of,
)
from reportlib.show.pipe_table import Table
from reportlib.trial.model import Trial

# A table of more rows than this is set smaller.
_CLOSE_FROM = 12


def persons_by_site(ledger: Ledger, trial: Trial, *, site: str | None = None) -> Table:
    """How many persons there are at each site in each group; in a site's version the site, all others, and in all.

    Raises:
        NothingToShowError: no such site.
    """
    groups = [group.id for group in trial.all_groups]
    places = [(name, name) for name in trial.sites.names]
    if site:
        places = [(known_site(trial, site), site), (others_heading(trial), others_than(site))]
    rows = [
        [
            cells.text(name, strong=name == site or not place),
            *(cells.estimate(find(ledger, PERSONS, group=group, site=place)) for group in groups),
        ]
        for name, place in [*places, ("I alt", "")]
    ]
    return Table(
        caption=f"Personer efter {trial.sites.noun.one}{' og gruppe' if len(groups) > 1 else ''}",
        head=capitalise(trial.sites.noun.one),
        columns=headings(trial),
        rows=rows,
        sources=sources_of(ledger, [PERSONS]),
        wide=len(rows) > _CLOSE_FROM,
    )


def populations(ledger: Ledger, trial: Trial, ids: Sequence[str]) -> Table:
    """One row per population: how many persons of every group.

    Raises:
        NothingToShowError: the populations have not been counted.
    """
    rows = []
    for name in ids:
        found = [find(ledger, PERSONS, group=group.id, subgroup=name) for group in trial.every_group]
        if all(row is None for row in found):
            raise NothingToShowError(f"population {name} is not counted", hint="add it to `population_counts`")
        rows.append([capitalise(trial.population_by_id[name].label), *map(cells.estimate, found)])
    return Table(
        caption="Personer i målgrupperne",
        head="Gruppe",
        columns=[capitalise(group.label) for group in trial.every_group],
        rows=rows,
        sources=sources_of(ledger, [PERSONS]),
    )


def group_levels(ledger: Ledger, trial: Trial, measures: Sequence[str], *, without: str = "") -> Table:
    """One row per person measure: the level in every group, and the test between the first two.

    `without` is what the labels end with and the caption says.
    """
    rows, tests = [], []
    for measure in measures:
        levels = [find(ledger, measure, group=group.id) for group in trial.every_group]
        test = find(ledger, measure, statistic="difference", group=DIFFERENCE)
        if test is None or test.p is None:  # a share's difference has an interval, and its test a row
            test = find(ledger, measure, statistic="test", group=DIFFERENCE)
        tests.append(test)
        name = row_name(ledger, measure)
        rows.append(
            [
                name.replace(without, "") if without else name,
                *cells.levels(levels[:2], test, trial.design.level),
                *map(cells.estimate, levels[2:]),
                cells.p_value(test, level=trial.design.level),
            ]
        )
    return Table(
        finding=differences_title(trial, tests),
        caption="Kendetegn ved registreringen",
        head="Kendetegn",
        columns=[*(capitalise(group.label) for group in trial.every_group), "p-værdi"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[f"Testen er mellem {' og '.join(group.label for group in trial.all_groups)}"],
    )


def levels_by_site(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Table:
    """Person measures of the treated: in all, or the site beside all others and the whole."""
    group, rows = trial.groups.treated.id, []
    for measure in measures:
        whole = find(ledger, measure, group=group)
        pair = site_pair(ledger, measure, group, site) if site else ()
        rows.append(
            [row_name(ledger, measure), *map(cells.estimate, pair), cells.estimate(whole), cells.persons(whole)]
        )
    return Table(
        caption=f"Opgjort for {trial.groups.treated.many}",
        head="Mål",
        columns=[*([site, others_heading(trial)] if site else []), "Alle", capitalise(trial.groups.treated.some)],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=definitions_of(ledger, measures),
    )
