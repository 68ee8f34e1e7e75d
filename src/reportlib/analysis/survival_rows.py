"""Time to an event: survival curves, exit rates and numbers at risk of every group, and medians; nothing that a small
count could be read off; and Cox's model, with the change from the period before in one coefficient.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.analysis.context import Context, EmptyPopulationError
from reportlib.analysis.measure_values import values_of
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.analysis.weekly_rows import covariate_columns
from reportlib.disclosure.register import Counted
from reportlib.estimators.diff_in_diff import DELT_KOMM, DELTAGER, EFTER
from reportlib.estimators.errors import TooFewClustersError
from reportlib.estimators.proportional_hazards import CoxFit, cox, ph_test
from reportlib.estimators.risk_sets import before_and_after
from reportlib.estimators.survival_curves import KaplanMeier, kaplan_meier
from reportlib.ledger import make_key
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.registers.data import BoolArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Cox, Survival
from reportlib.trial.measures import MeasureSpec, TimeTo


def episodes(measure: MeasureSpec, context: Context) -> pd.DataFrame:
    """One row per person at risk: `row` (position in persons), `stop` (weeks in the state), `event` (0/1), `group`,
    `site`.

    A person is at risk from week 1, or from the first week in the state, for as long as every followed week is in it;
    `event` says that the week after the last is in the event's state. Persons without a week in the state are left out.

    Raises:
        EmptyPopulationError: nobody is at risk.
    """
    computed = measure.computed
    assert isinstance(computed, TimeTo)
    there, left = (values_of(name, context.data) > 0 for name in (computed.state, computed.event))
    inside = context.members(measure.population) if measure.population else np.ones(context.persons, dtype=np.bool_)
    first = np.zeros(context.persons, dtype=np.int64)
    if computed.begins == "first":
        first = there.argmax(axis=1)
    rows = np.flatnonzero(inside & there[np.arange(context.persons), first])
    if not len(rows):
        raise EmptyPopulationError(
            f"{measure.id}: nobody is in the state {computed.state} to begin with, so that nobody can leave it",
            hint=f"is the measure {computed.state} right, and the population of {measure.id}?",
        )
    weeks = there.shape[1]
    # The first week after `first` that is not in the state; a state that lasts to the end ends after the last week.
    ended = ~there[rows] & (np.arange(weeks) >= first[rows, None])
    end = np.where(ended.any(axis=1), ended.argmax(axis=1), weeks)
    event = (end < weeks) & left[rows, np.minimum(end, weeks - 1)]
    return pd.DataFrame(
        {
            "row": rows,
            "stop": end - first[rows],
            "event": event.astype(np.int64),
            "group": context.data.persons["group"].to_numpy()[rows],
            "site": context.data.persons["site"].to_numpy()[rows],
        }
    )


STILL_THERE, LEFT, EXIT_RATE, AT_RISK, MEDIAN = "survival", "left", "exit_rate", "at_risk", "median_weeks"


def run_survival(spec: Survival, context: Context) -> None:
    """Add, for every measure and group, the curve, its complement, exit rates in bands of weeks and numbers at risk."""
    for measure in context.measures(spec.measures):
        everybody = episodes(measure, context)
        for group in context.trial.every_group:
            own = everybody[everybody["group"] == group.id]
            if len(own):
                found = kaplan_meier(
                    own,
                    stop="stop",
                    event="event",
                    times=list(range(1, spec.weeks + 1)),
                    level=context.level,
                )
                rows = _Rows(own, measure, group.id, spec, context)
                rows.add_curve(found)
                rows.add_rates(found.table)
                rows.add_at_risk(found.table)


@dataclass(frozen=True)
class _Rows:
    """The rows of a measure in one group, whose episodes are `own`."""

    own: pd.DataFrame
    measure: MeasureSpec
    group: str
    spec: Survival
    context: Context

    @cached_property
    def _last(self) -> npt.NDArray[np.int64]:
        """(n,) the last week of each person, 0 for those never at risk."""
        return self._weeks_of(self.own)

    @cached_property
    def _leaves(self) -> npt.NDArray[np.int64]:
        """(n,) the week in which each person leaves, 0 for those who do not."""
        return self._weeks_of(self.own[self.own["event"] == 1])

    def _weeks_of(self, episodes: pd.DataFrame) -> npt.NDArray[np.int64]:
        weeks = np.zeros(self.context.persons, dtype=np.int64)
        weeks[episodes["row"].to_numpy()] = episodes["stop"].to_numpy()
        return weeks

    def _at_risk(self, week: int) -> BoolArray:
        """(n,) who is at risk in the week, 1 or later."""
        return self._last >= week

    def _left(self, first: int, last: int) -> BoolArray:
        """(n,) who leaves in one of the weeks, 1 or later."""
        return (self._leaves >= first) & (self._leaves <= last)

    def _left_by_week(self) -> list[int]:
        """How many left in each week from the first."""
        weeks = self._leaves[self._left(1, self.spec.weeks)]
        return [int(count) for count in np.bincount(weeks, minlength=self.spec.weeks + 1)[1:]]

    def _add(self, counted: Counted, statistic: str, window: str, **row: Any) -> None:
        self.context.add(self.measure, statistic, counted, group=self.group, window=window, **row)

    def add_curve(self, found: KaplanMeier) -> None:
        """Who is left and who has gone in the weeks that may be told, and the median."""
        enough, since, told_until = self.context.trial.disclosure.threshold, 0, 0
        told = told_weeks(self._left_by_week(), self.spec.band, enough)
        for row in found.table.to_dict("records"):
            since += int(row["n_event"])
            week = int(row["time"])
            # A week with fewer leavers than may be shown waits for the weeks after it.
            if np.isnan(row["survival"]) or 0 < since < enough or week not in told or row["n_risk"] < enough:
                continue
            for statistic, value, low, high in (
                (STILL_THERE, row["survival"], row["ci_low"], row["ci_high"]),
                (LEFT, 1 - row["survival"], 1 - row["ci_high"], 1 - row["ci_low"]),
            ):
                self._add(
                    Counted(n=self._at_risk(week), k=self._left(told_until + 1, week)),
                    statistic,
                    f"{week} {'uge' if week == 1 else 'uger'} efter begyndelsen",
                    time=week_label(week),
                    value=100 * value,
                    se=100 * row["se"],
                    ci_low=100 * low,
                    ci_high=100 * high,
                    k=since,
                    n=int(row["n_risk"]),
                    method=found.method,
                )
            since, told_until = 0, week
        median = {"unit": Unit.WEEKS, "value": found.median[0], "n": len(self.own), "method": found.method}
        self._add(Counted(n=self._at_risk(1)), MEDIAN, WHOLE_FOLLOW_UP, **median)

    def add_rates(self, weekly: pd.DataFrame) -> None:
        """Exits per hundred weeks at risk in each band of weeks: the mean weekly rate of the band.

        Bands told together hide together. More digits would tell the weeks at risk, and with the curve how many of a
        few left in which week.
        """
        blocks = blocks_of_bands(self._left_by_week(), self.spec.band, self.context.trial.disclosure.threshold)
        starts = range(1, self.spec.weeks + 1, self.spec.band)
        bands = [(first, min(first + self.spec.band - 1, self.spec.weeks)) for first in starts]
        anybody = [first for first, last in bands if weekly.loc[weekly["time"].between(first, last), "n_risk"].sum()]
        for first, last in bands:
            band = weekly[weekly["time"].between(first, last)]
            at_risk, left = int(band["n_risk"].sum()), int(band["n_event"].sum())
            if not at_risk:
                continue
            together = [
                f"uge{other}-{end}"
                for begin, finish, _ in blocks
                for other, end in bands
                if begin <= first <= finish and begin <= other <= finish and other != first and other in anybody
            ]
            hides_with = (
                make_key(self.measure.id, statistic=EXIT_RATE, group=self.group, time=time) for time in together
            )
            self._add(
                Counted(n=self._at_risk(first), k=self._left(first, last), made_of=tuple(hides_with)),
                EXIT_RATE,
                f"uge {first} til {last} efter begyndelsen",
                unit=Unit.PCT,
                time=f"uge{first}-{last}",
                value=round(100 * left / at_risk, 1),
                k=left,
                n=int(band["n_risk"].iloc[0]),
                method="exits over weeks at risk",
            )

    def add_at_risk(self, weekly: pd.DataFrame) -> None:
        """How many are at risk in the first week, and every so many weeks."""
        every = self.spec.at_risk_every
        for week in (1, *range(every, self.spec.weeks + 1, every)):
            count = int(weekly["n_risk"].iloc[week - 1])
            told = {"unit": Unit.COUNT, "time": week_label(week), "value": count, "k": count}
            self._add(Counted(k=self._at_risk(week)), AT_RISK, f"uge {week} efter begyndelsen", **told)


def blocks_of_bands(left: list[int], band: int, enough: int) -> list[tuple[int, int, list[int]]]:
    """Bands (first week, last week, how many left in each), put together until nobody or `enough` left in them.

    The curve tells how many left up to the end of a block. A band in which too few left can then not be had from the
    curve and the band beside it, for that hides with it.
    """
    blocks: list[tuple[int, int, list[int]]] = []
    for at in range(0, len(left), band):
        here = sum(left[at : at + band])
        waiting = blocks and 0 < sum(blocks[-1][2]) < enough
        first, _, earlier = blocks.pop() if waiting else (at + 1, 0, [])
        blocks.append((first, min(at + band, len(left)), [*earlier, here]))
    if len(blocks) > 1 and 0 < sum(blocks[-1][2]) < enough:
        _, last, late = blocks.pop()
        first, _, earlier = blocks.pop()
        blocks.append((first, last, [*earlier, *late]))
    return blocks


def told_weeks(left: list[int], band: int, enough: int) -> frozenset[int]:
    """The weeks in which nobody, or `enough`, left since the last told week and will leave before the block ends."""
    told = set()
    for first, last, bands in blocks_of_bands(left, band, enough):
        since, ahead = 0, sum(bands)
        for week in range(first, last + 1):
            since, ahead = since + left[week - 1], ahead - left[week - 1]
            if not 0 < since < enough and not 0 < ahead < enough:
                told.add(week)
                since = 0
    return frozenset(told)


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


def _fit(frame: pd.DataFrame, covariates: list[str], strata: list[str], context: Context) -> CoxFit:
    return cox(
        frame,
        stop="stop",
        event="event",
        start="start" if "start" in frame else None,
        covariates=covariates,
        strata=strata or None,
        cluster="site" if context.trial.design.clustered else None,
        jackknife=context.trial.design.clustered,
        level=context.level,
    )


def _add_split(
    frame: pd.DataFrame, others: list[str], strata: list[str], week: int, measure: MeasureSpec, context: Context
) -> None:
    """One ratio up to the week and one after it, in one model, and the test of whether they differ."""
    pieces = before_and_after(frame, covariate=DELTAGER, stop="stop", event="event", week=week)
    early, late = f"{DELTAGER}_before", f"{DELTAGER}_after"
    fit = _fit(pieces, [*others, early, late], strata, context)
    before, after = pieces[pieces["stop"] <= week], pieces[pieces["stop"] > week]
    _add(fit, early, measure, before, context, time=f"uge1-{week}", window=f"uge 1 til {week}")
    _add(fit, late, measure, after, context, time=f"uge{week + 1}-", window=f"fra uge {week + 1}")
    change = fit.contrast({late: 1, early: -1})
    context.add(
        measure,
        "hazard_ratio_change",
        Counted(n=context.at_positions(frame["row"]), made_of=_ratios(measure, (f"uge1-{week}", f"uge{week + 1}-"))),
        window=WHOLE_FOLLOW_UP,
        unit=Unit.HAZARD_RATIO,
        value=change.hazard_ratio,
        se=change.hazard_ratio * change.se,
        ci_low=change.ci_low,
        ci_high=change.ci_high,
        p=change.p,
        n=int(frame["row"].nunique()),
        method=f"{fit.method}; after week {week} over before",
    )


def _add_proportional(
    frame: pd.DataFrame, covariates: list[str], strata: list[str], measure: MeasureSpec, context: Context
) -> None:
    found = ph_test(frame, stop="stop", event="event", covariates=covariates, strata=strata or None)
    row = found.terms.set_index("term").loc[DELTAGER]
    who = Counted(n=context.at_positions(frame["row"]), made_of=_ratios(measure, ("",)))
    test = {"unit": Unit.COEFFICIENT, "value": float(row["chi2"]), "p": float(row["p"]), "df": 1}
    n, method = int(frame["row"].nunique()), "Grambsch and Therneau"
    context.add(measure, PROPORTIONAL, who, window=WHOLE_FOLLOW_UP, n=n, method=method, **test)


def _ratios(measure: MeasureSpec, times: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(make_key(measure.id, statistic=RATIO, group=DIFFERENCE, time=time) for time in times)


def _add(
    fit: CoxFit,
    term: str,
    measure: MeasureSpec,
    frame: pd.DataFrame,
    context: Context,
    *,
    time: str = "",
    window: str = WHOLE_FOLLOW_UP,
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
    events = context.at_positions(left["row"])
    few = len(left) < context.trial.disclosure.threshold
    where = {"time": time, "subgroup": subgroup, "window": window}
    context.add(
        measure,
        RATIO,
        Counted(n=context.at_positions(frame["row"]), k=events if few else None),
        unit=Unit.HAZARD_RATIO,
        value=ratio,
        se=ratio * float(row["se_model" if fit.n_clusters is None else "se_cluster"]),
        ci_low=float(row["ci_low"]),
        ci_high=float(row["ci_high"]),
        p=float(row["p"]),
        k=len(left) if few else None,
        n=int(frame["row"].nunique()),
        method=fit.method,
        **where,
    )
    count = {"group": context.trial.groups.treated.id, "unit": Unit.COUNT, "value": len(left), "k": len(left)}
    context.add(measure, EVENTS, Counted(k=events), **count, **where)
