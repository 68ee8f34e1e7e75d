"""How a positive weekly measure is spread over bands in one week, among those above zero and among all followed."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Context, week_window
from reportlib.disclosure.register import Counted, made_of
from reportlib.estimators.shares_and_means import Band, Share, difference_in_shares, distribution, share
from reportlib.ledger import make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.text.units import Unit
from reportlib.trial.analyses import Distribution
from reportlib.trial.design import Group


def run_distribution(spec: Distribution, context: Context) -> None:
    """Add, per band, the share of those above zero and of all followed by group, and the difference of the latter.

    Bands are open below and closed above: full time of 37 hours lies in the band that ends at 37.
    """
    measure = context.trial.measure_by_id[spec.measure]
    values = context.panel_measure(measure)[:, spec.week - 1]
    found = distribution(values, context.treated, edges=spec.bands, level=context.trial.design.level)
    followed = (found.positive_treated.n, found.positive_control.n)
    for band in found.bands:
        for group, positive, n in zip(context.trial.all_groups, (band.treated, band.control), followed, strict=True):
            own = context.in_group(group.id)
            inside = own & (values > band.low) & (values <= band.high)
            _add_band(
                spec, context, band, group, positive, "share_of_positive", Counted(n=own & (values > 0), k=inside)
            )
            of_all = share(positive.k, n, level=context.trial.design.level)
            _add_band(spec, context, band, group, of_all, "share_of_all", Counted(n=own & ~np.isnan(values), k=inside))
        _add_difference(spec, context, band, followed)


def _add_band(
    spec: Distribution, context: Context, band: Band, group: Group, part: Share, statistic: str, counted: Counted
) -> None:
    measure = context.trial.measure_by_id[spec.measure]
    context.ledger.add(
        counted,
        measure=measure.id,
        statistic=statistic,
        unit=Unit.PCT,
        group=group.id,
        subgroup=_label(band),
        time=week_label(spec.week),
        value=100 * part.k / part.n if part.n else None,
        k=part.k,
        n=part.n,
        ci_low=100 * part.ci_low,
        ci_high=100 * part.ci_high,
        method="Wilson",
        **context.common(measure, group.id, week_window(spec.week)),
    )


def _add_difference(spec: Distribution, context: Context, band: Band, followed: tuple[int, int]) -> None:
    measure, level = context.trial.measure_by_id[spec.measure], context.trial.design.level
    found = difference_in_shares(band.treated.k, followed[0], band.control.k, followed[1], level=level)
    where = {"subgroup": _label(band), "time": week_label(spec.week)}
    levels = (make_key(measure.id, statistic="share_of_all", group=group, **where) for group in context.group_ids)
    context.ledger.add(
        made_of(*levels),
        measure=measure.id,
        statistic="share_of_all",
        unit=Unit.PCT_POINT,
        group=DIFFERENCE,
        subgroup=_label(band),
        time=week_label(spec.week),
        n=sum(followed),
        value=100 * found.difference,
        se=100 * found.se,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        method="Newcombe",
        **context.common(measure, "", week_window(spec.week)),
    )


def _label(band: Band) -> str:
    return f"{band.low:g}-{band.high:g}"
