"""WHO-5, General Self-Efficacy and BIP: scores by the published rules, missing items, and Jacobson and Truax'
example.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import (
    ArgumentError,
    BadCountError,
    EmptyGroupError,
    LengthMismatchError,
    NotNumericError,
    OutOfScaleError,
)
from reportlib.estimators.scales import (
    BIP_CITIZEN,
    GSE,
    WHO5,
    clinical_cutoff,
    gse,
    item_means,
    reliable_change,
    score,
    who5,
    who5_risk,
    with_range,
)

NAN = math.nan


def test_who5_is_the_sum_times_four() -> None:
    assert who5([[0] * 5, [5] * 5, [1, 2, 3, 4, 5], [2, 2, 3, 3, 3]]).tolist() == [0, 100, 60, 52]


def test_who5_needs_all_five_items_unless_told_otherwise() -> None:
    items = [[4, 4, 4, 4, NAN], [3, 3, 3, NAN, NAN]]
    assert np.isnan(who5(items)).all()
    lenient = who5(items, max_missing=1)
    assert lenient[0] == 80 and math.isnan(lenient[1])


def test_gse_is_the_mean_of_the_answered_times_ten() -> None:
    full = [1] * 10, [4] * 10, [3] * 5 + [2] * 5
    assert gse(full).tolist() == [10, 40, 25]


def test_gse_allows_three_missing_items_and_not_four() -> None:
    three, four = [3] * 7 + [NAN] * 3, [3] * 6 + [NAN] * 4
    answer = gse([three, four])
    assert answer[0] == 30 and math.isnan(answer[1])
    assert math.isnan(gse([three], max_missing=2)[0])


def test_an_answer_of_nobody_has_no_score() -> None:
    assert math.isnan(score([[NAN] * 5], WHO5, max_missing=4)[0])


@given(st.lists(st.integers(0, 5), min_size=5, max_size=5), st.permutations(range(5)))
def test_a_score_lies_on_the_scale_whatever_the_order_of_the_items(items: list[int], order: list[int]) -> None:
    there, back = who5([items, [items[i] for i in order]])
    assert 0 <= there <= 100 and there == back


@pytest.mark.parametrize("answer", [6, -1, 2.5, 99])
def test_an_answer_outside_the_scale_is_refused_with_its_place(answer: float) -> None:
    with pytest.raises(OutOfScaleError, match="item 3 in row 1"):
        who5([[0] * 5, [0, 0, answer, 0, 0]])


def test_bip_has_no_total_and_is_reported_by_indicator() -> None:
    with pytest.raises(ArgumentError, match="no total"):
        score(np.ones((2, 9)), BIP_CITIZEN)
    items = np.full((4, 9), 3.0)
    items[0, 2], items[1, 2] = 5, NAN
    means = item_means(items, BIP_CITIZEN)
    assert len(means) == 9 and (means[2].n, means[2].value) == (3, pytest.approx(11 / 3)) and means[0].n == 4


def test_the_range_of_bip_is_a_setting() -> None:
    wide = with_range(BIP_CITIZEN, 0, 10)
    assert item_means(np.full((2, 9), 10.0), wide)[0].value == 10
    with pytest.raises(OutOfScaleError):
        item_means(np.full((2, 9), 10.0), BIP_CITIZEN)
    with pytest.raises(ArgumentError):
        with_range(WHO5, 0, 10)
    with pytest.raises(ArgumentError):
        with_range(BIP_CITIZEN, 5, 1)


def test_the_range_of_scores_follows_from_the_answers() -> None:
    assert (WHO5.score_low, WHO5.score_high, GSE.score_low, GSE.score_high) == (0, 100, 10, 40)


def test_risk_has_the_danish_limits() -> None:
    high, some, none = who5_risk([0, 32, 35, 36, 48, 50, 51, 52, 100, NAN])
    assert [(part.k, part.n) for part in (high, some, none)] == [(3, 9), (3, 9), (3, 9)]


def test_a_sum_of_25_is_not_taken_for_a_score_above_100() -> None:
    with pytest.raises(OutOfScaleError):
        who5_risk([120])


# --- reliable change -------------------------------------------------------------------------------------------------


def test_the_example_of_jacobson_and_truax() -> None:
    # 1991: 47.5 before, 32.5 after, sd 7.5, reliability 0.80: error of the difference 4.74, index -3.16.
    answer = reliable_change([47.5], [32.5], reliability=0.80, sd=7.5)
    assert answer.se_difference == pytest.approx(4.74, abs=0.005)
    assert answer.index[0] == pytest.approx(-3.16, abs=0.005)
    assert answer.kind.tolist() == [-1]


def test_the_cutoff_of_jacobson_and_truax() -> None:
    # The same paper: dysfunctional mean 40, functional 60, both sd 7.5: c = 50; with other spreads it moves.
    assert clinical_cutoff(60, 7.5, 40, 7.5) == 50
    assert clinical_cutoff(60, 5, 40, 15) == pytest.approx(55)


def test_changes_are_counted_among_those_with_both() -> None:
    before = [50, 50, 50, 50, NAN, 30]
    after = [90, 10, 52, NAN, 90, 31]
    answer = reliable_change(before, after, reliability=0.85, sd=20)
    assert answer.kind.tolist() == [1, -1, 0, 0, 0, 0]
    assert [(s.k, s.n) for s in (answer.improved, answer.worsened, answer.unchanged)] == [(1, 4), (1, 4), (2, 4)]
    assert answer.smallest == pytest.approx(1.959964 * 20 * math.sqrt(2 * 0.15), rel=1e-6)


def test_the_spread_before_is_used_when_none_is_given() -> None:
    before, after = [40.0, 50, 60, 70, NAN], [40.0, 50, 60, NAN, 5]
    assert reliable_change(before, after, reliability=0.9).se_difference == pytest.approx(
        np.std([40, 50, 60, 70], ddof=1) * math.sqrt(0.2)
    )


def test_noise_alone_is_called_reliable_in_five_per_cent() -> None:
    rng = np.random.default_rng(2)
    true, error = rng.normal(50, 20, 20_000), math.sqrt(400 * 0.25)
    before, after = (true + rng.normal(0, error, 20_000) for _ in range(2))
    answer = reliable_change(before, after, reliability=400 / 500)
    assert answer.unchanged.value == pytest.approx(0.95, abs=0.006)


def test_input_that_cannot_be_answered_is_refused_by_name() -> None:
    with pytest.raises(LengthMismatchError, match="5 items"):
        who5(np.ones((2, 4)))
    with pytest.raises(NotNumericError):
        who5([1, 2, 3, 4, 5])
    with pytest.raises(BadCountError):
        who5(np.ones((2, 5)), max_missing=5)
    with pytest.raises(ArgumentError, match="reliability"):
        reliable_change([1, 2], [2, 3], reliability=1.0)
    with pytest.raises(ArgumentError, match="standard deviation 0"):
        reliable_change([2, 2], [2, 3], reliability=0.9)
    with pytest.raises(EmptyGroupError):
        reliable_change([1, NAN], [NAN, 2], reliability=0.9)
    with pytest.raises(ArgumentError):
        clinical_cutoff(60, 0, 40, 1)
