"""A made-up before/after trial: twelve persons in one group, hours before and after, a repeated survey."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportlib.registers.data import Panel, TrialData
from reportlib.trial.model import Trial

DAY_ONE = pd.Timestamp("2021-01-04")  # a Monday
PERSONS, WEEKS, WEEKS_BEFORE = 12, 8, 10
# All of two sites and one person of the third: were one of each site left, the total would tell all three.
_STARTERS = (0, 3, 6, 9, 1, 4, 7, 10, 2)


def measure(id: str, computed: dict[str, Any], *, unit: str = "pct", **more: Any) -> dict[str, Any]:  # noqa: A002
    """A catalogue entry."""
    return {
        "id": id,
        "label": id.capitalize(),
        "unit": unit,
        "definition": "Et mål.",
        "source": "register",
        "from": computed,
        **more,
    }


MEASURES = [
    measure("uge", {"kind": "paid_hours", "value": "any"}),
    measure("timeruge", {"kind": "paid_hours", "value": "hours"}, unit="hours_per_week"),
    measure("i-job", {"kind": "ever", "of": ["uge"]}, clause="har været i job"),
    measure("i-job-foer", {"kind": "before", "of": ["uge"], "weeks": 6}),
    measure("timer", {"kind": "mean_of_weeks", "measure": "timeruge", "per": "month"}, unit="hours"),
    measure("timer-foer", {"kind": "before", "of": ["timeruge"], "value": "per_month"}, unit="hours"),
    measure("gaaet-op", {"kind": "hours_change", "measure": "timeruge", "direction": "rose"}),
    measure("gaaet-ned", {"kind": "hours_change", "measure": "timeruge", "direction": "fell"}),
    measure("begyndt", {"kind": "event_ever", "events": ["start"]}, clause="er begyndt i forløb"),
    measure("ventetid", {"kind": "days_to_event", "events": ["start"]}, unit="days"),
    measure(
        "runde",
        {
            "kind": "survey_answers",
            "survey": "maal",
            "item": "runde",
            "answers": {"1": "Først", "2": "Så", "3": "Sidst"},
        },
    ),
    measure(
        "score",
        {
            "kind": "survey_mean",
            "survey": "maal",
            "item": "score",
            "low": 0,
            "high": 10,
            "low_label": "lav",
            "high_label": "høj",
        },
        unit="score",
        noun="scoren",
    ),
]


def progress_file(**changes: Any) -> dict[str, Any]:
    """A valid trial.yml as a dictionary."""
    return {
        "id": "fremgang",
        "title": "Fremgang",
        "subtitle": "Eksempel",
        "description": "Et eksempel.",
        "document_type": "Rapport",
        "commissioner": "Ingen",
        "evaluator": "Ingen",
        "report_date": "2022-01-01",
        "data_date": "2021-12-31",
        "synthetic": True,
        "design": {"kind": "before_after"},
        "groups": {"treated": {"id": "deltager", "value": "D", "label": "gruppen", "many": "borgerne"}},
        "sites": {"names": ["Øst", "Vest", "Midt"]},
        "period": {"first": "2021-01-04", "last": "2021-03-01"},
        "follow_up": {"last_day": "2021-02-28", "weeks": WEEKS, "weeks_before": WEEKS_BEFORE, "enough": 2},
        "disclosure": {"threshold": 3},
        "extracts": {
            "participants": {"file": "p.csv"},
            "paid_hours": {"file": "t.csv"},
            "casework": {"file": "c.csv", "last_day": "2021-02-28"},
            "surveys": {
                "maal": {
                    "file": "m.csv",
                    "person": "person",
                    "respondents": "borgerne",
                    "items": {"runde": "Runde", "score": "Score"},
                }
            },
        },
        "sources": {"register": {"text": "Registret"}},
        "measures": MEASURES,
        "facts": {
            "plan": {"value": 20, "unit": "count", "label": "Plan", "source": "register"},
            "behov": {"value": 15, "unit": "count", "label": "Behov", "source": "register"},
        },
        "analyses": [
            {
                "kind": "before_after",
                "pairs": [{"before": "i-job-foer", "after": "i-job"}, {"before": "timer-foer", "after": "timer"}],
                "before_window": "ugerne før",
                "after_window": "ugerne efter",
            },
            {
                "kind": "recruitment",
                "measure": "begyndt",
                "milestone": "plan",
                "needed": "behov",
                "until": "2021-05-23",
                "latest": 8,
                "outcome": "i-job-foer",
            },
            {"kind": "scales", "measures": ["score"], "counts": "runde"},
        ],
        **changes,
    }


def progress_trial(**changes: Any) -> Trial:
    """The trial, with parts of its file changed."""
    return Trial.model_validate(progress_file(**changes))


def progress_data(
    trial: Trial,
    *,
    before: np.ndarray | None = None,
    after: np.ndarray | None = None,
    starts: dict[int, int] | None = None,
    sheets: list[tuple[int, int, float]] | None = None,
) -> TrialData:
    """Hours (12, weeks) before and after, day of start by person, and sheets of (person, round, score).

    Unless given: three of twelve work before and nine after, one person starts in each of nine weeks but the last has
    two, and eight persons have two rounds, five of them all three, the score one higher each time.
    """
    hours_before = np.zeros((PERSONS, WEEKS_BEFORE)) if before is None else before.astype(float)
    hours = np.zeros((PERSONS, WEEKS)) if after is None else after.astype(float)
    if before is None:
        hours_before[:3, -2:] = 10.0
    if after is None:
        hours[:9, 4:] = 13.0
    events = starts if starts is not None else {row: min(7 * week, 55) for week, row in enumerate(_STARTERS)}
    if sheets is None:
        rounds = [3] * 5 + [2] * 3 + [1] * 4
        sheets = [(row, at, 4.0 + at + row % 2) for row, most in enumerate(rounds) for at in range(1, most + 1)]
    persons = pd.DataFrame(
        {
            "person": [f"P{row}" for row in range(PERSONS)],
            "site": ["Øst", "Vest", "Midt"] * 4,
            "group": "deltager",
            "start": DAY_ONE,
            "weeks_followed": WEEKS,
        }
    )
    casework = pd.DataFrame(
        {
            "row": list(events),
            "kind": "start",
            "start": [DAY_ONE + pd.Timedelta(days=day) for day in events.values()],
            "end": pd.NaT,
            "place": "",
        }
    ).astype({"row": int, "start": "datetime64[ns]", "end": "datetime64[ns]"})
    survey = pd.DataFrame(sheets, columns=["row", "runde", "score"])
    survey.insert(0, "site", persons["site"].to_numpy()[survey["row"]])
    followed = np.ones((PERSONS, WEEKS), dtype=bool)
    return TrialData(
        trial=trial,
        persons=persons,
        panel=Panel(followed=followed, hours=hours, hours_before=hours_before),
        codebook=None,
        casework=casework,
        surveys={"maal": survey},
        files=(),
    )
