"""One Estimate in running text, in a table, with its counts and its interval; and what a hidden one says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claim_rows import difference, hidden, mean, share
from hypothesis import assume, given
from hypothesis import strategies as st

from reportlib.danish import NBSP, number_text, parse_number
from reportlib.prose.estimate_text import (
    andel_med_antal,
    antal,
    hidden_cell_note,
    interval,
    moved,
    tal,
    telling_decimals,
)
from reportlib.show import table_cells as cells
from reportlib.text.units import Unit, UnitMismatchError


def spaced(text: str) -> str:
    return text.replace(NBSP, " ")


def test_a_share_with_its_counts() -> None:
    row = share(83, 690)
    assert spaced(tal(row)) == "12 pct."
    assert spaced(andel_med_antal(row)) == "12 pct. (83 af 690)"
    assert spaced(tal(row, 1)) == "12,0 pct."


def test_a_share_is_rounded_from_its_counts_not_from_a_float() -> None:
    # 29 of 200 is 14.5 per cent; the float of 100 * (29 / 200) lies below
    row = replace(share(29, 200), value=100 * (29 / 200))
    assert spaced(tal(row)) == "15 pct."


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_text_and_table_print_the_same_digits(counts: tuple[int, int]) -> None:
    row = share(*counts)
    assert tal(row).split(NBSP)[0] == cells.estimate(row)
    assert f"({number_text(counts[0])}{NBSP}af{NBSP}{number_text(counts[1])})" in andel_med_antal(row)


def test_a_hidden_number_says_why() -> None:
    row = share(3, 90)
    assert tal(hidden(row)) == "(ikke vist: hviler på færre end fem personer eller kan afsløre et tal, der gør det)"
    assert tal(hidden(row), threshold=10).startswith("(ikke vist: hviler på færre end ti personer")
    assert tal(hidden(row, "secondary")) == tal(hidden(row))
    assert tal(replace(row, value=None)) == "(ikke opgjort)"


def test_a_hidden_cell_is_a_dot_that_the_note_explains() -> None:
    assert cells.estimate(hidden(share(3, 90))) == "·"
    assert cells.estimate(replace(share(3, 90), value=None)) == "–"
    assert hidden_cell_note().startswith("· betyder, at tallet ikke vises")
    assert "færre end ti personer" in hidden_cell_note(10)


@pytest.mark.parametrize("show", [tal, antal, andel_med_antal, interval])
def test_nothing_prints_a_digit_of_a_hidden_row(show: object) -> None:
    assert not any(sign.isdigit() for sign in show(hidden(share(3, 90))))  # type: ignore[operator]


def test_counts_are_asked_of_shares_only() -> None:
    with pytest.raises(UnitMismatchError):
        antal(mean(2.1))


def test_an_interval_gets_one_decimal_on_points() -> None:
    assert spaced(interval(difference(5, 1.5))) == "95 pct.-konfidensinterval: 2,1 til 7,9"
    assert spaced(interval(difference(5, 1.5), level=0.1)).startswith("90 pct.-")


@given(st.floats(-20, 20), st.floats(0.01, 10))
def test_the_printed_interval_gives_the_verdict_of_the_unrounded_one(value: float, se: float) -> None:
    row = difference(value, se)
    assert row.ci_low is not None and row.ci_high is not None
    assume(min(abs(row.ci_low), abs(row.ci_high)) > 1e-3)
    ends = interval(row).split(": ")[1].removeprefix("omkring ").split(" til ")  # one number where both print alike
    low, high = parse_number(ends[0]), parse_number(ends[-1])
    assert (low > 0, high < 0) == (row.ci_low > 0, row.ci_high < 0)


@pytest.mark.parametrize(
    ("change", "size", "told"),
    [(0.4, "0,4 point", ("steget med", "0,4 point")), (-0.4, "0,4 point", ("faldet med", "0,4 point")),
     (0.04, "0,0 point", ("uændret", "")), (-0.04, "0,0 point", ("uændret", "")),
     (-10.0, "10 timer", ("faldet med", "10 timer"))],
)  # fmt: skip
def test_a_change_is_told_by_its_verb(change: float, size: str, told: tuple[str, str]) -> None:
    assert moved(change, size) == told


@pytest.mark.parametrize(
    ("unit", "values", "decimals"),
    [
        (Unit.HOURS, (1.2, 1.3), 1),
        (Unit.HOURS, (1.21, 1.24), 2),  # alike with one
        (Unit.HOURS, (0.04, 1.3), 2),  # one would read as nought
        (Unit.HOURS, (0.0, 0.3), 1),  # and is nought
        (Unit.PCT, (1.21, 1.24), 1),  # as many as the unit has
        (Unit.COUNT, (2.0, 3.0), 0),
    ],
)
def test_numbers_side_by_side_differ_in_print_where_they_do(
    unit: Unit, values: tuple[float, ...], decimals: int
) -> None:
    assert telling_decimals([replace(share(1, 2), unit=unit, value=value) for value in values]) == decimals
