"""A ledger as analysis results data: complete, in the shape that `cards` and Dataset-JSON 1.1 document, nothing hidden.

The rules of `cards::check_ard_structure` (cards 0.9) and of Dataset-JSON's schema (1.1) are written out here; where R
and cards are at hand, R itself is asked.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import pytest
from command_line import run
from finished_reports import ROOT
from valid_files import DIFFERENCE_ROW, HIDDEN, SHARE, small_ledger

from reportlib.exchange.results_data import (
    ResultsDataError,
    estimates,
    from_dataset_json,
    from_parquet,
    results,
    results_files,
)
from reportlib.ledger import Estimate
from reportlib.ledger.file import load_ledger
from reportlib.trial.project import find_project

TRIAL = "jobgaranti"
SUPPORT = ROOT / "tests" / "support"
# cards: what must be there, and the order of tidy_ard_column_order
CARDS_REQUIRED = {"variable", "stat_name", "stat_label", "stat", "fmt_fun", "warning", "error"}
CARDS_LAST = ["context", "stat_name", "stat_label", "stat", "stat_fmt", "fmt_fun", "warning", "error"]
# Dataset-JSON 1.1
REQUIRED = {
    "datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name", "label", "columns",
}  # fmt: skip
ALLOWED = REQUIRED | {
    "dbLastModifiedDateTime", "fileOID", "metaDataRef", "metaDataVersionOID", "originator", "rows", "sourceSystem",
    "studyOID",
}  # fmt: skip
COLUMN_REQUIRED = {"itemOID", "name", "label", "dataType"}
COLUMN_ALLOWED = COLUMN_REQUIRED | {"displayFormat", "keySequence", "length", "targetDataType"}
INSTANT = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(\.\d+)?([+-]\d\d:\d\d|Z)?"
PYTHON = {"string": str, "integer": int, "double": float}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    assert run(["analyse", TRIAL, "--out", out]).status == 0
    ended = run(["export", TRIAL, "--ard", "--out", out])
    assert ended.status == 0, ended.error
    return out / TRIAL


def shown(folder: Path) -> list[Estimate]:
    return [row for row in load_ledger(folder / "ledger.json") if not row.hidden]


def test_both_files_give_back_every_row_that_is_shown_and_none_that_hides(written: Path) -> None:
    rows = shown(written)
    assert estimates(from_parquet((written / "ard.parquet").read_bytes())) == rows
    assert estimates(from_dataset_json((written / "ard.json").read_bytes())) == rows
    ledger = load_ledger(written / "ledger.json")
    hidden = [row.key for row in ledger if row.hidden]
    assert hidden
    assert not any(key in (written / "ard.json").read_text("utf-8").split('"') for key in hidden)


def test_a_row_with_everything_keeps_everything() -> None:
    full = replace(
        DIFFERENCE_ROW, site="Nord", subgroup="kvinder", window="uge 1-35", data_date="2017-01-31", k=7, method="Wald"
    )
    kept = [name for name in (field.name for field in fields(Estimate)) if name not in ("key", "suppressed")]
    assert all(getattr(full, name) not in ("", None) for name in kept)
    assert estimates(results(small_ledger(full, SHARE, HIDDEN))) == [full, SHARE]


def test_a_number_that_was_not_estimable_is_told_as_that() -> None:
    empty = replace(SHARE, value=None, k=None, n=None, se=None, ci_low=None, ci_high=None)
    [record] = results(small_ledger(empty))
    assert (record["stat_name"], record["stat"], record["warning"]) == ("estimate", None, "not estimable")
    assert estimates([record]) == [empty]


def test_the_columns_are_those_of_cards_in_its_order(written: Path) -> None:
    records = from_parquet((written / "ard.parquet").read_bytes())
    names = list(records[0])
    assert set(names) >= CARDS_REQUIRED
    pairs = [name for name in names if name.startswith("group")]
    assert pairs == [f"group{place}{end}" for place in (1, 2, 3, 4) for end in ("", "_level")]
    ordered = [*pairs, "variable", "variable_level", *(name for name in CARDS_LAST if name in names)]
    assert names[: len(ordered)] == ordered
    assert "method" in {record["stat_name"] for record in records}
    assert len({(record["key"], record["stat_name"]) for record in records}) == len(records)
    for record in records:
        assert all(
            (record[f"group{place}"] is None) == (record[f"group{place}_level"] is None) for place in range(1, 5)
        )


def test_the_document_has_the_keys_and_types_of_dataset_json(written: Path) -> None:
    document = json.loads((written / "ard.json").read_bytes())
    assert set(document) <= ALLOWED
    assert set(document) >= REQUIRED
    assert re.fullmatch(r"1\.1(\.\d+)?", document["datasetJSONVersion"])
    for name in ("datasetJSONCreationDateTime", "dbLastModifiedDateTime"):
        assert re.fullmatch(INSTANT, document[name])
    assert set(document["sourceSystem"]) == {"name", "version"}
    assert document["records"] == len(document["rows"])
    for column in document["columns"]:
        assert COLUMN_REQUIRED <= set(column) <= COLUMN_ALLOWED
    types = [PYTHON[column["dataType"]] for column in document["columns"]]
    for row in document["rows"]:
        assert all(cell is None or type(cell) is kind for cell, kind in zip(row, types, strict=True))


def test_the_same_ledger_gives_the_same_bytes(written: Path) -> None:
    trial = find_project(ROOT).trial(TRIAL)
    ledger = load_ledger(written / "ledger.json")
    assert results_files(ledger, trial) == {name: (written / name).read_bytes() for name in ("ard.parquet", "ard.json")}


def test_a_statistic_that_no_ledger_has_is_refused() -> None:
    [record, *_] = results(small_ledger(SHARE))
    with pytest.raises(ResultsDataError, match="median"):
        estimates([{**record, "stat_name": "median"}])


def test_a_ledger_of_another_trial_is_refused_and_nothing_is_written(written: Path, tmp_path: Path) -> None:
    ended = run(["export", "jobfirst", "--ard", "--ledger", written / "ledger.json", "--out", tmp_path])
    assert (ended.status, list(tmp_path.iterdir())) == (1, [])
    assert "is of the trial jobgaranti, not of jobfirst" in ended.error


def test_a_trial_that_was_not_analysed_is_told_so(tmp_path: Path) -> None:
    ended = run(["export", TRIAL, "--ard", "--out", tmp_path])
    assert ended.status == 1
    assert f"reportlib analyse {TRIAL}" in ended.error


def test_what_to_write_must_be_named() -> None:
    assert run(["export", TRIAL]).status == 2


# R's cards, installed or as a folder of its source (github.com/pharmaverse/cards), which CARDS_SOURCE names.


def asked_of_r(records: list[dict[str, object]], path: Path) -> subprocess.CompletedProcess[str]:
    """What `cards::check_ard_structure` says of the table. Numbers keep all their digits on the way."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    source = os.environ.get("CARDS_SOURCE")
    program = ["Rscript", SUPPORT / "check_ard.R", path, *([source] if source else [])]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_itself_accepts_the_structure_and_refuses_a_broken_one(written: Path, tmp_path: Path) -> None:
    if (
        not os.environ.get("CARDS_SOURCE")
        and subprocess.run(["Rscript", "-e", "library(cards)"], capture_output=True).returncode
    ):
        pytest.skip("R has no cards, and CARDS_SOURCE names none")
    records = from_parquet((written / "ard.parquet").read_bytes())
    ended = asked_of_r(records, tmp_path / "whole.csv")
    assert (ended.returncode, f"{len(records)} rows accepted" in ended.stdout) == (0, True), ended.stderr
    broken = {
        "not present": [{name: cell for name, cell in record.items() if name != "stat_label"} for record in records],
        "'method'": [record for record in records if record["stat_name"] != "method"],
        "column order": [{"key": record["key"], **record} for record in records],
    }
    for told, table in broken.items():
        ended = asked_of_r(table, tmp_path / "broken.csv")
        assert (ended.returncode, told in ended.stderr) == (1, True), ended.stderr
