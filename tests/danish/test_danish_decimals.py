"""Numbers that belong together print so that a reader can subtract and add them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import PrintedDecimals, consistent_decimals, consistent_sum, round_half_up

SHARES = st.floats(min_value=0, max_value=100)


def test_whole_numbers_are_enough_when_they_subtract() -> None:
    assert consistent_decimals(12.1, 7.2) == PrintedDecimals(0, rounding_note=False)


def test_a_decimal_is_added_when_whole_numbers_do_not_subtract() -> None:
    # 12.4 - 6.6 = 5.8: whole numbers would say 12 - 7 = 6
    assert consistent_decimals(12.4, 6.6) == PrintedDecimals(1, rounding_note=False)


def test_a_note_is_asked_for_when_no_decimals_help() -> None:
    # 12.44 - 6.56 = 5.88: 12 - 7 = 6 and 12.4 - 6.6 = 5.9
    assert consistent_decimals(12.44, 6.56) == PrintedDecimals(1, rounding_note=True)


def test_an_estimated_difference_is_held_against_the_two_numbers() -> None:
    assert consistent_decimals(12, 7, 4.2).rounding_note


@given(SHARES, SHARES, st.integers(0, 2))
def test_either_the_print_subtracts_or_the_note_is_there(first: float, second: float, start: int) -> None:
    printed = consistent_decimals(first, second, start=start)
    d = printed.decimals
    agrees = round_half_up(first, d) - round_half_up(second, d) == round_half_up(first - second, d)
    assert start <= d <= start + 1
    assert printed.rounding_note or agrees or abs(first - second) < 1e-9


def test_parts_add_up_or_ask_for_a_note() -> None:
    assert consistent_sum([33.3, 33.3, 33.4], 100).rounding_note
    assert consistent_sum([33.3, 33.3, 33.4], 100, stop=1) == PrintedDecimals(1, rounding_note=False)
    assert consistent_sum([50, 30, 20], 100) == PrintedDecimals(0, rounding_note=False)
