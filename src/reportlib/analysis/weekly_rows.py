"""Week by week: the level in each group, the difference with its errors, and from which week it lasts.

One week looked at closely: robustness of the difference, the relative change, the mean among those above 0, and how the
values spread over bands.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportlib.analysis.context import (
    Column,
    Context,
    Side,
    first_weeks_window,
    mean_columns,
    newcombe_columns,
    share_columns,
    week_columns,
    week_window,
)
from reportlib.analysis.measure_values import in_print_unit
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.estimators.many_comparisons import uniform_band
from reportlib.estimators.shares_and_means import Band, Share, difference_in_shares, distribution, mean, share
from reportlib.estimators.week_by_week import (
    WeeklyDifference,
    accumulated_difference,
    first_lasting_week,
    weekly_difference,
)
from reportlib.ledger import make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.registers.data import BoolArray, FloatArray
from reportlib.registers.errors import EmptyCellError
from reportlib.text.units import RULES, Unit
from reportlib.trial.analyses import AtWeek, Distribution, Weekly
from reportlib.trial.design import Group
from reportlib.trial.measures import MeasureSpec

ALL_WEEKS = "alle uger med nok personer"


def run_weekly(spec: Weekly, context: Context) -> None:
    """Add the rows of one `weekly` analysis."""
    for measure in context.measures(spec.measures):
        values = context.panel_measure(measure)
        for group in context.trial.all_groups:
            add_levels(measure, context, values, group.id)
        add_peak(measure, context)
        if spec.by_site:
            sites = np.where(context.treated, context.site_of_persons, -1)
            weeks = _weeks(values, context.trial.groups.treated.id)
            context.add_by_site(measure, values, sites, weeks, empty=False)
        if context.trial.groups.comparison is not None:
            result = estimate(measure, context, values, correction=spec.correction)
            add_differences(measure, context, result)
            add_verdicts(measure, context, result, range_from=spec.range_from)
            if spec.uniform_band:
                add_uniform_band(measure, context, result)
            if spec.accumulate:
                add_accumulated(measure, context, result)


def add_levels(measure: MeasureSpec, context: Context, values: FloatArray, group: str) -> None:
    """One row per week for the persons of the group, for weeks in which anybody is followed."""
    inside = np.where(context.in_group(group), 0, -1)
    context.add_columns(measure, values, inside, [Side(0)], _weeks(values, group), empty=False)


def _weeks(values: FloatArray, group: str) -> list[Column]:
    """The columns of a panel's values."""
    return [Column(group, week_label(week), week_window(week)) for week in range(1, values.shape[1] + 1)]


def estimate(measure: MeasureSpec, context: Context, values: FloatArray, *, correction: str) -> WeeklyDifference:
    """The weekly differences of a measure in its print unit (percentage points for shares)."""
    sites = context.data.persons["site"].to_numpy()
    return weekly_difference(
        in_print_unit(values, measure.unit),
        context.treated,
        level=context.level,
        clusters=sites if correction == "CR2" else None,
    )


def add_peak(measure: MeasureSpec, context: Context) -> None:
    """The highest weekly level of each group among weeks with enough persons, and its week."""
    for group in context.trial.all_groups:
        rows = [
            row
            for week in range(1, context.data.panel.weeks + 1)
            if (key := f"{measure.id}.{group.id}.{week_label(week)}") in context.ledger
            and (row := context.ledger[key]).value is not None
            and (row.n or 0) >= context.trial.follow_up.enough
        ]
        if not rows:
            continue
        peak = max(rows, key=lambda row: row.number)
        common = {"group": group.id, "window": ALL_WEEKS, "n": peak.n}
        context.add(measure, "maximum", made_of(peak.key), value=peak.value, k=peak.k, **common)
        context.add(measure, "maximum_week", made_of(peak.key), unit=Unit.WEEKS, value=peak.week, **common)


