"""Shares beside their benchmark: the plan holds the ledger's numbers, and what is hidden is named and never drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from drawn import drawn, marked_rows, picture
from status_trial import PLAIN, status_ledger

from reportlib.show import figures
from reportlib.show.part import show
from reportlib.show.row_chart import Stretch
from reportlib.show.style import Palette
from reportlib.text.marks import recording
from reportlib.trial.model import MissingAnalysisError


def test_the_plan_holds_share_interval_and_benchmark() -> None:
    trial, ledger = status_ledger()
    row = ledger["job.borgere"]
    chart = figures.benchmark(ledger, trial)
    assert marked_rows(chart) == {"Andel fået job": [row.value, 20.0]}
    assert Stretch(row.ci_low, row.ci_high, "deltager") in chart.plan.rows[0].parts


def test_the_benchmark_says_which_fact_it_is(palette: Palette, tmp_path: Path) -> None:
    trial, ledger = status_ledger()
    with recording():
        text = show(figures.benchmark, ledger, trial, id="fig-x", folder=tmp_path)
    assert re.search(r'tal="[^"]*20 @ fakta:', text)


def test_a_site_has_its_own_share() -> None:
    trial, ledger = status_ledger()
    chart = figures.benchmark(ledger, trial, site="Nord")
    assert "andele for Nord" in chart.alt
    assert marked_rows(chart)["Andel fået job"] == [pytest.approx(40.0), 20.0]


def test_a_hidden_share_is_named_and_not_told(palette: Palette) -> None:
    trial, ledger = status_ledger({**PLAIN, "Nord": (60, 50, 3)})
    chart = figures.benchmark(ledger, trial, site="Nord")
    assert marked_rows(chart)["Andel fået job"] == [20.0]
    assert "Skjult af hensyn til anonymitet: Andel fået job." in chart.alt
    assert "skjult" in drawn(chart, palette).decode("utf-8")


def test_equal_plans_are_equal_pictures(palette: Palette) -> None:
    trial, ledger = status_ledger()
    chart = figures.benchmark(ledger, trial)
    assert drawn(chart, palette) == drawn(chart, palette)


def test_the_block_says_that_the_benchmark_is_counted_otherwise(palette: Palette, tmp_path: Path) -> None:
    trial, ledger = status_ledger()
    text = show(figures.benchmark, ledger, trial, id="fig-x", folder=tmp_path)
    assert "Andet Sted kan være talt op på en anden måde" in text
    assert picture(tmp_path, "x").is_file()


def test_a_trial_without_benchmark_is_told() -> None:
    trial, ledger = status_ledger()
    with pytest.raises(MissingAnalysisError, match="has no benchmark analysis"):
        figures.benchmark(ledger, trial.model_copy(update={"analyses": trial.analyses[:1]}))
