"""Kroner that do not add up as they are printed get the usual note."""

from __future__ import annotations

import pytest

from reportlib.ledger import Estimate
from reportlib.show.kroner import is_rounded_apart
from reportlib.text.units import Unit


def kroner(value: float) -> Estimate:
    return Estimate(key="k", measure="m", statistic="net", population="p", unit=Unit.KR, value=value)


@pytest.mark.parametrize(
    ("parts", "total", "apart"), [((1.4, 1.4), 2.8, True), ((1.0, 2.0), 3.0, False), ((-10.4, 5.2), -5.2, False)]
)
def test_printed_parts_are_held_against_the_printed_total(parts: tuple[float, ...], total: float, apart: bool) -> None:
    assert is_rounded_apart([kroner(part) for part in parts], kroner(total)) is apart


def test_an_account_without_a_total_or_without_parts_has_no_note() -> None:
    assert not is_rounded_apart([kroner(1.4)], None)
    assert not is_rounded_apart([None], kroner(2.0))
