"""What can be asked for is listed as it can be written, and numbers as they print."""

from __future__ import annotations

import csv
import json
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pytest
from command_line import run

from reportlib.catalogue import names

KEY = "samarbejde.projektledere.sites_yes"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    assert run(["analyse", "jobgaranti", "--out", folder]).status == 0
    return folder


def test_numbers_are_listed_with_their_key_value_persons_and_population(out: Path) -> None:
    ended = run(["keys", "jobgaranti", "SAMARBEJDE.projektledere.sites", "--out", out])
    cells = next(line for line in ended.out.splitlines() if line.startswith(KEY)).split()
    assert cells == [KEY, "4", "5", "projektlederne"]
    assert ended.out.splitlines()[0].split() == ["key", "value", "n", "population"]
    assert ended.out.splitlines()[-1] == "1 numbers"


def test_numbers_as_a_table_for_a_spreadsheet(out: Path) -> None:
    ended = run(["keys", "jobgaranti", "", "--csv", "--out", out])
    rows = list(csv.DictReader(StringIO(ended.out), delimiter=";"))
    assert list(rows[0]) == ["key", "value", "n", "population"]
    [one] = [row for row in rows if row["key"] == KEY]
    assert one == {"key": KEY, "value": "4", "n": "5", "population": "projektlederne"}
    assert any(row["value"] == "hidden" and row["n"] == "" for row in rows)


def test_a_key_stands_whole_on_its_line_in_a_narrow_terminal(out: Path) -> None:
    ended = run(["keys", "jobgaranti", "", "--out", out])
    keys = {
        row["key"]
        for row in csv.DictReader(StringIO(run(["keys", "jobgaranti", "", "--csv", "--out", out]).out), delimiter=";")
    }
    assert {line.split("  ")[0] for line in ended.out.splitlines()[1:-1]} == keys
    assert max(map(len, keys)) > 40


def test_a_trial_that_is_not_analysed_says_what_to_run(tmp_path: Path) -> None:
    ended = run(["keys", "jobgaranti", "", "--out", tmp_path])
    assert ended.status == 1 and "reportlib analyse jobgaranti" in ended.error


def test_the_version_is_told() -> None:
    assert run(["--version"]).out == f"reportlib {version('reportlib')}\n"


def test_every_part_is_listed_as_it_is_called() -> None:
    everything = run(["show", "--json"])
    assert len(json.loads(everything.out)) == len(list(names()))
    some = run(["show", "SURVIVAL"])
    listed = some.out.splitlines()
    assert listed[-1].endswith(" parts") and int(listed[-1].split()[0]) == (len(listed) - 1) // 2 > 0
    assert run(["show", "findes ikke"]).out.strip() == "0 parts; without a pattern all are shown"
