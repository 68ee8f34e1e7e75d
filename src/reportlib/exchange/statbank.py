"""Statistikbanken: the public API of Danmarks Statistik, its CSV (BULK) and its JSON-stat. No token is needed.

Functions and formats: dst.dk/da/Statistik/hjaelp-til-statistikbanken/api. BULK is CSV with semicolons, a column of each
variable and `INDHOLD`; JSON-stat is version 1 (`{"dataset": ...}`), and 2 is read too. `-` is zero, `.` cannot occur,
`..` is not told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from reportlib.errors import did_you_mean
from reportlib.exchange.public_series import (
    Cell,
    NotInTableError,
    check_months,
    found,
    parsed,
    wanted_areas,
    wanted_months,
)
from reportlib.exchange.web import Ask, NoAnswerError, Question, as_json, decoded, known_form
from reportlib.trial.extracts import Statbank
from reportlib.trial.model import Trial

HOST = "https://api.statbank.dk/v1"
_TIME, _CONTENT = "Tid", "INDHOLD"


def cells(spec: Statbank, trial: Trial, ask: Ask) -> list[Cell]:
    """What trial.yml asks the table for.

    Raises:
        NoAnswerError; NotInTableError, with near names.
    """
    with known_form(spec.bank):
        return _cells(spec, trial, ask)


def _cells(spec: Statbank, trial: Trial, ask: Ask) -> list[Cell]:
    variables = _variables(spec, ask)
    sites = {
        found(area, variables[spec.area], "area", spec.table): site for site, area in wanted_areas(spec, trial).items()
    }
    chosen = {
        spec.area: list(sites),
        spec.counted: [
            found(value, variables[spec.counted], f"value of {spec.counted}", spec.table)
            for value in (spec.count, spec.base)
        ],
        **{name: [found(value, variables[name], f"value of {name}", spec.table)] for name, value in spec.where.items()},
        _TIME: wanted_months(spec),
    }
    address = f"{HOST}/data"
    body: dict[str, Any] = {
        "table": spec.table,
        "format": spec.form,
        "lang": "da",
        "valuePresentation": "Code",
        "variables": [{"code": code, "values": list(dict.fromkeys(values))} for code, values in chosen.items()],
    }
    content = ask(Question(address, body))
    rows = _bulk(decoded(content), address) if spec.form == "BULK" else _json_stat(as_json(content, address), address)
    by_id = dict(zip(chosen[spec.counted], (spec.count, spec.base), strict=True))
    told = []
    for row, value in rows:
        what, site = by_id.get(row[spec.counted.upper()]), sites.get(row[spec.area.upper()])
        if what is not None and site is not None:
            number, why = parsed(value)
            told.append(Cell(row[_TIME.upper()], site, what, number, why))
    return told


def tables(word: str, ask: Ask) -> list[tuple[str, str, str]]:
    """(id, text, latest period) of every table whose id or text holds the word."""
    address = f"{HOST}/tables"
    listed = as_json(ask(Question(address, {"format": "JSON", "lang": "da"})), address)
    entries = [(str(one["id"]), str(one["text"]), str(one.get("latestPeriod", ""))) for one in listed]
    return sorted(entry for entry in entries if word.casefold() in f"{entry[0]} {entry[1]}".casefold())


def _variables(spec: Statbank, ask: Ask) -> dict[str, dict[str, str]]:
    """Variable -> text -> id of its values; those that trial.yml names are there, and every other may be left out."""
    address = f"{HOST}/tableinfo"
    about = as_json(ask(Question(address, {"table": spec.table, "format": "JSON", "lang": "da"})), address)
    if not isinstance(about, dict) or not isinstance(about.get("variables"), list):
        raise NoAnswerError(f"{address} answered without variables", hint="has the API another form?")
    variables = {
        str(variable["id"]): {str(value["text"]): str(value["id"]) for value in variable["values"]}
        for variable in about["variables"]
    }
    for name in (spec.area, spec.counted, *spec.where, _TIME):
        if name not in variables:
            raise NotInTableError(
                f"the table {spec.table} has no variable {name!r}", hint=did_you_mean(name, variables)
            )
    named = {spec.area, spec.counted, *spec.where, _TIME}
    for variable in about["variables"]:
        if variable["id"] not in named and not variable.get("elimination", False):
            raise NotInTableError(
                f"the table {spec.table} cannot be asked without {variable['id']}",
                hint=f"fix it under `fetch.where`; {did_you_mean('', variables[variable['id']])}",
            )
    check_months(spec, variables[_TIME].values())
    return variables


def _bulk(text: str, address: str) -> Iterator[tuple[Mapping[str, str], str]]:
    """(variable -> code, cell) of every line."""
    lines = csv.DictReader(io.StringIO(text), delimiter=";")
    columns = [name.strip().upper() for name in lines.fieldnames or ()]
    if _CONTENT not in columns:
        raise NoAnswerError(f"{address} answered with something else than CSV: {text.strip()[:80]!r}")
    for line in lines:
        row = {str(name).strip().upper(): str(cell).strip() for name, cell in line.items()}
        yield row, row[_CONTENT]


def _json_stat(document: Any, address: str) -> Iterator[tuple[Mapping[str, str], object]]:
    """(variable -> code, cell) of every cell; a cell without a value has the sign that its status gives."""
    dataset = document.get("dataset", document) if isinstance(document, dict) else {}
    dimension = dataset.get("dimension", {})
    names, sizes = (dataset.get(name, dimension.get(name)) for name in ("id", "size"))
    if not names or not sizes or "value" not in dataset:
        raise NoAnswerError(f"{address} answered with something else than JSON-stat")
    codes = []
    for name, size in zip(names, sizes, strict=True):
        index = dimension[name]["category"].get("index") or list(dimension[name]["category"]["label"])
        ordered = sorted(index, key=index.__getitem__) if isinstance(index, dict) else list(index)
        places = sorted(index.values()) if isinstance(index, dict) else list(range(len(ordered)))
        if places != list(range(size)):
            raise NoAnswerError(f"{address}: the values of {name} do not have the places 0 to {size - 1}")
        codes.append(ordered)
    value, status = dataset["value"], dataset.get("status") or {}
    for place, combination in enumerate(product(*codes)):
        cell, sign = (_at(part, place) for part in (value, status))
        yield (
            {name.upper(): code for name, code in zip(names, combination, strict=True)},
            sign if cell is None else cell,
        )


def _at(part: Any, place: int) -> Any:
    """What stands at the place: values and statuses are lists, or objects with only some places."""
    if isinstance(part, dict):
        return part.get(str(place))
    return part if isinstance(part, str) else part[place] if place < len(part) else None
