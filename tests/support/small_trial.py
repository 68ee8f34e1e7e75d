"""A small trial by hand: eight persons, ten weeks, two sites. Small enough to count on the fingers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from reportlib.registers.data import Panel, TrialData
from reportlib.trial.model import Trial

DAY_ONE = pd.Timestamp("2020-01-06")  # a Monday
WEEKS = 10


def trial_file(**changes: Any) -> dict[str, Any]:
    """A valid trial.yml as a dictionary."""
    return {
        "id": "lille",
        "title": "Lille forsøg",
        "subtitle": "Eksempel",
        "description": "Et eksempel.",
        "document_type": "Rapport",
        "commissioner": "Ingen",
        "evaluator": "Ingen",
        "report_date": "2021-01-01",
        "data_date": "2020-12-31",
        "synthetic": True,
        "design": {"kind": "randomised"},
        "groups": {
            "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "kontrol", "value": "K", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
        },
        "sites": {"names": ["Nord", "Syd"]},
        "period": {"first": "2020-01-06", "last": "2020-02-01"},
        "follow_up": {"last_day": "2020-03-15", "weeks": WEEKS, "enough": 2},
        "extracts": {
            "participants": {"file": "p.csv", "background": {"alder": "Alder"}},
            "casework": {"file": "c.csv"},
            "surveys": {"borgere": {"file": "b.csv", "respondents": "borgerne", "items": {"q": "Spørgsmål"}}},
            "weekly": {"job": {"file": "w.csv"}},
        },
        "sources": {"register": {"text": "Registret"}},
        "measures": [
            {
                "id": "job",
                "label": "I job",
                "unit": "pct",
                "definition": "I job i ugen",
                "source": "register",
                "from": {"kind": "weekly", "extract": "job"},
            }
        ],
        "analyses": [{"kind": "weekly", "measures": ["job"]}],
        **changes,
    }


def make_trial(**changes: Any) -> Trial:
    """The trial, with parts of its file changed."""
    return Trial.model_validate(trial_file(**changes))


def make_data(
    trial: Trial,
    *,
    events: Sequence[tuple[int, str, int, int | None, str]] = (),
    job: np.ndarray | None = None,
    answers: Sequence[Any] = (),
) -> TrialData:
    """Eight persons, four in each group, alternating sites. Events are (row, kind, first day, last day, place)."""
    start = pd.Series([DAY_ONE] * 6 + [DAY_ONE + pd.Timedelta(weeks=2)] * 2)
    followed = np.ones((8, WEEKS), dtype=bool)
    followed[6:, 8:] = False
    persons = pd.DataFrame(
        {
            "person": [f"P{row}" for row in range(8)],
            "site": ["Nord", "Syd"] * 4,
            "group": ["deltager", "deltager", "kontrol", "kontrol"] * 2,
            "start": start,
            "weeks_followed": followed.sum(axis=1),
            "alder": [30, 40, 50, 60, 30, 40, 50, 60],
        }
    )
    casework = pd.DataFrame(
        {
            "row": [event[0] for event in events],
            "kind": [event[1] for event in events],
            "start": [start[event[0]] + pd.Timedelta(days=event[2]) for event in events],
            "end": [pd.NaT if event[3] is None else start[event[0]] + pd.Timedelta(days=event[3]) for event in events],
            "place": [event[4] for event in events],
        }
    ).astype({"row": int, "start": "datetime64[ns]", "end": "datetime64[ns]"})
    values = np.zeros((8, WEEKS)) if job is None else job.astype(float)
    recorded = {"job": np.where(followed, values, np.nan)}
    survey = pd.DataFrame({"site": ["Nord"] * len(answers), "row": range(len(answers)), "q": answers})
    return TrialData(
        trial=trial,
        persons=persons,
        panel=Panel(followed=followed, recorded=recorded),
        codebook=None,
        casework=casework.sort_values(["row", "start"]).reset_index(drop=True),
        surveys={"borgere": survey},
        files=(),
    )


def person_measure(**computed: Any) -> dict[str, Any]:
    """A catalogue entry of a person measure."""
    return {
        "id": "maal",
        "label": "Mål",
        "unit": "count" if computed["kind"] == "event_count" else "pct",
        "definition": "Et mål",
        "source": "register",
        "from": computed,
    }
