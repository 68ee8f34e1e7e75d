"""The recruitment forecast: by hand, against simulated recruitment, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.estimators.errors import BadCountError, BadLevelError
from reportlib.estimators.recruitment_plan import TooFewWeeksError, recruitment_forecast

EVEN = [5, 6, 5, 4, 5, 5, 6, 4, 5, 5, 4, 6]  # 60 in twelve weeks, evener than chance


def test_the_realistic_path_goes_on_at_the_pace_so_far() -> None:
    forecast = recruitment_forecast(EVEN, weeks=10, target=100)
    assert forecast.recruited == 60
    assert forecast.table["realistic"].tolist() == pytest.approx([65, 70, 75, 80, 85, 90, 95, 100, 105, 110])
    assert forecast.weeks_to_target["realistic"] == 8
    assert forecast.dispersion == 1


def test_only_the_latest_weeks_tell_the_pace() -> None:
    slowed = [20] * 10 + [2] * 8
    forecast = recruitment_forecast(slowed, weeks=1, latest=8)
    assert forecast.pace["realistic"] == pytest.approx(2)
    assert (forecast.recruited, forecast.weeks_used) == (216, 8)


def test_the_pace_has_the_quantiles_of_its_gamma() -> None:
    # 60 recruits in 12 weeks: the Gamma(60.5) / 12 has its 10 and 90 pct. points where a Poisson tail says so
    forecast = recruitment_forecast(EVEN, weeks=1)
    rng = np.random.default_rng(2)
    draws = rng.gamma(60.5, 1 / 12, 400_000)
    assert np.mean(draws < forecast.pace["cautious"]) == pytest.approx(0.1, abs=0.003)
    assert np.mean(draws < forecast.pace["optimistic"]) == pytest.approx(0.9, abs=0.003)


def test_the_probability_is_the_gamma_poissons() -> None:
    forecast = recruitment_forecast(EVEN, weeks=12, target=125)
    rng = np.random.default_rng(3)
    draws = 60 + rng.poisson(12 * rng.gamma(60.5, 1 / 12, 400_000))
    assert forecast.probability == pytest.approx(np.mean(draws >= 125), abs=0.003)
    low, high = forecast.table[["ci_low", "ci_high"]].iloc[-1]
    assert np.mean(draws < low) <= 0.027
    assert np.mean(draws > high) <= 0.027


def test_the_interval_covers_what_comes() -> None:
    rng = np.random.default_rng(4)
    covered = 0
    for _ in range(300):
        rate = rng.gamma(8, 0.5)
        history, coming = rng.poisson(rate, 20), rng.poisson(rate, 15).sum()
        last = recruitment_forecast(history, weeks=15).table.iloc[-1]
        covered += last["ci_low"] <= history.sum() + coming <= last["ci_high"]
    assert 0.93 <= covered / 300 <= 0.99


def test_bursts_widen_the_interval() -> None:
    bursts = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 20, 0]
    wide, narrow = (recruitment_forecast(each, weeks=8) for each in (bursts, [3] * 20))
    assert wide.dispersion > 5
    assert np.ptp(wide.table[["ci_low", "ci_high"]].iloc[-1]) > 2 * np.ptp(narrow.table[["ci_low", "ci_high"]].iloc[-1])
    assert wide.pace["optimistic"] > narrow.pace["optimistic"]


def test_a_target_already_reached() -> None:
    forecast = recruitment_forecast(EVEN, weeks=4, target=50)
    assert set(forecast.weeks_to_target.values()) == {0}
    assert forecast.probability == 1


def test_nobody_recruited_so_far() -> None:
    forecast = recruitment_forecast([0] * 8, weeks=8, target=10)
    assert forecast.pace["realistic"] == 0
    assert forecast.weeks_to_target["realistic"] is None
    assert forecast.pace["optimistic"] > 0
    # Jeffreys' prior with nothing seen in as many weeks as are to come: P(X >= 10) of a negative binomial(1/2, 1/2)
    assert forecast.probability == pytest.approx(summed_tail(), rel=1e-9)


def summed_tail() -> float:
    """P(X >= 10) where P(X = k) = Gamma(k + 1/2) / (Gamma(1/2) k!) 2^-(k + 1/2), summed term by term."""
    term, below = 0.5**0.5, 0.0
    for k in range(10):
        below += term
        term *= (k + 0.5) / (k + 1) / 2
    return 1 - below


@given(counts=st.lists(st.integers(0, 50), min_size=4, max_size=60), weeks=st.integers(1, 40))
@settings(max_examples=80, deadline=None)
def test_the_paths_keep_their_order_and_the_interval_widens(counts: list[int], weeks: int) -> None:
    forecast = recruitment_forecast(counts, weeks=weeks, target=sum(counts) + 5)
    table = forecast.table
    assert (table["cautious"] <= table["realistic"]).all()
    assert (table["realistic"] <= table["optimistic"]).all()
    assert (table["ci_low"] >= sum(counts)).all()
    width = (table["ci_high"] - table["ci_low"]).tolist()
    assert width[-1] >= width[0]
    assert forecast.probability is not None
    assert 0 <= forecast.probability <= 1


def test_what_is_refused() -> None:
    with pytest.raises(TooFewWeeksError, match="3 weeks"):
        recruitment_forecast([4, 5, 6], weeks=4)
    with pytest.raises(BadCountError, match="whole numbers"):
        recruitment_forecast([4, -1, 3, 5], weeks=4)
    with pytest.raises(BadCountError, match="whole numbers"):
        recruitment_forecast([4, 1.5, 3, 5], weeks=4)  # type: ignore[list-item]
    with pytest.raises(BadCountError, match="0 weeks"):
        recruitment_forecast(EVEN, weeks=0)
    with pytest.raises(BadLevelError):
        recruitment_forecast(EVEN, weeks=4, level=95)
