"""No row that repeats hidden ones, or is computed from them, gives them back."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack_echoes import not_from_shown_sites, repeated
from attack_ledgers import both
from whole_ledgers import TRIALS

from reportlib.disclosure import PRIMARY, Threshold, hide, rests_on_too_few, suppress
from reportlib.estimators.many_comparisons import holm
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit

FIVE = Threshold(5)
OF_SHARES = {
    "sign_test": ("share_rose", "share_same", "share_fell"),
    "difference": ("share_only_before", "share_only_after"),
}


def place(each: Estimate) -> tuple[str, ...]:
    return each.measure, each.group, each.site, each.subgroup, each.time


def row(
    statistic: str, value: float | None = None, *, k: int | None = None, n: int | None = None, **more: object
) -> Estimate:
    where = {name: str(more.pop(name, "")) for name in ("group", "site", "subgroup", "time")}
    if value is None and n:
        value = 100 * (k or 0) / n
    return Estimate(
        key=make_key("job", statistic=statistic, **where),
        measure="job",
        statistic=statistic,
        unit=Unit.PCT,
        population="alle",
        value=value,
        k=k,
        n=n,
        **where,
        **more,  # type: ignore[arg-type]
    )


def only_primary(rows: list[Estimate]) -> list[Estimate]:
    return [hide(each, PRIMARY) if rests_on_too_few(each, FIVE) else each for each in rows]


def hidden(rows: list[Estimate]) -> set[str]:
    return {each.statistic for each in suppress(rows, FIVE) if each.hidden}


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_no_extreme_of_the_trial_is_a_hidden_value(path: Path) -> None:
    _, true, shown = both(path)
    assert repeated(true, shown) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_what_is_told_of_all_sites_of_the_trial_follows_from_the_shown_ones(path: Path) -> None:
    _, _, shown = both(path)
    assert not_from_shown_sites(shown) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_what_tells_how_persons_are_shared_hides_with_each_share(path: Path) -> None:
    """A sign test tells who stayed the same, the interval of a change who changed: both are made of the shares."""
    _, _, shown = both(path)
    at = {(each.statistic, *place(each)): each.hidden for each in shown}
    for each in shown:
        for statistic in OF_SHARES.get(each.statistic, ()) if not each.hidden else ():
            assert not at.get((statistic, *place(each))), each.key


def weeks() -> list[Estimate]:
    """Levels of which the highest is of all but three, and that highest level once more."""
    levels = [row("share", k=k, n=100, group="deltager", time=f"uge{week}") for week, k in ((3, 60), (4, 97))]
    return [*levels, row("maximum", k=97, n=100, group="deltager")]


def test_the_attacker_finds_a_highest_week_that_is_hidden() -> None:
    assert repeated(weeks(), only_primary(weeks())) == ["job.deltager.maximum"]


def test_the_highest_week_stays_where_a_shown_week_is_as_high() -> None:
    rows = [
        row("share", k=60, n=100, group="deltager", time="uge3"),
        *weeks()[:2],
        row("maximum", k=60, n=100, group="deltager"),
    ]
    assert hidden(rows[1:]) == {"share"}


def sites(*levels: tuple[int, int, float]) -> list[Estimate]:
    """Levels of two groups and their difference by site, with p-values adjusted for all the sites."""
    adjusted = holm([p for *_, p in levels]).tolist()
    rows = []
    for number, ((own, other, p), p_holm) in enumerate(zip(levels, adjusted, strict=True)):
        where = {"site": f"s{number}", "time": "uge26"}
        rows += [
            row("share", k=own, n=60, group="deltager", **where),
            row("share", k=other, n=60, group="kontrol", **where),
            row("difference", 100 * (own - other) / 60, n=120, p=p, group=DIFFERENCE, **where),
            row("p_holm", p_holm, n=120, p=p_holm, group=DIFFERENCE, **where),
            row("shrunken", 3.0, n=120, group=DIFFERENCE, **where),
        ]
    return rows


def test_the_attacker_finds_a_p_value_that_allows_for_a_hidden_site() -> None:
    rows = sites((30, 20, 0.06), (3, 20, 0.0001), (25, 20, 0.34))
    levels = [hide(each, PRIMARY) if each.site == "s1" else each for each in rows]
    assert "job.forskel.uge26.site=s0.p_holm" in not_from_shown_sites(levels)


@pytest.mark.parametrize("statistic", ["stratified", "clustered"])
def test_what_weighs_all_sites_hides_with_one_of_them(statistic: str) -> None:
    levels = sites((30, 20, 0.06), (3, 20, 0.0001), (25, 20, 0.34))
    weighed = row(statistic, 3.1, n=360, group=DIFFERENCE, time="uge26")
    assert statistic in hidden([*levels, weighed])
    assert statistic not in hidden([*sites((30, 20, 0.06), (25, 20, 0.34)), weighed])
