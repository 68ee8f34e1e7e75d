"""A whole trial: what is read from where, in every format, quickly, and without a word about a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from four_persons import PERSONS, SmallTrial, dream_frame

from reportlib.registers.errors import ExtractError
from reportlib.registers.event_weeks import WeekPattern, monday_of_week, week_range
from reportlib.registers.read import read_trial
from reportlib.trial.model import Trial


def test_every_file_is_accounted_for(small: SmallTrial) -> None:
    files = small.read().files
    assert [file.name for file in files] == ["deltagere.csv", "dream.csv", "timer.csv", "sager.csv", "borgere.csv"]
    assert [file.rows for file in files] == [4, 4, 3, 2, 2]
    for file in files:
        assert file.sha256 == hashlib.sha256((small.folder / file.name).read_bytes()).hexdigest()


def test_only_the_participants_are_always_needed(small: SmallTrial) -> None:
    small.without("dream", "paid_hours", "casework", "surveys")
    data = small.read()
    assert (data.panel.dream, data.panel.hours, data.codebook, data.casework) == (None, None, None, None)
    assert data.surveys == {}
    assert data.persons["weeks_followed"].tolist() == [8, 8, 8, 3]


def as_parquet(frame: pd.DataFrame, path: str) -> None:
    frame.to_parquet(path, index=False)


def as_stata(frame: pd.DataFrame, path: str) -> None:
    pyreadstat.write_dta(frame, path)


def as_csv_of_numbers(frame: pd.DataFrame, path: str) -> None:
    frame.to_csv(path, index=False, sep="\t", decimal=",", encoding="cp1252")


@pytest.mark.parametrize(("suffix", "write"), [("parquet", as_parquet), ("dta", as_stata), ("txt", as_csv_of_numbers)])
def test_typed_files_of_other_formats_give_the_same_trial(
    small: SmallTrial, suffix: str, write: Callable[[pd.DataFrame, str], None]
) -> None:
    """Dates as dates, codes as numbers with missing cells, hours as decimals."""
    small.dream = dream_frame({"p1": {"y_1641": "736"}, "p2": {"y_1640": "999"}})
    small.hours.loc[0, "loentimer"] = "52,5"
    expected = small.read()

    typed = {
        "participants": small.participants.assign(
            visitationsdato=pd.to_datetime(small.participants["visitationsdato"]),
            alder=small.participants["alder"].astype(float),
        ),
        "dream": small.dream.set_index("PNR").apply(pd.to_numeric).reset_index(),
        "paid_hours": small.hours.assign(loentimer=[52.5, 0.0, 0.0]),
        "casework": small.casework.assign(dato=pd.to_datetime(small.casework["dato"])),
    }
    for extract, frame in typed.items():
        write(frame, str(small.folder / f"{extract}.{suffix}"))
        small.spec["extracts"][extract]["file"] = f"{extract}.{suffix}"
    data = read_trial(Trial.model_validate(small.spec), small.folder)

    pd.testing.assert_frame_equal(data.persons, expected.persons)
    assert data.casework is not None
    pd.testing.assert_frame_equal(data.casework, expected.casework)
    np.testing.assert_array_equal(data.panel.dream, expected.panel.dream)
    np.testing.assert_array_equal(data.panel.hours, expected.panel.hours)


def spoil(frame: str, column: str, value: str) -> Callable[[SmallTrial], None]:
    def spoiled(small: SmallTrial) -> None:
        getattr(small, frame).loc[1, column] = value

    return spoiled


@pytest.mark.parametrize(
    "fault",
    [
        spoil("participants", "kommune", "Roskilde"),
        spoil("participants", "person", "0101801234"),
        spoil("participants", "visitationsdato", "0202802345"),
        spoil("participants", "visitationsdato", "2015-01-01"),
        spoil("dream", "PNR", "0303803456"),
        spoil("dream", "y_1640", "0202802345"),
        spoil("hours", "loentimer", "-3"),
        spoil("hours", "maaned", "0101801234"),
        spoil("casework", "dato", "0101801234"),
        spoil("casework", "slutdato", "2015-01-01"),
        spoil("citizens", "kommune", "0101801234"),
        spoil("citizens", "mening", "a\x00b 0101801234"),
    ],
)
def test_no_message_holds_an_id(small: SmallTrial, fault: Callable[[SmallTrial], None]) -> None:
    ids = ["0101801234", "0202802345", "0303803456", "0404804567"]
    names = dict(zip(PERSONS, ids, strict=True))
    for frame, column in (("participants", "person"), ("dream", "PNR"), ("hours", "person"), ("casework", "person")):
        getattr(small, frame)[column] = getattr(small, frame)[column].map(names)
    small.citizens["person"] = small.citizens["person"].map(names)
    fault(small)
    with pytest.raises(ExtractError) as caught:
        small.read()
    assert not any(person in str(caught.value) for person in ids)


def test_a_trial_of_ordinary_size_is_read_whole(small: SmallTrial) -> None:
    persons, events = 2250, 50_000
    rng = np.random.default_rng(1)
    ids = np.array([f"p{number:05d}" for number in range(persons)])
    entry = np.datetime64("2016-10-03") + rng.integers(0, 90, persons)
    weeks = week_range(monday_of_week(2014, 9), monday_of_week(2016, 52))
    pattern = WeekPattern("y_{YY}{WW}")
    small.participants = pd.DataFrame(
        {
            "person": ids,
            "kommune": rng.choice(["Aarhus", "Køge"], persons),
            "gruppe": rng.choice(["Deltager", "Kontrol"], persons),
            "visitationsdato": entry,
            "alder": rng.integers(30, 60, persons),
        }
    )
    codes = rng.choice(["", "730", "736", "810", "816", "734"], (persons, len(weeks)))
    small.dream = pd.DataFrame(codes, columns=[pattern.name(monday) for monday in weeks])
    small.dream.insert(0, "PNR", ids)
    small.hours = pd.DataFrame(
        {
            "person": rng.choice(ids, 6000),
            "maaned": rng.choice(["2016-10", "2016-11", "2016-12"], 6000),
            "loentimer": rng.gamma(2, 10, 6000).round(2),
        }
    )
    small.casework = pd.DataFrame(
        {
            "person": rng.choice(ids, events),
            "haendelse": rng.choice(["samtale", "plan"], events),
            "dato": np.datetime64("2016-10-01") + rng.integers(0, 92, events),
            "slutdato": "",
            "sted": rng.choice(["", "Bager", "Skole"], events),
        }
    )
    small.casework = small.casework.drop_duplicates()
    small.citizens["person"] = ids[:2]
    small.spec["extracts"]["surveys"]["borgere"]["coverage"] = 0
    small.read()
    data = read_trial(Trial.model_validate(small.spec), small.folder)
    assert len(data.persons) == persons
