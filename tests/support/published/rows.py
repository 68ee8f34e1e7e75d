"""The published numbers of a report: one row of a CSV per printed number."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from reportlib.errors import ReportlibError, did_you_mean

_COLUMNS = ("id", "group", "site", "value", "unit", "n", "p_value", "where")


class PublishedFileError(ReportlibError):
    """A file of published numbers is missing, or a row of it cannot be read."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One printed number. `value` is None where the transcript has lost it; a date holds YYYY, YYYYMM or YYYYMMDD."""

    id: str
    value: Decimal | None
    unit: str
    n: int | None
    p: float | None
    where: str

    @property
    def decimals(self) -> int:
        """How many decimals the report prints."""
        return 0 if self.value is None else max(0, -int(self.value.as_tuple().exponent))


def published_trials(folder: Path) -> list[str]:
    """The ids of the trials with published numbers, sorted."""
    return sorted(path.stem for path in folder.glob("*.csv"))


def read_rows(folder: Path, trial_id: str) -> list[PublishedRow]:
    """The published numbers of a trial, in the order of its report.

    Raises:
        PublishedFileError: no file, a column is missing, or a cell is no number; with the row of the spreadsheet.
    """
    path = folder / f"{trial_id}.csv"
    if not path.is_file():
        hint = did_you_mean(trial_id, published_trials(folder))
        raise PublishedFileError(f"no published numbers of {trial_id!r} in {folder}", hint=hint)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in _COLUMNS if name not in (reader.fieldnames or ())]:
            raise PublishedFileError(f"{path.name} has no column {', '.join(missing)}")
        return [_row(cells, f"{path.name}, row {number}") for number, cells in enumerate(reader, start=2)]


def _row(cells: dict[str, str], place: str) -> PublishedRow:
    n, p = _number(cells["n"], place), _number(cells["p_value"], place)
    return PublishedRow(
        id=cells["id"],
        value=_number(cells["value"], place),
        unit=cells["unit"],
        n=None if n is None else int(n),
        p=None if p is None else float(p),
        where=cells["where"],
    )


def _number(text: str, place: str) -> Decimal | None:
    try:
        return Decimal(text) if text.strip() else None
    except InvalidOperation:
        raise PublishedFileError(f"{place}: {text!r} is not a number") from None


def date_number(day: date, like: Decimal) -> Decimal:
    """A day written as the published number is: as YYYY, YYYYMM or YYYYMMDD."""
    digits = len(str(int(like)))
    return Decimal(f"{day:%Y%m%d}"[: digits if digits in (4, 6) else 8])
