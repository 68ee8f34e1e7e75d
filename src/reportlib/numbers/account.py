"""The account of a report's numbers, and its file: what is printed, where, what it is and of which rows."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

from reportlib.errors import ReportlibError
from reportlib.files.reading import Count, FileKind, Hash, IsoDay, Shape
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.ledger.file import MeasureShape, UnitName, column_type, row_faults
from reportlib.numbers.collect import TEXT, Collected, Printed, named
from reportlib.numbers.describe import subgroup_names
from reportlib.text.origin import Kind, Origin, keys_in, sources_in
from reportlib.text.units import Unit
from reportlib.trial.base import place_in_list
from reportlib.trial.design import Kind as DesignKind
from reportlib.trial.model import Trial

# The account of a report's numbers: every printed number in reading order, with all that is known of each.
#
# It is the file `<report>.tal.json` beside the report. The rows, measures, facts and settings that the numbers come
# from are in it, so that it can be read and checked without the ledger; like the ledger it holds aggregates only.


FORMAT = 2

_DRAWN = re.compile(r"<text(?P<attributes>[^>]*)>(?P<text>[^<]*)</text>")
_ORIGINS = re.compile(r'data-tal="([^"]*)"')
_DIGIT = re.compile(r"\d")
_ABBREVIATIONS = ("pct", "kr", "mio")


class AccountFileError(ReportlibError):
    """A file of printed numbers cannot be read: missing, not JSON, or of another format."""


@dataclass(frozen=True)
class Account:
    """All printed numbers of one report and what they come from.

    `texts` are the labels, definitions and names of trial.yml that hold digits ("13 ugers ..."), and the report's
    references: where they stand in the report, their digits are theirs. `dates` are the trial's days,
    `data` the keys of the rows drawn in each figure.
    """

    header: Mapping[str, Any]
    numbers: Sequence[Printed]
    rows: Mapping[str, Estimate]
    measures: Mapping[str, Measure]
    facts: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, Any]
    texts: Sequence[str]
    dates: Sequence[date]
    pages: Mapping[str, int] = field(default_factory=dict)
    data: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def level(self) -> float:
        """The level of significance."""
        return float(self.header["level"])

    @property
    def chapters(self) -> list[str]:
        """The titles of the report's chapters."""
        return list(self.header["chapters"])

    @property
    def figures(self) -> list[str]:
        """The figures' identifiers in the report's order."""
        return list(self.header["figures"])

    @cached_property
    def subgroups(self) -> Mapping[str, str]:
        """Row key -> what its subgroup is called; one that is missing is told by the row's population."""
        named: Mapping[str, str] = self.header.get("subgroups", {})
        return named

    @cached_property
    def by_nr(self) -> dict[int, Printed]:
        """The numbers that stand in text, by their number."""
        return {printed.nr: printed for printed in self.numbers if printed.nr is not None}

    def row_of(self, origin: Origin) -> Estimate | None:
        """The ledger row of an origin, if it is one."""
        return self.rows.get(origin.ref) if origin.kind is Kind.ROW else None

    def measure_of(self, row: Estimate) -> Measure:
        """The catalogue entry of a row."""
        return self.measures[row.measure]

    def with_pages(self, pages: Mapping[int, int], floats: Mapping[str, int]) -> Account:
        """The account with the page each number stands on in the PDF."""
        placed = [
            printed._replace(page=pages.get(printed.nr) if printed.nr is not None else floats.get(printed.float))
            for printed in self.numbers
        ]
        return replace(self, numbers=placed, pages=dict(floats))

    def to_bytes(self) -> bytes:
        """The file's content; equal accounts are equal bytes."""
        return self._content

    @cached_property
    def _content(self) -> bytes:
        rows = (f"{_lines(key)}: {_record_lines(_row_record(row))}" for key, row in sorted(self.rows.items()))
        document = {
            **{name: _lines(value) for name, value in {"format": FORMAT, **self.header}.items()},
            "numbers": _block("[", (_record_lines(_number_record(printed, self)) for printed in self.numbers), "]"),
            "rows": _block("{", rows, "}"),
            "measures": _lines({name: asdict(entry) for name, entry in sorted(self.measures.items())}),
            "facts": _lines(self.facts),
            "settings": _lines(self.settings),
            "texts": _lines(list(self.texts)),
            "dates": _lines([day.isoformat() for day in self.dates]),
            "pages": _lines(self.pages),
            "data": _lines(self.data),
        }
        return _block("{", (f"{_lines(name)}: {text}" for name, text in document.items()), "}").encode("utf-8") + b"\n"


