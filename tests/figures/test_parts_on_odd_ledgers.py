"""What every figure and table of the five documents says where the numbers are not as they are: words as last read.

The ledger of each trial is made odd in four ways, and each part that the trial's document asks for is made of it, for
the whole trial and for its first municipality. Kept are the sentences, without their numbers, that the real ledger does
not give; and of each ledger a mark of all its words with their numbers, tables' cells among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zlib import crc32

import pytest
from sentences import HOW, kept_beside
from whole_ledgers import ROOT, ledgers

from reportlib.analysis.ledger_builder import ledger_of
from reportlib.engine.execute import Assembly, execute
from reportlib.engine.qmd import read_document
from reportlib.engine.workspace import open_workspace
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.show.part import Chart, asked_for
from reportlib.show.pipe_table import Table
from reportlib.text.marks import unmarked
from reportlib.trial.model import Trial

TRIALS = tuple(path.parent.name for path in sorted((ROOT / "data").glob("*/trial.yml")))
_NUMBER = re.compile(r"−?\d[\d.,]*")
_CELLS = " / "  # between the cells of a row
_NOTHING = dict.fromkeys(("value", "k", "n", "se", "ci_low", "ci_high", "p", "df"))


@dataclass(frozen=True)
class Call:
    """A figure or table that a document asks for, and what it is given."""

    part: Callable[..., Any]
    args: tuple[Any, ...]
    options: Mapping[str, Any]

    def words(self, ledger: Ledger, trial: Trial, site: str | None) -> Iterator[str]:
        where = {"site": site} if "site" in asked_for(self.part) else {}
        try:
            made = self.part(ledger, trial, *self.args, **where, **self.options)
        except ReportlibError as error:
            yield f"refused: {error}"
            return
        yield from (str(text) for text in (made.finding, made.caption, *made.notes) if text)
        if isinstance(made, Chart):
            yield from re.split(r"(?<=[.;])\s+", made.alt)
        if isinstance(made, Table):
            yield _CELLS.join(map(str, (made.head, *made.columns)))
            yield from (_CELLS.join(map(str, row)) for row in made.rows)


@cache
def calls(trial: str) -> list[Call]:
    """What the trial's document asks for, in its order."""
    found: list[Call] = []

    def seen(part: Any, ledger: Any, trial: Any, *args: Any, **options: Any) -> str:
        if part.__module__.startswith("reportlib.show"):
            own = {name: value for name, value in options.items() if name in asked_for(part) and name != "site"}
            found.append(Call(part, args, own))
        return ""

    with TemporaryDirectory() as folder, open_workspace(ROOT / "reports" / f"{trial}.qmd", ROOT) as workspace:
        kept = Path(folder) / "ledger.json"
        ledgers(ROOT / "data" / trial / "trial.yml")[2].save(kept)
        environment = {"REPORTLIB_LEDGER": str(kept), "REPORTLIB_PROJECT": str(ROOT)}
        with patch("reportlib.document.show", seen):
            execute(
                read_document(workspace.document, root=workspace.root),
                folder=workspace.folder, environment=environment, assembly=Assembly(),
            )  # fmt: skip
    return found


def turned(row: Estimate) -> Estimate:
    """What was more is less."""
    if row.group != DIFFERENCE or row.value is None or row.ci_low is None or row.ci_high is None:
        return row
    return replace(row, value=-row.value, ci_low=-row.ci_high, ci_high=-row.ci_low)


def unsure(row: Estimate) -> Estimate:
    """No difference is sure."""
    if row.value is None or row.ci_low is None or row.ci_high is None:
        return row if row.p is None else replace(row, p=0.5)
    apart = abs(row.value) + row.ci_high - row.ci_low
    p = None if row.p is None else 0.5
    return replace(row, ci_low=row.value - apart, ci_high=row.value + apart, p=p)


def hidden(row: Estimate) -> Estimate:
    """Nothing may be shown."""
    return replace(row, **_NOTHING, suppressed="hidden")  # type: ignore[arg-type]


def thin(row: Estimate) -> Estimate:
    """About every third number may not be shown, and every seventh could not be computed: by key, not by place."""
    drawn = crc32(row.key.encode())
    if drawn % 3 == 0:
        return hidden(row)
    return replace(row, **{**_NOTHING, "n": 0}) if drawn % 7 == 0 else row  # type: ignore[arg-type]


ODD = {change.__name__: change for change in (turned, unsure, hidden, thin)}


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
        for call in calls(trial_id):
            yield from (unmarked(text) for text in call.words(ledger, trial, site))


def _forms(text: str) -> list[str]:
    return [" ".join(_NUMBER.sub("#", part).split()) for part in text.split("\n")]


@pytest.mark.parametrize("trial_id", TRIALS)
def test_every_part_says_of_odd_numbers_what_it_said_when_last_read(trial_id: str) -> None:
    kept = kept_beside(__file__).read_text(encoding="utf-8")
    own = [block for block in re.split(r"^(?=== )", kept, flags=re.MULTILINE) if block.startswith(f"== {trial_id},")]
    assert "\n".join(said(trial_id)) + "\n" == "".join(own), HOW.format(__file__)


if __name__ == "__main__":
    text = "\n".join(line for trial_id in TRIALS for line in said(trial_id)) + "\n"
    kept_beside(__file__).write_text(text, encoding="utf-8")
