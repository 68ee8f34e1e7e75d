"""Cox's model of the time to an event, with the change from the period before in one coefficient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.analysis.at_week import covariate_columns
from reportlib.analysis.context import Context
from reportlib.analysis.survival_rows import episodes
from reportlib.disclosure.register import Counted
from reportlib.estimators import survival
from reportlib.estimators.diff_in_diff import DELT_KOMM, DELTAGER, EFTER
from reportlib.estimators.errors import TooFewClustersError
from reportlib.ledger import make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.registers.panel import BoolArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Cox
from reportlib.trial.measures import MeasureSpec

RATIO, EVENTS = "hazard_ratio", "events"
UNADJUSTED, PROPORTIONAL = "uden-kontrol", "proportional_hazards"


def run_cox(spec: Cox, context: Context) -> None:
    """Add the ratio of rates: over all weeks, before and after the split, and without control, as asked."""
    measure = context.trial.measure_by_id[spec.measure]
    frame, base = model_frame(measure, context)
    persons = context.data.persons.iloc[frame["row"].to_numpy()]
    background = covariate_columns(persons, spec.adjust_for) if spec.adjust_for else {}
    frame = frame.assign(**background)
    strata = []
    for name in spec.strata:
        frame[name] = context.person_measure(context.trial.measure_by_id[name])[frame["row"].to_numpy()]
        strata.append(name)
    frame = frame.dropna(subset=[*background, *strata])
    others = [*base, *(name for name in background if frame[name].nunique() > 1)]
    fit = _fit(frame, [*others, DELTAGER], strata, context)
    _add(fit, DELTAGER, measure, frame, context)
    _add_proportional(frame, [*others, DELTAGER], strata, measure, context)
    if spec.split_week is not None:
        _add_split(frame, others, strata, spec.split_week, measure, context)
    if spec.unadjusted:
        plain = _fit(frame, [*base, DELTAGER], [], context)
        _add(plain, DELTAGER, measure, frame, context, subgroup=UNADJUSTED)


def model_frame(measure: MeasureSpec, context: Context) -> tuple[pd.DataFrame, list[str]]:
    """The episodes with the design's 0/1 columns, and the names of those beside `deltager`."""
    frame = episodes(measure, context)
    rows = frame["row"].to_numpy()
    after, taking_part = context.efter[rows].astype(int), context.delt_komm[rows].astype(int)
    frame = frame.assign(**{EFTER: after, DELT_KOMM: taking_part, DELTAGER: after * taking_part})
    return frame, [EFTER, DELT_KOMM] if context.trial.groups.before else []


def _fit(frame: pd.DataFrame, covariates: list[str], strata: list[str], context: Context) -> survival.CoxFit:
    return survival.cox(
        frame,
        stop="stop",
        event="event",
        start="start" if "start" in frame else None,
        covariates=covariates,
        strata=strata or None,
        cluster="site" if context.trial.design.clustered else None,
        jackknife=context.trial.design.clustered,
        level=context.trial.design.level,
    )


def _add_split(
    frame: pd.DataFrame, others: list[str], strata: list[str], week: int, measure: MeasureSpec, context: Context
) -> None:
    """One ratio up to the week and one after it, in one model, and the test of whether they differ."""
    pieces = survival.before_and_after(frame, covariate=DELTAGER, stop="stop", event="event", week=week)
    early, late = f"{DELTAGER}_before", f"{DELTAGER}_after"
    fit = _fit(pieces, [*others, early, late], strata, context)
    before, after = pieces[pieces["stop"] <= week], pieces[pieces["stop"] > week]
    _add(fit, early, measure, before, context, time=f"uge1-{week}", window=f"uge 1 til {week}")
    _add(fit, late, measure, after, context, time=f"uge{week + 1}-", window=f"fra uge {week + 1}")
    change = fit.contrast({late: 1, early: -1})
    context.ledger.add(
        Counted(n=_persons(frame, context), made_of=_ratios(measure, (f"uge1-{week}", f"uge{week + 1}-"))),
        measure=measure.id,
        statistic="hazard_ratio_change",
        unit=Unit.HAZARD_RATIO,
        group=DIFFERENCE,
        value=change.hazard_ratio,
        se=change.hazard_ratio * change.se,
        ci_low=change.ci_low,
        ci_high=change.ci_high,
        p=change.p,
        n=int(frame["row"].nunique()),
        method=f"{fit.method}; after week {week} over before",
        **context.common(measure, "", "hele opfølgningen"),
    )


def _add_proportional(
    frame: pd.DataFrame, covariates: list[str], strata: list[str], measure: MeasureSpec, context: Context
) -> None:
    found = survival.ph_test(frame, stop="stop", event="event", covariates=covariates, strata=strata or None)
    row = found.terms.set_index("term").loc[DELTAGER]
    context.ledger.add(
        Counted(n=_persons(frame, context), made_of=_ratios(measure, ("",))),
        measure=measure.id,
        statistic=PROPORTIONAL,
        unit=Unit.COEFFICIENT,
        group=DIFFERENCE,
        value=float(row["chi2"]),
        p=float(row["p"]),
        df=1,
        n=int(frame["row"].nunique()),
        method="Grambsch and Therneau",
        **context.common(measure, "", "hele opfølgningen"),
    )


def _persons(frame: pd.DataFrame, context: Context) -> BoolArray:
    """(n,) who stands in the frame."""
    inside = np.zeros(context.persons, dtype=np.bool_)
    inside[frame["row"].to_numpy()] = True
    return inside


def _ratios(measure: MeasureSpec, times: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(make_key(measure.id, statistic=RATIO, group=DIFFERENCE, time=time) for time in times)


def _add(
    fit: survival.CoxFit,
    term: str,
    measure: MeasureSpec,
    frame: pd.DataFrame,
    context: Context,
    *,
    time: str = "",
    window: str = "hele opfølgningen",
    subgroup: str = "",
) -> None:
    row = fit.terms.set_index("term").loc[term]
    ratio = float(row["hazard_ratio"])
    if np.isnan(row["p"]):
        noun = context.trial.sites.noun
        raise TooFewClustersError(
            f"cox of {measure.id}: without one {noun.one} there is nothing to tell the ratio by, so that its error "
            f"between {noun.many} cannot be known",
            hint="take the analysis out of trial.yml: it needs several places with the effort, and several without",
        )
    # What the number rests on, the events of the treated, is a row of its own: it can hide, beside a curve that tells
    # nearly as much, and the ratio need not.
    left = frame[(frame[DELTAGER] == 1) & (frame["event"] == 1)]
    events = _persons(left, context)
    few = len(left) < context.trial.disclosure.threshold
    context.ledger.add(
        Counted(n=_persons(frame, context), k=events if few else None),
        measure=measure.id,
        statistic=RATIO,
        unit=Unit.HAZARD_RATIO,
        group=DIFFERENCE,
        time=time,
        subgroup=subgroup,
        value=ratio,
        se=ratio * float(row["se_model" if fit.n_clusters is None else "se_cluster"]),
        ci_low=float(row["ci_low"]),
        ci_high=float(row["ci_high"]),
        p=float(row["p"]),
        k=len(left) if few else None,
        n=int(frame["row"].nunique()),
        method=fit.method,
        **context.common(measure, "", window),
    )
    treated = context.trial.groups.treated.id
    context.ledger.add(
        Counted(k=events),
        measure=measure.id,
        statistic=EVENTS,
        unit=Unit.COUNT,
        group=treated,
        time=time,
        subgroup=subgroup,
        value=len(left),
        k=len(left),
        **context.common(measure, treated, window),
    )
