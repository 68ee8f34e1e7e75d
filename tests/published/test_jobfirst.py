"""Every number of the published JobFirst report is reproduced from the extracts, is a fact of trial.yml, or is left out
for a stated reason."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from whole_ledgers import ledgers

from reportlib.ledger import Estimate, Ledger
from reportlib.trial import Trial
from reportlib.trial.analyses import AtWeek, Distribution

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data" / "jobfirst"
MAPPING = yaml.safe_load((HERE / "jobfirst.yml").read_text(encoding="utf-8"))
ROWS: dict[str, dict[str, Any]] = MAPPING["rows"]
with (HERE / "jobfirst.csv").open(encoding="utf-8", newline="") as file:
    PUBLISHED = {row["id"]: row for row in csv.DictReader(file)}

HOW = ("key", "keys", "fact", "field", "left_out")
REASONS = {"contradiction", "judgement", "interview", "one_person", "lost"}


@pytest.fixture(scope="module")
def trial() -> Trial:
    return ledgers(DATA / "trial.yml")[0]


@pytest.fixture(scope="module")
def both() -> tuple[Ledger, Ledger]:
    return ledgers(DATA / "trial.yml")[1:]


@pytest.fixture(scope="module")
def ledger(both: tuple[Ledger, Ledger]) -> Ledger:
    return both[1]


def test_every_published_row_has_one_entry_in_the_same_order() -> None:
    assert list(ROWS) == list(PUBLISHED)


@pytest.mark.parametrize("name", ROWS)
def test_entry_says_where_the_number_comes_from(name: str) -> None:
    entry = ROWS[name]
    assert any(how in entry for how in HOW)
    if "left_out" in entry:
        assert entry["left_out"] in REASONS
        assert entry["why"]


@pytest.mark.parametrize("name", [name for name, entry in ROWS.items() if "key" in entry or "keys" in entry])
def test_ledger_gives_the_published_number(name: str, both: tuple[Ledger, Ledger], trial: Trial) -> None:
    entry, row = ROWS[name], PUBLISHED[name]
    all_digits, ledger = both
    COMPARE[entry["as"]](entry, row, all_digits if entry["as"] == "near" else ledger)
    if verdict := entry.get("verdict"):
        VERDICTS[verdict](ledger, entry["key"])
    if colour := entry.get("colour"):
        assert colour_of(ledger[entry["key"]], trial) == colour


@pytest.mark.parametrize("name", [name for name, entry in ROWS.items() if "fact" in entry])
def test_fact_is_the_published_number(name: str, trial: Trial) -> None:
    assert trial.facts[ROWS[name]["fact"]].value == float(PUBLISHED[name]["value"])


@pytest.mark.parametrize("name", [name for name, entry in ROWS.items() if "field" in entry])
def test_parameter_of_the_analysis_is_the_published_number(name: str, trial: Trial) -> None:
    assert FIELDS[ROWS[name]["field"]](trial) == float(PUBLISHED[name]["value"])


def rows_of(entry: dict[str, Any], ledger: Ledger) -> list[Estimate]:
    return [ledger[key] for key in entry.get("keys", [entry.get("key")])]


def half_up(value: float, decimals: int) -> Decimal:
    # The shortest decimal of the float, so that 2.5 is a half and 2.4999999999999996 is not made one.
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def same_n(found: Estimate, row: dict[str, str]) -> None:
    if row["n"]:
        assert found.n == int(row["n"])


def share(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    (found,) = rows_of(entry, ledger)
    assert found.k is not None
    assert found.n
    printed = (Decimal(100 * found.k) / Decimal(found.n)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert printed == Decimal(row["value"])
    if row["unit"] == "pct":
        same_n(found, row)


def count(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    (found,) = rows_of(entry, ledger)
    assert found.k == int(row["value"])
    same_n(found, row)


def number(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    assert sum(found.number for found in rows_of(entry, ledger)) == float(row["value"])


def mean(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    (found,) = rows_of(entry, ledger)
    assert half_up(found.number, 1) == Decimal(row["value"])
    same_n(found, row)


def cut(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    (found,) = rows_of(entry, ledger)
    assert row["value"] == ""
    assert entry["above"] <= half_up(found.number, 1) < entry["below"]
    same_n(found, row)


def near(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    published = float(row["value"])
    for found in rows_of(entry, ledger):
        value = found.number / 100 if row["unit"] == "andel" else found.number
        assert value == pytest.approx(published, rel=entry.get("tolerance", MAPPING["tolerance"]))
        assert value > entry.get("above", float("-inf"))
        assert value < entry.get("below", float("inf"))


def ratio(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    (found,) = rows_of(entry, ledger)
    assert half_up(1 + found.number / 100, 0) == Decimal(row["value"])


def band(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    found = ledger[entry["key"]]
    bands = [
        candidate
        for candidate in ledger.select(measure=found.measure, group=found.group, time=found.time)
        if candidate.statistic == "share_of_all" and candidate.value is not None
    ]
    lower, upper = max(bands, key=lambda candidate: candidate.number).subgroup.split("-")
    assert float(lower if entry["limit"] == "lower" else upper) == float(row["value"])


def flat(entry: dict[str, Any], row: dict[str, str], ledger: Ledger) -> None:
    for week in range(1, int(row["value"]) + 1):
        found = ledger[f"{entry['key']}.uge{week}"]
        assert found.p is not None
        assert found.p >= 0.05
        assert abs(found.number) < 0.5


def positive(ledger: Ledger, key: str) -> None:
    found = ledger[key]
    assert found.ci_low is not None
    assert found.ci_low > 0


def short_spells(ledger: Ledger, key: str) -> None:
    weeks = ledger[f"{key.rsplit('.', 1)[0]}.significant_weeks"]
    assert weeks.n
    assert 0 < weeks.number < weeks.n / 2


def colour_of(found: Estimate, trial: Trial) -> str:
    (target,) = (
        part.target for element in trial.elements for part in element.components if part.measure == found.measure
    )
    if found.number >= target.green:
        return "green"
    return "yellow" if found.number >= target.yellow else "red"


def month_number(day: date) -> int:
    return 100 * day.year + day.month


def run_of(trial: Trial) -> Any:
    return trial.measure_by_id["sammenhaengende"].computed


def one_week(trial: Trial, kind: type[AtWeek] | type[Distribution]) -> int:
    (week,) = {analysis.week for analysis in trial.analyses if isinstance(analysis, kind)}
    return week


def agreement_limit(trial: Trial) -> float:
    (limit,) = (
        part.target.yellow
        for element in trial.elements
        for part in element.components
        if part.measure == "arbejdsaftale-medarbejdere"
    )
    return limit


COMPARE: dict[str, Callable[[dict[str, Any], dict[str, str], Ledger], None]] = {
    "share": share,
    "count": count,
    "number": number,
    "mean": mean,
    "cut": cut,
    "near": near,
    "ratio": ratio,
    "band": band,
    "flat": flat,
}
VERDICTS = {"positive": positive, "short_spells": short_spells}
FIELDS: dict[str, Callable[[Trial], Any]] = {
    "report_date": lambda trial: month_number(trial.report_date),
    "sites.names": lambda trial: len(trial.sites.names),
    "period.first": lambda trial: month_number(trial.period.first),
    "follow_up.weeks": lambda trial: trial.follow_up.weeks,
    "elements": lambda trial: len(trial.elements),
    "analyses.at_week.week": lambda trial: one_week(trial, AtWeek),
    "analyses.distribution.week": lambda trial: one_week(trial, Distribution),
    "measures.sammenhaengende.from.weeks": lambda trial: run_of(trial).weeks,
    "measures.sammenhaengende.from.gap": lambda trial: run_of(trial).gap,
    "design.confidence": lambda trial: 100 * (1 - trial.design.level),
    "measures.foerste-samtale.from.weeks": lambda trial: trial.measure_by_id["foerste-samtale"].computed.weeks,  # type: ignore[union-attr]
    "targets.arbejdsaftale-medarbejdere.yellow": agreement_limit,
    "period.months": lambda trial: trial.period.last.month - trial.period.first.month + 1,
}
