"""Headings, figures, tables and boxes are numbered without a gap, and a heading's number is one."""

from __future__ import annotations

import pytest

from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.breaks import Kind, check_structure, own_number
from reportlib.numbers.finished import check_mentions


def headings(*texts: str) -> list[Block]:
    return [Block(Role.HEADING, text, 1, level=text.split()[0].count(".") + 1) for text in texts]


def test_headings_in_order_are_right() -> None:
    assert list(check_structure(headings("1 Et", "1.1 To", "1.2 Tre", "2 Fire"), [])) == []


@pytest.mark.parametrize("wrong", ["1.3 Tre", "2.2 Tre", "1,2 Tre", "1.2,5 Tre"])
def test_a_heading_with_another_number_is_reported(wrong: str) -> None:
    assert list(check_structure([*headings("1 Et", "1.1 To"), Block(Role.HEADING, wrong, 1, level=2)], []))


def test_a_heading_without_a_number_is_left_alone() -> None:
    assert list(check_structure([Block(Role.HEADING, "Talregnskab", 1, level=1)], [])) == []


def part(text: str, role: Role = Role.CAPTION) -> Block:
    return Block(role, text, 1, level=1)


@pytest.mark.parametrize(("said", "missing"), [("se Tabel 1 til Tabel 3", []), ("se Tabel 1 til Tabel 2", ["3"])])
def test_a_range_of_tables_mentions_those_between(said: str, missing: list[str]) -> None:
    tables = [part(f"Tabel {number}: a") for number in (1, 2, 3)]
    breaks = check_mentions([part(f"Alt er vist ({said}).", Role.TEXT), *tables], ["Et"])
    assert [one.message for one in breaks] == [f"no text mentions Tabel {number}" for number in missing]


RIGHT = {
    "headings after one without a number": [
        *headings("1 Et", "1.1 To"),
        part("Bilag", Role.HEADING),
        *headings("2 Tre"),
    ],
    "chapters begin their sections anew": headings("1 Et", "1.1 To", "1.1.1 Tre", "2 Fire", "2.1 Fem", "2.1.1 Seks"),
    "each kind is counted by itself": [part("Figur 1: a"), part("Tabel 1: b"), part("Figur 2: c"), part("Tabel 2: d")],
    "a box is a text": [part("Boks 1: a", Role.TEXT), part("Figur\u00a01: b", Role.TEXT), part("Boks 2: c", Role.TEXT)],
    "a year is no heading's number with a decimal": [part("2019 og frem", Role.TEXT)],
    "a sentence that names a figure is no caption": [part("Se Figur 7: den viser", Role.TEXT)],
}
WRONG = {
    "a number left out after a heading without one": (
        [*headings("1 Et"), part("Bilag", Role.HEADING), *headings("3 Tre")], "3, 2 comes next"
    ),
    "a figure left out": ([part("Figur 1: a"), part("Figur 3: b")], "Figur 3 is where 2 comes next"),
    "a table twice": ([part("Tabel 1: a"), part("Tabel 1: b")], "Tabel 1 is where 2 comes next"),
    "a figure left out after a heading without a number": (
        [part("Figur 1: a"), part("Bilag", Role.HEADING), part("Figur 3: b")], "Figur 3 is where 2 comes next"
    ),
    "a box that begins at two": ([part("Boks 2: a", Role.TEXT)], "Boks 2 is where 1 comes next"),
    "a section under another chapter": (headings("1 Et", "1.1 To", "2 Tre", "1.2 Fire"), "1.2, 2.1 comes next"),
    "a result in a heading": ([part("12,5 procentpoint flere", Role.HEADING)], "12,5 is no heading's number"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_parts_in_order_are_right(name: str) -> None:
    assert list(check_structure(RIGHT[name], [])) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_part_out_of_order_is_reported_once_with_the_number_that_comes_next(name: str) -> None:
    blocks, told = WRONG[name]
    [found] = check_structure(blocks, ["Kapitlet"])
    assert found.kind is Kind.REFERENCE and told in found.message and "Kapitlet" in found.place


@pytest.mark.parametrize(
    ("block", "number"),
    [
        (part("3.1 Resultater", Role.HEADING), "3.1"), (part("Resultater", Role.HEADING), None),
        (part("Figur 12: a"), "12"), (part("Boks 3: a", Role.TEXT), "3"), (part("3 borgere", Role.TEXT), None),
        (part("Figur 12: a", Role.HEADING), None),
    ],
)  # fmt: skip
def test_a_part_s_own_number_is_found_where_it_stands(block: Block, number: str | None) -> None:
    span = own_number(block)
    assert (block.text[slice(*span)] if span else None) == number
