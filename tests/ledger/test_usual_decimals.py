"""The digits a number prints with: its unit's, as far as its uncertainty bears them, the same wherever it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import round_half_up
from reportlib.ledger import Estimate
from reportlib.ledger.digits import decimals_apart, interval_decimals, usual_decimals
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit


def row(unit: Unit, value: float, low: float | None = None, high: float | None = None, **of: object) -> Estimate:
    named = {"key": "m", "measure": "m", "statistic": "mean", "population": "alle", "unit": unit, "value": value}
    return Estimate(**named | {"ci_low": low, "ci_high": high} | of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "decimals"),
    [
        (row(Unit.HOURS, 127.39, 68.4, 186.4), 0),  # 59 to each side
        (row(Unit.HOURS, 12.76, 8.83, 16.68), 1),
        (row(Unit.HOURS, 12.76, 2.76, 22.76), 0),  # 10,0 would be three digits
        (row(Unit.SCORE, 4.96, 4.8, 5.1), 1),  # more digits are borne, the unit has no use for them
        (row(Unit.KR, 1499, -6777, 9774), -2),
        (row(Unit.KR, 1499), 0),
        (row(Unit.KR, 145455, statistic="cost_per_unit"), -3),
        (row(Unit.KR, 18561, statistic="cost_per_unit"), -2),
        (row(Unit.WEEKS, 12.4, 11.1, 13.7), 1),
        (row(Unit.WEEKS, 15), 0),
        (row(Unit.PCT, 0.4, k=1, n=250), 1),  # would print as nobody
        (row(Unit.PCT, 99.6, k=249, n=250), 1),  # would print as all
        (row(Unit.PCT, 0.0, k=0, n=250), 0),
        (row(Unit.PCT, 100.0, k=250, n=250), 0),
    ],
)
def test_the_half_of_an_interval_keeps_two_digits(number: Estimate, decimals: int) -> None:
    assert usual_decimals(number) == decimals


@given(st.floats(-30, 30), st.floats(0.01, 20), st.sampled_from([Unit.PCT_POINT, Unit.HOURS, Unit.SCORE]))
def test_a_sure_difference_never_prints_as_none(value: float, half: float, unit: Unit) -> None:
    found = row(unit, value, value - half, value + half, group=DIFFERENCE, statistic="difference")
    sure = abs(value) > half
    places = interval_decimals(found)
    if sure and abs(value) >= 0.1:
        assert not round_half_up(value, usual_decimals(found)).is_zero()
    low, high = (round_half_up(end, places) for end in (value - half, value + half))
    if min(abs(value - half), abs(value + half)) >= 0.0001:
        assert (low > 0 or high < 0) is (value - half > 0 or value + half < 0)


def test_levels_that_a_test_calls_different_are_told_apart() -> None:
    levels = [row(Unit.PCT, share, k=round(10 * share), n=1000, statistic="share") for share in (13.4, 12.6)]
    gap = row(Unit.PCT_POINT, 0.8, 0.1, 1.5, p=0.02, group=DIFFERENCE)
    assert decimals_apart(levels, gap, level=0.05) == [1, 1]
    assert decimals_apart(levels, row(Unit.PCT_POINT, 0.8, -0.1, 1.7, p=0.08), level=0.05) == [0, 0]


def test_hours_beside_each_other_have_the_digits_of_the_least_certain() -> None:
    levels = [row(Unit.HOURS, 84.6, 79.1, 90.1), row(Unit.HOURS, 127.4, 68.4, 186.4)]
    assert decimals_apart(levels, None, level=0.05) == [0, 0]
