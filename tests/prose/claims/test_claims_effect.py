"""Effects: the words follow the test, whatever the numbers; and the prints never contradict one another."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from claim_rows import (
    EVERY_DESIGN,
    HOURS_MEAN,
    HOURS_SHARE,
    RANDOMISED,
    difference,
    gap,
    hidden,
    mean,
    share,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from reportlib.danish import NBSP, ROUNDING_NOTE, parse_number
from reportlib.ledger import Estimate
from reportlib.prose.effect_claims import effect_at
from reportlib.prose.estimate_text import print_comparison
from reportlib.prose.wording import ContradictoryVerdictError, verdict
from reportlib.prose.words import OutcomeWords, OutcomeWordsError, TrialWords
from reportlib.text.units import Unit, UnitMismatchError

NUMBER = r"(−?[\d.]+(?:,\d+)?)"


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def told(first: Estimate, second: Estimate, row: Estimate, words: TrialWords = RANDOMISED) -> str:
    return spaced(effect_at(first, second, row, outcome=HOURS_SHARE, words=words).text)


def test_a_significant_effect_reads_as_it_should() -> None:
    first, second = share(83, 690), share(48, 690, group="kontrol")
    assert told(first, second, gap(first, second, 1.5)) == (
        "I uge 35 har 12 pct. af deltagerne ordinære timer mod 7 pct. i kontrolgruppen. Det er 5 procentpoint flere, "
        "og effekten er sikker."
    )


def test_a_negative_effect_has_the_opposite_words() -> None:
    first, second = share(48, 690), share(83, 690, group="kontrol")
    text = told(first, second, gap(first, second, 1.5))
    assert "5 procentpoint færre" in text
    assert "flere" not in text


def test_an_effect_that_is_not_significant_is_not_claimed() -> None:
    first, second = share(83, 690), share(48, 690, group="kontrol")
    assert told(first, second, gap(first, second, 3.5)) == (
        "I uge 35 har 12 pct. af deltagerne ordinære timer mod 7 pct. i kontrolgruppen. Forskellen på 5 procentpoint "
        "er ikke sikker."
    )


def test_a_hidden_number_is_said_to_be_hidden_with_the_trials_own_threshold() -> None:
    first, second = hidden(share(3, 90)), share(48, 690)
    words = TrialWords(groups=RANDOMISED.groups, design=RANDOMISED.design, threshold=10)
    assert told(first, second, hidden(difference(1, 1)), words) == (
        "Andelen med ordinære timer i uge 35 kan ikke vises, fordi tallet hviler på færre end ti personer "
        "eller kan afsløre et tal, der gør det."
    )


def test_scores_differ_by_points() -> None:
    first, second = mean(64, unit=Unit.SCORE), mean(58, unit=Unit.SCORE, group="kontrol")
    outcome = OutcomeWords("den gennemsnitlige trivsel", "har", "en WHO-5-score på {value}")
    text = spaced(effect_at(first, second, gap(first, second, 1), outcome=outcome, words=RANDOMISED).text)
    assert "har deltagerne i gennemsnit en WHO-5-score på 64,0 mod 58,0 i kontrolgruppen" in text
    assert "Det er 6,0 point højere" in text


def test_without_a_week_the_sentence_begins_with_the_share() -> None:
    first, second = share(83, 690, time=""), share(48, 690, time="")
    assert told(first, second, gap(first, second, 1.5)).startswith(
        "12 pct. af deltagerne har ordinære timer mod 7 pct."
    )


def test_an_adjusted_difference_is_not_told_as_a_subtraction() -> None:
    first, second = share(83, 690), share(48, 690, group="kontrol")
    text = told(first, second, difference(4, 1.2))
    assert "Når der tages højde for forskelle i baggrund, er effekten 4 procentpoint" in text
    assert ROUNDING_NOTE not in text


def test_the_relative_difference_follows_only_a_significant_one() -> None:
    first, second = share(120, 1000), share(70, 1000, group="kontrol")
    for se, said in ((1.0, True), (4.0, False)):
        text = effect_at(
            first, second, gap(first, second, se), outcome=HOURS_SHARE, words=RANDOMISED, relative=True
        ).text
        assert ("71" in text) is said


def test_the_caution_of_a_design_without_effects_comes_last() -> None:
    first, second = share(83, 690), share(48, 690)
    for words in EVERY_DESIGN:
        text = effect_at(first, second, gap(first, second, 1), outcome=HOURS_SHARE, words=words, relative=True).text
        assert text.endswith(words.design.caution or ".")


def test_words_for_a_share_cannot_tell_a_mean() -> None:
    first, second = mean(2), mean(1, group="kontrol")
    with pytest.raises(OutcomeWordsError):
        effect_at(first, second, gap(first, second, 0.1), outcome=HOURS_SHARE, words=RANDOMISED)
    first, second = share(83, 690), share(48, 690)
    with pytest.raises(OutcomeWordsError):
        effect_at(first, second, gap(first, second, 1), outcome=HOURS_MEAN, words=RANDOMISED)


def test_a_difference_of_shares_in_per_cent_is_refused() -> None:
    first, second = share(83, 690), share(48, 690)
    with pytest.raises(UnitMismatchError):
        told(first, second, difference(5, 1, unit=Unit.PCT))


def test_a_p_value_that_contradicts_its_interval_stops_the_report() -> None:
    # Udvikling i fleksjob, Tabel 1: a rate ratio of 1.147 beside p = 0.942
    row = difference(5, 1)
    with pytest.raises(ContradictoryVerdictError):
        verdict(Estimate(**{name: getattr(row, name) for name in row.__slots__} | {"p": 0.942}), 0.05)


def test_levels_that_do_not_subtract_as_printed_have_a_note() -> None:
    first, second = share(124, 1000), share(66, 1000, group="kontrol")
    text = spaced(effect_at(first, second, gap(first, second, 1), outcome=HOURS_SHARE, words=RANDOMISED).text)
    assert "12 pct." in text
    assert "7 pct." in text
    assert "6 procentpoint" in text
    assert ROUNDING_NOTE in text


@pytest.mark.parametrize(
    ("treated", "se", "says"),
    [
        (0.004, 0.0005, "0,00 timer mod 0,00 timer (afrundet)"),
        (0.004, 0.005, "0,0 timer mod 0,0 timer"),
        (0.02, 0.001, "0,02 time mod 0,00 timer"),
    ],
)
def test_levels_that_surely_differ_and_print_alike_are_called_rounded(treated: float, se: float, says: str) -> None:
    first, second = mean(treated), mean(0.001, group="kontrol")
    found = print_comparison(first, second, gap(first, second, se), level=0.05)
    assert spaced(f"{found.treated} mod {found.comparison}") == says


COUNTS = st.integers(20, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS, st.floats(0.05, 20), st.sampled_from(EVERY_DESIGN))
def test_words_and_prints_follow_the_numbers(
    treated: tuple[int, int], comparison: tuple[int, int], se: float, words: TrialWords
) -> None:
    first, second = share(*treated), share(*comparison, group="kontrol")
    row = gap(first, second, se)
    assert row.p is not None and row.ci_low is not None and row.ci_high is not None
    assume(abs(row.p - 0.05) > 1e-4 and min(abs(row.ci_low), abs(row.ci_high)) > 1e-3)
    text = told(first, second, row, words)

    significant = row.p < 0.05
    assert ("er sikker" in text) is significant
    assert ("er ikke sikker" in text or "ingen sikker" in text) is not significant
    assert ("flere" in text) is (significant and row.number > 0)
    assert ("færre" in text) is (significant and row.number < 0)

    levels = re.search(f"har {NUMBER} pct.*(?: mod|er det også) {NUMBER} pct", text)
    assert levels is not None
    top, bottom = (parse_number(found) for found in levels.groups())
    said = re.search(f"{NUMBER} procentpoint", text)
    size = parse_number(said.group(1)) if said else Decimal(0)
    assert abs(top - bottom) == size or ROUNDING_NOTE in text
    if significant:
        assert size > 0
