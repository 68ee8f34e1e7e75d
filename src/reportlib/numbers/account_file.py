"""The JSON file of an account of numbers, `<report>.tal.json`: its shape, and what is made of it once it is tested."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, create_model

from reportlib.files.reading import Count, Hash, IsoDay, Shape, check_version, faulty, read_json, shaped
from reportlib.ledger import Estimate, Measure
from reportlib.ledger.file import MeasureShape, UnitName, column_type, row_faults
from reportlib.numbers.account import FORMAT, Account, AccountFileError, Printed
from reportlib.text.origin import Origin
from reportlib.text.units import Unit
from reportlib.trial.design import Kind

_WHAT = "an account of numbers"
_HINT = "render the report again: it is written beside the report"

Plain = int | float | str | bool
DesignName = Annotated[str, Field(pattern=f"^({'|'.join(Kind)})$")]


class NumberShape(Shape):
    """A printed number."""

    text: str
    key: str
    place: str
    unit: UnitName | None = None
    chapter: Count = 0
    section: str = ""
    float: str = ""
    after: str = ""
    nr: Count | None = None
    page: Count | None = None
    line: str = ""


class FactShape(Shape):
    """A design fact."""

    value: Plain
    unit: UnitName
    label: str
    source: str


# What a row has not is left out; the key stands before it.
_row: dict[str, Any] = {
    entry.name: (column_type(entry.name), ...) if entry.name in ("measure", "statistic", "unit", "population")
    else (column_type(entry.name), None)
    for entry in fields(Estimate)
    if entry.name != "key"
}  # fmt: skip
RowShape = create_model("RowShape", __base__=Shape, **_row)


class AccountShape(Shape):
    """The whole file."""

    format: int
    stamp: str
    trial: str
    kommune: str
    ledger: Hash
    title: str
    document_type: str
    report_date: IsoDay
    data_date: IsoDay
    design: DesignName
    level: Annotated[float, Field(gt=0, lt=0.5)]
    threshold: Annotated[int, Field(ge=3)]
    synthetic: bool
    sites: list[str]
    chapters: list[str]
    figures: list[str]
    floats: dict[str, str]
    subgroups: dict[str, str]
    numbers: list[NumberShape]
    rows: dict[str, RowShape]
    measures: dict[str, MeasureShape]
    facts: dict[str, FactShape]
    settings: dict[str, Plain]
    texts: list[str]
    dates: list[IsoDay]
    pages: dict[str, Count]


_BODY = ("format", "numbers", "rows", "measures", "facts", "settings", "texts", "dates", "pages")


def read_account(path: Path) -> Account:
    """The account in a file.

    Raises:
        AccountFileError: it is missing, is no account, or holds numbers that contradict themselves.
    """
    document = read_json(path, error=AccountFileError, what=_WHAT, hint=_HINT)
    check_version(document, FORMAT, path, error=AccountFileError, what=_WHAT, hint=_HINT)
    shaped(AccountShape, document, path, error=AccountFileError, what=_WHAT, hint=_HINT)
    account = Account(
        header={name: value for name, value in document.items() if name not in _BODY},
        numbers=[_number(record) for record in document["numbers"]],
        rows={key: _row_of(key, record) for key, record in document["rows"].items()},
        measures={
            name: Measure(**{**record, "unit": Unit(record["unit"])}) for name, record in document["measures"].items()
        },
        facts=document["facts"],
        settings=document["settings"],
        texts=document["texts"],
        dates=[date.fromisoformat(day) for day in document["dates"]],
        pages=document["pages"],
    )
    if faults := list(row_faults(account.rows, account.measures, account.level)):
        raise faulty(path, faults, error=AccountFileError, what=_WHAT, hint=_HINT)
    return account


def _number(record: dict[str, Any]) -> Printed:
    values = {name: value for name, value in record.items() if name not in ("key", "unit")}
    return Printed(origin=Origin.parse(record["key"]), **values)


def _row_of(key: str, record: dict[str, Any]) -> Estimate:
    return Estimate(**{**record, "key": key, "unit": Unit(record["unit"])})
