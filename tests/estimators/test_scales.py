"""WHO-5 and General Self-Efficacy: scores by the published rules, and missing items."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import LengthMismatchError, NotNumericError, OutOfScaleError
from reportlib.estimators.questionnaires import GSE, WHO5, score

NAN = math.nan


def test_who5_is_the_sum_times_four() -> None:
    assert score([[0] * 5, [5] * 5, [1, 2, 3, 4, 5], [2, 2, 3, 3, 3]], WHO5).tolist() == [0, 100, 60, 52]


def test_who5_needs_all_five_items_unless_told_otherwise() -> None:
    items = [[4, 4, 4, 4, NAN], [3, 3, 3, NAN, NAN]]
    assert np.isnan(score(items, WHO5)).all()
    lenient = score(items, replace(WHO5, max_missing=1))
    assert lenient[0] == 80 and math.isnan(lenient[1])


def test_gse_is_the_mean_of_the_answered_times_ten() -> None:
    full = [1] * 10, [4] * 10, [3] * 5 + [2] * 5
    assert score(full, GSE).tolist() == [10, 40, 25]


def test_gse_allows_three_missing_items_and_not_four() -> None:
    three, four = [3] * 7 + [NAN] * 3, [3] * 6 + [NAN] * 4
    answer = score([three, four], GSE)
    assert answer[0] == 30 and math.isnan(answer[1])
    assert math.isnan(score([three], replace(GSE, max_missing=2))[0])


def test_an_answer_of_nobody_has_no_score() -> None:
    assert math.isnan(score([[NAN] * 5], replace(WHO5, max_missing=4))[0])


@given(st.lists(st.integers(0, 5), min_size=5, max_size=5), st.permutations(range(5)))
def test_a_score_lies_on_the_scale_whatever_the_order_of_the_items(items: list[int], order: list[int]) -> None:
    there, back = score([items, [items[i] for i in order]], WHO5)
    assert 0 <= there <= 100 and there == back


@pytest.mark.parametrize("answer", [6, -1, 2.5, 99])
def test_an_answer_outside_the_scale_is_refused_with_its_place(answer: float) -> None:
    with pytest.raises(OutOfScaleError, match="item 3 in row 1"):
        score([[0] * 5, [0, 0, answer, 0, 0]], WHO5)


def test_input_that_cannot_be_answered_is_refused_by_name() -> None:
    with pytest.raises(LengthMismatchError, match="5 items"):
        score(np.ones((2, 4)), WHO5)
    with pytest.raises(NotNumericError):
        score([1, 2, 3, 4, 5], WHO5)
