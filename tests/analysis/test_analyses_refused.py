"""An analysis that trial.yml allows and the data or the measure does not: one named refusal, before any number."""

from __future__ import annotations

from typing import Any

import pytest
from small_trial import make_data, make_trial, person_measure, trial_file

from reportlib.analysis.cost_benefit import NoPricesError
from reportlib.analysis.run import run_analyses
from reportlib.analysis.scale_rows import RepeatedSurveyError
from reportlib.analysis.survey_measures import NotASurveyMeasureError, survey_of, survey_values
from reportlib.errors import ReportlibError
from reportlib.trial.model import Trial

EVER = person_measure(kind="event_ever", events=["samtale"])
ANSWER = {"kind": "survey_answers", "survey": "borgere", "item": "q"}


def trial(analysis: dict[str, Any], *more: dict[str, Any], **changes: Any) -> Trial:
    measures = [*trial_file()["measures"], {**EVER, "id": "samtale"}, *more]
    return make_trial(measures=measures, analyses=[analysis], **changes)


def sheets(*answers: str, name: str = "nummer") -> dict[str, Any]:
    return {**person_measure(**ANSWER, answers={answer: answer for answer in answers}), "id": name}


def refused(made: Trial, error: type[ReportlibError], says: str, answers: Any = ()) -> None:
    with pytest.raises(error, match=says):
        run_analyses(made, make_data(made, events=[(0, "samtale", 1, None, "")], answers=answers))


def test_accounts_need_prices() -> None:
    refused(trial({"kind": "cost_benefit", "weeks": 4, "parameters": "2020"}), NoPricesError, "needs prices")


SCALES = {"kind": "scales", "counts": "nummer", "measures": ["nummer"]}


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({**EVER, "id": "nummer"}, "nummer does not number sheets"),
        (sheets("1", "3"), "the answers of nummer must be 1, 2"),
        (sheets("1", "2"), "the survey borgere does not say whose a sheet is"),
    ],
)
def test_measurements_are_counted_by_a_measure_that_numbers_sheets(counts: dict[str, Any], says: str) -> None:
    refused(trial(SCALES, counts), RepeatedSurveyError, says, answers=[1.0, 2.0])


def test_only_answers_have_a_survey() -> None:
    made = make_trial()
    job = made.measure_by_id["job"]
    with pytest.raises(NotASurveyMeasureError, match="job is not computed from a survey"):
        survey_of(job)
    with pytest.raises(NotASurveyMeasureError, match="job is not computed from a survey"):
        survey_values(job, make_data(made))
