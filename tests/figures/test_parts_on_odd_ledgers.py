"""What every figure and table of the five documents says where the numbers are not as they are: words as last read.

The ledger of each trial is made odd in four ways, and each part that the trial's document asks for is made of it, for
the whole trial and for its first municipality. Kept are the sentences, without their numbers, that the real ledger does
not give; and of each ledger a mark of all its words with their numbers, tables' cells among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

import pytest
from odd_ledgers import ODD, TRIALS, Call, calls
from sentences import HOW, kept_beside, kept_of
from whole_ledgers import ROOT, ledgers

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.text.marks import unmarked
from reportlib.trial.model import Trial

_NUMBER = re.compile(r"−?\d[\d.,]*")
_CELLS = " / "  # between the cells of a row


def words(call: Call, ledger: Ledger, trial: Trial, site: str | None) -> Iterator[str]:
    """What a part says, a table's cells among it."""
    try:
        made = call.made(ledger, trial, site)
    except ReportlibError as error:
        yield f"refused: {error}"
        return
    yield from (str(text) for text in (made.finding, made.caption, *made.notes) if text)
    if isinstance(made, Chart):
        yield from re.split(r"(?<=[.;])\s+", made.alt)
    if isinstance(made, Table):
        yield _CELLS.join(map(str, (made.head, *made.columns)))
        yield from (_CELLS.join(map(str, row)) for row in made.rows)


def said(trial_id: str) -> Iterator[str]:
    trial, _, ledger = ledgers(ROOT / "data" / trial_id / "trial.yml")
    usual = {form for text in _told(trial_id, trial, ledger) for form in _forms(text)}
    for name, change in ODD.items():
        rows = [change(row) for row in ledger]
        told = list(_told(trial_id, trial, ledger_of(rows, header=ledger.header, measures=ledger.measures)))
        new = {form for text in told if _CELLS not in text for form in _forms(text)} - usual
        yield f"== {trial_id}, {name}: {len(told)} texts, mark {crc32(chr(0).join(told).encode()):08x}"
        yield from sorted(new)


def _told(trial_id: str, trial: Trial, ledger: Ledger) -> Iterator[str]:
    for site in (None, trial.sites.names[0]):
        for call in calls(trial_id, "show"):
            yield from (unmarked(text) for text in words(call, ledger, trial, site))


def _forms(text: str) -> list[str]:
    return [" ".join(_NUMBER.sub("#", part).split()) for part in text.split("\n")]


@pytest.mark.parametrize("trial_id", TRIALS)
def test_every_part_says_of_odd_numbers_what_it_said_when_last_read(trial_id: str) -> None:
    assert "\n".join(said(trial_id)) + "\n" == kept_of(__file__, trial_id), HOW.format(__file__)


if __name__ == "__main__":
    text = "\n".join(line for trial_id in TRIALS for line in said(trial_id)) + "\n"
    kept_beside(__file__).write_text(text, encoding="utf-8")
