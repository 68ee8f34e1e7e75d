"""Times without records: found where there is plenty on both sides, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from reportlib.registers.holes import Hole, by_site, covers, of_events, of_states
from reportlib.trial.extracts import Gap

SITES = ["Nord", "Syd"]


EQUAL = np.ones((9, 2)) * 50


def columns(*sites: list[int]) -> np.ndarray:
    return np.array(sites, dtype=float).T


def test_a_month_without_anybody_between_months_with_plenty_is_a_hole() -> None:
    assert of_states(columns([9, 0, 9], [7, 0, 8]), SITES) == [Hole("", 1, 1, ends=False)]


def test_a_site_without_anybody_where_the_others_have_some_is_a_hole() -> None:
    assert of_states(columns([9, 0, 9], [7, 7, 8]), SITES) == [Hole("Nord", 1, 1, ends=False)]


@pytest.mark.parametrize("beside", [[4, 0, 9], [9, 0, 4]])
def test_few_persons_may_all_be_without(beside: list[int]) -> None:
    assert of_states(columns(beside, [0, 0, 0]), SITES) == []


def test_a_stray_record_does_not_fill_a_month() -> None:
    assert of_states(columns([90, 4, 90], [70, 5, 80]), SITES) == [Hole("", 1, 1, ends=False, few=9)]
    assert of_states(columns([90, 88, 90], [70, 7, 80]), SITES) == [Hole("Syd", 1, 1, ends=False, few=7)]


def test_half_a_month_is_told_and_what_grows_or_falls_off_is_not() -> None:
    assert of_states(columns([90, 40, 90], [70, 35, 80]), SITES) == [Hole("", 1, 1, ends=False, few=75, lost=False)]
    assert of_states(columns([2, 10, 40, 90, 95], [0, 0, 0, 0, 0]), SITES) == []
    assert of_states(columns([90, 60, 40, 25, 15], [0, 0, 0, 0, 0]), SITES) == []


def test_a_site_that_ends_before_the_others_ends_its_column() -> None:
    assert of_states(columns([9, 9, 0], [7, 7, 8]), SITES) == [Hole("Nord", 2, 2, ends=True)]


def test_a_single_week_without_events_is_a_holiday_and_two_with_few_expected_are_chance() -> None:
    assert of_events(columns([9, 9, 9, 9, 0, 9, 9, 9, 9], [9, 9, 9, 9, 0, 9, 9, 9, 9]), EQUAL, SITES) == []
    assert (
        of_events(columns([4, 4, 4, 4, 0, 0, 4, 4, 4], [4, 4, 4, 4, 0, 0, 4, 4, 4]), EQUAL, SITES) == []
    )  # 16 expected


def test_two_weeks_without_events_where_twenty_were_expected_are_a_hole() -> None:
    assert of_events(columns([5, 5, 5, 5, 0, 0, 5, 5, 5], [5, 5, 5, 5, 0, 0, 5, 5, 5]), EQUAL, SITES) == [
        Hole("", 4, 5, ends=False)
    ]


def test_events_are_expected_of_persons_who_are_still_followed() -> None:
    events = columns([20, 20, 20, 20, 20, 20, 20, 0, 0], [0] * 9)
    assert of_events(events, EQUAL, SITES) == [Hole("", 7, 8, ends=True)]
    leaving = EQUAL.copy()
    leaving[7:] = 5
    assert of_events(events, leaving, SITES) == []


def test_a_site_is_held_against_what_the_others_had_at_the_time() -> None:
    own = [12, 12, 12, 12, 0, 0, 12, 12, 12]
    busy, holiday = [12] * 9, [12, 12, 12, 12, 1, 0, 12, 12, 12]
    assert of_events(columns(own, busy), EQUAL, SITES) == [Hole("Nord", 4, 5, ends=False)]
    assert of_events(columns(own, holiday), EQUAL, SITES) == [Hole("", 4, 5, ends=False, few=1, lost=False)]


def test_a_gap_declares_a_hole_that_lies_wholly_in_it_of_its_site() -> None:
    november = {"first": "2016-11-01", "last": "2016-11-30", "why": "lukket"}
    month, weeks = np.array(["2016-11"], "datetime64[M]"), np.array(["2016-11-07", "2016-11-21"], "datetime64[D]")
    assert covers(Gap.model_validate(november), "Nord", month)
    assert covers(Gap.model_validate({**november, "site": "Nord"}), "Nord", month)
    assert not covers(Gap.model_validate({**november, "site": "Syd"}), "Nord", month)
    assert not covers(Gap.model_validate({**november, "last": "2016-11-29"}), "Nord", month)
    assert covers(Gap.model_validate({**november, "last": "2016-11-27"}), "Nord", weeks)
    assert not covers(Gap.model_validate({**november, "last": "2016-11-26"}), "Nord", weeks)
    assert not covers(Gap.model_validate({**november, "first": "2016-11-08"}), "Nord", weeks)


def test_records_are_counted_by_period_and_site() -> None:
    found = by_site(np.array([0, 0, 2, 2, 2]), np.array([0, 1, 1, 1, 0]), 3, 2)
    assert found.tolist() == [[1, 1], [0, 0], [1, 2]]
