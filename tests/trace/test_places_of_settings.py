"""A number of trial.yml is called after its place there: entries of lists by id, measure or kind, else by number."""

from __future__ import annotations

from pathlib import Path

from reportlib.text.origin import origin_of
from reportlib.trial.analyses import CostBenefit, Recruitment
from reportlib.trial.model import analysis_of, traced_settings
from reportlib.trial.project import find_project


def test_numbers_of_trial_yml_are_called_after_their_places() -> None:
    trial = traced_settings(find_project(Path(__file__).parent).trial("social-stoette"))
    measure = next(one for one in trial.measures if getattr(one.computed, "low", None) is not None)
    numbers = {
        "design.level": trial.design.level,
        "analyses.jobmatch.power": analysis_of(trial, Recruitment).power,
        f"measures.{measure.id}.computed.low": getattr(measure.computed, "low", None),
    }
    assert {place: getattr(origin_of(number), "ref", None) for place, number in numbers.items()} == {
        place: place for place in numbers
    }


def test_an_analysis_without_id_and_measure_is_called_after_its_kind() -> None:
    trial = traced_settings(find_project(Path(__file__).parent).trial("paa-rette-vej"))
    origin = origin_of(analysis_of(trial, CostBenefit).price_range)
    assert origin is not None and origin.ref == "analyses.cost_benefit.price_range"
