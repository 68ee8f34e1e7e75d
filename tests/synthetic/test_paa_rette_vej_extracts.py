"""The committed extracts of På rette vej are the generator's, and the report follows the persons in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from whole_ledgers import ledger_of

from reportlib.analysis.run import analyse
from reportlib.ledger import Ledger
from reportlib.prose import compared, costs, effects
from reportlib.registers.data import TrialData
from reportlib.registers.read import read_trial
from reportlib.trial import Trial, load_trial

DATA = Path(__file__).parents[2] / "data" / "paa-rette-vej"
FILES = ("deltagere.csv", "deltagersurvey.csv", "dream.parquet", "sagsforloeb.parquet", "timer.csv")


@pytest.mark.slow
def test_generator_gives_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(DATA / "synthetic.py"), "--out", str(tmp_path)], check=True)
    assert [name for name in FILES if (tmp_path / name).read_bytes() != (DATA / name).read_bytes()] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return load_trial(DATA / "trial.yml")


@pytest.fixture(scope="module")
def asked(trial: Trial) -> Trial:
    """The trial without hiding, which takes most of the time and is no part of what is asked here."""
    return trial.model_copy(update={"disclosure": trial.disclosure.model_copy(update={"threshold": 1})})


@pytest.fixture(scope="module")
def data(trial: Trial) -> TrialData:
    return read_trial(trial, DATA)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return ledger_of("paa-rette-vej")


@pytest.fixture(scope="module")
def exchanged(asked: Trial, data: TrialData) -> Ledger:
    """The same persons, with the groups exchanged: every difference has the opposite sign."""
    other = {"deltager": "kontrol", "kontrol": "deltager"}
    persons = data.persons.assign(group=data.persons["group"].map(other))
    return analyse(asked, replace(data, persons=persons))


@pytest.mark.slow
def test_changing_one_person_changes_the_numbers_that_count_her(asked: Trial, data: TrialData, ledger: Ledger) -> None:
    treated = int(np.flatnonzero(data.persons["group"] == "deltager")[0])
    hours = data.panel.hours
    assert hours is not None
    changed = hours.copy()
    changed[treated] += 10.0
    found = analyse(asked, replace(data, panel=replace(data.panel, hours=changed)))
    more = found["timer-ialt.deltager.uge64"].number - ledger["timer-ialt.deltager.uge64"].number
    assert more == pytest.approx(10 * 64 / ledger["personer.deltager"].number)
    assert found["cost-benefit.forskel.subgroup=samfund.net"].number > (
        ledger["cost-benefit.forskel.subgroup=samfund.net"].number
    )


Write = Callable[[Ledger, Trial], str]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "says", "then"),
    [
        (lambda made, t: costs.result(made, t, site=None), "et overskud på", "et underskud på"),
        (lambda made, t: effects.accumulated(made, t, "moede", 64, site=None), "uger mere end", "uger mindre end"),
        (
            lambda made, t: compared.compared(made, t, ["virksomhedsrettet"], site=None),
            "46 pct. af deltagerne",
            "22 pct. af deltagerne",
        ),
        (
            lambda made, t: compared.sites_against_target(made, t, "virksomhedsrettet", site=None),
            "er dermed nået",
            "er dermed ikke nået",
        ),
        (lambda made, t: effects.lasting(made, t, "moede", site=None), "højere", "lavere"),
    ],
    ids=["account", "meetings", "activation", "target", "weeks"],
)
def test_the_opposite_data_give_the_opposite_sentence(
    write: Write, says: str, then: str, trial: Trial, ledger: Ledger, exchanged: Ledger
) -> None:
    before = write(ledger, trial).replace("\u00a0", " ")
    after = write(exchanged, trial).replace("\u00a0", " ")
    assert says in before
    assert then not in before
    assert then in after
    assert says not in after


def test_nothing_that_is_not_significant_is_called_shown(trial: Trial, ledger: Ledger) -> None:
    told = compared.interaction(ledger, trial, "timer-ialt", 64, site=None)
    assert told.startswith("Det er ikke vist, at effekten")
    assert "kan derfor ikke vise, om indsatsen betaler sig" in costs.result(ledger, trial, site=None)
