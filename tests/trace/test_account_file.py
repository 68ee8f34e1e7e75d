"""The file `<report>.tal.json`: one entry on each line, and everything read back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from valid_files import ACCOUNT_HEADER

from reportlib.ledger import Estimate, Measure
from reportlib.numbers.account import Account, load_account
from reportlib.numbers.collect import Printed
from reportlib.text.origin import Origin, TracedFloat, fact
from reportlib.text.units import Unit

KEY = "andel.deltager.uge35"
ROW = Estimate(
    key=KEY, measure="andel", group="deltager", time="uge35", statistic="share", population="deltagerne", unit=Unit.PCT,
    window="uge 35", value=TracedFloat(12.5, Origin(KEY)), k=96, n=768,
)  # fmt: skip
ACCOUNT = Account(
    header={**ACCOUNT_HEADER, "chapters": ['Med "citat"', "Æ, {ø} og\u00a0[å]"]},
    numbers=[
        Printed(text="12,5 pct.", origin=Origin(KEY), place="text", chapter=1, nr=1, page=4, line="a.qmd:7"),
        Printed(text='},\n{"', origin=fact("uge"), place="alt", float="fig-a"),
    ],
    rows={KEY: ROW},
    measures={"andel": Measure(id="andel", label="Andel", unit=Unit.PCT, definition="I uge 35", source="Registret")},
    facts={"uge": {"value": 35, "unit": "weeks", "label": "uge", "source": "kilde"}},
    settings={"design.level": 0.05},
    texts=["13 uger"],
    dates=[date(2020, 3, 1)],
    pages={"fig-a": 7},
)


@pytest.mark.parametrize(
    "account", [ACCOUNT, replace(ACCOUNT, numbers=[], rows={}, measures={}, facts={}, settings={}, texts=[], pages={})]
)
def test_every_entry_stands_on_a_line_of_its_own(account: Account) -> None:
    written = account.to_bytes().decode("utf-8")
    assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=0) + "\n"


def test_a_number_in_the_text_has_its_own_page_and_one_in_a_figure_the_figures() -> None:
    assert [one.page for one in ACCOUNT.with_pages({1: 5}, {"fig-a": 9}).numbers] == [5, 9]


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.tal.json"
    path.write_bytes(ACCOUNT.to_bytes())
    assert load_account(path) == ACCOUNT
