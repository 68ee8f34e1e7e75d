"""A new analysis that does not say who is behind its numbers, or says it wrongly, makes no ledger."""

from __future__ import annotations

import numpy as np
import pytest
from small_trial import make_data, make_trial

from reportlib.analysis import run
from reportlib.analysis.context import Context
from reportlib.analysis.share_rows import WHOLE_FOLLOW_UP
from reportlib.disclosure.register import (
    Counted,
    MiscountedRowError,
    Setting,
    UncountedRowError,
    UnknownSourceError,
    made_of,
)
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger

EVERYBODY, NORTH = np.ones(8, dtype=np.bool_), np.arange(8) % 2 == 0
KEY = "job.deltager"


def analysed(monkeypatch: pytest.MonkeyPatch, behind: Counted | Setting | None) -> Ledger:
    """A trial whose only analysis says that four of eight are in job, and who they are."""
    trial = make_trial()

    def four_of_eight(_: object, context: Context) -> None:
        row = {"k": 4, "n": 8, "value": 50.0, "method": "share", "window": WHOLE_FOLLOW_UP}
        context.add(trial.measures[0], "share", behind, group="deltager", **row)  # type: ignore[arg-type]

    monkeypatch.setitem(run.RUNNERS, trial.analyses[0].kind, four_of_eight)
    return run.analyse(trial, make_data(trial))


def test_a_row_with_its_persons_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEY in analysed(monkeypatch, Counted(n=EVERYBODY, k=NORTH))


@pytest.mark.parametrize(
    ("behind", "kind", "told"),
    [
        (None, UncountedRowError, f"{KEY} does not say who is behind it"),
        (made_of(), UncountedRowError, f"{KEY} does not say who its n counts"),
        (Counted(n=EVERYBODY, k=~NORTH & EVERYBODY & (np.arange(8) > 1)), MiscountedRowError, "k = 4 is not the 3 in"),
        (Counted(n=NORTH, k=NORTH), MiscountedRowError, "n = 8 is not the 4 in its set"),
        (Counted(n=EVERYBODY, k=NORTH, made_of=("job.ukendt",)), UnknownSourceError, "is made of job.ukendt, which is"),
    ],
    ids=["nobody", "of no rows", "another k", "another n", "of a row that is not there"],
)
def test_a_row_that_does_not_say_who_is_behind_it(
    behind: Counted | None, kind: type[ReportlibError], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(kind, match=told) as caught:
        analysed(monkeypatch, behind)
    assert caught.value.hint
