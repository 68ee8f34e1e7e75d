"""A status trial by hand: two sites, no comparison group, nothing recorded by week; counts chosen by each test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from small_trial import trial_file

from reportlib.analysis.run import analyse, analyse_before_and_after_disclosure
from reportlib.ledger import Ledger
from reportlib.registers.data import Panel, TrialData
from reportlib.trial.model import Trial

SITES = ("Nord", "Syd", "Vest")
EVENTS = ("aktiv", "job")


def status_trial(**changes: Any) -> Trial:
    """Persons are begun with (`aktiv`) or not; some of those get a `job`, which has a benchmark of 20 pct."""

    def measure(name: str, clause: str, **more: Any) -> dict[str, Any]:
        source = {"kind": "event_ever", "events": [name]}
        return {
            "id": name,
            "label": f"Andel {clause.split(' ', 1)[1]}",
            "unit": "pct",
            "definition": "Andel af borgerne.",
            "clause": clause,
            "source": "register",
            "from": source,
            **more,
        }

    survey = {
        "id": "samarbejde",
        "label": "Samarbejde",
        "unit": "pct",
        "definition": "Stederne svarer ja.",
        "clause": "samarbejder med nogen",
        "source": "register",
        "from": {"kind": "survey_share", "survey": "ledere", "item": "q", "answers": ["Ja"]},
    }
    made = {
        "design": {"kind": "status"},
        "groups": {"treated": {"id": "borgere", "value": "B", "label": "borgergruppen", "many": "borgerne"}},
        "sites": {"names": list(SITES)},
        "extracts": {
            "participants": {"file": "p.csv"},
            "casework": {"file": "c.csv"},
            "surveys": {"ledere": {"file": "l.csv", "respondents": "lederne", "items": {"q": "Samarbejder I?"}}},
        },
        "measures": [
            measure("aktiv", "er aktive"),
            measure("job", "har fået job", population="aktive"),
            survey,
        ],
        "populations": [{"id": "aktive", "label": "borgere, der er aktive", "having": "aktiv"}],
        "facts": {
            "pejlemaerke": {"value": 20, "unit": "pct", "label": "Pejlemærke", "source": "register"},
            "penge": {"value": 1000000, "unit": "kr", "label": "Penge", "source": "register"},
        },
        "analyses": [
            {"kind": "shares", "measures": ["aktiv", "job"], "by_site": True},
            {"kind": "site_spread", "measures": ["job"]},
            {"kind": "site_answers", "measures": ["samarbejde"]},
            {
                "kind": "benchmark",
                "name": "Andet Sted",
                "against": [{"measure": "job", "fact": "pejlemaerke", "definition": "Andel med job"}],
            },
            {"kind": "unit_cost", "cost": "penge", "measures": ["job"], "due": [100, 50]},
        ],
        **changes,
    }
    return Trial.model_validate(trial_file(**made))


def status_data(
    trial: Trial, counts: dict[str, tuple[int, int, int]], answers: dict[str, str | None] | None = None
) -> TrialData:
    """`counts`: site -> persons, of them active, of those with a job. `answers`: site -> Ja, Nej or nothing."""
    sites = [site for site, (persons, _, _) in counts.items() for _ in range(persons)]
    rows: list[tuple[int, str]] = []
    first = 0
    for persons, active, with_job in counts.values():
        rows += [(first + at, "aktiv") for at in range(active)] + [(first + at, "job") for at in range(with_job)]
        first += persons
    day = pd.Timestamp("2020-01-06")
    casework = pd.DataFrame(
        {
            "row": [row for row, _ in rows],
            "kind": [kind for _, kind in rows],
            "start": day,
            "end": pd.NaT,
            "place": "",
        }
    )
    persons = pd.DataFrame(
        {
            "person": [f"P{at}" for at in range(len(sites))],
            "site": sites,
            "group": "borgere",
            "start": day,
            "weeks_followed": trial.follow_up.weeks,
        }
    )
    answers = answers if answers is not None else dict.fromkeys(counts, "Ja")
    sheets = pd.DataFrame({"site": list(answers), "row": -1, "q": list(answers.values())})
    return TrialData(
        trial=trial,
        persons=persons,
        panel=Panel(followed=np.ones((len(sites), trial.follow_up.weeks), dtype=bool), recorded={}),
        codebook=None,
        casework=casework.sort_values(["row", "start"]).reset_index(drop=True),
        surveys={"ledere": sheets},
        files=(),
    )


PLAIN = {"Nord": (60, 50, 20), "Syd": (50, 50, 15), "Vest": (50, 40, 14)}
"""35 pct. of 140 with a job: above the benchmark of 20, whichever site is left out."""


def status_ledger(
    counts: dict[str, tuple[int, int, int]] = PLAIN, answers: dict[str, str | None] | None = None
) -> tuple[Trial, Ledger]:
    """The trial and the finished ledger of the counts."""
    trial = status_trial()
    return trial, analyse(trial, status_data(trial, counts, answers))


def open_status_ledger() -> Ledger:
    """The ledger of the plain counts with all its digits."""
    trial = status_trial()
    return analyse_before_and_after_disclosure(trial, status_data(trial, PLAIN))[0]
