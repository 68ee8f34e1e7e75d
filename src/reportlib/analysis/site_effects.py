"""The difference in one week site by site: raw, with p-values for many sites, and shrunken towards the common one."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Context, week_window
from reportlib.analysis.panel_measures import in_print_unit
from reportlib.analysis.weekly import difference_unit
from reportlib.estimators.sites import SiteDifferences, SiteRow, site_differences
from reportlib.keys import DIFFERENCE, week_label
from reportlib.trial.analyses import SiteEffects
from reportlib.trial.measures import MeasureSpec
from reportlib.units import Unit


def run_site_effects(spec: SiteEffects, context: Context) -> None:
    """Add the levels and differences of every site, what multiplicity and shrinkage make of them, and the test."""
    measure = context.trial.measure_by_id[spec.measure]
    values = context.panel_measure(measure)[:, spec.week - 1]
    sites = context.data.persons["site"].to_numpy()
    found = site_differences(
        in_print_unit(values, measure.unit), context.treated, sites, level=context.trial.design.level
    )
    for row in found.rows:
        for group in context.trial.all_groups:
            inside = context.in_group(group.id) & context.at_site(row.site)
            context.add_average(
                measure,
                np.where(inside, values, np.nan),
                group=group.id,
                site=row.site,
                time=week_label(spec.week),
                window=week_window(spec.week),
            )
        if row.estimable:
            _add_site(row, measure, context, spec.week)
    _add_together(found, measure, context, spec.week)


def _add_site(row: SiteRow, measure: MeasureSpec, context: Context, week: int) -> None:
    common = {
        "measure": measure.id,
        "group": DIFFERENCE,
        "site": row.site,
        "time": week_label(week),
        "n": row.n_treated + row.n_control,
        **context.common(measure, "", week_window(week)),
    }
    points = difference_unit(measure)
    context.ledger.add(
        statistic="difference",
        unit=points,
        value=row.difference,
        se=row.se,
        df=row.df,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        p=row.p,
        method="Welch",
        **common,
    )
    context.ledger.add(
        statistic="shrunken",
        unit=points,
        value=row.shrunken,
        ci_low=row.shrunken_low,
        ci_high=row.shrunken_high,
        method="empirical Bayes (Paule-Mandel, Morris)",
        **common,
    )
    for statistic, p in (("p_holm", row.p_holm), ("p_bh", row.p_bh)):
        context.ledger.add(statistic=statistic, unit=Unit.COEFFICIENT, value=p, p=p, **common)


def _add_together(found: SiteDifferences, measure: MeasureSpec, context: Context, week: int) -> None:
    common = {
        "measure": measure.id,
        "group": DIFFERENCE,
        "time": week_label(week),
        **context.common(measure, "", week_window(week)),
    }
    smallest = min((row.p_holm for row in found.rows if row.estimable and np.isfinite(row.p_holm)), default=np.nan)
    significant = sum(row.p_holm < context.trial.design.level for row in found.rows if row.estimable)
    context.ledger.add(
        statistic="sites_significant",
        unit=Unit.COUNT,
        value=significant,
        p=smallest,
        n=found.n_estimable,
        method="Holm",
        **common,
    )
    context.ledger.add(
        statistic="sites_significant_unadjusted",
        unit=Unit.COUNT,
        value=sum(row.p < context.trial.design.level for row in found.rows if row.estimable),
        n=found.n_estimable,
        method="not adjusted for the number of sites",
        **common,
    )
    if found.heterogeneity is not None:
        test = found.heterogeneity
        context.ledger.add(
            statistic="heterogeneity",
            unit=Unit.COEFFICIENT,
            value=test.q,
            df=test.df,
            p=test.p,
            n=found.n_estimable,
            method="Cochran's Q",
            **common,
        )
