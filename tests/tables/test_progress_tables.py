"""Tables of progress: scores by measurement, and who so many persons are."""

from __future__ import annotations

import pytest
from progress_trial import progress_data, progress_trial

from reportlib.analysis.run import analyse
from reportlib.ledger import Ledger
from reportlib.show import tables
from reportlib.show.part import show
from reportlib.trial.model import MissingAnalysisError, Trial


@pytest.fixture(scope="module")
def trial() -> Trial:
    return progress_trial()


@pytest.fixture(scope="module")
def ledger(trial: Trial) -> Ledger:
    return analyse(trial, progress_data(trial))


def cells_of(text: str) -> list[list[str]]:
    rows = [line.replace("\u00a0", " ") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_scores_stand_by_measurement_with_the_same_persons_last(trial: Trial, ledger: Ledger) -> None:
    header, _, row, persons = cells_of(show(tables.scores, ledger, trial, ["score"], id="x"))
    assert header[-2:] == ["Samme borgere, første", "Samme borgere, sidste"]
    means = {found.time: found.number for found in ledger.select(measure="score", statistic="mean", site="")}
    panel = {found.time: found for found in ledger.select(measure="score", statistic="panel_mean")}
    first, last = min(panel), max(panel)
    expected = [*means.values(), panel[first].number, panel[last].number]
    assert [float(cell.replace(",", ".")) for cell in row[1:]] == pytest.approx(expected, abs=0.051)
    assert persons[-1] == str(panel[last].n)


def test_a_measure_without_measurements_is_told(trial: Trial, ledger: Ledger) -> None:
    with pytest.raises(MissingAnalysisError):
        show(tables.scores, ledger, trial, ["i-job"], id="x")


def test_numbers_of_persons_are_named_by_what_they_are(trial: Trial, ledger: Ledger) -> None:
    rows = cells_of(show(tables.power, ledger, trial, id="x"))[2:]
    names = [row[0] for row in rows]
    assert [int(row[1]) for row in rows] == sorted(int(row[1]) for row in rows)
    assert any("Begyndt indtil nu" in name for name in names)
    assert any("ehovet" in name for name in names)
    assert any("ptimistisk fremskrivning" in name for name in names)
