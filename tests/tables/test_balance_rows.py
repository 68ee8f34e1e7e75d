"""A category of two values is one row: the second says what the first leaves of hundred; three are three."""

from __future__ import annotations

from made_up import Rows, add_balance, trial

from reportlib.show.balances import balance_figure, balance_table


def labels(*found: tuple[str, int, int, float]) -> list[str]:
    return [str(row[0]) for row in balance_table(add_balance(Rows(), found).ledger(), trial()).rows]


def test_two_values_are_one_row() -> None:
    assert labels(("koen:kvinde", 100, 120, -0.1), ("koen:mand", 300, 280, 0.1)) == ["Køn: kvinde (pct.)"]


def test_three_values_are_three() -> None:
    found = (("ydelse:a", 100, 120, -0.1), ("ydelse:b", 200, 180, 0.1), ("ydelse:c", 100, 100, 0.0))
    assert len(labels(*found)) == 3


def test_two_that_do_not_make_up_the_whole_are_two() -> None:
    assert len(labels(("ydelse:a", 100, 120, -0.1), ("ydelse:b", 200, 200, 0.0))) == 2


def test_the_figure_has_the_rows_of_the_table() -> None:
    rows = add_balance(Rows(), [("koen:kvinde", 100, 120, -0.1), ("koen:mand", 300, 280, 0.1)])
    assert len(balance_figure(rows.ledger(), trial()).plan.rows) == 1
