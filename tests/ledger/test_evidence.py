"""What contradicts itself in a row: each number of a right row is moved, and it must be found; the right one not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.stats import norm, t

from reportlib.ledger import Estimate
from reportlib.ledger.contradictions import contradictions
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit

LEVEL = 0.05
SE, DF = 1.25, 48.0
HALF = float(t.ppf(0.975, DF)) * SE


def row(
    value: float | None, unit: Unit = Unit.HOURS_PER_WEEK, statistic: str = "difference", **more: object
) -> Estimate:
    group = DIFFERENCE if statistic == "difference" else "deltager"
    given = {"group": group, **more}
    return Estimate(key="x", measure="x", statistic=statistic, unit=unit, population="alle", value=value, **given)  # type: ignore[arg-type]


def by_t(value: float, *, unit: Unit = Unit.HOURS_PER_WEEK, null: float = 0.0) -> Estimate:
    """A difference with a t interval and its p-value, by SciPy's t distribution."""
    p = float(2 * t.sf(abs(value - null) / SE, DF))
    return row(value, unit, ci_low=value - HALF, ci_high=value + HALF, se=SE, df=DF, p=p, n=50)


RIGHT = {
    "share": row(12.5, Unit.PCT, "share", k=5, n=40),
    "share of nobody": row(None, Unit.PCT, "share", k=0, n=0),
    "nobody": row(0.0, Unit.PCT, "share", k=0, n=40),
    "everybody": row(100.0, Unit.PCT, "share", k=40, n=40),
    "mean": row(7.4, statistic="mean", k=30, n=40, ci_low=6.4, ci_high=8.5),
    "at the end of its interval": row(6.4, statistic="mean", k=30, n=40, ci_low=6.4, ci_high=8.5),
    "found": by_t(3.0),
    "not found": by_t(1.0),
    "below": by_t(-3.0),
    "hazard ratio": row(1.5, Unit.HAZARD_RATIO, ci_low=1.1, ci_high=2.0454545, p=0.01),
    "no hazard ratio": row(1.1, Unit.HAZARD_RATIO, ci_low=0.9, ci_high=1.3444444, p=0.3),
    "points": by_t(-3.0, unit=Unit.PCT_POINT),
    "fewer by more than all": row(-130.0, Unit.PCT, "difference"),
    "relative change": row(150.0, Unit.PCT, "relative_change", group="deltager"),
    "setting": row(3.5, Unit.PCT, "parameter", group="", n=0),
    "largest": row(1e15, Unit.KR, "mean"),
    "most persons": row(3.0, Unit.HOURS, "mean", k=10**10, n=10**10),
    "no freedom": row(3.0, Unit.HOURS, "mean", df=0.0, se=0.0),
    "p of 1": row(None, Unit.COEFFICIENT, "joint_test", p=1.0),
    "p of 0": row(None, Unit.COEFFICIENT, "joint_test", p=0.0),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_row_that_agrees_with_itself_is_taken(name: str) -> None:
    assert list(contradictions(RIGHT[name], LEVEL, rounded=False)) == []


WRONG = {
    "share: its value": replace(RIGHT["share"], value=12.6),
    "share: its k": replace(RIGHT["share"], k=6),
    "share: its n": replace(RIGHT["share"], n=41),
    "share: no value": replace(RIGHT["share"], value=None),
    "share: no k": replace(RIGHT["share"], k=None),
    "share: no n": replace(RIGHT["share"], n=None),
    "share: more than all": replace(RIGHT["everybody"], k=41, value=102.5),
    "share: fewer than nobody": replace(RIGHT["nobody"], k=-1, value=-2.5),
    "share of nobody: a value": replace(RIGHT["share of nobody"], value=0.0),
    "mean: k below zero": replace(RIGHT["mean"], k=-1),
    "mean: n below zero": replace(RIGHT["mean"], n=-1),
    "mean: more persons than there are": replace(RIGHT["most persons"], n=10**10 + 1),
    "mean: below its interval": replace(RIGHT["mean"], value=6.39),
    "mean: above its interval": replace(RIGHT["mean"], value=8.51),
    "mean: no lower end": replace(RIGHT["mean"], ci_low=None),
    "mean: no upper end": replace(RIGHT["mean"], ci_high=None),
    "mean: too large": replace(RIGHT["largest"], value=1.01e15),
    "mean: an end too large": replace(RIGHT["mean"], ci_high=1.01e15),
    "mean: an end far below": replace(RIGHT["mean"], ci_low=-1.01e15),
    "mean: an error too large": replace(RIGHT["mean"], se=1.01e15),
    "mean: negative error": replace(RIGHT["mean"], se=-0.1),
    "freedom below zero": replace(RIGHT["no freedom"], df=-1.0),
    "p below 0": replace(RIGHT["p of 0"], p=-0.01),
    "p above 1": replace(RIGHT["p of 1"], p=1.01),
    "pct. above 100": row(100.1, Unit.PCT, "standardised"),
    "pct. below 0": row(-0.1, Unit.PCT, "standardised"),
    "found: another p": replace(RIGHT["found"], p=(RIGHT["found"].p or 0) * 1.05),
    "found: a smaller p": replace(RIGHT["found"], p=(RIGHT["found"].p or 0) / 1.05),
    "found: p of no effect": replace(RIGHT["found"], p=0.4),
    "not found: p of an effect": replace(RIGHT["not found"], p=0.04),
    "below: p of no effect": replace(RIGHT["below"], p=0.4),
    "found: another error": replace(RIGHT["found"], se=SE * 1.05),
    "found: value moved beside a right interval": replace(RIGHT["found"], value=3.0 + 0.9 * HALF, p=0.4),
    "found: both ends nearer": replace(RIGHT["found"], ci_low=3.0 - 0.9 * HALF, ci_high=3.0 + 0.9 * HALF),
    "found: half the freedom": replace(RIGHT["found"], df=5.0),
    "hazard ratio: p of none": replace(RIGHT["hazard ratio"], p=0.3),
    "no hazard ratio: p of one": replace(RIGHT["no hazard ratio"], p=0.01),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_row_with_one_number_moved_is_found_by_its_key(name: str) -> None:
    found = list(contradictions(WRONG[name], LEVEL, rounded=False))
    assert found and all(message.startswith("x: ") for message in found)


def test_a_hidden_share_needs_no_counts() -> None:
    assert list(contradictions(row(None, Unit.PCT, "share", suppressed="primary"), LEVEL, rounded=False)) == []


def test_a_p_on_the_edge_of_its_level_is_no_verdict() -> None:
    touching = row(2.0, ci_low=0.0, ci_high=4.0, p=LEVEL - 1e-9)
    assert list(contradictions(touching, LEVEL, rounded=False)) == []
    assert list(contradictions(replace(touching, p=LEVEL - 1e-3), LEVEL, rounded=False)) != []


# A finished ledger has a difference, its interval and its p, rounded as they print. By the normal distribution.
def printed(value: float, half: float, p: float) -> Estimate:
    return row(value, ci_low=round(value - half, 2), ci_high=round(value + half, 2), p=round(p, 3), n=5000)


ROUNDED_HALF = 1.96 * 1.0


@pytest.mark.parametrize("value", [-2.5, -1.0, 0.7, 1.5, 2.5])
def test_a_printed_row_that_agrees_with_itself_is_taken(value: float) -> None:
    right = printed(value, ROUNDED_HALF, float(2 * norm.sf(abs(value))))
    assert list(contradictions(right, LEVEL, rounded=True)) == []


@pytest.mark.parametrize(
    ("value", "p"), [(-1.0, 0.7), (0.7, 0.1), (1.5, 0.4), (1.5, 0.055), (2.5, 0.045), (-2.5, 0.045)]
)
def test_a_printed_p_of_another_difference_is_found(value: float, p: float) -> None:
    found = list(contradictions(printed(value, ROUNDED_HALF, p), LEVEL, rounded=True))
    assert len(found) == 1 and "gives p from" in found[0]


@pytest.mark.parametrize("moved", [-1.0, 1.0])
def test_a_printed_number_may_leave_its_interval_by_its_rounding_and_no_more(moved: float) -> None:
    end = 2.0 + 0.5 * moved
    inside = row(end + 0.009 * moved, statistic="mean", ci_low=1.5, ci_high=2.5, n=50)
    outside = row(end + 0.07 * moved, statistic="mean", ci_low=1.5, ci_high=2.5, n=50)
    assert list(contradictions(inside, LEVEL, rounded=True)) == []
    assert list(contradictions(inside, LEVEL, rounded=False)) != []
    assert list(contradictions(outside, LEVEL, rounded=True)) != []
