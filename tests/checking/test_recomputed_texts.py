"""Printed texts that say a number in another form are worked out again in that form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reportlib.ledger import Estimate, Measure
from reportlib.numbers.account import Account
from reportlib.numbers.collect import Printed
from reportlib.numbers.match import Allowed, covering
from reportlib.numbers.recompute import check_numbers, fact_again, row_again
from reportlib.text.origin import Origin, derived, setting
from reportlib.text.units import Unit

PAST, FUTURE = "begyndt.deltager.projektuge3", "begyndt.deltager.projektuge9"
LAST = "extracts.casework.last_day"
DAY = derived("dag", [setting(LAST), Origin(PAST, "time"), Origin(FUTURE, "time")])


def row(key: str, **given: str) -> Estimate:
    return Estimate(
        key=key, measure="begyndt", statistic="recruited", unit=Unit.COUNT, population="b", value=4.0, **given
    )  # type: ignore[arg-type]


def account(text: str) -> Account:
    header = {"level": 0.05, "chapters": ["Et"], "sites": [], "figures": ["fig-a"], "floats": {}}
    return Account(
        header=header,
        numbers=[Printed(text=text, origin=DAY, place="drawn", chapter=1, float="fig-a")],
        rows={PAST: row(PAST, time="projektuge3"), FUTURE: row(FUTURE, time="projektuge9")},
        measures={"begyndt": Measure(id="begyndt", label="B", unit=Unit.COUNT, definition="d", source="s")},
        facts={},
        settings={LAST: "2019-03-20"},
        texts=[],
        dates=[date(2019, 3, 20)],
    )


@pytest.mark.parametrize("text", ["8\u00a0mio.\u00a0kr.", "8,0\u00a0mio.\u00a0kr."])
def test_millions_are_compared_in_kroner(text: str) -> None:
    assert fact_again(text, 8_000_000)
    assert not fact_again(text, 9_000_000)
    assert not fact_again(text, 8)


def test_millions_are_rounded_as_they_are_printed() -> None:
    assert fact_again("1,5\u00a0mio.\u00a0kr.", 1_460_000)
    assert not fact_again("1,5\u00a0mio.\u00a0kr.", 1_440_000)


def test_the_number_in_a_row_s_part_is_found_in_its_name() -> None:
    assert row_again("3", row("x", subgroup="antal3"), "subgroup", 0.05)
    assert not row_again("4", row("x", subgroup="antal3"), "subgroup", 0.05)
    assert not row_again("2", row("x", subgroup="mindst-to"), "subgroup", 0.05)


def test_a_day_counted_forward_is_counted_again() -> None:
    assert check_numbers(account("1.\u00a0maj 2019")) == (1, [])


@pytest.mark.parametrize("text", ["2.\u00a0maj 2019", "1.\u00a0juni 2019", "1.\u00a0maj 2018"])
def test_another_day_is_reported(text: str) -> None:
    done, breaks = check_numbers(account(text))
    assert done == 1 and len(breaks) == 1


def test_only_the_counted_day_joins_the_days_of_the_trial() -> None:
    allowed = Allowed.of(account("1.\u00a0maj 2019"))
    right, wrong = "1.\u00a0maj 2019", "8.\u00a0maj 2019"
    spans = allowed.spans(right)
    assert covering(spans, 0, 1) is not None and not any(span.wrong for span in spans)
    assert any(span.wrong for span in allowed.spans(wrong))


@pytest.mark.parametrize(
    ("text", "named"),
    [("I målgruppe 2: 0,4 time mere", True), ("I målgruppe 2,5 time mere", False), ("I målgruppe 20 timer", False)],
)
def test_a_number_of_a_text_ends_where_another_begins(text: str, named: bool) -> None:
    allowed = Allowed(sites=(), texts=["imålgruppe2"], days=())
    assert (covering(allowed.spans(text), 12, 13) is not None) is named


def test_a_day_is_not_counted_from_rows_the_account_has_not() -> None:
    without = replace(account("1.\u00a0maj 2019"), rows={})
    assert any(span.wrong for span in Allowed.of(without).spans("1.\u00a0maj 2019"))
