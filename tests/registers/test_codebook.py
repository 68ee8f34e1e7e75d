"""The code book: several groups per code, validity, and a file of the user's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reportlib.registers.codebook import NO_BENEFIT, NOT_FOLLOWED, Codebook, load_codebook
from reportlib.registers.errors import CodebookError, UnknownCodeGroupError
from reportlib.registers.event_weeks import Days, monday_of_week

HEAD = "format: 1\ntitle: Egen\nofficial: true\ndated: 2020-01-01\n"


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook()


def mondays(*weeks: tuple[int, int]) -> Days:
    return np.array([monday_of_week(*week) for week in weeks])


def own(tmp_path: Path, text: str) -> Codebook:
    path = tmp_path / "egen.yml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_codebook(path)


def test_ours_is_marked_unofficial_and_dated(book: Codebook) -> None:
    assert not book.official
    assert "unofficial" in book.title
    assert isinstance(book.dated, date)
    assert {entry.status for entry in book.entries} == {"confirmed", "unofficial"}


def test_a_code_may_belong_to_several_groups(book: Codebook) -> None:
    assert book.groups_of([736, 730]) == [("kontanthjaelp", "virksomhedspraktik"), ("kontanthjaelp",)]


@pytest.mark.parametrize(
    ("code", "group"),
    [
        (111, "a-dagpenge"),
        (121, "feriedagpenge"),
        (130, "kontanthjaelp"),
        (140, "uddannelseshjaelp"),
        (150, "integrationsydelse"),
        (651, "su"),
        (740, "ledighedsydelse"),
        (760, "revalidering"),
        (771, "fleksjob"),
        (783, "foertidspension"),
        (810, "ressourceforloeb"),
        (870, "jobafklaring"),
        (881, "barsel"),
        (890, "sygedagpenge"),
        (816, "virksomhedspraktik"),
        (734, "loentilskud"),
    ],
)
def test_the_families_of_benefits_and_activities_are_known(book: Codebook, code: int, group: str) -> None:
    assert group in book.groups_of([code])[0]


def test_activities_lie_within_a_benefit_of_the_same_validity(book: Codebook) -> None:
    """Otherwise an activity's code would be accepted in weeks before its benefit existed."""
    activities = {"virksomhedspraktik", "loentilskud"}
    for entry in (entry for entry in book.entries if entry.group in activities):
        for first, last in entry.ranges:
            for code in range(first, last + 1):
                for day in (entry.valid_from, entry.valid_to):
                    assert set(book.groups_of([code], day)[0]) - activities, (code, day)


def test_a_benefit_begins_in_the_week_of_its_reform(book: Codebook) -> None:
    weeks = mondays((2013, 52), (2014, 1))
    assert book.valid(np.array([140, 140]), weeks).tolist() == [False, True]
    assert book.in_groups(np.array([140, 140]), weeks, ["uddannelseshjaelp"]).tolist() == [False, True]


def test_lookup_has_the_shape_of_the_codes(book: Codebook) -> None:
    codes = np.array([[736, 810, NO_BENEFIT], [816, NOT_FOLLOWED, 999]])
    weeks = mondays((2016, 1), (2016, 2), (2016, 3))[None, :]
    practice = book.in_groups(codes, weeks, ["virksomhedspraktik"])
    assert practice.tolist() == [[True, False, False], [True, False, False]]


def test_no_benefit_is_known_and_in_no_group(book: Codebook) -> None:
    codes = np.array([NO_BENEFIT, NOT_FOLLOWED])
    assert book.knows(codes).all()
    assert book.valid(codes, mondays((2016, 1))).all()
    assert not book.in_groups(codes, mondays((2016, 1)), book.groups).any()


def test_codes_outside_every_entry_are_unknown(book: Codebook) -> None:
    assert book.knows(np.array([736, 600, 9999, 12345])).tolist() == [True, False, False, False]


def test_emigration_pension_and_death_end_the_follow_up(book: Codebook) -> None:
    assert {code for code in range(1, 1000) if set(book.groups_of([code])[0]) & set(book.censoring)} == {997, 998, 999}


def test_an_unknown_group_names_the_nearest(book: Codebook) -> None:
    with pytest.raises(UnknownCodeGroupError) as caught:
        book.in_groups(np.array([736]), mondays((2016, 1)), ["løntilskud"])
    assert "loentilskud" in str(caught.value.hint)


def test_a_code_book_of_ones_own_replaces_ours(tmp_path: Path) -> None:
    book = own(tmp_path, "groups: {hjaelp: {label: Hjælp}}\nentries: [{codes: '1-3, 600', group: hjaelp, source: s}]\n")
    assert book.knows(np.array([2, 600, 736])).tolist() == [True, True, False]


def test_a_code_may_change_its_group(tmp_path: Path) -> None:
    book = own(
        tmp_path,
        "groups: {foer: {label: F}, efter: {label: E}}\nentries:\n"
        "- {codes: 5, group: foer, valid_to: 2015-12-31, source: s}\n"
        "- {codes: 5, group: efter, valid_from: 2016-01-04, source: s}\n",
    )
    codes, weeks = np.array([5, 5]), mondays((2015, 53), (2016, 1))
    assert book.in_groups(codes, weeks, ["foer"]).tolist() == [True, False]
    assert book.in_groups(codes, weeks, ["efter"]).tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("groups: {a: {label: A}}\nentries: [{codes: 5, group: b, source: s}]", "'b'"),
        ("groups: {a: {label: A}, b: {label: B}}\nentries: [{codes: 5, group: a, source: s}]", "'b' has no codes"),
        ("groups: {a: {label: A}}\nentries: [{codes: 9-5, group: a, source: s}]", "rise"),
        ("groups: {a: {label: A}}\nentries: [{codes: fem, group: a, source: s}]", "neither a code nor a range"),
        ("groups: {a: {label: A}}\nentries: [{codes: 5, group: a}]", "source"),
        ("groups: {a: {label: A}}\nentries: [{codes: 5, group: a, source: s, gyldig: 1}]", "gyldig"),
        (
            "groups: {a: {label: A}}\n"
            "entries: [{codes: 5, group: a, source: s, valid_from: 2016-01-02, valid_to: 2016-01-01}]",
            "valid_to",
        ),
        ("groups: [", "YAML"),
    ],
)
def test_a_code_book_that_contradicts_itself_says_how(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(CodebookError, match=what):
        own(tmp_path, text)


def test_a_missing_code_book_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="cannot be read"):
        load_codebook(tmp_path / "ingen.yml")
