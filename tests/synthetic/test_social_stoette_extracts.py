"""The committed extracts of Social støtte are the generator's, byte for byte, and one person changed changes them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from whole_ledgers import ledger_of

from reportlib.analysis.run import analyse
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial

DATA = Path(__file__).parents[2] / "data" / "social-stoette"
FILES = tuple(sorted(path.name for path in DATA.iterdir() if path.suffix in (".csv", ".parquet")))


@pytest.mark.slow
def test_social_stoette_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(DATA / "synthetic.py"), "--out", str(tmp_path)], check=True)
    assert [name for name in FILES if (tmp_path / name).read_bytes() != (DATA / name).read_bytes()] == []
    assert tuple(sorted(path.name for path in tmp_path.iterdir())) == FILES


def test_one_registration_less_is_one_person_less(tmp_path: Path) -> None:
    for path in DATA.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    events = pd.read_csv(tmp_path / "sagsforloeb.csv", sep=";", dtype=str, keep_default_na=False)
    gone = events.index[events["haendelse"] == "cti-start"][0]
    events.drop(index=gone).to_csv(tmp_path / "sagsforloeb.csv", sep=";", index=False)
    trial = load_trial(tmp_path / "trial.yml")
    changed = analyse(trial, read_trial(trial, tmp_path))
    whole = ledger_of("social-stoette")
    assert (whole["jobmatch.deltager"].k, changed["jobmatch.deltager"].k) == (160, 159)
    ends = [found["jobmatch.deltager.slut.forecast_realistic"].number for found in (whole, changed)]
    assert ends[0] != ends[1]


def test_measurements_follow_their_order_in_time() -> None:
    sheets = pd.read_csv(DATA / "progression.csv", sep=";", parse_dates=["dato"]).sort_values(["person", "maaling"])
    assert (sheets.groupby("person")["dato"].diff().dropna() >= pd.Timedelta(0)).all()
