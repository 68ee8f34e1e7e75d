"""Words that the design, or the share beside them, does not bear are reported; denials and suppositions are not."""

from __future__ import annotations

import pytest

from reportlib.numbers.account import Account
from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import unwanted_words, wrong_words
from reportlib.numbers.finished import check_wording
from reportlib.trial.design import Kind as Design


@pytest.mark.parametrize("design", [Design.QUASI_EXPERIMENT, Design.BEFORE_AFTER, Design.STATUS])
def test_a_control_group_without_drawn_lots_is_reported(design: Design) -> None:
    assert list(wrong_words("Andelen er højere end i kontrolgruppen.", design))


def test_a_control_group_of_a_randomised_trial_is_not() -> None:
    assert list(wrong_words("Effekten er højere end i kontrolgruppen.", Design.RANDOMISED)) == []


@pytest.mark.parametrize("design", [Design.BEFORE_AFTER, Design.STATUS])
@pytest.mark.parametrize("text", ["Effekten er stor.", "Stigningen skyldes indsatsen.", "Indsatsen har øget timerne."])
def test_an_effect_that_the_design_cannot_show_is_reported(text: str, design: Design) -> None:
    assert list(wrong_words(text, design))


@pytest.mark.parametrize(
    "text",
    [
        "Der er ingen kontrolgruppe at holde tallene op imod.",
        "Rapporten kan ikke sige, om effekten er stor.",
        "Tabellen viser prisen, hvis halvdelen skyldes indsatsen.",
    ],
)
def test_what_is_denied_or_supposed_is_left_alone(text: str) -> None:
    assert list(wrong_words(text, Design.STATUS)) == []


def test_a_denial_in_the_sentence_before_excuses_nothing() -> None:
    assert list(wrong_words("Det er ikke alt. Effekten er på 3,5 point.", Design.STATUS))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Knap hver tredje borger (32 pct.) er i job.", True),
        ("Knap hver tredje borger (20 pct.) er i job.", False),
        ("Det gælder halvdelen (44,7 pct.) af dem.", False),
        ("Det gælder halvdelen (50 pct.) af dem.", True),
        ("De mødes hver tredje måned (90 pct.).", True),
    ],
)
def test_a_word_for_a_share_fits_the_share_beside_it(text: str, right: bool) -> None:
    assert (list(wrong_words(text, None)) == []) is right


@pytest.mark.parametrize("word", ["Holm", "krympede", "delt_komm", "timer.csv", "CR2"])
@pytest.mark.parametrize(("title", "reported"), [("Effekter", True), ("Metode", False)])
def test_names_of_methods_and_files_stand_in_the_method_section_only(word: str, title: str, reported: bool) -> None:
    block = Block(Role.TEXT, f"Tallene er fra {word}.", 1)
    account = Account(
        header={}, numbers=[], rows={}, measures={}, facts={}, settings={}, texts=[], dates=[],
    )  # fmt: skip
    assert bool(list(check_wording([block], account, [title]))) is reported


@pytest.mark.parametrize(
    "text",
    [
        "Indsatsen har ingen effekt.",
        "Indsatsen har ingen målelig effekt på timerne om ugen.",
        "Forløbet var uden virkning.",
        "Indsatsen virker ikke.",
        "Indsatsen har ikke haft nogen effekt.",
        "Mentorordningen har ikke virket.",
        "Der er ingen forskel på grupperne.",
        "Der ses ikke nogen forskel.",
    ],
)
@pytest.mark.parametrize("design", list(Design))
def test_that_there_is_nothing_is_reported_in_every_design(text: str, design: Design) -> None:
    assert any("margin" in why for _, why in wrong_words(text, design))


@pytest.mark.parametrize(
    "text",
    [
        "Der er ingen sikker forskel i andelen.",
        "Ingen forskel af betydning.",
        "At forskellen ikke er sikker, betyder ikke, at der ingen effekt er.",
        "Det er ikke det samme som, at der ingen forskel er.",
        "Tallene kan ikke vise, at indsatsen er uden effekt.",
        "Ingen af forskellene er sikre.",
        "Skalaen går fra ingen betydning til stor betydning.",
    ],
)
def test_what_is_not_settled_may_be_said(text: str) -> None:
    assert list(wrong_words(text, Design.RANDOMISED)) == []


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("møde", "Et møde om mødet", ["møde"]),
        ("møde", "Et Møde, et formøde og møderne", ["Møde"]),
        ("møde*", "Et møde, mødet, formøderne og Møderne", ["møde", "mødet", "Møderne"]),
        ("CTI", "En cti-medarbejder og CTI", ["CTI"]),
        ("a.b", "axb og a.b", ["a.b"]),
    ],
)
def test_a_word_to_avoid_is_found_as_a_word_of_its_own(word: str, text: str, found: list[str]) -> None:
    told = list(unwanted_words(text, chapter="Effekter", avoid={word: "samtale"}))
    assert [text[at : at + len(one)] for (at, _), one in zip(told, found, strict=True)] == found
    assert [message for _, message in told] == [f"{one!r} is not this report's word: write 'samtale'" for one in found]
