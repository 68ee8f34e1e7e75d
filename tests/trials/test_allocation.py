"""Errors follow the allocation: in a trial without any effect a test at 5 pct. rejects about 5 times in 100.

The groups of the real experiment are drawn anew, so that nothing but chance separates them. 200 draws of 1,200 persons;
the bounds are 5 pct. plus and minus about 2.6 standard errors of 200 draws.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from section_trial import section_trial
from valid_files import small_ledger

from reportlib.document import Report
from reportlib.estimators.proportional_hazards import cox
from reportlib.ledger import Ledger
from reportlib.prose.section_parts import few_places
from reportlib.trial.model import Trial

DRAWS, PERSONS = 200, 1200


@pytest.fixture(scope="module")
def persons() -> pd.DataFrame:
    frame = pd.read_csv(Path(__file__).parent / "bonus" / "deltagere.csv", sep=";")
    return frame.sample(PERSONS, random_state=11, ignore_index=True).assign(event=lambda one: (one["uger"] < 52) * 1)


def rejected(persons: pd.DataFrame, cluster: str | None) -> float:
    """Share of draws in which Cox's model finds a difference at 5 pct."""
    rng, found = np.random.default_rng(52), 0
    for _ in range(DRAWS):
        drawn = persons.assign(bonus=rng.permutation(np.arange(PERSONS) % 2))
        fit = cox(drawn, stop="uger", event="event", covariates=["bonus"], cluster=cluster)
        found += bool(fit.terms["p"].iloc[0] < 0.05)
    return found / DRAWS


def test_the_models_own_errors_reject_a_true_null_as_often_as_they_should(persons: pd.DataFrame) -> None:
    assert 0.01 < rejected(persons, None) < 0.09


def test_errors_clustered_on_four_places_reject_it_far_too_often(persons: pd.DataFrame) -> None:
    """Why they are not used where persons were drawn."""
    assert rejected(persons, "omraade") > 0.15


def test_an_effect_between_few_places_says_that_its_errors_are_uncertain() -> None:
    few, many = (section_trial(sites={"names": [f"Sted {number}" for number in range(places)]}) for places in (6, 25))
    drawn = [
        trial.model_copy(update={"design": trial.design.model_copy(update={"drawn": "sites"})}) for trial in (few, many)
    ]
    assert [bool(few_places(trial)) for trial in drawn] == [True, False]
    assert few_places(few) == ""  # persons were drawn
    assert "Der er så få" in few_places(drawn[0])


def test_a_report_says_once_that_its_errors_are_uncertain() -> None:
    few = section_trial(sites={"names": ["Nord", "Syd"]})
    trial = few.model_copy(update={"design": few.design.model_copy(update={"drawn": "sites"})})
    report = Report(trial=trial, ledger=small_ledger(), kommune="Alle")

    def effect(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
        return f"Flere er i job. {few_places(trial)}"

    told = [report.vis(effect).strip() for _ in range(3)]
    assert [few_places(trial) in text for text in told] == [True, False, False]
    assert told[1] == told[2] == "Flere er i job."
