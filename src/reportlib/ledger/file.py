"""A ledger's JSON file: its shape, and the tests that a file must pass before a number of it is printed.

A ledger is often carried from a closed server to where the report is written. Nothing in the file is taken on trust:
not its columns' lengths, not its keys (a number under another number's key would be printed as that), not the evidence
of its rows, and not its promise that nothing rests on fewer persons than its threshold.

By which code a ledger was made stands in a small file beside it, so that the same numbers stay the same bytes:
`ledger.code.json` names the ledger by its hash, the modules that can move a number by theirs, and the packages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, Field, JsonValue, ValidationError, create_model

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.own_files import module_hashes, package_version
from reportlib.files.reading import Count, FileKind, Hash, IsoDay, Number, Shape, kept
from reportlib.files.whole import write_whole
from reportlib.ledger import COLUMNS, FORMAT_VERSION, Estimate, Ledger, LedgerFileError, Measure, make_key
from reportlib.ledger.contradictions import contradictions
from reportlib.text.units import Unit

_KIND = FileKind(
    LedgerFileError, "a ledger", "run `reportlib analyse TRIAL`, which writes a ledger, or name another file"
)
_TEXTS = frozenset(name for name, hint in get_type_hints(Estimate).items() if hint is str or hint is Unit)
_COUNTS = frozenset({"k", "n"})
_EVIDENCE = ("value", "k", "n", "se", "ci_low", "ci_high", "p", "df")


def a_unit(text: str) -> str:
    """The text, which must be one of the units.

    Raises:
        ValueError
    """
    if text not in Unit.__members__.values():
        raise ValueError(f"unknown unit {text[:40]!r} ({did_you_mean(text[:40], list(Unit))})")
    return text


UnitName = Annotated[str, AfterValidator(a_unit)]


Hidden = Annotated[str, Field(pattern=r"^[<>]\d+$")]
"""A count of persons that is not told because it is small, or all but a few: `<5`."""


class FileShape(Shape):
    """An extract that was read."""

    name: str
    sha256: Hash
    rows: Count
    dropped: dict[str, Count]
    notes: list[str]
    period: str = ""
    known: Count | Hidden | None = None
    duplicates: Count | Hidden = 0
    missing: dict[str, Count | Hidden] = Field(default_factory=dict)
    kinds: dict[str, str] = Field(default_factory=dict)


Setting = bool | int | float | str | None


class MadeOfShape(Shape):
    """What moves a number: extracts, settings, and which part of trial.yml is made of which."""

    extracts: dict[str, str]
    settings: dict[str, Setting]
    parts: dict[str, list[str]]


class HeaderShape(Shape, extra="allow"):
    """What the ledger says about itself; more may be said than is needed here."""

    __pydantic_extra__: dict[str, JsonValue]
    trial: Annotated[str, Field(min_length=1)]
    synthetic: bool
    data_date: IsoDay
    level: Annotated[float, Field(gt=0, lt=0.5)]
    seed: Count
    threshold: Annotated[int, Field(ge=3)]
    reportlib: str
    sites: list[str]
    files: list[FileShape]
    made_of: MadeOfShape | None = None


class MeasureShape(Shape):
    """An entry of the measure catalogue."""

    id: Annotated[str, Field(min_length=1)]
    label: str
    unit: UnitName
    definition: str
    source: str


def column_type(name: str) -> Any:
    """What a field of a row may be in a file."""
    if name in _TEXTS:
        return UnitName if name == "unit" else str
    return int | None if name in _COUNTS else Number | None


_columns: dict[str, Any] = {field.name: (list[column_type(field.name)], ...) for field in fields(Estimate)}  # type: ignore[misc]
ColumnsShape = create_model("ColumnsShape", __base__=Shape, **_columns)


class LedgerShape(Shape):
    """The whole file."""

    format: int
    header: HeaderShape
    measures: list[MeasureShape]
    columns: ColumnsShape


def ledger_path(out_dir: Path, trial_id: str) -> Path:
    """Where a trial's ledger is kept beside its reports."""
    return out_dir / trial_id / "ledger.json"