def make_account(
    collected: Collected,
    *,
    ledger: Ledger,
    trial: Trial,
    stamp: str,
    kommune: str,
    pictures: Mapping[str, tuple[int, str]],
    data: Mapping[str, Sequence[str]],
    texts: Sequence[str],
) -> Account:
    """The account of the numbers collected from a document; `pictures` is each figure's chapter and SVG source, in
    order, `data` the keys of the rows drawn in it; `texts` are names of the report's own that hold digits, such as its
    references."""
    numbers = [_whole(one) for one in collected.numbers]
    for name, (chapter, source) in pictures.items():
        numbers += _drawn(source, Printed(text="", origin=TEXT, place="drawn", chapter=chapter, float=name))
    told = {name: [key for key in keys if key in ledger and not ledger[key].hidden] for name, keys in data.items()}
    named = (key for printed in numbers for key in keys_in(printed.origin) if key in ledger)
    keys = dict.fromkeys((*named, *(key for keys in told.values() for key in keys)))
    rows = {key: ledger[key] for key in keys}
    leaves = list(_leaves(trial))
    facts = {
        name: {
            "value": value.isoformat() if isinstance(value := fact.value, date) else value,
            "unit": str(fact.unit),
            "label": fact.label,
            "source": trial.sources[fact.source].text,
        }
        for name, fact in trial.facts.items()
    }
    return Account(
        header={
            "stamp": stamp,
            "trial": trial.id,
            "kommune": kommune,
            "ledger": ledger.hash,
            "title": trial.title,
            "document_type": trial.document_type,
            "report_date": trial.report_date.isoformat(),
            "data_date": trial.data_date.isoformat(),
            "design": str(trial.design.kind),
            "avoid": dict(trial.glossary.avoid),
            "level": trial.design.level,
            "threshold": trial.disclosure.threshold,
            "synthetic": trial.synthetic,
            "sites": list(trial.sites.names),
            "elsewhere": list(trial.sites.elsewhere),
            "chapters": list(collected.chapters),
            "figures": list(pictures),
            "floats": dict(collected.floats),
            "subgroups": subgroup_names(rows.values(), ledger.measures, trial),
        },
        numbers=numbers,
        rows=rows,
        measures={row.measure: ledger.measure(row.measure) for row in rows.values()},
        facts=facts,
        settings=dict(_settings(numbers, dict(leaves), trial)),
        texts=sorted(
            {leaf for _, leaf in leaves if isinstance(leaf, str) and _DIGIT.search(leaf)}
            | {text for m in ledger.measures.values() for text in _measure_texts(m)}
            | {text for text in texts if _DIGIT.search(text)}
        ),
        dates=sorted({leaf for _, leaf in leaves if isinstance(leaf, date)}),
        data=told,
    )


def _whole(found: Printed) -> Printed:
    """The number with the full stop of its abbreviation, which stands outside the span."""
    return found._replace(text=f"{found.text}.") if found.text.split("\u00a0")[-1] in _ABBREVIATIONS else found


def _drawn(source: str, at: Printed) -> Iterator[Printed]:
    """The numbers written in a figure, in the order of its file."""
    for match in _DRAWN.finditer(source):
        origins = _ORIGINS.search(match["attributes"])
        for found in named(html.unescape(match["text"]), html.unescape(origins[1]) if origins else "", at):
            yield _whole(found)


def _settings(numbers: Iterable[Printed], leaves: Mapping[str, Any], trial: Trial) -> Iterator[tuple[str, Any]]:
    """Place in trial.yml -> value, for the settings that are printed: numbers, and days (ISO)."""
    counted = {"sites": trial.sites.names, "reservations": trial.reservations, "elements": trial.elements}
    known = {**leaves, **{name: len(found) for name, found in counted.items()}}
    named = (source for printed in numbers for source in sources_in(printed.origin) if source.kind is Kind.SETTING)
    for place in dict.fromkeys(source.ref for source in named):
        value = known.get(place)
        if isinstance(value, int | float | date) and not isinstance(value, bool):
            yield place, value.isoformat() if isinstance(value, date) else value


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Everything in trial.yml that holds nothing more, with its place as the origin of a setting names it."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), f"{place}.{name}" if place else name)
    elif isinstance(value, tuple | list):
        for number, part in enumerate(value, 1):
            yield from _leaves(part, f"{place}.{place_in_list(part, number)}")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{place}.{key}")
    else:
        yield place, value


