"""The check of one trial: its extracts are analysed as always, and every published number is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from published.compare import DisagreementError, compare, compare_colour, compare_verdict
from published.fields import field_value
from published.mapping import Comparison, Entry, Mapping, read_mapping
from published.rows import PublishedRow, date_number, read_rows
from reportlib.analysis.run import analyse_before_and_after_disclosure
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.registers.data import TrialData
from reportlib.text.units import Unit
from reportlib.trial.model import Fact, Trial


@dataclass(frozen=True, slots=True)
class Deviation:
    """A published number that ours does not give: the row, where it stands, the number, and what ours says."""

    id: str
    where: str
    published: str
    ours: str


@dataclass(frozen=True, slots=True)
class Check:
    """The account of one trial: rows = reproduced + facts + left_out + deviations; `hidden` counts some reproduced."""

    trial: str
    rows: int
    reproduced: int
    facts: int
    left_out: int
    hidden: int
    deviations: tuple[Deviation, ...]


def check_trial(trial: Trial, data: TrialData, folder: Path) -> Check:
    """Compare everything published about `trial` with what its extracts and its trial.yml give.

    Raises:
        ReportlibError: the files of published numbers cannot be read, or the analysis stops.
    """
    return check_ledgers(trial, *analyse_before_and_after_disclosure(trial, data), folder)


def check_ledgers(trial: Trial, open_ledger: Ledger, ledger: Ledger, folder: Path) -> Check:
    """The same where the ledger is there: before anything was hidden, and as it is released."""
    rows = read_rows(folder, trial.id)
    mapping = read_mapping(folder, trial.id, rows)
    return account(trial, rows, mapping, ledger=ledger, open_ledger=open_ledger)


def account(trial: Trial, rows: list[PublishedRow], mapping: Mapping, *, ledger: Ledger, open_ledger: Ledger) -> Check:
    """The account of `rows`. `open_ledger` holds the same rows as `ledger` before any was hidden."""
    reproduced = facts = left_out = hidden = 0
    deviations = []
    for row in rows:
        entry = mapping.entries[row.id]
        if entry.left_out is not None:
            left_out += 1
            continue
        try:
            if entry.ledger_keys:
                _check_ledger(entry, row, trial, mapping, ledger, open_ledger)
                reproduced += 1
                hidden += entry.hidden
            else:
                _check_fact(entry, row, trial)
                facts += 1
        except (DisagreementError, ReportlibError) as fault:
            # What is hidden in reports is not told here either: the published number is known, ours stays unsaid.
            ours = "another number" if entry.hidden and isinstance(fault, DisagreementError) else _line(fault)
            published = "" if row.value is None else f"{row.value} {row.unit}"
            deviations.append(Deviation(row.id, row.where, published, ours))
    return Check(trial.id, len(rows), reproduced, facts, left_out, hidden, tuple(deviations))


def _check_ledger(
    entry: Entry, row: PublishedRow, trial: Trial, mapping: Mapping, ledger: Ledger, open_ledger: Ledger
) -> None:
    if entry.hidden:
        for key in entry.ledger_keys:
            if not ledger[key].hidden:
                raise UnneededMarkError(f"{key} is not hidden", hint="take `hidden: true` out of the map")
    # a model is held against a number within a tolerance: with all its digits, else rounding would take part of it
    used = open_ledger if entry.hidden or entry.how is Comparison.NEAR else ledger
    compare(entry, row, used, mapping.tolerance)
    compare_verdict(entry, row, used)
    compare_colour(entry, used, trial)


class UnneededMarkError(ReportlibError):
    """A map says that a row is hidden, and it is not."""


def _check_fact(entry: Entry, row: PublishedRow, trial: Trial) -> None:
    if row.value is None:
        raise DisagreementError("no number is published")
    if entry.fact is not None:
        fact = trial.facts.get(entry.fact)
        if fact is None:
            raise DisagreementError(f"trial.yml has no fact {entry.fact!r}")
        _same(_fact_number(fact, row), row.value)
    if entry.field is not None:
        found = field_value(trial, entry.field)
        _same(date_number(found, row.value) if isinstance(found, date) else found, row.value)


def _fact_number(fact: Fact, row: PublishedRow) -> Decimal:
    """A fact as the row's unit writes it: `0.5 andel` is the fact 50 pct."""
    assert row.value is not None
    if isinstance(fact.value, date):
        return date_number(fact.value, row.value)
    number = Decimal(repr(fact.value))
    return number / 100 if row.unit == "andel" and fact.unit is Unit.PCT else number


def _same(ours: Decimal, published: Decimal) -> None:
    if ours != published:
        raise DisagreementError(f"{ours.normalize():f} in trial.yml")


def _line(fault: Exception) -> str:
    return (fault.message if isinstance(fault, ReportlibError) else str(fault)).replace("\n", " ")
