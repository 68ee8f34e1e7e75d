"""What can stand in a cell: text, a number, a ledger row, a traffic light. Hidden rows become the hidden sign here."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, limits_text, number_text, p_text
from reportlib.ledger import Estimate
from reportlib.ledger.digits import decimals_apart, interval_decimals, usual_decimals
from reportlib.prose.estimate_text import HIDDEN_SIGN
from reportlib.prose.target_claims import light_text
from reportlib.text.markup import escape
from reportlib.trial.analyses import Target, honest_decimals, light


class Cell(str):
    """A cell's finished Markdown; other text in a table is escaped."""


INTERVAL = "Konfidensinterval"
"""The header of a column of intervals; the method section gives their level."""

HIDDEN = Cell(HIDDEN_SIGN)
"""The number exists but rests on too few persons."""

NOT_ESTIMABLE = Cell("–")
"""There is no number: not computed, or nobody to compute it for."""

EMPTY = Cell("")


def text(content: str, *, strong: bool = False) -> Cell:
    """Plain text, escaped."""
    escaped = escape(content)
    return Cell(f"**{escaped}**" if strong and escaped else escaped)


def number(value: float | None, decimals: int = 0) -> Cell:
    """A number in Danish without a unit."""
    return NOT_ESTIMABLE if value is None else Cell(number_text(value, decimals))


def estimate(row: Estimate | None, decimals: int | None = None) -> Cell:
    """The value of a ledger row without its unit; the unit stands in the header."""
    if row is None:
        return NOT_ESTIMABLE
    if row.hidden:
        return HIDDEN
    return number(row.value, usual_decimals(row) if decimals is None else decimals)


def levels(rows: Sequence[Estimate | None], test: Estimate | None, level: float) -> list[Cell]:
    """Levels beside each other: as everywhere, or told apart where `test` calls them different at `level`."""
    return [estimate(row, fine) for row, fine in zip(rows, decimals_apart(rows, test, level=level), strict=True)]


def levels_and_more(
    rows: Sequence[Estimate | None], more: Sequence[Estimate | None], test: Estimate | None, level: float
) -> list[Cell]:
    """The levels that are tested, and others in the same row of a table: with as many decimals."""
    fine = max(decimals_apart(rows, test, level=level))
    usual = max((usual_decimals(row) for row in rows if row is not None), default=fine)
    told = [*levels(rows, test, level)]
    return [*told, *(estimate(row, usual_decimals(row) + fine - usual if row is not None else None) for row in more)]


def interval(row: Estimate | None) -> Cell:
    """The interval of a ledger row: `1,2 til 3,4`."""
    if row is None:
        return NOT_ESTIMABLE
    if row.hidden:
        return HIDDEN
    if row.ci_low is None or row.ci_high is None:
        return NOT_ESTIMABLE
    decimals = interval_decimals(row)
    return Cell(limits_text(row.ci_low, row.ci_high, decimals=decimals, gap=NBSP))


def with_interval(row: Estimate | None) -> Cell:
    """The value with its interval in parentheses: `0,8 (0,2 til 1,4)`."""
    value, limits = estimate(row), interval(row)
    return value if limits in (HIDDEN, NOT_ESTIMABLE) else Cell(f"{value} ({limits})")


def p_value(row: Estimate | None, *, level: float, value: float | None = None) -> Cell:
    """The p-value of a row (or `value`, for rows whose value is itself a p-value): `0,03`, `< 0,001`."""
    if row is None:
        return NOT_ESTIMABLE
    if row.hidden:
        return HIDDEN
    p = row.p if value is None else value
    if p is None:
        return NOT_ESTIMABLE
    printed = p_text(p, level=level).replace(f"p{NBSP}", "", 1).replace(f"={NBSP}", "", 1)
    return Cell(escape(printed))


def tested(row: Estimate | None, level: float) -> list[Cell]:
    """A difference with its interval and p-value, in a cell each."""
    return [estimate(row), interval(row), p_value(row, level=level)]


def persons(row: Estimate | None, *, part: str = "n") -> Cell:
    """The n of a row, or with `part="k"` its k."""
    if row is None:
        return NOT_ESTIMABLE
    if row.hidden:
        return HIDDEN
    return number(row.k if part == "k" else row.n)


def with_light(row: Estimate | None, target: Target) -> Cell:
    """A share with its traffic light; a hidden share shows no light, only the hidden sign."""
    if row is None or row.hidden or row.value is None:
        return estimate(row)
    value = estimate(row, honest_decimals(row.value, target))
    return Cell(f"{light_text(light(row.value, target))} {value}")
