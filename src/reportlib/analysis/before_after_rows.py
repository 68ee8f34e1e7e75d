"""The same persons before and after entry: levels, change, test, and how many changed each way."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Column, Context, Side
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import Counted, made_of
from reportlib.estimators.repeated_measures import mcnemar, paired_t
from reportlib.estimators.shares_and_means import share
from reportlib.ledger import make_key
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE
from reportlib.registers.panel import FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import BeforeAfter
from reportlib.trial.measures import MeasureSpec

ONLY_BEFORE, ONLY_AFTER = "share_only_before", "share_only_after"


def run_before_after(spec: BeforeAfter, context: Context) -> None:
    """Add the rows of every pair under the id of the measure after."""
    for pair in spec.pairs:
        after = context.trial.measure_by_id[pair.after]
        first = _in_group(context.trial.measure_by_id[pair.before], context)
        second = _in_group(after, context)
        both = ~np.isnan(first) & ~np.isnan(second)
        first, second = np.where(both, first, np.nan), np.where(both, second, np.nan)
        values, who = np.column_stack([first, second]), _who(after, context)
        windows = [Column(BEFORE, "", spec.before_window), Column(AFTER, "", spec.after_window)]
        everybody = np.zeros(context.persons, dtype=np.int64)
        context.add_columns(after, values, everybody, [Side(0)], windows, population=who)
        if spec.by_site:
            context.add_by_site(after, values, context.site_of_persons, windows, population=who)
        if int(both.sum()) < 2:
            continue
        if after.is_binary:
            _add_shares(after, first, second, spec, context)
        else:
            _add_means(after, first, second, spec, context)


def _in_group(measure: MeasureSpec, context: Context) -> FloatArray:
    return np.where(context.treated, context.person_measure(measure), np.nan)


def _who(measure: MeasureSpec, context: Context) -> str:
    return context.population_text(measure, context.trial.groups.treated.id)


def _common(measure: MeasureSpec, spec: BeforeAfter, context: Context) -> dict[str, str]:
    return {
        "measure": measure.id,
        "group": DIFFERENCE,
        "population": _who(measure, context),
        "window": f"{spec.before_window} og {spec.after_window}",
        "data_date": context.trial.data_date.isoformat(),
    }


def _add_shares(
    measure: MeasureSpec, first: FloatArray, second: FloatArray, spec: BeforeAfter, context: Context
) -> None:
    """The change in points with Bonett and Price's interval, and the shares that changed each way.

    The p-value of McNemar's test stands with the change where it gives the same verdict as the interval; where the two
    differ the interval alone decides, so that no sentence can be told two ways.
    """
    level = context.trial.design.level
    both = ~np.isnan(first)
    found = mcnemar(first[both], second[both], level=level)
    common = _common(measure, spec, context)
    excludes_zero = found.ci_low > 0 or found.ci_high < 0
    changed = {ONLY_BEFORE: (first == 1) & (second == 0), ONLY_AFTER: (first == 0) & (second == 1)}
    # Its interval is made of how many changed each way.
    parts = (make_key(measure.id, statistic=name, group=DIFFERENCE) for name in changed)
    context.ledger.add(
        made_of(*context.level_keys(measure, (BEFORE, AFTER)), *parts),
        statistic="difference",
        unit=difference_unit(measure),
        value=100 * found.difference,
        ci_low=100 * found.ci_low,
        ci_high=100 * found.ci_high,
        p=found.p if excludes_zero == (found.p < level) else None,
        n=found.n,
        method=f"Bonett-Price; {found.test}",
        **common,
    )
    for statistic, k in ((ONLY_BEFORE, found.only_before), (ONLY_AFTER, found.only_after)):
        part = share(k, found.n, level=level)
        context.ledger.add(
            Counted(n=both, k=changed[statistic]),
            statistic=statistic,
            unit=Unit.PCT,
            value=100 * part.k / part.n,
            k=part.k,
            n=part.n,
            ci_low=100 * part.ci_low,
            ci_high=100 * part.ci_high,
            method="Wilson",
            **common,
        )


def _add_means(
    measure: MeasureSpec, first: FloatArray, second: FloatArray, spec: BeforeAfter, context: Context
) -> None:
    both = ~np.isnan(first)
    found = paired_t(first[both], second[both], level=context.trial.design.level)
    changed = both & (first != second)
    context.ledger.add(
        Counted(n=both, k=changed, made_of=context.level_keys(measure, (BEFORE, AFTER))),
        statistic="difference",
        unit=difference_unit(measure),
        value=found.change,
        se=found.se,
        df=found.df,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        p=found.p,
        k=int(changed.sum()),
        n=found.n,
        method=found.test,
        **_common(measure, spec, context),
    )
