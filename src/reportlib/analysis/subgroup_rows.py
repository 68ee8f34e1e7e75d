"""Who belongs to which subgroup, the difference between the groups in each, and the test: do they differ?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reportlib.analysis.context import Context, week_window, welch_columns
from reportlib.analysis.panel_measures import in_print_unit
from reportlib.analysis.person_measures import survey_of, survey_values
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import made_of
from reportlib.errors import ReportlibError
from reportlib.estimators.by_part import SubgroupRow, subgroup_differences
from reportlib.estimators.regression import difference_in_means
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.registers.cells import as_text
from reportlib.registers.panel import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Division, Subgroups
from reportlib.trial.measures import MeasureSpec

Labels = npt.NDArray[np.object_]


class DivisionError(ReportlibError):
    """A division cannot be applied: nobody is in one of its subgroups."""


def subgroup_of(division: Division, value: str) -> str:
    """The subgroup column of a level: `koen:kvinde`."""
    return f"{division.id}:{value}"


def persons_by(division: Division, context: Context) -> Labels:
    """(n,) the value of each person as text, None for persons in none of the subgroups.

    Raises:
        DivisionError: a subgroup is empty.
    """
    if division.column is not None:
        return _known(division, context.texts(division.column))
    assert division.measure is not None  # an item divides answer sheets, and trial.yml may name it for them alone
    measure = context.trial.measure_by_id[division.measure]
    if not measure.is_survey:
        return _known(division, _as_text(context.person_measure(measure)))
    sheets = context.data.surveys[survey_of(measure)]["row"].to_numpy()
    own = np.full(context.persons, np.nan)
    own[sheets[sheets >= 0]] = survey_values(measure, context.data)[sheets >= 0]
    return _known(division, _as_text(own))


def sheets_by(division: Division, survey: str, context: Context) -> Labels:
    """(sheets,) the value of each answer sheet of a survey as text, None where in none of the subgroups.

    A sheet without a person is in a subgroup only when the division is by an item or a measure of the same survey.

    Raises:
        DivisionError: a subgroup is empty.
    """
    frame = context.data.surveys[survey]
    if division.item is not None:
        return _known(division, frame[division.item].map(as_text).to_numpy(dtype=object))
    measure = context.trial.measure_by_id[division.measure] if division.measure else None
    if measure is not None and measure.is_survey and survey_of(measure) == survey:
        return _known(division, _as_text(survey_values(measure, context.data)))
    rows = frame["row"].to_numpy()
    labels = persons_by(division, context)
    found: Labels = np.array([labels[row] if row >= 0 else None for row in rows], dtype=object)
    return found


def sheets_in_group(group: str, survey: str, context: Context) -> BoolArray:
    """(sheets,) whether the sheet's person belongs to the group."""
    rows = context.data.surveys[survey]["row"].to_numpy()
    inside: BoolArray = (rows >= 0) & context.in_group(group)[np.maximum(rows, 0)]
    return inside


def _as_text(values: FloatArray) -> Labels:
    return np.array([None if np.isnan(value) else as_text(float(value)) for value in values], dtype=object)


def _known(division: Division, labels: Labels) -> Labels:
    found = np.array([label if label in division.values else None for label in labels], dtype=object)
    for value in division.values:
        if not (found == value).any():
            raise DivisionError(
                f"division {division.id}: nobody has the value {value!r}",
                hint=f"the values are {', '.join(sorted({str(label) for label in labels if label}))}",
            )
    return found


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
    numbers = welch_columns(row) | {"n": row.n_treated + row.n_control}
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
            n=int(inside.sum()),
            **welch_columns(found),
            **{**where, "population": group.many},
        )
