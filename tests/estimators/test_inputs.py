"""What the estimators accept as numbers, indicators and labels, and what they refuse before it can do harm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportlib.estimators.checked import (
    checked_level,
    codes,
    deviations,
    finite,
    indicator,
    numbers,
    same_length,
    variance,
)
from reportlib.estimators.errors import (
    BadLevelError,
    LengthMismatchError,
    MissingValueError,
    NotBinaryError,
    NotNumericError,
)


@pytest.mark.parametrize(
    "values",
    [
        [1, None, 3],
        (1.0, math.nan, 3),
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Series([1, None, 3], dtype=object),
        np.array([1, np.nan, 3], dtype=np.float32),
    ],
)
def test_missing_values_of_every_kind_become_nan(values: Any) -> None:
    np.testing.assert_array_equal(numbers(values, "x"), [1, np.nan, 3])


def test_a_frame_of_booleans_is_zeros_and_ones() -> None:
    assert numbers(pd.DataFrame({"a": [True, False]}), "x", ndim=2).tolist() == [[1.0], [0.0]]


@pytest.mark.parametrize(
    "values",
    [["1", "2"], pd.Series(["1", 2]), pd.Series(pd.to_datetime(["2020-01-01", None])), [1 + 2j], [[1], [2]], 3, ["x"]],
)
def test_text_dates_and_other_shapes_are_not_numbers(values: Any) -> None:
    with pytest.raises(NotNumericError, match="hours"):
        numbers(values, "hours")


def test_the_first_missing_value_is_named() -> None:
    with pytest.raises(MissingValueError, match="hours has 2 missing or infinite values, the first at row 1"):
        finite([1, math.inf, math.nan], "hours")


@pytest.mark.parametrize("values", [[0, 1, 2], [0, None], [0.5]])
def test_an_indicator_is_zero_or_one_and_known(values: Any) -> None:
    with pytest.raises(NotBinaryError):
        indicator(values, "treated")


def test_labels_are_numbered_in_sorted_order() -> None:
    index, labels = codes(pd.Series(["Odense", "Køge", "Odense"]), "site")
    assert index.tolist() == [1, 0, 1] and labels.tolist() == ["Køge", "Odense"]


@pytest.mark.parametrize("labels", [["a", None], [1.0, math.nan], pd.Series(["a", pd.NA], dtype="string")])
def test_a_missing_label_is_refused(labels: Any) -> None:
    with pytest.raises(MissingValueError, match="row 1"):
        codes(labels, "site")


def test_lengths_are_named_when_they_differ() -> None:
    with pytest.raises(LengthMismatchError, match="values has 2, treated has 3"):
        same_length(values=np.zeros(2), treated=np.zeros(3))


@pytest.mark.parametrize("level", [0, 1, 5, 95, math.nan])
def test_a_level_is_between_zero_and_one(level: float) -> None:
    with pytest.raises(BadLevelError):
        checked_level(level)


def test_values_that_are_all_alike_do_not_vary_although_their_mean_rounds() -> None:
    alike = np.full(3, 0.1)
    assert alike.var() > 0 and variance(alike) == 0
    assert (deviations(alike, alike.mean()) == 0).all()


def test_small_but_real_variation_stays() -> None:
    values = np.array([1.0, 1.0 + 1e-9])
    assert variance(values) == pytest.approx(5e-19, rel=1e-6)
