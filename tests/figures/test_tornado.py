"""The tornado holds the widest swings, and its words are its own numbers."""

from __future__ import annotations

import pytest

from reportlib.ledger import Ledger
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.pictures import alt_text, figure_bytes
from reportlib.show.tornado import Assumption, TornadoPlan, plan_tornado
from reportlib.text.units import Unit

PLAN = TornadoPlan(
    (
        Assumption("Timer", 1.0, 9.0, Unit.HOURS, -400.0, 900.0),
        Assumption("Pris", 5.0, 7.0, Unit.KR, 200.0, 150.0),
        Assumption("Nettoafgiftsfaktor", 1.17, 1.325, Unit.RATIO, 170.0, 180.0),
    ),
    175.0,
)


def test_the_alternative_text_names_every_assumption_with_both_ends() -> None:
    told = alt_text(PLAN).replace("\u00a0", " ")
    assert "Timer: 1,0 til 9,0 timer giver −400 til 900 kr." in told
    assert "Pris: 5 til 7 kr. giver 200 til 150 kr." in told
    assert "Nettoafgiftsfaktor: 1,170 til 1,325" in told
    assert ".." not in told


def test_the_picture_is_the_same_every_time() -> None:
    assert figure_bytes(PLAN) == figure_bytes(PLAN)
    assert b"<svg" in figure_bytes(PLAN)


def test_a_swing_has_no_sign() -> None:
    assert [bar.swing for bar in PLAN.bars] == [1300.0, 50.0, 10.0]


def test_a_ledger_without_accounts_has_no_tornado() -> None:
    with pytest.raises(NothingToShowError, match="accounts"):
        plan_tornado(Ledger(header={}, measures={}, columns={"key": []}), None)  # type: ignore[arg-type]
