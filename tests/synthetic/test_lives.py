"""A life week by week: what can be, when a run is reached, how many days a place has."""

from __future__ import annotations

import numpy as np
import pytest
from calibrating.fit import Tally, progress
from calibrating.lives import (
    Frame,
    Job,
    Life,
    Placement,
    Subsidy,
    days_in_place,
    first_run,
    possible_weeks,
    render,
)
from hypothesis import given
from hypothesis import strategies as st

from reportlib.analysis.measure_values import reached_run

# Twenty weeks from the first week of month 0: four or five weeks a month.
FRAME = Frame(weeks=20, months=(0,) * 5 + (1,) * 4 + (2,) * 4 + (3,) * 5 + (4,) * 2, late=2, short=1)
TALLY = Tally(weeks=22, run_weeks=13, run_gap=4, place_days=91, band_week=12, bands=(0, 20, 60, 148))


def test_placement_is_active_but_in_its_pauses() -> None:
    seen = render(Life((Placement(3, 5, (2,)),)), FRAME)
    assert [week for week, on in enumerate(seen.practice, start=1) if on] == [3, 4, 6, 7]


def test_job_has_the_hours_of_the_month_of_each_week() -> None:
    seen = render(Life(job=Job(1, (30, 40))), FRAME)
    assert seen.quarters == [0] * 5 + [30] * 4 + [40] * 4 + [0] * 7


def test_placement_beyond_the_follow_up_is_cut() -> None:
    assert sum(render(Life((Placement(18, 9, (5,)),)), FRAME).practice) == 3


@pytest.mark.parametrize(
    "life",
    [
        Life((Placement(0, 3),)),
        Life((Placement(21, 3),)),
        Life((Placement(2, 0),)),
        Life((Placement(2, 5), Placement(6, 3))),
        Life((Placement(2, 5, (0,)),)),
        Life((Placement(2, 5, (4,)),)),
        Life(job=Job(1, ())),
        Life(subsidy=Subsidy(1, 0, 100)),
        Life((Placement(6, 2),), subsidy=Subsidy(1, 1, 100)),
        Life(subsidy=Subsidy(1, 2, 100), job=Job(2, (20,))),
        Life((Placement(6, 2),), job=Job(1, (120,))),
    ],
    ids=[
        "before entry", "after the end", "no weeks", "overlap", "pause first", "pause last", "job without months",
        "subsidy without months", "placement in subsidy", "job in subsidy", "placement in full-time work",
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(life: Life) -> None:
    assert possible_weeks(life, FRAME) is None


def test_hours_on_the_place_of_a_placement_can_be() -> None:
    life = Life((Placement(2, 14, (3,)),), job=Job(1, (12, 20), tied=True))
    assert possible_weeks(life, FRAME) == render(life, FRAME)


@given(st.lists(st.booleans(), min_size=1, max_size=44), st.integers(1, 14), st.integers(0, 5))
def test_run_is_reached_in_the_week_the_analysis_finds(active: list[bool], weeks: int, gap: int) -> None:
    reached = reached_run(np.array([active]), weeks=weeks, gap=gap)[0]
    expected = int(reached.argmax()) + 1 if reached.any() else 0
    assert first_run(active, weeks=weeks, gap=gap) == expected


def test_days_run_from_entry_and_to_the_last_day_covered() -> None:
    life = Life((Placement(1, 4), Placement(6, 13), Placement(19, 5)))
    assert days_in_place(life, FRAME, render(life, FRAME)) == [(26, 1, 4), (91, 6, 18), (13, 19, 20)]


def test_subsidy_is_a_spell_at_one_place() -> None:
    life = Life(subsidy=Subsidy(1, 2, 100))
    assert days_in_place(life, FRAME, render(life, FRAME)) == [(56, 6, 13)]


def counted(life: Life) -> dict[str, list[int]]:
    vector = np.array(TALLY.count(life, FRAME))
    assert len(vector) == TALLY.size
    return {name: vector[part].tolist() for name, part in TALLY.parts.items()}


def test_tally_counts_completion_hours_on_the_place_and_their_growth() -> None:
    found = counted(Life((Placement(2, 14),), job=Job(1, (12, 20, 32), tied=True)))
    assert found["completed"] == [1]
    assert found["tied"] == [1]
    assert found["progress"] == [20]
    assert found["bands"] == [1, 0, 0]
    assert found["run"] == [0] * 13 + [1] * 7 + [0] * 2


def test_hours_elsewhere_are_not_tied_to_the_placement() -> None:
    found = counted(Life((Placement(2, 14),), job=Job(1, (12, 20, 32))))
    assert found["tied"] == [0]
    assert found["progress"] == [0]


def test_placement_of_ninety_days_is_not_completed() -> None:
    assert counted(Life((Placement(1, 13),)))["completed"] == [0]
    assert counted(Life((Placement(8, 13),)))["completed"] == [0]
    assert counted(Life((Placement(7, 13),)))["completed"] == [1]


def test_weeks_beyond_the_follow_up_count_nothing() -> None:
    found = counted(Life((Placement(15, 9),), job=Job(3, (40,) * 5)))
    assert found["practice"][20:] == [0, 0]
    assert found["quarters"][20:] == [0, 0]


def test_progress_is_the_last_hours_minus_the_first() -> None:
    assert progress([0, 8, 8, 0, 20, 0]) == 12
    assert progress([0, 0]) == 0
