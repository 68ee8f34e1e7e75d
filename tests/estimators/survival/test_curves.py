"""Curves, counts and reshaping: small cases by hand, and what must hold whatever the data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reportlib.estimators import survival
from reportlib.estimators.survival.bands import interval

# Six people: exits with the event at 1, 3, 3 and 6, without at 2 and 5.
SIX = pd.DataFrame({"stop": [1, 2, 3, 3, 5, 6], "event": [1, 0, 1, 1, 0, 1]})


def test_kaplan_meier_by_hand() -> None:
    table = survival.kaplan_meier(SIX, stop="stop", event="event", bands="plain").table
    assert table["time"].tolist() == [1, 2, 3, 5, 6]
    assert table["n_risk"].tolist() == [6, 5, 4, 2, 1]
    assert table["n_event"].tolist() == [1, 0, 2, 0, 1]
    assert table["n_censored"].tolist() == [0, 1, 0, 1, 0]
    assert_allclose(table["survival"], [5 / 6, 5 / 6, 5 / 12, 5 / 12, 0])
    assert table["se"][2] == pytest.approx(5 / 12 * math.sqrt(1 / 30 + 2 / 8))
    assert math.isnan(table["se"][4])


def test_the_curve_is_one_before_the_first_exit_and_unknown_after_the_last() -> None:
    censored_last = SIX.assign(event=[1, 0, 1, 1, 0, 0])
    table = survival.kaplan_meier(censored_last, stop="stop", event="event", times=[0.5, 6, 7]).table
    assert table["survival"].tolist()[:2] == [1, pytest.approx(5 / 12)]
    assert math.isnan(table["survival"][2])
    assert table["n_risk"].tolist() == [6, 1, 0]
    assert survival.kaplan_meier(SIX, stop="stop", event="event", times=[7]).table["survival"].tolist() == [0]


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_probability_that_rounding_left_above_one_has_the_limits_of_one() -> None:
    low, high = interval(np.array([1 + 2**-52, 1.0]), np.array([0.01, 0.01]), "log-log", 0.05)
    assert (low.tolist(), high.tolist()) == ([1, 1], [1, 1])


def test_a_median_on_a_flat_half_is_its_middle() -> None:
    four = pd.DataFrame({"stop": [1, 2, 4, 9], "event": 1})
    assert survival.kaplan_meier(four, stop="stop", event="event").medians["median"].tolist() == [3]


def test_a_curve_that_never_reaches_half_has_no_median() -> None:
    few = pd.DataFrame({"stop": [1, 2, 4, 9], "event": [1, 0, 0, 0]})
    assert survival.kaplan_meier(few, stop="stop", event="event").medians["median"].isna().all()


def test_numbers_at_risk_leave_out_those_who_enter_at_the_time() -> None:
    frame = pd.DataFrame({"start": [0, 0, 3], "stop": [3, 5, 8], "g": ["a", "b", "a"]})
    table = survival.numbers_at_risk(frame, start="start", stop="stop", times=[3, 4, 0], group="g")
    assert table["n_risk"].tolist() == [1, 1, 0, 1, 1, 0]


def test_exit_rates_by_hand() -> None:
    frame = pd.DataFrame({"start": [0, 0, 0, 1.5], "stop": [0.5, 2, 2.5, 3], "event": [1, 0, 1, 1]})
    rates = survival.exit_rates(frame, start="start", stop="stop", event="event")
    assert rates["week"].tolist() == [1, 2, 3]
    assert rates["n"].tolist() == [3, 3, 2]  # the fourth is watched from the middle of week 2
    assert rates["k"].tolist() == [1, 0, 2]
    assert rates["rate"].tolist() == [pytest.approx(1 / 3), 0, 1]


def test_exit_rates_stop_at_the_week_asked_for() -> None:
    rates = survival.exit_rates(SIX, stop="stop", event="event", weeks=3)
    assert (rates["n"].tolist(), rates["k"].tolist()) == ([6, 5, 4], [1, 0, 2])
    longer = survival.exit_rates(SIX, stop="stop", event="event", weeks=8)
    assert longer["n"].tolist()[-2:] == [0, 0]
    assert longer["rate"].isna().tolist()[-2:] == [True, True]


def test_competing_exits_by_hand() -> None:
    # Two of four leave for a job in week 1, one for education in week 2, the last is censored in week 3.
    frame = pd.DataFrame({"stop": [1, 1, 2, 3], "why": ["job", "job", "uddannelse", ""]})
    table = survival.cumulative_incidence(frame, stop="stop", cause="why", censored="").table
    assert table.query("cause == 'job'")["incidence"].tolist() == [0.5, 0.5, 0.5]
    assert table.query("cause == 'uddannelse'")["incidence"].tolist() == [0, 0.25, 0.25]


def draw(seed: int, n: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 6, n) * rng.integers(0, 2, n)
    return pd.DataFrame(
        {
            "start": start,
            "stop": start + rng.integers(1, 9, n),
            "event": rng.integers(0, 2, n),
            "cause": rng.choice(["", "a", "b"], n),
            "g": rng.integers(0, 2, n),
        }
    )


drawn = st.builds(draw, seed=st.integers(0, 2**32 - 1), n=st.integers(3, 60))


@given(frame=drawn)
@settings(max_examples=50, deadline=None)
def test_incidences_and_survival_add_up_to_one(frame: pd.DataFrame) -> None:
    assume((frame["cause"] == "").any() and (frame["cause"] != "").any())
    frame = frame.assign(left=(frame["cause"] != "").astype(int))
    curves = survival.cumulative_incidence(frame, start="start", stop="stop", cause="cause", censored="").table
    total = curves.groupby("time")["incidence"].sum()
    km = survival.kaplan_meier(frame, start="start", stop="stop", event="left").table
    assert_allclose(total.to_numpy() + km["survival"].to_numpy(), 1.0)


@given(frame=drawn)
@settings(max_examples=50, deadline=None)
def test_with_one_cause_the_error_is_greenwoods(frame: pd.DataFrame) -> None:
    frame = frame.assign(why=np.where(frame["event"] == 1, "a", ""))
    assume(set(frame["why"]) == {"a", ""})
    curve = survival.cumulative_incidence(frame, stop="stop", cause="why", censored="").table
    km = survival.kaplan_meier(frame, stop="stop", event="event").table
    known = km["survival"] > 0
    assert_allclose(curve["se"][known], km["se"][known], atol=1e-12)


@given(frame=drawn)
@settings(max_examples=50, deadline=None)
def test_one_minus_kaplan_meier_overstates_a_competing_exit(frame: pd.DataFrame) -> None:
    assume((frame["cause"] == "").any() and (frame["cause"] == "a").any())
    curve = survival.cumulative_incidence(frame, stop="stop", cause="cause", censored="").table.query("cause == 'a'")
    alone = survival.kaplan_meier(frame.assign(e=(frame["cause"] == "a").astype(int)), stop="stop", event="e").table
    assert (curve["incidence"].to_numpy() <= 1 - alone["survival"].to_numpy() + 1e-12).all()


@given(frame=drawn)
@settings(max_examples=50, deadline=None)
def test_two_groups_log_rank_is_the_score_test_of_the_cox_model_without_ties(frame: pd.DataFrame) -> None:
    frame = frame.assign(stop=frame["stop"] + np.arange(len(frame)) / 1000)
    at_risk_together = frame.query("event == 1")["g"].nunique() == 2
    assume(at_risk_together)
    test = survival.log_rank(frame, stop="stop", event="event", group="g")
    flipped = survival.log_rank(frame.assign(g=1 - frame["g"]), stop="stop", event="event", group="g")
    assert test.chi2 == pytest.approx(flipped.chi2)
    # U^2 / I at beta = 0, from the definition
    score = information = 0.0
    for time in frame.query("event == 1")["stop"]:
        at_risk = frame[frame["stop"] >= time]
        share = at_risk["g"].mean()
        score += frame.loc[frame["stop"] == time, "g"].iloc[0] - share
        information += share * (1 - share)
    assert test.chi2 == pytest.approx(score**2 / information)


@given(frame=drawn, cuts=st.lists(st.integers(1, 12), max_size=4))
@settings(max_examples=50, deadline=None)
def test_pieces_keep_the_events_and_the_time(frame: pd.DataFrame, cuts: list[int]) -> None:
    frame = frame.assign(id=np.arange(len(frame)))
    pieces = survival.split_episodes(frame, start="start", stop="stop", event="event", cuts=cuts)
    assert pieces["id"].is_monotonic_increasing
    assert pieces.groupby("id")["event"].sum().tolist() == frame["event"].tolist()
    assert (pieces["stop"] - pieces["start"]).groupby(pieces["id"]).sum().tolist() == (
        frame["stop"] - frame["start"]
    ).tolist()
    for cut in cuts:
        assert not ((pieces["start"] < cut) & (pieces["stop"] > cut)).any()


def test_an_exit_at_the_cut_belongs_to_the_time_before_it() -> None:
    frame = pd.DataFrame({"stop": [8, 9], "event": 1, "treated": 1})
    pieces = survival.before_and_after(frame, covariate="treated", stop="stop", event="event", week=8)
    assert pieces[["start", "stop", "event", "treated_before", "treated_after"]].to_numpy().tolist() == [
        [0, 8, 1, 1, 0],
        [0, 8, 0, 1, 0],
        [8, 9, 1, 0, 1],
    ]


def test_indicators_leave_the_commonest_value_out() -> None:
    frame = pd.DataFrame({"weeks": [3, 1, 1, 7]}, index=[5, 5, 6, 7])
    wide, names = survival.indicators(frame, "weeks", prefix="varighed")
    assert names == ["varighed=3", "varighed=7"]
    assert wide[names].to_numpy().tolist() == [[1, 0], [0, 0], [0, 0], [0, 1]]
    assert wide.index.tolist() == [5, 5, 6, 7]
