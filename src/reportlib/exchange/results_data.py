"""A ledger as data for others: the long table of R's `cards`, as Parquet and as CDISC Dataset-JSON 1.1; and records for
Jobeffekter.dk, one line a result, in the bank's own words, the main result first.

A row of the ledger becomes a row for each of its statistics. What divides persons (group, site, subgroup, time) stands
as pairs `group1`, `group1_level`; the measure is the `variable`, the ledger's statistic the `context`. Hidden rows are
left out. Sources: the column names of cards 0.9 (`cards::check_ard_structure`), the schema of Dataset-JSON 1.1
(github.com/cdisc-org/DataExchange-DatasetJson, schema/dataset.schema.json).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from reportlib import __version__
from reportlib.danish import list_text, p_text, value_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.ledger.digits import end_decimals, is_share, value_decimals
from reportlib.prose.evidence_bank import (
    NOT_COUNTED,
    NOT_SHOWN,
    BankEntry,
    ResultWithoutDirectionError,
    bank_entries,
    evidence_of,
    weighing,
    weight,
    weight_text,
)
from reportlib.text.units import Unit
from reportlib.trial.jobeffekter import DENMARK, PRIMARY
from reportlib.trial.model import Trial

_GROUPS = ("group", "site", "subgroup", "time")
"""What divides persons, in the order of the pairs."""

_STATISTICS = {
    "value": ("estimate", "Estimate"),
    "k": ("n", "Persons with a value other than zero"),
    "n": ("N", "Persons"),
    "se": ("std.error", "Standard Error"),
    "ci_low": ("conf.low", "CI Lower Bound"),
    "ci_high": ("conf.high", "CI Upper Bound"),
    "p": ("p.value", "p-value"),
    "df": ("parameter", "Degrees of Freedom"),
    "method": ("method", "Method"),
}
"""Field of an estimate -> its name and label in `cards` and `broom`."""

_FIELD_OF = {name: field for field, (name, _) in _STATISTICS.items()}
_PERSONS = frozenset({"k", "n"})
_NOT_ESTIMATED = "not estimable"
_TEXTS = frozenset({"method"})

_COLUMNS: dict[str, tuple[pa.DataType, str]] = {
    **{
        name: (pa.string(), label)
        for place, what in enumerate(_GROUPS, start=1)
        for name, label in (
            (f"group{place}", f"What divides the persons ({what})"),
            (f"group{place}_level", f"Which of them ({what})"),
        )
    },
    "variable": (pa.string(), "Measure"),
    "variable_level": (pa.string(), "Always empty: a measure has no levels"),
    "context": (pa.string(), "What was computed"),
    "stat_name": (pa.string(), "Statistic"),
    "stat_label": (pa.string(), "Label of the statistic"),
    "stat": (pa.float64(), "The statistic; shares and their intervals in per cent, see unit"),
    "fmt_fun": (pa.int64(), "Decimals the statistic has at most"),
    "warning": (pa.string(), "Why there is no estimate"),
    "error": (pa.string(), "Always empty"),
    "stat_text": (pa.string(), "The statistic, where it is a text"),
    "variable_label": (pa.string(), "The measure in Danish"),
    "unit": (pa.string(), "Unit of estimate and interval"),
    "population": (pa.string(), "Who is counted, in Danish"),
    "window": (pa.string(), "When, in Danish"),
    "data_date": (pa.string(), "The day the extracts were drawn"),
    "key": (pa.string(), "The row's key in the ledger"),
}
"""Column -> type and label, in the order that `cards::tidy_ard_column_order` gives."""

_AS_THEY_ARE = ("unit", "population", "window", "data_date", "key")
_TYPES = {pa.string(): "string", pa.float64(): "double", pa.int64(): "integer"}


class ResultsDataError(ReportlibError):
    """A file of results that does not give back the ledger it was made of."""


def results(ledger: Ledger) -> list[dict[str, Any]]:
    """The long table: a record for each statistic of each row that is shown, keys as `_COLUMNS`."""
    return [record for row in ledger if not row.hidden for record in _records(row, ledger.measure(row.measure))]


def _records(row: Estimate, measure: Measure) -> Iterator[dict[str, Any]]:
    about: dict[str, Any] = dict.fromkeys(_COLUMNS)
    for place, what in enumerate(_GROUPS, start=1):
        if level := getattr(row, what):
            about |= {f"group{place}": what, f"group{place}_level": level}
    about |= {name: str(getattr(row, name)) for name in _AS_THEY_ARE}
    about |= {"variable": row.measure, "variable_label": measure.label, "context": row.statistic}
    for field, (name, label) in _STATISTICS.items():
        value = getattr(row, field)
        found: dict[str, Any] = {"stat_name": name, "stat_label": _persons_label(row) if field == "k" else label}
        if field in _TEXTS:
            found["stat_text"] = value or None
        elif value is not None:
            decimals = {"k": 0, "n": 0, "value": value_decimals(row)}.get(field)
            found |= {"stat": float(value), "fmt_fun": decimals}
        elif field == "value":
            found["warning"] = _NOT_ESTIMATED
        if len(found) > 2 and (field not in _TEXTS or value):
            yield {**about, **found}


def _persons_label(row: Estimate) -> str:
    return "n" if is_share(row) else _STATISTICS["k"][1]


def estimates(records: Iterable[Mapping[str, Any]]) -> list[Estimate]:
    """The ledger's rows that the table was made of.

    Raises:
        ResultsDataError: a statistic that no ledger has.
    """
    rows: dict[str, dict[str, Any]] = {}
    for record in records:
        row = rows.setdefault(record["key"], _about(record))
        field = _FIELD_OF.get(record["stat_name"])
        if field is None:
            raise ResultsDataError(f"{record['key']}: a ledger has no statistic {record['stat_name']!r}")
        value = record["stat_text"] if field in _TEXTS else record["stat"]
        row[field] = int(value) if field in _PERSONS else value
    return [Estimate(**row) for row in rows.values()]


def _about(record: Mapping[str, Any]) -> dict[str, Any]:
    groups = {what: record[f"group{place}_level"] or "" for place, what in enumerate(_GROUPS, start=1)}
    kept = {name: record[name] for name in _AS_THEY_ARE}
    return {**groups, **kept, "measure": record["variable"], "statistic": record["context"], "unit": Unit(kept["unit"])}


# The two files.


def as_parquet(records: Sequence[Mapping[str, Any]], ledger: Ledger) -> bytes:
    """The table as a Parquet file; the ledger's hash stands in the file's own metadata."""
    columns = {name: pa.array([record[name] for record in records], kind) for name, (kind, _) in _COLUMNS.items()}
    schema = pa.schema(
        [pa.field(name, kind, metadata={"label": label}) for name, (kind, label) in _COLUMNS.items()],
        metadata={"trial": ledger.header["trial"], "ledger": ledger.hash, "reportlib": __version__},
    )
    sink = BytesIO()
    pa.parquet.write_table(pa.table(columns, schema=schema), sink)
    return sink.getvalue()


def from_parquet(content: bytes) -> list[dict[str, Any]]:
    """The records of a Parquet file that `as_parquet` made."""
    return list(pa.parquet.read_table(BytesIO(content)).to_pylist())


def as_dataset_json(records: Sequence[Mapping[str, Any]], ledger: Ledger, trial: Trial) -> bytes:
    """The table as one Dataset-JSON 1.1 document. Its time of creation is the report's date: the same ledger gives the
    same bytes."""
    document = {
        "datasetJSONCreationDateTime": f"{trial.report_date.isoformat()}T00:00:00",
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"reportlib.{trial.id}.{ledger.hash}",
        "dbLastModifiedDateTime": f"{ledger.header['data_date']}T00:00:00",
        "originator": trial.evaluator,
        "sourceSystem": {"name": "reportlib", "version": __version__},
        "studyOID": trial.id,
        "itemGroupOID": "IG.ARD",
        "records": len(records),
        "name": "ARD",
        "label": f"Analysis results of {trial.id}",
        "columns": [_column(name, kind, label) for name, (kind, label) in _COLUMNS.items()],
        "rows": [[record[name] for name in _COLUMNS] for record in records],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8") + b"\n"


def _column(name: str, kind: pa.DataType, label: str) -> dict[str, Any]:
    keys = {"key": 1, "stat_name": 2}
    column = {"itemOID": f"IT.ARD.{name}", "name": name, "label": label, "dataType": _TYPES[kind]}
    return {**column, "keySequence": keys[name]} if name in keys else column


def from_dataset_json(content: bytes) -> list[dict[str, Any]]:
    """The records of a Dataset-JSON document that `as_dataset_json` made."""
    document = json.loads(content)
    names = [column["name"] for column in document["columns"]]
    return [dict(zip(names, row, strict=True)) for row in document["rows"]]


def results_files(ledger: Ledger, trial: Trial) -> dict[str, bytes]:
    """Name -> content of both files, each read back and found equal to what the ledger shows.

    Raises:
        ResultsDataError: a file does not give the rows back.
    """
    records = results(ledger)
    shown = [row for row in ledger if not row.hidden]
    files = {"ard.parquet": as_parquet(records, ledger), "ard.json": as_dataset_json(records, ledger, trial)}
    for name, read in (("ard.parquet", from_parquet), ("ard.json", from_dataset_json)):
        found = estimates(read(files[name]))
        if found != shown:
            first = next(
                (row.key for row, other in zip(shown, found, strict=False) if row != other), "a row is missing"
            )
            raise ResultsDataError(f"{name} does not give back what the ledger shows: {first}")
    return files


def bank_records(ledger: Ledger, trial: Trial) -> list[dict[str, str]]:
    """A record for each result that is shown, keys in Danish; the weight is told with what it is made of.

    Raises:
        NoEvidenceError, ResultWithoutDirectionError, UnknownKeyError
    """
    entries = bank_entries(ledger, trial)
    if all(entry.direction == NOT_SHOWN for entry in entries):
        raise ResultWithoutDirectionError(
            f"no result of {trial.id} may be shown, so there is none to enter",
            hint="name a row that is shown under `jobeffekter` in trial.yml: reportlib keys TRIAL forskel",
        )
    evidence, factors, total = evidence_of(trial), weighing(trial), weight(trial)
    product = " × ".join(f"{weight_text(factor.weight)} ({factor.name}: {factor.value})" for factor in factors)
    method = next((factor.value for factor in factors if factor.name == "metode"), "Kvantitativ evaluering")
    return [
        {
            "studie": trial.title,
            "forfatter": trial.evaluator,
            "år": str(trial.report_date.year),
            "hovedresultat": "nej" if place else "ja",
            "målgruppe": list_text(evidence.target_groups),
            "indsats": list_text(evidence.interventions),
            "effektmål": entry.spec.outcome,
            "effektmålets art": "primært" if entry.spec.outcome in PRIMARY else "sekundært",
            "effekttype": entry.spec.effect_type,
            "effektretning": entry.direction,
            "resultat": entry.noun,
            **_numbers(entry),
            "analysemetode": method,
            "geografi": DENMARK,
            "kvalitetsvurdering": f"{evidence.quality} (egen vurdering)",
            "tidsskrift": evidence.journal,
            "kombination": evidence.combination,
            "vægt": NOT_COUNTED if total is None else weight_text(total),
            "vægtens led": product,
            "forbehold": evidence.limits,
            "data": "syntetiske: må ikke indtastes" if trial.synthetic else "som i rapporten",
            "nøgle": entry.row.key,
        }
        for place, entry in enumerate(entries)
        if entry.direction != NOT_SHOWN
    ]


def _numbers(entry: BankEntry) -> dict[str, str]:
    row = entry.row
    ends = [value_text(end, row.unit, end_decimals(row)) for end in (row.ci_low, row.ci_high) if end is not None]
    return {
        "forskel": "" if row.value is None else value_text(row.value, row.unit, value_decimals(row)),
        "interval": " til ".join(ends) if len(ends) == 2 else "",
        "p": "" if row.p is None else p_text(row.p),
        "personer": "" if row.n is None else str(row.n),
        "vindue": row.window,
    }


def as_csv(records: list[dict[str, str]]) -> bytes:
    """The records as CSV with semicolons, for whoever enters them in the bank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: value.replace("\u00a0", " ") for name, value in record.items()} for record in records)
    return text.getvalue().encode("utf-8-sig")
