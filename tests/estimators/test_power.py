"""Power: R's answers, the way back, and plans that mean nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.estimators import power
from reportlib.estimators.errors import BadLevelError


@pytest.mark.parametrize(
    ("ours", "r"),
    [
        # power.prop.test(n = 50, p1 = .5, p2 = .75)$power
        (power.power_for_shares(0.5, 0.75, 50, 50), 0.74016590133138793),
        # power.prop.test(n = 400, p1 = .30, p2 = .38, sig.level = .1)$power
        (power.power_for_shares(0.30, 0.38, 400, 400, level=0.1), 0.77220763728537722),
        # power.prop.test(n = 300, p1 = .2, power = .8, tol = 1e-12)$p2
        (power.detectable_share(0.2, 300, 300), 0.29877567852604475),
        # power.t.test(n = 20, delta = 1, sd = 1, strict = TRUE)$power
        (power.power_for_means(1, 1, 20, 20), 0.8689530277245856),
        # power.t.test(n = 6, delta = .3, sd = 1, strict = TRUE)$power
        (power.power_for_means(0.3, 1, 6, 6), 0.075842157512192587),
        # power.t.test(n = 64, sd = 12, power = .9, strict = TRUE, tol = 1e-12)$delta
        (power.detectable_mean(12, 64, 64, power=0.9), 6.9293185697606505),
    ],
)
def test_equals_r(ours: float, r: float) -> None:
    assert ours == pytest.approx(r, rel=1e-8)


def test_needed_persons_are_rs_rounded_up() -> None:
    # power.prop.test(p1 = .10, p2 = .15, power = .8)$n is 685.597; (p1 = .5, p2 = .75, power = .9)$n is 76.707
    assert power.needed_for_shares(0.10, 0.15).n_treated == 686
    assert power.needed_for_shares(0.5, 0.75, power=0.9).n == 2 * 77
    # power.t.test(delta = .5, sd = 2, power = .8, strict = TRUE)$n is 252.128
    assert power.needed_for_means(0.5, 2).n_control == 253


def test_the_design_effect_by_hand() -> None:
    assert power.design_effect(20, 0.05) == pytest.approx(1 + 19 * 0.05)
    assert power.design_effect(20, 0.05, size_cv=0.5) == pytest.approx(1 + (1.25 * 20 - 1) * 0.05)
    assert power.design_effect(20, 0) == 1


def test_a_design_effect_multiplies_the_persons_needed() -> None:
    alone = power.needed_for_shares(0.2, 0.3)
    clustered = power.needed_for_shares(0.2, 0.3, design_effect=3.0)
    assert clustered.n_treated == pytest.approx(3 * alone.n_treated, abs=3)


def test_two_treated_for_each_control_need_more_persons_in_all() -> None:
    even, uneven = power.needed_for_means(1, 4), power.needed_for_means(1, 4, treated_per_control=2)
    assert uneven.n_treated == pytest.approx(2 * uneven.n_control, abs=1)
    assert uneven.n > even.n
    assert uneven.power >= 0.8


@given(control=st.floats(0.05, 0.9), step=st.floats(0.02, 0.5), goal=st.floats(0.5, 0.95))
@settings(max_examples=60, deadline=None)
def test_needed_persons_reach_the_power_and_fewer_do_not(control: float, step: float, goal: float) -> None:
    treated = min(control + step, 0.99)
    size = power.needed_for_shares(control, treated, power=goal)
    assert size.power >= goal - 1e-6
    if size.n_control > 2:
        assert power.power_for_shares(control, treated, size.n_treated - 1, size.n_control - 1) < goal


@given(sd=st.floats(0.1, 100), n=st.integers(10, 5000), goal=st.floats(0.3, 0.95))
@settings(max_examples=60, deadline=None)
def test_the_detectable_difference_has_just_the_power(sd: float, n: int, goal: float) -> None:
    difference = power.detectable_mean(sd, n, n, power=goal)
    assert power.power_for_means(difference, sd, n, n) == pytest.approx(goal, abs=1e-6)


def test_a_decrease_is_looked_for_below() -> None:
    share = power.detectable_share(0.5, 200, 200, direction="decrease")
    assert share < 0.5
    assert power.power_for_shares(0.5, share, 200, 200) == pytest.approx(0.8, abs=1e-9)


def test_the_formula_holds_in_a_simulated_trial() -> None:
    rng = np.random.default_rng(1)
    size = power.needed_for_shares(0.3, 0.45)
    treated, control = (rng.binomial(n, p, 20_000) / n for n, p in ((size.n_treated, 0.45), (size.n_control, 0.3)))
    pooled = (treated * size.n_treated + control * size.n_control) / size.n
    z = (treated - control) / np.sqrt(pooled * (1 - pooled) * (1 / size.n_treated + 1 / size.n_control))
    assert np.mean(np.abs(z) > 1.96) == pytest.approx(0.8, abs=0.02)


def test_plans_that_mean_nothing() -> None:
    with pytest.raises(power.NoEffectToDetectError, match=r"both shares are 0\.3"):
        power.needed_for_shares(0.3, 0.3)
    with pytest.raises(power.NoEffectToDetectError, match="zero"):
        power.needed_for_means(0, 1)
    with pytest.raises(power.InvalidPlanError, match=r"shares of 30"):
        power.needed_for_shares(30, 40)
    with pytest.raises(power.InvalidPlanError, match="standard deviation"):
        power.needed_for_means(1, 0)
    with pytest.raises(power.InvalidPlanError, match=r"power of 1\.5"):
        power.needed_for_means(1, 1, power=1.5)
    with pytest.raises(power.InvalidPlanError, match="groups of 0"):
        power.power_for_means(1, 1, 0, 10)
    with pytest.raises(power.InvalidPlanError, match="correlation"):
        power.design_effect(10, 2)
    with pytest.raises(BadLevelError):
        power.power_for_shares(0.1, 0.2, 10, 10, level=5)


def test_too_few_persons_for_any_effect() -> None:
    with pytest.raises(power.UndetectableError, match="no increase from 0.9"):
        power.detectable_share(0.9, 10, 10)
    with pytest.raises(power.UndetectableError, match="degrees of freedom"):
        power.detectable_mean(1, 1, 1)
