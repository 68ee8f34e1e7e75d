"""Relative differences and hazard ratios: what they may be called, and when they may be printed."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from claim_rows import BEFORE_AFTER, HOURS_SHARE, QUASI, RANDOMISED, gap, hidden, joint_test, mean, share
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import NBSP, parse_number
from reportlib.ledger import Estimate
from reportlib.prose.effect_claims import UNROUNDED_NOTE, effect_at, hazard_rate
from reportlib.prose.wording import ContradictoryVerdictError
from reportlib.prose.words import OutcomeWords, TrialWords
from reportlib.text.units import Unit, UnitMismatchError


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def relative(first: Estimate, second: Estimate, se: float, outcome: OutcomeWords = HOURS_SHARE) -> str:
    row = gap(first, second, se)
    return spaced(effect_at(first, second, row, outcome=outcome, words=RANDOMISED, relative=True).text)


def told(k: int, other: int, n: int = 1000, se: float = 0.2) -> str:
    return relative(share(k, n), share(other, n, group="kontrol"), se)


def test_the_two_shares_stand_beside_the_relative_difference() -> None:
    assert told(120, 70) == (
        "I uge 35 har 12 pct. af deltagerne ordinære timer mod 7 pct. i kontrolgruppen. Det er 5 procentpoint flere, "
        "og effekten er sikker. Relativt svarer det til 71 pct. flere."
    )


def test_less_is_told_as_less() -> None:
    assert told(70, 120).endswith("Relativt svarer det til 42 pct. færre.")


def test_half_as_many_again_is_never_called_so_many_times_more() -> None:
    # JobFirst 4.8: "halvanden gang flere" for 2.4 times as many
    assert "Relativt er det 2,4 gange så mange." in told(504, 210)
    assert told(630, 210).endswith("Relativt er det 3 gange så mange.")
    assert "gange flere" not in told(504, 210)


@pytest.mark.parametrize(
    ("k", "words"), [(194, "94 pct. flere"), (195, "dobbelt så mange"), (205, "dobbelt så mange"), (206, "2,1 gange")]
)
def test_twice_as_many_has_bounds(k: int, words: str) -> None:
    assert words in told(k, 100)


def test_a_difference_that_is_not_significant_has_no_relative_size() -> None:
    text = told(120, 70, se=4)
    assert "71" not in text
    assert "elativt" not in text


def test_nothing_is_told_relatively_to_none() -> None:
    assert "elativt" not in told(120, 0)


def test_hours_are_more_or_less_not_many() -> None:
    first, second = mean(2.1), mean(1.2, group="kontrol")
    outcome = OutcomeWords("antallet", "arbejder", "{value} om ugen")
    assert relative(first, second, 0.1, outcome).endswith("Relativt svarer det til 75 pct. mere.")


def test_a_score_has_no_relative_difference() -> None:
    first, second = mean(64, unit=Unit.SCORE), mean(58, unit=Unit.SCORE)
    outcome = OutcomeWords("trivslen", "har", "en score på {value}")
    with pytest.raises(UnitMismatchError):
        relative(first, second, 1, outcome)


def test_a_hidden_share_takes_the_relative_difference_with_it() -> None:
    first, second = hidden(share(3, 90)), share(70, 1000)
    row = hidden(gap(share(3, 90), second, 1))
    text = effect_at(first, second, row, outcome=HOURS_SHARE, words=RANDOMISED, relative=True).text
    assert "kan ikke vises" in text


@given(st.integers(20, 900), st.integers(20, 900), st.integers(900, 3000))
def test_a_reader_who_divides_gets_the_print_or_a_note(k: int, other: int, n: int) -> None:
    text = told(k, other, n, se=0.0001)
    found = re.search(r"svarer det til ([\d.,]+) pct. (flere|færre)", text)
    if found is None or UNROUNDED_NOTE in text:
        return
    levels = re.search(r"har ([\d.,]+) pct.* mod ([\d.,]+) pct", text)
    assert levels is not None
    top, bottom = (parse_number(level) for level in levels.groups())
    sign = 1 if found.group(2) == "flere" else -1
    assert abs(sign * parse_number(found.group(1)) - 100 * (top / bottom - 1)) <= Decimal("1.5")


RATE = "afgangsraten til fleksjob"


def ratio(value: float, low: float | None = None, high: float | None = None, p: float | None = None):  # type: ignore[no-untyped-def]
    return replace(joint_test(p), unit=Unit.HAZARD_RATIO, value=value, ci_low=low, ci_high=high)


def test_a_hazard_ratio_is_a_rate_not_a_probability_and_not_a_time() -> None:
    # Udvikling i fleksjob: "20 % hurtigere" and "overgangssandsynligheden øges med 68 %"
    for value, low, high in ((1.682, 1.2, 2.3), (0.6, 0.4, 0.9), (1.1, 0.9, 1.3)):
        text = hazard_rate(ratio(value, low, high), rate=RATE, words=QUASI).text
        assert RATE in text.lower()
        for wrong in ("sandsynlig", "chance", "hurtigere", "tid", "flere"):
            assert wrong not in text


@pytest.mark.parametrize(
    ("value", "low", "high", "words"), [(1.327, 1.13, 1.56, "33 pct. højere"), (0.8, 0.7, 0.9, "20 pct. lavere")]
)
def test_a_rate_is_higher_or_lower(value: float, low: float, high: float, words: str) -> None:
    assert words in spaced(hazard_rate(ratio(value, low, high), rate=RATE, words=QUASI).text)


def test_the_rate_of_another_unit_is_refused() -> None:
    with pytest.raises(UnitMismatchError):
        hazard_rate(gap(share(1, 10), share(2, 10), 1), rate=RATE, words=QUASI)


def test_a_ratio_whose_p_value_contradicts_its_interval_is_refused() -> None:
    with pytest.raises(ContradictoryVerdictError):
        hazard_rate(ratio(1.147, 1.02, 1.29, p=0.942), rate=RATE, words=QUASI)


@pytest.mark.parametrize(("words", "ends"), [(QUASI, "deres baggrund."), (BEFORE_AFTER, "end indsatsen.")])
def test_a_rate_carries_its_designs_reservation(words: TrialWords, ends: str) -> None:
    assert hazard_rate(ratio(1.327, 1.13, 1.56), rate=RATE, words=words).text.endswith(ends)
