"""Matching: against plain loops, by hand, what must hold whatever the data, and what is refused."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.estimators import propensity_matching as matching
from reportlib.estimators.errors import (
    CollinearTermsError,
    ConstantCovariateError,
    EmptyGroupError,
    InvalidCaliperError,
    InvalidNeighboursError,
    MissingValueError,
    NoMatchesError,
    NotBinaryError,
    SeparationError,
    UnknownColumnError,
    UnknownMethodError,
)

COVARIATES = ["age", "months"]


def draw(seed: int, n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age, months = rng.normal(45, 9, n).round(), rng.exponential(20, n).round()
    treated = rng.random(n) < 1 / (1 + np.exp(-(-0.5 + 0.03 * (age - 45) - 0.02 * (months - 20))))
    hours = 5 + 0.1 * age - 0.05 * months + 2 * treated + rng.normal(0, 3, n)
    return pd.DataFrame({"treated": treated.astype(int), "age": age, "months": months, "hours": hours})


def looped_controls(score: np.ndarray, treated: np.ndarray, row: int, m: int, caliper: float) -> np.ndarray:
    """The rows one treated person is matched with, straight from the definition."""
    rows = np.flatnonzero(~treated)
    distance = np.abs(score[rows] - score[row])
    reach = min(np.sort(distance)[m - 1] + 1e-9, caliper)
    return rows[distance <= reach]


scores = st.lists(st.integers(0, 30), min_size=4, max_size=40)  # whole numbers: many ties


@given(whole=scores, m=st.integers(1, 4), caliper=st.sampled_from([np.inf, 2.5]), data=st.data())
@settings(max_examples=150, deadline=None)
def test_neighbours_are_those_of_the_definition(whole: list[int], m: int, caliper: float, data: st.DataObject) -> None:
    score = np.array(whole, dtype=float)
    treated = np.array(data.draw(st.lists(st.booleans(), min_size=len(whole), max_size=len(whole))))
    if treated.all() or not treated.any() or m > (~treated).sum():
        return
    expected = {row: looped_controls(score, treated, row, m, caliper) for row in np.flatnonzero(treated)}
    if not any(len(controls) for controls in expected.values()):
        with pytest.raises(NoMatchesError):
            matching.nearest(score, treated, neighbours=m, caliper=caliper)
        return
    found = matching.nearest(score, treated, neighbours=m, caliper=caliper)
    for row, first, end in zip(found.treated, found.runs.first, found.runs.end, strict=True):
        assert set(found.controls[first:end]) == set(expected.pop(row))
    assert set(found.unmatched) == set(expected)
    assert all(len(controls) == 0 for controls in expected.values())
    weight = found.weight
    assert weight[~treated].sum() == pytest.approx(len(found.treated))
    assert found.n_controls_used == np.count_nonzero(weight[~treated])


@given(seed=st.integers(0, 2**32 - 1), m=st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_does_not_matter(seed: int, m: int) -> None:
    frame = draw(seed, 120)
    mixed = frame.sample(frac=1, random_state=1)
    one, other = (
        matching.match(each, treated="treated", covariates=COVARIATES, neighbours=m).effect(each["hours"])
        for each in (frame, mixed)
    )
    assert (one.effect, one.se) == (pytest.approx(other.effect), pytest.approx(other.se))


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("variance", ["homoscedastic", "heteroscedastic"])
def test_the_error_is_the_formulas(m: int, variance: str) -> None:
    frame = draw(3, 150)
    y = frame["hours"].to_numpy()
    sample = matching.match(frame, treated="treated", covariates=COVARIATES, neighbours=m)
    score, treated = sample.propensity.logit, sample.propensity.treated
    pairs = {row: looped_controls(score, treated, row, m, np.inf) for row in np.flatnonzero(treated)}
    tau_i = {row: y[row] - y[controls].mean() for row, controls in pairs.items()}
    tau = np.mean(list(tau_i.values()))
    k, k2 = np.zeros(len(y)), np.zeros(len(y))
    for controls in pairs.values():
        k[controls] += 1 / len(controls)
        k2[controls] += 1 / len(controls) ** 2
    sigma2 = np.zeros(len(y))
    for row in np.flatnonzero(~treated):
        if variance == "homoscedastic":
            sigma2[row] = np.mean([np.mean((y[i] - y[c] - tau) ** 2) for i, c in pairs.items()]) / 2
        else:
            others = np.setdiff1d(np.flatnonzero(~treated), [row])
            distance = np.abs(score[others] - score[row])
            near = others[distance <= np.sort(distance)[1] + 1e-9]
            sigma2[row] = len(near) / (len(near) + 1) * (y[row] - y[near].mean()) ** 2
    total = sum((value - tau) ** 2 for value in tau_i.values()) + ((k**2 - k2) * sigma2).sum()
    effect = sample.effect(y, variance=variance)  # type: ignore[arg-type]
    assert effect.effect == pytest.approx(tau)
    assert effect.se == pytest.approx(np.sqrt(total) / len(pairs))
    assert effect.mean_treated - effect.mean_control == pytest.approx(tau)


def test_the_interval_covers_the_true_effect_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(200):
        frame = draw(seed, 300)
        effect = matching.match(frame, treated="treated", covariates=COVARIATES, neighbours=3).effect(frame["hours"])
        covered += effect.ci_low <= 2 <= effect.ci_high
    assert 180 <= covered <= 200


def test_a_caliper_in_standard_deviations() -> None:
    frame = draw(6)
    sample = matching.match(frame, treated="treated", covariates=COVARIATES, caliper=0.2, caliper_unit="sd")
    logit, treated = sample.propensity.logit, sample.propensity.treated
    assert sample.caliper == pytest.approx(
        0.2 * np.sqrt((logit[treated].var(ddof=1) + logit[~treated].var(ddof=1)) / 2)
    )


def test_balance_by_hand() -> None:
    x = np.array([[1.0], [3.0], [0.0], [2.0], [4.0]])
    treated = np.array([True, True, False, False, False])
    table = matching.balance_table(x, ["x"], treated, np.array([1, 1, 0, 2, 0.0]), scale="treated").iloc[0]
    assert (table["difference_before"], table["difference_after"]) == (0, 0)
    shifted = matching.balance_table(x, ["x"], treated, np.array([1, 1, 0, 1, 1.0]), scale="pooled").iloc[0]
    assert shifted["difference_after"] == pytest.approx((2 - 3) / np.sqrt((2 + 4) / 2))


def test_fifty_thousand_persons_are_matched_without_a_table_of_all_pairs() -> None:
    frame = draw(10, 50_000)
    tracemalloc.start()
    try:
        matching.match(frame, treated="treated", covariates=COVARIATES, neighbours=5).effect(frame["hours"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000_000  # bytes; half of all pairs alone would be 5,000 million


@pytest.mark.parametrize("value", [0, 1])
def test_one_group_is_missing(value: int) -> None:
    with pytest.raises(EmptyGroupError, match=f"treated = {value}"):
        matching.match(draw(1).assign(treated=value), treated="treated", covariates=COVARIATES)


def test_treatment_told_for_certain_by_one_covariate() -> None:
    frame = draw(1)
    certain = frame.assign(code=frame["treated"] * 3 + frame["age"] / 1000)
    with pytest.raises(SeparationError, match="code"):
        matching.propensity_score(certain, treated="treated", covariates=["months", "code"])


def test_a_level_with_treated_only() -> None:
    frame = draw(1)
    lonely = frame.assign(special=((frame["treated"] == 1) & (frame.index % 7 == 0)).astype(int))
    with pytest.raises(SeparationError, match="special"):
        matching.propensity_score(lonely, treated="treated", covariates=["age", "special"])


def test_a_constant_and_a_repeated_covariate() -> None:
    frame = draw(1)
    with pytest.raises(ConstantCovariateError, match="one"):
        matching.propensity_score(frame.assign(one=1), treated="treated", covariates=["age", "one"])
    with pytest.raises(CollinearTermsError, match="age, twice"):
        matching.propensity_score(frame.assign(twice=2 * frame["age"]), treated="treated", covariates=["age", "twice"])


def test_a_caliper_that_leaves_nobody() -> None:
    score, treated = np.array([0.0, 5.0]), np.array([True, False])
    with pytest.raises(NoMatchesError, match="within 1") as caught:
        matching.nearest(score, treated, caliper=1)
    assert "5 away" in str(caught.value)
    with pytest.raises(InvalidCaliperError):
        matching.nearest(score, treated, caliper=0)


def test_more_neighbours_than_controls() -> None:
    with pytest.raises(InvalidNeighboursError, match="3 neighbours asked for among 1"):
        matching.nearest(np.array([0.0, 5.0]), np.array([True, False]), neighbours=3)


def test_missing_unknown_and_not_binary() -> None:
    frame = draw(1)
    with pytest.raises(MissingValueError, match="age"):
        matching.match(frame.assign(age=frame["age"].where(frame.index > 2)), treated="treated", covariates=COVARIATES)
    with pytest.raises(UnknownColumnError, match="did you mean months"):
        matching.match(frame, treated="treated", covariates=["month"])
    with pytest.raises(NotBinaryError, match="treated must be 0 or 1"):
        matching.match(frame.assign(treated=frame["treated"] + 1), treated="treated", covariates=COVARIATES)
    with pytest.raises(MissingValueError, match="outcome"):
        matching.match(frame, treated="treated", covariates=COVARIATES).effect(frame["hours"].where(frame["hours"] > 9))
    with pytest.raises(UnknownMethodError, match="did you mean logit"):
        matching.match(frame, treated="treated", covariates=COVARIATES, on="logits")  # type: ignore[arg-type]
