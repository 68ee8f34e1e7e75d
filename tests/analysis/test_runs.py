"""Thirteen weeks in one spell: the rule written out person by person, and its edges."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportlib.analysis.measure_values import reached_run


def first_week(pattern: str, *, weeks: int = 13, gap: int = 4) -> int | None:
    """The first week (from 1) in which the rule is met; x is an active week."""
    reached = reached_run(np.array([[letter == "x" for letter in pattern]]), weeks=weeks, gap=gap)[0]
    return int(reached.argmax()) + 1 if reached.any() else None


def test_thirteen_weeks_in_a_row_are_reached_in_the_thirteenth() -> None:
    assert first_week("x" * 13) == 13


def test_twelve_weeks_are_not_enough() -> None:
    assert first_week("x" * 12 + "....") is None


def test_a_gap_of_four_weeks_is_allowed_but_not_counted() -> None:
    assert first_week("x" * 6 + "...." + "x" * 7) == 17


def test_a_gap_of_five_weeks_begins_the_count_again() -> None:
    assert first_week("x" * 12 + "....." + "x" * 13) == 30


def test_several_short_gaps_are_allowed_in_one_spell() -> None:
    assert first_week("x...." * 13) == 61


def test_idle_weeks_before_the_first_active_one_do_not_matter() -> None:
    assert first_week("......." + "x" * 13) == 20


def test_once_reached_it_stays_reached() -> None:
    assert reached_run(np.array([[True] * 3 + [False] * 20]), weeks=3, gap=4)[0].sum() == 21


def test_no_gap_can_be_asked_for() -> None:
    assert first_week("xx.xxx", weeks=3, gap=0) == 6


@given(
    st.lists(st.lists(st.booleans(), min_size=15, max_size=15), min_size=1, max_size=6),
    st.integers(1, 6),
    st.integers(0, 4),
)
def test_all_persons_at_once_equal_the_rule_told_week_by_week(active: list[list[bool]], weeks: int, gap: int) -> None:
    for row, answer in zip(active, reached_run(np.array(active), weeks=weeks, gap=gap), strict=True):
        text = "".join("x" if on else "." for on in row)
        for week in range(len(row)):
            spells = text[: week + 1].replace("." * (gap + 1), "|").split("|")
            assert answer[week] == any(spell.count("x") >= weeks for spell in spells)
