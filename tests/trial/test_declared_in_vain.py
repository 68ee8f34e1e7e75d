"""What trial.yml declares must have something to be about: each fault in full, beside the nearest that is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from small_trial import person_measure, trial_file

from reportlib.trial import TrialFileError, load_trial

FILE = trial_file()
JOB = FILE["measures"][0]
EVER = {**person_measure(kind="event_ever", events=["samtale"]), "id": "talt"}
SOURCES = {"register": {"text": "Registret"}}
GROUPS = FILE["groups"]
BEFORE = {
    f"{name}_before": {**group, "id": f"{group['id']}-foer", "value": f"{group['value']}0"}
    for name, group in GROUPS.items()
}
PERIOD = {**FILE["period"], "before_first": "2019-01-07", "before_last": "2019-02-01"}
COVERED = {**FILE["follow_up"], "before_last_day": "2019-03-15"}


def extract(name: str, **more: Any) -> dict[str, Any]:
    """The extracts, one of them with more."""
    found = FILE["extracts"]
    if name == "borgere":
        return {"extracts": {**found, "surveys": {"borgere": {**found["surveys"]["borgere"], **more}}}}
    if name == "job":
        return {"extracts": {**found, "weekly": {"job": {**found["weekly"]["job"], **more}}}}
    return {"extracts": {**found, name: {**found[name], **more}}}


def planned(week: int | None, measure: str) -> dict[str, Any]:
    words = {"family": "job", "more": "flere", "less": "færre"}
    result = {"measure": measure, **words, **({} if week is None else {"week": week})}
    return {"planned": {"source": "register", "primary": [result]}}


GAP = {"first": "2020-01-06", "last": "2020-01-12", "why": "ingen"}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "no source": ({"sources": SOURCES}, {"sources": {}}, "sources: name at least one, the source of the participants"),
    "reported before drawn": (
        {"report_date": "2020-12-31"},
        {"report_date": "2020-12-30"},
        "report_date (2020-12-30) lies before data_date (2020-12-31)",
    ),
    "a unit of no numbers": (
        extract("participants", background_units={"alder": "years"}, background_kinds={"alder": "number"}),
        extract("participants", background_units={"alder": "years"}, background_kinds={"alder": "category"}),
        "extracts.participants.background_units: alder has a unit, and is declared a column without numbers",
    ),
    "the kind of no column": (
        extract("participants", background_kinds={"alder": "category"}),
        extract("participants", background_kinds={"aldr": "category"}),
        "extracts.participants.background_kinds: unknown background column 'aldr' (did you mean alder?)",
    ),
    "the unit of no column": (
        extract("participants", background_units={"alder": "years"}),
        extract("participants", background_units={"aldr": "years"}),
        "extracts.participants.background_units: unknown background column 'aldr' (did you mean alder?)",
    ),
    "the values of no column": (
        extract("participants", background_values={"alder": ["30"]}),
        extract("participants", background_values={"aldr": ["30"]}),
        "extracts.participants.background_values: unknown background column 'aldr' (did you mean alder?)",
    ),
    "records twice of one person": (
        extract("casework", duplicates="drop"),
        extract("participants", duplicates="drop"),
        "extracts.participants: `duplicates` has no meaning there, two records of one are always refused",
    ),
    "records twice of a week's outcome": (
        extract("casework", duplicates="drop"),
        extract("job", duplicates="drop"),
        "extracts.weekly.job: `duplicates` has no meaning there, two records of one are always refused",
    ),
    "sheets of nobody twice": (
        extract("borgere", duplicates="drop", person="person"),
        extract("borgere", duplicates="drop"),
        "extracts.surveys.borgere: `duplicates` has no meaning there, its sheets are not of persons (set `person`)",
    ),
    "a gap without dates": (
        extract("casework", gaps=[GAP]),
        extract("borgere", gaps=[GAP]),
        "extracts.surveys.borgere: `gaps` has no meaning there, its records have no dates",
    ),
    "a gap of no site": (
        extract("casework", gaps=[{**GAP, "site": "Nord"}]),
        extract("casework", gaps=[{**GAP, "site": "Nrod"}]),
        "extracts.casework, gap: unknown site 'Nrod' (did you mean Nord?)",
    ),
    "groups before without their period": (
        {
            "groups": {**GROUPS, **BEFORE},
            "period": PERIOD,
            "follow_up": COVERED,
            "design": {"kind": "quasi_experiment"},
        },
        {"groups": {**GROUPS, **BEFORE}, "design": {"kind": "quasi_experiment"}},
        "groups of the period before need period.before_first and before_last, and the reverse",
    ),
    "a week of a planned result": (
        planned(3, "job"),
        planned(None, "job"),
        "planned result job: it has a value week by week; say in which `week` the result is read",
    ),
    "no week of a planned result": (
        planned(None, "talt"),
        planned(3, "talt"),
        "planned result talt: it has no value week by week; leave `week` out",
    ),
    "a week of a site's own number": (
        {"sites": {**FILE["sites"], "own": {"effort": ["job"], "week": 3}}},
        {"sites": {**FILE["sites"], "own": {"effort": ["job"]}}},
        "sites: own: job has a value week by week; say in which `week` it is read",
    ),
}


def load(folder: Path, changes: dict[str, Any]) -> None:
    path = folder / "trial.yml"
    spec = trial_file(**{"measures": [JOB, EVER], "analyses": [], **changes})
    path.write_text(yaml.safe_dump(spec, allow_unicode=True), encoding="utf-8")
    load_trial(path)


@pytest.mark.parametrize(("taken", "refused", "told"), CASES.values(), ids=CASES)
def test_what_is_declared_in_vain_is_told_in_full(
    tmp_path: Path, taken: dict[str, Any], refused: dict[str, Any], told: str
) -> None:
    load(tmp_path, taken)
    with pytest.raises(TrialFileError) as caught:
        load(tmp_path, refused)
    assert told in [line.strip() for line in str(caught.value).splitlines()]
