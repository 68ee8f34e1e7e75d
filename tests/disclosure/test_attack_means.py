"""No hidden mean of any trial follows from the means that are shown, their n and their errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from attack_ledgers import both
from attack_sums import broken_means
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_ledgers import TRIALS

from reportlib.disclosure import PRIMARY, Threshold, hide, rests_on_too_few, suppress
from reportlib.estimators.shares_and_means import mean
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import others_than
from reportlib.text.units import Unit

FIVE = Threshold(5)


def level(values: list[float], statistic: str = "mean", **where: str) -> Estimate:
    found = mean(values)
    return Estimate(
        key=make_key("score", statistic=statistic, **where),
        measure="score",
        statistic=statistic,
        unit=Unit.SCORE,
        population="alle",
        value=found.value if values else None,
        k=found.n_nonzero,
        n=found.n,
        se=found.se,
        **where,
    )


def by_site(*sites: list[float]) -> list[Estimate]:
    """The mean of each site, of all others than it, and of all."""
    everybody = [value for site in sites for value in site]
    rows = [level(everybody)]
    for number, site in enumerate(sites):
        others = [value for other in sites if other is not site for value in other]
        rows += [level(site, site=f"s{number}"), level(others, site=others_than(f"s{number}"))]
    return rows


def only_primary(rows: list[Estimate]) -> list[Estimate]:
    return [hide(row, PRIMARY) if rests_on_too_few(row, FIVE) else row for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_no_hidden_mean_of_the_trial_can_be_worked_out(path: Path) -> None:
    trial, true, shown = both(path)
    assert broken_means(true, shown, trial.disclosure.threshold) == []


def test_the_attacker_finds_a_single_hidden_site() -> None:
    rows = by_site([7.0, 9.0, 4.0], [5.0] * 8, [6.0, 7.0] * 4)
    found = broken_means(rows, only_primary(rows), 5)
    assert [told.keys for told in found] == [("score.site=s0",)]


def test_the_attacker_finds_two_sites_of_two_persons_each() -> None:
    rows = by_site([7.0, 9.0], [3.0, 4.0], [6.0, 7.0] * 4)
    rows = [row for row in rows if not row.site.startswith(others_than(""))]
    assert [told.persons for told in broken_means(rows, only_primary(rows), 5)] == [4]


def test_the_attacker_finds_a_mean_through_the_mean_of_those_above_zero() -> None:
    values = [0.0] * 20 + [4.0, 5.0, 9.0]
    rows = [level(values, time="uge3"), level(values[20:], "mean_among_positive", time="uge3")]
    shown = [hide(rows[0], PRIMARY), rows[1]]
    assert [told.nonzero for told in broken_means(rows, shown, 5)] == [3]


def test_two_sites_of_two_persons_each_take_a_third_with_them() -> None:
    rows = by_site([7.0, 9.0], [3.0, 4.0], [6.0, 7.0] * 4, [5.0] * 9)
    assert [row.site for row in suppress(rows, FIVE) if row.hidden and row.site.startswith("s")] == ["s0", "s1", "s2"]


def test_two_sites_of_enough_persons_together_take_nobody_with_them() -> None:
    rows = by_site([7.0, 9.0, 8.0, 2.0], [3.0, 4.0], [6.0, 7.0] * 4, [5.0] * 9)
    assert [row.site for row in suppress(rows, FIVE) if row.hidden and row.site.startswith("s")] == ["s0", "s1"]


@given(st.lists(st.lists(st.integers(0, 3).map(float), max_size=9), min_size=2, max_size=7))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_table_of_means_gives_a_hidden_one_back(sites: list[list[float]]) -> None:
    rows = by_site(*[list(site) for site in sites])
    shown = suppress(rows, FIVE)
    if sum(not row.hidden and bool(row.n) for row in shown if row.site.startswith("s")):  # else the sum is all there is
        assert broken_means(rows, shown, 5) == []


def test_a_change_is_no_way_round_the_first_and_the_last_mean() -> None:
    first, last = [5.0] * 3, [7.0, 8.0, 6.0]
    change = replace(level([2.0, 3.0, 1.0], "change"), k=None)
    rows = [level(first, "first_mean"), level(last, "last_mean"), change]
    shown = [hide(rows[0], PRIMARY), *rows[1:]]
    assert broken_means(rows, shown, 5)
    assert all(row.hidden for row in suppress(rows, FIVE))


def test_few_values_above_zero_are_not_left_alone_by_sites_of_few_persons() -> None:
    hours = [[0.0, 4.0], [0.0, 0.0, 7.0], [6.0, 7.0] * 4, [5.0] * 9]
    hidden = [row.site for row in suppress(by_site(*hours), FIVE) if row.hidden and row.site.startswith("s")]
    assert hidden == ["s0", "s1", "s2"]
