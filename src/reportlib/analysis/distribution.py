"""How a positive weekly measure is spread over bands in one week, among those above zero and among all followed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from reportlib.analysis.context import Context, week_window
from reportlib.estimators.shares import difference_in_shares, share
from reportlib.keys import DIFFERENCE, week_label
from reportlib.trial.analyses import Distribution
from reportlib.units import Unit


def run_distribution(spec: Distribution, context: Context) -> None:
    """Add, per band, the share of those above zero and of all followed by group, and the difference of the latter.

    Bands are open below and closed above, (from, to]: full time of 37 hours lies in the band that ends at 37.
    """
    measure = context.trial.measure_by_id[spec.measure]
    values = context.panel_measure(measure)[:, spec.week - 1]
    time, level = week_label(spec.week), context.trial.design.level
    for low, high in pairwise(spec.bands):
        band = f"{low:g}-{high:g}"
        counts: list[tuple[int, int]] = []
        for group in context.trial.all_groups:
            followed = values[context.in_group(group.id) & ~np.isnan(values)]
            inside, positive = int(((followed > low) & (followed <= high)).sum()), int((followed > 0).sum())
            counts.append((inside, len(followed)))
            common = context.common(measure, group.id, week_window(spec.week))
            for statistic, n in (("share", positive), ("share_of_all", len(followed))):
                found = share(inside, n, level=level)
                context.ledger.add(
                    measure=measure.id,
                    statistic="share_of_positive" if statistic == "share" else statistic,
                    unit=Unit.PCT,
                    group=group.id,
                    subgroup=band,
                    time=time,
                    value=100 * found.value,
                    k=inside,
                    n=n,
                    ci_low=100 * found.ci_low,
                    ci_high=100 * found.ci_high,
                    method="Wilson",
                    **common,
                )
        if len(counts) == 2:
            difference = difference_in_shares(*counts[0], *counts[1], level=level, method="newcombe")
            context.ledger.add(
                measure=measure.id,
                statistic="share_of_all",
                unit=Unit.PCT_POINT,
                group=DIFFERENCE,
                subgroup=band,
                time=time,
                n=counts[0][1] + counts[1][1],
                value=100 * difference.difference,
                se=100 * difference.se,
                ci_low=100 * difference.ci_low,
                ci_high=100 * difference.ci_high,
                method="Newcombe",
                **context.common(measure, "", week_window(spec.week)),
            )
