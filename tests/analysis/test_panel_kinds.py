"""Panel measures of events and of other panel measures, counted by hand on eight persons (entry on a Monday)."""

from __future__ import annotations

from typing import Any

import numpy as np
from small_trial import WEEKS, make_data, make_trial, person_measure

from reportlib.analysis.measure_values import panel_values, person_values
from reportlib.registers.data import FloatArray
from reportlib.trial.model import Trial

JOB = {"id": "job", "label": "I job", "unit": "pct", "definition": "I job", "source": "register"}
JOB_WEEKLY = {**JOB, "from": {"kind": "weekly", "extract": "job"}}


def trial_with(**computed: Any) -> Trial:
    return make_trial(measures=[person_measure(**computed), JOB_WEEKLY], analyses=[])


def weekly(
    events: list[tuple[int, str, int, int | None, str]], job: FloatArray | None = None, /, **how: Any
) -> FloatArray:
    trial = trial_with(**how)
    return panel_values(trial.measures[0], make_data(trial, events=events, job=job))


def one_person(*weeks: int) -> FloatArray:
    """Person 0 in job in those weeks, nobody else ever."""
    job = np.zeros((8, WEEKS))
    job[0, [week - 1 for week in weeks]] = 1
    return job


def test_an_event_on_the_second_monday_belongs_to_week_two() -> None:
    found = weekly([(0, "møde", 6, None, ""), (1, "møde", 7, None, "")], kind="event_in_week", events=["møde"])
    assert found[0, :3].tolist() == [1, 0, 0]
    assert found[1, :3].tolist() == [0, 1, 0]


def test_two_events_in_a_week_are_one_week_with_an_event() -> None:
    found = weekly([(0, "møde", 1, None, ""), (0, "møde", 3, None, "")], kind="event_in_week", events=["møde"])
    assert found[0].sum() == 1


def test_a_spell_covers_every_week_from_its_first_to_its_last_day() -> None:
    found = weekly([(0, "forløb", 8, 21, "")], kind="event_in_week", events=["forløb"], spells=True)
    assert np.flatnonzero(found[0] == 1).tolist() == [1, 2, 3]


def test_an_open_spell_lasts_to_the_end() -> None:
    found = weekly([(0, "forløb", 63, None, "")], kind="event_in_week", events=["forløb"], spells=True)
    assert np.flatnonzero(found[0] == 1).tolist() == [9]


def test_a_spell_that_begins_after_the_last_week_is_not_seen() -> None:
    found = weekly([(0, "forløb", 70, 90, "")], kind="event_in_week", events=["forløb"], spells=True)
    assert found[0].sum() == 0


def test_weeks_outside_the_other_measure_leave_the_denominator() -> None:
    found = weekly(
        [(0, "møde", 0, None, ""), (0, "møde", 14, None, "")],
        one_person(1, 2),
        kind="event_in_week",
        events=["møde"],
        among="job",
    )
    assert found[0, :2].tolist() == [1, 0]
    assert np.isnan(found[0, 2:]).all()
    assert np.isnan(found[1]).all()


def test_a_week_without_follow_up_has_no_value() -> None:
    assert np.isnan(weekly([], kind="event_in_week", events=["møde"])[6, 8:]).all()


def test_combined_needs_all_of_one_list_and_none_of_the_other() -> None:
    assert weekly([], one_person(2), kind="combined", of=["job"])[0, :3].tolist() == [0, 1, 0]
    assert weekly([], one_person(2), kind="combined", without=["job"])[0, :3].tolist() == [1, 0, 1]


def test_a_running_total_never_falls_and_holds_what_went_before() -> None:
    found = weekly([], one_person(2, 5), kind="running_total", measure="job")
    assert found[0, :6].tolist() == [0, 1, 1, 1, 2, 2]


def test_a_run_is_not_made_of_weeks_without_a_value() -> None:
    job = np.ones((8, WEEKS))
    job[0, 4] = np.nan
    found = weekly([], job, kind="run", of=["job"], weeks=6, gap=1)
    assert found[0, :8].tolist() == [0, 0, 0, 0, 0, 0, 1, 1]
    assert found[1, :8].tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert np.isnan(found[6, 8:]).all()


def test_the_share_of_weeks_is_of_the_persons_own_weeks() -> None:
    trial = trial_with(kind="share_of_weeks", measure="job")
    found = person_values(trial.measures[0], make_data(trial, job=one_person(1, 2)))
    assert found[0] == 20
    assert found[6] == 0


def test_the_share_of_weeks_can_leave_out_the_first() -> None:
    trial = trial_with(kind="share_of_weeks", measure="job", first_week=2)
    assert person_values(trial.measures[0], make_data(trial, job=one_person(1, 2)))[0] == 100 / 9


def test_a_share_of_weeks_is_a_mean_of_persons_and_no_share_of_them() -> None:
    assert not trial_with(kind="share_of_weeks", measure="job").measures[0].is_binary
    assert trial_with(kind="ever", of=["job"]).measures[0].is_binary


def test_ever_can_be_limited_to_the_first_weeks() -> None:
    job = one_person(4)
    for weeks, wanted in ((3, 0.0), (4, 1.0), (None, 1.0)):
        trial = trial_with(kind="ever", of=["job"], weeks=weeks)
        assert person_values(trial.measures[0], make_data(trial, job=job))[0] == wanted
