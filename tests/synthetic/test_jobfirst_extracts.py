"""The committed extracts are the generator's, byte for byte, and look like registers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

DATA = Path(__file__).parents[2] / "data" / "jobfirst"
FILES = ("deltagere.csv", "dream.parquet", "timer.csv", "sagsforloeb.csv", "borgersurvey.csv", "medarbejdersurvey.dta")


@pytest.mark.slow
def test_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(DATA / "synthetic.py"), "--out", str(tmp_path)], check=True)
    assert [name for name in FILES if (tmp_path / name).read_bytes() != (DATA / name).read_bytes()] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


@pytest.fixture(scope="module")
def participants() -> pd.DataFrame:
    return pd.read_csv(DATA / "deltagere.csv", sep=";", parse_dates=["visitationsdato"])


def test_ids_cannot_be_taken_for_real_ones(participants: pd.DataFrame) -> None:
    assert participants["person"].str.fullmatch(r"S\d{6}").all()


def test_nobody_is_below_the_target_groups_age(participants: pd.DataFrame) -> None:
    assert participants["alder"].min() >= 30


def test_entry_is_on_working_days_only(participants: pd.DataFrame) -> None:
    assert participants["visitationsdato"].dt.dayofweek.max() <= 4


def test_history_goes_two_years_back_for_the_first_to_enter() -> None:
    weeks = pd.read_parquet(DATA / "dream.parquet").columns
    assert weeks[0] == "PNR"
    assert weeks[1] <= "y_1409"
    assert weeks[-1] == "y_1652"


def test_events_lie_between_entry_and_the_last_day(participants: pd.DataFrame) -> None:
    events = pd.read_csv(DATA / "sagsforloeb.csv", sep=";", parse_dates=["dato", "slutdato"])
    entry = events["person"].map(participants.set_index("person")["visitationsdato"])
    assert (events["dato"] >= entry).all()
    assert (events["dato"] <= "2016-12-31").all()
    assert not (events["slutdato"] < events["dato"]).any()


def test_placements_are_practice_weeks_in_dream(participants: pd.DataFrame) -> None:
    events = pd.read_csv(DATA / "sagsforloeb.csv", sep=";", parse_dates=["dato", "slutdato"])
    placements = events[events["haendelse"] == "virksomhedspraktik"].sample(200, random_state=1)
    codes = pd.read_parquet(DATA / "dream.parquet").set_index("PNR")
    in_practice = [
        codes.loc[person, f"y_16{day.isocalendar().week:02d}"] in {"736", "816"}
        for person, day in zip(placements["person"], placements["dato"], strict=True)
    ]
    assert np.all(in_practice)


def test_folder_is_small_enough_to_live_in_the_repository() -> None:
    assert sum((DATA / name).stat().st_size for name in FILES) < 3_000_000
