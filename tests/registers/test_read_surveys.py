"""Surveys: answers as numbers or text, on the scales and in the words of the measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from four_persons import SmallTrial, fault_of, file_of

from reportlib.registers.data import Note
from reportlib.registers.errors import (
    AnswerOutsideScaleError,
    HostileTextError,
    NobodyFoundError,
    UnknownAnswerError,
    UnknownSiteError,
    UnreadableNumberError,
)


def mean(small: SmallTrial, **scale: Any) -> None:
    words = {"low_label": "lidt", "high_label": "meget"}
    small.measure(kind="survey_mean", survey="borgere", item="mening", **scale, **words)


def share(small: SmallTrial, *answers: int | str, not_counted: tuple[int | str, ...] = ()) -> None:
    answered = {"answers": list(answers), "not_counted": list(not_counted)}
    small.measure(kind="survey_share", survey="borgere", item="mening", **answered)


def test_sheets_know_their_site_and_their_person(small: SmallTrial) -> None:
    small.citizens["person"] = ["p2", ""]
    small.citizens["kommune"] = ["køge", ""]
    sheets = small.read().surveys["borgere"]
    assert sheets["row"].tolist() == [1, -1]
    assert sheets["site"].tolist() == ["Køge", ""]
    assert sheets["mening"].tolist() == [3, 5]


def test_a_sheet_without_a_column_of_the_site_is_from_where_its_person_is(small: SmallTrial) -> None:
    small.citizens["person"] = ["p2", ""]
    small.spec["extracts"]["surveys"]["borgere"]["site"] = None
    assert small.read().surveys["borgere"]["site"].tolist() == ["Køge", ""]


def test_anonymous_surveys_have_neither_person_nor_site(small: SmallTrial) -> None:
    small.spec["extracts"]["surveys"]["borgere"] |= {"person": None, "site": None}
    sheets = small.read().surveys["borgere"]
    assert sheets["row"].tolist() == [-1, -1]
    assert sheets["site"].tolist() == ["", ""]


def test_a_code_for_no_answer_is_counted_only_where_it_is_named(small: SmallTrial) -> None:
    small.citizens = pd.DataFrame({"person": ["p1", "p2", "p3"], "kommune": "Køge", "mening": ["1", "5", "9"]})
    share(small, 4, 5)
    fault = fault_of(small)
    assert (fault.rows, fault.column) == ((4,), "mening")
    assert "looks like a code for an answer that was not given" in fault.message
    small.spec["measures"][-1]["from"]["not_counted"] = [9]
    small.read()


def test_sheets_of_strangers_are_dropped_and_counted(small: SmallTrial) -> None:
    small.citizens.loc[2] = ["x9", "Køge", "1"]
    data = small.read()
    assert data.surveys["borgere"]["mening"].tolist() == [3, 5]
    assert file_of(data, "borgere.csv").dropped == {"sheets of persons who do not take part": 1}


def test_a_sheet_from_another_place_than_its_person_counts_where_it_says_and_is_told(small: SmallTrial) -> None:
    small.citizens.loc[1, "kommune"] = "Aarhus"
    data = small.read()
    assert data.surveys["borgere"]["site"].tolist() == ["Aarhus", "Aarhus"]
    told = Note("sheets name another kommune than their person's: each counts where it says", "1 sheets")
    assert told in file_of(data, "borgere.csv").notes


def test_two_sheets_of_one_person_are_kept_and_noted(small: SmallTrial) -> None:
    small.citizens[["person", "kommune"]] = ["p1", "Aarhus"]
    data = small.read()
    assert len(data.surveys["borgere"]) == 2
    told = Note("1 sheets come from persons who have another sheet; all are counted")
    assert file_of(data, "borgere.csv").notes == (told,)


def test_answers_are_text_when_one_of_them_is_and_missing_answers_are_none(small: SmallTrial) -> None:
    small.citizens.loc[2] = ["p3", "Køge", ""]
    small.citizens.loc[3] = ["p4", "Køge", "Ved ikke"]
    assert small.read().surveys["borgere"]["mening"].tolist() == ["3", "5", None, "Ved ikke"]


def test_a_missing_number_is_nan(small: SmallTrial) -> None:
    small.citizens["mening"] = ["3", ""]
    np.testing.assert_array_equal(small.read().surveys["borgere"]["mening"], [3, np.nan])


def test_answers_are_spelt_as_the_measures_spell_them(small: SmallTrial) -> None:
    small.citizens["mening"] = ["ved  ikke", "JA"]
    share(small, "Ja", not_counted=("Ved ikke",))
    assert small.read().surveys["borgere"]["mening"].tolist() == ["Ved ikke", "Ja"]


def test_an_answer_outside_the_scale_is_refused_with_its_row(small: SmallTrial) -> None:
    mean(small, low=1, high=4)
    fault = fault_of(small)
    assert isinstance(fault, AnswerOutsideScaleError)
    assert (fault.rows, fault.column) == ((3,), "mening")


def test_text_on_a_scale_is_refused_unless_it_is_not_counted(small: SmallTrial) -> None:
    small.citizens["mening"] = ["3", "Ved ikke"]
    mean(small, low=1, high=5)
    assert isinstance(fault_of(small), UnreadableNumberError)
    share(small, 3, 4, 5, not_counted=("Ved ikke",))
    assert small.read().surveys["borgere"]["mening"].tolist() == ["3", "Ved ikke"]


def test_counting_texts_where_all_answers_are_numbers_is_refused_and_the_reverse(small: SmallTrial) -> None:
    share(small, "Enig")
    assert isinstance(fault_of(small), UnknownAnswerError)
    small.spec["measures"] = []
    small.citizens["mening"] = ["Enig", "Uenig"]
    share(small, 4, 5)
    assert isinstance(fault_of(small), UnknownAnswerError)


def test_an_answer_nobody_gave_may_be_counted_and_is_noted(small: SmallTrial) -> None:
    small.citizens["mening"] = ["Uenig", "Hverken eller"]
    share(small, "Enig", not_counted=("Ved ikke",))
    notes = file_of(small.read(), "borgere.csv").notes
    assert notes == (Note("mening: the answer 'Enig' never occurs", "near: 'Uenig'"),)


def test_an_answer_spelt_otherwise_than_in_the_measure_stops(small: SmallTrial) -> None:
    small.citizens["mening"] = ["Ved-ikke", "Ja"]
    share(small, "Ja", not_counted=("Ved ikke",))
    assert isinstance(fault_of(small), UnknownAnswerError)


def test_a_misspelt_site_is_refused(small: SmallTrial) -> None:
    small.citizens["kommune"] = ["Aarhus", "Kjøge"]
    assert isinstance(fault_of(small), UnknownSiteError)


def test_hostile_answers_are_refused(small: SmallTrial) -> None:
    small.citizens["mening"] = ["Ja", "N\x1bej"]
    assert isinstance(fault_of(small), HostileTextError)


def test_persons_none_of_whom_take_part_are_suspected(small: SmallTrial) -> None:
    small.citizens["person"] = ["1", "2"]
    assert isinstance(fault_of(small), NobodyFoundError)
