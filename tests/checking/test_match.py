"""A file's numbers beside its account's: every wrong one is told where it stands, and a shift is no rain of errors."""

from __future__ import annotations

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.collect import Printed
from reportlib.numbers.match import Actual, Expected, Pair, align
from reportlib.numbers.tokens import tokens
from reportlib.text.origin import Origin


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
