"""Suppression: what rests on too few persons never reaches the ledger file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.disclosure import HIDDEN, Threshold, rests_on_too_few, suppress
from reportlib.disclosure.threshold import too_few
from reportlib.ledger import Estimate, Measure, make_key
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.text.units import Unit


def share_row(k: int, n: int, *, site: str = "", group: str = "deltager", time: str = "") -> Estimate:
    return Estimate(
        key=make_key("andel", statistic="share", group=group, site=site, time=time),
        measure="andel",
        statistic="share",
        unit=Unit.PCT,
        population="deltagerne",
        group=group,
        site=site,
        time=time,
        value=100 * k / n if n else None,
        k=k,
        n=n,
    )


@pytest.mark.parametrize(
    ("k", "n", "hidden"),
    [
        pytest.param(4, 50, True, id="too few have it"),
        pytest.param(46, 50, True, id="too few lack it"),
        pytest.param(2, 4, True, id="too few asked"),
        pytest.param(5, 50, False, id="five is enough"),
        pytest.param(0, 50, False, id="zero may be shown"),
        pytest.param(50, 50, False, id="all may be shown"),
        pytest.param(0, 0, False, id="nobody there"),
    ],
)
def test_a_share_hides_when_its_parts_are_small(k: int, n: int, hidden: bool) -> None:
    assert rests_on_too_few(share_row(k, n), Threshold(5)) is hidden


def test_zero_hides_when_zeros_may_not_be_shown() -> None:
    assert rests_on_too_few(share_row(0, 50), Threshold(5, show_zero=False))


def test_a_hidden_row_carries_nothing_that_gives_it_back() -> None:
    row = suppress([share_row(3, 50)], Threshold(5))[0]
    assert row.suppressed == "primary"
    fields = (row.value, row.k, row.n, row.se, row.ci_low, row.ci_high, row.p, row.df)
    assert fields == (None,) * len(fields)


def test_a_mean_hides_when_few_have_a_value_above_zero() -> None:
    row = Estimate(
        key="timer", measure="timer", statistic="mean", unit=Unit.HOURS_PER_WEEK, population="", value=0.7, k=2, n=80
    )
    assert suppress([row], Threshold(5))[0].hidden


def test_the_others_hide_when_a_site_hides() -> None:
    rows = suppress([share_row(3, 30, site="Nyborg"), share_row(300, 900, site=others_than("Nyborg"))], Threshold(5))
    assert [row.suppressed for row in rows] == ["primary", "secondary"]


def test_a_single_hidden_site_takes_the_smallest_other_with_it() -> None:
    rows = [
        share_row(120, 300),
        share_row(3, 30, site="Nord"),
        share_row(57, 150, site="Syd"),
        share_row(60, 120, site="Vest"),
    ]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == ["", "primary", "", "secondary"]


def test_two_hidden_sites_need_no_companion() -> None:
    rows = [
        share_row(106, 260),
        share_row(3, 30, site="Nord"),
        share_row(3, 30, site="Syd"),
        share_row(100, 200, site="Vest"),
    ]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == ["", "primary", "primary", ""]


def test_without_a_shown_total_a_single_hidden_site_is_safe() -> None:
    rows = [share_row(3, 30, site="Nord"), share_row(60, 120, site="Vest")]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == ["primary", ""]


def test_a_site_with_nobody_is_no_companion_while_there_is_another() -> None:
    rows = [
        share_row(63, 190),
        share_row(3, 30, site="Nord"),
        share_row(0, 40, site="Syd"),
        share_row(60, 120, site="Vest"),
    ]
    assert [row.suppressed for row in suppress(rows, Threshold(5))] == ["", "primary", "", "secondary"]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=15))
def test_no_hidden_site_is_the_total_minus_what_is_shown(parts: list[tuple[int, int]]) -> None:
    sites = [share_row(k, k + rest, site=f"Sted {index}") for index, (k, rest) in enumerate(parts)]
    total = share_row(sum(k for k, _ in parts), sum(k + rest for k, rest in parts))
    found = suppress([total, *sites], Threshold(5))
    shown = [row for row in found[1:] if not row.hidden and row.n]
    hidden = [row for row in found[1:] if row.hidden]
    if found[0].hidden or not shown:
        return
    assert len(hidden) != 1


def test_a_difference_hides_when_a_level_hides() -> None:
    difference = Estimate(
        key="andel.forskel.uge3",
        measure="andel",
        statistic="difference",
        unit=Unit.PCT_POINT,
        population="",
        group=DIFFERENCE,
        time="uge3",
        value=4.0,
        n=130,
    )
    rows = suppress(
        [share_row(30, 100, time="uge3"), share_row(2, 30, group="kontrol", time="uge3"), difference], Threshold(5)
    )
    assert rows[2].suppressed == "secondary"


def test_a_difference_of_another_week_stays() -> None:
    difference = Estimate(
        key="andel.forskel.uge4",
        measure="andel",
        statistic="difference",
        unit=Unit.PCT_POINT,
        population="",
        group=DIFFERENCE,
        time="uge4",
        value=4.0,
    )
    assert not suppress([share_row(2, 30, time="uge3"), difference], Threshold(5))[1].hidden


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20), st.integers(3, 10))
def test_no_shown_share_rests_on_fewer_than_the_threshold(parts: list[tuple[int, int]], persons: int) -> None:
    rows = [share_row(k, k + rest, site=f"Sted {index}") for index, (k, rest) in enumerate(parts)]
    for row in suppress(rows, Threshold(persons)):
        if row.hidden or not row.n:
            continue
        assert row.k is not None
        assert row.n >= persons
        assert all(count == 0 or count >= persons for count in (row.k, row.n - row.k))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=20))
def test_the_same_rows_always_hide_the_same_way(parts: list[tuple[int, int]]) -> None:
    rows = [share_row(k, k + rest, site=f"Sted {index}") for index, (k, rest) in enumerate(parts)]
    assert suppress(rows, Threshold(5)) == suppress(list(rows), Threshold(5))


def test_a_finished_ledger_does_not_say_why_a_row_hides() -> None:
    measure = Measure(id="andel", label="Andel", unit=Unit.PCT, definition="", source="")
    builder = LedgerBuilder([measure])
    for row in (share_row(3, 30, site="Nord"), share_row(60, 120, site=others_than("Nord"))):
        counts = {"value": row.value, "k": row.k, "n": row.n, "group": row.group, "site": row.site}
        builder.add(measure="andel", statistic="share", population="deltagerne", **counts)
    assert {row.suppressed for row in builder.build({}, threshold=Threshold(5))} == {HIDDEN}


def test_where_nothing_else_is_said_fewer_than_five_are_too_few() -> None:
    assert [too_few(persons, Threshold()) for persons in (None, 0, 1, 4, 5)] == [False, False, True, True, False]
