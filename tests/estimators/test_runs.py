"""Thirteen weeks in one spell: the rule written out person by person, its edges, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import BadCountError, LengthMismatchError, NotNumericError
from reportlib.estimators.runs import reached_run


def first_week(pattern: str, **rule: int) -> int | None:
    """The first week (from 1) in which the rule is met; x is an active week."""
    reached = reached_run([[letter == "x" for letter in pattern]], **rule)[0]
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
    assert reached_run([[True] * 3 + [False] * 20], weeks=3)[0].sum() == 21


def test_no_gap_can_be_asked_for() -> None:
    assert first_week("xx.xxx", weeks=3, gap=0) == 6


def test_a_week_outside_follow_up_is_not_active() -> None:
    active = np.ones((2, 13))
    followed = np.ones((2, 13))
    followed[1, 4] = 0
    assert reached_run(active, followed)[:, -1].tolist() == [True, False]


def test_missing_activity_is_no_activity() -> None:
    active = np.ones((1, 13))
    active[0, 3] = np.nan
    assert not reached_run(active).any()


@given(
    st.lists(st.lists(st.booleans(), min_size=15, max_size=15), min_size=1, max_size=6),
    st.integers(1, 6),
    st.integers(0, 4),
)
def test_all_persons_at_once_equal_the_rule_told_week_by_week(active: list[list[bool]], weeks: int, gap: int) -> None:
    for row, answer in zip(active, reached_run(active, weeks=weeks, gap=gap), strict=True):
        text = "".join("x" if on else "." for on in row)
        for week in range(len(row)):
            spells = text[: week + 1].replace("." * (gap + 1), "|").split("|")
            assert answer[week] == any(spell.count("x") >= weeks for spell in spells)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(LengthMismatchError):
        reached_run(np.ones((2, 3)), np.ones((2, 4)))


def test_one_persons_row_without_persons_is_refused() -> None:
    with pytest.raises(NotNumericError):
        reached_run([1, 0, 1])


@pytest.mark.parametrize("rule", [{"weeks": 0}, {"gap": -1}])
def test_an_impossible_rule_is_refused(rule: dict[str, int]) -> None:
    with pytest.raises(BadCountError):
        reached_run(np.ones((1, 3)), **rule)
