"""Public statistics as a dated extract: one row a month and area, with bank, table and the day it was fetched."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportlib.danish import NotANumberError, parse_number
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.registers.spelling import fold
from reportlib.trial.extracts import FETCHED, MonthlySeries, PublicStatistics
from reportlib.trial.model import Trial

_MONTH = re.compile(r"(\d{4})M(\d{2})")
_SHOWN = 5


class NotInTableError(ReportlibError):
    """trial.yml asks a table for an area, measure, value or month that it does not have."""


class UnknownAnswerValueError(ReportlibError):
    """An answer holds another value than was asked for."""


class HiddenCellError(ReportlibError):
    """A cell without a number: hidden, zero or not there, which the bank does not tell apart."""


class SeveralValuesError(ReportlibError):
    """A table has more than one number for a month and area."""


@dataclass(frozen=True)
class Cell:
    """One number of an answer, of a site as in trial.yml: None where the bank gives none, and `why` (`..`)."""

    month: str
    site: str
    what: str
    value: float | None
    why: str = ""


def wanted_months(spec: PublicStatistics) -> list[str]:
    """`2016M01` to the last, both ends in."""
    first, last = (day.year * 12 + day.month - 1 for day in (spec.first, spec.last))
    return [f"{month // 12:04d}M{month % 12 + 1:02d}" for month in range(first, last + 1)]


def wanted_areas(spec: PublicStatistics, trial: Trial) -> dict[str, str]:
    """Site -> what the bank calls it, of the sites that are not left out."""
    return {site: spec.areas.get(site, site) for site in trial.sites.everywhere if site not in spec.without}


def found(name: str, known: Mapping[str, str], what: str, table: str) -> str:
    """The id of what trial.yml names, by its name (whatever the case) or its id; `known` is name -> id.

    Raises:
        NotInTableError: the table has no such; the hint has the nearest names.
    """
    by_folded = {fold(one): one for one in known}
    if fold(name) in by_folded:
        return known[by_folded[fold(name)]]
    if name in known.values():
        return name
    raise NotInTableError(f"the table {table} has no {what} {name!r}", hint=did_you_mean(name, known))


def check_months(spec: PublicStatistics, known: Iterable[str]) -> None:
    """Raise NotInTableError for months that the table does not have."""
    months = sorted(month for month in known if _MONTH.fullmatch(month))
    missing = [month for month in wanted_months(spec) if month not in months]
    if missing:
        hint = f"it has {months[0]} to {months[-1]}" if months else "it is not a table by month"
        raise NotInTableError(f"the table {spec.table} has no month {missing[0]}", hint=hint)


def parsed(cell: object) -> tuple[float | None, str]:
    """A cell's number; None and the sign that stands for it where there is none.

    `-` is zero; `.` cannot occur; `..` and an empty cell are not told (hidden or missing): none of these is zero.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell), ""
    text = "" if cell is None else str(cell).replace("\u00a0", "").replace(" ", "").strip()
    if text == "-":
        return 0.0, ""
    if text in ("", ".", "..", "...", "…", "null"):
        return None, text or "empty"
    try:
        return float(text) if re.fullmatch(r"-?\d+(\.\d{1,2})?", text) else float(parse_number(text)), ""
    except (NotANumberError, ValueError):
        raise UnknownAnswerValueError(f"{text[:40]!r} is no number", hint="is the right measure asked for?") from None


def as_extract(
    cells: Sequence[Cell], spec: PublicStatistics, series: MonthlySeries, trial: Trial, today: date
) -> bytes:
    """The extract: every month of every area that trial.yml names, with count, base, bank, table and day.

    Raises:
        SeveralValuesError: more than one for a month.
        HiddenCellError: a cell without a number.
    """
    by_place: dict[tuple[str, str, str], Cell] = {}
    for cell in cells:
        place = (cell.month, cell.site, cell.what)
        if place in by_place and by_place[place].value != cell.value:
            raise SeveralValuesError(
                f"{spec.table} has more than one {cell.what!r} for {cell.site} in {cell.month}",
                hint="fix the table's other dimensions under `fetch.where`",
            )
        by_place[place] = cell
    rows, hidden = [], []
    for site in wanted_areas(spec, trial):
        for month in wanted_months(spec):
            pair = [by_place.get((month, site, what)) for what in (spec.count, spec.base)]
            hidden += [
                f"{site} {month}: {what} ({'no cell' if cell is None else cell.why})"
                for what, cell in zip((spec.count, spec.base), pair, strict=True)
                if cell is None or cell.value is None
            ]
            rows.append([_month(month), site, *(_number(cell) for cell in pair)])
    if hidden:
        more = f"\n  and {len(hidden) - _SHOWN} more" if len(hidden) > _SHOWN else ""
        raise HiddenCellError(
            f"{spec.table} has cells without a number, and they are not zero:\n  "
            + "\n  ".join(hidden[:_SHOWN])
            + more,
            hint="leave the area out (`fetch.without`), ask for a larger group, or for other months",
        )
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow([series.month, series.area, series.count, series.base, *FETCHED])
    writer.writerows([*row, spec.bank, spec.table, today.isoformat()] for row in rows)
    return text.getvalue().encode("utf-8")


def _month(month: str) -> str:
    match = _MONTH.fullmatch(month)
    assert match is not None
    return f"{match[1]}-{match[2]}"


def _number(cell: Cell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    return str(int(cell.value)) if cell.value.is_integer() else str(cell.value).replace(".", ",")
