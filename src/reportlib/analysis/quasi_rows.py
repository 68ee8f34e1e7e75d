"""Effects without drawing lots: differences in differences week by week, with a closer look at one week, and matching
on the propensity score: the mean among the matched, and how alike the two groups became.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reportlib.analysis.context import Context
from reportlib.analysis.measure_values import in_print_unit
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.analysis.weekly_rows import (
    ALL_WEEKS,
    add_accumulated,
    add_differences,
    add_levels,
    add_peak,
    add_uniform_band,
    add_verdicts,
    complete_covariates,
    covariate_columns,
    difference_unit,
    enough_weeks,
)
from reportlib.disclosure.register import Counted, Setting, made_of
from reportlib.estimators.diff_in_diff import TreatmentEstimate, did, did_paths, two_way
from reportlib.estimators.propensity_matching import match
from reportlib.estimators.week_by_week import WeeklyDifference
from reportlib.ledger.keys import DIFFERENCE_IN_DIFFERENCES, week_label
from reportlib.registers.data import BoolArray, FloatArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Did, Matching
from reportlib.trial.measures import MeasureSpec


def run_did(spec: Did, context: Context) -> None:
    """Add, per measure, the levels of the four groups, the path of the estimate, its verdicts and the closer look."""
    paths = _paths(spec, context)
    for measure in context.measures(spec.measures):
        values = context.panel_measure(measure)[:, : spec.weeks]
        # said in the ledger: the row is no difference of two levels, and nobody is to work it out as one
        weekly = paths[measure.id]
        weekly = replace(weekly, correction=f"{DIFFERENCE_IN_DIFFERENCES}, {weekly.correction}")
        for group in context.trial.every_group:
            add_levels(measure, context, values, group.id)
        add_peak(measure, context)
        add_differences(measure, context, weekly)
        add_verdicts(measure, context, weekly, range_from=1)
        _add_ends(measure, context, weekly)
        if spec.uniform_band:
            add_uniform_band(measure, context, weekly)
        if spec.accumulate:
            add_accumulated(measure, context, weekly)
        if spec.look_at is not None:
            _add_closer_look(spec, measure, values[:, spec.look_at - 1], spec.look_at, context)


def _paths(spec: Did, context: Context) -> dict[str, WeeklyDifference]:
    """The path of every measure. Measures known of the same persons have the same controls, and go together."""
    outcomes: dict[str, FloatArray] = {}
    together: dict[bytes, list[str]] = {}
    for measure in context.measures(spec.measures):
        outcomes[measure.id] = in_print_unit(context.panel_measure(measure)[:, : spec.weeks], measure.unit)
        together.setdefault(_known(outcomes[measure.id]).tobytes(), []).append(measure.id)
    paths: dict[str, WeeklyDifference] = {}
    for measure_ids in together.values():
        found = did_paths(
            [outcomes[measure_id] for measure_id in measure_ids],
            context.efter,
            context.delt_komm,
            clusters=context.data.persons["site"].to_numpy(),
            level=context.level,
            covariates=controls(spec, context, _known(outcomes[measure_ids[0]])),
        )
        paths |= dict(zip(measure_ids, found, strict=True))
    return paths


def _known(values: FloatArray) -> BoolArray:
    """(n,) who has a value in any week."""
    known: BoolArray = np.isfinite(values).max(axis=1)
    return known


def controls(spec: Did, context: Context, inside: BoolArray) -> FloatArray | None:
    """(n, p) what is controlled for: background columns, and 0/1 columns for the bands of person measures."""
    columns: list[FloatArray] = []
    if spec.adjust_for:
        columns += complete_covariates(context, spec.adjust_for).values()
    for name, width in spec.bands.items():
        columns += _indicators(context, name, width, inside).values()
    return np.column_stack(columns) if columns else None


def _indicators(context: Context, name: str, width: float, inside: BoolArray) -> dict[str, FloatArray]:
    """0/1 columns of a person measure in steps of `width`, the first left out; missing values are a step too."""
    values = context.person_measure(context.trial.measure_by_id[name])
    step = np.where(np.isnan(values), -1.0, np.floor(values / width + 1e-9))
    return {f"{name}={place:g}": (step == place).astype(np.float64) for place in np.unique(step[inside])[1:]}


def _add_ends(measure: MeasureSpec, context: Context, result: WeeklyDifference) -> None:
    """The first and the last week, among those with enough persons, in which the interval excludes zero."""
    significant = enough_weeks(context, result) & ((result.ci_low > 0) | (result.ci_high < 0))
    weeks = result.week[significant]
    for statistic, at in (("first_significant_week", 0), ("last_significant_week", -1)):
        week = int(weeks[at]) if len(weeks) else None
        context.add(measure, statistic, Setting("a week"), window=ALL_WEEKS, unit=Unit.WEEKS, value=week)


def _add_closer_look(spec: Did, measure: MeasureSpec, column: FloatArray, week: int, context: Context) -> None:
    """One week: without control, with indicators of every value, and with effects of every site and month of entry."""
    outcome = in_print_unit(column, measure.unit)
    here = ~np.isnan(outcome)
    sites = context.data.persons["site"].to_numpy()[here]
    after, taking_part = context.efter[here], context.delt_komm[here]
    variants: dict[str, Mapping[str, FloatArray]] = {"unadjusted": {}}
    if spec.exact:
        exact: dict[str, FloatArray] = complete_covariates(context, spec.adjust_for)
        for name, step in spec.exact.items():
            exact |= _indicators(context, name, step, here)
        variants["exact"] = {name: values[here] for name, values in exact.items() if np.ptp(values[here]) > 0}
    for statistic, covariates in variants.items():
        found = did(outcome[here], after, taking_part, clusters=sites, covariates=covariates, level=context.level)
        controls_kept = f"{len(covariates) - len(found.aliased)} covariates"
        if found.aliased:  # by number only: the names may be cells of an extract
            controls_kept += f", {len(found.aliased)} that the others determine left out"
        _add_variant(statistic, found, measure, week, context, f"{found.convention}; {controls_kept}")
    months = context.data.persons["start"].to_numpy()[here].astype("datetime64[M]").astype(str)
    absorbed = two_way(outcome[here], after & taking_part, sites, months, level=context.level)
    _add_variant("two_way", absorbed, measure, week, context, f"{absorbed.convention}; site and month effects")


def _add_variant(
    statistic: str, found: TreatmentEstimate, measure: MeasureSpec, week: int, context: Context, how: str
) -> None:
    every_group = [group.id for group in context.trial.every_group]
    context.add(
        measure,
        statistic,
        made_of(*context.level_keys(measure, every_group, time=week_label(week))),
        week=week,
        unit=difference_unit(measure),
        value=found.estimate,
        method=how,
        **{name: getattr(found, name) for name in ("se", "ci_low", "ci_high", "p", "df", "n")},
    )


TREATED = "behandlet"
MATCHED, BEFORE_MATCHING, AFTER_MATCHING = "matched", "standardised_before", "standardised_after"


def run_matching(spec: Matching, context: Context) -> None:
    """Add, for every measure and other group, the matched difference, the levels behind it, and the balance."""
    groups = context.trial.groups
    others = {"comparison": groups.comparison, "before": groups.treated_before}
    for measure in context.measures(spec.measures):
        for name in spec.against:
            other = others[name]
            if other is not None:
                _match(spec, measure, other.id, context)


def _match(spec: Matching, measure: MeasureSpec, other: str, context: Context) -> None:
    outcome = context.person_measure(measure)
    frame = covariates(spec, context)
    inside = (context.treated | context.in_group(other)) & ~np.isnan(outcome) & frame.notna().all(axis=1).to_numpy()
    frame = frame[inside].assign(**{TREATED: context.treated[inside].astype(int)})
    names = [name for name in frame.columns if name != TREATED and frame[name].nunique() > 1]
    found = match(
        frame,
        treated=TREATED,
        covariates=names,
        neighbours=spec.neighbours,
        caliper=spec.caliper,
        caliper_unit="sd",
        scale="pooled",
    )
    effect = found.effect(in_print_unit(outcome[inside], measure.unit), variance="heteroscedastic", level=context.level)
    rows = np.flatnonzero(inside)
    matched = rows[found.matches.treated]
    used = found.matches.weight[found.matches.controls] > 0
    others = rows[found.matches.controls[used]]
    persons = Counted(n=context.at_positions(matched))

    def add(statistic: str, value: float, behind: Counted = persons, of: str = other, **row: Any) -> None:
        told = {"n": effect.n_treated} | row
        context.add(measure, statistic, behind, window=WHOLE_FOLLOW_UP, subgroup=of, value=value, **told)

    errors = {name: getattr(effect, name) for name in ("se", "ci_low", "ci_high", "p", "method")}
    add(MATCHED, effect.effect, unit=difference_unit(measure), **errors)
    add("matched_mean_treated", effect.mean_treated)
    add("matched_mean_other", effect.mean_control)
    for statistic, counted in (("matched_treated", matched), ("matched_others", others)):  # no report needs who is not
        who, count = Counted(k=context.at_positions(counted)), len(counted)
        add(statistic, count, who, unit=Unit.COUNT, k=count, n=None)
    scale = "difference over the pooled standard deviation before matching"
    for row in found.balance.to_dict("records"):
        for statistic, when in ((BEFORE_MATCHING, "before"), (AFTER_MATCHING, "after")):
            name, value = f"{other}:{row['covariate']}", row[f"difference_{when}"]
            add(statistic, value, of=name, unit=Unit.COEFFICIENT, method=scale)


def covariates(spec: Matching, context: Context) -> pd.DataFrame:
    """(n, p) the columns of the score, by name: background columns and person measures."""
    columns = covariate_columns(context.data.persons, spec.columns) if spec.columns else {}
    for name in spec.covariates:
        columns[name] = context.person_measure(context.trial.measure_by_id[name])
    return pd.DataFrame(columns, index=context.data.persons.index)
