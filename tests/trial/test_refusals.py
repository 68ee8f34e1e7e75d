"""What one part of trial.yml or of a code book refuses by itself, each beside the nearest that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from small_trial import trial_file

from reportlib.registers.codebook import CodeEntry
from reportlib.trial.analyses import Scales, Target
from reportlib.trial.design import Glossary, Groups, Sites
from reportlib.trial.extracts import Gap, MonthlySeries, Source, Statbank
from reportlib.trial.measures import MeasureSpec
from reportlib.trial.model import Fact


@dataclass(frozen=True)
class Case:
    """A part, what it takes, the change that makes it wrong, and what the refusal says."""

    part: type[BaseModel]
    right: dict[str, Any]
    wrong: dict[str, Any]
    says: str

    def __str__(self) -> str:
        return f"{self.part.__name__}: {self.says}"


def sites(*names: str) -> dict[str, Any]:
    return {"names": ["Nord", *names]}


GROUPS = trial_file()["groups"]
BEFORE = {f"{name}_before": {**group, "id": f"{group['id']}-foer"} for name, group in GROUPS.items()}
TABLE = {
    "kind": "statistikbanken",
    "counted": "X",
    "table": "T",
    "count": "a",
    "base": "b",
    "first": "2020-02-01",
    "last": "2020-02-01",
}
SERIES = {"file": "m.csv", "fetch": TABLE}
GAP = {"first": "2020-01-06", "last": "2020-01-06", "why": "nothing then"}
FACT = {"value": 3, "unit": "count", "label": "Et tal", "source": "register"}
SCALES = {"kind": "scales", "counts": "n", "measures": ["trivsel"], "relevant": {"trivsel": 0.5}}
MARKS = {"file": "a", "decimal": ","}
CODES = {"codes": "130-138, 730", "group": "dagpenge", "source": "x"}
CASES = [
    Case(Sites, sites("Syd"), sites("Alle"), "the name of the whole trial"),
    Case(Sites, sites("Syd"), sites("alle-kommuner"), "has a meaning of its own"),
    Case(Sites, sites("Øvrige"), sites("øvrige:Nord"), "has a meaning of its own"),
    Case(Sites, sites("NA by"), sites("NA"), "means a missing value"),
    Case(Sites, sites("S" * 100), sites("S" * 101), "longer than 100"),
    Case(Sites, sites("Syd"), sites("NORD"), "named twice"),
    Case(Sites, {**sites(), "elsewhere": ["Syd"]}, {**sites(), "elsewhere": ["nord"]}, "named twice"),
    Case(Sites, {**sites(), "written": {"Nord": ["1"]}}, {**sites(), "written": {"Syd": ["1"]}}, "'Syd' is no site"),
    Case(
        Sites,
        {**sites("Syd"), "written": {"Nord": ["1"], "Syd": ["2"]}},
        {**sites("Syd"), "written": {"Nord": ["1"], "Syd": ["1"]}},
        "two sites, or one twice, are called '1'",
    ),
    Case(Sites, {**sites(), "written": {"Nord": ["N"]}}, {**sites(), "written": {"Nord": ["NORD"]}}, "called 'nord'"),
    Case(
        Groups,
        {**GROUPS, **BEFORE},
        {**GROUPS, "treated_before": BEFORE["treated_before"]},
        "both treated_before and comparison_before",
    ),
    Case(Target, {"green": 80, "yellow": 80}, {"green": 80, "yellow": 80.5}, "yellow begins at 80.5 and green below"),
    Case(Gap, GAP, {**GAP, "last": "2020-01-05"}, "the gap ends"),
    Case(Source, {**MARKS, "thousands": "."}, {**MARKS, "thousands": ","}, "both ','"),
    Case(Source, {"file": "a", "missing": ["-", "ukendt"]}, {"file": "a", "missing": ["99"]}, "holds digits"),
    Case(Statbank, TABLE, {**TABLE, "last": "2020-01-31"}, "the months end"),
    Case(MonthlySeries, SERIES, {**SERIES, "file": "m.xlsx"}, "call it something.csv"),
    Case(MonthlySeries, {**SERIES, "file": "M.CSV"}, {**SERIES, "file": "csv"}, "call it something.csv"),
    Case(Glossary, {"avoid": {"a": "b"}}, {"avoid": {"a": "b", "b": "c"}}, "both to be avoided and to be written"),
    Case(Fact, FACT, {**FACT, "value": True}, "neither a number nor a date"),
    Case(Fact, {**FACT, "value": date(2020, 1, 1)}, {**FACT, "value": float("inf")}, "neither a number nor a date"),
    Case(Scales, SCALES, {**SCALES, "relevant": {"glaede": 0.5}}, "relevant names glaede"),
    Case(
        MeasureSpec,
        trial_file()["measures"][0],
        {**trial_file()["measures"][0], "unit": "hazard_ratio"},
        "is the unit of a comparison",
    ),
    Case(CodeEntry, CODES, {**CODES, "codes": "130-"}, "neither a code nor a range"),
    Case(CodeEntry, {**CODES, "codes": "130-130"}, {**CODES, "codes": "131-130"}, "must rise"),
    Case(CodeEntry, {**CODES, "codes": 1}, {**CODES, "codes": 0}, "begin at 1"),
    Case(
        CodeEntry,
        {**CODES, "valid_from": "2020-01-01", "valid_to": "2020-01-01"},
        {**CODES, "valid_from": "2020-01-02", "valid_to": "2020-01-01"},
        "valid_to comes before valid_from",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_nearest_right_is_taken_and_the_wrong_refused_for_its_reason(case: Case) -> None:
    case.part.model_validate(case.right)
    with pytest.raises(ValidationError) as refused:
        case.part.model_validate(case.wrong)
    assert case.says in str(refused.value)
