"""The code book: several groups per code, validity, and a file of the user's own."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import yaml

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


def test_every_code_is_in_its_groups_in_every_week_and_in_no_other(book: Codebook) -> None:
    """The arrays' answer beside the file's own words: each entry read by hand, in the weeks about each of its days."""
    file = yaml.safe_load(files("reportlib.registers").joinpath("codebook.yml").read_text(encoding="utf-8"))
    first, last = date(1900, 1, 1), date(2100, 1, 1)
    spans: dict[str, list[tuple[int, int, date, date]]] = {name: [] for name in file["groups"]}
    for entry in file["entries"]:
        for part in str(entry["codes"]).split(","):
            ends = [int(code) for code in part.split("-")]
            spans[entry["group"]].append(
                (ends[0], ends[-1], entry.get("valid_from", first), entry.get("valid_to", last))
            )
    turns = {day for own in spans.values() for *_, begins, ends in own for day in (begins, ends)} - {first, last}
    monday = {day - timedelta(days=day.weekday()) + timedelta(weeks=step) for day in turns for step in (-1, 0, 1)}
    weeks = sorted({*monday, date(2016, 1, 4)})
    codes = np.arange(1, 1001)
    days = np.array(weeks, dtype="datetime64[D]")
    used = np.zeros((len(codes), len(weeks)), dtype=bool)
    for group, own in spans.items():
        wanted = np.zeros_like(used)
        for low, high, begins, ends in own:
            within = [week + timedelta(days=6) >= begins and week <= ends for week in weeks]
            wanted |= ((codes >= low) & (codes <= high))[:, None] & np.array(within)
        found = book.in_groups(codes[:, None], days[None, :], [group])
        assert codes[np.any(found != wanted, axis=1)].tolist() == [], group
        used |= wanted
    assert (book.valid(codes[:, None], days[None, :]) == used).all()
    ever = {code for own in spans.values() for low, high, *_ in own for code in range(low, high + 1)}
    assert set(codes[book.knows(codes)].tolist()) == ever
