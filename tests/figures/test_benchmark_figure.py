"""Shares beside their benchmark: the plan holds the ledger's numbers, and what is hidden is named and never drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from drawn import picture
from status_trial import PLAIN, status_ledger

from reportlib.show import figures
from reportlib.show.benchmarks import Held, alt_benchmark, plan_benchmark
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.palette import Palette
from reportlib.show.pictures import figure_bytes
from reportlib.text.marks import recording


def test_the_plan_holds_share_interval_and_benchmark() -> None:
    trial, ledger = status_ledger()
    row = ledger["job.borgere"]
    assert plan_benchmark(ledger, trial).rows == (Held("Andel fået job", row.value, row.ci_low, row.ci_high, 20.0),)


def test_the_benchmark_says_which_fact_it_is(palette: Palette, tmp_path: Path) -> None:
    trial, ledger = status_ledger()
    with recording():
        text = figures.benchmark(ledger, trial, id="fig-x", folder=tmp_path, palette=palette)
    assert re.search(r'tal="[^"]*20 @ fakta:', text)


def test_a_site_has_its_own_share() -> None:
    trial, ledger = status_ledger()
    plan = plan_benchmark(ledger, trial, site="Nord")
    assert plan.place == "Nord"
    assert plan.rows[0].value == pytest.approx(40.0)


def test_a_hidden_share_is_named_and_not_told(palette: Palette) -> None:
    trial, ledger = status_ledger({**PLAIN, "Nord": (60, 50, 3)})
    plan = plan_benchmark(ledger, trial, site="Nord")
    assert plan.rows[0].value is None
    assert "Skjult af hensyn til anonymitet: Andel fået job." in alt_benchmark(plan)
    assert "skjult" in figure_bytes(plan, palette=palette).decode("utf-8")


def test_equal_plans_are_equal_pictures(palette: Palette) -> None:
    trial, ledger = status_ledger()
    plan = plan_benchmark(ledger, trial)
    assert figure_bytes(plan, palette=palette) == figure_bytes(plan, palette=palette)


def test_the_block_says_that_the_benchmark_is_counted_otherwise(palette: Palette, tmp_path: Path) -> None:
    trial, ledger = status_ledger()
    text = figures.benchmark(ledger, trial, id="fig-x", folder=tmp_path, palette=palette)
    assert "Andet Sted er talt op på en anden måde" in text
    assert picture(tmp_path, "x").is_file()


def test_a_trial_without_benchmark_is_told() -> None:
    trial, ledger = status_ledger()
    with pytest.raises(NothingToShowError, match="has no benchmark"):
        plan_benchmark(ledger, trial.model_copy(update={"analyses": trial.analyses[:1]}))
