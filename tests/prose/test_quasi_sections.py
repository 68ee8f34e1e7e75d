"""Sentences on places and years follow the rows: each wording is chosen by the evidence that asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from small_trial import make_trial

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.analysis.run import catalogue
from reportlib.disclosure import Threshold
from reportlib.ledger import Ledger
from reportlib.prose import quasi, survival
from reportlib.trial.model import Trial

TIME = {
    "id": "tid",
    "label": "Andel, der stadig venter, hovedgruppen",
    "unit": "pct",
    "noun": "afgangsraten",
    "definition": "Uger til job",
    "source": "register",
    "from": {"kind": "time_to", "state": "job", "event": "job"},
}
HOURS = {
    "id": "timer",
    "label": "Timer",
    "unit": "hours_per_week",
    "clause": "arbejder {value} om ugen",
    "noun": "timetallet",
    "definition": "Timer",
    "source": "register",
    "from": {"kind": "weekly", "extract": "job"},
}
AREA = {
    "id": "andel",
    "label": "Andel",
    "unit": "pct",
    "noun": "andelen",
    "definition": "Andel",
    "source": "register",
    "from": {"kind": "monthly", "extract": "m"},
}
JOB = {**HOURS, "id": "job", "unit": "pct"}


def trial() -> Trial:
    return make_trial(
        design={"kind": "quasi_experiment"},
        groups={
            "treated": {"id": "deltager", "value": "D", "label": "deltagergruppen", "many": "deltagerne"},
            "comparison": {"id": "andre", "value": "A", "label": "sammenligningsgruppen", "many": "de andre"},
        },
        measures=[JOB, TIME, HOURS, AREA],
        extracts={
            "participants": {"file": "p.csv"},
            "weekly": {"job": {"file": "w.csv"}},
            "series": {"m": {"file": "m.csv"}},
        },
        analyses=[
            {"kind": "cox", "measure": "tid", "split_week": 8},
            {"kind": "series", "measures": ["andel"], "first": "2020-01-01", "last": "2020-06-01"},
        ],
    )


def ledger(*rows: dict[str, Any]) -> Ledger:
    made = LedgerBuilder(catalogue(trial()), level=0.05)
    for row in rows:
        made.add(**{"population": "alle", "group": "forskel", **row})
    return made.build({}, threshold=Threshold())


def ratio(value: float, low: float, high: float, **where: Any) -> dict[str, Any]:
    significant = low > 1 or high < 1
    return {
        "measure": "tid", "statistic": "hazard_ratio", "unit": "hazard_ratio", "value": value, "ci_low": low,
        "ci_high": high, "p": 0.01 if significant else 0.4, **where,
    }  # fmt: skip


def test_a_higher_rate_is_told_as_a_rate() -> None:
    told = survival.rates(ledger(ratio(1.5, 1.2, 1.9)), trial(), "tid", site=None)
    assert "50\xa0pct. højere" in told
    assert "rate" in told


def test_the_same_rate_turned_over_is_lower() -> None:
    assert "lavere" in survival.rates(ledger(ratio(0.6, 0.4, 0.9)), trial(), "tid", site=None)


def test_the_part_after_the_split_says_from_which_week() -> None:
    made = ledger(ratio(1.5, 1.2, 1.9, time="uge9-"))
    assert "fra uge\xa09 og frem" in survival.rates(made, trial(), "tid", time="uge9-", site=None)


@pytest.mark.parametrize(
    ("raw", "adjusted", "says"),
    [
        (1.8, 1.3, "større ud"),
        (1.1, 1.4, "mindre ud"),
        (1.3, 1.3, "den samme"),
        (1.001, 1.2, "mindre ud: samme afgangsrate mod"),
        (1.068, 1.072, "den samme"),
    ],
)
def test_what_control_does_to_the_ratio(raw: float, adjusted: float, says: str) -> None:
    made = ledger(
        ratio(adjusted, adjusted - 0.05, adjusted + 0.05), ratio(raw, raw - 0.05, raw + 0.05, subgroup="uden-kontrol")
    )
    assert says in survival.control(made, trial(), "tid", site=None)


def proportional(p: float, change: float) -> str:
    rows = [
        {"measure": "tid", "statistic": "proportional_hazards", "unit": "coefficient", "value": 1.0, "p": p},
        {"measure": "tid", "statistic": "hazard_ratio_change", "unit": "hazard_ratio", "value": 1.5, "p": change},
    ]
    return survival.proportional(ledger(*rows), trial(), "tid", site=None)


def test_a_ratio_that_changes_over_time_is_said_to() -> None:
    assert "ændrer sig over tid" in proportional(0.01, 0.01)
    assert "en anden efter uge 8" in proportional(0.01, 0.01)


def test_a_ratio_that_does_not_change_is_not_said_to() -> None:
    assert "ikke tegn på" in proportional(0.5, 0.5)
    assert "kan ikke afvises" in proportional(0.5, 0.5)


def week(value: float, half: float) -> str:
    p = 0.01 if abs(value) > half else 0.4
    row = {
        "measure": "timer", "statistic": "difference", "value": value, "ci_low": value - half, "ci_high": value + half,
        "p": p, "time": "uge5", "n": 50,
    }  # fmt: skip
    return quasi.did(ledger(row), trial(), "timer", 5, site=None)


def test_a_difference_in_differences_says_more_less_or_not_significant() -> None:
    assert "mere i de deltagende" in week(0.8, 0.2)
    assert "mindre i de deltagende" in week(-0.8, 0.2)
    assert "ingen sikker forskel" in week(0.1, 0.2)


def weeks(up: tuple[int, ...], down: tuple[int, ...] = ()) -> str:
    rows = []
    for at in range(1, 21):
        value = 1.0 if at in up else -1.0 if at in down else 0.0
        rows += [
            {
                "measure": "timer", "statistic": "difference", "value": value, "ci_low": value - 0.5,
                "ci_high": value + 0.5, "p": 0.01 if value else 0.9, "time": f"uge{at}",
            },
        ]  # fmt: skip
    return quasi.did_weeks(ledger(*rows), trial(), "timer", site=None).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("up", "down", "says"),
    [
        ((), (), "ikke sikker i nogen af de 20 uger"),
        ((7,), (), "har i uge 7 udviklet sig mere"),
        ((), (7,), "har i uge 7 udviklet sig mindre"),
        ((10, 11, 12, 15), (), "har i uge 10–12 og 15 udviklet sig mere"),
        ((3, 4), (9,), "har i uge 3 og 4 udviklet sig mere og i uge 9 mindre"),
    ],
)
def test_significant_weeks_are_told_as_they_lie(up: tuple[int, ...], down: tuple[int, ...], says: str) -> None:
    assert says in weeks(up, down)


def areas(low: float, high: float) -> str:
    rows = [
        {"measure": "andel", "statistic": name, "unit": "pct_point", "value": value}
        for name, value in (("minimum", low), ("maximum", high))
    ]
    made = ledger(*rows)
    return f"{quasi.months(made, trial(), 'andel', site=None)} {quasi.series_title(made, trial(), 'andel')}"


def test_areas_lie_below_above_or_cross() -> None:
    assert "været lavere" in areas(-0.7, -0.3)
    assert "mellem 0,3 og 0,7\xa0procentpoint" in areas(-0.7, -0.3)
    assert "I de deltagende kommuner er andelen lavere fra januar 20" in areas(-0.7, -0.3)
    assert "været højere" in areas(0.3, 0.7) and "er andelen højere fra" in areas(0.3, 0.7)
    assert "snart været lavere og snart højere" in areas(-0.3, 0.7)
    assert areas(-0.3, 0.7).endswith("\n ")


def gained(value: float, half: float) -> str:
    rows = [
        {
            "measure": "timer", "statistic": "accumulated", "unit": "hours", "value": value, "ci_low": value - half,
            "ci_high": value + half, "time": "uge5",
        },
        {"measure": "job", "statistic": "mean", "unit": "per_person", "value": 6.0, "group": "deltager", "n": 50},
    ]  # fmt: skip
    return quasi.break_even(ledger(*rows), trial(), "timer", 5, "job", site=None)


def test_a_price_follows_only_from_a_gain_that_is_there() -> None:
    assert "fx 3.000\xa0kr. mere" in gained(3.0, 1.0)
    assert "ikke vist nogen gevinst" in gained(3.0, 4.0)
    assert "ikke vist nogen gevinst" in gained(-3.0, 1.0)
