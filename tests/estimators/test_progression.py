"""From first to last measurement: by how many each has, and the same persons beside all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import (
    ArgumentError,
    BadCountError,
    EmptyGroupError,
    LengthMismatchError,
    MissingValueError,
)
from reportlib.estimators.repeated_measures import paired_t, progression

# Persons a (3 measurements), b (2), c (1), d (3), e (2), in no order.
PERSON = list("abacdaebded")
TIME = [0, 5, 90, 3, 2, 180, 0, 95, 60, 70, 150]
VALUE = [40, 50, 44, 60, 20, 60, 30, 42, 36, 30, 28]


def test_persons_are_grouped_by_their_number_of_measurements() -> None:
    answer = progression(PERSON, TIME, VALUE)
    assert [(row.measurements, row.n) for row in answer.by_count] == [(2, 2), (3, 2)]
    two, three = answer.by_count
    assert (two.first.value, two.last.value) == ((50 + 30) / 2, (42 + 30) / 2)
    assert (three.first.value, three.last.value) == ((40 + 20) / 2, (60 + 28) / 2)
    assert answer.all_counts.n == 4


def test_the_change_is_a_paired_test_of_first_and_last() -> None:
    answer = progression(PERSON, TIME, VALUE).all_counts
    by_hand = paired_t([40, 50, 20, 30], [60, 42, 28, 30])
    assert answer.change is not None and answer.change.change == by_hand.change
    assert answer.change.p == pytest.approx(by_hand.p)


def test_rises_and_falls_count_from_a_relevant_change_up() -> None:
    any_change = progression(PERSON, TIME, VALUE).all_counts
    assert (any_change.rose.k, any_change.same.k, any_change.fell.k) == (2, 1, 1)
    ten = progression(PERSON, TIME, VALUE, relevant=10).all_counts
    assert (ten.rose.k, ten.same.k, ten.fell.k) == (1, 3, 0)
    exactly = progression(["a", "a"], [0, 1], [0.1, 0.3], relevant=0.2).all_counts
    assert exactly.rose.k == 1


def test_those_with_many_measurements_are_taken_together() -> None:
    answer = progression(PERSON, TIME, VALUE, most=2)
    assert [(row.measurements, row.n) for row in answer.by_count] == [(2, 4)]


def test_missing_values_do_not_count_as_measurements() -> None:
    answer = progression(["a", "a", "a", "b", "b"], [1, 2, 3, 1, 2], [5, math.nan, 9, 4, 4])
    assert [row.measurements for row in answer.by_count] == [2] and answer.by_count[0].n == 2


def test_one_person_has_no_test() -> None:
    answer = progression(["a", "a"], [0, 1], [5, 9]).all_counts
    assert answer.change is None and answer.last.value == 9


@given(st.permutations(range(len(PERSON))))
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    shuffled = progression(*(np.array(column, dtype=object)[order].tolist() for column in (PERSON, TIME, VALUE)))
    assert shuffled == progression(PERSON, TIME, VALUE)


def test_input_that_cannot_be_answered_is_refused_by_name() -> None:
    with pytest.raises(ArgumentError, match="twice"):
        progression(["a", "a"], [1, 1], [3, 4])
    with pytest.raises(EmptyGroupError):
        progression(["a", "b"], [1, 1], [3, 4])
    with pytest.raises(EmptyGroupError):
        progression([], [], [])
    with pytest.raises(MissingValueError):
        progression(["a", None], [1, 1], [3, 4])
    with pytest.raises(LengthMismatchError):
        progression(["a", "a"], [1, 2], [3])
    with pytest.raises(BadCountError):
        progression(PERSON, TIME, VALUE, most=1)
