"""One label, one meaning: two printed numbers that are called the same are the same kind of number."""

from __future__ import annotations

from collections.abc import Iterator

from reportlib.ledger import Estimate
from reportlib.numbers.account import Account
from reportlib.numbers.breaks import Break, Kind

_MEANING = ("population", "window", "data_date", "unit", "source", "definition")


def check_labels(account: Account) -> Iterator[Break]:
    """Breaks where printed numbers share a label (and group, place and week) but not whom, when and whence."""
    meanings: dict[tuple[str, ...], dict[tuple[str, ...], Estimate]] = {}
    for row in account.rows.values():
        label: tuple[str, ...] = (
            account.measure_of(row).label.casefold(), row.statistic, row.group, row.site, row.subgroup, row.time,
        )  # fmt: skip
        meanings.setdefault(label, {}).setdefault(_meaning(row, account), row)
    for label, found in meanings.items():
        if len(found) < 2:
            continue
        first, second = list(found)[:2]
        rows = list(found.values())
        differ = [name for name, one, two in zip(_MEANING, first, second, strict=True) if one != two]
        yield Break(
            Kind.LABEL,
            f"{account.measure_of(rows[0]).label!r} means two things: {rows[0].key} and {rows[1].key} differ in "
            f"{' and '.join(differ)}",
            place=", ".join(part for part in label[2:] if part),
            key=rows[0].key,
        )


def _meaning(row: Estimate, account: Account) -> tuple[str, ...]:
    measure = account.measure_of(row)
    return row.population, row.window, row.data_date, str(row.unit), measure.source, measure.definition
