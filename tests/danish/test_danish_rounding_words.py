"""Words for shares have fixed bounds: error class 12 of the published reports."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import (
    FRACTION_WORDS,
    NBSP,
    WordNotAllowedError,
    about_text,
)
from reportlib.text.units import Unit


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "ingen"),
        (0.5, "næsten ingen"),
        (5, None),
        (9.6, "hver tiende"),
        (20, "hver femte"),
        (32, "knap hver tredje"),
        (33.2, "hver tredje"),
        (35, "godt hver tredje"),
        (45, None),  # "omkring halvdelen" in one of the published reports
        (48.5, "knap halvdelen"),
        (50, "halvdelen"),
        (51, "lidt over halvdelen"),
        (55.2, None),  # "godt 50 pct." in another
        (66.7, "to ud af tre"),
        (89, "knap ni ud af ti"),
        (98, "næsten alle"),
        (99.99, "næsten alle"),
        (100, "alle"),
    ],
)
def test_a_share_gets_the_word_it_bears(share: float, words: str | None) -> None:
    assert [word.phrase for word in FRACTION_WORDS if word.allows(share)] == ([words] if words else [])


@given(st.floats(min_value=0, max_value=100))
def test_a_share_never_has_two_words(share: float) -> None:
    assert sum(word.allows(share) for word in FRACTION_WORDS) <= 1


@given(st.floats(min_value=0, max_value=100))
def test_no_word_is_further_than_two_and_a_half_points_from_the_share(share: float) -> None:
    word = next((word for word in FRACTION_WORDS if word.allows(share)), None)
    if word is not None:
        assert float(word.high - word.low) <= 2.5
        assert float(word.low) <= share <= float(word.high)


def test_the_table_runs_upwards_without_overlap() -> None:
    for lower, upper in pairwise(FRACTION_WORDS):
        assert lower.high < upper.low or (lower.high == upper.low and not (lower.high_closed and upper.low_closed))


@pytest.mark.parametrize(
    ("value", "target", "unit", "text"),
    [
        (18.4, 20, Unit.PCT, "knap 20 pct."),
        (51.2, 50, Unit.PCT, "godt 50 pct."),
        (50.2, 50, Unit.PCT, "50 pct."),
        (1970, 2000, Unit.COUNT, "knap 2.000"),
        (2.9, 3, Unit.HOURS, "3 timer"),
    ],
)
def test_round_numbers_are_qualified(value: float, target: float, unit: Unit, text: str) -> None:
    assert about_text(value, target, unit).replace(NBSP, " ") == text


def test_a_symmetric_word_is_the_same_on_both_sides() -> None:
    below, above = (about_text(value, 2000, Unit.COUNT, symmetric=True) for value in (1970, 2030))
    assert below == above == "ca. 2.000"


@pytest.mark.parametrize(("value", "target"), [(55.2, 50), (71.4, 75), (17.9, 20)])
def test_a_round_number_too_far_away_is_refused(value: float, target: float) -> None:
    with pytest.raises(WordNotAllowedError):
        about_text(value, target, Unit.PCT)
