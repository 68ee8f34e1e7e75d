"""What the survival estimators refuse, and that they say why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from cox_cases import GOLDEN

from reportlib.estimators import risk_sets
from reportlib.estimators.errors import (
    BadLevelError,
    CollinearTermsError,
    ConstantCovariateError,
    EmptyFrameError,
    EmptyRiskSetError,
    EstimatorError,
    InvalidEpisodeError,
    InvalidWeightsError,
    MissingValueError,
    MonotoneLikelihoodError,
    NoCovariatesError,
    NoEventsError,
    NoEventsInGroupError,
    NotBinaryError,
    NotConvergedError,
    NotNumericError,
    RepeatedColumnError,
    TooFewClustersError,
    UnknownColumnError,
    UnknownTermError,
)
from reportlib.estimators.proportional_hazards import cox


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "cox" / "weights.csv")


def refused(error: type[EstimatorError], frame: pd.DataFrame, says: str, **changes: object) -> None:
    arguments: dict[str, object] = {
        "start": "start",
        "stop": "stop",
        "event": "event",
        "covariates": ["treated", "age", "male"],
    }
    with pytest.raises(error, match=says):
        cox(frame, **(arguments | changes))  # type: ignore[arg-type]


def test_no_events(frame: pd.DataFrame) -> None:
    refused(NoEventsError, frame.assign(event=0), "no episode")


@pytest.mark.parametrize("empty", [0, 1])
def test_no_events_in_a_group(frame: pd.DataFrame, empty: int) -> None:
    only_others = frame.assign(event=frame["event"] * (frame["treated"] != empty))
    refused(NoEventsInGroupError, only_others, f"treated = {empty}")


def test_a_covariate_that_orders_the_events(frame: pd.DataFrame) -> None:
    ordered = frame.assign(stop=frame["stop"].rank(method="first"), event=1)
    refused(MonotoneLikelihoodError, ordered.assign(x=-ordered["stop"]), "infinity", covariates=["x"])


def test_a_combination_that_orders_the_events(frame: pd.DataFrame) -> None:
    # Neither covariate alone does: u adds noise to the order, and v takes it out again.
    noise = np.random.default_rng(1).normal(scale=100, size=len(frame))
    ordered = frame.assign(stop=frame["stop"].rank(method="first"), event=1)
    both = ordered.assign(u=ordered["stop"] + noise, v=noise)
    cox(both, stop="stop", event="event", covariates=["v"])
    refused(MonotoneLikelihoodError, both, "infinity", covariates=["u", "v"])


def test_a_level_without_events_among_several_indicators(frame: pd.DataFrame) -> None:
    none_in_reference = frame.assign(event=frame["event"] * (frame["stratum"] != "a"))
    split = none_in_reference.assign(b=(frame["stratum"] == "b").astype(int), c=(frame["stratum"] == "c").astype(int))
    refused(MonotoneLikelihoodError, split, r"b \(\+infinity\)", covariates=["b", "c"])


def test_too_few_iterations(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk_sets, "MAX_ITERATIONS", 1)
    refused(NotConvergedError, frame, "after 1 iterations")


def test_one_cluster(frame: pd.DataFrame) -> None:
    refused(TooFewClustersError, frame.assign(cluster="Nord"), "cluster = Nord", cluster="cluster")


@pytest.mark.parametrize("factor", [-1.0, 0.0])
def test_weights_that_are_not_positive(frame: pd.DataFrame, factor: float) -> None:
    refused(InvalidWeightsError, frame.assign(weight=factor * frame["weight"]), "400 weights", weights="weight")


def test_a_constant_covariate(frame: pd.DataFrame) -> None:
    refused(ConstantCovariateError, frame.assign(age=40), "age")


def test_a_covariate_constant_within_the_strata(frame: pd.DataFrame) -> None:
    site = frame.assign(in_a=(frame["stratum"] == "a").astype(int))
    refused(ConstantCovariateError, site, "in_a", covariates=["treated", "in_a"], strata="stratum")


def test_collinear_covariates_are_named_and_others_not(frame: pd.DataFrame) -> None:
    refused(
        CollinearTermsError,
        frame.assign(mix=2 * frame["age"] - 3 * frame["male"]),
        "age, male, mix$|age, male, mix\n",
        covariates=["treated", "age", "male", "mix"],
    )


def test_indicators_for_every_level(frame: pd.DataFrame) -> None:
    every = frame.assign(**{level: (frame["stratum"] == level).astype(int) for level in "abc"})
    refused(CollinearTermsError, every, "a, b, c", covariates=["a", "b", "c"])


def test_an_empty_risk_set(frame: pd.DataFrame) -> None:
    refused(EmptyRiskSetError, frame, "nobody else", strata="id")


def test_missing_values_are_counted(frame: pd.DataFrame) -> None:
    refused(MissingValueError, frame.assign(age=frame["age"].where(frame["id"] > 7)), "age has 7 missing")


@pytest.mark.parametrize("role", ["strata", "cluster", "weights", "start", "stop", "event"])
def test_missing_values_in_every_role(frame: pd.DataFrame, role: str) -> None:
    holes = frame.assign(hole=frame["stop"].where(frame["id"] > 3))
    refused(MissingValueError, holes, "hole (has 3 missing|is missing in 3 rows)", **{role: "hole"})


def test_infinite_values(frame: pd.DataFrame) -> None:
    refused(MissingValueError, frame.assign(age=frame["age"].astype(float).where(frame["id"] > 1, np.inf)), "age")


def test_an_unknown_column_and_what_it_might_be(frame: pd.DataFrame) -> None:
    refused(UnknownColumnError, frame, "did you mean treated", covariates=["treatd"])


def test_text_as_covariate(frame: pd.DataFrame) -> None:
    refused(NotNumericError, frame, "stratum", covariates=["stratum"])


def test_a_covariate_named_twice(frame: pd.DataFrame) -> None:
    refused(RepeatedColumnError, frame, "age", covariates=["age", "age"])


def test_a_frame_with_two_columns_of_one_name(frame: pd.DataFrame) -> None:
    refused(
        RepeatedColumnError,
        pd.concat([frame, frame[["age"]]], axis=1),
        "'age' is named, or stands in the frame",
    )


def test_an_event_that_is_not_zero_or_one(frame: pd.DataFrame) -> None:
    refused(NotBinaryError, frame.assign(event=frame["event"] * 2), "event must be 0 or 1")


def test_an_episode_of_no_length(frame: pd.DataFrame) -> None:
    refused(InvalidEpisodeError, frame.assign(start=frame["stop"].where(frame["id"] == 5, 0)), "row 4")


def test_an_episode_too_short_to_see(frame: pd.DataFrame) -> None:
    short = frame.assign(start=(frame["stop"] - 1e-12).where(frame["id"] == 5, 0))
    refused(InvalidEpisodeError, short, "rounding")


def test_an_empty_frame(frame: pd.DataFrame) -> None:
    refused(EmptyFrameError, frame.iloc[:0], "no rows")


def test_no_covariates(frame: pd.DataFrame) -> None:
    refused(NoCovariatesError, frame, "no covariates", covariates=[])


def test_a_level_that_is_no_probability(frame: pd.DataFrame) -> None:
    refused(BadLevelError, frame, "95", level=95)


def test_a_contrast_with_an_unknown_term(frame: pd.DataFrame) -> None:
    fit = cox(frame, stop="stop", event="event", covariates=["treated"])
    with pytest.raises(UnknownTermError, match="did you mean treated"):
        fit.contrast({"treatedd": 1})


def test_large_and_distant_covariates_are_no_trouble(frame: pd.DataFrame) -> None:
    covariates = ["treated", "age"]
    plain = cox(frame, stop="stop", event="event", covariates=covariates).terms
    moved = frame.assign(age=frame["age"] * 1e6 + 1e9)
    far = cox(moved, stop="stop", event="event", covariates=covariates).terms
    assert far["coef"][1] * 1e6 == pytest.approx(plain["coef"][1])
    assert far["coef"][0] == pytest.approx(plain["coef"][0])
