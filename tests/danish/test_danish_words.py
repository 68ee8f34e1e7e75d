"""Counts, nouns, sentences and lists in Danish."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import (
    NBSP,
    NOUNS,
    NotANumberError,
    Noun,
    UnknownNounError,
    capitalise,
    count_text,
    decapitalise,
    list_text,
    number_word,
    out_of_text,
    runs,
    runs_text,
    sentence,
    weeks_text,
)


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (0, "kommune", "ingen kommuner"),
        (1, "kommune", "én kommune"),
        (1, "jobcenter", "ét jobcenter"),
        (7, "kommune", "syv kommuner"),
        (10, "jobcenter", "ti jobcentre"),
        (11, "kommune", "11 kommuner"),
        (2000, "person", "2.000 personer"),
    ],
)
def test_counts_are_words_up_to_ten(count: int, noun: str, text: str) -> None:
    assert spaced(count_text(count, noun)) == text


# As in the dictionary (Retskrivningsordbogen): gender and plural of every noun the prose can count.
DICTIONARY = """
én aftale, to aftaler; ét baggrundsforhold, to baggrundsforhold; én besvarelse, to besvarelser; én borger, to borgere;
én dag, to dage; én deltager, to deltagere; ét forhold, to forhold; ét forløb, to forløb; én forskel, to forskelle;
én fremskrivning, to fremskrivninger; én gang, to gange; én gruppe, to grupper; én indikator, to indikatorer;
ét interview, to interview; ét job, to job;
ét jobcenter, to jobcentre; ét kerneelement, to kerneelementer; én kommune, to kommuner;
én matchning, to matchninger; én medarbejder, to medarbejdere;
ét minut, to minutter; én måling, to målinger; én måned, to måneder;
én person, to personer; ét resultat, to resultater; én sagsbehandler, to sagsbehandlere; én samtale, to samtaler;
ét spørgsmål, to spørgsmål;
ét svar, to svar; ét tal, to tal; én test, to test; én time, to timer; én uge, to uger; én virksomhed, to virksomheder;
én ændring, to ændringer; ét år, to år
"""


def test_every_noun_is_counted_as_the_dictionary_says() -> None:
    told = [f"{count_text(1, noun)}, {count_text(2, noun)}" for noun in NOUNS]
    assert told == [" ".join(entry.split()) for entry in DICTIONARY.split(";")]


def test_places_have_a_plural_with_its_article() -> None:
    definite = {noun.one: noun.many_definite for noun in NOUNS.values() if noun.many_definite}
    assert definite == {"jobcenter": "jobcentrene", "kommune": "kommunerne"}


def test_numbers_in_words() -> None:
    words = "nul én to tre fire fem seks syv otte ni ti 11"
    assert [number_word(count) for count in range(12)] == words.split()
    assert number_word(1, "et") == "ét"


def test_a_noun_of_ones_own_can_be_counted() -> None:
    assert count_text(2, Noun("mentor", "mentorer")) == "to mentorer"


def test_an_unknown_noun_names_its_neighbours() -> None:
    with pytest.raises(UnknownNounError, match="kommune"):
        count_text(2, "komune")


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(NotANumberError):
        number_word(-1)


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (0, 15, "ingen af de 15 kommuner"),
        (7, 15, "syv af 15 kommuner"),
        (12, 15, "12 af 15 kommuner"),
        (2, 5, "to af fem kommuner"),
        (1, 5, "én af fem kommuner"),
        (15, 15, "alle 15 kommuner"),
        (5, 5, "alle fem kommuner"),
        (2, 2, "begge kommuner"),
        (1, 1, "den ene kommune"),
        (0, 1, "ingen kommuner"),
        (0, 0, "ingen kommuner"),
    ],
)
def test_some_of_all(count: int, total: int, text: str) -> None:
    assert spaced(out_of_text(count, total, "kommune")) == text


def test_more_than_all_is_refused() -> None:
    with pytest.raises(NotANumberError):
        out_of_text(6, 5, "kommune")


@given(st.sampled_from(sorted(NOUNS)), st.integers(0, 30), st.integers(0, 30))
def test_every_noun_can_be_told_of_any_total(noun: str, count: int, more: int) -> None:
    text = out_of_text(count, count + more, noun)
    assert (NOUNS[noun].one if count == 1 and more == 0 else NOUNS[noun].many) in text


def test_the_first_letter_and_nothing_else_is_made_large() -> None:
    assert capitalise("øvrige kommuner i Aarhus") == "Øvrige kommuner i Aarhus"
    assert capitalise("") == ""
    assert capitalise("eIndkomst og egne beregninger") == "eIndkomst og egne beregninger"


@pytest.mark.parametrize(
    ("text", "expected"), [("andelen er 12 pct.", "Andelen er 12 pct."), ("ja", "Ja."), ("Er det?", "Er det?")]
)
def test_a_sentence_ends_once(text: str, expected: str) -> None:
    assert sentence(text) == expected


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")]
)
def test_lists(items: list[str], text: str) -> None:
    assert list_text(items) == text


def test_alternatives() -> None:
    assert list_text(["a", "b", "c"], last="eller") == "a, b eller c"


@given(st.lists(st.integers(-50, 50)))
def test_runs_hold_exactly_the_numbers(numbers: list[int]) -> None:
    found = runs(numbers)
    assert {n for first, last in found for n in range(first, last + 1)} == set(numbers)
    assert all(later[0] - earlier[1] > 1 for earlier, later in pairwise(found))


def test_weeks_are_drawn_together_from_three() -> None:
    assert runs_text([7, 4, 5, 6, 12]) == "4–7 og 12"
    assert runs_text([4, 5]) == "4 og 5"
    assert weeks_text([15]) == f"uge{NBSP}15"
    assert weeks_text([]) == ""


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Arbejdet med CV", "arbejdet med CV"),
        ("CV inden fire uger", "CV inden fire uger"),
        ("MinPlan efter den første praktik", "MinPlan efter den første praktik"),
        ("Ikke-vestlig oprindelse", "ikke-vestlig oprindelse"),
        ("Øvrige ydelser", "øvrige ydelser"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_its_names(label: str, inside: str) -> None:
    assert decapitalise(label) == inside
