"""Curves, rates and numbers at risk never tell in which week a few persons left."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from attack_curves import broken_curves
from attack_ledgers import both
from hypothesis import given
from hypothesis import strategies as st
from whole_ledgers import TRIALS

from reportlib.analysis.survival_rows import blocks_of_bands, told_weeks
from reportlib.ledger import Estimate
from reportlib.ledger.keys import week_label
from reportlib.text.units import Unit


def point(week: int, since: int, at_risk: int) -> Estimate:
    return _row("survival", week_label(week), value=50.0, k=since, n=at_risk)


def rate(first: int, last: int, left: int, at_risk: list[int]) -> Estimate:
    return _row("exit_rate", f"uge{first}-{last}", value=100 * left / sum(at_risk), k=left, n=at_risk[0])


def _row(statistic: str, time: str, *, value: float, k: int, n: int) -> Estimate:
    key = f"tid.deltager.{time}.{statistic}"
    where = {"group": "deltager", "time": time}
    return Estimate(
        key=key, measure="tid", statistic=statistic, unit=Unit.PCT, population="alle", value=value, k=k, n=n, **where
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_no_week_of_the_trial_tells_that_a_few_left(path: Path) -> None:
    trial, _, shown = both(path)
    assert broken_curves(shown, trial.disclosure.threshold) == []


def test_the_attacker_finds_a_week_between_a_point_and_the_end_of_a_rate() -> None:
    # 3, 2, 1, 2 and 4 left of 100, 97, 95, 94 and 92 at risk
    rows = [point(3, 6, 95), point(5, 6, 92), rate(1, 4, 8, [100, 97, 95, 94])]
    found = {each.weeks: (each.low, each.high) for each in broken_curves(rows, 5)}
    assert found[4, 4] == (2, 2)
    assert found[5, 5] == (4, 4)


def test_a_point_where_the_rate_ends_tells_nothing_more() -> None:
    rows = [point(4, 8, 94), rate(1, 4, 8, [100, 97, 95, 94])]
    assert all(each.low == 0 for each in broken_curves(rows, 5))


lives = st.lists(st.integers(0, 9), min_size=4, max_size=30)


@given(lives, st.integers(1, 5))
def test_nobody_or_enough_leave_between_two_points_and_before_the_end_of_a_block(left: list[int], band: int) -> None:
    told = sorted(told_weeks(left, band, 5))
    ends = sorted(
        {0, *told, *(last for _, last, bands in blocks_of_bands(left, band, 5) if sum(bands) == 0 or sum(bands) >= 5)}
    )
    between = [sum(left[first:last]) for first, last in pairwise(ends)]
    assert all(count == 0 or count >= 5 for count in between)


@given(lives, st.integers(1, 5))
def test_blocks_are_all_weeks_in_whole_bands(left: list[int], band: int) -> None:
    blocks = blocks_of_bands(left, band, 5)
    assert [week for first, last, _ in blocks for week in range(first, last + 1)] == list(range(1, len(left) + 1))
    assert all((first - 1) % band == 0 for first, _, _ in blocks)
    assert sum(sum(bands) for *_, bands in blocks) == sum(left)
