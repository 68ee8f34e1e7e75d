"""What changed between two ledgers: verdicts first, hidden numbers told, words compared."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from claim_rows import difference, hidden, share
from valid_files import SHARE, small_ledger

from reportlib.ledger import Estimate, Measure
from reportlib.numbers.diff import (
    Change,
    NothingToCompareError,
    Side,
    Weight,
    compare,
    comparison_page,
    label_of,
    read_side,
)
from reportlib.text.units import Unit

MEASURE = Measure(id="timer", label="Ordinære timer", unit=Unit.PCT, definition="Har timer", source="eIndkomst")


def side(name: str, *rows: Estimate, measure: Measure = MEASURE) -> Side:
    return Side(name, {row.key: row for row in rows}, {measure.id: measure}, 0.05)


def test_two_equal_sides_have_no_changes() -> None:
    assert compare(side("a", share(83, 690)), side("b", share(83, 690))) == []


def test_a_verdict_that_turned_comes_before_a_larger_change_of_a_number() -> None:
    old = side("a", difference(2.0, 1.5), share(10, 100))
    new = side("b", difference(2.0, 0.5), share(90, 100))
    found = compare(old, new)
    assert [change.weight for change in found] == [Weight.VERDICT, Weight.NUMBER]
    assert (found[0].verdict_before, found[0].verdict_after) == ("not_significant", "up")


def test_larger_changes_of_numbers_come_first() -> None:
    rows = [share(10, 100), share(10, 100, group="kontrol")]
    changed = [share(11, 100), share(40, 100, group="kontrol")]
    assert [change.after for change in compare(side("a", *rows), side("b", *changed))] == [
        "40,0\u00a0pct. (40 af 100)", "11,0\u00a0pct. (11 af 100)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "before", "after"),
    [
        ({"ci_low": -0.5}, "nedre grænse -0,94", "nedre grænse -0,5"),
        ({"p": 0.2}, "p-værdi 0,182", "p-værdi 0,2"),
        ({"se": None}, "standardfejl 1,5", "standardfejl mangler"),
    ],
)
def test_what_changed_beside_a_value_that_stays_is_told(changed: dict[str, float], before: str, after: str) -> None:
    row = replace(difference(2.0, 1.5), se=1.5, ci_low=-0.94, p=0.182)
    (change,) = compare(side("a", row), side("b", replace(row, **changed)))  # type: ignore[arg-type]
    assert change.weight is Weight.NUMBER
    assert (change.before.split("; ")[1], change.after.split("; ")[1]) == (before, after)


def test_a_number_that_became_hidden_is_told_without_its_value() -> None:
    row = share(83, 690)
    (change,) = compare(side("a", row), side("b", hidden(row)))
    assert change.weight is Weight.HIDDEN
    assert "ikke vist" in change.after


def test_new_and_lost_numbers_are_told() -> None:
    one, two = share(1, 2), share(1, 2, group="kontrol")
    assert {change.weight for change in compare(side("a", one), side("b", two))} == {Weight.NEW, Weight.GONE}


def test_a_changed_definition_is_told() -> None:
    new = replace(MEASURE, definition="Har haft timer")
    (change,) = compare(side("a", share(1, 2)), side("b", share(1, 2), measure=new))
    assert (change.weight, change.before, change.after) == (Weight.WORDING, "Har timer", "Har haft timer")


def test_a_ledger_file_is_read_as_a_side(tmp_path: Path) -> None:
    small_ledger(SHARE).save(tmp_path / "ledger.json")
    assert len(read_side(tmp_path / "ledger.json").rows) == 1


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(NothingToCompareError):
        read_side(path)


def test_the_page_escapes_what_comes_from_data() -> None:
    measure = replace(MEASURE, label="<b>Timer</b>")
    changes = compare(side("a", share(1, 2), measure=measure), side("b", share(2, 2), measure=measure))
    page = comparison_page(changes, old="<gammel>", new="ny")
    assert "<b>Timer" not in page and "&lt;b&gt;Timer" in page and "<gammel>" not in page


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("up", "signifikant højere"),
        ("down", "signifikant lavere"),
        ("not_significant", "ikke signifikant"),
        ("untested", "ikke testet"),
    ],
)
def test_the_page_is_a_table_with_the_verdicts_in_words(verdict: str, said: str) -> None:
    change = Change(Weight.VERDICT, "a.b", "Timer", "1,0", "2,0", "", verdict, causes=("andre data", "anden kode"))
    page = comparison_page([change], old="gammel", new="ny")
    found = re.search(r"<table>.*</table>", page, re.DOTALL)
    assert found is not None
    table = ElementTree.fromstring(found[0].replace("<br>", "<br/>"))
    assert [" ".join(row.itertext()).strip() for row in table.iter("caption")] == ["Andre konklusioner (1)"]
    assert [["|".join(cell.itertext()) for cell in row] for row in table.iter("tr")] == [
        ["Tal", "gammel", "ny", "Årsag"],
        ["Timer|a.b", "1,0", f"2,0|{said}", "andre data|anden kode"],
    ]


def test_a_number_is_named_as_the_account_names_it() -> None:
    row = Estimate(
        key="timer.deltager.site=Nord", measure="timer", statistic="difference", population="deltagerne",
        window="uge 35 efter start", site="Nord", unit=Unit.PCT_POINT, value=1.0,
    )  # fmt: skip
    side = Side(name="ny", rows={row.key: row}, measures={"timer": MEASURE}, level=0.05)
    assert label_of(row, side) == "Ordinære timer, forskellen, deltagerne, uge 35 efter start, Nord"
