"""Does a share differ between the sites by more than chance? One test of all sites together.

Sites whose numbers are hidden count as one. What they have together is known from the total and the other sites; a test
of each would tell, by its statistic or p-value, how they share it.
"""

from __future__ import annotations

from reportlib.analysis.benchmark import person_share
from reportlib.analysis.context import Context
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP, add_person, shown_sites
from reportlib.disclosure.register import made_of
from reportlib.estimators import shares
from reportlib.ledger import make_key
from reportlib.text.units import Unit
from reportlib.trial.analyses import SiteSpread


def run_site_spread(spec: SiteSpread, context: Context) -> None:
    """Add a `heterogeneity` row per measure: chi-square, or an exact test where the expected counts are small.

    `n` is the persons counted. With fewer than two parts to compare there is nothing to test and no row.
    """
    group = context.trial.groups.treated.id
    for measure_id in spec.measures:
        measure = person_share(measure_id, context)
        add_person(measure, context, group=group, by_site=True)
        parts, pooled, shown = [], (0, 0), [make_key(measure_id, statistic="share", group=group)]
        for row in shown_sites(measure, context, group):
            site = context.ledger[make_key(measure_id, statistic="share", group=group, site=row.site)]
            counts = (site.k or 0, site.n or 0)
            if row.hidden:
                pooled = (pooled[0] + counts[0], pooled[1] + counts[1])
            elif counts[1]:
                parts.append(counts)
                shown.append(site.key)
        parts += [pooled] if pooled[1] else []
        if len(parts) < 2:
            continue
        k, n = zip(*parts, strict=True)
        found = shares.test_shares(k, n, seed=context.trial.design.seed)
        context.ledger.add(
            made_of(*shown),
            measure=measure.id,
            statistic="heterogeneity",
            unit=Unit.COEFFICIENT,
            group=group,
            value=found.statistic,
            df=found.df,
            p=found.p,
            n=sum(n),
            method=f"{found.name}{', hidden sites as one' if pooled[1] else ''}",
            **context.common(measure, group, WHOLE_FOLLOW_UP),
        )
