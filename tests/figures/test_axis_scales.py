"""Axes: zero is always there, ticks are round, and numbers on them are Danish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.show.style import Scale, tint, value_scale, week_scale

VALUES = st.lists(st.floats(0.001, 1e6, allow_nan=False), min_size=1, max_size=20)


@given(VALUES)
def test_an_axis_of_levels_begins_at_zero_and_holds_every_value(values: list[float]) -> None:
    scale = value_scale(values, from_zero=True)
    assert scale.low == 0.0
    assert scale.high >= max(values)
    assert scale.ticks[0] == 0.0
    assert scale.ticks[-1] <= scale.high


@given(st.lists(st.floats(-1e4, 1e4, allow_nan=False), min_size=1, max_size=20))
def test_an_axis_of_differences_holds_zero_and_every_value(values: list[float]) -> None:
    scale = value_scale(values, from_zero=False)
    assert scale.low <= min(*values, 0.0) and scale.high >= max(*values, 0.0)
    assert 0.0 in scale.ticks
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)


@pytest.mark.parametrize(("top", "step"), [(12.0, 5.0), (35.0, 10.0), (2.4, 0.5), (0.031, 0.01)])
def test_ticks_are_one_two_or_five_times_a_power_of_ten(top: float, step: float) -> None:
    ticks = value_scale([top], from_zero=True).ticks
    assert ticks[1] - ticks[0] == pytest.approx(step)


def test_numbers_on_an_axis_have_a_decimal_comma_and_a_real_minus() -> None:
    assert Scale(-1, 1, (-0.5, 0.0, 0.5), 1).texts() == ["−0,5", "0,0", "0,5"]


def test_large_numbers_on_an_axis_have_a_thousands_point() -> None:
    assert Scale(0, 2000, (1000.0,), 0).texts() == ["1.000"]


def test_the_decimals_of_an_axis_are_just_enough_to_tell_its_ticks_apart() -> None:
    for top in (0.031, 0.4, 2.4, 12, 350):
        texts = value_scale([top], from_zero=True).texts()
        assert len(set(texts)) == len(texts)


def test_the_weeks_begin_at_one_and_are_marked_at_whole_tens() -> None:
    assert week_scale(range(1, 45)).ticks == (1.0, 10.0, 20.0, 30.0, 40.0)


def test_a_short_trial_marks_every_week() -> None:
    assert week_scale(range(1, 6)).ticks == (1.0, 2.0, 3.0, 4.0, 5.0)


def test_weeks_are_never_marked_so_close_that_numbers_touch() -> None:
    for last in range(2, 300):
        scale = week_scale(range(1, last + 1))
        gaps = [after - before for before, after in zip(scale.ticks, scale.ticks[1:], strict=False)]
        assert min(gaps) / (scale.high - scale.low) > 0.025, last


def test_a_tint_of_nothing_is_white_and_of_all_is_the_colour() -> None:
    assert tint("#00677F", 0) == "#FFFFFF"
    assert tint("#00677F", 1) == "#00677F"
