"""What trial.yml says of planned results and recommendations: each fault is named with its place."""

from __future__ import annotations

from typing import Any

import pytest
from section_trial import section_trial

from reportlib.trial.model import Trial

JOB = {"measure": "i-job", "week": 35, "family": "beskæftigelse", "more": "flere i arbejde", "less": "færre i arbejde"}
TALK = {"measure": "samtale", "family": "indsats", "more": "flere med samtale", "less": "færre med samtale"}
ADVICE = {"title": "Gør noget", "text": "Sådan."}


def planned(*results: dict[str, Any], **more: Any) -> Trial:
    return section_trial(planned={"primary": list(results), **more})


def test_a_plan_of_a_weekly_and_a_person_measure_is_read() -> None:
    trial = planned(JOB, secondary=[TALK], decided="2016-01-01", source="reg")
    assert trial.planned is not None
    assert [result.measure for result in trial.planned.results] == ["i-job", "samtale"]


@pytest.mark.parametrize(
    ("result", "more", "says"),
    [
        ({**JOB, "measure": "i-jobb"}, {}, "planned result i-jobb: unknown measure 'i-jobb'"),
        ({**JOB, "week": None}, {}, "planned result i-job: it has a value week by week; say in which `week`"),
        ({**TALK, "week": 35}, {}, "planned result samtale: it has no value week by week; leave `week` out"),
        ({**JOB, "week": 45}, {}, "planned result i-job: week is 45, but follow_up.weeks is 44"),
        ({**JOB, "margin": 0}, {}, "greater than 0"),
        (JOB, {"secondary": [JOB]}, "i-job stands twice among the planned results"),
        (JOB, {"decided": "2016-01-01"}, "`decided` needs a `source`"),
        (JOB, {"decided": "2016-01-01", "source": "rex"}, "planned: unknown source 'rex'"),
    ],
)
def test_what_does_not_fit_is_named(result: dict[str, Any], more: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        planned(result, **more)


def test_the_last_week_of_the_follow_up_may_be_planned_for() -> None:
    assert planned({**JOB, "week": 44}).planned is not None


def test_a_plan_needs_a_primary_result() -> None:
    with pytest.raises(ValueError, match="primary"):
        planned()


@pytest.mark.parametrize(
    ("advice", "says"),
    [
        (ADVICE, "rests on nothing; give `bears` or `rests`"),
        ({**ADVICE, "bears": {"i-jobb.forskel.uge35": "up"}}, "unknown measure 'i-jobb'"),
        ({**ADVICE, "bears": {"i-job.forskel.uge35": "green"}}, "has no light"),
        ({**ADVICE, "bears": {"i-job.forskel.uge35": "better"}}, "up"),
        ({**ADVICE, "rests": "interview", "section": "effekter"}, "sec-"),
    ],
)
def test_a_recommendation_must_rest_on_something_that_is_there(advice: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        section_trial(recommendations=[advice])


def test_a_light_of_an_element_may_bear_a_recommendation() -> None:
    trial = section_trial(recommendations=[{**ADVICE, "bears": {"samtale": "red"}}])
    assert trial.recommendations[0].bears == {"samtale": "red"}