def add_differences(measure: MeasureSpec, context: Context, result: WeeklyDifference) -> None:
    """The difference of each week in which both groups have somebody.

    With one person in a group there is none: the row says nothing, and hides with the level of that person. That it was
    missing would say that there is one.
    """
    for index, week in enumerate(result.week):
        if not (result.n_treated[index] and result.n_control[index]):
            continue
        estimated = not np.isnan(result.difference[index])
        columns = {**week_columns(result, index), "n": int(result.n[index]) if estimated else None}
        unit, made = difference_unit(measure), _levels(measure, context, int(week))
        context.add(measure, "difference", made, week=int(week), unit=unit, method=result.correction, **columns)


def add_uniform_band(measure: MeasureSpec, context: Context, result: WeeklyDifference) -> None:
    """The sup-t band: it holds the whole curve, over the weeks with enough persons, with the level's confidence."""
    band = uniform_band(result, min_followed=context.trial.follow_up.enough, seed=context.trial.design.seed)
    for index in np.flatnonzero(np.isfinite(band.ci_low)):
        week = int(result.week[index])
        context.add(
            measure,
            "uniform_band",
            _levels(measure, context, week),
            week=week,
            unit=difference_unit(measure),
            value=result.difference[index],
            se=result.se[index],
            ci_low=band.ci_low[index],
            ci_high=band.ci_high[index],
            method="sup-t",  # the critical value is drawn, and its digits would depend on the seed
        )


def add_accumulated(measure: MeasureSpec, context: Context, result: WeeklyDifference) -> None:
    """The running sum of the differences over the weeks with enough persons."""
    total = accumulated_difference(result)
    last = int(result.week[enough_weeks(context, result)].max(initial=0))
    scale = 100 if measure.is_binary else 1  # percentage points summed over weeks become weeks
    for index, week in enumerate(result.week):
        if week > last or np.isnan(total.difference[index]):
            continue
        context.add(
            measure,
            "accumulated",
            _levels(measure, context, int(week)),  # two sums tell the weeks between them: `proposals` sees to that
            window=first_weeks_window(int(week)),
            unit=accumulated_unit(measure),
            time=week_label(int(week)),
            value=total.difference[index] / scale,
            se=total.se[index] / scale,
            ci_low=total.ci_low[index] / scale,
            ci_high=total.ci_high[index] / scale,
            n=int(result.n[index]),
            method="sum of weekly differences, person-level influence",
        )


def add_verdicts(measure: MeasureSpec, context: Context, result: WeeklyDifference, *, range_from: int) -> None:
    """From which week the difference lasts, in how many weeks it is significant, and its range."""
    lasting = first_lasting_week(result, min_followed=context.trial.follow_up.enough)
    enough = enough_weeks(context, result)
    significant = enough & ((result.ci_low > 0) | (result.ci_high < 0))
    how = "interval excludes zero in this and every later week with enough persons"
    lasts = {"unit": Unit.WEEKS, "value": lasting, "method": how}
    context.add(measure, "first_lasting_week", Setting("a week"), window=ALL_WEEKS, **lasts)
    weeks = {"unit": Unit.COUNT, "value": int(significant.sum()), "n": int(enough.sum())}
    context.add(measure, "significant_weeks", Setting("a number of weeks"), window=ALL_WEEKS, **weeks)
    in_range = enough & (result.week >= range_from)
    if in_range.any():
        unit, differences = difference_unit(measure), result.difference[in_range]
        for statistic, at in (("minimum", int(differences.argmin())), ("maximum", int(differences.argmax()))):
            time = week_label(int(result.week[in_range][at]))
            made = made_of(make_key(measure.id, statistic="difference", group=DIFFERENCE, time=time))
            found = {"unit": unit, "value": differences[at], "method": f"from week {range_from}"}
            context.add(measure, statistic, made, window=ALL_WEEKS, **found)


def enough_weeks(context: Context, result: WeeklyDifference) -> BoolArray:
    """(weeks,) whether both groups have enough persons for the week to count in a verdict."""
    enough = context.trial.follow_up.enough
    return (
        (result.n_treated >= enough)
        & (result.n_control >= enough)
        & np.isfinite(result.difference)
        & np.isfinite(result.se)
    )


