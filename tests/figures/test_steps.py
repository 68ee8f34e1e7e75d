"""Curves whose weeks wait for more persons are drawn as steps, and the reader is told."""

from __future__ import annotations

import pytest

from reportlib.disclosure import hide
from reportlib.ledger import Estimate
from reportlib.show.curves import line_of, parts
from reportlib.show.texts import IN_STEPS, gap_note, hidden_story, steps_note
from reportlib.text.units import Unit


def rows(*counts: int | None) -> dict[int, Estimate]:
    """Shares of a hundred by week; None is hidden."""
    made = {}
    for week, k in enumerate(counts, start=1):
        row = Estimate(
            key=f"afgang.deltager.uge{week}", measure="afgang", statistic="share", unit=Unit.PCT, population="alle",
            group="deltager", time=f"uge{week}", value=float(k or 0), k=k or 0, n=100,
        )  # fmt: skip
        made[week] = hide(row, "hidden") if k is None else row
    return made


def test_a_level_stands_until_the_next_is_told() -> None:
    line = line_of("deltagerne", "deltager", rows(None, 10, None, None, 16, 21), steps=True)
    assert list(parts(line)) == [[(2, 10.0), (5, 16.0), (6, 21.0)]]
    assert (gap_note([line]), steps_note([line]), hidden_story([line])) == ("", IN_STEPS, IN_STEPS)


@pytest.mark.parametrize("steps", [True, False])
def test_a_curve_without_hidden_weeks_is_drawn_as_it_is(steps: bool) -> None:
    line = line_of("deltagerne", "deltager", rows(10, 16, 21), steps=steps)
    assert not line.steps
    assert steps_note([line]) == gap_note([line]) == ""


def test_hidden_weeks_of_other_measures_are_gaps() -> None:
    line = line_of("deltagerne", "deltager", rows(10, None, 21))
    assert [len(part) for part in parts(line)] == [1, 1]
    assert steps_note([line]) == ""
    assert "udeladt" in gap_note([line])
