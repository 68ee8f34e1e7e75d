"""A file's numbers beside its account's: every wrong one is told where it stands, and a shift is no rain of errors."""

from __future__ import annotations

import random

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.collect import Printed
from reportlib.numbers.match import Actual, Expected, Pair, align
from reportlib.numbers.tokens import tokens
from reportlib.text.origin import Kind, Origin


def expected(*numbers: str) -> list[Expected]:
    return [Expected(text, "", Printed(text=text, origin=Origin("k"), place="table")) for text in numbers]


def actual(*numbers: str) -> list[Actual]:
    return [Actual(tokens(text)[0], Block(Role.CELL, text, 1), allowed=False) for text in numbers]


def wrong(pairs: list[Pair]) -> list[tuple[str, str]]:
    """What was printed and what stands, where the two differ; empty for nothing."""
    return [
        ("" if one.expected is None else one.expected.text, "" if one.actual is None else one.actual.token.text)
        for one in pairs
        if not one.same_number
    ]


def test_two_neighbours_exchanged_are_told_in_both_places() -> None:
    assert wrong(align(expected("1", "31", "92", "4"), actual("1", "92", "31", "4"))) == [("31", "92"), ("92", "31")]


def test_two_exchanges_in_a_row_are_told_in_all_four_places() -> None:
    pairs = align(expected("100", "15", "0", "90"), actual("15", "100", "90", "0"))
    assert len(wrong(pairs)) == 4


def test_a_number_left_out_is_one_error_though_all_others_move() -> None:
    printed = [str(number) for number in range(20, 40)]
    assert wrong(align(expected(*printed), actual(*printed[:4], *printed[5:]))) == [("24", "")]


def test_two_left_out_about_one_that_stays_are_two_errors() -> None:
    assert wrong(align(expected("10", "12", "10"), actual("12"))) == [("10", ""), ("10", "")]


def test_one_left_out_and_one_added_far_away_are_two_errors() -> None:
    printed = [str(number) for number in range(20, 40)]
    pairs = align(expected(*printed), actual(*printed[:4], *printed[5:15], "7", *printed[15:]))
    assert sorted(wrong(pairs)) == [("", "7"), ("24", "")]


def soft(*numbers: str) -> list[Expected]:
    """Numbers of names, dates and definitions."""
    return [Expected(text, "", Printed(text=text, origin=Origin("", kind=Kind.TEXT), place="text")) for text in numbers]


def allowed(*numbers: str) -> list[Actual]:
    return [Actual(tokens(text)[0], Block(Role.TEXT, text, 1), allowed=True) for text in numbers]


def test_a_year_that_is_another_is_one_change_and_no_loss_with_a_gain() -> None:
    assert wrong(align(soft("2016"), allowed("2017"))) == [("2016", "2017")]
    assert wrong(align(soft("2016"), actual("2017"))) == [("2016", "2017")]
    assert wrong(align(expected("2016"), allowed("2017"))) == [("2016", "2017")]


def test_the_word_after_a_number_tells_it_from_a_like_one_beside_it() -> None:
    """12 hours and 12 persons were printed and the hours are left out: the persons are not taken for them."""
    (hours,) = (Expected("12", "timer", Printed(text="12 timer", origin=Origin("a"), place="text")),)
    (persons,) = (Expected("12", "personer", Printed(text="12 personer", origin=Origin("b"), place="text")),)
    stands = [Actual(tokens("12 personer")[0], Block(Role.TEXT, "12 personer", 1), allowed=False)]
    for printed in ([hours, persons], [persons, hours]):
        pairs = align(printed, stands)
        assert [one.expected for one in pairs if one.actual is None] == [hours]
        assert [one.expected for one in pairs if one.actual is not None] == [persons]
    (pair,) = align([hours], stands)
    assert pair.same_number and not pair.same_unit


def test_what_is_too_many_at_an_end_is_told_there() -> None:
    assert wrong(align(expected("1", "2"), actual("8", "9", "1", "2"))) == [("", "8"), ("", "9")]
    assert wrong(align(expected("1", "2"), actual("1", "2", "8", "9"))) == [("", "8"), ("", "9")]
    assert wrong(align([], actual("8", "9"))) == [("", "8"), ("", "9")]
    assert wrong(align(expected("8", "9"), [])) == [("8", ""), ("9", "")]
    assert align([], []) == []


def test_the_steps_are_as_few_and_as_light_as_any_alignment_s() -> None:
    """All alignments of short rows are tried; a wrong or lost number weighs more where it is followed."""
    weights = {"change": (0.95, 0.65), "lost": (1.0, 0.7), "more": (1.0, 0.7)}

    def lightest(one: list[Expected], two: list[Actual]) -> float:
        if not one or not two:
            return sum(weights["lost"][each.soft] for each in one) + sum(weights["more"][each.allowed] for each in two)
        first, second = one[0], two[0]
        same = first.text == second.token.text
        change = 0.0 if same else weights["change"][first.soft or second.allowed]
        return min(
            change + lightest(one[1:], two[1:]),
            weights["lost"][first.soft] + lightest(one[1:], two),
            weights["more"][second.allowed] + lightest(one, two[1:]),
        )

    def weight(pairs: list[Pair]) -> float:
        total = 0.0
        for pair in pairs:
            if pair.expected is None or pair.actual is None:
                total += weights["lost"][pair.expected.soft] if pair.expected is not None else 0.0
                total += weights["more"][pair.actual.allowed] if pair.actual is not None else 0.0
            elif not pair.same_number:
                total += weights["change"][pair.expected.soft or pair.actual.allowed]
        return total

    chance = random.Random(3)
    for _ in range(120):
        drawn = [chance.choices("1234", k=chance.randrange(most)) for most in (5, 6)]  # 3 and 4 are of names
        printed = [(soft if each in "34" else expected)(each)[0] for each in drawn[0]]
        stands = [(allowed if each in "34" else actual)(each)[0] for each in drawn[1]]
        if len(printed) != len(stands):  # as many are taken in order where that is hardly dearer
            assert abs(weight(align(printed, stands)) - lightest(printed, stands)) < 1e-9
