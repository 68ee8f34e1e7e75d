"""Rows are tested against their own evidence before the ledger takes them."""

from __future__ import annotations

from typing import Any

import pytest

from reportlib.analysis.ledger_builder import DuplicateKeyError, InconsistentRowError, LedgerBuilder
from reportlib.ledger import Measure
from reportlib.text.units import Unit

MEASURES = [
    Measure(id="andel", label="Andel", unit=Unit.PCT, definition="", source=""),
    Measure(id="timer", label="Timer", unit=Unit.HOURS_PER_WEEK, definition="", source=""),
]


def add(**row: Any) -> None:
    LedgerBuilder(MEASURES).add(**{"measure": "andel", "statistic": "share", "population": "alle", **row})


def test_a_share_that_is_not_k_of_n_is_refused() -> None:
    with pytest.raises(InconsistentRowError, match=r"22\.0 pct\. is not 115 of 540"):
        add(k=115, n=540, value=22.0)


def test_a_share_of_more_than_everybody_is_refused() -> None:
    with pytest.raises(InconsistentRowError, match="k = 82 is not among n = 70"):
        add(k=82, n=70, value=117.1)


def test_a_share_without_its_counts_is_refused() -> None:
    with pytest.raises(InconsistentRowError, match="needs its k and n"):
        add(value=12.0)


def test_a_share_of_nobody_has_no_value() -> None:
    with pytest.raises(InconsistentRowError, match="nobody"):
        add(k=0, n=0, value=0.0)


def test_an_estimate_outside_its_interval_is_refused() -> None:
    with pytest.raises(InconsistentRowError, match="outside its interval"):
        add(measure="timer", statistic="difference", value=0.75, ci_low=0.8, ci_high=1.2)


def test_a_p_value_that_contradicts_the_interval_is_refused() -> None:
    with pytest.raises(InconsistentRowError, match="different verdicts"):
        add(measure="timer", statistic="difference", value=1.147, ci_low=1.01, ci_high=1.3, p=0.942)


def test_the_same_number_twice_is_refused() -> None:
    builder = LedgerBuilder(MEASURES)
    row: dict[str, Any] = {
        "measure": "andel",
        "statistic": "share",
        "population": "alle",
        "k": 1,
        "n": 2,
        "value": 50.0,
    }
    builder.add(**row)
    with pytest.raises(DuplicateKeyError, match="andel"):
        builder.add(**row)


def test_not_a_number_is_stored_as_missing() -> None:
    builder = LedgerBuilder(MEASURES)
    row = builder.add(measure="timer", statistic="mean", population="alle", value=float("nan"), n=0, k=0)
    assert row.value is None
