"""Units: what may be subtracted from what."""

from __future__ import annotations

import pytest

from reportlib.text.units import RULES, Unit, UnitMismatchError, unit_of_difference


def test_the_difference_of_two_shares_is_in_percentage_points() -> None:
    assert unit_of_difference(Unit.PCT, Unit.PCT) is Unit.PCT_POINT


def test_hours_and_shares_cannot_be_subtracted() -> None:
    with pytest.raises(UnitMismatchError, match="pct"):
        unit_of_difference(Unit.HOURS_PER_WEEK, Unit.PCT)


def test_hazard_ratios_cannot_be_subtracted() -> None:
    with pytest.raises(UnitMismatchError):
        unit_of_difference(Unit.HAZARD_RATIO, Unit.HAZARD_RATIO)


def test_every_unit_has_a_rule() -> None:
    assert set(RULES) == set(Unit)
