"""The numbers behind a figure as a table of a page: rounded as they print, of shown rows; hidden ones are absent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlib.danish import EN_DASH, capitalise, number_text
from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, OTHERS
from reportlib.numbers.account import Account
from reportlib.numbers.describe import STATISTICS, spread
from reportlib.numbers.tokens import tokens
from reportlib.prose.estimate_text import tal

CLASS = "figurdata"
_FIGURE = re.compile(r'<figure id="(?P<name>fig-[\w-]+)">.*?</figure>', re.DOTALL)


@dataclass(frozen=True)
class DataTable:
    """A heading for each column, and rows of printed numbers that begin with what they are about."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def data_table(account: Account, figure: str) -> DataTable | None:
    """The table of a figure; None where nothing of the ledger is drawn in it.

    Weeks and months stand below each other with a column for each line; anything else has a row of its own.
    """
    rows = [account.rows[key] for key in account.data.get(figure, ()) if key in account.rows]
    rows = [row for row in rows if not row.hidden and row.value is not None]
    if not rows:
        return None
    if len({row.window for row in rows}) > 2:
        return _by_time(rows, account)
    names = _names([_parts(row, account, time=True) for row in rows])
    bounds = any(row.ci_low is not None for row in rows)
    head = ["Hvad", "Tal", *(("Interval fra", "Interval til") if bounds else ()), "Antal personer"]
    return DataTable(head, [[name, _value(row), *(_ends(row) if bounds else ()), _persons(row)]
                            for name, row in zip(names, rows, strict=True)])  # fmt: skip


def _by_time(rows: Sequence[Estimate], account: Account) -> DataTable:
    lines: dict[tuple[str, ...], dict[str, Estimate]] = {}
    for row in rows:
        lines.setdefault(_parts(row, account, time=False), {})[row.window] = row
    lines = {name: found for name, found in lines.items() if len(found) > 1}  # a single week is a mark, and no line
    times = list(dict.fromkeys(time for found in lines.values() for time in found))
    head, columns = ["Tid"], []
    for name, found in zip(_names(list(lines)), lines.values(), strict=True):
        kinds = {row.statistic for row in found.values()}
        if kinds != {"uniform_band"}:
            head.append(name)
            columns.append([_value(found[time]) if time in found else "" for time in times])
        if kinds & {"difference", "accumulated", "uniform_band"}:
            head += [f"{name}: fra", f"{name}: til"]
            ends = [_ends(found[time]) if time in found else ("", "") for time in times]
            columns += [[low for low, _ in ends], [high for _, high in ends]]
    return DataTable(head, [[capitalise(time), *(column[at] for column in columns)] for at, time in enumerate(times)])


def _parts(row: Estimate, account: Account, *, time: bool) -> tuple[str, ...]:
    """What a row is about, from the general to the particular."""
    statistic = STATISTICS.get(row.statistic, "")
    site = f"de øvrige end {row.site.removeprefix(OTHERS)}" if row.site.startswith(OTHERS) else row.site
    part, whom = account.subgroups.get(row.key, ""), "" if row.group == DIFFERENCE and statistic else row.population
    return (account.measures[row.measure].label, statistic, whom, site, part, row.window if time else "")


def _names(parts: Sequence[tuple[str, ...]]) -> list[str]:
    """What tells rows apart: the parts that are not the same for all."""
    told = [at for at in range(len(parts[0])) if len({part[at] for part in parts}) > 1] or [0]
    return [capitalise(", ".join(filter(None, (part[at] for at in told))) or part[0]) for part in parts]


@lru_cache(maxsize=10_000)  # a trial's versions show many of the same rows
def _value(row: Estimate) -> str:
    """The number as a text prints it, without its unit."""
    return tokens(tal(row))[0].text


@lru_cache(maxsize=10_000)
def _ends(row: Estimate) -> tuple[str, str]:
    low, dash, high = spread(row).partition(EN_DASH)
    return (low, high) if dash else ("", "")


def _persons(row: Estimate) -> str:
    return "" if row.n is None else number_text(row.n)


def with_data(page: str, account: Account) -> str:
    """The page with the table of each figure folded below it."""

    def below(found: re.Match[str]) -> str:
        table = data_table(account, found["name"])
        if table is None:
            return found[0]
        return f"{found[0]}\n{_written(table, _title(account, found['name']))}"

    return _FIGURE.sub(below, page)


def _written(table: DataTable, title: str) -> str:
    label = html.escape(title)
    head = "".join(f'<th scope="col"{_align(at)}>{html.escape(text)}</th>' for at, text in enumerate(table.head))
    rows = "\n".join(f"<tr>{''.join(_cells(row))}</tr>" for row in table.rows)
    return (
        f'<details class="{CLASS}">\n<summary>{label}</summary>\n'
        f'<div class="rulle" tabindex="0" role="region" aria-label="{label}">\n'
        f"<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n</details>"
    )


def _cells(row: Sequence[str]) -> Iterator[str]:
    yield f'<th scope="row">{html.escape(row[0])}</th>'
    for text in row[1:]:
        yield f'<td class="right">{html.escape(text)}</td>'


def _align(at: int) -> str:
    return ' class="right"' if at else ""


def as_told(account: Account) -> list[str]:
    """The words of each figure's table in reading order, as a page tells them."""
    tables = {figure: data_table(account, figure) for figure in account.figures}
    return [
        " ".join([_title(account, figure), *table.head, *(cell for row in table.rows for cell in row)])
        for figure, table in tables.items()
        if table is not None
    ]


def _title(account: Account, figure: str) -> str:
    return f"Tal bag {account.float_labels.get(figure, 'figuren')}".replace("\u00a0", " ")
