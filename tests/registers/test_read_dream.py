"""DREAM in event time: entry, censoring, coverage, and codes that are not in the code book."""

from __future__ import annotations

import pandas as pd
import pytest
from four_persons import SmallTrial, dream_frame, file_of

from reportlib.registers.errors import (
    CodeOutsideValidityError,
    DuplicateColumnError,
    DuplicatePersonError,
    ExtractError,
    InvalidWeekError,
    MissingColumnError,
    MissingWeeksError,
    NobodyFoundError,
    ParticipantMissingError,
    SeveralFaultsError,
    UnknownCodeGroupError,
    UnknownDreamCodeError,
)


def test_event_week_one_is_the_week_of_entry(small: SmallTrial) -> None:
    small.dream = dream_frame({"p1": {"y_1640": "730", "y_1647": "736"}, "p4": {"y_1650": "810", "y_1652": "816"}})
    panel = small.read().panel
    assert panel.dream is not None
    assert panel.dream[0].tolist() == [730, 0, 0, 0, 0, 0, 0, 736]
    assert panel.dream[3].tolist() == [810, 0, 816, -1, -1, -1, -1, -1]


def test_the_last_column_before_entry_is_the_week_before_week_one(small: SmallTrial) -> None:
    small.dream = dream_frame({"p1": {"y_1636": "730", "y_1639": "736"}, "p4": {"y_1649": "810"}})
    panel = small.read().panel
    assert panel.dream_before is not None
    assert panel.dream_before[0].tolist() == [730, 0, 0, 736]
    assert panel.dream_before[3].tolist() == [0, 0, 0, 810]


def test_rows_follow_the_participants_whatever_the_order_of_the_file(small: SmallTrial) -> None:
    small.dream = dream_frame({"p2": {"y_1640": "651"}}).iloc[::-1]
    panel = small.read().panel
    assert panel.dream is not None
    assert panel.dream[:, 0].tolist() == [0, 651, 0, 0]


@pytest.mark.parametrize("written", ["730", "730.0", " 730 "])
def test_codes_are_read_as_text_or_number(small: SmallTrial, written: str) -> None:
    small.dream = dream_frame({"p1": {"y_1640": written}})
    panel = small.read().panel
    assert panel.dream is not None
    assert panel.dream[0, 0] == 730


@pytest.mark.parametrize("empty", ["", ".", "NA"])
def test_an_empty_cell_is_a_week_without_benefit(small: SmallTrial, empty: str) -> None:
    small.dream = dream_frame({"p1": {"y_1640": empty}})
    panel = small.read().panel
    assert panel.dream is not None
    assert panel.dream[0, 0] == 0


@pytest.mark.parametrize("code", ["997", "998", "999"])
def test_a_censoring_code_ends_the_follow_up_from_its_week_on(small: SmallTrial, code: str) -> None:
    small.dream = dream_frame({"p1": {"y_1641": "730", "y_1642": code, "y_1643": "730"}})
    data = small.read()
    assert data.panel.dream is not None
    assert data.panel.followed[0].tolist() == [True, True] + [False] * 6
    assert data.panel.dream[0].tolist() == [0, 730] + [-1] * 6
    assert data.persons["weeks_followed"][0] == 2
    (note,) = file_of(data, "dream.csv").notes
    assert "other codes after one that ends the follow-up" in note.text
    assert note.seen == "1 persons"


def test_a_censoring_code_before_entry_does_not_count(small: SmallTrial) -> None:
    small.dream = dream_frame({"p1": {"y_1639": "997"}})
    assert small.read().persons["weeks_followed"][0] == 8


def test_persons_who_do_not_take_part_are_dropped_and_counted(small: SmallTrial) -> None:
    stranger = small.dream.iloc[[0]].assign(PNR="x9", y_1640="nonsens")
    small.dream = pd.concat([stranger, dream_frame({"p1": {"y_1640": "730"}})])
    data = small.read()
    assert file_of(data, "dream.csv").dropped == {"records of persons who do not take part": 1}
    assert data.panel.dream is not None
    assert data.panel.dream[:, 0].tolist() == [730, 0, 0, 0]


def test_participants_who_are_not_in_dream_are_counted_and_named_by_row(small: SmallTrial) -> None:
    small.dream = small.dream[~small.dream["PNR"].isin(["p2", "p4"])]
    with pytest.raises(ParticipantMissingError, match=r"2 of 4 participants.*rows 3, 5"):
        small.read()


def test_ids_of_other_persons_are_refused(small: SmallTrial) -> None:
    small.dream["PNR"] = ["1", "2", "3", "4"]
    with pytest.raises(NobodyFoundError):
        small.read()


def test_a_person_with_two_records_is_refused(small: SmallTrial) -> None:
    small.dream = pd.concat([small.dream, small.dream.iloc[[0]]])
    with pytest.raises(DuplicatePersonError) as caught:
        small.read()
    assert caught.value.rows == (2, 6)


