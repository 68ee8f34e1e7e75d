"""The tornado's words are its own numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportlib.ledger import Estimate, Ledger
from reportlib.show import figures
from reportlib.show.kroner import ends_text, tornado_plan, tornado_story
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.pictures import figure_bytes
from reportlib.show.row_chart import draw_rows
from reportlib.text.units import Unit

SWINGS = [("Timer: 1 til 9 timer", -400.0, 900.0), ("Pris: 5 til 7 kr.", 200.0, 150.0)]
RESULT = Estimate(key="a", measure="a", statistic="net", unit=Unit.KR, population="", value=175.0)
WIDE = replace(RESULT, ci_low=-1225.0, ci_high=1575.0)


def test_the_alternative_text_names_every_assumption_with_both_ends() -> None:
    told = tornado_story(SWINGS, RESULT).replace("\u00a0", " ")
    assert "Timer: 1 til 9 timer giver −400 til 900 kr." in told
    assert "Pris: 5 til 7 kr. giver 200 til 150 kr." in told
    assert ".." not in told


def test_the_ends_have_no_more_digits_than_the_result() -> None:
    told = tornado_story([("Pris: 5 til 7 kr.", 249.0, 1251.0)], WIDE).replace("\u00a0", " ")
    assert "Pris: 5 til 7 kr. giver 200 til 1.300 kr." in told


@pytest.mark.parametrize(
    ("unit", "printed"), [(Unit.HOURS, "1,2 til 9,0 timer"), (Unit.KR, "1 til 9 kr."), (Unit.RATIO, "1,170 til 9,000")]
)
def test_an_assumption_has_the_decimals_of_its_unit(unit: Unit, printed: str) -> None:
    assert ends_text(1.17, 9.0, unit).replace("\u00a0", " ") == printed


def test_an_interval_that_is_wide_has_no_decimals() -> None:
    assert ends_text(-6.13, 49.96, Unit.HOURS).replace("\u00a0", " ") == "−6 til 50 timer"


def test_the_picture_is_the_same_every_time() -> None:
    plan = tornado_plan(SWINGS, 175.0)
    assert figure_bytes(plan, draw_rows) == figure_bytes(plan, draw_rows)
    assert b"<svg" in figure_bytes(plan, draw_rows)


def test_a_ledger_without_accounts_has_no_tornado() -> None:
    with pytest.raises(NothingToShowError, match="accounts"):
        figures.tornado(Ledger(header={}, measures={}, columns={"key": []}), None)  # type: ignore[arg-type]
