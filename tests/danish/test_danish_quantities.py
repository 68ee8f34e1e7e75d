"""Numbers with units: words, plurals, intervals, p-values, ranges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportlib.danish import (
    NBSP,
    UNIT_WORDS,
    NotANumberError,
    interval_text,
    limits_text,
    millions_text,
    p_text,
    parse_number,
    put_in,
    value_text,
)
from reportlib.text.units import RULES, Unit


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12, Unit.PCT, "12 pct."),
        (5, Unit.PCT_POINT, "5 procentpoint"),
        (1, Unit.PCT_POINT, "1 procentpoint"),
        (-0.4, Unit.PCT_POINT, "0 procentpoint"),
        (2.083, Unit.HOURS_PER_WEEK, "2,1 timer"),
        (1, Unit.HOURS, "1,0 time"),
        (0, Unit.HOURS, "0,0 timer"),
        (1500, Unit.KR, "1.500 kr."),
        (250, Unit.KR_PER_HOUR, "250 kr. pr. time"),
        (2.44, Unit.RATIO, "2,4"),
        (1.327, Unit.HAZARD_RATIO, "1,33"),
        (0.0125, Unit.COEFFICIENT, "0,013"),
        (6.3, Unit.SCORE, "6,3"),
        (1970, Unit.COUNT, "1.970"),
        (2.25, Unit.PER_PERSON, "2,3 pr. person"),
        (1, Unit.DAYS, "1 dag"),
        (23, Unit.WEEKS, "23 uger"),
        (1, Unit.WEEKS, "1 uge"),
        (1, Unit.MONTHS, "1 måned"),
        (1, Unit.HOURS_PER_WEEK, "1,0 time"),
        (2, Unit.HOURS, "2,0 timer"),
        (2, Unit.DAYS, "2 dage"),
        (3, Unit.MONTHS, "3 måneder"),
        (1, Unit.YEARS, "1 år"),
        (1, Unit.PCT, "1 pct."),
        (1, Unit.KR, "1 kr."),
        (1, Unit.KR_PER_HOUR, "1 kr. pr. time"),
        (1, Unit.PER_PERSON, "1,0 pr. person"),
        (1.26, Unit.RATE, "1,3"),
        (30, Unit.YEARS, "30 år"),
        (date(2019, 3, 20).toordinal(), Unit.DATE, "20. marts 2019"),
    ],
)
def test_each_unit_has_its_words(value: float, unit: Unit, text: str) -> None:
    assert spaced(value_text(value, unit)) == text


def test_no_unit_is_forgotten() -> None:
    assert set(UNIT_WORDS) == set(Unit) == set(RULES)


def test_a_number_and_its_unit_never_part() -> None:
    assert value_text(12, Unit.PCT) == "12\u00a0pct."
    assert NBSP == "\u00a0"


@pytest.mark.parametrize(
    ("hours", "text"), [(1.5, "1,5 time"), (0.5, "0,5 time"), (1.96, "2,0 timer"), (-1, "−1,0 time")]
)
def test_the_plural_follows_the_printed_number(hours: float, text: str) -> None:
    assert spaced(value_text(hours, Unit.HOURS, 1)) == text


def test_an_interval_names_its_level() -> None:
    assert spaced(interval_text(1.23, 3.44)) == "95 pct.-konfidensinterval: 1,2 til 3,4"
    assert (
        spaced(interval_text(-1, 3, Unit.PCT_POINT, level=0.1))
        == "90 pct.-konfidensinterval: −1,0 til 3,0 procentpoint"
    )
    assert spaced(interval_text(0, 1, level=0.005)).startswith("99,5 pct.-")


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "p < 0,001"),
        (0.00099, "p < 0,001"),
        (0.001, "p = 0,001"),
        (0.0042, "p = 0,004"),
        (0.03, "p = 0,03"),
        (0.0496, "p = 0,0496"),
        (0.05, "p = 0,05"),
        (0.942, "p = 0,94"),
        (0.996, "p > 0,99"),
        (1.0, "p > 0,99"),
    ],
)
def test_p_values(p: float, text: str) -> None:
    assert spaced(p_text(p)) == text


@given(st.floats(min_value=0.001, max_value=0.99), st.sampled_from([0.01, 0.05, 0.1]))
def test_a_printed_p_value_gives_the_same_verdict_as_the_unrounded(p: float, level: float) -> None:
    assume(abs(p - level) > 1e-6 or p == level)
    printed = parse_number(p_text(p, level=level).split(NBSP)[-1])
    assert (printed < Decimal(repr(level))) == (p < level)


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_an_impossible_p_value_is_refused(p: float) -> None:
    with pytest.raises(NotANumberError):
        p_text(p)


def test_large_sums_in_millions() -> None:
    assert spaced(millions_text(1_450_000)) == "1,5 mio. kr."
    assert spaced(millions_text(1_960_000)) == "2 mio. kr."


def test_limits_that_print_alike_are_told_as_about_one_number() -> None:
    """More decimals would leave the server with it, so it is said in words; 0,3 and 0,4 stay a range."""
    assert spaced(limits_text(0.36, 0.44)) == "omkring 0,4"
    assert spaced(limits_text(0.34, 0.44)) == "0,3 til 0,4"
    assert spaced(limits_text(0.8, 1.2, Unit.HOURS, decimals=0)) == "omkring 1 time"
    assert spaced(interval_text(0.36, 0.44)) == "95 pct.-konfidensinterval: omkring 0,4"


@pytest.mark.parametrize(
    ("words", "text", "says"),
    [
        ("været {value} uger i løntilskud", "0,4", "været 0,4 uge i løntilskud"),
        ("været {value} uger i løntilskud", "1,0", "været 1,0 uge i løntilskud"),
        ("været {value} uger i løntilskud", "2,1", "været 2,1 uger i løntilskud"),
        ("været {value} uger i løntilskud", "0,0", "været 0,0 uger i løntilskud"),
        ("ventet {value} dage", "1", "ventet 1 dag"),
        ("ventet {value} ugers tid", "1", "ventet 1 ugers tid"),
        ("{value} om ugen", "2,1 timer", "2,1 timer om ugen"),
        ("været til {value} samtaler", "skjult", "været til skjult samtaler"),
    ],
)
def test_a_unit_typed_after_a_number_agrees_with_it_as_printed(words: str, text: str, says: str) -> None:
    assert put_in(words, "{value}", text) == says
