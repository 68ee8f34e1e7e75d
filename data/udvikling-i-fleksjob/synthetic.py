"""Make the synthetic extracts of Udvikling i fleksjob: persons who do not exist, in the formats of the real registers.

    python data/udvikling-i-fleksjob/synthetic.py [--out DIR]

The numbers to hit are in calibration.py, casework and monthly counts in modules of their own, the tools in
tools/calibrating. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import numpy as np
import pandas as pd
from casework import casework
from hours import hours
from monthly import monthly
from people import WEEKS, people
from spells import spells

from reportlib.registers.event_weeks import week_range
from reportlib.synthetic import write_csv, write_parquet

FIRST_WEEK, LAST_WEEK = np.datetime64("2012-05-07"), np.datetime64("2018-04-23")


def dream(persons: pd.DataFrame, lives: pd.DataFrame) -> pd.DataFrame:
    """One row per person and a code per ISO week as text, empty without benefit."""
    mondays = week_range(FIRST_WEEK, LAST_WEEK)
    at = np.arange(len(mondays))[None, :]
    start = ((persons["monday"].to_numpy() - FIRST_WEEK) // np.timedelta64(7, "D")).astype(int)[:, None]
    before = lives["weeks_before"].to_numpy()[:, None]
    codes = np.broadcast_to(lives["earlier"].to_numpy()[:, None], (len(persons), len(mondays))).copy()
    codes = np.where(at >= start - before, lives["code"].to_numpy()[:, None], codes)
    for begins, code in (("second_week", "second_code"), ("third_week", "third_code")):
        week = lives[begins].to_numpy()[:, None]
        codes = np.where((week > 0) & (at >= start + week - 1), lives[code].to_numpy()[:, None], codes)
    text = np.where(codes == 0, "", codes.astype(str))
    years = [monday.astype("datetime64[D]").astype(object).isocalendar() for monday in mondays]
    names = [f"y_{iso[0] % 100:02d}{iso[1]:02d}" for iso in years]
    table = pd.concat(
        [persons[["person"]].rename(columns={"person": "PNR"}), pd.DataFrame(text, columns=names)], axis=1
    )
    return small(table, codes, range(len(mondays) - 1, -1, -20))


def small(table: pd.DataFrame, values: np.ndarray, columns: Iterable[int]) -> pd.DataFrame:
    """The rows in an order that lets equal weeks lie together: the file is then a fifth of the size."""
    keys = [np.nan_to_num(values[:, column], nan=-1.0) for column in columns]
    return table.iloc[np.lexsort(keys)]


def participants(persons: pd.DataFrame) -> pd.DataFrame:
    """The participants extract, background before entry included."""
    columns = ["person", "kommune", "gruppe", "registrering", "maalgruppe", "alder", "mand", "ikke_vestlig", "gift"]
    return persons[[*columns, "uger_i_job_3", "uger_i_job_6"]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the synthetic extracts of Udvikling i fleksjob")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    persons = people()
    lives = spells(persons)
    weekly = hours(persons, lives)
    write_parquet(participants(persons), out / "deltagere.parquet")
    write_parquet(dream(persons, lives), out / "dream.parquet")
    names = {week: f"uge_{week}" for week in range(1, WEEKS + 1)}
    table = pd.DataFrame(weekly, columns=list(names.values()))
    table = pd.concat([persons[["person"]], table], axis=1)
    write_parquet(small(table, weekly, range(WEEKS - 1, -1, -4)), out / "timer.parquet")
    write_parquet(casework(persons, lives), out / "implementering.parquet")
    for name, frame in monthly().items():
        write_csv(frame, out / f"{name}.csv")


if __name__ == "__main__":
    main()
