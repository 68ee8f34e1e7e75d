"""Cox: what must hold whatever the data, checked against a likelihood written as plain loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from reportlib.estimators.proportional_hazards import CoxFit, cox
from reportlib.estimators.risk_sets import EfronLikelihood, read_episodes, split_episodes

COVARIATES = ["x", "z"]


def draw_frame(seed: int, n: int, n_times: int = 12) -> pd.DataFrame:
    """Episodes with ties, late entry, three strata, four clusters, weights and two covariates."""
    rng = np.random.default_rng(seed)
    start = np.where(rng.random(n) < 0.5, 0, rng.integers(0, n_times, n))
    return pd.DataFrame(
        {
            "start": start,
            "stop": start + rng.integers(1, n_times, n),
            "event": (rng.random(n) < 0.6).astype(int),
            "stratum": rng.integers(0, 3, n),
            "cluster": rng.integers(0, 4, n),
            "weight": rng.uniform(0.2, 3, n).round(2),
            "x": rng.normal(size=n).round(2),
            "z": rng.normal(size=n).round(2),
        }
    )


def looped_loglik(frame: pd.DataFrame, beta: np.ndarray) -> float:
    """Efron's log likelihood straight from the formula, one tied death at a time."""
    total = 0.0
    for _, group in frame.groupby("stratum"):
        eta = group[COVARIATES].to_numpy() @ beta
        risk = group["weight"].to_numpy() * np.exp(eta)
        start, stop, event = (group[name].to_numpy() for name in ("start", "stop", "event"))
        for time in np.unique(stop[event == 1]):
            at_risk = (start < time) & (stop >= time)
            dying = (stop == time) & (event == 1)
            m = int(dying.sum())
            total += float(group["weight"].to_numpy()[dying] @ eta[dying])
            for k in range(m):
                total -= group["weight"].to_numpy()[dying].mean() * np.log(
                    risk[at_risk].sum() - k / m * risk[dying].sum()
                )
    return total


def likelihood_of(frame: pd.DataFrame, covariates: list[str] = COVARIATES) -> EfronLikelihood:
    episodes = read_episodes(frame, start="start", stop="stop", event="event", strata="stratum", weights="weight")
    return EfronLikelihood(episodes, frame[covariates].to_numpy(dtype=float))


frames = st.builds(draw_frame, seed=st.integers(0, 2**32 - 1), n=st.integers(2, 40))
betas = st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)).map(np.array)


@given(frame=frames, beta=betas)
@settings(max_examples=60, deadline=None)
def test_loglik_is_the_looped_one(frame: pd.DataFrame, beta: np.ndarray) -> None:
    assume(frame["event"].any())
    assert likelihood_of(frame).evaluate(beta).loglik == pytest.approx(looped_loglik(frame, beta), rel=1e-9, abs=1e-9)


@given(frame=frames, beta=betas)
@settings(max_examples=40, deadline=None)
def test_score_and_information_are_the_derivatives(frame: pd.DataFrame, beta: np.ndarray) -> None:
    assume(frame["event"].any())
    likelihood = likelihood_of(frame)
    at, h = likelihood.evaluate(beta), 1e-5
    for j, step in enumerate(np.eye(2) * h):
        up, down = likelihood.evaluate(beta + step), likelihood.evaluate(beta - step)
        assert at.score[j] == pytest.approx((up.loglik - down.loglik) / (2 * h), rel=1e-5, abs=1e-5)
        assert at.information[j] == pytest.approx((down.score - up.score) / (2 * h), rel=1e-5, abs=1e-5)


@given(frame=frames, beta=betas)
@settings(max_examples=40, deadline=None)
def test_the_score_residuals_add_up_to_the_score(frame: pd.DataFrame, beta: np.ndarray) -> None:
    assume(frame["event"].any())
    likelihood = likelihood_of(frame)
    at = likelihood.evaluate(beta)
    assert likelihood.scores(at).sum(axis=0) == pytest.approx(at.score, rel=1e-9, abs=1e-9)


def fitted(frame: pd.DataFrame, **changes: object) -> CoxFit:
    arguments: dict[str, object] = {
        "start": "start",
        "stop": "stop",
        "event": "event",
        "covariates": COVARIATES,
        "strata": "stratum",
        "weights": "weight",
        "cluster": "cluster",
    }
    return cox(frame, **(arguments | changes))  # type: ignore[arg-type]


def assert_same_fit(one: CoxFit, other: CoxFit) -> None:
    numbers = [column for column in one.terms.columns if column != "term"]
    pd.testing.assert_frame_equal(one.terms[numbers], other.terms[numbers], rtol=1e-8, atol=1e-12)
    assert one.loglik == pytest.approx(other.loglik, rel=1e-10)


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame = draw_frame(1, 200)
    assert_same_fit(fitted(frame), fitted(frame.sample(frac=1, random_state=3)))


def test_only_the_order_of_the_times_matters() -> None:
    frame = draw_frame(2, 200)
    stretched = frame.assign(start=np.exp(frame["start"] / 3), stop=np.exp(frame["stop"] / 3))
    assert_same_fit(fitted(frame), fitted(stretched))


def test_an_episode_in_pieces_is_the_same_episode() -> None:
    frame = draw_frame(3, 200)
    pieces = split_episodes(frame, start="start", stop="stop", event="event", cuts=[3, 7])
    assert len(pieces) > len(frame)
    assert_same_fit(fitted(frame), fitted(pieces))


def test_times_that_differ_by_rounding_are_tied() -> None:
    frame = draw_frame(4, 200)
    shaken = frame.assign(stop=frame["stop"] + np.where(np.arange(200) % 2, 1e-10, 0.0))
    assert_same_fit(fitted(frame), fitted(shaken))


