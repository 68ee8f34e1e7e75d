"""Row by row: numbers, verdicts and definitions of two ledgers or two reports' accounts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from reportlib.disclosure.release import is_share, value_decimals
from reportlib.errors import ReportlibError
from reportlib.files.reading import read_json
from reportlib.ledger import Estimate, Ledger, Measure
from reportlib.numbers.account import Account, load_account
from reportlib.numbers.describe import what, where
from reportlib.prose.estimate_text import NOT_ESTIMATED, tal
from reportlib.prose.wording import Verdict, verdict
from reportlib.text.units import Unit

_WHAT, _HINT = "a ledger or an account of numbers", "name two ledger.json, or the .tal.json beside two reports"


class NothingToCompareError(ReportlibError):
    """A file that is neither a ledger nor an account of a report's numbers."""


class Weight(IntEnum):
    """How much a change matters, the least first."""

    WORDING = 1
    NUMBER = 2
    GONE = 3
    NEW = 4
    HIDDEN = 5
    VERDICT = 6


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: what it is called, how it printed, its verdicts, and how large the change is.

    `size` is the change in parts of the larger of the two values (verdicts: how far the p-value moved), for ordering.
    """

    weight: Weight
    key: str
    label: str
    before: str
    after: str
    verdict_before: str = ""
    verdict_after: str = ""
    size: float = 0.0


@dataclass(frozen=True)
class Side:
    """One of the two: its name, rows, measures and level."""

    name: str
    rows: Mapping[str, Estimate]
    measures: Mapping[str, Measure]
    level: float


def read_side(path: Path) -> Side:
    """A ledger, or an account of a report's numbers.

    Raises:
        NothingToCompareError: the file is neither.
        LedgerFileError, AccountFileError: it is one that cannot be used.
    """
    document = read_json(path, error=NothingToCompareError, what=_WHAT, hint=_HINT)
    if "numbers" in document:
        account: Account = load_account(path)
        return Side(path.name, account.rows, account.measures, account.level)
    if "columns" in document:
        ledger = Ledger.load(path)
        return Side(path.name, {row.key: row for row in ledger}, ledger.measures, float(ledger.header["level"]))
    raise NothingToCompareError(f"{path} is neither a ledger nor an account of numbers", hint=_HINT)


def compare(old: Side, new: Side) -> list[Change]:
    """Every change, verdicts first, each kind with the largest change first."""
    changes = [change for key in {**old.rows, **new.rows} if (change := _change(key, old, new)) is not None]
    changes += _wordings(old, new)
    return sorted(changes, key=lambda change: (-change.weight, -change.size, change.key))


def _change(key: str, old: Side, new: Side) -> Change | None:
    one, two = old.rows.get(key), new.rows.get(key)
    if one is None or two is None:
        row = one or two
        assert row is not None
        side, weight = (old, Weight.GONE) if two is None else (new, Weight.NEW)
        shown = tal(row)
        return Change(weight, key, label_of(row, side), shown if two is None else "", "" if two is None else shown)
    label, before, after = label_of(two, new), _shown(one), _shown(two)
    if one.hidden != two.hidden:
        return Change(Weight.HIDDEN, key, label, before, after)
    first, second = _verdict(one, old.level), _verdict(two, new.level)
    if first != second:
        moved = abs((one.p or 0.0) - (two.p or 0.0))
        return Change(Weight.VERDICT, key, label, before, after, first, second, moved)
    size = _moved(one.value, two.value)
    if size or before != after or one.n != two.n:
        return Change(Weight.NUMBER, key, label, before, after, first, second, size)
    return None


def _wordings(old: Side, new: Side) -> list[Change]:
    changes = []
    for name, measure in new.measures.items():
        was = old.measures.get(name)
        for part in ("label", "definition", "source"):
            if was is not None and getattr(was, part) != getattr(measure, part):
                before, after = getattr(was, part), getattr(measure, part)
                changes.append(Change(Weight.WORDING, name, f"{measure.label} ({part})", before, after))
    return changes


def _shown(row: Estimate) -> str:
    """The number as it prints, with one decimal more than usual, and the counts behind it."""
    if row.value is None:
        return tal(row) if row.hidden else NOT_ESTIMATED
    counts = f" ({row.k} af {row.n})" if row.k is not None and row.n is not None and row.unit is Unit.PCT else ""
    return tal(row, 1 if is_share(row) else min(1, value_decimals(row))) + counts


def label_of(row: Estimate, side: Side) -> str:
    """What the number is, of whom and when, as the account says it."""
    return ", ".join(part for part in (what(row, side.measures[row.measure]), where(row)) if part)


def _verdict(row: Estimate, level: float) -> str:
    if row.value is None or (row.p is None and row.group != "forskel"):
        return ""
    found = verdict(row, level)
    return "" if found is Verdict.UNTESTED else found.value


def _moved(first: float | None, second: float | None) -> float:
    if first is None or second is None or math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12):
        return 0.0
    return abs(second - first) / max(abs(first), abs(second))
