"""Statistikbanken, on answers made after its documented forms (`bank_answers`); what a report says of the source."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from bank_answers import BULK, TABLEINFO, answers, json_stat, series_of, series_trial, spoiled
from command_line import run
from small_trial import trial_file

from reportlib.analysis.run import catalogue
from reportlib.cli import exchanging
from reportlib.errors import ReportlibError
from reportlib.exchange import statbank, web
from reportlib.exchange.public_series import (
    HiddenCellError,
    NotInTableError,
    UnknownAnswerValueError,
    as_extract,
    parsed,
)
from reportlib.exchange.web import NoAnswerError, Question, ask
from reportlib.registers.errors import FetchedElsewhereError
from reportlib.registers.recorded_series import read_series
from reportlib.trial.model import Trial

SPEC: dict[str, Any] = {
    "kind": "statistikbanken", "table": "AUK01", "counted": "YDELSESTYPE", "count": "Kontanthjælp", "base": "I alt",
    "where": {"KØN": "Kvinder"}, "first": "2020-01-15", "last": "2020-02-01",
}  # fmt: skip
BULK_BYTES = BULK.encode("utf-8")
EXTRACT = """maaned;omraade;antal;grundlag;kilde;tabel;hentet
2020-01;Nord;12;200;Statistikbanken;AUK01;2026-11-30
2020-02;Nord;0;1200;Statistikbanken;AUK01;2026-11-30
2020-01;Syd;34;310;Statistikbanken;AUK01;2026-11-30
2020-02;Syd;30;310;Statistikbanken;AUK01;2026-11-30
"""


def fetched(
    data: Any = BULK_BYTES,
    *,
    about: Any = TABLEINFO,
    asked: list[Question] | None = None,
    sites: tuple[str, ...] = ("Nord", "Syd"),
    **more: Any,
) -> bytes:
    trial = series_trial({**SPEC, **more}, sites)
    series, spec = series_of(trial)
    cells = statbank.cells(spec, trial, answers({"/tableinfo": about, "/data": data}, asked))  # type: ignore[arg-type]
    return as_extract(cells, spec, series, trial, date(2026, 11, 30))


def test_the_csv_form_becomes_a_dated_extract_in_which_a_dash_is_zero() -> None:
    assert fetched().decode("utf-8") == EXTRACT
    assert fetched(b"\xef\xbb\xbf" + BULK.encode("utf-8")).decode("utf-8") == EXTRACT


@pytest.mark.parametrize("version", [1, 2])
def test_json_stat_gives_the_same_extract(version: int) -> None:
    assert fetched(json_stat(version=version), form="JSONSTAT").decode("utf-8") == EXTRACT


def test_a_site_may_be_called_otherwise_at_the_bank_or_be_left_out() -> None:
    told = fetched(sites=("Nordby", "Syd", "Øde"), areas={"Nordby": "101"}, without=["Øde"]).decode("utf-8")
    assert told == EXTRACT.replace(";Nord;", ";Nordby;")


def test_json_stat_may_list_its_values_instead_of_numbering_them() -> None:
    data = json_stat(version=2)
    for name in data["id"]:
        index = data["dimension"][name]["category"]["index"]
        data["dimension"][name]["category"]["index"] = list(index)
    assert fetched(data, form="JSONSTAT").decode("utf-8") == EXTRACT


def test_json_stat_whose_values_have_wrong_places_is_refused() -> None:
    data = json_stat(version=2)
    data["dimension"]["OMRÅDE"]["category"]["index"] = {"101": 7, "147": 1}
    with pytest.raises(NoAnswerError, match="the values of OMRÅDE do not have the places 0 to 1"):
        fetched(data, form="JSONSTAT")


@pytest.mark.parametrize("missing", ["id", "size", "value"])
def test_json_stat_without_a_part_of_it_is_refused(missing: str) -> None:
    data = json_stat(version=2)
    del data[missing]
    with pytest.raises(NoAnswerError, match="answered with something else than JSON-stat"):
        fetched(data, form="JSONSTAT")
    with pytest.raises(NoAnswerError, match="answered with something else than JSON-stat"):
        fetched([data], form="JSONSTAT")


def test_what_is_no_table_is_refused_with_its_first_words() -> None:
    with pytest.raises(NoAnswerError, match="answered with something else than CSV: '<html>nej</html>'"):
        fetched(b" <html>nej</html> ")


def test_what_is_asked_names_values_by_their_ids() -> None:
    asked: list[Question] = []
    fetched(asked=asked)
    assert asked[1].body == {
        "table": "AUK01",
        "format": "BULK",
        "lang": "da",
        "valuePresentation": "Code",
        "variables": [
            {"code": "OMRÅDE", "values": ["101", "147"]},
            {"code": "YDELSESTYPE", "values": ["KTH", "TOT"]},
            {"code": "KØN", "values": ["K"]},
            {"code": "Tid", "values": ["2020M01", "2020M02"]},
        ],
    }


@pytest.mark.parametrize("sign", ["..", ".", ""])
def test_two_dots_one_dot_and_nothing_are_no_zero(sign: str) -> None:
    with pytest.raises(HiddenCellError, match="Nord 2020M01: Kontanthjælp"):
        fetched(BULK.replace("2020M01;12", f"2020M01;{sign}", 1).encode("utf-8"))


def test_cells_mean_what_they_mean_there() -> None:
    assert parsed("-") == (0.0, "")
    assert parsed("..") == (None, "..")
    assert parsed(".") == (None, ".")
    assert parsed("1.234,5") == (1234.5, "")
    assert parsed("1.234") == (1234.0, "")
    with pytest.raises(UnknownAnswerValueError):
        parsed("mange")


@pytest.mark.parametrize(
    ("more", "told", "near"),
    [
        ({"count": "Kontanthjelp"}, "has no value of YDELSESTYPE 'Kontanthjelp'", "Kontanthjælp"),
        ({"counted": "YDELSE"}, "has no variable 'YDELSE'", "YDELSESTYPE"),
        ({"where": {}}, "cannot be asked without KØN", "fetch.where"),
        ({"first": "2019-12-01"}, "has no month 2019M12", "2020M01 to 2020M03"),
    ],
)
def test_what_the_table_does_not_have_gets_the_nearest_names(more: dict[str, Any], told: str, near: str) -> None:
    with pytest.raises(NotInTableError, match=told) as raised:
        fetched(**more)
    assert near in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("answer", "form"), [(b"<html>", "BULK"), (b"<html>", "JSONSTAT"), ({"dataset": {}}, "JSONSTAT")]
)
def test_an_answer_of_another_form_is_refused(answer: Any, form: str) -> None:
    with pytest.raises(NoAnswerError):
        fetched(answer, form=form)


@pytest.mark.parametrize("other", [None, [], "x", {}])
def test_answers_with_a_part_missing_or_of_another_kind_give_one_clear_error_or_the_same_extract(other: Any) -> None:
    for about in spoiled(TABLEINFO, other):
        refused_or_same(lambda about=about: fetched(about=about))
    for version in (1, 2):
        for data in spoiled(json_stat(version=version), other):
            refused_or_same(lambda data=data: fetched(data, form="JSONSTAT"))


def refused_or_same(fetch: Callable[[], bytes]) -> None:
    try:
        made = fetch()
    except ReportlibError:
        return
    assert made.decode("utf-8") == EXTRACT


def test_a_fetched_file_must_be_called_csv() -> None:
    file = trial_file()
    file["extracts"]["series"] = {"ydelse": {"file": "ydelse.parquet", "fetch": SPEC}}
    with pytest.raises(ValueError, match=r"call it something\.csv"):
        Trial.model_validate(file)


def test_tables_are_found_by_a_word() -> None:
    listed = [
        {"id": "AUK01", "text": "Personer på forsørgelse", "latestPeriod": "2020M03"},
        {"id": "FOLK1A", "text": "Folketal"},
    ]
    assert statbank.tables("forsørg", answers({"/tables": listed})) == [("AUK01", "Personer på forsørgelse", "2020M03")]


def test_the_command_writes_the_extract_of_today_where_the_trial_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = trial_file(sites={"names": ["Nord", "Syd"]})
    trial["extracts"]["series"] = {"ydelse": {"file": "ydelse.csv", "fetch": dict(SPEC)}}
    folder = tmp_path / "data" / trial["id"]
    folder.mkdir(parents=True)
    (tmp_path / "_quarto.yml").write_text("project: {type: default}\n", encoding="utf-8")
    (folder / "trial.yml").write_text(yaml.safe_dump(trial, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(exchanging, "ask", answers({"/tableinfo": TABLEINFO, "/data": BULK_BYTES}))
    ended = run(["statistikbanken", trial["id"], "--data", tmp_path / "data"])
    assert (ended.status, ended.error) == (0, "") and ended.out == f"{folder / 'ydelse.csv'}: 4 rows\n"
    written = (folder / "ydelse.csv").read_text(encoding="utf-8")
    assert re.sub(r"\d{4}-\d\d-\d\d", "2026-11-30", written) == EXTRACT


# The extract, read as any other; what it says of itself is the source that a report prints.


def test_the_source_of_a_fetched_series_is_the_table_and_the_day(tmp_path: Path) -> None:
    trial = series_trial(SPEC)
    (tmp_path / "ydelse.csv").write_bytes(fetched())
    frame, read = read_series(trial.extracts.series["ydelse"], trial, tmp_path)
    assert frame["count"].tolist() == [12, 34, 0, 30]
    assert read.origin.replace("\u00a0", " ") == "Statistikbanken, tabel AUK01, hentet den 30. november 2026"
    assert "origin" not in read.as_counts(5)


def test_the_ledger_says_bank_table_and_day_of_a_fetched_measure_and_of_no_other(tmp_path: Path) -> None:
    file = trial_file()
    file["extracts"]["series"] = {"ydelse": {"file": "ydelse.csv", "fetch": SPEC}}
    computed = {"kind": "monthly", "extract": "ydelse", "of": "ratio"}
    file["measures"].append({**file["measures"][0], "id": "ydelse", "from": computed})
    trial = Trial.model_validate(file)
    (tmp_path / "ydelse.csv").write_bytes(fetched())
    read = read_series(trial.extracts.series["ydelse"], trial, tmp_path)[1]
    sources = {measure.id: measure.source for measure in catalogue(trial, [read])}
    assert (sources["ydelse"], sources["job"]) == (read.origin, "Registret")


def test_an_extract_of_another_table_than_trial_yml_names_is_refused(tmp_path: Path) -> None:
    trial = series_trial({**SPEC, "table": "AUK02"})
    (tmp_path / "ydelse.csv").write_bytes(fetched())
    with pytest.raises(FetchedElsewhereError, match="'AUK01' is not 'AUK02'"):
        read_series(trial.extracts.series["ydelse"], trial, tmp_path)


def test_a_series_typed_by_hand_keeps_the_source_of_trial_yml(tmp_path: Path) -> None:
    trial = series_trial(SPEC)
    lines = [";".join(line.split(";")[:4]) for line in EXTRACT.splitlines()]
    (tmp_path / "ydelse.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_series(trial.extracts.series["ydelse"], trial, tmp_path)[1].origin == ""


# Nothing is asked while rendering, and only over https.


def test_only_this_package_opens_an_address() -> None:
    root = Path(web.__file__).parents[1]
    opens = re.compile(r"urllib\.request|http\.client|urllib3|\brequests\b|\bhttpx\b")
    asking = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(opens.search(line) for line in path.read_text("utf-8").splitlines() if "import" in line)
    }
    assert asking == {"exchange/web.py"}


def test_an_address_without_https_is_not_asked() -> None:
    with pytest.raises(NoAnswerError, match="only https"):
        ask(Question("http://localhost/"))
