"""Shares held against a published share of another effort, in all, by site, and without one site at a time."""

from __future__ import annotations

from reportlib.analysis.context import Context
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person
from reportlib.disclosure.register import made_of
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.text.units import Unit, unit_of_difference
from reportlib.trial.analyses import Benchmark
from reportlib.trial.measures import MeasureSpec

OVER = "over_benchmark"
"""The statistic of a row that says how far a share lies above (or, negative, below) its benchmark."""


def run_benchmark(spec: Benchmark, context: Context) -> None:
    """Add share minus benchmark with the share's own Wilson interval moved by the benchmark.

    The benchmark counts as known: nothing says how many persons it rests on, so its own uncertainty is not in the
    interval.
    """
    group = context.trial.groups.treated.id
    for part in spec.against:
        measure = context.trial.measure_by_id[part.measure]
        add_person(measure, context, group=group, by_site=spec.by_site)
        sites = context.trial.sites.names if spec.by_site else ()
        for site in ("", *sites, *(others_than(site) for site in sites)):
            row = context.ledger[make_key(measure.id, statistic="share", group=group, site=site)]
            _add(row, float(context.trial.number(part.fact)), measure, context)


def _add(row: Estimate, benchmark: float, measure: MeasureSpec, context: Context) -> None:
    def over(value: float | None) -> float | None:
        return None if value is None else value - benchmark

    context.ledger.add(
        made_of(row.key),
        measure=measure.id,
        statistic=OVER,
        unit=unit_of_difference(Unit.PCT, Unit.PCT),
        group=DIFFERENCE,
        site=row.site,
        value=over(row.value),
        ci_low=over(row.ci_low),
        ci_high=over(row.ci_high),
        n=row.n,
        method=f"Wilson, the benchmark of {benchmark:g} pct. taken as known",
        **context.common(measure, row.group, WHOLE_FOLLOW_UP),
    )
