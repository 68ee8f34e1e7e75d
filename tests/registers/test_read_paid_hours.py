"""Paid hours: jobs summed, months spread over their weeks, and weeks that do not count as ordinary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from four_persons import SmallTrial, dream_frame, file_of

from reportlib.registers.errors import (
    BadHoursError,
    EmptyCellError,
    ExtractError,
    MissingMonthsError,
    NobodyFoundError,
    UnknownCodeGroupError,
    UnreadableDateError,
    UnreadableNumberError,
)


def hours_of(*records: tuple[str, str, str]) -> pd.DataFrame:
    """Records of person, month, hours; p4's noughts keep the follow-up covered."""
    covered = [("p4", month, "0") for month in ("2016-10", "2016-11", "2016-12")]
    return pd.DataFrame([*records, *covered], columns=["person", "maaned", "loentimer"])


def weekly(small: SmallTrial) -> np.ndarray:
    hours = small.read().panel.hours
    assert hours is not None
    return hours


def fault_of(small: SmallTrial, *records: tuple[str, str, str]) -> ExtractError:
    small.hours = hours_of(*records)
    with pytest.raises(ExtractError) as caught:
        small.read()
    return caught.value


def test_a_weeks_hours_are_the_months_hours_times_12_over_52_by_the_month_of_its_thursday(small: SmallTrial) -> None:
    small.hours = hours_of(("p1", "2016-10", "52"), ("p1", "2016-11", "26"))
    # W40 to W43 have their Thursday in October, W44 (3 November) to W47 in November.
    np.testing.assert_allclose(weekly(small)[0], [12, 12, 12, 12, 6, 6, 6, 6])


def test_full_time_is_37_hours_a_week(small: SmallTrial) -> None:
    small.hours = hours_of(("p1", "2016-10", "160,33"))
    np.testing.assert_allclose(weekly(small)[0, 0], 37, atol=0.001)


def test_hours_on_the_edge_of_a_band_stay_on_it(small: SmallTrial) -> None:
    small.hours = hours_of(("p1", "2016-10", "65"))
    assert weekly(small)[0, 0] == 15.0


def test_several_jobs_in_a_month_are_added(small: SmallTrial) -> None:
    small.hours = hours_of(("p2", "2016-10", "13"), ("p2", "2016-10", "39"))
    np.testing.assert_allclose(weekly(small)[1, 0], 12)


def test_months_without_a_record_have_no_hours_and_weeks_not_followed_are_unknown(small: SmallTrial) -> None:
    np.testing.assert_array_equal(weekly(small)[3], [0, 0, 0] + [np.nan] * 5)


def test_weeks_in_groups_that_are_not_ordinary_have_no_hours(small: SmallTrial) -> None:
    small.spec["extracts"]["paid_hours"]["not_ordinary"] = ["loentilskud", "fleksjob"]
    small.dream = dream_frame({"p1": {"y_1641": "734", "y_1642": "730", "y_1643": "771"}})
    small.hours = hours_of(("p1", "2016-10", "52"))
    np.testing.assert_allclose(weekly(small)[0, :4], [12, 0, 12, 0])


def test_hours_after_a_censoring_code_are_unknown(small: SmallTrial) -> None:
    small.dream = dream_frame({"p1": {"y_1641": "999"}})
    small.hours = hours_of(("p1", "2016-10", "52"))
    np.testing.assert_array_equal(weekly(small)[0], [12] + [np.nan] * 7)


def test_strangers_and_other_months_are_dropped_and_counted(small: SmallTrial) -> None:
    small.hours = hours_of(("x9", "2016-10", "5"), ("p1", "2016-08", "5"), ("p1", "2017-01", "5"))
    assert file_of(small.read(), "timer.csv").dropped == {
        "records of persons who do not take part": 1,
        "records of months outside the follow-up": 2,
    }


@pytest.mark.parametrize("hours", ["-1", "744,5", "9999"])
def test_impossible_hours_are_refused_with_their_row(small: SmallTrial, hours: str) -> None:
    fault = fault_of(small, ("p1", "2016-10", "20"), ("p1", "2016-11", hours))
    assert isinstance(fault, BadHoursError)
    assert (fault.rows, fault.column) == ((3,), "loentimer")


def test_jobs_that_add_up_to_more_than_a_month_are_refused(small: SmallTrial) -> None:
    fault = fault_of(small, ("p1", "2016-11", "400"), ("p1", "2016-11", "401"))
    assert isinstance(fault, BadHoursError)
    assert fault.rows == (2, 3)


@pytest.mark.parametrize(
    ("record", "condition"),
    [
        (("p1", "2016-10", "mange"), UnreadableNumberError),
        (("p1", "oktober", "5"), UnreadableDateError),
        (("p1", "2016-10", ""), EmptyCellError),
        (("p1", "", "5"), EmptyCellError),
        (("", "2016-10", "5"), EmptyCellError),
    ],
)
def test_unreadable_and_empty_cells_are_refused(
    small: SmallTrial, record: tuple[str, str, str], condition: type[ExtractError]
) -> None:
    fault = fault_of(small, record)
    assert isinstance(fault, condition)
    assert fault.rows == (2,)


@pytest.mark.parametrize(("first", "last"), [("2016-11", "2016-12"), ("2016-10", "2016-11")])
def test_months_that_do_not_cover_the_follow_up_are_refused(small: SmallTrial, first: str, last: str) -> None:
    small.hours = pd.DataFrame({"person": ["p1", "p1"], "maaned": [first, last], "loentimer": ["5", "5"]})
    with pytest.raises(MissingMonthsError, match=f"covers {first} to {last}.*from 2016-10 to 2016-12"):
        small.read()


def test_no_participant_at_all_is_suspected_to_be_ids_written_in_another_way(small: SmallTrial) -> None:
    small.hours["person"] = "x"
    with pytest.raises(NobodyFoundError):
        small.read()


def test_a_group_that_is_not_in_the_code_book_is_refused(small: SmallTrial) -> None:
    small.spec["extracts"]["paid_hours"]["not_ordinary"] = ["tilskud"]
    with pytest.raises(UnknownCodeGroupError, match="not_ordinary"):
        small.read()
