"""How a cause reads, for each way in which what two ledgers are made of can differ: headers made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from claim_rows import difference

from reportlib.ledger import Estimate
from reportlib.ledger.file import MadeBy
from reportlib.numbers.diff import CODE, HIDING, NOT_TOLD, Differences

ROW = difference(1.0, 0.4)
PARTS = {f"measures.{ROW.measure}": ["extracts.timer"], "extracts.timer": [], "measures.andet": ["extracts.andet"]}
HASH = "0" * 64
DAY, LATER = "2017-01-31", "2017-02-28"


def header(settings: dict[str, Any] | None = None, *, rows: int = 10, sha256: str = "a", **more: Any) -> dict[str, Any]:
    file = {"name": "timer.csv", "rows": rows, "sha256": sha256}
    made_of = {"parts": PARTS, "extracts": {"timer": "timer.csv"}, "settings": settings or {}}
    return {"made_of": made_of, "files": [file], "reportlib": "1.0", **more}


def told(old: dict[str, Any], new: dict[str, Any], *, hides: bool = False, verdict: bool = False, **code: Any) -> Any:
    return Differences(old, new, **code).causes(ROW, hides=hides, verdict=verdict)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"follow_up.weeks": 52}, "indstillingen follow_up.weeks (ny)"),
        ({"follow_up.weeks": 52}, {}, "indstillingen follow_up.weeks (væk)"),
        ({"follow_up.weeks": 52}, {"follow_up.weeks": 60}, "indstillingen follow_up.weeks (52 → 60)"),
        ({"design.drawn": True}, {"design.drawn": False}, "indstillingen design.drawn (ja → nej)"),
        ({"design.enough": None}, {"design.enough": 5}, "indstillingen design.enough (ingen → 5)"),
        ({"design.enough": 1}, {"design.enough": 0}, "indstillingen design.enough (1 → 0)"),
        ({"period.last": DAY}, {"period.last": LATER}, f"indstillingen period.last ({DAY} → {LATER})"),
        ({"groups.treated": "0a1b2c3d4e5f"}, {"groups.treated": "5f4e3d2c1b0a"}, "indstillingen groups.treated"),
        ({"groups.treated": DAY}, {"groups.treated": "5f4e3d2c1b0a"}, "indstillingen groups.treated"),
    ],
)
def test_a_setting_is_named_with_its_values_where_they_are_plain(
    before: dict[str, Any], after: dict[str, Any], words: str
) -> None:
    parts = {
        **PARTS,
        f"measures.{ROW.measure}": ["follow_up", "period", "groups"],
        "follow_up": [],
        "period": [],
        "groups": [],
    }
    old, new = header(before), header(after)
    for each in (old, new):
        each["made_of"]["parts"] = parts
    assert told(old, new) == (words,)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (10, "lige så mange rækker, andet indhold"),
        (11, "1 række flere"),
        (12, "2 rækker flere"),
        (9, "1 række færre"),
        (3, "7 rækker færre"),
    ],
)
def test_an_extract_is_named_with_how_many_rows_it_has_more(rows: int, words: str) -> None:
    assert told(header(), header(rows=rows, sha256="b")) == (f"udtrækket timer.csv: {words}",)


def test_what_cannot_have_moved_the_number_is_not_named() -> None:
    assert told(header(), header({"extracts.andet": 1, "measures.andet.gap": 2})) == (CODE,)
    assert told(header(), header({"measures.andet.gap": 2}), hides=True) == (HIDING,)
    assert told(header(), header(), hides=True) == (CODE,)


def test_a_level_that_changed_beside_an_extract_is_a_cause_of_the_verdict_alone() -> None:
    old, new = header({"design.level": 0.05}), header({"design.level": 0.01}, sha256="b")
    extract = "udtrækket timer.csv: lige så mange rækker, andet indhold"
    assert told(old, new) == (extract,)
    assert told(old, new, verdict=True) == (extract, "indstillingen design.level (0.05 → 0.01)")


def test_a_seed_moves_few_numbers_and_is_named_where_nothing_else_is() -> None:
    assert told(header({"design.seed": 1}), header({"design.seed": 2})) == ("indstillingen design.seed (1 → 2)",)
    both = header({"design.seed": 2}, sha256="b")
    assert told(header({"design.seed": 1}), both, verdict=True) == (
        "udtrækket timer.csv: lige så mange rækker, andet indhold",
    )


@pytest.mark.parametrize(
    ("code", "packages", "words"),
    [
        ({"a": "2"}, {}, ("koden a",)),
        ({"a": "2", "b": "2", "c": "2"}, {}, ("koden a, b, c",)),
        ({"a": "2", "b": "2", "c": "2", "d": "2", "e": "2"}, {}, ("koden a, b, c og 2 til",)),
        ({}, {"numpy": "2.0", "scipy": "1.0"}, ("pakken numpy 1.0 → 2.0", "pakken scipy - → 1.0")),
    ],
)
def test_the_code_is_named_by_its_modules_and_packages(
    code: dict[str, str], packages: dict[str, str], words: tuple[str, ...]
) -> None:
    was = {"code": dict.fromkeys("abcde", "1"), "packages": {"numpy": "1.0"}}
    old, new = (
        MadeBy(ledger=HASH, **each)
        for each in (was, {"code": was["code"] | code, "packages": was["packages"] | packages})
    )
    assert told(header(), header(), old_code=old, new_code=new) == words
    assert told(header(), header(), old_code=old) == (CODE,)
    version = ("reportlib 1.0 → 2.0", *words)
    assert told(header(), header(reportlib="2.0"), old_code=old, new_code=new) == version


def test_a_ledger_that_does_not_say_what_it_is_made_of_gives_no_cause() -> None:
    silent = {"files": [], "reportlib": "0.9"}
    assert told(silent, header()) == told(header(), silent) == (NOT_TOLD,)


def test_of_a_subgroup_what_its_analysis_is_made_of_is_a_cause_too_and_of_a_whole_only_where_nothing_else_is() -> None:
    """The extract `andet` tells who is in the subgroups: an analysis names it beside the measure."""
    parts = {**PARTS, "analyses.compare": [f"measures.{ROW.measure}", "extracts.andet"], "extracts.andet": []}

    def made(of_timer: str, of_andet: str) -> dict[str, Any]:
        made = header()
        made["made_of"] |= {"parts": parts, "extracts": {"timer": "timer.csv", "andet": "andet.csv"}}
        files = {"timer.csv": of_timer, "andet.csv": of_andet}
        return made | {"files": [{"name": name, "rows": 10, "sha256": sha256} for name, sha256 in files.items()]}

    def names(old: dict[str, Any], new: dict[str, Any], row: Estimate = ROW) -> list[str]:
        return [text.split()[1].rstrip(":") for text in Differences(old, new).causes(row, hides=False, verdict=False)]

    part = replace(ROW, subgroup="koen:mand")
    assert names(made("a", "a"), made("b", "b")) == ["timer.csv"]
    assert names(made("a", "a"), made("a", "b")) == ["andet.csv"]
    assert sorted(names(made("a", "a"), made("b", "b"), part)) == ["andet.csv", "timer.csv"]
    assert names(made("a", "a"), made("b", "a"), part) == ["timer.csv"]
