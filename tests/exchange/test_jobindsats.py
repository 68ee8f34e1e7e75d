"""Jobindsats, on answers made after the shapes that are documented and seen in public code (`bank_answers`)."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from bank_answers import (
    BASE,
    COUNT,
    DATA_V2,
    DATA_V3,
    MARK,
    TABLE_V3,
    TWICE,
    answers,
    series_of,
    series_trial,
    spoiled,
)  # fmt: skip
from command_line import run

from reportlib.errors import ReportlibError
from reportlib.exchange import jobindsats
from reportlib.exchange.jobindsats import TOKEN, MissingTokenError
from reportlib.exchange.public_series import (
    HiddenCellError,
    NotInTableError,
    SeveralValuesError,
    UnknownAnswerValueError,
    as_extract,
)
from reportlib.exchange.web import NoAnswerError, Question

SPEC: dict[str, Any] = {
    "kind": "jobindsats", "table": "y60a02", "count": COUNT, "base": BASE, "where": {"_kon": "Kvinder"},
    "first": "2020-01-01", "last": "2020-02-29",
}  # fmt: skip
SECRET = {TOKEN: "hemmelig"}
EXTRACT = """maaned;omraade;antal;grundlag;kilde;tabel;hentet
2020-01;Nord;12;200;Jobindsats;y60a02;2026-11-30
2020-02;Nord;14;200;Jobindsats;y60a02;2026-11-30
2020-01;Syd;34;310;Jobindsats;y60a02;2026-11-30
2020-02;Syd;30;310;Jobindsats;y60a02;2026-11-30
"""


def fetched(
    data: Any = DATA_V3,
    table: Any = TABLE_V3,
    *,
    asked: list[Question] | None = None,
    sites: tuple[str, ...] = ("Nord", "Syd"),
    **more: Any,
) -> str:
    trial = series_trial({**SPEC, **more}, sites)
    series, spec = series_of(trial)
    ask = answers({"/table/": table, "/data/": data}, asked)
    cells = jobindsats.cells(spec, trial, ask, SECRET)  # type: ignore[arg-type]
    return as_extract(cells, spec, series, trial, date(2026, 11, 30)).decode("utf-8")


def test_a_series_becomes_a_dated_extract_with_bank_and_table() -> None:
    assert fetched() == EXTRACT


def test_what_is_asked_names_months_areas_and_values_by_id_and_carries_the_token() -> None:
    asked: list[Question] = []
    fetched(asked=asked)
    assert [question.address.partition("?")[0] for question in asked] == [
        "https://api.jobindsats.dk/v3/table/y60a02",
        "https://api.jobindsats.dk/v3/data/y60a02",
    ]
    assert "period.M=2020M01,2020M02&hierarchy._nykom=*&hierarchy._kon=/1/&format=json" in asked[1].address
    assert all(question.secret == {"Authorization": "Bearer hemmelig"} for question in asked)
    assert "hemmelig" not in repr(asked)


@pytest.mark.parametrize("mark", [MARK, MARK + MARK, TWICE, MARK + TWICE])
def test_byte_order_marks_are_passed_over(mark: bytes) -> None:
    assert fetched(mark + json.dumps(DATA_V3).encode(), mark + json.dumps(TABLE_V3).encode()) == EXTRACT


def test_version_2_asks_with_the_raw_key_and_reads_variables_and_data() -> None:
    asked: list[Question] = []
    assert fetched(DATA_V2, version=2, asked=asked) == EXTRACT
    [question] = asked
    assert question.secret == {"Authorization": "hemmelig"}
    assert question.body == {"area": "*", "period": ["2020M01", "2020M02"], "_kon": ["Kvinder"]}


@pytest.mark.parametrize("answer", [[], {}, "x", [{"Variables": []}], [{"Data": []}], {"Variables": [], "Data": []}])
def test_an_answer_of_another_form_than_version_2_is_refused_by_its_address(answer: Any) -> None:
    with pytest.raises(NoAnswerError, match=r"/v2/data/y60a02/json answered without Variables and Data"):
        fetched(answer, version=2)


@pytest.mark.parametrize("missing", ["columns", "rows"])
def test_an_answer_of_another_form_than_version_3_is_refused_by_its_address(missing: str) -> None:
    for instead in ({}, {missing: "x"}):
        data = {**{name: part for name, part in DATA_V3.items() if name != missing}, **instead}
        with pytest.raises(NoAnswerError, match=r"/v3/data/y60a02\?.* answered without columns and rows"):
            fetched(data)


@pytest.mark.parametrize("empty", [None, "", ".."])
def test_a_cell_without_a_number_is_never_a_zero(empty: str | None) -> None:
    data = deepcopy(DATA_V3)
    data["rows"][1][3] = empty
    with pytest.raises(HiddenCellError, match="Syd 2020M01: Antal personer"):
        fetched(data)


@pytest.mark.parametrize(
    ("more", "told", "near"),
    [
        ({"sites": ("Nord", "Vestbye")}, "has no area 'Vestbye'", "Vestby"),
        ({"where": {"_kon": "Kvinde"}}, "has no value of _kon 'Kvinde'", "Kvinder"),
        ({"where": {"_koen": "Kvinder"}}, "has no hierarchy '_koen'", "_kon"),
        ({"area": "_kom"}, "has no hierarchy '_kom'", "_nykom"),
        ({"count": "Antal person"}, "has no measure 'Antal person'", "Antal personer"),
        ({"last": "2020-04-01"}, "has no month 2020M04", "2020M01 to 2020M03"),
    ],
)
def test_what_the_table_does_not_have_gets_the_nearest_names(more: dict[str, Any], told: str, near: str) -> None:
    with pytest.raises(NotInTableError, match=told) as raised:
        fetched(**more)
    assert near in (raised.value.hint or "")


def test_a_site_may_be_called_otherwise_at_the_bank_or_be_left_out() -> None:
    told = fetched(sites=("Nordby", "Syd", "Øde"), areas={"Nordby": "Nord"}, without=["Øde"])
    assert told == EXTRACT.replace(";Nord;", ";Nordby;")
    assert fetched(sites=("Nordby", "Syd"), areas={"Nordby": "/1/"}) == EXTRACT.replace(";Nord;", ";Nordby;")
    assert fetched(DATA_V2, version=2, sites=("Nordby", "Syd"), areas={"Nordby": "Nord"}).count(";Nordby;") == 2
    with pytest.raises(ValueError, match="unknown site 'Nrd'"):
        fetched(areas={"Nrd": "Nord"})


def test_an_answer_for_other_values_than_asked_for_is_refused() -> None:
    data = deepcopy(DATA_V3)
    data["rows"][0][2] = "Mænd"
    with pytest.raises(UnknownAnswerValueError, match="asked for Kvinder and answered for Mænd"):
        fetched(data)


def test_an_area_whose_rows_are_missing_is_told() -> None:
    data = {**DATA_V3, "rows": [row for row in DATA_V3["rows"] if row[1] != "Syd"]}
    with pytest.raises(NotInTableError, match="answers nothing for 'Syd'"):
        fetched(data)


def test_two_numbers_for_a_month_and_area_are_refused() -> None:
    data = deepcopy(DATA_V3)
    data["rows"].append(["2020M01", "Nord", "Kvinder", 99, 200])
    with pytest.raises(SeveralValuesError, match="more than one 'Antal personer' for Nord"):
        fetched(data)


@pytest.mark.parametrize(
    "answer", [b"<html>", {"code": 422, "cause": "Unknown period type"}, {"columns": ["A"], "rows": []}]
)
def test_an_answer_of_another_shape_is_refused(answer: Any) -> None:
    with pytest.raises(NoAnswerError):
        fetched(answer)


def test_a_missing_token_is_told_before_anything_is_asked() -> None:
    trial = series_trial(SPEC)
    with pytest.raises(MissingTokenError, match=TOKEN):
        jobindsats.cells(series_of(trial)[1], trial, answers({}), {})  # type: ignore[arg-type]


@pytest.mark.parametrize("token", ["hemme lig", "hemmelig\r\nX: y", "hémmelig"])
def test_what_is_no_token_is_refused_without_being_shown(token: str) -> None:
    trial = series_trial(SPEC)
    with pytest.raises(MissingTokenError, match="is no token") as raised:
        jobindsats.cells(series_of(trial)[1], trial, answers({}), {TOKEN: token})  # type: ignore[arg-type]
    assert "emmelig" not in str(raised.value)


@pytest.mark.parametrize("other", [None, [], "x", {}])
def test_answers_with_a_part_missing_or_of_another_kind_give_one_clear_error_or_the_same_extract(other: Any) -> None:
    for name, document in (("table", TABLE_V3), ("data", DATA_V3)):
        for changed in spoiled(document, other):
            try:
                made = fetched(**{name: changed})
            except ReportlibError:
                continue
            assert made == EXTRACT


def test_tables_are_found_by_a_word() -> None:
    tables = [{"subject_name": "Ydelser", "table_groups": [{"tables": [
        {"table_id": "y60a02", "table_name": "Kontanthjælp"}, {"table_id": "y07a02", "table_name": "Sygedagpenge"},
    ]}]}]  # fmt: skip
    assert jobindsats.tables("kontant", answers({"/tables": tables}), SECRET) == [("y60a02", "Kontanthjælp", "Ydelser")]


def test_the_command_without_a_trial_a_table_or_a_token_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    assert "--find" in run(["jobindsats"]).error
    assert "no series of jobfirst names a table of jobindsats" in run(["jobindsats", "jobfirst"]).error
    ended = run(["jobindsats", "--find", "kontanthjælp"])
    assert (ended.status, TOKEN in ended.error) == (1, True)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"Periode": "Tid"}, "answered without period and area; its columns are "),
        ({"Område": "Sted"}, "answered without period and area; its columns are "),
        ({"Antal personer": "Antal andre"}, "has no measure 'Antal personer'"),
    ],
)
def test_columns_of_other_names_are_told(columns: dict[str, str], told: str) -> None:
    data = deepcopy(DATA_V3)
    named = {name.casefold(): instead for name, instead in columns.items()}
    changed = [named.get(name.casefold(), name) for name in data["columns"]]
    assert changed != data["columns"]
    with pytest.raises((NoAnswerError, NotInTableError), match=told):
        fetched({**data, "columns": changed})


def test_a_row_with_a_cell_too_few_or_too_many_is_told() -> None:
    for row in ([], ["x", "y"]):
        data = deepcopy(DATA_V3)
        width = len(data["columns"])
        data["rows"][-1] = [*data["rows"][-1], *row] if row else data["rows"][-1][:-1]
        told = f"answered with a row of {width + len(row) if row else width - 1} cells under {width} columns"
        with pytest.raises(NoAnswerError, match=told):
            fetched(data)
