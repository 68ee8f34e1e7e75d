"""No row that repeats hidden ones, or is computed from them, gives them back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attack_echoes import agreeing, not_from_shown_sites, repeated
from attack_ledgers import both
from whole_ledgers import TRIALS

from reportlib.disclosure import PRIMARY, Threshold, hide, rests_on_too_few, suppress
from reportlib.estimators.many_comparisons import holm
from reportlib.estimators.repeated_measures import mcnemar, sign_test
from reportlib.estimators.shares_and_means import test_table as table_test
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit

FIVE = Threshold(5)


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


def weeks() -> list[Estimate]:
    """Levels of which the highest is of all but three, and that highest level once more."""
    levels = [row("share", k=k, n=100, group="deltager", time=f"uge{week}") for week, k in ((3, 60), (4, 97))]
    return [*levels, row("maximum", k=97, n=100, group="deltager")]


def test_the_attacker_finds_a_highest_week_that_is_hidden() -> None:
    assert repeated(weeks(), only_primary(weeks())) == ["job.deltager.maximum"]


def test_the_highest_week_hides_with_its_level() -> None:
    assert repeated(weeks(), suppress(weeks(), FIVE)) == []


def test_the_highest_week_stays_where_a_shown_week_is_as_high() -> None:
    rows = [
        row("share", k=60, n=100, group="deltager", time="uge3"),
        *weeks()[:2],
        row("maximum", k=60, n=100, group="deltager"),
    ]
    assert hidden(rows[1:]) == {"share"}


def test_a_largest_difference_hides_with_the_week_it_is_from() -> None:
    difference = row("difference", 9.4, n=200, group=DIFFERENCE, time="uge4")
    rows = [*weeks()[:2], difference, row("maximum", 9.4, group=DIFFERENCE)]
    assert hidden(rows) == {"share", "difference", "maximum"}


def test_a_sign_test_tells_who_stayed_the_same_and_hides_with_them() -> None:
    rose, same, fell = 9, 3, 7
    n = rose + same + fell

    def told(counts: tuple[int, ...]) -> tuple[float, float]:
        return counts[0] - counts[1], sign_test(*counts)

    found = agreeing([range(1, n), range(1, n)], told, told((rose, fell)))
    assert found == [(rose, fell)]
    rows = [row(f"share_{way}", k=k, n=n) for way, k in (("rose", rose), ("same", same), ("fell", fell))]
    assert hidden([*rows, row("sign_test", 2.0, p=sign_test(rose, fell), n=n)]) == {
        "share_rose",
        "share_same",
        "share_fell",
        "sign_test",
    }


def test_the_interval_of_a_change_tells_who_changed_and_hides_with_them() -> None:
    n, only_before, only_after = 60, 3, 13

    def told(counts: tuple[int, ...]) -> tuple[float, float, float]:
        first, last, neither = counts[0], counts[1], n - sum(counts)
        before = np.repeat([1.0, 0.0, 0.0], [first, last, neither])
        after = np.repeat([0.0, 1.0, 0.0], [first, last, neither])
        found = mcnemar(before, after)
        return found.difference, found.ci_low, found.ci_high

    found = agreeing([range(1, 20), range(1, 20)], told, told((only_before, only_after)))
    assert found == [(only_before, only_after)]
    rows = [
        row("share_only_before", k=only_before, n=n, group=DIFFERENCE),
        row("share_only_after", k=only_after, n=n, group=DIFFERENCE),
        row("difference", 100 * 10 / 60, n=n, group=DIFFERENCE),
    ]
    assert hidden(rows) == {"share_only_before", "share_only_after", "difference"}


def test_a_test_of_all_answers_tells_how_a_hidden_one_is_shared_and_hides_with_it() -> None:
    counts = {"deltager": (3, 17, 40), "kontrol": (9, 21, 30)}

    def told(unknown: tuple[int, ...]) -> tuple[float, float]:
        found = table_test([[unknown[0], 20 - unknown[0], 40], counts["kontrol"]])
        return found.statistic, found.p

    assert agreeing([range(1, 20)], told, told((3,))) == [(3,)]
    rows = [
        row("share", k=k, n=sum(ks), group=group, subgroup=f"svar-{answer}")
        for group, ks in counts.items()
        for answer, k in enumerate(ks)
    ]
    rows.append(row("test", 4.2, n=120, p=0.1, group=DIFFERENCE))
    assert "test" in hidden(rows)


@pytest.mark.parametrize("statistic", ["difference", "test", "interaction"])
def test_what_compares_the_parts_of_a_division_hides_with_one_of_them(statistic: str) -> None:
    rows = [
        row("share", k=k, n=n, group="alle", subgroup=f"fase:{part}") for part, (k, n) in enumerate([(3, 40), (30, 60)])
    ]
    rows.append(row(statistic, 12.0, n=100, group=DIFFERENCE, subgroup="fase"))
    assert statistic in hidden(rows)
    assert statistic not in hidden([replace(rows[0], k=13, value=32.5), *rows[1:]])


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


def test_p_values_of_a_family_hide_when_one_that_was_counted_hides() -> None:
    rows = sites((30, 20, 0.06), (3, 20, 0.0001), (25, 20, 0.34))
    rows.append(row("sites_significant", 1.0, n=3, p=0.0003, group=DIFFERENCE, time="uge26"))
    shown = suppress(rows, FIVE)
    told = [each for each in shown if each.statistic in ("p_holm", "shrunken", "sites_significant")]
    assert all(each.hidden for each in told)
    assert not next(each for each in shown if each.key == "job.forskel.uge26.site=s0").hidden


@pytest.mark.parametrize("statistic", ["stratified", "clustered"])
def test_what_weighs_all_sites_hides_with_one_of_them(statistic: str) -> None:
    levels = sites((30, 20, 0.06), (3, 20, 0.0001), (25, 20, 0.34))
    weighed = row(statistic, 3.1, n=360, group=DIFFERENCE, time="uge26")
    assert statistic in hidden([*levels, weighed])
    assert statistic not in hidden([*sites((30, 20, 0.06), (25, 20, 0.34)), weighed])
