"""A sum of money over the persons who have reached something, under assumptions of how many are due to the effort."""

from __future__ import annotations

from reportlib.analysis.benchmark import person_share
from reportlib.analysis.context import Context
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person
from reportlib.disclosure.register import made_of
from reportlib.errors import ReportlibError
from reportlib.ledger import make_key
from reportlib.ledger.keys import DUE
from reportlib.text.units import Unit
from reportlib.trial.analyses import UnitCost

COST = "cost_per_unit"


class CostFactError(ReportlibError):
    """The fact that a sum is taken from is not in kr."""


def run_unit_cost(spec: UnitCost, context: Context) -> None:
    """Add sum / (k x due / 100) per measure and assumption; `k` is the persons, so that few of them hide the row.

    The sum is the whole budget, whoever spent it and whether it is spent yet: an average and not what one more costs.

    Raises:
        CostFactError: the fact is not in kr.
        NotAShareError: a measure is no share among persons.
    """
    fact = context.trial.facts[spec.cost]
    if fact.unit is not Unit.KR or not isinstance(fact.value, int | float):
        raise CostFactError(f"the fact {spec.cost} is in {fact.unit}, not in kr.")
    group = context.trial.groups.treated.id
    for measure_id in spec.measures:
        measure = person_share(measure_id, context)
        add_person(measure, context, group=group, by_site=False)
        row = context.ledger[make_key(measure.id, statistic="share", group=group)]
        for due in spec.due:
            units = (row.k or 0) * due / 100
            context.ledger.add(
                made_of(row.key),
                measure=measure.id,
                statistic=COST,
                unit=Unit.KR,
                group=group,
                subgroup=f"{DUE}{due:g}",
                value=float(fact.value) / units if units else None,
                k=row.k,
                n=row.n,
                method=f"{spec.cost} over {due:g} pct. of {row.key}",
                **context.common(measure, group, WHOLE_FOLLOW_UP),
            )
