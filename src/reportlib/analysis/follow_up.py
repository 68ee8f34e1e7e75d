"""How many persons there are, by group, site and population, and how many are still followed week by week."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Context, week_window
from reportlib.disclosure.register import Counted, Members
from reportlib.ledger import Measure
from reportlib.ledger.keys import BACKGROUND, EVERYONE, FOLLOWED, PERSONS, week_label
from reportlib.registers.data import BoolArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import PopulationCounts


def built_in_measures(source: str, undertaking: str) -> list[Measure]:
    """The measures every ledger has.

    `source` is the printed source of the participants, `undertaking` what the report calls the whole of it: forsøget.
    """
    return [
        Measure(
            id=PERSONS,
            label="Personer",
            unit=Unit.COUNT,
            definition="Antal personer, der indgår i analysen",
            source=source,
        ),
        Measure(
            id=FOLLOWED,
            label="Personer, der følges",
            unit=Unit.COUNT,
            definition="Antal personer, der stadig følges i den pågældende uge efter start",
            source=source,
        ),
        Measure(
            id=BACKGROUND,
            label="Baggrund",
            unit=Unit.PCT,
            definition=f"Kendetegn ved personerne, før de indgår i {undertaking}",
            source=source,
        ),
    ]


def run_follow_up(context: Context) -> None:
    """Add the counts. They are always computed: every share in the report rests on them."""
    everyone = np.ones(context.persons, dtype=np.bool_)
    _count(context, everyone, group=EVERYONE)
    for group in context.trial.every_group:
        inside = context.in_group(group.id)
        _count(context, inside, group=group.id)
        for site, who in context.sites_of(inside):
            _count(context, who, group=group.id, site=site)
        for week in range(1, context.data.panel.weeks + 1):
            there = inside & context.data.panel.followed[:, week - 1]
            followed = int(there.sum())
            context.ledger.add(
                Counted(k=there),
                measure=FOLLOWED,
                statistic="count",
                group=group.id,
                time=week_label(week),
                value=followed,
                k=followed,
                population=group.many,
                window=week_window(week),
            )


def run_population_counts(spec: PopulationCounts, context: Context) -> None:
    """Add a count per population and group; also by site for the treated where asked."""
    for population_id in spec.populations:
        members = context.members(population_id)
        for group in context.trial.every_group:
            inside = members & context.in_group(group.id)
            _count(context, inside, group=group.id, population=population_id)
            if spec.by_site and group == context.trial.groups.treated:
                for site, who in context.sites_of(inside):
                    _count(context, who, group=group.id, site=site, population=population_id)


def _count(context: Context, inside: BoolArray | Members, *, group: str, site: str = "", population: str = "") -> None:
    count = inside.count if isinstance(inside, Members) else int(inside.sum())
    names = {known.id: known.many for known in context.trial.every_group}
    of_group = names.get(group, "alle personer i analysen")
    context.ledger.add(
        Counted(k=inside),
        measure=PERSONS,
        statistic="count",
        group=group,
        site=site,
        subgroup=population,
        value=count,
        k=count,
        population=context.trial.population_by_id[population].label if population else of_group,
    )
