"""No hidden count of any trial can be worked out from all that is shown: each is attacked with integer programming."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from attacker import Attack
from hypothesis import given, settings
from hypothesis import strategies as st

from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.disclosure import PRIMARY, Threshold, hide, rests_on_too_few, suppress
from reportlib.keys import OTHERS, others_than
from reportlib.ledger import Estimate, make_key
from reportlib.registers.read import read_trial
from reportlib.trial import load_trial
from reportlib.units import Unit

ROOT = Path(__file__).parents[2]
TRIALS = sorted([*(ROOT / "data").glob("*/trial.yml"), *(ROOT / "tests" / "trials").glob("*/trial.yml")])
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


def only_primary(rows: list[Estimate]) -> list[Estimate]:
    return [hide(row, PRIMARY) if rests_on_too_few(row, FIVE) else row for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_no_hidden_count_of_the_trial_can_be_worked_out(path: Path) -> None:
    trial = load_trial(path)
    true, shown = analyse_before_and_after_disclosure(trial, read_trial(trial, path.parent))
    attack = Attack(list(true), list(shown), trial)
    assert attack.broken(trial.disclosure.threshold) == []
    assert attack.size[2] > 0


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
    assert {(each.low, each.high) for each in found} == {(0, 2)}


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
    # the n of the hidden level stands in another row about the same persons
    followed = cell(20, 40, time="uge3")
    followed = replace(followed, key="aktiv.deltager.uge3", measure="aktiv")
    rows = [*levels, found, followed]
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


def heterogeneity() -> Estimate:
    key = make_key("job", statistic="heterogeneity", group="deltager")
    return replace(cell(50, 100), key=key, statistic="heterogeneity", unit=Unit.COEFFICIENT, value=3.1, k=None, n=3)


def test_a_test_of_all_sites_hides_with_one_of_them() -> None:
    rows = [*by_site((3, 40), (20, 50), (30, 60)), heterogeneity()]
    assert suppress(rows, FIVE)[-1].hidden


def test_a_test_of_all_sites_stays_where_all_are_shown() -> None:
    rows = [*by_site((13, 40), (20, 50), (30, 60)), heterogeneity()]
    assert not suppress(rows, FIVE)[-1].hidden
