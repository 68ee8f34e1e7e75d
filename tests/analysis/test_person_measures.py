"""Person measures counted by hand on eight persons (entry on day 0; the last day is 69 days after the first entry)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_trial import make_data, make_trial, person_measure

from reportlib.analysis.measure_values import person_values
from reportlib.registers.data import FloatArray


def values(registered: list[tuple[int, str, int, int | None, str]], /, **computed: Any) -> FloatArray:
    trial = make_trial(measures=[person_measure(**computed)], analyses=[])
    return person_values(trial.measures[0], make_data(trial, events=registered))


def test_an_event_on_the_last_day_of_the_fourth_week_is_within_four_weeks() -> None:
    found = values(
        [(0, "samtale", 27, None, ""), (1, "samtale", 28, None, "")], kind="event_within", events=["samtale"], weeks=4
    )
    assert found[:3].tolist() == [1.0, 0.0, 0.0]


def test_a_person_followed_shorter_than_the_limit_is_not_counted() -> None:
    found = values([], kind="event_within", events=["samtale"], weeks=9)
    assert found[:6].tolist() == [0.0] * 6
    assert np.isnan(found[6:]).all()


def test_another_kind_of_event_does_not_count() -> None:
    assert values([(0, "brev", 3, None, "")], kind="event_ever", events=["samtale"])[0] == 0.0


def test_ever_can_be_limited_to_the_first_weeks() -> None:
    found = values(
        [(0, "mentor", 6, None, ""), (1, "mentor", 7, None, "")], kind="event_ever", events=["mentor"], weeks=1
    )
    assert found[:2].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("days", "regular"),
    [
        pytest.param([10, 40, 65], 1.0, id="never more than thirty days apart"),
        pytest.param([10, 41, 65], 0.0, id="one gap of thirty-one days"),
        pytest.param([31, 40, 65], 0.0, id="late first event"),
        pytest.param([10, 38], 0.0, id="nothing in the last thirty-one days"),
    ],
)
def test_regular_events_leave_no_long_gap(days: list[int], regular: float) -> None:
    events = [(0, "samtale", day, None, "") for day in days]
    assert values(events, kind="event_regular", events=["samtale"], max_gap_days=30)[0] == regular


def test_a_person_without_any_event_is_not_regular() -> None:
    assert values([], kind="event_regular", events=["samtale"], max_gap_days=30)[0] == 0.0


def test_a_person_without_any_event_is_left_out_when_gaps_are_counted_between_events() -> None:
    found = values([], kind="event_regular", events=["snus"], max_gap_days=28, from_start=False, to_end=False)
    assert np.isnan(found[0])


def test_an_event_lasts_until_its_end() -> None:
    events = [(0, "snus", 1, 20, "A"), (0, "snus", 45, 50, "B")]
    computed = {"kind": "event_regular", "events": ["snus"], "max_gap_days": 28, "from_start": False, "to_end": False}
    assert values(events, **computed)[0] == 1.0


def test_days_at_one_place_count_both_ends_and_only_one_place() -> None:
    events = [(0, "forloeb", 0, 9, "A"), (1, "forloeb", 0, 4, "A"), (1, "forloeb", 5, 9, "B")]
    found = values(events, kind="days_at_one_place", events=["forloeb"], days=10)
    assert found[:2].tolist() == [1.0, 0.0]


def test_an_open_spell_runs_to_the_last_day() -> None:
    found = values([(0, "forloeb", 60, None, "A")], kind="days_at_one_place", events=["forloeb"], days=10)
    assert found[0] == 1.0


def test_events_are_counted_per_person() -> None:
    events = [(0, "samtale", 1, None, ""), (0, "samtale", 2, None, ""), (3, "samtale", 1, None, "")]
    assert values(events, kind="event_count", events=["samtale"])[:4].tolist() == [2.0, 0.0, 0.0, 1.0]


def test_progression_is_last_minus_first_positive_week() -> None:
    measures = [
        {**person_measure(kind="weekly", extract="job"), "id": "timer", "unit": "hours_per_week"},
        {**person_measure(kind="hours_progression", measure="timer"), "unit": "hours_per_week"},
    ]
    trial = make_trial(measures=measures, analyses=[])
    hours = np.zeros((8, 10))
    hours[0, [2, 5, 7]] = [4.0, 6.0, 9.0]
    found = person_values(trial.measures[1], make_data(trial, job=hours))
    assert found[0] == 5.0
    assert np.isnan(found[1])


def test_weeks_with_counts_the_first_weeks_only() -> None:
    measures = [
        {**person_measure(kind="weekly", extract="job"), "id": "job"},
        {**person_measure(kind="weeks_with", measure="job", weeks=4), "unit": "count"},
    ]
    trial = make_trial(measures=measures, analyses=[])
    assert person_values(trial.measures[1], make_data(trial, job=np.ones((8, 10)))).tolist() == [4.0] * 8


def test_a_background_category_is_a_share() -> None:
    found = values([], kind="background", column="alder", equals="30")
    assert found[:3].tolist() == [1.0, 0.0, 0.0]
