"""A document that asks for what its trial cannot tell is answered with a name, never with a traceback."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from batch_project import make_project
from claim_rows import difference, hidden, mean, share, without_test
from small_trial import make_trial, person_measure

from reportlib.document import aabn
from reportlib.errors import ReportlibError
from reportlib.ledger import COLUMNS, Estimate, Ledger, Measure
from reportlib.numbers.collect import bare
from reportlib.prose import compared, costs, key_shares, status
from reportlib.prose.estimate_text import TooManyDecimalsError, print_limits, tal
from reportlib.prose.section_parts import measure_of
from reportlib.prose.target_claims import fidelity_level
from reportlib.prose.wording import Wording, WordingTable
from reportlib.prose.words import outcome_words
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.tables import survey_answers
from reportlib.text.units import Unit
from reportlib.trial.analyses import Target
from reportlib.trial.measures import SurveyMean
from reportlib.trial.model import (
    MissingAnalysisError,
    Trial,
    UnknownMeasureError,
    WrongMeasureError,
    compare_of,
    computed_as,
)

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


def test_a_measure_without_a_clause_has_no_sentence(trial: Trial) -> None:
    measure = trial.measure_by_id["talt"]
    outcome_words(measure.model_copy(update={"clause": "har talt"}))
    for clause in (None, "taler"):
        error = raised(lambda clause=clause: outcome_words(measure.model_copy(update={"clause": clause})))
        assert error.message == "measure talt has no clause of a verb and more"
        assert "in trial.yml" in str(error.hint)


def test_a_comparison_that_no_analysis_makes(ledger: Ledger, trial: Trial) -> None:
    division = {"id": "alder", "label": "alderen", "column": "alder", "values": {"30": "de yngre", "60": "de ældre"}}
    asked = make_trial(measures=[TALKS], analyses=[{"kind": "compare", "measures": ["talt"], "by": division}])
    assert compare_of(asked, "talt", "alder").measures == ("talt",)
    for call, told in (
        (lambda: compared.compared(ledger, asked, ["talt"], site=None), "compare analysis of talt"),
        (lambda: compared.spread(ledger, trial, "talt", by="alder", site=None), "compare analysis of talt by alder"),
    ):
        error = raised(call)
        assert isinstance(error, MissingAnalysisError)
        assert told in error.message


def test_subgroups_that_no_analysis_makes(ledger: Ledger) -> None:
    spoken = make_trial(measures=[{**TALKS, "clause": "har talt"}], analyses=[])
    error = raised(lambda: compared.interaction(ledger, spoken, "talt", 5, site=None))
    assert isinstance(error, MissingAnalysisError)
    assert "subgroups analysis of talt" in error.message


def test_a_target_of_what_is_no_share() -> None:
    target = Target(green=90, yellow=75)
    assert fidelity_level(share(95, 100), target)
    assert "antal.deltager is in hours_per_week" in raised(lambda: fidelity_level(mean(80.0), target)).message


def test_more_decimals_than_the_ledger_holds() -> None:
    row = replace(mean(12.34), n=200)
    usual = tal(row)
    most = next(more for more in range(9) if _too_many(row, more + 1))
    assert tal(row, most).startswith(usual.partition(",")[0])
    error = raised(lambda: tal(row, most + 1))
    assert f"asked for with {most + 1} decimals; the ledger holds {most}" in error.message


def _too_many(row: Estimate, decimals: int) -> bool:
    try:
        tal(row, decimals)
    except TooManyDecimalsError:
        return True
    return False


def test_limits_of_a_difference_without_an_interval() -> None:
    row = difference(5.0, 1.0)
    assert print_limits(row)
    assert "has no interval" in raised(lambda: print_limits(without_test(row))).message


def test_two_wordings_of_one_claim_have_two_ids() -> None:
    wordings = [Wording(name, "altid", "Ord.") for name in ("a", "b")]
    assert len(WordingTable("claim", *wordings)) == 2
    with pytest.raises(ValueError, match="two wordings of claim have one id"):
        WordingTable("claim", *wordings, wordings[0])


def test_a_number_that_nobody_has_says_where_to_look() -> None:
    row = replace(mean(1.0), value=None)
    assert "antal.deltager was not estimable" in raised(lambda: row.number).message
    assert "hidden" in raised(lambda: hidden(row).number).message


def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project's trial, whose documents are opened as Quarto does."""
    project = make_project(tmp_path / "projekt")
    monkeypatch.chdir(project.root)
    return project.trial_folder("lille")


def test_a_document_asks_for_what_trial_yml_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = opened(tmp_path, monkeypatch)
    path = folder / "trial.yml"
    day = {"value": date(2020, 1, 1), "unit": "date", "label": "Start", "source": "register"}
    weeks = {"value": 4, "unit": "weeks", "label": "Uger", "source": "register"}
    values = {**yaml.safe_load(path.read_text(encoding="utf-8")), "facts": {"start": day, "uger": weeks}}
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    report = aabn("lille", "Alle")
    assert report.maal("jo") == ["job"]
    assert raised(lambda: report.maal("jov")).hint == "did you mean job?"
    assert bare(report.fakta_ord("uger", "uge", "uger")) == "fire uger"
    assert "has no fact 'ugr'" in raised(lambda: report.fakta("ugr")).message
    error = raised(lambda: report.fakta_ord("start", "uge", "uger"))
    assert error.message == "the fact 'start' is 2020-01-01, not a count"


def test_a_cell_of_an_extract_is_not_printed_in_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = opened(tmp_path, monkeypatch)
    path = folder / "p.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Nord", "Hos Hansen", 1), encoding="utf-8")
    error = raised(lambda: aabn("lille", "Alle"))
    assert "p.csv" in error.message and "Hansen" not in str(error)
    assert error.hint == "reportlib analyse lille says more"
