"""No hidden count of a made-up table can be worked out from what the rules of thumb leave: integer programming tries.

The ledgers of the trials are attacked by the outsider (`test_outsider_ledgers.py`).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from attacker import Attack
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.disclosure import PRIMARY, Threshold, hide, rests_on_too_few, suppress
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import OTHERS, others_than
from reportlib.text.units import Unit

FIVE = Threshold(5)


def cell(k: int, n: int, *, site: str = "", subgroup: str = "", group: str = "deltager", time: str = "") -> Estimate:
    where = {"group": group, "site": site, "subgroup": subgroup, "time": time}
    key = make_key("job", statistic="share", **where)
    value = 100 * k / n if n else None
    return Estimate(
        key=key, measure="job", statistic="share", unit=Unit.PCT, population="alle", value=value, k=k, n=n, **where
    )


def by_site(*cells: tuple[int, int]) -> list[Estimate]:
    """A table by site with its total, and all others than each site."""
    k, n = (sum(part[place] for part in cells) for place in (0, 1))
    sites = [cell(*part, site=f"s{number}") for number, part in enumerate(cells)]
    others = [cell(k - row.k, n - row.n, site=others_than(row.site)) for row in sites]  # type: ignore[operator]
    return [cell(k, n), *sites, *others]


def by_value(*cells: tuple[int, int]) -> list[Estimate]:
    """A table by the values of a division with its total."""
    k, n = (sum(part[place] for part in cells) for place in (0, 1))
    return [cell(k, n), *(cell(*part, subgroup=f"alder:{number}") for number, part in enumerate(cells))]


def answers(*counts: int) -> list[Estimate]:
    """All answers to one question."""
    return [cell(k, sum(counts), subgroup=f"svar-{number}") for number, k in enumerate(counts)]


def by_count(*cells: tuple[int, int]) -> list[Estimate]:
    """Who rose, by the number of measurements, and among all with two or more."""
    k, n = (sum(part[place] for part in cells) for place in (0, 1))
    parts = [cell(*part, subgroup=f"antal{number}") for number, part in enumerate(cells, start=2)]
    rows = [*parts, cell(k, n, subgroup="mindst-to")]
    return [replace(row, statistic="share_rose", key=f"{row.key}.share_rose") for row in rows]


def active(row: Estimate) -> Estimate:
    """A number of the same persons that is shown, and their n with it."""
    n = row.n or 0
    return replace(row, key=row.key.replace("job", "aktiv", 1), measure="aktiv", k=n // 2, value=50.0)


def summed(*, treated: tuple[int, ...], control: tuple[int, ...], n: int) -> list[Estimate]:
    """Weekly shares of two groups, their differences, and the running sum of these in weeks."""
    rows, total = [], 0.0
    for week, (own, other) in enumerate(zip(treated, control, strict=True), start=1):
        pair = [cell(own, n, time=f"uge{week}"), cell(other, n, group="kontrol", time=f"uge{week}")]
        total += (own - other) / n
        for statistic, value in (("difference", 100 * (own - other) / n), ("accumulated", total)):
            key = make_key("job", statistic=statistic, group="forskel", time=f"uge{week}")
            pair.append(replace(pair[0], key=key, statistic=statistic, group="forskel", value=value, k=None, n=2 * n))
        rows += pair
        rows += [active(row) for row in pair if row.statistic == "share"]
    return rows


def only_with_levels(rows: list[Estimate]) -> list[Estimate]:
    """Levels of too few persons hidden, and what stands in their weeks, but nothing more."""
    weeks = {row.time for row in rows if rests_on_too_few(row, FIVE)}
    return [
        hide(row, PRIMARY) if rests_on_too_few(row, FIVE) or (row.group == "forskel" and row.time in weeks) else row
        for row in rows
    ]


def only_primary(rows: list[Estimate]) -> list[Estimate]:
    return [hide(row, PRIMARY) if rests_on_too_few(row, FIVE) else row for row in rows]


def test_the_attacker_finds_a_single_hidden_site() -> None:
    rows = by_site((3, 40), (20, 50), (30, 60))
    found = Attack(rows, only_primary(rows)).broken(5)
    assert [(each.key, each.count, each.low, each.high) for each in found] == [("job.deltager.site=s0", "k", 3, 3)]


def test_the_attacker_finds_a_site_through_all_others() -> None:
    rows = [cell(3, 40, site="s0"), cell(50, 110, site=others_than("s0")), cell(53, 150)]
    assert [each.true for each in Attack(rows, only_primary(rows)).broken(5)] == [3]


def test_the_attacker_finds_two_sites_that_leave_each_other_no_room() -> None:
    rows = [row for row in by_site((1, 40), (1, 50), (30, 60), (25, 60)) if not row.site.startswith(OTHERS)]
    found = Attack(rows, only_primary(rows)).broken(5)
    assert {(each.low, each.high) for each in found} == {(1, 1)}


def test_the_attacker_knows_that_zeros_would_be_shown() -> None:
    rows = [row for row in by_site((2, 40), (1, 50), (30, 60), (25, 60)) if not row.site.startswith(OTHERS)]
    found = Attack(rows, only_primary(rows)).broken(5)
    assert {(each.low, each.high) for each in found} == {(1, 2)}


def test_the_attacker_knows_that_all_would_be_shown() -> None:
    rows = [row for row in by_site((39, 40), (49, 50), (30, 60), (25, 60)) if not row.site.startswith(OTHERS)]
    rows += [active(row) for row in rows if row.site]
    found = Attack(rows, only_primary(rows)).broken(5)
    assert {(each.count, each.low, each.high) for each in found} == {("k", 39, 39), ("k", 49, 49), ("rest", 1, 1)}


def test_the_attacker_finds_an_answer_that_is_everybody_less_the_others() -> None:
    rows = answers(3, 20, 37)
    assert [each.true for each in Attack(rows, only_primary(rows)).broken(5)] == [3]


def test_the_attacker_finds_persons_by_count_through_all_of_them() -> None:
    rows = by_count((3, 20), (10, 30))
    assert [each.true for each in Attack(rows, only_primary(rows)).broken(5)] == [3]


def test_the_attacker_finds_hidden_weeks_between_two_sums_of_differences() -> None:
    rows = summed(treated=(9, 1, 1, 8), control=(9, 9, 9, 9), n=1000)
    assert {each.true for each in Attack(rows, only_with_levels(rows)).broken(5)} == {1}


def test_the_attacker_finds_the_last_value_of_a_division() -> None:
    rows = by_value((3, 40), (30, 60))
    assert [each.true for each in Attack(rows, only_primary(rows)).broken(5)] == [3]


def test_the_attacker_finds_a_level_through_a_shown_difference() -> None:
    levels = [cell(3, 40, time="uge3"), cell(30, 60, group="kontrol", time="uge3")]
    key = make_key("job", statistic="difference", group="forskel", time="uge3")
    value = 100 * 3 / 40 - 100 * 30 / 60
    found = replace(
        levels[0], key=key, statistic="difference", unit=Unit.PCT_POINT, group="forskel", value=value, k=None, n=100
    )
    rows = [*levels, found, active(levels[0])]  # which tells the n of the hidden level
    assert [each.true for each in Attack(rows, only_primary(rows)).broken(5)] == [3]


@pytest.mark.parametrize("table", [by_site, by_value])
@given(st.data())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_table_gives_a_hidden_count_back(table: object, data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(0, 40), min_size=2, max_size=7))
    cells = [(data.draw(st.integers(0, min(size, 12)) if size else st.just(0)), size) for size in sizes]
    rows = table(*cells)  # type: ignore[operator]
    shown = suppress(rows, FIVE)
    if sum(not row.hidden for row in shown if row.site or row.subgroup):  # with none left, the sum is all there is
        assert Attack(rows, shown).broken(5) == []


@given(st.lists(st.integers(0, 40), min_size=2, max_size=7))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_question_gives_a_hidden_answer_back(counts: list[int]) -> None:
    rows = answers(*counts)
    shown = suppress(rows, FIVE)
    if not all(row.hidden for row in shown):
        assert Attack(rows, shown).broken(5) == []


@given(st.data())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_no_sum_of_differences_gives_a_hidden_week_back(data: st.DataObject) -> None:
    weeks = data.draw(st.integers(2, 8))
    treated, control = (tuple(data.draw(st.integers(0, 12)) for _ in range(weeks)) for _ in range(2))
    rows = summed(treated=treated, control=control, n=data.draw(st.integers(30, 60)))
    assert Attack(rows, suppress(rows, FIVE)).broken(5) == []


def test_hidden_weeks_take_the_week_after_with_them_and_leave_the_later_sums() -> None:
    rows = summed(treated=(9, 1, 1, 8, 9, 9), control=(9,) * 6, n=1000)
    hidden = [row.time for row in suppress(rows, FIVE) if row.hidden and row.statistic == "accumulated"]
    assert hidden == ["uge2", "uge3", "uge4"]


def test_hidden_weeks_of_many_n_take_all_later_sums_with_them() -> None:
    rows = summed(treated=(9, 1, 1, 8, 9, 9), control=(9,) * 6, n=1000)
    rows = [replace(row, n=999) if row.key == "job.deltager.uge3" else row for row in rows]
    hidden = [row.time for row in suppress(rows, FIVE) if row.hidden and row.statistic == "accumulated"]
    assert hidden == ["uge2", "uge3", "uge4", "uge5", "uge6"]


def test_a_hidden_answer_takes_the_rarest_other_with_it() -> None:
    hidden = [row.subgroup for row in suppress(answers(3, 20, 37), FIVE) if row.hidden]
    assert hidden == ["svar-0", "svar-1"]


def test_sites_in_which_all_but_one_have_it_take_another_with_them() -> None:
    rows = by_site((39, 40), (49, 50), (30, 60), (25, 70))
    assert sum(row.hidden for row in suppress(rows, FIVE) if row.site and not row.site.startswith(OTHERS)) == 3


def test_two_small_sites_take_a_companion_when_they_leave_each_other_no_room() -> None:
    rows = by_site((1, 40), (1, 50), (30, 60), (25, 70))
    hidden = {row.key for row in suppress(rows, FIVE) if row.hidden}
    assert "job.deltager.site=s2" in hidden
    assert "job.deltager.site=s3" not in hidden


def test_a_hidden_value_of_a_division_takes_another_with_it() -> None:
    rows = by_value((3, 40), (30, 60), (20, 80))
    hidden = [row.subgroup for row in suppress(rows, FIVE) if row.hidden]
    assert hidden == ["alder:0", "alder:1"]


def test_a_division_that_leaves_persons_out_gives_nothing_back() -> None:
    rows = [cell(60, 200), *by_value((3, 40), (30, 60))[1:]]
    assert [row.subgroup for row in suppress(rows, FIVE) if row.hidden] == ["alder:0"]


@pytest.mark.parametrize(("small", "shown"), [(3, 2), (4, 0)])
def test_of_a_sites_curve_nothing_is_left_where_three_weeks_in_four_hide(small: int, shown: int) -> None:
    weeks = [cell(2 if week < small else 30, 60, site="s0", time=f"uge{week}") for week in range(5)]
    assert sum(not row.hidden for row in suppress(weeks, FIVE)) == shown


def test_the_whole_trials_curve_stays_where_most_weeks_hide() -> None:
    weeks = [cell(2 if week < 4 else 30, 60, time=f"uge{week}") for week in range(5)]
    assert sum(not row.hidden for row in suppress(weeks, FIVE)) == 1


def heterogeneity() -> Estimate:
    key = make_key("job", statistic="heterogeneity", group="deltager")
    return replace(cell(50, 100), key=key, statistic="heterogeneity", unit=Unit.COEFFICIENT, value=3.1, k=None, n=3)


def test_a_test_of_all_sites_hides_with_one_of_them() -> None:
    rows = [*by_site((3, 40), (20, 50), (30, 60)), heterogeneity()]
    assert suppress(rows, FIVE)[-1].hidden


def test_a_test_of_all_sites_stays_where_all_are_shown() -> None:
    rows = [*by_site((13, 40), (20, 50), (30, 60)), heterogeneity()]
    assert not suppress(rows, FIVE)[-1].hidden


def test_a_site_of_few_persons_takes_the_same_companion_in_every_number() -> None:
    rows = by_site((1, 2), (2, 60), (30, 50), (20, 40))
    hidden = {row.site for row in suppress(rows, FIVE) if row.hidden and not row.site.startswith(OTHERS)}
    assert hidden == {"s0", "s1", "s3"}  # s1 rests on two; s3 is the smallest, and hides where s1 is shown
