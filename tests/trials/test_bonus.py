"""A real experiment with time to an exit: 5,099 unemployed, half of whom were promised a bonus, drawn at random.

Held against the published result (Bilias 2000: the log of the weeks falls by 0.085, standard error 0.036); its numbers
are held against R's, one by one, by `tests/agreement/checks_bonus.py`.
"""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import run
from whole_ledgers import ledgers

from reportlib.ledger import Ledger
from reportlib.registers.data import TrialData
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial

FOLDER = Path(__file__).parent / "bonus"


@pytest.fixture(scope="module")
def persons() -> pd.DataFrame:
    """The file as it lies there, read by nothing of ours."""
    frame = pd.read_csv(FOLDER / "deltagere.csv", sep=";")
    return frame.assign(treated=(frame["gruppe"] == "bonus").astype(int))


@pytest.fixture(scope="module")
def data() -> TrialData:
    return read_trial(load_trial(FOLDER / "trial.yml"), FOLDER)


@pytest.fixture(scope="module")
def both() -> tuple[Ledger, Ledger]:
    return ledgers(FOLDER / "trial.yml")[1:]


@pytest.fixture(scope="module")
def ledger(both: tuple[Ledger, Ledger]) -> Ledger:
    """With all its digits."""
    return both[0]


def test_the_persons_are_those_of_the_published_result(persons: pd.DataFrame) -> None:
    logs = [np.log(part["uger"]) for _, part in persons.groupby("treated")]
    difference = logs[1].mean() - logs[0].mean()
    error = math.sqrt(sum(part.var() / len(part) for part in logs))
    assert (round(difference, 3), round(error, 3)) == (-0.085, 0.036)


def test_a_week_on_benefit_is_a_week_in_the_extract(persons: pd.DataFrame) -> None:
    weeks = pd.read_parquet(FOLDER / "dagpenge.parquet").set_index("person")
    assert weeks.sum(axis=1).tolist() == persons["uger"].tolist()


def test_the_ratio_is_shown_though_the_number_of_exits_hides(both: tuple[Ledger, Ledger]) -> None:
    released = both[1]
    assert released["afgang.forskel.hazard_ratio"].value == pytest.approx(1.073)
    assert released["afgang.bonus.events"].hidden
    assert released["afgang.forskel.uge1-12.hazard_ratio"].value == pytest.approx(1.109)
    assert sum(row.hidden for row in released) < len(released) / 10


@pytest.mark.slow
@pytest.mark.parametrize("kommune", ["Alle", "Område A"])
def test_the_report_is_made_without_python_and_checks(
    kommune: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["init", tmp_path]).status == 0
    shutil.copytree(FOLDER, tmp_path / "data" / "bonus", ignore=shutil.ignore_patterns("*.qmd", "*.py", "__pycache__"))
    shutil.copy(FOLDER / "bonus.qmd", tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    assert (ended := run(["render", "bonus", "--kommune", kommune, "--workers", 0])).status == 0, ended.error
    checked = json.loads(run(["check", "_output/bonus", "--json"]).out)
    assert len(checked) == 2 and not any(file["breaks"] for file in checked), checked
    (page,) = (tmp_path / "_output" / "bonus").glob("*.html")
    told = _prose(page.read_text(encoding="utf-8")).lower()
    assert "bilias (2000)" in told and "syntetisk" not in told
    assert not re.findall(r".{30}deltager.{10}", told), "a word that trial.yml does not use"


def _prose(page: str) -> str:
    """What a reader reads, without file names."""
    body = page[page.index("<body") :]
    return re.sub(r"(?s)<style.*?</style>|<script.*?</script>|<[^>]*>|deltagere\.csv", " ", body)