def test_unknown_codes_stop_with_the_code_and_how_many_rows_carry_it(small: SmallTrial) -> None:
    small.dream = dream_frame(
        {"p1": {"y_1640": "600", "y_1641": "600"}, "p2": {"y_1636": "600"}, "p3": {"y_1646": "K12"}}
    )
    with pytest.raises(UnknownDreamCodeError) as caught:
        small.read()
    assert caught.value.counts == {"600": 2, "K12": 1}
    assert "'600' in 2 rows" in str(caught.value)


@pytest.mark.parametrize("code", ["0", "-5", "99999", "73,5"])
def test_what_cannot_be_a_code_is_an_unknown_code(small: SmallTrial, code: str) -> None:
    small.dream = dream_frame({"p1": {"y_1640": code}})
    with pytest.raises(UnknownDreamCodeError) as caught:
        small.read()
    assert caught.value.counts == {code: 1}


def test_codes_outside_the_weeks_needed_are_not_judged(small: SmallTrial) -> None:
    small.dream = dream_frame({"p4": {"y_1640": "600"}})
    assert small.read().persons["weeks_followed"][3] == 3


def test_a_code_before_its_benefit_existed_is_refused(small: SmallTrial) -> None:
    book = "format: 1\ntitle: B\nofficial: true\ndated: 2020-01-01\ngroups: {ny: {label: Ny}}\n"
    entry = "entries: [{codes: 5, group: ny, valid_from: 2016-10-10, source: s}]\n"
    (small.folder / "bog.yml").write_text(book + entry, encoding="utf-8")
    small.spec["extracts"]["dream"]["codebook"] = "bog.yml"
    small.dream = dream_frame({"p1": {"y_1641": "5"}, "p2": {"y_1640": "5"}})
    with pytest.raises(CodeOutsideValidityError, match=r"code 5 .* 2016-W40 .* 1 row"):
        small.read()


def test_a_code_book_of_ones_own_lies_in_the_trials_folder(small: SmallTrial) -> None:
    book = "format: 1\ntitle: B\nofficial: true\ndated: 2020-01-01\ngroups: {ny: {label: Ny}}\n"
    (small.folder / "bog.yml").write_text(book + "entries: [{codes: 600, group: ny, source: s}]", encoding="utf-8")
    small.spec["extracts"]["dream"]["codebook"] = "bog.yml"
    small.dream = dream_frame({"p1": {"y_1641": "600"}})
    data = small.read()
    assert data.codebook is not None
    assert data.codebook.title == "B"


def test_a_measure_of_an_unknown_group_names_the_nearest(small: SmallTrial) -> None:
    small.measure(kind="dream", groups=["virksomhedspraktk"])
    with pytest.raises(UnknownCodeGroupError) as caught:
        small.read()
    assert caught.value.file == "trial.yml, measure m0"
    assert "virksomhedspraktik" in str(caught.value.hint)


@pytest.mark.parametrize(("week", "where"), [("y_1636", "1 before the first entry"), ("y_1652", "1 in follow-up")])
def test_a_missing_week_is_named_and_placed(small: SmallTrial, week: str, where: str) -> None:
    small.dream = small.dream.drop(columns=week)
    with pytest.raises(MissingWeeksError, match=f"{week}.*{where}"):
        small.read()


def test_weeks_after_the_last_day_are_not_needed(small: SmallTrial) -> None:
    small.spec["follow_up"]["last_day"] = "2016-12-25"
    small.dream = small.dream.drop(columns="y_1652")
    assert small.read().persons["weeks_followed"].tolist() == [8, 8, 7, 2]


def test_two_columns_of_one_week_are_refused(small: SmallTrial) -> None:
    small.dream["Y_1640"] = "730"
    with pytest.raises(DuplicateColumnError) as caught:
        small.read()
    assert caught.value.column is not None
    assert caught.value.column.casefold() == "y_1640"


def test_a_week_that_does_not_exist_is_refused(small: SmallTrial) -> None:
    small.dream["y_1753"] = ""
    with pytest.raises(InvalidWeekError) as caught:
        small.read()
    assert caught.value.column == "y_1753"


@pytest.mark.parametrize("pattern", ["dream_{YY}{WW}", "y_{YY}"])
def test_a_pattern_that_fits_no_column_is_refused(small: SmallTrial, pattern: str) -> None:
    small.spec["extracts"]["dream"]["weeks"] = pattern
    with pytest.raises(MissingColumnError):
        small.read()


def test_faults_of_persons_and_codes_come_without_ids(small: SmallTrial) -> None:
    secret = ["0101801234", "0202802345", "hemmelig-3", "hemmelig-4"]
    names = dict(zip(small.participants["person"], secret, strict=True))
    for frame, column in ((small.participants, "person"), (small.dream, "PNR")):
        frame[column] = frame[column].map(names)
    small.dream = pd.concat([small.dream, small.dream.iloc[[0]]]).drop(index=3)
    with pytest.raises(ExtractError) as caught:
        small.read()
    assert isinstance(caught.value, SeveralFaultsError)
    assert not any(person in str(caught.value) for person in secret)
