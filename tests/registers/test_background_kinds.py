"""What a background column holds is declared or decided once; a stray cell never changes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from four_persons import SmallTrial

from reportlib.analysis.measure_values import person_values
from reportlib.analysis.run import analyse
from reportlib.registers.errors import (
    AmbiguousNumberError,
    EmptyCellError,
    EmptyGroupError,
    ExtractError,
    MixedKindsError,
    NotYesOrNoError,
    RareValueError,
    UndeclaredDatesError,
    UnreadableNumberError,
)


def values(small: SmallTrial, written: list[str], **participants: Any) -> list[Any]:
    small.participants["alder"] = written
    small.spec["extracts"]["participants"] |= participants
    found: list[Any] = small.read().persons["alder"].tolist()
    return found


def fault_of(small: SmallTrial, written: list[str], **participants: Any) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        values(small, written, **participants)
    return caught.value


@pytest.mark.parametrize(
    ("written", "row"),
    [
        (["30", "ukendt", "41", "52"], 3),  # one text among numbers
        (["0", "1", "1", "K"], 5),  # one text among yes and no
        (["K", "M", "7", "K"], 4),  # one number among categories
        (["30", "041", "52", "9"], 3),  # one code among numbers
    ],
)
def test_a_stray_cell_is_refused_with_its_row_and_told_how_to_declare_it(
    small: SmallTrial, written: list[str], row: int
) -> None:
    fault = fault_of(small, written)
    assert isinstance(fault, MixedKindsError)
    assert (fault.file, fault.rows, fault.column) == ("deltagere.csv", (row,), "alder")
    assert "background_kinds: {alder: category}" in str(fault.hint)


def test_the_same_cells_are_categories_where_trial_yml_says_so(small: SmallTrial) -> None:
    written = ["30", "ukendt", "41", "52"]
    declared = {"background_kinds": {"alder": "category"}, "background_values": {"alder": written}}
    assert values(small, written, **declared) == written


def test_a_category_that_few_have_is_refused_unless_trial_yml_names_it(small: SmallTrial) -> None:
    small.spec["disclosure"] = {"threshold": 3}
    fault = fault_of(small, ["K", "K", "K", "se notat"])
    assert isinstance(fault, RareValueError)
    assert fault.rows == (5,)
    assert values(small, ["K", "K", "K", "se notat"], background_values={"alder": ["Se notat"]})[3] == "Se notat"


def test_case_and_blanks_do_not_make_another_category(small: SmallTrial) -> None:
    small.spec["disclosure"] = {"threshold": 4}
    assert values(small, ["Mand", "Mand", "mand", " MAND "]) == ["Mand"] * 4


def test_true_and_false_are_yes_and_no_as_in_a_file_that_keeps_them(small: SmallTrial) -> None:
    assert values(small, ["True", "False", "true", "false"]) == [1, 0, 1, 0]


def test_ja_and_nej_are_yes_and_no_where_declared(small: SmallTrial) -> None:
    declared = {"background_kinds": {"alder": "yes_no"}}
    np.testing.assert_array_equal(values(small, ["Ja", "nej", "", "1"], **declared), [1, 0, np.nan, 1])
    fault = fault_of(small, ["Ja", "nej", "måske", "1"], **declared)
    assert isinstance(fault, NotYesOrNoError)
    assert fault.rows == (4,)


def test_years_of_a_calendar_are_no_number_of_years(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_units"] = {"alder": "years"}
    fault = fault_of(small, ["1985", "1974", "1963", "42"])
    assert "more than 150 years" in str(fault)
    assert values(small, ["1985", "1974", "1963", "42"], background_kinds={"alder": "number"}) == [1985, 1974, 1963, 42]


@pytest.mark.parametrize(
    "written",
    ["FaglÃ¦rt", "Fagl\ufffdrt", "Fagl?rt", "Fagl&aelig;rt", "Fagl‘rt", "Fagl¾rt"],
    ids=["utf-8 as 1252", "lost", "asked", "html", "dos as 1252", "macintosh as 1252"],
)
def test_a_category_whose_letters_were_misread_is_refused_unless_named(small: SmallTrial, written: str) -> None:
    cells = ["Faglært", "Faglært", written, written]
    fault = fault_of(small, cells, background_values={"alder": ["Faglært"]})
    assert f"rows 4, 5, column alder: {written!r} has letters that were misread on the way" in str(fault)
    assert values(small, cells, background_values={"alder": ["Faglært", written]}) == cells


def test_codes_of_one_length_are_categories(small: SmallTrial) -> None:
    small.spec["extracts"]["participants"]["background_values"] = {"alder": ["0851", "1147"]}
    assert values(small, ["0851", "1147", "0851", "0851"]) == ["0851", "1147", "0851", "0851"]


def test_a_nine_among_noughts_and_ones_is_a_number_only_where_declared(small: SmallTrial) -> None:
    fault = fault_of(small, ["0", "1", "1", "9"])
    assert fault.rows == (5,)
    assert values(small, ["0", "1", "1", "9"], background_kinds={"alder": "number"}) == [0, 1, 1, 9]


def test_ones_and_twos_are_codes_or_numbers_as_trial_yml_says(small: SmallTrial) -> None:
    written = ["1", "2", "2", "1"]
    assert "are they codes" in fault_of(small, written).message
    assert values(small, written, background_kinds={"alder": "number"}) == [1, 2, 2, 1]


def test_codes_are_called_what_trial_yml_calls_them(small: SmallTrial) -> None:
    called = {"alder": {"1": "Mænd", "2": "Kvinder"}}
    assert values(small, ["1", "2", "2", "1"], background_values=called) == ["Mænd", "Kvinder", "Kvinder", "Mænd"]


def test_a_code_that_trial_yml_does_not_name_beside_those_it_does_is_refused(small: SmallTrial) -> None:
    fault = fault_of(small, ["1", "2", "2", "3"], background_values={"alder": {"1": "Mænd", "2": "Kvinder"}})
    assert isinstance(fault, MixedKindsError)
    assert fault.rows == (5,)


def test_a_code_for_unknown_is_a_number_only_where_declared(small: SmallTrial) -> None:
    small.participants = pd.concat([small.participants.assign(person=["a", "b", "c", "d"]), small.participants])
    small.dream = pd.concat([small.dream.assign(PNR=["a", "b", "c", "d"]), small.dream])
    written = ["30", "41", "52", "63", "64", "65", "999", "-9"]
    fault = fault_of(small, written, background_units={"alder": "years"})
    assert [one.rows for one in fault.faults] == [(8,), (9,)]  # type: ignore[attr-defined]
    assert values(small, written, background_kinds={"alder": "number"})[6:] == [999, -9]


def test_values_that_differ_in_danish_letters_are_two_only_where_both_are_named(small: SmallTrial) -> None:
    written = ["Faglært", "Faglaert", "Faglært", "Faglaert"]
    assert "differ in punctuation or Danish letters only" in str(fault_of(small, written))
    named = {"alder": ["Faglært", "Faglaert"]}
    assert values(small, written, background_values=named) == written


def test_dates_are_refused_until_trial_yml_says_what_they_are(small: SmallTrial) -> None:
    born = ["1986-10-03", "1976-10-05", "1996-11-13", "2006-12-12"]
    assert isinstance(fault_of(small, born), UndeclaredDatesError)
    years = values(small, born, background_kinds={"alder": "date"})
    assert years == pytest.approx([30, 40, 20, 10], abs=0.01)


@pytest.mark.parametrize("declared", [{"background_kinds": {"alder": "number"}}, {"background_units": {"alder": "kr"}}])
def test_a_declared_number_is_a_number_in_every_cell(small: SmallTrial, declared: dict[str, Any]) -> None:
    assert isinstance(fault_of(small, ["30", "ukendt", "41", "52"], **declared), UnreadableNumberError)
    assert isinstance(fault_of(small, ["250.000", "1", "2", "3"], **declared), AmbiguousNumberError)


def test_an_empty_cell_that_an_analysis_needs_is_named_by_file_and_row(small: SmallTrial) -> None:
    small.measure(kind="dream", groups=["fleksjob"])
    small.spec["follow_up"]["enough"] = 2
    small.spec["analyses"] = [{"kind": "at_week", "measures": ["m0"], "week": 1, "adjust_for": ["alder"]}]
    small.participants["alder"] = ["31", "42", "", "64"]
    data = small.read()
    with pytest.raises(EmptyCellError) as caught:
        analyse(data.trial, data)
    assert (caught.value.file, caught.value.rows, caught.value.column) == ("deltagere.csv", (4,), "alder")


def test_a_blank_cell_does_not_change_who_has_a_value(small: SmallTrial) -> None:
    """With a blank the numbers become floats: `1` is still the value 1."""
    small.participants["alder"] = ["1", "", "0", "1"]
    small.measure(kind="background", column="alder", equals="1")
    data = small.read()
    np.testing.assert_array_equal(person_values(data.trial.measures[0], data), [1, np.nan, 0, 1])


def test_an_empty_group_is_told_with_the_values_that_were_found(small: SmallTrial) -> None:
    small.participants["gruppe"] = "Deltager"
    fault = fault_of(small, ["1", "2", "3", "4"])
    assert isinstance(fault, EmptyGroupError)
    assert str(fault.hint) == "the values found are 'Deltager'"


@pytest.mark.parametrize(
    "text",
    ["K?benhavn", "K\u2018ge", "T\u203arnby",
     "S\u2020by", "F\xbeby", "L\xbfby", "Fa\ufffdborg", "Bj&oslash;rn", "S&#248;r", "KÃ¸ge"],
)  # fmt: skip
def test_every_kind_of_letter_that_was_misread_is_refused(small: SmallTrial, text: str) -> None:
    assert "has letters that were misread on the way" in str(fault_of(small, [text] * 4))
    assert values(small, [text] * 4, background_values={"alder": [text]}) == [text] * 4


@pytest.mark.parametrize(
    "text", ["Ved ikke?", "?", "Fri & frank", "R&D afdeling", "\u2018Kort\u2019 forløb", "1\xbe time", "Æbelø"]
)
def test_the_same_signs_elsewhere_are_text(small: SmallTrial, text: str) -> None:
    assert values(small, [text] * 4, background_values={"alder": [text]}) == [text] * 4


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("0101", "yes_no"),
        ("1111", "yes_no"),
        ("0121", "number"),  # 0, 1 and 2: a count
        ("0131", None),  # 0 and 1, and a slip
        ("0133", None),  # half of them
        ("0333", "number"),
        ("1333", "number"),
        ("0145", None),  # two slips
        ("1212", None),  # codes of men and women
        ("1289", None),
        ("2929", None),
        ("2222", "number"),
        ("1231", "number"),
        ("3232", "number"),
    ],
)
def test_what_noughts_ones_and_twos_are(small: SmallTrial, written: str, kind: str | None) -> None:
    if kind is None:
        fault = fault_of(small, list(written))
        assert "is neither 0 nor 1" in str(fault) or "a column of 1 and 2" in str(fault)
    else:
        small.participants["alder"] = list(written)
        [people] = [file for file in small.read().files if file.kinds]
        assert people.kinds["alder"] == kind
        assert small.read().persons["alder"].tolist() == [float(number) for number in written]
