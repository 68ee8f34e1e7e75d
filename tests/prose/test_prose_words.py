"""Words of a trial: no control group without lots drawn, no effects where the design shows none."""

from __future__ import annotations

import pytest
from claim_rows import BEFORE_AFTER, QUASI, RANDOMISED, STATUS

from reportlib.prose.words import (
    CausalWordError,
    Cause,
    ControlGroupWordError,
    DesignWords,
    GroupWords,
    TrialWords,
    check_causal_words,
    check_control_words,
)
from reportlib.trial.design import Kind

CONTROL = GroupWords("deltagergruppen", "kontrolgruppen", "deltagerne", "kontrolpersonerne")


@pytest.mark.parametrize("kind", [Kind.QUASI_EXPERIMENT, Kind.BEFORE_AFTER, Kind.STATUS])
def test_a_control_group_that_chance_did_not_make_is_refused(kind: Kind) -> None:
    with pytest.raises(ControlGroupWordError, match="kontrol"):
        TrialWords(groups=CONTROL, design=DesignWords(kind))


def test_a_control_group_after_random_allocation_is_welcome() -> None:
    assert TrialWords(groups=CONTROL, design=DesignWords(Kind.RANDOMISED)).groups.place == "i kontrolgruppen"


@pytest.mark.parametrize("text", ["Kontrolgruppens andel", "i kontrolgruppen", "kontrolpersonerne", "kontrolkommuner"])
def test_every_form_of_the_word_is_found(text: str) -> None:
    with pytest.raises(ControlGroupWordError):
        check_control_words(text, QUASI.design)
    check_control_words(text, RANDOMISED.design)


@pytest.mark.parametrize("text", ["Vi har kontrol over data", "egenkontrol", "sammenligningsgruppen"])
def test_other_words_are_left_alone(text: str) -> None:
    check_control_words(text, STATUS.design)


@pytest.mark.parametrize(
    "text",
    [
        "Effekten er 5 procentpoint.",
        "Beskæftigelseseffekter ses ikke.",
        "Indsatsen fører til flere timer.",
        "Det skyldes indsatsen.",
        "Indsatsen har øget andelen.",
    ],
)
def test_causal_words_are_found_where_the_design_shows_no_effects(text: str) -> None:
    for words in (BEFORE_AFTER, STATUS):
        with pytest.raises(CausalWordError):
            check_causal_words(text, words.design)
    for words in (RANDOMISED, QUASI):
        check_causal_words(text, words.design)


@pytest.mark.parametrize(
    "text",
    ["En effektiv indsats", "Andelen er steget.", "Det kan skyldes andre forhold.", "Det står i Jobeffekter.dk."],
)
def test_words_that_claim_no_cause_are_left_alone(text: str) -> None:
    check_causal_words(text, BEFORE_AFTER.design)


def test_each_design_carries_its_own_claim() -> None:
    assert [DesignWords(kind).cause for kind in Kind] == [Cause.EFFECT, Cause.ASSUMED, Cause.NONE, Cause.NONE]
    assert [DesignWords(kind).random_allocation for kind in Kind] == [True, False, False, False]
    for kind in Kind:
        design = DesignWords(kind)
        assert bool(design.caution) is (design.cause is Cause.NONE)
        check_causal_words(f"{design.caution} {design.effect_word}", design)
