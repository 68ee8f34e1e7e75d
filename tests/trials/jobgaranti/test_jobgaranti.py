"""The extracts of the status trial: made again they are the same bytes, and the numbers follow the persons in them."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pandas as pd
import pytest
from published.account import PUBLISHED
from whole_ledgers import ledger_of

from published import check_trial
from reportlib.analysis.run import analyse
from reportlib.ledger import Ledger
from reportlib.registers.read import read_trial
from reportlib.trial import Trial
from reportlib.trial.project import find_project

PROJECT = find_project(Path(__file__).parent)
FOLDER = PROJECT.data_dir / "jobgaranti"
FILES = ("borgere.csv", "forloeb.csv", "projektledere.csv")


@pytest.fixture(scope="module")
def trial() -> Trial:
    return PROJECT.trial("jobgaranti")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return ledger_of("jobgaranti")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the extracts that a test may change."""
    for name in FILES:
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    return tmp_path


def test_the_generator_makes_the_committed_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["synthetic.py", "--out", str(tmp_path)])
    runpy.run_path(str(FOLDER / "synthetic.py"), run_name="__main__")
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_one_event_less_is_one_person_less_and_a_deviation(trial: Trial, ledger: Ledger, changed: Path) -> None:
    events = pd.read_csv(changed / "forloeb.csv", sep=";")
    persons = pd.read_csv(changed / "borgere.csv", sep=";")
    odense = set(persons.loc[persons["kommune"] == "Odense", "person"])
    at = events.index[(events["haendelse"] == "ordinaere-timer") & events["person"].isin(odense)][0]
    events.drop(index=at).to_csv(changed / "forloeb.csv", sep=";", index=False)
    data = read_trial(trial, changed)
    fewer = analyse(trial, data)["ordinaere-timer.visiterede.site=Odense"]
    assert fewer.k == ledger["ordinaere-timer.visiterede.site=Odense"].k - 1  # type: ignore[operator]
    found = {one.id for one in check_trial(trial, data, PUBLISHED).deviations}
    assert "bilag1-ordinaere-timer-odense" in found


def test_the_total_is_the_sum_of_the_municipalities_persons(trial: Trial, ledger: Ledger) -> None:
    for measure in ("aktiv", "cv", "praktik"):
        sites = [ledger[f"{measure}.visiterede.site={site}"] for site in trial.sites.names]
        total = ledger[f"{measure}.visiterede"]
        assert (sum(row.k or 0 for row in sites), sum(row.n or 0 for row in sites)) == (total.k, total.n)


def test_no_share_passes_a_hundred(ledger: Ledger) -> None:
    shares = [row for row in ledger if row.statistic == "share" and row.value is not None]
    assert shares
    assert max(row.number for row in shares) <= 100


def test_numbers_of_fewer_than_five_persons_are_in_no_report(ledger: Ledger) -> None:
    for key in (
        "ordinaere-timer.visiterede.site=Kolding",
        "ordinaere-timer.visiterede.site=Høje Taastrup",
        "selvforsoergelse.visiterede.site=Odense",
        "boligorg-hybridpraktik.visiterede",
    ):
        assert ledger[key].hidden
        assert (ledger[key].value, ledger[key].k, ledger[key].n) == (None, None, None)


def test_unions_are_not_told_by_site_because_they_would_give_hidden_parts_back(trial: Trial, ledger: Ledger) -> None:
    for measure in ("mindst-et-resultat", "praktik-eller-timer", "timer-eller-selvforsoergelse"):
        assert not any(row.site for row in ledger.select(measure=measure))


def test_placements_through_the_housing_organisation_are_also_placements(trial: Trial) -> None:
    events = pd.read_csv(FOLDER / "forloeb.csv", sep=";")
    of = {kind: set(rows["person"]) for kind, rows in events.groupby("haendelse")}
    assert of["boligorg-praktik"] <= of["praktik"]
    assert of["boligorg-hybridpraktik"] <= of["ordinaere-timer"]
    assert len(of["boligorg-praktik"] | of["boligorg-hybridpraktik"]) == 15
