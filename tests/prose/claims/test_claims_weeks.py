"""From when, and in which weeks: reservations stay with the claim."""

from __future__ import annotations

import pytest
from claim_rows import HOURS_SHARE, QUASI, RANDOMISED, STATUS, band, difference, first_week, weekly
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import NBSP, weeks_text
from reportlib.ledger.table import HiddenValueError
from reportlib.prose.week_claims import lasting_from, significant_in_periods
from reportlib.prose.wording import expected_by_chance
from reportlib.prose.words import TrialWords
from reportlib.text.marks import unmarked


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def periods(**rows: object) -> str:
    over_all = rows.pop("over_all", [])
    claim = significant_in_periods(weekly(**rows), outcome=HOURS_SHARE, words=RANDOMISED, band=over_all)  # type: ignore[arg-type]
    return spaced(claim.text)


@pytest.mark.parametrize(("direction", "word"), [("positive", "højere"), ("negative", "lavere")])
def test_a_lasting_difference_has_a_direction(direction: str, word: str) -> None:
    claim = lasting_from(first_week(15), direction, outcome=HOURS_SHARE, words=RANDOMISED)  # type: ignore[arg-type]
    assert f"varigt {word} i deltagergruppen end i kontrolgruppen" in claim.text


@pytest.mark.parametrize(
    ("words", "name"), [(RANDOMISED, "Effekten er"), (QUASI, "Den estimerede effekt er"), (STATUS, "Forskellen er")]
)
def test_only_a_design_with_effects_lets_a_lasting_difference_be_one(words: TrialWords, name: str) -> None:
    assert name in lasting_from(first_week(15), "positive", outcome=HOURS_SHARE, words=words).text


@pytest.mark.parametrize(("last", "until"), [(0, "med nok personer at måle på"), (40, "til og med uge 40")])
def test_a_lasting_difference_lasts_as_long_as_can_be_told(last: int, until: str) -> None:
    claim = lasting_from(first_week(15), "positive", outcome=HOURS_SHARE, words=RANDOMISED, last_week=last)
    assert spaced(claim.text).endswith(f"Effekten er sikker i alle uger {until}.")


def test_what_begins_in_no_week_does_not_last() -> None:
    with pytest.raises(HiddenValueError):
        lasting_from(first_week(None), "positive", outcome=HOURS_SHARE, words=RANDOMISED)


def test_short_periods_are_said_to_be_short() -> None:
    assert periods(up=(12, 13, 20, 33, 34, 35)).startswith(
        "Kun i korte perioder (uge 12, 13, 20 og 33–35) er der en sikker forskel: Da er andelen med ordinære timer "
        "højere i deltagergruppen end i kontrolgruppen."
    )


def test_weeks_below_have_the_opposite_word() -> None:
    text = periods(down=(12, 13, 20))
    assert "lavere i deltagergruppen" in text
    assert "højere" not in text


def test_single_weeks_are_counted_against_chance() -> None:
    assert "Når 44 uger testes hver for sig, vil i gennemsnit omkring to af dem" in periods(up=(12, 20))


def test_a_long_run_of_weeks_is_not_put_down_to_chance() -> None:
    assert "ved et rent tilfælde" not in periods(up=range(15, 45))
    assert "ved et rent tilfælde" not in periods()


def test_weeks_told_by_the_lasting_sentence_are_not_told_again() -> None:
    claim = significant_in_periods(
        weekly(range(15, 45)), outcome=HOURS_SHARE, words=RANDOMISED, band=band(range(20, 30)), after_lasting=True
    )
    assert claim.text == ""
    earlier = weekly([5, *range(15, 45)])
    repeated = significant_in_periods(earlier, outcome=HOURS_SHARE, words=RANDOMISED, after_lasting=True)
    assert "(uge 5 og 15–44)" in spaced(repeated.text)


def test_the_band_replaces_the_count_against_chance() -> None:
    text = periods(up=(12, 20), over_all=band())
    assert "ved et rent tilfælde" not in text
    assert "Når der tages højde for, at mange uger er testet, kan forskellen dog være tilfældig." in text


def test_only_the_weeks_of_the_band_count() -> None:
    text = periods(up=range(15, 45), over_all=band(range(20, 31), last=30))
    assert "i alle uger fra uge 15 til uge 30" in text


def test_hidden_weeks_are_named_as_left_out() -> None:
    assert "Uge 43 og 44 er udeladt af hensyn til anonymiteten." in periods(hide=(43, 44))


def test_a_row_without_a_week_is_refused() -> None:
    row = difference(1, 1)
    nameless = type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"time": ""})
    with pytest.raises(ValueError, match="no week"):
        significant_in_periods([nameless], outcome=HOURS_SHARE, words=RANDOMISED)


@given(st.sets(st.integers(1, 44), min_size=1, max_size=43))
def test_exactly_the_significant_weeks_are_named(weeks: set[int]) -> None:
    text = periods(up=weeks)
    begins_and_stays = weeks == set(range(min(weeks), 45)) and len(weeks) > 4
    assert begins_and_stays or f"({spaced(weeks_text(sorted(weeks)))})" in text
    if begins_and_stays:
        assert f"fra uge {min(weeks)} til uge 44, og forskellen er sikker" in text


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        (1, "under én"),
        (9, "under én"),
        (10, "omkring én"),
        (29, "omkring én"),
        (30, "omkring to"),
        (44, "omkring to"),
    ],
)
def test_what_chance_makes_of_many_tests_is_told_in_whole_tests(tests: int, told: str) -> None:
    assert unmarked(expected_by_chance(tests, 0.05)) == told  # 0.05, 0.45, 0.5, 1.45 and 1.5
