"""Jobindsats: the public API of Styrelsen for Arbejdsmarked og Rekruttering, version 3, and version 2 as it was.

Shapes as in public code that reads the API (2026): a table's metadata has `periods` (`periodtype_id`, values with
`period_id`), `mgroups` and `dimensions` -> `hierarchies` -> `levels` -> values with `value_id` and `value_name`; data
are `columns` and `rows` with readable labels (areas stand under Område or, in public code, Kommune). Version 2 is asked
with lists and answers with a list of one: `Variables` and `Data`.
Guide: jobindsats.dk/api/kom-i-gang/brugervejledning-til-version-3/. Hidden and zero cells both come as null.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.exchange.public_series import (
    Cell,
    NotInTableError,
    UnknownAnswerValueError,
    check_months,
    found,
    parsed,
    wanted_areas,
    wanted_months,
)
from reportlib.exchange.web import Ask, NoAnswerError, Question, as_json, known_form
from reportlib.registers.spelling import fold
from reportlib.trial.extracts import Jobindsats
from reportlib.trial.model import Trial

HOST = "https://api.jobindsats.dk"
TOKEN = "JOBINDSATS_TOKEN"
"""The environment variable with the token."""

_PERIOD, _AREAS = "Periode", ("Område", "Kommune", "Area")


class MissingTokenError(ReportlibError):
    """The environment has no token for Jobindsats."""


def cells(spec: Jobindsats, trial: Trial, ask: Ask, environment: Mapping[str, str] = os.environ) -> list[Cell]:
    """What trial.yml asks the table for.

    Raises:
        MissingTokenError, NoAnswerError; NotInTableError, with near names; UnknownAnswerValueError.
    """
    token = _token(environment)
    with known_form(spec.bank):
        return _version_3(spec, trial, ask, token) if spec.version == 3 else _version_2(spec, trial, ask, token)


def tables(word: str, ask: Ask, environment: Mapping[str, str] = os.environ) -> list[tuple[str, str, str]]:
    """(id, name, subject) of every table whose id, name or subject holds the word."""
    address = f"{HOST}/v3/tables?format=json"
    document = as_json(ask(Question(address, secret=_bearer(_token(environment)))), address)
    listed = [
        (str(table["table_id"]), str(table.get("table_name", "")), str(subject.get("subject_name", "")))
        for subject in _with("table_groups", document)
        for table in _with("table_id", subject)
    ]
    return sorted(entry for entry in listed if word.casefold() in " ".join(entry).casefold())


def _token(environment: Mapping[str, str]) -> str:
    token = environment.get(TOKEN, "").strip()
    if not token:
        raise MissingTokenError(
            f"the environment has no {TOKEN}",
            hint="a token comes from jobindsats@star.dk, one for each organisation: set it as an environment variable",
        )
    if not re.fullmatch(r"[!-~]+", token):  # it would be a header's value, and stand in the message of the error
        raise MissingTokenError(f"what {TOKEN} holds is no token: it has blanks or letters that a token never has")
    return token


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _version_3(spec: Jobindsats, trial: Trial, ask: Ask, token: str) -> list[Cell]:
    table = quote(spec.table.strip().lower(), safe="")
    address = f"{HOST}/v3/table/{table}?format=json"
    about = as_json(ask(Question(address, secret=_bearer(token))), address)
    months = [entry["period_id"] for kind in _with("periodtype_id", about) for entry in _with("period_id", kind)]
    check_months(spec, map(str, months))
    hierarchies = {str(entry["hierarchy_id"]): _values(entry) for entry in _with("hierarchy_id", about)}
    for name in (spec.area, *spec.where):
        if name not in hierarchies:
            raise NotInTableError(
                f"the table {spec.table} has no hierarchy {name!r}", hint=did_you_mean(name, hierarchies)
            )
    areas = wanted_areas(spec, trial)
    for name in areas.values():
        found(name, hierarchies[spec.area], "area", spec.table)
    chosen = {
        name: found(value, hierarchies[name], f"value of {name}", spec.table) for name, value in spec.where.items()
    }
    question = {
        "mgroup.*": "*",
        "period.M": ",".join(wanted_months(spec)),
        f"hierarchy.{spec.area}": "*",
        **{f"hierarchy.{name}": value for name, value in chosen.items()},
        "format": "json",
    }
    address = f"{HOST}/v3/data/{table}?{urlencode(question, safe=':,*/')}"
    answer = as_json(ask(Question(address, secret=_bearer(token))), address)
    if not isinstance(answer, dict) or not all(isinstance(answer.get(name), list) for name in ("columns", "rows")):
        raise NoAnswerError(f"{address} answered without columns and rows", hint="has the API another form?")
    labels = [{label for label, known in hierarchies[name].items() if known == value} for name, value in chosen.items()]
    columns = [str(name) for name in answer["columns"]]
    return list(_cells(spec, _sites(areas, hierarchies[spec.area]), columns, answer["rows"], labels, address))


def _sites(areas: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """What the table calls an area (folded) -> the site; trial.yml may name it by its id."""
    names = {identity: name for name, identity in known.items()}
    return {fold(names.get(area, area)): site for site, area in areas.items()}


def _version_2(spec: Jobindsats, trial: Trial, ask: Ask, token: str) -> list[Cell]:
    address = f"{HOST}/v2/data/{quote(spec.table.strip().lower(), safe='')}/json"
    chosen = {name: [value] for name, value in spec.where.items()}
    body = {"area": "*", "period": wanted_months(spec), **chosen}
    answer = as_json(ask(Question(address, body, {"Authorization": token})), address)
    if not (isinstance(answer, list) and answer and {"Variables", "Data"} <= set(answer[0])):
        raise NoAnswerError(f"{address} answered without Variables and Data", hint="has the API another form?")
    columns = [str(variable["Label"]) for variable in answer[0]["Variables"]]
    labels = [{value} for value in spec.where.values()]
    return list(_cells(spec, _sites(wanted_areas(spec, trial), {}), columns, answer[0]["Data"], labels, address))


def _cells(
    spec: Jobindsats,
    sites: Mapping[str, str],
    columns: list[str],
    rows: list[list[Any]],
    labels: list[set[str]],
    address: str,
) -> Iterator[Cell]:
    """The cells of the sites' rows; one of each set of `labels` that were asked for must stand in each row."""
    by_folded = {fold(name): place for place, name in enumerate(columns)}
    period = next((place for name, place in by_folded.items() if name.startswith(fold(_PERIOD))), None)
    area = next((by_folded[fold(name)] for name in _AREAS if fold(name) in by_folded), None)
    if period is None or area is None:
        raise NoAnswerError(f"{address} answered without period and area; its columns are {', '.join(columns)}")
    measures = {}
    for name in (spec.count, spec.base):
        if fold(name) not in by_folded:
            raise NotInTableError(f"the table {spec.table} has no measure {name!r}", hint=did_you_mean(name, columns))
        measures[name] = by_folded[fold(name)]
    answered = {fold(str(row[area])): str(row[area]) for row in rows}
    for name, wanted in sites.items():
        if name not in answered:
            hint = did_you_mean(spec.areas.get(wanted, wanted), answered.values())
            raise NotInTableError(f"{spec.table} answers nothing for {wanted!r}", hint=hint)
    for row in rows:
        if len(row) != len(columns):
            raise NoAnswerError(f"{address} answered with a row of {len(row)} cells under {len(columns)} columns")
        told = {fold(cell) for cell in row if isinstance(cell, str)}
        if missing := [" or ".join(sorted(label)) for label in labels if told.isdisjoint(map(fold, label))]:
            others = [cell for place, cell in enumerate(row) if isinstance(cell, str) and place not in (period, area)]
            raise UnknownAnswerValueError(
                f"{spec.table} was asked for {', '.join(missing)} and answered for {', '.join(others) or 'nothing'}",
                hint="what trial.yml does not ask for is not read; see `fetch.where`",
            )
        if (site := sites.get(fold(str(row[area])))) is not None:
            for name, place in measures.items():
                value, why = parsed(row[place])
                yield Cell(str(row[period]).strip(), site, name, value, why)


def _values(hierarchy: Any) -> dict[str, str]:
    """Name -> id of the values of a hierarchy, whatever the depth."""
    return {
        str(value["value_name"]): str(value["value_id"])
        for value in _with("value_id", hierarchy)
        if "value_name" in value
    }


def _with(key: str, document: Any) -> Iterator[dict[str, Any]]:
    """Every object at any depth that has the key."""
    pending = deque([document])
    while pending:
        part = pending.popleft()
        if isinstance(part, dict):
            if key in part:
                yield part
            pending += part.values()
        elif isinstance(part, list):
            pending += part
