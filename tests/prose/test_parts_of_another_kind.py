"""A document that asks for what its trial cannot tell is answered with a name, never with a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from small_trial import make_trial, person_measure

from reportlib.errors import ReportlibError
from reportlib.ledger import COLUMNS, Ledger, Measure
from reportlib.prose import costs, key_shares, status
from reportlib.prose.section_parts import measure_of
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.tables import survey_answers
from reportlib.text.units import Unit
from reportlib.trial.measures import SurveyMean
from reportlib.trial.model import MissingAnalysisError, Trial, UnknownMeasureError, WrongMeasureError, computed_as

TALKS = {**person_measure(kind="event_ever", events=["samtale"]), "id": "talt"}


@pytest.fixture
def trial() -> Trial:
    return make_trial(measures=[TALKS], analyses=[])


@pytest.fixture
def ledger() -> Ledger:
    measure = Measure(id="talt", label="Talt", unit=Unit.PCT, definition="Talt.", source="Registret")
    return Ledger(header={"trial": "lille"}, measures={"talt": measure}, columns={name: [] for name in COLUMNS})


def raised(call: Any) -> ReportlibError:
    with pytest.raises(ReportlibError) as error:
        call()
    assert error.value.hint
    return error.value


def test_the_method_of_an_analysis_that_was_not_asked_for(ledger: Ledger, trial: Trial) -> None:
    error = raised(lambda: costs.method(ledger, trial, site=None))
    assert isinstance(error, MissingAnalysisError)
    assert "no cost_benefit analysis" in str(error)


def test_a_budget_without_an_analysis_of_costs(ledger: Ledger, trial: Trial) -> None:
    assert isinstance(raised(lambda: status.budget(trial)), MissingAnalysisError)


def test_importance_of_what_is_no_answer_on_a_scale(ledger: Ledger, trial: Trial) -> None:
    error = raised(lambda: key_shares.importance(ledger, trial, ["talt"], site=None))
    assert isinstance(error, WrongMeasureError)


def test_answers_of_a_measure_that_is_none(ledger: Ledger, trial: Trial) -> None:
    error = raised(lambda: survey_answers(ledger, trial, ["talt"]))
    assert isinstance(error, NothingToShowError)


def test_an_unknown_measure_is_told_with_the_nearest(trial: Trial) -> None:
    error = raised(lambda: measure_of(trial, "tal"))
    assert isinstance(error, UnknownMeasureError)
    assert error.hint == "did you mean talt?"


def test_a_scale_asked_of_a_share_names_both_kinds(trial: Trial) -> None:
    error = raised(lambda: computed_as("talt", trial.measure_by_id["talt"].computed, SurveyMean))
    assert isinstance(error, WrongMeasureError)
    assert "event_ever" in str(error)
    assert "survey_mean" in str(error)
