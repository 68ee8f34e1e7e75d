"""Weeks from the beginning of a state to the event that ends it, as one episode per person at risk."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.analysis.context import Context, EmptyPopulationError
from reportlib.analysis.panel_measures import values_of
from reportlib.trial.analyses import TimeTo
from reportlib.trial.measures import MeasureSpec


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
