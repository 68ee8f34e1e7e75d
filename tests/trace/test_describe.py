"""What is said of a number that no ledger row holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reportlib.ledger import Estimate, Measure
from reportlib.trace.describe import other_text
from reportlib.trace.origin import setting


@dataclass(frozen=True)
class Nothing:
    """An account without rows and facts."""

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, Estimate] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)


def test_a_setting_is_told_with_its_place_and_in_words_that_also_fit_where_no_lots_were_drawn() -> None:
    text = other_text(setting("design.level"), Nothing())
    assert "(design.level)" in text
    assert "forsøg" not in text
