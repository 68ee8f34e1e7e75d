"""Codes, hours, days and files: what a life leaves in the registers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from calibrating.days import appointments, to_workday, workday
from calibrating.lives import (
    Benefit,
    Earlier,
    Job,
    Subsidy,
    Weeks,
    codes_before,
    codes_of_life,
    month_hours,
    records,
)
from hypothesis import given
from hypothesis import strategies as st

from reportlib.registers.extract_tables import open_table
from reportlib.synthetic import write_csv, write_parquet, write_stata

CASH = Benefit(passive=730, practice=736, subsidy=733, other=(735, 738))
EARLIER = (Earlier((0,), 0.5, 10), Earlier((890,), 0.5, 20))


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_codes_show_practice_subsidy_and_work_that_leaves_benefit() -> None:
    seen = Weeks([True, True, False, False, False], [False, False, True, False, False], [0, 20, 0, 148, 0])
    codes = codes_of_life(chance(), seen, CASH, active=0.3)
    assert codes[:4] == [736, 736, 733, 0]
    assert codes[4] in {730, 735, 738}


def test_history_is_as_long_as_asked_and_ends_on_the_present_benefit() -> None:
    for seed in range(30):
        codes = codes_before(
            chance(seed), 120, CASH, EARLIER, at_least=52, mean=20, active=0.2, in_practice=0.1, leading={736: 3}
        )
        assert len(codes) == 120
        assert codes[-3:] == [736] * 3
        assert set(codes[-52:]) <= {730, 735, 738, 736}


def test_earlier_spells_come_before_the_present_benefit() -> None:
    codes = codes_before(chance(), 400, CASH, EARLIER, at_least=10, mean=5, active=0.2, in_practice=0.0)
    assert {0, 890} & set(codes[:200])


@given(st.integers(1, 148))
def test_hours_of_a_month_never_exceed_the_agreed_hours(quarters: int) -> None:
    a_week = month_hours(quarters) * 12 / 52
    assert quarters / 4 - 0.003 < a_week <= quarters / 4


def test_hours_with_subsidy_are_reported_like_all_others_up_to_the_last_month() -> None:
    march = np.datetime64("2016-03", "M")
    found = records(march, 9, Job(8, (40, 44, 44)), Subsidy(2, 2, 120))
    assert [(str(month), hours) for month, hours in found] == [
        ("2016-05", 130.0),
        ("2016-06", 130.0),
        ("2016-11", 43.33),
        ("2016-12", 47.66),
    ]


def test_working_days_are_monday_to_friday() -> None:
    monday = np.datetime64("2016-02-29")
    days = {str(workday(chance(seed), monday, first=1)) for seed in range(60)}
    assert days == {"2016-03-01", "2016-03-02", "2016-03-03", "2016-03-04"}
    assert str(to_workday(np.datetime64("2016-03-06"))) == "2016-03-04"
    assert str(to_workday(np.datetime64("2016-03-07"))) == "2016-03-07"


@given(seed=st.integers(0, 500), length=st.integers(40, 300))
def test_appointments_keep_their_intervals_and_avoid_weekends(seed: int, length: int) -> None:
    start = np.datetime64("2016-03-01")
    days = appointments(chance(seed), start, start + np.timedelta64(length, "D"), first=(3, 26), every=(21, 33))
    gaps = np.diff(np.array([start, *days])).astype(int)
    assert gaps[0] <= 26
    assert (gaps[1:] <= 33).all()
    assert (gaps[1:] >= 19).all()
    assert all(str(to_workday(day)) == str(day) for day in days)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".dta"])
def test_files_are_equal_for_equal_tables_and_are_read_by_the_registers(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame({"kommune": ["Sorø", "Århus"], "svar": [3, 4]})

    def write(path: Path) -> None:
        match suffix:
            case ".csv":
                write_csv(frame, path)
            case ".parquet":
                write_parquet(frame, path)
            case _:
                write_stata(frame, path, stamp=datetime(2017, 1, 31), label="test")

    for name in ("first", "second"):
        write(tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"first{suffix}").read_bytes() == (tmp_path / f"second{suffix}").read_bytes()
    table = open_table(tmp_path, f"first{suffix}").read({"kommune": "kommune", "svar": "svar"})
    assert table.pieces[0].column("kommune").to_pylist() == ["Sorø", "Århus"]
