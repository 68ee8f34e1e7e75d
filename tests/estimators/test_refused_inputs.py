"""Data that an estimator has no answer to: each kind is refused by name, beside the least that is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportlib.estimators import propensity_matching as matching
from reportlib.estimators.checked import codes
from reportlib.estimators.diff_in_diff import two_way
from reportlib.estimators.errors import EstimatorError
from reportlib.estimators.regression import design_matrix
from reportlib.estimators.risk_sets import split_episodes
from reportlib.estimators.shares_and_means import test_shares as shares_alike
from reportlib.estimators.shares_and_means import test_table as table_alike

EPISODES = {"stop": [2, 3, 4, 5, 6, 7], "event": [1, 0, 1, 1, 0, 1], "x": [0.0, 1.0, 1.0, 0.0, 1.0, 0.5]}


def effects_of_units(rows: int) -> object:
    labels = np.tile(np.arange(4), 2)[:rows]
    unit, period = labels // 2, labels % 2
    return two_way(np.arange(rows) % 3, unit * period, unit, period)


def nearest(treated: list[bool]) -> object:
    return matching.nearest(np.linspace(0, 1, len(treated)), np.array(treated))


def errors_from_controls(controls: int) -> object:
    treated = np.array([True, True, *[False] * controls])
    score = np.linspace(-1, 1, len(treated))
    found = matching.nearest(score, treated)
    outcome = np.arange(len(treated)) % 3
    return matching.matched_effect(found, outcome, variance="heteroscedastic", variance_neighbours=2)


def cut_at_three(start: int) -> object:
    frame = pd.DataFrame({"start": [start, 0], "stop": [4, 5], "event": [1, 0]})
    return split_episodes(frame, start="start", stop="stop", event="event", cuts=[3])


CASES: dict[str, tuple[Callable[[Any], object], Any, Any, str]] = {
    "labels in rows and columns": (lambda given: codes(given, "by"), ["a", "b"], [["a", "b"]], "2 dimensions"),
    "no covariates": (design_matrix, {"x": [1.0, 2.0]}, {}, "has no covariates"),
    "one group": (lambda k: shares_alike(k, [9] * len(k)), [3, 4], [3], "at least two groups"),
    "a row is no table": (table_alike, [[3, 4], [5, 1]], [3, 4], "has rows and columns"),
    "as many effects as rows": (effects_of_units, 8, 4, "4 rows cannot carry treatment, 2 units and 2 periods"),
    "nobody treated": (nearest, [True, False], [False, False], "0 treated and 2 controls"),
    "no controls": (nearest, [True, False], [True, True], "2 treated and 0 controls"),
    "as many neighbours as controls": (errors_from_controls, 3, 2, "2 controls are too few for errors from 2"),
    "stops when it starts": (cut_at_three, 3, 4, "1 episodes do not stop after they start"),
}


@pytest.mark.parametrize(("do", "taken", "refused", "told"), CASES.values(), ids=CASES)
def test_what_has_no_answer_is_refused_and_the_nearest_is_taken(
    do: Callable[[Any], object], taken: Any, refused: Any, told: str
) -> None:
    do(taken)
    with pytest.raises(EstimatorError, match=told):
        do(refused)
