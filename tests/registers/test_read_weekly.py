"""Outcomes recorded in event time, and the follow-up they imply when they are all there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from four_persons import SmallTrial

from reportlib.registers.errors import (
    DuplicateColumnError,
    MissingColumnError,
    MissingWeeksError,
    ParticipantMissingError,
    UnreadableNumberError,
)

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def weekly(small: SmallTrial) -> SmallTrial:
    """The small trial with nothing but a weekly outcome of three weeks."""
    small.without("dream", "paid_hours", "casework", "surveys")
    small.spec["extracts"]["weekly"] = {"job": {"file": "job.csv"}}
    small.spec["follow_up"]["weeks"] = 3
    return small


def write(small: SmallTrial, weeks: dict[str, list[str]], persons: list[str] | None = None) -> None:
    frame = pd.DataFrame({"person": persons or ["p1", "p2", "p3", "p4"], **weeks})
    frame.to_csv(small.folder / "job.csv", index=False)


WEEKS = {"week_1": ["0", "1", "1", "1"], "week_2": ["0", "", "1", "1"], "week_3": ["1", "1", "", "1"]}


def test_values_are_those_recorded_and_empty_is_unknown(weekly: SmallTrial) -> None:
    write(weekly, WEEKS)
    recorded = weekly.read().panel.recorded["job"]
    np.testing.assert_array_equal(recorded, [[0, 0, 1], [1, np.nan, 1], [1, 1, np.nan], [1, 1, 1]])


def test_where_weekly_outcomes_are_all_there_is_follow_up_ends_with_the_last_value(weekly: SmallTrial) -> None:
    write(weekly, WEEKS)
    data = weekly.read()
    assert data.panel.followed.tolist() == [[True] * 3, [True] * 3, [True, True, False], [True] * 3]
    assert data.persons["weeks_followed"].tolist() == [3, 3, 2, 3]


def test_beside_other_sources_an_empty_week_does_not_end_the_follow_up(small: SmallTrial) -> None:
    small.spec["extracts"]["weekly"] = {"job": {"file": "job.csv"}}
    small.spec["follow_up"]["weeks"] = 3
    write(small, WEEKS)
    assert small.read().persons["weeks_followed"].tolist() == [3, 3, 3, 3]


def test_weeks_after_the_last_day_are_cut(weekly: SmallTrial) -> None:
    weekly.spec["follow_up"]["last_day"] = "2016-12-25"
    write(weekly, WEEKS)
    data = weekly.read()
    assert data.persons["weeks_followed"].tolist() == [3, 3, 2, 2]
    assert np.isnan(data.panel.recorded["job"][3, 2])


def test_rows_follow_the_participants(weekly: SmallTrial) -> None:
    write(weekly, WEEKS, ["p4", "p3", "p2", "p1"])
    assert weekly.read().panel.recorded["job"][:, 0].tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("name", ["WEEK_2", "week_02"])
def test_columns_are_found_without_case_and_with_leading_zeros(weekly: SmallTrial, name: str) -> None:
    write(weekly, {"week_1": WEEKS["week_1"], name: WEEKS["week_2"], "week_3": WEEKS["week_3"]})
    assert weekly.read().panel.recorded["job"][2].tolist()[:2] == [1, 1]


def test_a_missing_week_is_named(weekly: SmallTrial) -> None:
    write(weekly, {"week_1": WEEKS["week_1"], "week_3": WEEKS["week_3"]})
    with pytest.raises(MissingWeeksError, match="week 2"):
        weekly.read()


def test_a_week_with_two_columns_is_refused(weekly: SmallTrial) -> None:
    write(weekly, {**WEEKS, "week_03": WEEKS["week_1"]})
    with pytest.raises(DuplicateColumnError):
        weekly.read()


def test_a_pattern_without_a_week_is_refused(weekly: SmallTrial) -> None:
    weekly.spec["extracts"]["weekly"]["job"]["weeks"] = "week"
    write(weekly, WEEKS)
    with pytest.raises(MissingColumnError):
        weekly.read()


def test_a_participant_without_a_record_is_counted(weekly: SmallTrial) -> None:
    write(weekly, {name: values[:3] for name, values in WEEKS.items()}, ["p1", "p2", "p3"])
    with pytest.raises(ParticipantMissingError, match="1 of 4"):
        weekly.read()


def test_a_value_that_is_not_a_number_is_refused(weekly: SmallTrial) -> None:
    write(weekly, {**WEEKS, "week_2": ["0", "ja", "1", "1"]})
    with pytest.raises(UnreadableNumberError):
        weekly.read()


def test_the_rossi_experiment_is_read_as_it_was_recorded(weekly: SmallTrial) -> None:
    """432 persons, 52 weeks; employment is empty from the week after an arrest."""
    frame = pd.read_csv(GOLDEN / "rossi_weekly.csv")
    weekly.participants = pd.DataFrame(
        {
            "person": frame["id"].astype(str),
            "kommune": "Aarhus",
            "gruppe": np.where(frame["fin"] == 1, "Deltager", "Kontrol"),
            "visitationsdato": "2016-10-03",
            "alder": "30",
        }
    )
    weekly.spec["extracts"]["weekly"] = {"job": {"file": "rossi.csv", "person": "id", "weeks": "emp_{W}"}}
    weekly.spec["follow_up"] |= {"weeks": 52, "last_day": "2017-12-31"}
    weekly.spec |= {"data_date": "2018-01-01", "report_date": "2018-01-02"}
    frame.to_csv(weekly.folder / "rossi.csv", index=False)
    data = weekly.read()
    expected = frame[[f"emp_{week}" for week in range(1, 53)]].to_numpy(dtype=float)
    np.testing.assert_array_equal(data.panel.recorded["job"], expected)
    assert data.persons["weeks_followed"].tolist() == np.isfinite(expected).sum(axis=1).tolist()
