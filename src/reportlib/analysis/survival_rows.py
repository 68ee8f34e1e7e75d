"""Survival curves, exit rates and numbers at risk of every group, and medians; nothing that a small count could be
read off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.analysis.context import Context, EmptyPopulationError
from reportlib.analysis.panel_measures import values_of
from reportlib.disclosure.register import Counted
from reportlib.estimators import survival
from reportlib.ledger import make_key
from reportlib.ledger.keys import week_label
from reportlib.registers.panel import BoolArray
from reportlib.text.units import Unit
from reportlib.trial.analyses import Survival
from reportlib.trial.design import Group
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
    trial = context.trial
    there, left = (values_of(name, context.data) > 0 for name in (computed.state, computed.event))
    inside = context.members(measure.population) if measure.population else np.ones(context.persons, dtype=np.bool_)
    first = np.zeros(context.persons, dtype=np.int64)
    if computed.begins == "first":
        first = there.argmax(axis=1)
    rows = np.flatnonzero(inside & there[np.arange(context.persons), first])
    if not len(rows):
        raise EmptyPopulationError(f"nobody is at risk in {measure.id} of {trial.id}")
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
    for measure_id in spec.measures:
        measure = context.trial.measure_by_id[measure_id]
        everybody = episodes(measure, context)
        for group in context.trial.every_group:
            own = everybody[everybody["group"] == group.id]
            if len(own):
                behind = _Behind(own, context)
                curve = survival.kaplan_meier(
                    own,
                    stop="stop",
                    event="event",
                    times=list(range(1, spec.weeks + 1)),
                    level=context.trial.design.level,
                )
                _add_curve(curve, own, behind, measure, group, spec, context)
                _add_rates(curve.table, own, behind, measure, group, spec, context)
                _add_at_risk(curve.table, behind, measure, group, spec, context)


def _add_curve(
    found: survival.KaplanMeier,
    own: pd.DataFrame,
    behind: _Behind,
    measure: MeasureSpec,
    group: Group,
    spec: Survival,
    context: Context,
) -> None:
    enough, since, told_until = context.trial.disclosure.threshold, 0, 0
    told = told_weeks(_left_by_week(own, spec), spec.band, enough)
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
            context.ledger.add(
                Counted(n=behind.at_risk(week), k=behind.left(told_until + 1, week)),
                measure=measure.id,
                statistic=statistic,
                group=group.id,
                time=week_label(week),
                value=100 * value,
                se=100 * row["se"],
                ci_low=100 * low,
                ci_high=100 * high,
                k=since,
                n=int(row["n_risk"]),
                method=found.method,
                **context.common(measure, group.id, f"{week} {'uge' if week == 1 else 'uger'} efter begyndelsen"),
            )
        since, told_until = 0, week
    context.ledger.add(
        Counted(n=behind.at_risk(1)),
        measure=measure.id,
        statistic=MEDIAN,
        unit=Unit.WEEKS,
        group=group.id,
        value=found.median[0],
        n=len(own),
        method=found.method,
        **context.common(measure, group.id, "hele opfølgningen"),
    )


class _Behind:
    """Who is at risk and who leaves in which week; (n,) the last week of each person, 0 for those never at risk."""

    def __init__(self, own: pd.DataFrame, context: Context) -> None:
        self._last = np.zeros(context.persons, dtype=np.int64)
        self._last[own["row"].to_numpy()] = own["stop"].to_numpy()
        self._leaves = np.zeros(context.persons, dtype=np.int64)
        gone = own[own["event"] == 1]
        self._leaves[gone["row"].to_numpy()] = gone["stop"].to_numpy()

    def at_risk(self, week: int) -> BoolArray:
        """(n,) who is at risk in the week, 1 or later."""
        return self._last >= week

    def left(self, first: int, last: int) -> BoolArray:
        """(n,) who leaves in one of the weeks, 1 or later."""
        return (self._leaves >= first) & (self._leaves <= last)


def _left_by_week(own: pd.DataFrame, spec: Survival) -> list[int]:
    """How many left in each week from the first."""
    inside = own[(own["event"] == 1) & (own["stop"] <= spec.weeks)]
    return [int(count) for count in np.bincount(inside["stop"], minlength=spec.weeks + 1)[1:]]


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


def _add_rates(
    weekly: pd.DataFrame,
    own: pd.DataFrame,
    behind: _Behind,
    measure: MeasureSpec,
    group: Group,
    spec: Survival,
    context: Context,
) -> None:
    """Exits per hundred weeks at risk in each band of weeks: the mean weekly rate of the band.

    Bands told together hide together. More digits would tell the weeks at risk, and with the curve how many of a few
    left in which week.
    """
    blocks = blocks_of_bands(_left_by_week(own, spec), spec.band, context.trial.disclosure.threshold)
    bands = [(first, min(first + spec.band - 1, spec.weeks)) for first in range(1, spec.weeks + 1, spec.band)]
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
        hides_with = (make_key(measure.id, statistic=EXIT_RATE, group=group.id, time=time) for time in together)
        context.ledger.add(
            Counted(n=behind.at_risk(first), k=behind.left(first, last), made_of=tuple(hides_with)),
            measure=measure.id,
            statistic=EXIT_RATE,
            unit=Unit.PCT,
            group=group.id,
            time=f"uge{first}-{last}",
            value=round(100 * left / at_risk, 1),
            k=left,
            n=int(band["n_risk"].iloc[0]),
            method="exits over weeks at risk",
            **context.common(measure, group.id, f"uge {first} til {last} efter begyndelsen"),
        )


def _add_at_risk(
    weekly: pd.DataFrame,
    behind: _Behind,
    measure: MeasureSpec,
    group: Group,
    spec: Survival,
    context: Context,
) -> None:
    weeks = [1, *range(spec.at_risk_every, spec.weeks + 1, spec.at_risk_every)]
    for week in weeks:
        count = weekly["n_risk"].iloc[week - 1]
        context.ledger.add(
            Counted(k=behind.at_risk(week)),
            measure=measure.id,
            statistic=AT_RISK,
            unit=Unit.COUNT,
            group=group.id,
            time=week_label(week),
            value=int(count),
            k=int(count),
            **context.common(measure, group.id, f"uge {week} efter begyndelsen"),
        )
