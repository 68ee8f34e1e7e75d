"""A trial whose measures have words, and ledgers for the tests of sections; rows go through the real builder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reportlib.ledger import Measure
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

SITES = ("Åby", "Bøgelund", "Cæsarsholm", "Dalby")
SCALE = {"low": 1, "high": 10, "low_label": "Ingen betydning", "high_label": "Stor betydning"}

# id, label, unit, what stands in trial.yml besides
_CATALOGUE: tuple[tuple[str, str, Unit, dict[str, Any]], ...] = (
    ("i-job", "Andel i job", Unit.PCT, {"clause": "er i job", "from": {"kind": "paid_hours", "value": "any"}}),
    (
        "timer",
        "Ordinære timer",
        Unit.HOURS_PER_WEEK,
        {
            "clause": "arbejder {value} om ugen",
            "noun": "det ugentlige antal timer",
            "from": {"kind": "paid_hours"},
        },
    ),
    (
        "samtale",
        "Samtale inden fire uger",
        Unit.PCT,
        {
            "clause": "har haft en samtale inden fire uger",
            "from": {"kind": "event_within", "events": ["samtale"], "weeks": 4},
        },
    ),
    (
        "plan",
        "MinPlan hver måned",
        Unit.PCT,
        {
            "clause": "har brugt MinPlan hver måned",
            "population": "tidlige",
            "from": {"kind": "event_ever", "events": ["plan"]},
        },
    ),
    (
        "mentor",
        "Mentor",
        Unit.PCT,
        {"clause": "har en mentor", "population": "i-praktik", "from": {"kind": "event_ever", "events": ["mentor"]}},
    ),
    (
        "strategi",
        "Strategi",
        Unit.PCT,
        {
            "clause": "siger, at der er en strategi",
            "from": {"kind": "survey_share", "survey": "medarbejdere", "item": "s", "answers": [1]},
        },
    ),
    ("stoette", "Mentorens støtte", Unit.SCORE, {"from": {"kind": "survey_mean", "survey": "borgere", "item": "a"}}),
    ("hjaelp", "Konsulentens hjælp", Unit.SCORE, {"from": {"kind": "survey_mean", "survey": "borgere", "item": "b"}}),
    ("cv", "Arbejdet med CV", Unit.SCORE, {"from": {"kind": "survey_mean", "survey": "borgere", "item": "c"}}),
    (
        "minplan",
        "MinPlan efter praktik",
        Unit.SCORE,
        {"from": {"kind": "survey_mean", "survey": "borgere", "item": "d"}},
    ),
    ("skema", "Skemaet", Unit.SCORE, {"from": {"kind": "survey_mean", "survey": "borgere", "item": "e"}}),
    ("samtaler", "Samtaler", Unit.PER_PERSON, {"from": {"kind": "event_count", "events": ["samtale"]}}),
    ("uger", "Uger i praktik", Unit.PER_PERSON, {"from": {"kind": "event_count", "events": ["plan"]}}),
)

MEASURES = (
    *(
        Measure(id=name, label=label, unit=unit, definition=f"{label} defineret", source="Registrering")
        for name, label, unit, _ in _CATALOGUE
    ),
    Measure(id="personer", label="Personer", unit=Unit.COUNT, definition="Antal personer", source="Registrering"),
    Measure(id="fulgt", label="Personer, der følges", unit=Unit.COUNT, definition="Antal, der følges", source="DREAM"),
    Measure(id="baggrund", label="Baggrund", unit=Unit.PCT, definition="Kendetegn", source="Registrering"),
)


def section_trial(**changes: Any) -> Trial:
    """The trial, with parts of its file changed."""
    return Trial.model_validate({**_file(), **changes})


def _spec(name: str, label: str, unit: Unit, rest: Mapping[str, Any]) -> dict[str, Any]:
    computed = dict(rest["from"])
    if unit is Unit.SCORE:
        computed |= {"kind": "survey_mean", "survey": "borgere", **SCALE}
    return {
        "id": name,
        "label": label,
        "unit": str(unit),
        "definition": f"{label} defineret",
        "source": "reg",
        **rest,
        "from": computed,
    }


def _file() -> dict[str, Any]:
    return {
        "id": "proeve",
        "title": "Prøve",
        "subtitle": "Et forsøg",
        "description": "Et opdigtet forsøg",
        "document_type": "Evaluering",
        "commissioner": "Styrelsen",
        "evaluator": "Evaluator",
        "report_date": "2017-05-31",
        "data_date": "2017-01-31",
        "synthetic": True,
        "design": {"kind": "randomised"},
        "groups": {
            "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "kontrol", "value": "K", "label": "kontrolgruppen", "many": "kontrolpersonerne"},
        },
        "sites": {"names": list(SITES)},
        "period": {"first": "2016-03-01", "last": "2016-12-31"},
        "follow_up": {"last_day": "2016-12-31", "weeks": 44, "enough": 50},
        "extracts": {
            "dream": {"file": "dream.csv"},
            "participants": {
                "file": "personer.csv",
                "background": {"alder": "Alder", "ydelse": "Ydelse", "job": "Job før"},
            },
            "paid_hours": {"file": "timer.csv"},
            "casework": {"file": "sager.csv"},
            "surveys": {
                "borgere": {"file": "b.csv", "respondents": "borgerne", "items": dict.fromkeys("abcde", "?")},
                "medarbejdere": {"file": "m.csv", "respondents": "medarbejderne", "items": {"s": "?"}},
            },
        },
        "sources": {"reg": {"text": "Registreringer"}},
        "measures": [_spec(*entry) for entry in _CATALOGUE],
        "populations": [
            {
                "id": "tidlige",
                "label": "deltagere, der er udtrukket før den 1. oktober 2016",
                "group": "deltager",
                "started_before": "2016-10-01",
            },
            {
                "id": "i-praktik",
                "label": "deltagere, der har været i praktik",
                "group": "deltager",
                "having": "samtale",
            },
        ],
        "elements": [
            {
                "id": "start",
                "number": 1,
                "title": "God start",
                "intention": "En god start.",
                "components": [
                    {"measure": "samtale", "target": {"green": 80, "yellow": 60}},
                    {"measure": "plan", "target": {"green": 80, "yellow": 60}},
                ],
            },
            {
                "id": "stoette",
                "number": 2,
                "title": "Støtte",
                "intention": "Støtte i praktikken.",
                "components": [
                    {"measure": "mentor", "target": {"green": 90, "yellow": 60}},
                    {"measure": "strategi", "target": {"green": 50, "yellow": 30}},
                ],
            },
            {
                "id": "alene",
                "number": 3,
                "title": "Alene",
                "intention": "Kun én del.",
                "components": [{"measure": "samtale", "target": {"green": 80, "yellow": 60}}],
            },
            {"id": "tom", "number": 4, "title": "Tom", "intention": "Ingen dele."},
        ],
        "analyses": [{"kind": "weekly", "measures": ["i-job", "timer"]}],
    }


def plain(text: str) -> str:
    """The text with ordinary spaces, without lights' classes and the sign before symbols."""
    return re.sub(r"\[(\w+(?: \w+)?)\]\{\.lys \.\w+\}", r"\1", text).replace("\u00a0", " ")
