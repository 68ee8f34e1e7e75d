"""Units of activity by group and the extra units per unit gained: what can be said of costs without prices."""

from __future__ import annotations

import numpy as np

from reportlib.analysis.context import Context, first_weeks_window, welch_columns
from reportlib.analysis.panel_measures import in_print_unit, weeks_after
from reportlib.disclosure.register import made_of
from reportlib.estimators.regression import difference_in_means
from reportlib.estimators.week_by_week import accumulated_difference, weekly_difference
from reportlib.ledger import make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.registers.event_weeks import monday_of
from reportlib.registers.panel import FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Activity
from reportlib.trial.measures import EventCount, MeasureSpec, WeeksWith


def run_activity(spec: Activity, context: Context) -> None:
    """Add units per person by group, the difference, and the extra units per unit gained.

    The gain is the accumulated difference of `spec.gain` at `spec.weeks`, from a `weekly` analysis with `accumulate`.
    Units and gain of the ratio are both summed over weeks 1 to `spec.weeks` among those followed in each week.
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
        made_of(*context.level_keys(measure, context.group_ids)),
        statistic="difference",
        n=int(known.sum()),
        **welch_columns(found),
        **context.common(measure, "", "hele opfølgningen"),
    )


def _add_ratio(measure: MeasureSpec, spec: Activity, context: Context) -> None:
    gain = context.ledger.get(
        make_key(spec.gain, statistic="accumulated", group=DIFFERENCE, time=week_label(spec.weeks))
    )
    by_week = units_by_week(measure, spec.weeks, context)
    if gain is None or gain.ci_low is None or gain.ci_high is None or gain.ci_low <= 0 <= gain.ci_high:
        return
    if by_week is None:
        return
    units = accumulated_difference(
        weekly_difference(by_week, context.treated, level=context.trial.design.level)
    ).difference[-1]
    context.ledger.add(
        made_of(gain.key, make_key(measure.id, statistic="difference", group=DIFFERENCE)),
        statistic="units_per_gain",
        unit=Unit.RATIO,
        time=week_label(spec.weeks),
        value=units / gain.number,
        method=f"accumulated difference in units over {gain.key}",
        **context.common(measure, "", first_weeks_window(spec.weeks)),
    )


def units_by_week(measure: MeasureSpec, weeks: int, context: Context) -> FloatArray | None:
    """(n, weeks) units in each event week among those followed, so that units and gain are counted over the same weeks.

    None for a measure that is not a count of events or weeks.
    """
    followed = context.data.panel.followed[:, :weeks]
    match measure.computed:
        case WeeksWith():
            values = context.panel_measure(context.trial.measure_by_id[measure.computed.measure])[:, :weeks]
            counts = (values > 0).astype(np.float64)
        case EventCount():
            counts = _events_by_week(measure.computed, weeks, context)
        case _:
            return None
    return np.where(followed, counts, np.nan)


def _events_by_week(computed: EventCount, weeks: int, context: Context) -> FloatArray:
    counts = np.zeros((context.persons, weeks))
    casework = context.data.casework
    if casework is None:
        return counts
    events = casework[casework["kind"].isin(list(computed.events))]
    rows = events["row"].to_numpy()
    entered = monday_of(context.data.persons["start"].to_numpy()[rows])
    week = weeks_after(entered, events["start"])
    inside = (week >= 0) & (week < weeks)
    np.add.at(counts, (rows[inside], week[inside]), 1.0)
    return counts
