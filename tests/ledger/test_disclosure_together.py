"""Shares that together are everybody hide together: the others would give the last one back."""

from __future__ import annotations

from reportlib.disclosure import PRIMARY, SECONDARY, Threshold, suppress
from reportlib.ledger import Estimate, make_key
from reportlib.text.units import Unit


def direction(way: str, k: int, *, n: int, subgroup: str = "antal3") -> Estimate:
    statistic = f"share_{way}"
    return Estimate(
        key=make_key("score", statistic=statistic, group="maalinger", subgroup=subgroup),
        measure="score",
        statistic=statistic,
        unit=Unit.PCT,
        population="borgerne",
        group="maalinger",
        subgroup=subgroup,
        value=100 * k / n,
        k=k,
        n=n,
    )


def test_a_hidden_fall_takes_rise_and_standstill_with_it() -> None:
    rows = [direction("rose", 9, n=19), direction("same", 7, n=19), direction("fell", 3, n=19)]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == [SECONDARY, SECONDARY, PRIMARY]


def test_shares_of_another_subgroup_stay() -> None:
    rows = [direction("rose", 9, n=19), direction("fell", 3, n=19), direction("rose", 9, n=19, subgroup="antal4")]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == [SECONDARY, PRIMARY, ""]


def test_nothing_hides_where_all_are_large_enough_or_nobody() -> None:
    rows = [direction("rose", 12, n=19), direction("same", 0, n=19), direction("fell", 7, n=19)]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == ["", "", ""]
