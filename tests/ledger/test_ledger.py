"""The ledger: lookup, selection, file and hash."""

from __future__ import annotations

from pathlib import Path

import pytest
from valid_files import LEDGER_HEADER

from reportlib.analysis.ledger_builder import LedgerBuilder
from reportlib.disclosure import Threshold
from reportlib.ledger import Ledger, LedgerFileError, Measure, UnknownKeyError, make_key
from reportlib.ledger.file import load_ledger
from reportlib.text.units import Unit

MEASURE = Measure(id="timer-andel", label="Andel", unit=Unit.PCT, definition="Har timer", source="Register")


def small_ledger(k: int = 40) -> Ledger:
    builder = LedgerBuilder([MEASURE])
    for week in (1, 2):
        builder.add(
            measure="timer-andel",
            statistic="share",
            group="deltager",
            time=f"uge{week}",
            k=k + week,
            n=200,
            value=100 * (k + week) / 200,
            population="deltagerne",
        )
    return builder.build(LEDGER_HEADER, threshold=Threshold())


def test_a_key_leaves_out_what_is_empty_and_plain() -> None:
    assert make_key("samtaler", statistic="share", group="deltager", site="Nyborg") == "samtaler.deltager.site=Nyborg"


def test_a_key_names_a_statistic_that_is_not_plain() -> None:
    assert make_key("timer", statistic="maximum", group="deltager") == "timer.deltager.maximum"


def test_a_key_for_all_other_sites_says_so() -> None:
    assert make_key("timer", statistic="mean", site="øvrige:Nyborg") == "timer.oevrige=Nyborg"


def test_lookup_gives_the_row() -> None:
    row = small_ledger()["timer-andel.deltager.uge2"]
    assert (row.k, row.n, row.value, row.unit, row.week) == (42, 200, 21.0, Unit.PCT, 2)


def test_an_unknown_key_suggests_keys_of_the_same_measure() -> None:
    with pytest.raises(UnknownKeyError, match=r"timer-andel\.deltager\.uge2"):
        small_ledger()["timer-andel.deltager.uge22"]


def test_select_keeps_the_order_of_the_ledger() -> None:
    assert [row.week for row in small_ledger().select(measure="timer-andel")] == [1, 2]


def test_a_saved_ledger_loads_equal(tmp_path: Path) -> None:
    ledger = small_ledger()
    ledger.save(tmp_path / "ledger.json")
    loaded = load_ledger(tmp_path / "ledger.json")
    assert list(loaded) == list(ledger)
    assert loaded.hash == ledger.hash


def test_the_hash_follows_the_content() -> None:
    assert small_ledger(40).hash != small_ledger(41).hash


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(LedgerFileError, match="reportlib analyse"):
        load_ledger(tmp_path / "nothing.json")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(LedgerFileError, match="format"):
        load_ledger(path)


def test_a_measure_that_is_not_in_the_catalogue_is_an_error_with_the_nearest() -> None:
    assert small_ledger().measure("timer-andel") == MEASURE
    with pytest.raises(UnknownKeyError, match="no 'timer-andle'") as refused:
        small_ledger().measure("timer-andle")
    assert refused.value.hint == "did you mean timer-andel?"
