"""Survey measures: from a catalogue entry to one value per answer sheet, NaN where the item was not answered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.errors import ReportlibError
from reportlib.panel import FloatArray
from reportlib.registers.data import TrialData
from reportlib.trial.measures import MeasureSpec, SurveyMean, SurveyShare


class NotASurveyMeasureError(ReportlibError):
    """A measure that is not an answer was asked for as one."""


def survey_of(measure: MeasureSpec) -> str:
    """The id of the survey the measure is an answer in.

    Raises:
        NotASurveyMeasureError: the measure is computed from something else.
    """
    if isinstance(measure.computed, SurveyShare | SurveyMean):
        return measure.computed.survey
    raise NotASurveyMeasureError(f"{measure.id} is not computed from a survey")


def survey_values(measure: MeasureSpec, data: TrialData) -> FloatArray:
    """One value per answer sheet of the measure's survey: 0/1 for a share, the score for a mean."""
    computed = measure.computed
    if not isinstance(computed, SurveyShare | SurveyMean):
        raise NotASurveyMeasureError(f"{measure.id} is not computed from a survey")
    answers = data.surveys[computed.survey][computed.item]
    if isinstance(computed, SurveyMean):
        scores = pd.to_numeric(answers, errors="coerce")
        return scores.where(scores.between(computed.low, computed.high)).to_numpy(dtype=np.float64)
    as_text = answers.map(_text)
    answered = as_text.ne("") & ~as_text.isin([_text(answer) for answer in computed.not_counted])
    chosen = as_text.isin([_text(answer) for answer in computed.answers])
    return np.where(answered, chosen.to_numpy(dtype=np.float64), np.nan)


def _text(answer: object) -> str:
    """One spelling of an answer whether the file holds 3, 3.0 or "3"."""
    if answer is None or (isinstance(answer, float) and np.isnan(answer)):
        return ""
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)
    return str(answer).strip()