def load_ledger(path: Path) -> Ledger:
    """Read a ledger file and test it whole; once for as long as the file stays the same.

    Raises:
        LedgerFileError: the file is missing, is not a ledger, or holds numbers that contradict themselves.
    """
    return kept(path, read_ledger)


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file.

    Raises:
        LedgerFileError: there is none, or it is not one whose numbers can be printed; the first faults are told.
    """
    document = _KIND.read_json(path)
    replace(_KIND, hint="run `reportlib analyse` again").check_version(document, FORMAT_VERSION, path)
    _KIND.check_shape(LedgerShape, document, path)
    ledger = Ledger(
        header=document["header"],
        measures={entry["id"]: Measure(**{**entry, "unit": Unit(entry["unit"])}) for entry in document["measures"]},
        columns={name: document["columns"][name] for name in COLUMNS},
    )
    if len(ledger.measures) < len(document["measures"]):
        raise _KIND.faulty(path, ["measures: one stands twice"])
    faults = list(_faults(ledger))
    if faults:
        raise _KIND.faulty(path, faults)
    return ledger


def row_faults(rows: Mapping[str, Estimate], measures: Mapping[str, Measure], level: float) -> Iterator[str]:
    """What is wrong with rows that were read from a file, by their keys."""
    for key, row in rows.items():
        own = make_key(
            row.measure,
            statistic=row.statistic,
            group=row.group,
            site=row.site,
            subgroup=row.subgroup,
            time=row.time,
        )
        if row.measure not in measures:
            yield f"{key[:80]}: there is no measure {row.measure[:80]!r}"
        elif own != key:
            yield f"{key[:80]}: stands under this key and is {own[:80]}"
        elif row.hidden:
            if any(getattr(row, name) is not None for name in _EVIDENCE):
                yield f"{key[:80]}: is hidden and has numbers all the same"
        else:
            yield from contradictions(row, level, rounded=True)


def _faults(ledger: Ledger) -> Iterator[str]:
    lengths = {name: len(column) for name, column in ledger.columns.items()}
    if len(set(lengths.values())) > 1:
        usual = max(set(lengths.values()), key=list(lengths.values()).count)
        for name, length in lengths.items():
            if length != usual:
                yield f"columns.{name}: has {length} entries, the others {usual}"
        return
    keys = ledger.columns["key"]
    rows = {row.key: row for row in _plain_rows(ledger)}
    if len(rows) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        yield f"the key {twice[:80]} stands twice"
    yield from row_faults(rows, ledger.measures, float(ledger.header["level"]))
    threshold = ledger.header["threshold"]
    for row in rows.values():
        if row.statistic == "share" and row.k is not None and 0 < row.k < threshold:
            yield f"{row.key}: shows {row.k} persons, below the ledger's own threshold of {threshold}"


def _plain_rows(ledger: Ledger) -> Iterator[Estimate]:
    """The rows with plain numbers: nothing is printed of them here, so they need not remember where they come from."""
    units = [Unit(name) for name in ledger.columns["unit"]]
    columns = [units if name == "unit" else ledger.columns[name] for name in COLUMNS]
    return (Estimate(**dict(zip(COLUMNS, values, strict=True))) for values in zip(*columns, strict=True))


_CODE_SUFFIX = ".code.json"
_CODE_PARTS = ("analysis", "danish", "disclosure", "estimators", "ledger", "registers", "text", "trial")
_CODE_PACKAGES = ("lifelines", "numpy", "pandas", "pyarrow", "pyreadstat", "scipy", "statsmodels")


class MadeBy(Shape):
    """Modules and packages by which a ledger was made."""

    ledger: Hash
    code: dict[str, str]
    packages: dict[str, str]


def keep_made_by(path: Path, ledger: Ledger) -> None:
    """Write beside the ledger at `path` by which code it was made: this one."""
    made_by = MadeBy(
        ledger=ledger.hash,
        code=module_hashes(*_CODE_PARTS),
        packages={name: package_version(name) for name in _CODE_PACKAGES},
    )
    text = json.dumps(made_by.model_dump(), ensure_ascii=False, indent=1)
    write_whole(path.with_suffix(_CODE_SUFFIX), text.encode("utf-8") + b"\n")


def made_by(path: Path, ledger: Ledger) -> MadeBy | None:
    """By which code the ledger at `path` was made; None where nothing beside it says so of this ledger."""
    try:
        told = FileKind(ReportlibError, "a record of code").read_json(path.with_suffix(_CODE_SUFFIX))
        found = MadeBy.model_validate(told)
    except (ReportlibError, ValidationError):
        return None
    return found if found.ledger == ledger.hash else None
