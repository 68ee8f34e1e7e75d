"""Shrinkage and heterogeneity against published answers: the baseball batters, the BCG trials, the eight schools."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.estimators.errors import BadCountError, LengthMismatchError, MissingValueError, TooFewSitesError
from reportlib.estimators.many_comparisons import empirical_bayes, heterogeneity, paule_mandel

# Efron and Morris (1977), Scientific American 236: averages of 18 batters after 45 times at bat.
BATTERS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]) / 45
SCHOOLS = np.array([28, 8, -3, 7, -1, 1, 18, 12.0])  # Rubin (1981)
SCHOOLS_SE = np.array([15, 10, 16, 11, 9, 11, 10, 18.0])


def bcg() -> tuple[np.ndarray, np.ndarray]:
    """Log risk ratios and errors of the 13 BCG trials (Colditz et al. 1994, JAMA 271): cases and others by arm."""
    a = np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
    b = np.array([119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886])
    c = np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
    d = np.array([128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825])
    return np.log(a / (a + b) / (c / (c + d))), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def test_the_best_batter_shrinks_to_the_published_294() -> None:
    grand = BATTERS.mean()
    answer = empirical_bayes(BATTERS, np.full(18, np.sqrt(grand * (1 - grand) / 45)))
    assert answer.mean == pytest.approx(0.265, abs=5e-4)
    assert 1 - answer.towards_mean[0] == pytest.approx(0.212, abs=5e-4)
    assert answer.value[0] == pytest.approx(0.294, abs=5e-4)


def test_equal_errors_give_james_and_steins_estimator_exactly() -> None:
    rng = np.random.default_rng(1)
    y = rng.normal(0, 3, 9)
    answer = empirical_bayes(y, np.ones(9))
    factor = (9 - 3) / np.sum((y - y.mean()) ** 2)
    np.testing.assert_allclose(answer.value, y - factor * (y - y.mean()), rtol=1e-10)
    # Morris' interval at equal errors: V(1 - (k-1)/k B) + 2/(k-3) B² (y - ȳ)².
    expected = 1 - 8 / 9 * factor + 2 / 6 * factor**2 * (y - y.mean()) ** 2
    np.testing.assert_allclose(answer.se**2, expected, rtol=1e-10)


def test_paule_mandel_and_q_equal_metafors_on_the_bcg_trials() -> None:
    y, se = bcg()
    assert paule_mandel(y, se) == pytest.approx(0.3181, abs=5e-5)
    answer = heterogeneity(y, se)
    assert (answer.q, answer.df) == (pytest.approx(152.2330, abs=5e-5), 12)
    assert answer.p < 1e-20


def test_the_eight_schools_do_not_differ() -> None:
    # Gelman et al., Bayesian Data Analysis, section 5.5: pooled 7.7 with error 4.1; no sign that schools differ.
    answer = empirical_bayes(SCHOOLS, SCHOOLS_SE)
    assert answer.tau2 == 0
    assert (answer.mean, answer.mean_se) == (pytest.approx(7.7, abs=0.05), pytest.approx(4.1, abs=0.05))
    assert heterogeneity(SCHOOLS, SCHOOLS_SE).p == pytest.approx(0.70, abs=0.005)


def test_the_eight_schools_intervals_are_near_the_bayesian_ones() -> None:
    # The same book, table 5.2: 95 pct. posterior intervals of the schools A to H with a flat prior on τ.
    book = np.array([[-2, 31], [-5, 23], [-11, 19], [-7, 21], [-9, 18], [-7, 28], [-1, 26], [-6, 33]])
    answer = empirical_bayes(SCHOOLS, SCHOOLS_SE)
    assert np.abs(answer.ci_low - book[:, 0]).max() < 8 and np.abs(answer.ci_high - book[:, 1]).max() < 8
    assert ((answer.ci_high - answer.ci_low) > 0.6 * (book[:, 1] - book[:, 0])).all()


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 20)), min_size=4, max_size=15),
)
def test_every_value_lies_between_its_own_and_the_common_and_in_its_interval(pairs: list[tuple[float, float]]) -> None:
    y, se = np.array(pairs).T
    answer = empirical_bayes(y, se)
    low, high = np.minimum(y, answer.mean), np.maximum(y, answer.mean)
    assert ((answer.value >= low - 1e-9) & (answer.value <= high + 1e-9)).all()
    assert ((answer.ci_low < answer.value) & (answer.value < answer.ci_high)).all()


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 20)), min_size=2, max_size=15))
def test_paule_mandels_equation_holds(pairs: list[tuple[float, float]]) -> None:
    y, se = np.array(pairs).T
    tau2 = paule_mandel(y, se)
    weight = 1 / (se**2 + tau2)
    mean = weight @ y / weight.sum()
    q = weight @ (y - mean) ** 2
    assert q == pytest.approx(len(y) - 1, rel=1e-6) if tau2 > 0 else q <= len(y) - 1 + 1e-9


def test_noisier_estimates_are_drawn_further() -> None:
    answer = empirical_bayes([5, 5, -5, -5, 20], [1, 4, 1, 4, 2])
    assert answer.towards_mean[1] > answer.towards_mean[0]


def test_three_estimates_are_too_few() -> None:
    with pytest.raises(TooFewSitesError, match="3 estimates"):
        empirical_bayes([1, 2, 3], [1, 1, 1])


@pytest.mark.parametrize(
    ("y", "se", "error"),
    [
        ([1, 2, 3, 4], [1, 1, 0, 1], BadCountError),
        ([1, 2, 3, 4], [1, 1, 1], LengthMismatchError),
        ([1, 2, np.nan, 4], [1, 1, 1, 1], MissingValueError),
    ],
)
def test_input_that_cannot_be_answered_is_refused_by_name(
    y: list[float], se: list[float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        empirical_bayes(y, se)
