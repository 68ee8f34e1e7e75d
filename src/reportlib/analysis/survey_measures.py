"""Survey measures: from a catalogue entry to one value per answer sheet, NaN where the item was not answered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportlib.estimators.questionnaires import SCALES, score
from reportlib.registers.cells import as_text
from reportlib.registers.data import TrialData
from reportlib.registers.panel import FloatArray
from reportlib.trial.measures import (
    MeasureSpec,
    SurveyAnswers,
    SurveyAtLeast,
    SurveyMean,
    SurveyScale,
    SurveyShare,
    SurveySource,
)


def survey_of(measure: MeasureSpec) -> str:
    """The id of the survey the measure is an answer in."""
    assert isinstance(measure.computed, SurveySource)  # what trial.yml may name
    return measure.computed.survey


def survey_values(measure: MeasureSpec, data: TrialData) -> FloatArray:
    """One value per answer sheet of the measure's survey: 0/1 for a share, the score for a mean or a scale.

    For `survey_answers` it is the position of the answer on its scale, 0 for the first.
    """
    computed = measure.computed
    if isinstance(computed, SurveyScale):
        return _scale(computed, data)
    if isinstance(computed, SurveyAtLeast):
        return _at_least(computed, data)
    assert isinstance(computed, SurveyShare | SurveyMean | SurveyAnswers)  # what trial.yml may name
    answers = data.surveys[computed.survey][computed.item]
    if isinstance(computed, SurveyMean):
        scores = pd.to_numeric(answers, errors="coerce")
        return scores.where(scores.between(computed.low, computed.high)).to_numpy(dtype=np.float64)
    texts = answers.map(as_text)
    if isinstance(computed, SurveyAnswers):
        places = {as_text(answer): float(place) for place, answer in enumerate(computed.answers)}
        return np.asarray(texts.map(places).to_numpy(dtype=np.float64), dtype=np.float64)
    answered = texts.ne("") & ~texts.isin([as_text(answer) for answer in computed.not_counted])
    chosen = texts.isin([as_text(answer) for answer in computed.answers])
    return np.where(answered, chosen.to_numpy(dtype=np.float64), np.nan)


def _scale(computed: SurveyScale, data: TrialData) -> FloatArray:
    items = data.surveys[computed.survey][list(computed.items)].apply(pd.to_numeric, errors="coerce")
    scores = score(items.to_numpy(dtype=np.float64), SCALES[computed.scale])
    if computed.above is None:
        return scores
    return np.where(np.isnan(scores), np.nan, (scores > computed.above).astype(np.float64))


def _at_least(computed: SurveyAtLeast, data: TrialData) -> FloatArray:
    items = data.surveys[computed.survey][list(computed.items)].map(as_text)
    counted = items.isin([as_text(answer) for answer in computed.answers]).sum(axis=1)
    answered = (items != "").any(axis=1)
    return np.where(answered, (counted >= computed.at_least).to_numpy(dtype=np.float64), np.nan)
