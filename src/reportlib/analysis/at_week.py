"""One week looked at closely: robustness of the difference, the relative change, the mean among those above 0, and how
the values spread over bands.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportlib.analysis.context import Context, mean_columns, newcombe_columns, share_columns, week_columns, week_window
from reportlib.analysis.measure_values import in_print_unit
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import Counted, made_of
from reportlib.estimators.shares_and_means import Band, Share, difference_in_shares, distribution, mean, share
from reportlib.estimators.week_by_week import WeeklyDifference, weekly_difference
from reportlib.ledger import make_key
from reportlib.ledger.keys import week_label
from reportlib.registers.data import FloatArray
from reportlib.registers.errors import EmptyCellError
from reportlib.text.units import Unit
from reportlib.trial.analyses import AtWeek, Distribution
from reportlib.trial.design import Group
from reportlib.trial.measures import MeasureSpec


def run_at_week(spec: AtWeek, context: Context) -> None:
    """Add the rows of one `at_week` analysis."""
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
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
    positive = mean(column[column > 0], level=context.trial.design.level)
    above = column > 0
    context.ledger.add(
        Counted(n=above, k=above),
        statistic="mean_among_positive",
        **mean_columns(positive),
        **context.of_week(measure, group, week),
    )


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
    half = -ndtri(context.trial.design.level / 2) * se
    context.ledger.add(
        made_of(treated.key, control.key),
        statistic="relative_change",
        unit=Unit.PCT,
        value=100 * math.expm1(log_ratio),
        ci_low=100 * math.expm1(log_ratio - half),
        ci_high=100 * math.expm1(log_ratio + half),
        method="log ratio, delta method",
        **context.of_week(measure, "", week),
    )


def _share_se(pct: float, n: int) -> float:
    return math.sqrt(pct * (100 - pct) / n) if n else math.nan


def _add_robustness(spec: AtWeek, measure: MeasureSpec, context: Context, values: FloatArray) -> None:
    """The same difference adjusted for background (Lin), stratified by site, and with errors clustered on site."""
    outcome, level = in_print_unit(values, measure.unit), context.trial.design.level
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
        context.ledger.add(
            made_of(*levels),
            statistic=statistic,
            unit=difference_unit(measure),
            n=int(result.n[0]),
            method=f"{statistic}, {result.correction}",
            **week_columns(result, 0),
            **context.of_week(measure, "", spec.week),
        )


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
        statistic=statistic,
        unit=Unit.PCT,
        subgroup=_label(band),
        **share_columns(part),
        **context.of_week(measure, group.id, spec.week),
    )


def _add_difference(spec: Distribution, context: Context, band: Band, followed: tuple[int, int]) -> None:
    measure, level = context.trial.measure_by_id[spec.measure], context.trial.design.level
    found = difference_in_shares(band.treated.k, followed[0], band.control.k, followed[1], level=level)
    where = {"subgroup": _label(band), "time": week_label(spec.week)}
    levels = (make_key(measure.id, statistic="share_of_all", group=group, **where) for group in context.group_ids)
    context.ledger.add(
        made_of(*levels),
        statistic="share_of_all",
        unit=Unit.PCT_POINT,
        subgroup=_label(band),
        n=sum(followed),
        **newcombe_columns(found),
        **context.of_week(measure, "", spec.week),
    )


def _label(band: Band) -> str:
    return f"{band.low:g}-{band.high:g}"
