"""Where trial.yml holds one thing against another: the last that is right is taken, the first that is wrong refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from small_trial import WEEKS, make_trial, person_measure, trial_file

from reportlib.text.units import Unit
from reportlib.trial import TrialFileError
from reportlib.trial.analyses import Light, Target, honest_decimals, light
from reportlib.trial.design import Period

SITES = ["Nord", "Syd"]


def changed(**changes: Any) -> dict[str, Any]:
    return changes


def gap(first: str, last: str) -> dict[str, Any]:
    given = trial_file()["extracts"]
    return changed(
        extracts={**given, "casework": {"file": "c.csv", "gaps": [{"first": first, "last": last, "why": "x"}]}}
    )


def period(**more: str) -> dict[str, Any]:
    return changed(period={"first": "2020-01-06", "last": "2020-02-01", **more})


def measure(**computed: Any) -> dict[str, Any]:
    return changed(measures=[*trial_file()["measures"], person_measure(**computed)])


def at_week(week: int) -> dict[str, Any]:
    return changed(analyses=[{"kind": "at_week", "measures": ["job"], "week": week}])


def answers(at_least: int) -> dict[str, Any]:
    return measure(kind="survey_at_least", survey="borgere", items=["q"], answers=[1], at_least=at_least)


def long_name(length: int) -> dict[str, Any]:
    return changed(sites={"names": ["Nord", "S" * length]})


DAYS = {
    "data drawn on the last day": (changed(data_date="2020-03-15"), changed(data_date="2020-03-14")),
    "report on the day of the data": (changed(report_date="2020-12-31"), changed(report_date="2020-12-30")),
    "entry on one day": (period(last="2020-01-06"), period(last="2020-01-05")),
    "a gap of one day": (gap("2020-01-06", "2020-01-06"), gap("2020-01-06", "2020-01-05")),
}
WEEKS_AND_NAMES = {
    "the last week": (at_week(WEEKS), at_week(WEEKS + 1)),
    "the first week": (at_week(1), at_week(0)),
    "a value in the last week": (
        measure(kind="value_in_week", measure="job", week=WEEKS),
        measure(kind="value_in_week", measure="job", week=WEEKS + 1),
    ),
    "as many answers as items": (answers(1), answers(2)),
    "sites of other names": (changed(sites={"names": SITES}), changed(sites={"names": ["Nord", "nord"]})),
    "the longest name": (long_name(100), long_name(101)),
    "one source": (changed(), changed(sources={})),
}
PAIRS = DAYS | WEEKS_AND_NAMES


@pytest.mark.parametrize("name", PAIRS)
def test_the_last_that_is_right_is_taken(name: str) -> None:
    make_trial(**PAIRS[name][0])


@pytest.mark.parametrize("name", PAIRS)
def test_the_first_that_is_wrong_is_refused(name: str) -> None:
    with pytest.raises((ValidationError, TrialFileError)):
        make_trial(**PAIRS[name][1])


BEFORE = [("2020-01-05", "2020-01-05", True), ("2020-01-05", "2020-01-04", False), ("2019-01-05", "2020-01-05", True),
          ("2019-01-05", "2020-01-06", False), ("2019-01-05", None, False), (None, "2020-01-05", False),
          (None, None, True)]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "right"), BEFORE)
def test_a_period_before_ends_before_the_period_begins(first: str | None, last: str | None, right: bool) -> None:
    given = {"first": "2020-01-06", "last": "2020-02-01", "before_first": first, "before_last": last}
    if right:
        Period.model_validate(given)
    else:
        with pytest.raises(ValidationError, match="before"):
            Period.model_validate(given)


@pytest.mark.parametrize(
    ("share", "colour"),
    [
        (100, Light.GREEN), (80, Light.GREEN), (79.999, Light.YELLOW), (60, Light.YELLOW), (59.999, Light.RED),
        (0, Light.RED), (None, Light.UNKNOWN),
    ],
)  # fmt: skip
def test_a_target_is_reached_on_its_boundary(share: float | None, colour: Light) -> None:
    assert light(share, Target(green=80, yellow=60)) is colour


@pytest.mark.parametrize(("share", "decimals"), [(81, 0), (79.4, 0), (79.6, 1), (79.96, 2), (79.9999, 3), (59.5, 1)])
def test_a_share_is_printed_with_as_many_decimals_as_its_colour_needs(share: float, decimals: int) -> None:
    assert honest_decimals(share, Target(green=80, yellow=60)) == decimals


@pytest.mark.parametrize("kind", ["event_ever", "event_count"])
@pytest.mark.parametrize("unit", [Unit.PCT, Unit.COUNT])
def test_what_is_nought_or_one_is_in_per_cent_and_nothing_else_is(kind: str, unit: Unit) -> None:
    made = {**person_measure(kind=kind, events=["samtale"]), "unit": str(unit)}
    measures = changed(measures=[*trial_file()["measures"], made])
    if (kind == "event_ever") is (unit is Unit.PCT):
        make_trial(**measures)
    else:
        with pytest.raises(ValidationError, match="unit"):
            make_trial(**measures)
