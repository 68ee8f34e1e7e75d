"""What to order from Danmarks Statistik: weeks and months counted by hand, and nothing that trial.yml does not need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bank_answers import series_trial
from command_line import run
from finished_reports import ROOT
from progress_trial import progress_trial
from sentences import HOW, kept_beside, kept_of
from small_trial import trial_file

from reportlib.exchange.data_order import data_order
from reportlib.trial.model import Trial
from reportlib.trial.project import find_project


def order_of(**changes: Any) -> str:
    return data_order(Trial.model_validate(trial_file(**changes))).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def jobfirst() -> str:
    return data_order(find_project(ROOT).trial("jobfirst")).replace("\u00a0", " ")


def test_the_weeks_of_dream_run_from_before_the_first_entry_to_the_last_day(jobfirst: str) -> None:
    # 1 March 2016 lies in week 9; 104 weeks before its Monday is 3 March 2014. 1 January 2017 lies in week 52 of 2016.
    assert "`y_1410` til `y_1652`" in jobfirst
    assert "uge 10 2014 til uge 52 2016, 148 uger" in jobfirst


def test_the_months_of_paid_hours_are_those_of_the_weeks_thursdays(jobfirst: str) -> None:
    assert "Måneder: marts til december 2016." in jobfirst  # Thursdays 3 March and 29 December
    assert "`AJO_LOENTIMER`" in jobfirst


def test_hours_before_entry_are_ordered_as_far_as_a_measure_looks() -> None:
    # Entry from Monday 4 January 2021; ten weeks before begins 26 October, whose Thursday is the 29th.
    assert "Måneder: oktober 2020 til februar 2021." in data_order(progress_trial())


def test_who_is_ordered_and_where_they_are_known() -> None:
    order = order_of()
    assert "Deltagerne og kontrolpersonerne, der er begyndt fra 6. januar 2020 til 1. februar 2020." in order
    assert "Kommuner: Nord og Syd." in order
    assert "kolonnerne person, kommune, gruppe og visitationsdato" in order


def test_registers_that_the_trial_does_not_read_are_not_ordered() -> None:
    order = order_of()
    assert "DREAM" not in order
    assert "BFL" not in order
    assert "- sagsbehandling (`c.csv`)" in order
    assert "- tal uge for uge (`w.csv`): " in order


def test_public_statistics_are_named_by_bank_and_table() -> None:
    spec = {"kind": "jobindsats", "table": "y60a02", "count": "Antal", "base": "I alt", "first": "2020-01-01",
            "last": "2020-02-01"}  # fmt: skip
    assert "- offentlig statistik (`ydelse.csv`): Jobindsats, tabel y60a02" in data_order(series_trial(spec))


def test_what_the_threshold_is_stands_in_the_order() -> None:
    assert "mindst 12 personer" in order_of(disclosure={"threshold": 12})


def test_the_order_is_written_to_a_file_when_one_is_named(jobfirst: str, tmp_path: Path) -> None:
    assert run(["order", "jobfirst", "--out", tmp_path / "bestilling.md"]).status == 0
    assert (tmp_path / "bestilling.md").read_text("utf-8").replace("\u00a0", " ") == jobfirst


def test_an_unknown_trial_gets_its_nearest_name() -> None:
    ended = run(["order", "jobfrist"])
    assert ended.status == 1
    assert "did you mean jobfirst" in ended.error


BARE = {
    "extracts": {"participants": {"file": "p.csv"}, "dream": {"file": "d.csv"}},
    "measures": [],
    "analyses": [],
}
"""Nothing but persons and DREAM, of which no code is counted, and no other extract."""


def orders() -> dict[str, str]:
    found = {
        path.parent.name: find_project(ROOT).trial(path.parent.name) for path in (ROOT / "data").glob("*/trial.yml")
    }
    found["bar"] = Trial.model_validate(trial_file(**BARE))
    return {name: data_order(found[name]).replace("\u00a0", "~") for name in sorted(found)}


@pytest.mark.parametrize("name", list(orders()))
def test_the_whole_order_reads_as_it_was_last_read(name: str) -> None:
    assert f"== {name},\n{orders()[name]}\n" == kept_of(__file__, name), HOW.format(__file__)


if __name__ == "__main__":
    kept_beside(__file__).write_text(
        "".join(f"== {name},\n{order}\n" for name, order in orders().items()), encoding="utf-8"
    )