def _levels(measure: MeasureSpec, context: Context, week: int) -> Counted:
    """What a number about all groups in a week is made of: the level of each."""
    keys = context.level_keys(measure, (group.id for group in context.trial.every_group), time=week_label(week))
    made = tuple(key for key in keys if key in context.ledger)
    if context.trial.groups.before:
        return Counted(n=Setting("the smaller of every group before and after"), made_of=made)
    return made_of(*made)


def difference_unit(measure: MeasureSpec) -> Unit:
    """The unit of a difference of the measure; its own where differences keep it."""
    return RULES[measure.unit].difference or measure.unit


def accumulated_unit(measure: MeasureSpec) -> Unit:
    """The unit of a sum over weeks: weeks for shares, hours for hours per week."""
    if measure.is_binary:
        return Unit.WEEKS
    return Unit.HOURS if measure.unit is Unit.HOURS_PER_WEEK else measure.unit


def run_at_week(spec: AtWeek, context: Context) -> None:
    """Add the rows of one `at_week` analysis."""
    for measure in context.measures(spec.measures):
        values = context.panel_measure(measure)[:, [spec.week - 1]]
        for group in context.trial.all_groups:
            column = np.where(context.in_group(group.id), values[:, 0], np.nan)
            time = week_label(spec.week)
            context.add_average(measure, column, group=group.id, time=time, window=week_window(spec.week))
            if not measure.is_binary:
                _add_mean_among_positive(measure, context, column, group=group.id, week=spec.week)
        if context.trial.groups.comparison is not None:
            _add_relative_change(measure, context, spec.week)
            _add_robustness(spec, measure, context, values)


def _add_mean_among_positive(
    measure: MeasureSpec, context: Context, column: FloatArray, *, group: str, week: int
) -> None:
    above = column > 0
    columns = mean_columns(mean(column[above], level=context.level))
    context.add(measure, "mean_among_positive", Counted(n=above, k=above), group=group, week=week, **columns)


def _add_relative_change(measure: MeasureSpec, context: Context, week: int) -> None:
    """Treated over comparison, minus one, in per cent; interval from the log ratio (delta method)."""
    comparison = context.trial.groups.comparison
    assert comparison is not None
    parts = [
        context.ledger[make_key(measure.id, statistic="mean", group=group, time=week_label(week))]
        for group in (context.trial.groups.treated.id, comparison.id)
    ]
    treated, control = parts
    if not treated.value or not control.value:
        return
    errors = [(row.se if row.se is not None else _share_se(row.number, row.n or 0)) / row.number for row in parts]
    log_ratio, se = math.log(treated.number / control.number), math.hypot(*errors)
    half = -ndtri(context.level / 2) * se
    context.add(
        measure,
        "relative_change",
        made_of(treated.key, control.key),
        week=week,
        unit=Unit.PCT,
        value=100 * math.expm1(log_ratio),
        ci_low=100 * math.expm1(log_ratio - half),
        ci_high=100 * math.expm1(log_ratio + half),
        method="log ratio, delta method",
    )


def _share_se(pct: float, n: int) -> float:
    return math.sqrt(pct * (100 - pct) / n) if n else math.nan


def _add_robustness(spec: AtWeek, measure: MeasureSpec, context: Context, values: FloatArray) -> None:
    """The same difference adjusted for background (Lin), stratified by site, and with errors clustered on site."""
    outcome, level = in_print_unit(values, measure.unit), context.level
    sites = context.data.persons["site"].to_numpy()
    variants: dict[str, WeeklyDifference] = {}
    if len(set(sites)) > 1:  # one place is no stratum and no cluster
        variants["stratified"] = weekly_difference(outcome, context.treated, level=level, strata=sites)
        variants["clustered"] = weekly_difference(outcome, context.treated, level=level, clusters=sites)
    if spec.adjust_for:
        covariates = complete_covariates(context, spec.adjust_for)
        variants["adjusted"] = weekly_difference(outcome, context.treated, level=level, covariates=covariates)
    levels = context.level_keys(measure, context.group_ids, time=week_label(spec.week))
    for statistic, result in variants.items():
        columns = {"unit": difference_unit(measure), "n": int(result.n[0]), **week_columns(result, 0)}
        how = f"{statistic}, {result.correction}"
        context.add(measure, statistic, made_of(*levels), week=spec.week, method=how, **columns)


