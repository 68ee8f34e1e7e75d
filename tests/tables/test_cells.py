"""What stands in a cell: Danish numbers, hidden signs whatever the row holds, lights with words."""

from __future__ import annotations

import pytest
from made_up import Rows, with_leak

from reportlib.prose.target_claims import light_text
from reportlib.show import table_cells as cells
from reportlib.text.inert import inert
from reportlib.trial.analyses import Light, Target


def hidden_row():
    ledger = with_leak(Rows().share("samtale", 30, 40, group="deltager").ledger(), "samtale.deltager", 77.0)
    return ledger["samtale.deltager"]


@pytest.mark.parametrize("cell", [cells.estimate, cells.interval, cells.persons, cells.with_interval])
def test_a_hidden_row_is_the_hidden_sign_whatever_it_holds(cell) -> None:
    assert cell(hidden_row()) == cells.HIDDEN


def test_the_p_value_of_a_hidden_row_is_hidden_too() -> None:
    assert cells.p_value(hidden_row(), level=0.05) == cells.HIDDEN
    assert cells.p_value(hidden_row(), level=0.05, value=0.01) == cells.HIDDEN


@pytest.mark.parametrize("cell", [cells.estimate, cells.interval, cells.persons, cells.with_interval])
def test_a_row_that_was_never_made_is_a_dash(cell) -> None:
    assert cell(None) == cells.NOT_ESTIMABLE


def test_a_share_prints_without_its_unit() -> None:
    row = Rows().share("samtale", 1, 8, group="deltager").ledger(threshold=1)["samtale.deltager"]
    assert cells.estimate(row) == "13"
    assert cells.estimate(row, 1) == "12,5"
    assert cells.persons(row) == "8"
    assert cells.persons(row, part="k") == "1"


def test_an_interval_has_both_ends() -> None:
    row = Rows().mean("mentor", 6.0, 50, se=0.5, group="borgere").ledger()["mentor.borgere"]
    assert cells.interval(row).replace("\u00a0", " ") == "5,0 til 7,0"
    assert cells.with_interval(row).replace("\u00a0", " ") == "6,0 (5,0 til 7,0)"


@pytest.mark.parametrize(
    ("p", "printed"), [(0.0004, inert("< 0,001")), (0.03, "0,03"), (0.0496, "0,0496"), (0.2, "0,20")]
)
def test_a_p_value_never_rounds_across_the_level(p: float, printed: str) -> None:
    row = Rows().difference("timer", 0.0, 1.0, p=1.0, time="uge1").ledger()["timer.forskel.uge1"]
    assert cells.p_value(row, level=0.05, value=p).replace("\u00a0", " ").startswith(printed[:6])


@pytest.mark.parametrize(("k", "printed"), [(359, "Gul]{.lys .gul} 89,8"), (360, "Grøn]{.lys .groen} 90"), (340, "85")])
def test_a_share_is_never_printed_on_the_wrong_side_of_its_target(k: int, printed: str) -> None:
    row = Rows().share("samtale", k, 400, group="deltager").ledger()["samtale.deltager"]
    assert cells.with_light(row, Target(green=90, yellow=75)).endswith(printed)


def test_every_light_has_a_word() -> None:
    words = {light_text(light).split("]")[0] for light in Light}
    assert words == {"[Grøn", "[Gul", "[Rød", "[Ikke opgjort"}


def test_emphasis_is_the_tables_and_not_the_names() -> None:
    assert cells.text("*Åby*", strong=True) == f"**{inert('*Åby*')}**"
