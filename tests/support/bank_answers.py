"""Made-up answers of banks of statistics, in the shapes that are documented or seen in public code; never fetched.

Jobindsats v3: metadata and data as public clients of 2026 read them (nested dimensions, `value_id`, `value_name`, one
or two byte-order marks, null for zero and for hidden). v2: `Variables` and `Data`. Statistikbanken: `tableinfo`, BULK,
and JSON-stat 1 and 2. The numbers are invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from small_trial import trial_file

from reportlib.exchange.web import Question
from reportlib.trial.extracts import Jobindsats, MonthlySeries, Statbank
from reportlib.trial.model import Trial

MARK = b"\xef\xbb\xbf"
TWICE = MARK.decode("latin-1").encode("utf-8")  # a mark that was encoded once more
COUNT, BASE = "Antal personer", "Personer i alt"

TABLE_V3: dict[str, Any] = {
    "table_id": "y60a02",
    "table_name": "Antal personer på kontanthjælp",
    "update_latest": "2020-04-21",
    "mgroups": [{"mgroup_id": "mgrp_1", "mgroup_name": COUNT}, {"mgroup_id": "mgrp_2", "mgroup_name": BASE}],
    "periods": [
        {"periodtype_id": "Y", "values": [{"period_id": "2020Y01"}]},
        {"periodtype_id": "M", "values": [{"period_id": f"2020M{month:02d}"} for month in (1, 2, 3)]},
    ],
    "dimensions": [
        {
            "dimension_id": "_omrade",
            "hierarchies": [
                {
                    "hierarchy_id": "_nykom",
                    "levels": [
                        {"level_id": "land", "values": [{"value_id": "/", "value_name": "Hele landet"}]},
                        {
                            "level_id": "kommune",
                            "values": [
                                {"value_id": "/1/", "value_name": "Nord"},
                                {"value_id": "/2/", "value_name": "Syd"},
                                {"value_id": "/3/", "value_name": "Vestby"},
                            ],
                        },
                    ],
                }
            ],
        },
        {
            "dimension_id": "_kon",
            "hierarchies": [
                {
                    "hierarchy_id": "_kon",
                    "levels": [
                        {"level_id": "alle", "values": [{"value_id": "/", "value_name": "Køn i alt", "values": [
                            {"value_id": "/1/", "value_name": "Kvinder"}, {"value_id": "/2/", "value_name": "Mænd"},
                        ]}]},
                    ],
                }
            ],
        },
    ],
}  # fmt: skip

DATA_V3: dict[str, Any] = {
    "columns": ["Periode", "Område", "Køn", COUNT, BASE],
    "rows": [
        [month, area, "Kvinder", count, base]
        for month, numbers in (("2020M01", (12, 34, 600)), ("2020M02", (14, 30, 580)))
        for area, count, base in zip(("Nord", "Syd", "Hele landet"), numbers, (200, "310", "6.100"), strict=True)
    ],
}

DATA_V2: list[dict[str, Any]] = [
    {
        "Variables": [{"Name": name, "Label": name} for name in ("Periode", "Area", "_kon", COUNT, BASE)],
        "Data": [[str(cell) for cell in row] for row in DATA_V3["rows"]],
    }
]

TABLEINFO: dict[str, Any] = {
    "id": "AUK01",
    "text": "Personer på offentlig forsørgelse",
    "updated": "2020-04-21T08:00:00",
    "variables": [
        {"id": "OMRÅDE", "text": "område", "elimination": True, "time": False, "values": [
            {"id": "000", "text": "Hele landet"}, {"id": "101", "text": "Nord"}, {"id": "147", "text": "Syd"}]},
        {"id": "YDELSESTYPE", "text": "ydelsestype", "elimination": True, "time": False, "values": [
            {"id": "TOT", "text": "I alt"}, {"id": "KTH", "text": "Kontanthjælp"}]},
        {"id": "KØN", "text": "køn", "elimination": False, "time": False, "values": [
            {"id": "M", "text": "Mænd"}, {"id": "K", "text": "Kvinder"}]},
        {"id": "Tid", "text": "tid", "elimination": False, "time": True, "values": [
            {"id": f"2020M{month:02d}", "text": f"2020M{month:02d}"} for month in (1, 2, 3)]},
    ],
}  # fmt: skip

BULK = """OMRÅDE;YDELSESTYPE;KØN;TID;INDHOLD
101;KTH;K;2020M01;12
101;TOT;K;2020M01;200
147;KTH;K;2020M01;34
147;TOT;K;2020M01;310
101;KTH;K;2020M02;-
101;TOT;K;2020M02;1.200
147;KTH;K;2020M02;30
147;TOT;K;2020M02;310
"""


def json_stat(*, version: int) -> dict[str, Any]:
    """The table of BULK as JSON-stat: version 1 has id and size inside `dimension`, 2 beside it."""

    def category(*codes: str) -> dict[str, Any]:
        index = {code: place for place, code in enumerate(codes)}
        return {"category": {"index": index, "label": {code: code for code in codes}}}

    dimension: dict[str, Any] = {
        "OMRÅDE": category("101", "147"),
        "YDELSESTYPE": category("KTH", "TOT"),
        "KØN": category("K"),
        "Tid": category("2020M01", "2020M02"),
    }
    order = {"id": list(dimension), "size": [2, 2, 1, 2]}
    cells = {"value": [12, None, 200, 1200, 34, 30, 310, 310], "status": {"1": "-"}}
    if version == 1:
        return {"dataset": {"dimension": {**dimension, **order}, **cells}}
    return {"version": "2.0", "class": "dataset", **order, "dimension": dimension, **cells}


def series_trial(spec: Mapping[str, Any], sites: tuple[str, ...] = ("Nord", "Syd")) -> Trial:
    """A trial with one series, fetched as `spec` says."""
    file = trial_file(sites={"names": list(sites)})
    file["extracts"]["series"] = {"ydelse": {"file": "ydelse.csv", "fetch": dict(spec)}}
    return Trial.model_validate(file)


def series_of(trial: Trial) -> tuple[MonthlySeries, Jobindsats | Statbank]:
    """The series and what it is fetched by."""
    series = trial.extracts.series["ydelse"]
    assert series.fetch is not None
    return series, series.fetch


def answers(by_part: Mapping[str, Any], asked: list[Question] | None = None) -> Callable[[Question], bytes]:
    """What asks: the answer whose key stands in the address; bytes as they are, all else as JSON."""

    def ask(question: Question) -> bytes:
        if asked is not None:
            asked.append(question)
        found = next(answer for part, answer in by_part.items() if part in question.address)
        return found if isinstance(found, bytes) else json.dumps(found, ensure_ascii=False).encode("utf-8")

    return ask


def spoiled(document: Any, other: Any) -> Iterator[Any]:
    """The document with one of its parts replaced by `other`, each part in turn."""
    if isinstance(document, dict | list):
        for name, part in list(document.items() if isinstance(document, dict) else enumerate(document)):
            for changed in (other, *spoiled(part, other)):
                copied: Any = document.copy()
                copied[name] = changed
                yield copied