def test_weights_of_one_size_change_no_estimate_and_no_clustered_error() -> None:
    frame = draw_frame(6, 200)
    threefold = fitted(frame.assign(weight=3.0)).terms
    plain = fitted(frame, weights=None).terms
    assert_allclose(threefold["coef"], plain["coef"], rtol=1e-8)
    assert_allclose(threefold["se_cluster"], plain["se_cluster"], rtol=1e-8)
    assert_allclose(threefold["se_model"], plain["se_model"] / np.sqrt(3), rtol=1e-8)


def test_strata_do_not_share_risk_sets_at_equal_times() -> None:
    frame = draw_frame(7, 120)
    apart = frame.assign(start=frame["start"] + 1000 * frame["stratum"], stop=frame["stop"] + 1000 * frame["stratum"])
    assert_same_fit(fitted(frame), fitted(apart, strata=None))


def test_two_strata_columns_are_their_combinations() -> None:
    frame = draw_frame(8, 200)
    combined = frame.assign(both=frame["stratum"].astype(str) + "-" + frame["cluster"].astype(str))
    assert_same_fit(fitted(frame, strata=["stratum", "cluster"]), fitted(combined, strata="both"))


def test_clustered_errors_do_not_depend_on_where_a_covariate_has_its_zero() -> None:
    frame = draw_frame(9, 200).assign(row=np.arange(200))
    moved = frame.assign(x=1e6 - frame["x"])
    ours, theirs = (fitted(each, cluster="row").terms["se_cluster"] for each in (frame, moved))
    assert_allclose(ours, theirs, rtol=1e-6)


def test_a_smaller_tolerance_ends_where_the_score_is_zero() -> None:
    likelihood = likelihood_of(draw_frame(10, 200))
    start = np.zeros(likelihood.x.shape[1])
    found = likelihood.maximise(likelihood.evaluate(start), start, 1e-15)
    assert np.abs(found.at.score).max() < 1e-8


def test_interval_and_p_follow_the_clustered_error_when_there_is_one() -> None:
    frame = draw_frame(11, 200)
    for fit, se in ((fitted(frame), "se_cluster"), (fitted(frame, cluster=None), "se_model")):
        half = np.log(fit.terms["ci_high"] / fit.terms["ci_low"]) / 2
        assert_allclose(half, 1.959963984540054 * fit.terms[se])
        assert_allclose(fit.terms["p"], [math.erfc(abs(z) / math.sqrt(2)) for z in fit.terms["coef"] / fit.terms[se]])
    assert fitted(frame, cluster=None).terms["se_cluster"].isna().all()


def test_the_table_has_the_columns_the_ledger_reads() -> None:
    assert list(fitted(draw_frame(12, 100)).terms.columns) == [
        "term", "coef", "se_model", "se_cluster", "hazard_ratio", "ci_low", "ci_high", "p",
    ]  # fmt: skip


def test_a_contrast_is_the_difference_of_two_coefficients() -> None:
    fit = fitted(draw_frame(13, 200))
    contrast = fit.contrast({"x": 1, "z": -1})
    v = fit.covariance_cluster
    assert v is not None
    assert contrast.coef == pytest.approx(fit.terms["coef"][0] - fit.terms["coef"][1])
    assert contrast.se == pytest.approx(np.sqrt(v[0, 0] + v[1, 1] - 2 * v[0, 1]))
    assert contrast.hazard_ratio == pytest.approx(np.exp(contrast.coef))


def in_places(seed: int = 3) -> pd.DataFrame:
    """200 persons in five places; `only` is 1 of some in the first place and of nobody elsewhere."""
    rng = np.random.default_rng(seed)
    place, x = np.arange(200) % 5, rng.integers(0, 2, 200)
    only = ((place == 0) & (rng.random(200) < 0.5)).astype(int)
    stop = np.ceil(rng.exponential(8 / np.exp(0.4 * x + 0.3 * only))).astype(int)
    return pd.DataFrame({"stop": stop, "event": rng.random(200) < 0.8, "x": x, "only": only, "place": place})


def model_of(frame: pd.DataFrame, *covariates: str, **more: Any) -> CoxFit:
    return cox(frame, stop="stop", event="event", covariates=list(covariates), **more)


def test_what_one_place_alone_tells_has_no_error_between_places_and_the_rest_has_its_own() -> None:
    """Every place is left out in turn and the whole is fitted again; without the first there is no `only` to fit."""
    frame = in_places()
    fit = model_of(frame, "x", "only", cluster="place", jackknife=True)
    x, only = (fit.terms.set_index("term").loc[name] for name in ("x", "only"))
    assert np.isnan(only[["se_cluster", "p", "ci_low", "ci_high"]].to_numpy(dtype=float)).all()
    again = [
        model_of(rest, *(["x"] if left_out == 0 else ["x", "only"])).terms.set_index("term").loc["x", "coef"]
        for left_out, rest in ((place, frame[frame["place"] != place]) for place in range(5))
    ]
    assert x["se_cluster"] == pytest.approx(np.sqrt(4 / 5 * ((np.array(again) - x["coef"]) ** 2).sum()), rel=1e-6)


@pytest.mark.parametrize(
    ("how", "method"),
    [
        ({}, "Cox, Efron ties, model errors"),
        ({"cluster": "place"}, "Cox, Efron ties, Lin-Wei errors, 5 clusters"),
        ({"cluster": "place", "jackknife": True}, "Cox, Efron ties, jackknife errors, 5 clusters"),
    ],
)
def test_a_fit_says_what_its_errors_are(how: dict[str, Any], method: str) -> None:
    assert model_of(in_places(), "x", **how).method == method
