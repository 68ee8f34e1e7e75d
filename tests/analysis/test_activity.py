"""Units of activity and gain are counted over the same weeks."""

from __future__ import annotations

import numpy as np
from small_trial import make_data, make_trial, person_measure

from reportlib.analysis.context import Context
from reportlib.analysis.cost_benefit import units_by_week
from reportlib.analysis.ledger_builder import LedgerBuilder


def context(events: list[tuple[int, str, int, int | None, str]]) -> Context:
    measure = {**person_measure(kind="event_count", events=["samtale"]), "unit": "per_person"}
    trial = make_trial(measures=[measure], analyses=[])
    return Context(trial=trial, data=make_data(trial, events=events), ledger=LedgerBuilder([]))


def test_an_event_counts_in_the_week_it_happens() -> None:
    found = context([(0, "samtale", 0, None, ""), (0, "samtale", 6, None, ""), (0, "samtale", 7, None, "")])
    by_week = units_by_week(found.trial.measures[0], 3, found)
    assert by_week is not None
    assert by_week[0].tolist() == [2.0, 1.0, 0.0]


def test_an_event_after_the_weeks_counted_does_not_count() -> None:
    found = context([(0, "samtale", 21, None, "")])
    by_week = units_by_week(found.trial.measures[0], 3, found)
    assert by_week is not None
    assert by_week[0].tolist() == [0.0, 0.0, 0.0]


def test_a_week_in_which_a_person_is_not_followed_is_missing() -> None:
    found = context([])
    by_week = units_by_week(found.trial.measures[0], 10, found)
    assert by_week is not None
    assert np.isnan(by_week[6, 8:]).all()
