"""Power: R's answers, the way back, and plans that mean nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.estimators import recruitment_plan as power
from reportlib.estimators.errors import (
    BadLevelError,
    InvalidPlanError,
    NoEffectToDetectError,
    UndetectableError,
)


@pytest.mark.parametrize(
    ("ours", "r"),
    [
        # power.prop.test(n = 50, p1 = .5, p2 = .75)$power
        (power.power_for_shares(0.5, 0.75, 50, 50), 0.74016590133138793),
        # power.prop.test(n = 400, p1 = .30, p2 = .38, sig.level = .1)$power
        (power.power_for_shares(0.30, 0.38, 400, 400, level=0.1), 0.77220763728537722),
        # power.prop.test(n = 300, p1 = .2, power = .8, tol = 1e-12)$p2
        (power.detectable_share(0.2, 300, 300), 0.29877567852604475),
    ],
)
def test_equals_r(ours: float, r: float) -> None:
    assert ours == pytest.approx(r, rel=1e-8)


def test_needed_persons_are_rs_rounded_up() -> None:
    # power.prop.test(p1 = .10, p2 = .15, power = .8)$n is 685.597; (p1 = .5, p2 = .75, power = .9)$n is 76.707
    assert power.needed_for_shares(0.10, 0.15).n_treated == 686
    assert power.needed_for_shares(0.5, 0.75, power=0.9).n == 2 * 77


@given(control=st.floats(0.05, 0.9), step=st.floats(0.02, 0.5), goal=st.floats(0.5, 0.95))
@settings(max_examples=60, deadline=None)
def test_needed_persons_reach_the_power_and_fewer_do_not(control: float, step: float, goal: float) -> None:
    treated = min(control + step, 0.99)
    size = power.needed_for_shares(control, treated, power=goal)
    assert size.power >= goal - 1e-6
    if size.n_control > 2:
        assert power.power_for_shares(control, treated, size.n_treated - 1, size.n_control - 1) < goal


def test_the_formula_holds_in_a_simulated_trial() -> None:
    rng = np.random.default_rng(1)
    size = power.needed_for_shares(0.3, 0.45)
    treated, control = (rng.binomial(n, p, 20_000) / n for n, p in ((size.n_treated, 0.45), (size.n_control, 0.3)))
    pooled = (treated * size.n_treated + control * size.n_control) / size.n
    z = (treated - control) / np.sqrt(pooled * (1 - pooled) * (1 / size.n_treated + 1 / size.n_control))
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.8, abs=0.02)


@given(control=st.floats(0.05, 0.6), n=st.integers(100, 5000), goal=st.floats(0.3, 0.95))
@settings(max_examples=30, deadline=None)
def test_the_detectable_share_has_just_the_power(control: float, n: int, goal: float) -> None:
    share = power.detectable_share(control, n, n, power=goal)
    assert share > control
    assert power.power_for_shares(control, share, n, n) == pytest.approx(goal, abs=1e-9)


def test_a_fall_is_found_as_often_as_the_rise_that_mirrors_it() -> None:
    fall = power.power_for_shares(0.7, 0.5, 80, 80)
    assert fall == pytest.approx(power.power_for_shares(0.3, 0.5, 80, 80), rel=1e-12)
    assert power.needed_for_shares(0.7, 0.5).n == power.needed_for_shares(0.3, 0.5).n


def test_nobody_and_everybody_can_be_planned_for() -> None:
    assert power.power_for_shares(0.0, 0.0, 50, 50) == 0
    assert power.power_for_shares(0.0, 1.0, 50, 50) == 1


def test_plans_that_mean_nothing() -> None:
    with pytest.raises(NoEffectToDetectError, match=r"both shares are 0\.3"):
        power.needed_for_shares(0.3, 0.3)
    with pytest.raises(InvalidPlanError, match=r"shares of 30"):
        power.needed_for_shares(30, 40)
    with pytest.raises(InvalidPlanError, match=r"power of 1\.5"):
        power.needed_for_shares(0.1, 0.2, power=1.5)
    with pytest.raises(InvalidPlanError, match="groups of 0"):
        power.power_for_shares(0.1, 0.2, 0, 10)
    with pytest.raises(BadLevelError):
        power.power_for_shares(0.1, 0.2, 10, 10, level=5)


def test_too_few_persons_for_any_effect() -> None:
    with pytest.raises(UndetectableError, match="no increase from 0.9"):
        power.detectable_share(0.9, 10, 10)
