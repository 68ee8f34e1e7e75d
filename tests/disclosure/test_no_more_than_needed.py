"""The rules of thumb hide what they must and no more; what they leave is held to a solver that looks for every count.

`test_attack.py` asks whether too little hides. Here each table is also asked whether too much does: with any one of the
cells that hide to protect another shown, the others must give somebody away.
"""

from __future__ import annotations

from itertools import product

import pytest
from attacker import Attack
from test_attack import answers, by_site, by_value, cell

from reportlib.disclosure import SECONDARY, Threshold, suppress
from reportlib.ledger import Estimate
from reportlib.ledger.keys import OTHERS

FIVE = Threshold(5)


def without_others(rows: list[Estimate]) -> list[Estimate]:
    return [row for row in rows if not row.site.startswith(OTHERS)]


def last_companions(rows: list[Estimate], threshold: Threshold) -> list[tuple[Estimate, list[Estimate]]]:
    """The largest cell that hides to protect others, and the table with it shown."""
    shown = suppress(rows, threshold)
    true = {row.key: row for row in rows}
    second = [row.key for row in shown if row.suppressed == SECONDARY and (row.site or row.subgroup)]
    if not second:
        return []
    last = max(second, key=lambda key: (true[key].n or 0, true[key].k or 0))
    return [(true[last], [true[last] if row.key == last else row for row in shown])]


TABLES = [[(k, 40) for k in ks] for ks in product((1, 3, 4), (2, 6, 9, 37), (5, 11, 20), (14, 30))]


@pytest.mark.parametrize("make", [by_value, lambda *cells: without_others(by_site(*cells))], ids=["values", "sites"])
def test_no_cell_hides_that_protects_nobody(make: object) -> None:
    seen = 0
    for cells in TABLES:
        sizes = [(k, n + 7 * at) for at, (k, n) in enumerate(cells)]
        rows = make(*sizes)  # type: ignore[operator]
        assert Attack(rows, suppress(rows, FIVE)).broken(5) == []
        for last, table in last_companions(rows, FIVE):
            seen += 1
            assert Attack(rows, table).broken(5), (sizes, last.key)
    assert seen > 20


def test_no_answer_hides_that_protects_nobody() -> None:
    seen = 0
    for counts in product((1, 2, 4), (2, 3, 6, 8), (5, 7, 20), (9, 31)):
        rows = answers(*counts)
        assert Attack(rows, suppress(rows, FIVE)).broken(5) == []
        for last, table in last_companions(rows, FIVE):
            seen += 1
            assert Attack(rows, table).broken(5), (counts, last.key)
    assert seen > 20


def hidden_sites(cells: list[tuple[int, int]], threshold: Threshold = FIVE) -> str:
    """The sites that hide, by their numbers."""
    shown = suppress(without_others(by_site(*cells)), threshold)
    return "".join(row.site.removeprefix("s") for row in shown if row.hidden and row.site)


@pytest.mark.parametrize(
    ("cells", "hide"),
    [
        ([(5, 40), (30, 60), (20, 50)], ""),
        ([(4, 40), (30, 60), (20, 50)], "02"),  # the smaller of the others
        ([(4, 40), (20, 50), (30, 60)], "01"),
        ([(35, 40), (30, 60), (20, 50)], ""),
        ([(36, 40), (30, 60), (20, 50)], "02"),  # four without it
        ([(4, 40), (0, 20), (30, 60), (20, 50)], "03"),  # nobody of a site is no cover,
        ([(4, 40), (20, 20), (30, 60), (20, 50)], "03"),  # nor everybody,
        ([(4, 40), (0, 0), (30, 60), (20, 50)], "03"),  # nor no person
        ([(0, 40), (30, 60), (20, 50)], ""),
        ([(4, 40), (4, 60), (20, 50)], "01"),  # 8 together: 3 to 5 would be few, 1 to 7 are enough
        ([(1, 40), (4, 60), (20, 50)], "01"),  # 5: 1 to 4 are four values
        ([(1, 40), (3, 60), (20, 50)], "012"),  # 4: 1 to 3 are three
        ([(2, 40), (2, 60), (20, 50), (20, 45)], "013"),
        ([(2, 4), (30, 60), (20, 50)], "02"),  # few persons at all, whatever they have
        ([(2, 4), (1, 2), (20, 50), (20, 60)], "01"),
        ([(1, 2), (1, 2), (20, 50), (20, 60)], "012"),  # 4 persons at two sites: one to three at each
    ],
)
def test_the_smallest_site_that_is_cover_hides_with_one_of_few(cells: list[tuple[int, int]], hide: str) -> None:
    assert hidden_sites(cells) == hide


@pytest.mark.parametrize(
    ("cells", "threshold", "hide"),
    [
        ([(0, 40), (30, 60), (20, 50)], Threshold(5, show_zero=False), "02"),
        ([(40, 40), (30, 60), (20, 50)], Threshold(5, show_zero=False), "02"),
        ([(3, 40), (30, 60), (20, 50)], Threshold(3), ""),
        ([(2, 40), (30, 60), (20, 50)], Threshold(3), "02"),
        ([(9, 40), (30, 60), (20, 50)], Threshold(10), "02"),
        ([(10, 40), (30, 60), (20, 50)], Threshold(10), ""),
        ([(1, 40), (1, 60), (20, 50)], Threshold(3), "012"),  # 2 together are one at each, as zeros are shown
        ([(1, 40), (1, 60), (20, 50)], Threshold(3, show_zero=False), "01"),  # 0 to 2
    ],
)
def test_another_threshold_hides_others(cells: list[tuple[int, int]], threshold: Threshold, hide: str) -> None:
    assert hidden_sites(cells, threshold) == hide


@pytest.mark.parametrize(("few", "weeks", "shown"), [(2, 4, 2), (3, 4, 1), (4, 4, 0), (6, 8, 2), (7, 8, 0)])
def test_a_sites_curve_goes_when_more_than_three_weeks_in_four_hide(few: int, weeks: int, shown: int) -> None:
    curve = [cell(2 if week < few else 30, 60, site="s0", time=f"uge{week + 1}") for week in range(weeks)]
    assert sum(not row.hidden for row in suppress(curve, FIVE)) == shown
