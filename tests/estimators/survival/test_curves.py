"""Curves, counts and reshaping: small cases by hand, and what must hold whatever the data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reportlib.estimators.errors import EmptyRiskSetError
from reportlib.estimators.risk_sets import before_and_after, split_episodes
from reportlib.estimators.survival_curves import kaplan_meier

# Six people: exits with the event at 1, 3, 3 and 6, without at 2 and 5.
SIX = pd.DataFrame({"stop": [1, 2, 3, 3, 5, 6], "event": [1, 0, 1, 1, 0, 1]})


def test_kaplan_meier_by_hand() -> None:
    table = kaplan_meier(SIX, stop="stop", event="event").table
    assert table["time"].tolist() == [1, 2, 3, 5, 6]
    assert table["n_risk"].tolist() == [6, 5, 4, 2, 1]
    assert table["n_event"].tolist() == [1, 0, 2, 0, 1]
    assert table["n_censored"].tolist() == [0, 1, 0, 1, 0]
    assert_allclose(table["survival"], [5 / 6, 5 / 6, 5 / 12, 5 / 12, 0])
    assert table["se"][2] == pytest.approx(5 / 12 * math.sqrt(1 / 30 + 2 / 8))
    assert math.isnan(table["se"][4])


def test_the_curve_is_one_before_the_first_exit_and_unknown_after_the_last() -> None:
    censored_last = SIX.assign(event=[1, 0, 1, 1, 0, 0])
    table = kaplan_meier(censored_last, stop="stop", event="event", times=[0.5, 6, 7]).table
    assert table["survival"].tolist()[:2] == [1, pytest.approx(5 / 12)]
    assert math.isnan(table["survival"][2])
    assert table["n_risk"].tolist() == [6, 1, 0]
    assert kaplan_meier(SIX, stop="stop", event="event", times=[7]).table["survival"].tolist() == [0]


def test_a_median_on_a_flat_half_is_its_middle() -> None:
    four = pd.DataFrame({"stop": [1, 2, 4, 9], "event": 1})
    assert kaplan_meier(four, stop="stop", event="event").median[0] == 3


def test_a_curve_that_never_reaches_half_has_no_median() -> None:
    few = pd.DataFrame({"stop": [1, 2, 4, 9], "event": [1, 0, 0, 0]})
    assert math.isnan(kaplan_meier(few, stop="stop", event="event").median[0])


def test_who_enters_at_a_time_is_not_at_risk_then() -> None:
    frame = pd.DataFrame({"start": [0, 0, 0, 3], "stop": [3, 5, 8, 9], "event": 1})
    table = kaplan_meier(frame, start="start", stop="stop", event="event", times=[0, 3, 4]).table
    assert table["n_risk"].tolist() == [0, 3, 3]


def test_weeks_after_the_last_exit_have_nobody_at_risk() -> None:
    table = kaplan_meier(SIX, stop="stop", event="event", times=list(range(1, 9))).table
    assert table["n_risk"].tolist() == [6, 5, 4, 2, 2, 1, 0, 0]
    assert table["n_event"].tolist() == [1, 0, 2, 0, 0, 1, 0, 0]


def test_with_late_entry_a_curve_that_falls_to_zero_at_once_is_refused() -> None:
    frame = pd.DataFrame({"start": [0, 4, 4, 5, 6], "stop": [2, 7, 8, 9, 10], "event": 1})
    with pytest.raises(EmptyRiskSetError, match="before others enter"):
        kaplan_meier(frame, start="start", stop="stop", event="event")


def test_warnings_are_as_they_were_after_a_curve() -> None:
    before = np.geterr()
    kaplan_meier(SIX, stop="stop", event="event")
    assert np.geterr() == before


def draw(seed: int, n: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 6, n) * rng.integers(0, 2, n)
    return pd.DataFrame(
        {
            "start": start,
            "stop": start + rng.integers(1, 9, n),
            "event": rng.integers(0, 2, n),
            "g": rng.integers(0, 2, n),
        }
    )


drawn = st.builds(draw, seed=st.integers(0, 2**32 - 1), n=st.integers(3, 60))


@given(frame=drawn)
@settings(max_examples=50, deadline=None)
def test_a_curve_is_the_product_written_out(frame: pd.DataFrame) -> None:
    try:
        table = kaplan_meier(frame, start="start", stop="stop", event="event").table
    except EmptyRiskSetError:
        return
    survives = 1.0
    for row in table.itertuples():
        at_risk = int(((frame["start"] < row.time) & (frame["stop"] >= row.time)).sum())
        leave = int(((frame["stop"] == row.time) & (frame["event"] == 1)).sum())
        survives *= 1 - leave / at_risk
        assert (row.n_risk, row.n_event) == (at_risk, leave)
        assert row.survival == pytest.approx(survives, abs=1e-12)


@given(frame=drawn, cuts=st.lists(st.integers(1, 12), max_size=4))
@settings(max_examples=50, deadline=None)
def test_pieces_keep_the_events_and_the_time(frame: pd.DataFrame, cuts: list[int]) -> None:
    frame = frame.assign(id=np.arange(len(frame)))
    pieces = split_episodes(frame, start="start", stop="stop", event="event", cuts=cuts)
    assert pieces["id"].is_monotonic_increasing
    assert pieces.groupby("id")["event"].sum().tolist() == frame["event"].tolist()
    assert (pieces["stop"] - pieces["start"]).groupby(pieces["id"]).sum().tolist() == (
        frame["stop"] - frame["start"]
    ).tolist()
    for cut in cuts:
        assert not ((pieces["start"] < cut) & (pieces["stop"] > cut)).any()


def test_an_exit_at_the_cut_belongs_to_the_time_before_it() -> None:
    frame = pd.DataFrame({"stop": [8, 9], "event": 1, "treated": 1})
    pieces = before_and_after(frame, covariate="treated", stop="stop", event="event", week=8)
    assert pieces[["start", "stop", "event", "treated_before", "treated_after"]].to_numpy().tolist() == [
        [0, 8, 1, 1, 0],
        [0, 8, 0, 1, 0],
        [8, 9, 1, 0, 1],
    ]
