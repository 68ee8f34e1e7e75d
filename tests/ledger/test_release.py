"""What leaves the server prints as what stayed there, and tells nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.danish import number_text, p_text
from reportlib.disclosure import hide
from reportlib.disclosure.release import INTERVAL_NEEDS, LEAST_P, TESTS, released, told, told_p
from reportlib.estimators.shares_and_means import mean
from reportlib.ledger import Estimate
from reportlib.ledger.digits import interval_decimals, usual_decimals
from reportlib.prose.estimate_text import interval, tal
from reportlib.text.units import RULES, Unit

FINITE = st.floats(-1e4, 1e4, allow_nan=False)


def row(
    statistic: str = "difference", *, unit: Unit = Unit.PCT_POINT, group: str = "forskel", **numbers: Any
) -> Estimate:
    return Estimate(
        key="job",
        measure="job",
        statistic=statistic,
        unit=unit,
        population="alle",
        group=group,
        method="OLS",
        **numbers,
    )


@given(FINITE, st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_a_told_number_prints_alike_with_every_number_of_decimals(value: float, decimals: int) -> None:
    found = told(value, decimals)
    for places in range(decimals + 1):
        assert number_text(found, places) == number_text(value, places)
    assert (found > 0, found < 0) == (value > 0, value < 0)


@given(st.integers(-2000, 2000), st.floats(0, 1, exclude_max=True), st.integers(0, 2))
@settings(max_examples=200, deadline=None)
def test_numbers_that_print_alike_are_told_alike(tenths: int, part: float, decimals: int) -> None:
    one, other = tenths / 10 + 0.013, tenths / 10 + 0.013 + part / 1000
    if all(number_text(one, places) == number_text(other, places) for places in range(decimals + 1)):
        assert told(one, decimals) == told(other, decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(12.34, 1, 12.3), (12.46, 1, 12.48), (-12.46, 1, -12.48), (12.5, 1, 12.5), (0.004, 2, 0.003), (2.5, 0, 3.0)],
)
def test_told_by_hand(value: float, decimals: int, expected: float) -> None:
    assert told(value, decimals) == expected


def test_a_ratio_stays_on_its_side_of_one_and_a_curve_of_a_half() -> None:
    assert released(row(unit=Unit.HAZARD_RATIO, statistic="hazard_ratio", value=0.9998), level=0.05).number < 1
    assert 50 < released(row("survival", unit=Unit.PCT, group="deltager", value=50.01), level=0.05).number < 50.05


@given(st.floats(0, 1), st.sampled_from([0.05, 0.1, 0.01]))
@settings(max_examples=300, deadline=None)
def test_a_p_value_keeps_its_print_and_its_verdict(p: float, level: float) -> None:
    found = told_p(p, level)
    assert p_text(found, level=level) == p_text(p, level=level)
    assert (found < level) == (p < level)


def test_all_p_values_below_a_thousandth_are_one() -> None:
    assert {told_p(p, 0.05) for p in (0.0, 1e-12, 0.00099)} == {LEAST_P}


@given(FINITE, st.floats(0, 50), st.floats(0, 50), st.sampled_from(sorted(RULES)))
@settings(max_examples=300, deadline=None)
def test_a_released_difference_prints_as_it_did_with_its_interval(
    value: float, below: float, above: float, unit: Unit
) -> None:
    if unit is Unit.DATE:
        return
    whole = row(unit=unit, value=value, ci_low=value - below, ci_high=value + above, p=0.5, n=80)
    found = released(whole, level=0.05)
    # how wide the told interval is decides the digits; nothing is printed before
    places, ends = usual_decimals(found), interval_decimals(found)
    assert tal(found) == tal(whole, places)
    assert interval(found) == interval(whole, ends)
    for end in ("ci_low", "ci_high"):
        one, other = getattr(whole, end), getattr(found, end)
        assert (one > 0, one < 0) == (other > 0, other < 0)


def test_errors_and_the_counts_behind_means_stay_on_the_server() -> None:
    found = released(
        row("mean", unit=Unit.SCORE, group="", value=3.14159, k=38, n=40, se=0.27, ci_low=2.6, ci_high=3.7, df=39.0),
        level=0.05,
    )
    assert (found.k, found.se, found.df) == (None, None, None)
    assert (found.value, found.n) == (3.14, 40)


def test_a_share_keeps_its_counts_and_its_exact_value() -> None:
    found = released(row("share", unit=Unit.PCT, group="", value=100 * 92 / 767, k=92, n=767), level=0.05)
    assert (found.value, found.k, found.n) == (100 * 92 / 767, 92, 767)


@pytest.mark.parametrize("statistic", sorted(TESTS))
def test_a_test_tells_its_p_value_only(statistic: str) -> None:
    found = released(row(statistic, unit=Unit.COEFFICIENT, value=7.1234, p=0.0311, df=3.0, n=50), level=0.05)
    assert (found.value, found.df, found.p) == (None, None, 0.03)


def test_a_hidden_row_tells_nothing_but_its_labels() -> None:
    found = hide(row(value=1.0, p=0.5), "hidden")
    assert (found.value, found.p, found.method) == (None, None, "")


def known_answers(answers: range, n: int, *, digits: bool) -> tuple[int, int]:
    """Of all lists of `n` answers: how many there are, and of how many a reader who has the mean knows that one answer
    was given by so and so few (1 to 4) persons, because all lists with the same numbers agree on it."""
    alike: dict[tuple[object, ...], list[Counter[int]]] = defaultdict(list)
    for each in combinations_with_replacement(answers, n):
        found = mean(each)
        whole = row(
            "mean", unit=Unit.SCORE, group="", value=found.value, k=found.n_nonzero, n=n, se=found.se,
            ci_low=found.ci_low, ci_high=found.ci_high,
        )  # fmt: skip
        seen = whole if digits else released(whole, level=0.05)
        alike[seen.value, seen.se, seen.ci_low, seen.ci_high, seen.k].append(Counter(each))
    known = sum(
        len(lists)
        for lists in alike.values()
        if any(0 < lists[0][one] < 5 and len({each[one] for each in lists}) == 1 for one in answers)
    )
    return sum(map(len, alike.values())), known


@pytest.mark.parametrize(("answers", "n"), [(range(1, 6), 7), (range(11), 6), (range(1, 5), INTERVAL_NEEDS)])
def test_the_mean_of_few_persons_does_not_tell_their_answers(answers: range, n: int) -> None:
    """But for a mean at the end of its scale: there all but one gave the same answer, and nothing can be done."""
    lists, known = known_answers(answers, n, digits=False)
    assert known < lists / 30


def test_the_mean_and_the_error_in_full_told_the_answers() -> None:
    lists, known = known_answers(range(1, 6), 7, digits=True)
    assert known > lists / 3
