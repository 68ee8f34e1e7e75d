"""Units of activity by group and the extra units per unit gained: what can be said of costs without prices."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Context
from reportlib.analysis.panel_measures import in_print_unit
from reportlib.estimators.regression import difference_in_means
from reportlib.keys import DIFFERENCE, week_label
from reportlib.ledger import make_key
from reportlib.trial.analyses import Activity
from reportlib.trial.measures import MeasureSpec
from reportlib.units import Unit


def run_activity(spec: Activity, context: Context) -> None:
    """Add units per person by group, the difference, and the extra units per unit gained.

    The gain is the accumulated difference of `spec.gain` at `spec.weeks`, from a `weekly` analysis with `accumulate`.
    The ratio is printed only where the gain's interval excludes zero: otherwise its denominator may be nothing.
    """
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
        values = context.person_measure(measure)
        for group in context.trial.all_groups:
            context.add_average(
                measure,
                np.where(context.in_group(group.id), values, np.nan),
                group=group.id,
                window="hele opfølgningen",
            )
        if context.trial.groups.comparison is not None:
            _add_difference(measure, context, in_print_unit(values, measure.unit))
            _add_ratio(measure, spec, context)


def _add_difference(measure: MeasureSpec, context: Context, values: np.ndarray) -> None:
    known = ~np.isnan(values)
    found = difference_in_means(values[known], context.treated[known], level=context.trial.design.level)
    context.ledger.add(
        measure=measure.id,
        statistic="difference",
        group=DIFFERENCE,
        n=int(known.sum()),
        value=found.difference,
        se=found.se,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        p=found.p,
        df=found.df,
        method="Welch",
        **context.common(measure, "", "hele opfølgningen"),
    )


def _add_ratio(measure: MeasureSpec, spec: Activity, context: Context) -> None:
    gain_key = make_key(spec.gain, statistic="accumulated", group=DIFFERENCE, time=week_label(spec.weeks))
    if gain_key not in context.ledger:
        return
    gain = context.ledger[gain_key]
    units = context.ledger[make_key(measure.id, statistic="difference", group=DIFFERENCE)]
    if gain.ci_low is None or gain.ci_high is None or gain.ci_low <= 0 <= gain.ci_high or units.value is None:
        return
    context.ledger.add(
        measure=measure.id,
        statistic="units_per_gain",
        unit=Unit.RATIO,
        group=DIFFERENCE,
        time=week_label(spec.weeks),
        value=units.value / gain.number,
        method=f"difference in units over {gain_key}",
        **context.common(measure, "", f"uge 1 til {spec.weeks} efter start"),
    )
