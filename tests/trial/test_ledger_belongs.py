"""A ledger is of this trial.yml: each thing that both say, the same and otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_trial import make_data, make_trial

from reportlib.analysis.run import analyse
from reportlib.ledger import Ledger
from reportlib.trial.model import Trial
from reportlib.trial.project import LedgerMismatchError, check_belongs

HIDES = {"threshold": 5}


@pytest.fixture(scope="module")
def made() -> tuple[Trial, Ledger]:
    trial = make_trial(disclosure=HIDES)
    return trial, analyse(trial, make_data(trial))


def test_the_ledger_of_this_trial_belongs(made: tuple[Trial, Ledger]) -> None:
    trial, ledger = made
    check_belongs(ledger, trial)
    check_belongs(replace(ledger, header={**ledger.header, "threshold": 6}), trial)  # hides more


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"trial": "stort"}, "the ledger is of the trial stort, not of lille"),
        ({"threshold": 4}, "the ledger hides numbers on fewer than 4 persons; trial.yml asks for 5"),
        ({"level": 0.01}, "the ledger says level: 0.01, trial.yml 0.05"),
        ({"synthetic": False}, "the ledger says synthetic: False, trial.yml True"),
        ({"data_date": "2020-12-30"}, "the ledger says data_date: 2020-12-30, trial.yml 2020-12-31"),
    ],
)
def test_what_the_two_say_otherwise_is_told(made: tuple[Trial, Ledger], changed: dict[str, Any], told: str) -> None:
    trial, ledger = made
    with pytest.raises(LedgerMismatchError) as caught:
        check_belongs(replace(ledger, header={**ledger.header, **changed}), trial)
    assert (caught.value.message, bool(caught.value.hint)) == (told, True)
