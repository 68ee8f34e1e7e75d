"""A fact that is a date is worked out again from its day, month and year."""

from __future__ import annotations

import pytest

from reportlib.numbers.recompute import fact_again


@pytest.mark.parametrize("text", ["2017", "1"])
def test_a_part_of_the_date_agrees(text: str) -> None:
    assert fact_again(text, "2017-01-01")


def test_another_year_does_not() -> None:
    assert not fact_again("2018", "2017-01-01")


def test_a_number_is_compared_as_a_number() -> None:
    assert fact_again("35", 35)
    assert not fact_again("36", 35)
