"""How many persons of every group belong to each population."""

from __future__ import annotations

from reportlib.analysis.context import Context
from reportlib.disclosure.register import Counted, Members
from reportlib.ledger.keys import PERSONS
from reportlib.registers.panel import BoolArray
from reportlib.trial.analyses import PopulationCounts


def run_population_counts(spec: PopulationCounts, context: Context) -> None:
    """Add a count per population and group; also by site for the treated where asked."""
    for population_id in spec.populations:
        members = context.members(population_id)
        for group in context.trial.every_group:
            inside = members & context.in_group(group.id)
            _count(inside, context, group=group.id, population=population_id)
            if spec.by_site and group == context.trial.groups.treated:
                for site, who in context.sites_of(inside):
                    _count(who, context, group=group.id, population=population_id, site=site)


def _count(inside: BoolArray | Members, context: Context, *, group: str, population: str, site: str = "") -> None:
    count = inside.count if isinstance(inside, Members) else int(inside.sum())
    context.ledger.add(
        Counted(k=inside),
        measure=PERSONS,
        statistic="count",
        group=group,
        site=site,
        subgroup=population,
        value=count,
        k=count,
        population=context.trial.population_by_id[population].label,
        data_date=context.trial.data_date.isoformat(),
    )
