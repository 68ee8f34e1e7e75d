"""The difference between the groups in each subgroup, and the test that counts: do the subgroups differ?"""

from __future__ import annotations

from typing import Any

import numpy as np

from reportlib.analysis.context import Context, week_window
from reportlib.analysis.divisions import Labels, persons_by, subgroup_of
from reportlib.analysis.panel_measures import in_print_unit
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import made_of
from reportlib.estimators.by_part import SubgroupRow, subgroup_differences
from reportlib.estimators.regression import difference_in_means
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.registers.panel import FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Division, Subgroups
from reportlib.trial.measures import MeasureSpec


def run_subgroups(spec: Subgroups, context: Context) -> None:
    """Add levels, differences and contrasts by subgroup, and the interaction test of each division."""
    measure = context.trial.measure_by_id[spec.measure]
    values = _values(spec, measure, context)
    labels = {division.id: persons_by(division, context) for division in spec.by}
    found = subgroup_differences(
        in_print_unit(values, measure.unit), context.treated, labels, level=context.trial.design.level
    )
    for division, result in zip(spec.by, found, strict=True):
        where = _where(spec, measure, context)
        for value in division.values:
            _add_levels(measure, values, labels[division.id], division, value, spec, context)
        for row in result.rows:
            _add_difference(row, division, values, labels[division.id], measure, context, where)
        _add_contrasts(values, labels[division.id], division, measure, context, where)
        if result.interaction is None:
            continue
        test = result.interaction
        levels = [
            key
            for value in division.values
            for key in context.level_keys(
                measure, context.group_ids, subgroup=subgroup_of(division, value), time=where["time"]
            )
        ]
        for statistic, number, p in (
            ("interaction", test.statistic, test.p),
            ("interaction_holm", result.p_holm, result.p_holm),
        ):
            context.ledger.add(
                made_of(*levels),
                statistic=statistic,
                unit=Unit.COEFFICIENT,
                group=DIFFERENCE,
                subgroup=division.id,
                value=number,
                df=test.df1,
                p=p,
                n=test.n,
                method=test.name,
                **where,
            )


def _values(spec: Subgroups, measure: MeasureSpec, context: Context) -> FloatArray:
    if spec.week is None:
        return context.person_measure(measure)
    return context.panel_measure(measure)[:, spec.week - 1]


def _where(spec: Subgroups, measure: MeasureSpec, context: Context) -> dict[str, str]:
    window = week_window(spec.week) if spec.week else WHOLE_FOLLOW_UP
    time = week_label(spec.week) if spec.week else ""
    return {"measure": measure.id, "time": time, **context.common(measure, "", window)}


def _add_levels(
    measure: MeasureSpec,
    values: FloatArray,
    labels: Labels,
    division: Division,
    value: str,
    spec: Subgroups,
    context: Context,
) -> None:
    for group in context.trial.all_groups:
        context.add_average(
            measure,
            np.where(context.in_group(group.id) & (labels == value), values, np.nan),
            group=group.id,
            subgroup=subgroup_of(division, value),
            time=week_label(spec.week) if spec.week else "",
            window=week_window(spec.week) if spec.week else WHOLE_FOLLOW_UP,
        )


def _add_difference(
    row: SubgroupRow,
    division: Division,
    values: FloatArray,
    labels: Labels,
    measure: MeasureSpec,
    context: Context,
    where: dict[str, str],
) -> None:
    subgroup = subgroup_of(division, str(row.subgroup))
    numbers: dict[str, Any] = {
        "value": row.difference,
        "se": row.se,
        "df": row.df,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "p": row.p,
        "n": row.n_treated + row.n_control,
        "method": "Welch",
    }
    # without numbers it hides with its levels where they do: a missing row would say that somebody is alone
    context.ledger.add(
        made_of(*context.level_keys(measure, context.group_ids, subgroup=subgroup, time=where["time"])),
        statistic="difference",
        unit=difference_unit(measure),
        group=DIFFERENCE,
        subgroup=subgroup,
        **({} if row.reason else numbers),
        **where,
    )


def _add_contrasts(
    values: FloatArray,
    labels: Labels,
    division: Division,
    measure: MeasureSpec,
    context: Context,
    where: dict[str, str],
) -> None:
    """Within each group the first subgroup minus the second; not an effect, for chance did not make the subgroups."""
    if len(division.values) != 2:
        return
    first, _ = division.values
    printed = in_print_unit(values, measure.unit)
    for group in context.trial.all_groups:
        inside = context.in_group(group.id) & ~np.isnan(values) & np.array([label is not None for label in labels])
        sides = labels[inside] == first
        if min(sides.sum(), (~sides).sum()) < 2:
            continue
        found = difference_in_means(printed[inside], sides, level=context.trial.design.level)
        subgroups = (subgroup_of(division, value) for value in division.values)
        levels = [
            key
            for subgroup in subgroups
            for key in context.level_keys(measure, (group.id,), subgroup=subgroup, time=where["time"])
        ]
        context.ledger.add(
            made_of(*levels),
            statistic="contrast",
            unit=difference_unit(measure),
            group=group.id,
            subgroup=division.id,
            value=found.difference,
            se=found.se,
            df=found.df,
            ci_low=found.ci_low,
            ci_high=found.ci_high,
            p=found.p,
            n=int(inside.sum()),
            method="Welch",
            **{**where, "population": group.many},
        )
