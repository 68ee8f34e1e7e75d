"""What holds of every estimator of arrays: rows must match, the level is a level, and the rows' order tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportlib.estimators.by_part import site_differences, subgroup_differences
from reportlib.estimators.covariate_balance import balance, joint_balance_test
from reportlib.estimators.diff_in_diff import did, did_paths, two_way
from reportlib.estimators.errors import BadLevelError, LengthMismatchError
from reportlib.estimators.many_comparisons import empirical_bayes, heterogeneity, paule_mandel
from reportlib.estimators.regression import design_matrix, difference_in_means, ols
from reportlib.estimators.repeated_measures import mcnemar, paired_t, progression
from reportlib.estimators.shares_and_means import distribution, mean
from reportlib.estimators.week_by_week import weekly_difference

N = 80
DRAW = np.random.default_rng(7)
Y = DRAW.integers(0, 30, N).astype(float)
WEEKS = DRAW.integers(0, 12, (N, 4)).astype(float)
ARM, AFTER, PARTS = (DRAW.integers(0, 2, N) for _ in range(3))
SITE = np.array(["Nord", "Syd", "Vest"])[DRAW.integers(0, 3, N)]
PLACE = DRAW.integers(0, 8, N)
AGE, SEX = DRAW.normal(40, 9, N), DRAW.integers(0, 2, N)
X = {"alder": AGE, "koen": SEX}
UNIT, PERIOD = np.repeat(np.arange(8), 10), np.tile(np.arange(10), 8)
ON = (UNIT >= 4) & (PERIOD >= 5)
BEFORE, LATER = DRAW.integers(0, 2, N), DRAW.integers(0, 2, N)
EFFECTS, ERRORS = DRAW.normal(1, 2, N), DRAW.uniform(0.5, 2, N)
WHO, WHEN = np.repeat(np.arange(20), 4), np.tile(np.arange(1, 5), 20)


def did_path(values: Any, *, level: float = 0.05, **given: Any) -> Any:
    """The differences in differences of one outcome, week by week."""
    return did_paths([values], **given, level=level)


def path(values: Any, *, level: float = 0.05, **groups: Any) -> object:
    """The difference in differences of one outcome, week by week."""
    return did_paths([values], level=level, **groups)[0]


CASES: dict[str, tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]] = {
    "difference in means": (difference_in_means, {"values": Y, "treated": ARM}, {}),
    "distribution": (distribution, {"values": Y, "treated": ARM}, {"edges": [0, 5, 10, 40]}),
    "sites": (site_differences, {"values": Y, "treated": ARM, "sites": SITE}, {}),
    "subgroups": (subgroup_differences, {"values": Y, "treated": ARM, "subgroups": {"sted": SITE}}, {}),
    "balance": (balance, {"covariates": X, "treated": ARM, "strata": SITE}, {}),
    "joint balance": (joint_balance_test, {"covariates": X, "treated": ARM, "strata": SITE}, {}),
    "did": (did, {"outcome": Y, "efter": AFTER, "delt_komm": PARTS, "clusters": PLACE, "covariates": X}, {}),
    "did week by week": (path, {"values": WEEKS, "efter": AFTER, "delt_komm": PARTS, "clusters": PLACE}, {}),
    "two-way": (two_way, {"outcome": Y, "treated": ON, "unit": UNIT, "period": PERIOD}, {}),
    "weekly": (weekly_difference, {"values": WEEKS, "treated": ARM}, {}),
    "weekly, with covariates": (weekly_difference, {"values": WEEKS, "treated": ARM, "covariates": X}, {}),
    "weekly, stratified": (weekly_difference, {"values": WEEKS, "treated": ARM, "strata": SITE}, {}),
    "weekly, clustered": (
        weekly_difference, {"values": WEEKS, "treated": PLACE % 2, "clusters": PLACE}, {},
    ),
    "design matrix": (design_matrix, {"covariates": X}, {}),
    "least squares": (ols, {"outcome": Y, "covariates": X, "clusters": PLACE}, {}),
    "effects of sites": (empirical_bayes, {"estimate": EFFECTS, "se": ERRORS}, {}),
    "between sites": (heterogeneity, {"estimate": EFFECTS, "se": ERRORS}, {}),
    "their variance": (paule_mandel, {"estimate": EFFECTS, "se": ERRORS}, {}),
    "paired shares": (mcnemar, {"before": BEFORE, "after": LATER}, {}),
    "paired means": (paired_t, {"before": Y, "after": Y + EFFECTS}, {}),
    "progression": (progression, {"person": WHO, "time": WHEN, "value": Y}, {}),
    "mean": (mean, {"values": Y}, {}),
}  # fmt: skip
BY_ROW = {"effects of sites", "design matrix"}
"""Those that answer for each row."""


def arrays(given: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The places of the arrays among the arguments."""
    for name, value in given.items():
        yield from ((name, inside) for inside in value) if isinstance(value, dict) else [(name,)]


def changed(given: dict[str, Any], at: tuple[str, ...], change: Callable[[Any], Any]) -> dict[str, Any]:
    name = at[0]
    value = {**given[name], at[1]: change(given[name][at[1]])} if len(at) == 2 else change(given[name])
    return {**given, name: value}


def numbers_in(result: Any) -> list[float]:
    """Every number of a result, in its own order."""
    if isinstance(result, pd.DataFrame):
        return numbers_in(result.select_dtypes("number").to_numpy())
    if is_dataclass(result):
        return [each for part in fields(result) for each in numbers_in(getattr(result, part.name))]
    if isinstance(result, dict):
        return [each for part in result.values() for each in numbers_in(part)]
    if isinstance(result, tuple | list):
        return [each for part in result for each in numbers_in(part)]
    if isinstance(result, np.ndarray):
        return result.astype(float).ravel().tolist() if result.dtype.kind in "ifb" else []
    return [float(result)] if isinstance(result, int | float) else []


@pytest.mark.parametrize(
    ("name", "at"), [(name, at) for name, (_, given, _) in CASES.items() if name != "mean" for at in arrays(given)]
)
def test_an_array_that_is_one_row_short_is_refused(name: str, at: tuple[str, ...]) -> None:
    do, given, options = CASES[name]
    do(**given, **options)
    if len(list(arrays(given))) == 1:
        return
    with pytest.raises(LengthMismatchError, match=rf"\b{N - 1}\b"):
        do(**changed(given, at, lambda array: array[:-1]), **options)


@pytest.mark.parametrize("name", [name for name, (do, *_) in CASES.items() if "level" in (do.__kwdefaults__ or {})])
@pytest.mark.parametrize("level", [0.0, 1.0, -0.05, 95])
def test_a_level_outside_nought_to_one_is_refused(name: str, level: float) -> None:
    do, given, options = CASES[name]
    with pytest.raises(BadLevelError):
        do(**given, **options, level=level)


@pytest.mark.parametrize("name", [name for name in CASES if name not in BY_ROW])
def test_the_order_of_the_rows_tells_nothing(name: str) -> None:
    do, given, options = CASES[name]
    turned = given
    for at in arrays(given):
        turned = changed(turned, at, lambda array: array[::-1])
    one, other = (np.sort(numbers_in(do(**each, **options))) for each in (given, turned))
    assert len(one) == len(other) > 0
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-10)