def _measure_texts(measure: Measure) -> Iterator[str]:
    return (text for text in (measure.label, measure.definition, measure.source) if _DIGIT.search(text))


def _number_record(printed: Printed, account: Account) -> dict[str, Any]:
    row = account.row_of(printed.origin)
    record: dict[str, Any] = {"text": printed.text, "key": str(printed.origin), "place": printed.place}
    if row is not None and printed.origin.part in ("value", "ci_low", "ci_high"):
        record["unit"] = str(row.unit)
    for name in ("chapter", "section", "float", "after", "nr", "page", "line"):
        if (value := getattr(printed, name)) not in ("", None, 0):
            record[name] = value
    return record


_FLAT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",\n", ": "))


def _lines(value: Any) -> str:
    """JSON with every entry on a line of its own."""
    return json.dumps(value, ensure_ascii=False, indent=0, allow_nan=False)


def _record_lines(record: Mapping[str, Any]) -> str:
    """The same for a record of texts and numbers, in half the time: with an indent Python's C encoder is not used."""
    return f"{{\n{_FLAT.encode(record)[1:-1]}\n}}"


def _block(begin: str, entries: Iterable[str], end: str) -> str:
    inside = ",\n".join(entries)
    return f"{begin}\n{inside}\n{end}" if inside else begin + end


_ROW_FIELDS = tuple(entry.name for entry in fields(Estimate) if entry.name != "key")
_row_values = attrgetter(*_ROW_FIELDS)


def _row_record(row: Estimate) -> dict[str, Any]:
    values = zip(_ROW_FIELDS, _row_values(row), strict=True)
    return {name: value for name, value in values if value is not None and value != ""}


# The JSON file of an account of numbers, `<report>.tal.json`: its shape, and what is made of it once it is tested.


_KIND = FileKind(AccountFileError, "an account of numbers", "render the report again: it is written beside the report")

Plain = int | float | str | bool
DesignName = Annotated[str, Field(pattern=f"^({'|'.join(DesignKind)})$")]


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
    avoid: dict[str, str] = Field(default_factory=dict)
    level: Annotated[float, Field(gt=0, lt=0.5)]
    threshold: Annotated[int, Field(ge=3)]
    synthetic: bool
    sites: list[str]
    elsewhere: list[str] = Field(default_factory=list)
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
    data: dict[str, list[str]]


_BODY = ("format", "numbers", "rows", "measures", "facts", "settings", "texts", "dates", "pages", "data")


def load_account(path: Path) -> Account:
    """The account in a file.

    Raises:
        AccountFileError: it is missing, is no account, or holds numbers that contradict themselves.
    """
    return account_of(_KIND.read_text(path), path)


def account_of(text: str, path: Path) -> Account:
    """The account whose text was found in a file.

    Raises:
        AccountFileError: it is no account, or holds numbers that contradict themselves.
    """
    document = _KIND.json_of(text, path)
    _KIND.check_version(document, FORMAT, path)
    _KIND.check_shape(AccountShape, document, path)
    account = Account(
        header={name: value for name, value in document.items() if name not in _BODY},
        numbers=[_number(record) for record in document["numbers"]],
        rows={
            key: Estimate(**{**record, "key": key, "unit": Unit(record["unit"])})
            for key, record in document["rows"].items()
        },
        measures={
            name: Measure(**{**record, "unit": Unit(record["unit"])}) for name, record in document["measures"].items()
        },
        facts=document["facts"],
        settings=document["settings"],
        texts=document["texts"],
        dates=[date.fromisoformat(day) for day in document["dates"]],
        pages=document["pages"],
        data=document["data"],
    )
    if faults := list(row_faults(account.rows, account.measures, account.level)):
        raise _KIND.faulty(path, faults)
    return account


def _number(record: dict[str, Any]) -> Printed:
    values = {name: value for name, value in record.items() if name not in ("key", "unit")}
    return Printed(origin=Origin.parse(record["key"]), **values)
