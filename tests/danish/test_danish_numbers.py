"""Danish number formatting: one rounding, half up; the print can be read back."""

from __future__ import annotations

import locale
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import MINUS, NotANumberError, number_text, parse_number, round_half_up

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
ORDINARY = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
DECIMALS = st.integers(min_value=0, max_value=6)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.5, 0, "3"),  # Babel and Python give 2
        (-2.5, 0, "−3"),
        (0.285, 2, "0,29"),  # the float is below 0.285, its shortest name is not
        (82.45, 1, "82,5"),
        (82.45, 0, "82"),  # not 83 by way of 82.5
        (-0.04, 1, "0,0"),
        (-0.0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1.000"),
        (999.5, 0, "1.000"),
        (-1234567.891, 2, "−1.234.567,89"),
    ],
)
def test_numbers_print_in_danish(value: float, decimals: int, text: str) -> None:
    assert number_text(value, decimals) == text


@pytest.mark.parametrize(
    "value", [np.float64(12.5), np.float32(12.5), np.int64(13), Fraction(25, 2), Decimal("12.5"), True + 12]
)
def test_every_kind_of_number_prints(value: object) -> None:
    assert number_text(value) == "13"  # type: ignore[arg-type]


@given(FLOATS, DECIMALS)
def test_rounding_is_the_nearest_and_ties_go_away_from_zero(value: float, decimals: int) -> None:
    exact, step = Fraction(Decimal(repr(value))), Fraction(1, 10**decimals)
    error = Fraction(round_half_up(value, decimals)) - exact
    assert abs(error) <= step / 2
    if abs(error) == step / 2:
        assert (error > 0) == (exact > 0)


@given(FLOATS, DECIMALS)
def test_rounding_a_rounded_number_changes_nothing(value: float, decimals: int) -> None:
    once = round_half_up(value, decimals)
    assert round_half_up(once, decimals) == once


@given(FLOATS, DECIMALS)
def test_a_print_reads_back_as_the_rounded_number(value: float, decimals: int) -> None:
    assert parse_number(number_text(value, decimals)) == round_half_up(value, decimals)


@given(ORDINARY, ORDINARY, DECIMALS)
def test_order_survives_the_print(first: float, second: float, decimals: int) -> None:
    low, high = sorted((first, second))
    assert parse_number(number_text(low, decimals)) <= parse_number(number_text(high, decimals))


@given(FLOATS, DECIMALS)
def test_zero_never_has_a_sign(value: float, decimals: int) -> None:
    text = number_text(value, decimals, sign=True)
    if not any(digit in text for digit in "123456789"):
        assert text[0] == "0"


@given(FLOATS, DECIMALS)
def test_only_danish_characters_are_printed(value: float, decimals: int) -> None:
    text = number_text(value, decimals)
    assert set(text) <= set("0123456789.," + MINUS)
    assert text.count(",") == (1 if decimals else 0)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_thousands_are_parted_from_four_digits(value: int) -> None:
    groups = number_text(value).removeprefix(MINUS).split(".")
    assert "".join(groups) == str(abs(value))
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


@given(st.integers(min_value=1, max_value=3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), DECIMALS)
def test_a_share_from_counts_rounds_as_the_exact_fraction(counts: tuple[int, int], decimals: int) -> None:
    k, n = counts
    assert round_half_up(100 * k / n, decimals) == round_half_up(Fraction(100 * k, n), decimals)


@pytest.mark.parametrize(("value", "text"), [(5, "+5"), (-5, "−5"), (0, "0")])
def test_a_sign_can_be_asked_for(value: int, text: str) -> None:
    assert number_text(value, sign=True) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_a_number_is_refused(value: float) -> None:
    with pytest.raises(NotANumberError):
        number_text(value)


@pytest.mark.parametrize("text", ["", "12.5", "1.00", "1,", ",5", "a", "1 000", "--3", "1.2345", "²"])
def test_what_is_not_danish_is_not_read(text: str) -> None:
    with pytest.raises(NotANumberError):
        parse_number(text)


def test_the_process_locale_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LC_ALL", "LANG", "LC_NUMERIC", "LANGUAGE"):
        monkeypatch.setenv(variable, "en_US.UTF-8")
    before = locale.setlocale(locale.LC_ALL)
    assert number_text(1234.5, 1) == "1.234,5"
    assert locale.setlocale(locale.LC_ALL) == before
