"""A real experiment goes through the whole analysis by a trial.yml only, and its weekly differences are R's."""

from __future__ import annotations

import csv
import json
import runpy
from pathlib import Path

import pytest
from whole_ledgers import ledgers

from reportlib.ledger import Ledger
from reportlib.registers.data import TrialData
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial

FOLDER = Path(__file__).parent / "rossi"
GOLDEN = Path(__file__).parents[1] / "golden"
WEEKS = json.loads((GOLDEN / "rossi_weekly.expected.json").read_text(encoding="utf-8"))["weekly"]


@pytest.fixture(scope="module")
def data() -> TrialData:
    return read_trial(load_trial(FOLDER / "trial.yml"), FOLDER)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """With all its digits: R's are held against it."""
    return ledgers(FOLDER / "trial.yml")[1]


def test_extracts_are_the_golden_data_and_nothing_else() -> None:
    derive = runpy.run_path(str(FOLDER / "derive.py"))
    for make, name in (("participants", "deltagere.csv"), ("employment", "beskaeftigelse.csv")):
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file, delimiter=";")) == derive[make]()


def test_everybody_is_read_and_followed_until_arrest(data: TrialData) -> None:
    assert len(data.persons) == 432
    with (GOLDEN / "rossi.csv").open(encoding="utf-8", newline="") as file:
        weeks = [int(row["week"]) for row in csv.DictReader(file)]
    assert data.persons["weeks_followed"].tolist() == weeks


@pytest.mark.parametrize("expected", WEEKS, ids=lambda row: f"week {row['week']}")
def test_weekly_difference_and_its_error_equal_r(expected: dict[str, float], ledger: Ledger) -> None:
    time = f"uge{expected['week']}"
    found = ledger[f"beskaeftiget.forskel.{time}"]
    assert found.value == pytest.approx(100 * expected["difference"], rel=1e-6, abs=1e-9)
    assert found.se == pytest.approx(100 * expected["se_neyman"], rel=1e-6)
    for group, name in (("deltager", "treated"), ("kontrol", "control")):
        level = ledger[f"beskaeftiget.{group}.{time}"]
        assert level.n == expected[f"n_{name}"]
        assert level.value == pytest.approx(100 * expected[f"mean_{name}"], rel=1e-6)


def test_all_weeks_are_compared(ledger: Ledger) -> None:
    assert len(WEEKS) == 52
    rows = ledger.select(measure="beskaeftiget", group="forskel", statistic="difference", site="")
    assert [row.week for row in rows] == [row["week"] for row in WEEKS]


def test_real_data_are_not_called_synthetic(ledger: Ledger) -> None:
    assert ledger.header["synthetic"] is False
