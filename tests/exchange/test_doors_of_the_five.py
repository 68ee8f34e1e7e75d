"""What leads out of the five trials of data/: results as data, the order, and the records for the evidence bank."""

from __future__ import annotations

import pytest
from variants import TRIALS
from whole_ledgers import ROOT, ledgers

from reportlib.exchange.data_order import data_order
from reportlib.exchange.results_data import bank_records, results_files
from reportlib.ledger.keys import DIFFERENCE
from reportlib.trial.design import Kind

COMPARED = {Kind.RANDOMISED, Kind.QUASI_EXPERIMENT}


@pytest.mark.parametrize("trial_id", TRIALS)
def test_every_trial_has_what_others_read(trial_id: str) -> None:
    trial, _, ledger = ledgers(ROOT / "data" / trial_id / "trial.yml")
    assert set(results_files(ledger, trial)) == {"ard.parquet", "ard.json"}
    assert trial.title in data_order(trial)
    records = bank_records(ledger, trial)
    planned = (
        {result.measure for result in (*trial.planned.primary, *trial.planned.secondary)} if trial.planned else set()
    )
    assert ledger[records[0]["nøgle"]].measure in planned
    for record in records:
        assert record["data"] == "syntetiske: må ikke indtastes"
        if trial.design.kind in COMPARED:
            assert ledger[record["nøgle"]].group == DIFFERENCE
            assert record["effektretning"] in {"Positiv", "Negativ", "Ingen"}
        else:
            assert (record["effektretning"], record["vægt"]) == ("Medregnes ikke", "Medregnes ikke")
