"""Matching on the propensity score: the mean among the matched, and how alike the two groups became."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.analysis.at_week import covariate_columns
from reportlib.analysis.context import Context
from reportlib.analysis.panel_measures import in_print_unit
from reportlib.analysis.weekly_rows import difference_unit
from reportlib.disclosure.register import Counted
from reportlib.estimators.propensity_matching import match
from reportlib.ledger.keys import DIFFERENCE
from reportlib.registers.panel import BoolArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Matching
from reportlib.trial.measures import MeasureSpec

TREATED = "behandlet"
MATCHED, BEFORE_MATCHING, AFTER_MATCHING = "matched", "standardised_before", "standardised_after"
WHOLE = "hele opfølgningen"


def run_matching(spec: Matching, context: Context) -> None:
    """Add, for every measure and other group, the matched difference, the levels behind it, and the balance."""
    groups = context.trial.groups
    others = {"comparison": groups.comparison, "before": groups.treated_before}
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
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
        caliper_unit="sd" if spec.caliper is not None else "score",
        scale="pooled",
    )
    effect = found.effect(
        in_print_unit(outcome[inside], measure.unit), variance="heteroscedastic", level=context.trial.design.level
    )
    common = context.common(measure, "", WHOLE)
    rows = np.flatnonzero(inside)
    matched = rows[found.matches.treated]
    used = found.matches.weight[found.matches.controls] > 0
    others = rows[found.matches.controls[used]]
    persons = Counted(n=_persons(matched, context))
    context.ledger.add(
        persons,
        measure=measure.id,
        statistic=MATCHED,
        unit=difference_unit(measure),
        group=DIFFERENCE,
        subgroup=other,
        value=effect.effect,
        se=effect.se,
        ci_low=effect.ci_low,
        ci_high=effect.ci_high,
        p=effect.p,
        n=effect.n_treated,
        method=effect.method,
        **common,
    )
    for statistic, value in (
        ("matched_mean_treated", effect.mean_treated),
        ("matched_mean_other", effect.mean_control),
    ):
        context.ledger.add(
            persons,
            measure=measure.id,
            statistic=statistic,
            group=DIFFERENCE,
            subgroup=other,
            value=value,
            n=effect.n_treated,
            **common,
        )
    for statistic, counted in (("matched_treated", matched), ("matched_others", others)):  # no report needs who is not
        count = len(counted)
        context.ledger.add(
            Counted(k=_persons(counted, context)),
            measure=measure.id,
            statistic=statistic,
            unit=Unit.COUNT,
            group=DIFFERENCE,
            subgroup=other,
            value=count,
            k=count,
            **common,
        )
    for row in found.balance.to_dict("records"):
        for statistic, when in ((BEFORE_MATCHING, "before"), (AFTER_MATCHING, "after")):
            context.ledger.add(
                persons,
                measure=measure.id,
                statistic=statistic,
                unit=Unit.COEFFICIENT,
                group=DIFFERENCE,
                subgroup=f"{other}:{row['covariate']}",
                value=row[f"difference_{when}"],
                n=effect.n_treated,
                method="difference over the pooled standard deviation before matching",
                **common,
            )


def _persons(rows: np.ndarray, context: Context) -> BoolArray:
    """(n,) who stands in the rows."""
    inside = np.zeros(context.persons, dtype=np.bool_)
    inside[rows] = True
    return inside


def covariates(spec: Matching, context: Context) -> pd.DataFrame:
    """(n, p) the columns of the score, by name: background columns and person measures."""
    columns = covariate_columns(context.data.persons, spec.columns) if spec.columns else {}
    for name in spec.covariates:
        columns[name] = context.person_measure(context.trial.measure_by_id[name])
    return pd.DataFrame(columns, index=context.data.persons.index)
