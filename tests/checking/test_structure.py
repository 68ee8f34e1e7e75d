"""Headings, figures, tables and boxes are numbered without a gap, and a heading's number is one."""

from __future__ import annotations

import pytest

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import check_structure


def headings(*texts: str) -> list[Block]:
    return [Block(Role.HEADING, text, 1, level=text.split()[0].count(".") + 1) for text in texts]


def test_headings_in_order_are_right() -> None:
    assert list(check_structure(headings("1 Et", "1.1 To", "1.2 Tre", "2 Fire"), [])) == []


@pytest.mark.parametrize("wrong", ["1.3 Tre", "2.2 Tre", "1,2 Tre", "1.2,5 Tre"])
def test_a_heading_with_another_number_is_reported(wrong: str) -> None:
    assert list(check_structure([*headings("1 Et", "1.1 To"), Block(Role.HEADING, wrong, 1, level=2)], []))


def test_a_heading_without_a_number_is_left_alone() -> None:
    assert list(check_structure([Block(Role.HEADING, "Talregnskab", 1, level=1)], [])) == []
