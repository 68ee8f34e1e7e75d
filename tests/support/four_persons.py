"""A trial of four persons in two groups and two municipalities, small enough to reckon by hand.

Follow-up ends on Sunday 2017-01-01. p1 and p2 enter in 2016-W40 (13 whole weeks, of which 8 are asked for), p3 in W45
(8 weeks), p4 in W50 (3 weeks).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from kept_refusals import tell

from reportlib.registers.data import ReadFile, TrialData
from reportlib.registers.errors import ExtractError
from reportlib.registers.event_weeks import WeekPattern, monday_of_week, week_range
from reportlib.registers.read import read_trial
from reportlib.trial.model import Trial

PERSONS = ["p1", "p2", "p3", "p4"]
WEEKS = week_range(monday_of_week(2016, 36), monday_of_week(2016, 52))

TRIAL: dict[str, Any] = {
    "id": "small",
    "title": "Lille",
    "subtitle": "Lille",
    "description": "Lille forsøg.",
    "document_type": "Notat",
    "commissioner": "Ingen",
    "evaluator": "Ingen",
    "report_date": "2017-03-01",
    "data_date": "2017-01-15",
    "synthetic": True,
    "design": {"kind": "randomised"},
    "groups": {
        "treated": {"id": "deltager", "value": "Deltager", "label": "deltagergruppen", "many": "deltagerne"},
        "comparison": {"id": "kontrol", "value": "Kontrol", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
    },
    "sites": {"names": ["Aarhus", "Køge"]},
    "period": {"first": "2016-10-01", "last": "2016-12-31"},
    "follow_up": {"last_day": "2017-01-01", "weeks": 8, "weeks_before": 4},
    "extracts": {
        "participants": {"file": "deltagere.csv", "background": {"alder": "Alder"}},
        "dream": {"file": "dream.csv"},
        "paid_hours": {"file": "timer.csv"},
        "casework": {"file": "sager.csv"},
        "surveys": {
            "borgere": {"file": "borgere.csv", "person": "person", "respondents": "borgerne", "items": {"mening": "?"}}
        },
    },
    "sources": {"alt": {"text": "Alt"}},
    "measures": [],
    "analyses": [],
}


def dream_frame(codes: dict[str, dict[str, str]]) -> pd.DataFrame:
    """One row per person, empty but for `codes`: person -> column -> code."""
    pattern = WeekPattern("y_{YY}{WW}")
    frame = pd.DataFrame("", index=PERSONS, columns=[pattern.name(monday) for monday in WEEKS])
    for person, by_week in codes.items():
        for week, code in by_week.items():
            frame.loc[person, week] = code
    return frame.rename_axis("PNR").reset_index()


@dataclass
class SmallTrial:
    """The trial's files as frames of text; change them, then `read`."""

    folder: Path
    spec: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(TRIAL))
    participants: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {
                "person": PERSONS,
                "kommune": ["Aarhus", "Køge", "Aarhus", "Køge"],
                "gruppe": ["Deltager", "Kontrol", "Kontrol", "Deltager"],
                "visitationsdato": ["2016-10-03", "2016-10-05", "2016-11-13", "2016-12-12"],
                "alder": ["31", "42", "53", "64"],
            }
        )
    )
    dream: pd.DataFrame = field(default_factory=lambda: dream_frame({}))
    hours: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"person": ["p1", "p1", "p1"], "maaned": ["2016-10", "2016-11", "2016-12"], "loentimer": ["0", "0", "0"]}
        )
    )
    casework: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {
                "person": ["p1", "p2"],
                "haendelse": ["samtale", "samtale"],
                "dato": ["2016-10-10", "2016-10-11"],
                "slutdato": ["", ""],
                "sted": ["", ""],
            }
        )
    )
    citizens: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"person": ["p1", "p2"], "kommune": ["Aarhus", "Køge"], "mening": ["3", "5"]}
        )
    )

    more: dict[str, pd.DataFrame] = field(default_factory=dict)
    """File -> what it holds, beside the five."""

    def measure(self, **source: Any) -> None:
        """Add a measure computed from `source`."""
        number = len(self.spec["measures"])
        unit = {"survey_mean": "score", "paid_hours": "hours_per_week"}.get(source["kind"], "pct")
        entry = {"id": f"m{number}", "label": "M", "unit": unit, "definition": "M.", "source": "alt", "from": source}
        self.spec["measures"] = [*self.spec["measures"], entry]

    def without(self, *extracts: str) -> None:
        """Take extracts out of trial.yml."""
        for name in extracts:
            self.spec["extracts"].pop(name)

    def read(self) -> TrialData:
        """Write the files and read the trial."""
        self.write()
        return self.read_written()

    def read_written(self) -> TrialData:
        """Read the trial from the files as they lie there."""
        data = read_trial(Trial.model_validate(self.spec), self.folder)
        for file in data.files:
            for note in file.notes:
                tell(f"{file.name}: {note}")
        tell("; ".join(map(_counted, data.files)))
        return data

    def write(self) -> None:
        """Write the files."""
        files = {
            "deltagere.csv": self.participants,
            "dream.csv": self.dream,
            "timer.csv": self.hours,
            "sager.csv": self.casework,
            "borgere.csv": self.citizens,
            **self.more,
        }
        for name, frame in files.items():
            frame.to_csv(self.folder / name, sep=";", index=False, encoding="utf-8")


def _counted(file: ReadFile) -> str:
    """What was read from a file and what was left out, in one line."""
    twice = f", {file.duplicates} twice" if file.duplicates else ""
    told = {"left out": file.dropped, "unknown": file.missing, "kinds": file.kinds}
    more = "".join(f", {what} {dict(which)}" for what, which in told.items() if which)
    return f"{file.name} {file.rows}{twice}, {file.period or 'no dates'}{more}"


def file_of(data: TrialData, name: str) -> ReadFile:
    """What was read from the file `name`."""
    return next(file for file in data.files if file.name == name)


def fault_of(small: SmallTrial) -> ExtractError:
    """The error with which reading the trial ends."""
    with pytest.raises(ExtractError) as caught:
        small.read()
    return caught.value
