"""Does a share differ between the sites by more than chance? One test of all sites together."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.benchmark import person_share
from reportlib.analysis.context import Context
from reportlib.analysis.shares import WHOLE_FOLLOW_UP
from reportlib.estimators import shares
from reportlib.trial.status import SiteSpread
from reportlib.units import Unit


def run_site_spread(spec: SiteSpread, context: Context) -> None:
    """Add a `heterogeneity` row per measure: chi-square, or an exact test where the expected counts are small.

    `n` is the persons counted. With persons at fewer than two sites there is nothing to test and no row.
    """
    group = context.trial.groups.treated.id
    for measure_id in spec.measures:
        measure = person_share(measure_id, context)
        values = np.where(context.in_group(group), context.person_measure(measure), np.nan)
        known = [values[context.at_site(site) & ~np.isnan(values)] for site in context.trial.sites.names]
        counted = [site for site in known if len(site)]
        if len(counted) < 2:
            continue
        found = shares.test_shares(
            [int(site.sum()) for site in counted], [len(site) for site in counted], seed=context.trial.design.seed
        )
        context.ledger.add(
            measure=measure.id,
            statistic="heterogeneity",
            unit=Unit.COEFFICIENT,
            group=group,
            value=found.statistic,
            df=found.df,
            p=found.p,
            n=sum(len(site) for site in counted),
            method=found.name,
            **context.common(measure, group, WHOLE_FOLLOW_UP),
        )