def covariate_columns(persons: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, FloatArray]:
    """Background columns as numbers: categories become 0/1 columns, the first one left out. Missing stays missing."""
    frame = pd.get_dummies(persons[list(columns)], drop_first=True, dtype=float)
    known = {column: persons[column].notna().to_numpy() for column in columns}
    arrays: dict[str, FloatArray] = {}
    for name in frame.columns:
        column = name if name in known else max((one for one in columns if str(name).startswith(f"{one}_")), key=len)
        arrays[str(name)] = np.where(known[column], frame[name].to_numpy(dtype=np.float64), np.nan)
    return arrays


def complete_covariates(context: Context, columns: tuple[str, ...]) -> dict[str, FloatArray]:
    """`covariate_columns` of all persons.

    Raises:
        EmptyCellError: somebody has no value.
    """
    data = context.data
    for name in columns:
        if (missing := data.persons[name].isna().to_numpy()).any():
            raise EmptyCellError(
                context.trial.extracts.participants.file,
                "the cell is empty, and the analysis adjusts for the column",
                rows=data.rows_of_participants[missing],
                column=name,
                hint="fill the cells, make the unknown a value of a category, or take the column out of the analysis",
            )
    return covariate_columns(data.persons, columns)


def run_distribution(spec: Distribution, context: Context) -> None:
    """Add, per band, the share of those above zero and of all followed by group, and the difference of the latter.

    Bands are open below and closed above: full time of 37 hours lies in the band that ends at 37.
    """
    measure = context.trial.measure_by_id[spec.measure]
    values = context.panel_measure(measure)[:, spec.week - 1]
    found = distribution(values, context.treated, edges=spec.bands, level=context.level)
    followed = (found.positive_treated.n, found.positive_control.n)
    for band in found.bands:
        for group, positive, n in zip(context.trial.all_groups, (band.treated, band.control), followed, strict=True):
            own = context.in_group(group.id)
            inside = own & (values > band.low) & (values <= band.high)
            _add_band(
                spec, context, band, group, positive, "share_of_positive", Counted(n=own & (values > 0), k=inside)
            )
            of_all = share(positive.k, n, level=context.level)
            _add_band(spec, context, band, group, of_all, "share_of_all", Counted(n=own & ~np.isnan(values), k=inside))
        _add_difference(spec, context, band, followed)


def _add_band(
    spec: Distribution, context: Context, band: Band, group: Group, part: Share, statistic: str, counted: Counted
) -> None:
    measure = context.trial.measure_by_id[spec.measure]
    columns = {"unit": Unit.PCT, "subgroup": _label(band), **share_columns(part)}
    context.add(measure, statistic, counted, group=group.id, week=spec.week, **columns)


def _add_difference(spec: Distribution, context: Context, band: Band, followed: tuple[int, int]) -> None:
    measure, level = context.trial.measure_by_id[spec.measure], context.level
    found = difference_in_shares(band.treated.k, followed[0], band.control.k, followed[1], level=level)
    where = {"subgroup": _label(band), "time": week_label(spec.week)}
    levels = (make_key(measure.id, statistic="share_of_all", group=group, **where) for group in context.group_ids)
    columns = {"unit": Unit.PCT_POINT, "subgroup": _label(band), "n": sum(followed), **newcombe_columns(found)}
    context.add(measure, "share_of_all", made_of(*levels), week=spec.week, **columns)


def _label(band: Band) -> str:
    return f"{band.low:g}-{band.high:g}"
