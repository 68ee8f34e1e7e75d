"""A clean trial of eighty persons with extracts of five kinds, or of all, to be written in other ways and damaged."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from four_persons import TRIAL, SmallTrial

from reportlib.analysis.run import analyse
from reportlib.registers.event_weeks import WeekPattern, monday_of_week, month_of, week_range

PERSONS = 80
SITES = ["Aarhus", "Køge"]
FIRST = np.datetime64("2016-10-03")
WEEKS = week_range(monday_of_week(2016, 30), monday_of_week(2016, 52))
MONTHS = [f"2016-{month:02d}" for month in range(7, 13)]


def clean_trial(folder: Path) -> SmallTrial:
    """The trial, but for outcomes by week and a series by month."""
    rng = np.random.default_rng(7)
    ids = np.array([f"{number:02d}0{number % 9 + 1}70{number + 1000:04d}" for number in range(1, PERSONS + 1)])
    site = np.array(SITES)[np.arange(PERSONS) % 2]
    start = FIRST + rng.integers(0, 60, PERSONS)
    small = SmallTrial(folder)
    small.participants = pd.DataFrame(
        {
            "person": ids,
            "kommune": site,
            "gruppe": np.array(["Deltager", "Kontrol"])[np.arange(PERSONS) // 2 % 2],
            "visitationsdato": start.astype(str),
            "alder": rng.integers(20, 60, PERSONS).astype(str),
            "kvinde": rng.integers(0, 2, PERSONS).astype(str),
            "udd": np.array(["Grundskole", "Faglært", "Videregående"])[rng.integers(0, 3, PERSONS)],
            "gaeld": [f"{value:.2f}".replace(".", ",") for value in rng.uniform(0, 9000, PERSONS)],
        }
    )
    pattern = WeekPattern("y_{YY}{WW}")
    on_benefit = rng.random((PERSONS, len(WEEKS))) < 0.7
    small.dream = pd.DataFrame(np.where(on_benefit, "730", ""), columns=[pattern.name(week) for week in WEEKS])
    small.dream.insert(0, "PNR", ids)
    paid = [(who, month) for who in ids for month in MONTHS if rng.random() < 0.6]
    small.hours = pd.DataFrame(paid, columns=["person", "maaned"])
    small.hours["loentimer"] = [f"{value:.2f}".replace(".", ",") for value in rng.uniform(5, 160, len(paid))]
    events = rng.integers(0, PERSONS, 1600)
    days = start[events] + rng.integers(0, 91, 1600)
    inside = days <= np.datetime64("2017-01-01")
    small.casework = (
        pd.DataFrame(
            {
                "person": ids[events],
                "haendelse": np.array(["samtale", "plan"])[rng.integers(0, 2, 1600)],
                "dato": days.astype(str),
                "slutdato": "",
                "sted": "",
            }
        )[inside]
        .drop_duplicates()
        .reset_index(drop=True)
    )
    small.citizens = pd.DataFrame({"person": ids, "kommune": site, "mening": rng.integers(1, 6, PERSONS).astype(str)})
    participants = {
        "file": "deltagere.csv",
        "background": {"alder": "Alder", "kvinde": "Kvinder", "udd": "Uddannelse", "gaeld": "Gæld"},
        "background_units": {"alder": "years", "gaeld": "kr"},
    }
    small.spec["extracts"] = {**copy.deepcopy(TRIAL["extracts"]), "participants": participants}
    small.spec["follow_up"] = {"last_day": "2017-01-01", "weeks": 8, "weeks_before": 8, "enough": 5}
    small.measure(kind="dream", groups=["kontanthjaelp"])
    small.measure(kind="paid_hours")
    small.measure(kind="event_ever", events=["samtale"])
    small.measure(kind="survey_mean", survey="borgere", item="mening", low=1, high=5, low_label="lav", high_label="høj")
    small.spec["analyses"] = [
        {"kind": "weekly", "measures": ["m0", "m1"], "uniform_band": False, "by_site": True},
        {"kind": "balance", "columns": ["alder", "kvinde", "udd", "gaeld"]},
        {"kind": "shares", "measures": ["m2", "m3"], "by_site": True},
    ]
    return small


def trial_of_every_source(folder: Path) -> SmallTrial:
    """The trial with outcomes by week (`uger.csv`) and a series by month (`ledighed.csv`) in its `more`."""
    small, rng = clean_trial(folder), np.random.default_rng(3)
    weekly = pd.DataFrame({"person": small.participants["person"]})
    for week in range(1, 9):
        weekly[f"uge_{week}"] = [f"{value:.1f}".replace(".", ",") for value in rng.uniform(0.5, 37, PERSONS)]
    series = pd.DataFrame(
        [
            (month, area, *rng.integers((200, 5000), (1500, 9000)).astype(str))
            for month in MONTHS
            for area in [*SITES, "Vejle"]
        ],
        columns=["maaned", "omraade", "antal", "grundlag"],
    )
    small.spec["sites"]["elsewhere"] = ["Vejle"]
    small.more = {"uger.csv": weekly, "ledighed.csv": series}
    small.spec["extracts"]["weekly"] = {"fleksjob": {"file": "uger.csv", "weeks": "uge_{W}"}}
    small.spec["extracts"]["series"] = {"ledighed": {"file": "ledighed.csv"}}
    small.measure(kind="weekly", extract="fleksjob")
    small.measure(kind="monthly", extract="ledighed")
    small.spec["measures"][4]["unit"] = "hours_per_week"
    small.spec["analyses"][0]["measures"].append("m4")
    small.spec["analyses"].append({"kind": "series", "measures": ["m5"], "first": "2016-08-01", "last": "2016-11-01"})
    return small


def numbers_of(small: SmallTrial) -> str:
    """Every row of the trial's ledger, as text."""
    data = small.read()
    rows: list[dict[str, Any]] = [asdict(row) for row in analyse(data.trial, data)]
    return json.dumps(rows, sort_keys=True, default=str)


def months_of(days: pd.Series) -> np.ndarray:
    """The month of each day written as text."""
    return month_of(days.to_numpy().astype("datetime64[D]")).astype(str)
