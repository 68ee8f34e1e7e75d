"""What cannot be estimated because somebody is alone is a hidden row: a missing one would say that n is 1."""

from __future__ import annotations

import numpy as np
from small_trial import WEEKS, make_data, make_trial

from reportlib.analysis.run import analyse


def test_a_week_with_one_person_in_a_group_has_a_hidden_difference() -> None:
    trial = make_trial(disclosure={"threshold": 3})
    data = make_data(trial, job=np.zeros((8, WEEKS)))
    last = data.panel.recorded["job"][:, WEEKS - 1]
    last[(data.persons["group"] == data.persons["group"][2]).to_numpy().nonzero()[0][1:]] = np.nan
    ledger = analyse(trial, data)
    row = ledger[f"job.forskel.uge{WEEKS}"]
    assert (row.hidden, row.value, row.n, row.method) == (True, None, None, "")
    assert not ledger["job.forskel.uge1"].hidden
