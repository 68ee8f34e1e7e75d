"""The account as a reader meets it, and whether a finished file shows it so: the words behind each number of a page,
the tables behind its figures (rounded as they print, of shown rows), whose numbers a table of a PDF holds, and the
account that a PDF carries with it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import pikepdf

from reportlib.danish import EN_DASH, capitalise, number_text
from reportlib.ledger import Estimate, Measure
from reportlib.ledger.keys import DIFFERENCE, OTHERS
from reportlib.numbers.account import Account, account_of
from reportlib.numbers.blocks import Reading, Role, tidy
from reportlib.numbers.breaks import Break, Kind
from reportlib.numbers.collect import Printed
from reportlib.numbers.describe import STATISTICS, other_text, row_text, spread
from reportlib.numbers.tokens import tokens
from reportlib.prose.estimate_text import tal
from reportlib.text.marks import write_numbers


def table_subjects(account: Account) -> dict[str, str]:
    """Table's identifier -> whom its numbers are about, between semicolons: the populations of its rows."""
    found: dict[str, dict[str, None]] = {}
    for printed in account.numbers:
        row = account.row_of(printed.origin) if printed.place == "table" else None
        if row is not None and row.population:
            found.setdefault(printed.float, {})[row.population] = None
    return {name: "; ".join(one for one in several if not _is_sum(one, several)) for name, several in found.items()}


def _is_sum(population: str, others: Iterable[str]) -> bool:
    """True for `a og b` beside `a` and `b`."""
    parts = population.split(" og ")
    return len(parts) > 1 and set(parts) <= set(others)


# The account in an HTML page: beside each number, out of sight until asked for, what it counts and where it is from.
#
# No script is needed. The words stand behind the number: the style sheet shows them when the pointer rests on it. A
# check box at the top of the page makes every number a stop for the keyboard and lets a screen reader meet the words;
# until then the numbers are plain text for both. The outer span stays at its number, so that the browser brings the
# number into view when the keyboard reaches it, and is named by the words (a tooltip is; a note is not); the inner
# one is what is shown.


SWITCH_MARK = "<!--reportlib:talspor-->"
SWITCH = (
    '<div class="talspor"><input type="checkbox" id="vis-talspor">\n'
    '<label for="vis-talspor">Gå fra tal til tal med tabulatortasten, og få vist, hvor de kommer fra</label></div>'
)


def with_details(page: str, account: Account) -> str:
    """The page as Pandoc wrote it, its marked numbers with the words behind each, and the check box."""
    texts: dict[str, str] = {}

    def detailed(text: str, nr: int) -> str:
        printed = account.by_nr[nr]
        key = str(printed.origin)
        if key not in texts:
            texts[key] = html.escape(about(printed, account))
        words = f'<span class="om" role="tooltip" tabindex="0"><span>{texts[key]}</span></span>'
        return f'<span class="tal" id="tal-{nr}">{text}{words}</span>'

    return write_numbers(page, detailed).replace(SWITCH_MARK, SWITCH if texts else "", 1)


def about(printed: Printed, account: Account) -> str:
    """All that is known of a printed number, in Danish sentences."""
    row = account.row_of(printed.origin)
    if row is None:
        return other_text(printed.origin, account)
    named = account.subgroups.get(row.key, "")
    return _row_words(row, account.measure_of(row), printed.origin.part, account.level, named)


@lru_cache(maxsize=10_000)  # most rows of a report are the whole trial's, and printed in all its versions
def _row_words(row: Estimate, measure: Measure, part: str, level: float, named: str) -> str:
    return row_text(row, measure, part, level=level, named={row.key: named})


ATTACHED = "talregnskab.tal.json"
"""What the account is called in the PDF."""


def attached_account(path: Path) -> Account | None:
    """The account attached to a PDF; None where there is none.

    Raises:
        AccountFileError: what is attached is no account, or contradicts itself.
    """
    with pikepdf.open(path) as pdf:
        if ATTACHED not in pdf.attachments:
            return None
        content = pdf.attachments[ATTACHED].get_file().read_bytes()
    return account_of(content.decode("utf-8", errors="replace"), path)


def check_attached(attached: Account | None, account: Account) -> Iterator[Break]:
    """The account that a PDF carries is the one it is held against, but for the pages: the file beside it knows none
    where the HTML page was made once more alone."""
    if attached is not None and attached.with_pages({}, {}) != account.with_pages({}, {}):
        yield Break(Kind.APPENDIX, "the account attached to the file is not the one beside it")


def check_contents(reading: Reading) -> Iterator[Break]:
    """Each line of the contents is a heading, in a PDF with the page it stands on."""
    headings = {_close(f"{block.text}{block.page or ''}") for block in reading.blocks if block.role is Role.HEADING}
    for line in reading.contents:
        if _close(line) not in headings:
            yield Break(Kind.REFERENCE, "the contents name a heading that is not there", sentence=line)


def check_cards(reading: Reading, account: Account) -> Iterator[Break]:
    """The words behind each number of a page are what the account knows of it."""
    for nr, words in reading.cards.items():
        printed = account.by_nr.get(nr)
        known = "" if printed is None else about(printed, account)
        if words != known and _close(words) != _close(known):
            number = f"number {nr}" if printed is None else printed.text
            yield Break(Kind.APPENDIX, f"the words behind {number} are not the account's", sentence=words)


def check_data(reading: Reading, account: Account) -> Iterator[Break]:
    """The tables behind a page's figures are what the account's rows give."""
    if reading.kind != "html":
        return
    wanted = as_told(account)
    for told, known in zip_longest(reading.data, wanted, fillvalue=""):
        if _close(told) != _close(known):
            yield Break(Kind.APPENDIX, f"{(known or told)[:40]!r}: the table is not the account's", sentence=told[:200])


def _close(text: str) -> str:
    """A text without what typesetting changes."""
    return "".join(sign for sign in tidy(text) if _counts(sign))


def _counts(sign: str) -> bool:
    return not sign.isspace() and sign not in "-\u2010"


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
    right = [' class="right"' if at else "" for at in range(len(table.head))]
    head = "".join(f'<th scope="col"{at}>{html.escape(text)}</th>' for at, text in zip(right, table.head, strict=True))
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


def as_told(account: Account) -> list[str]:
    """The words of each figure's table in reading order, as a page tells them."""
    tables = {figure: data_table(account, figure) for figure in account.figures}
    return [
        " ".join([_title(account, figure), *table.head, *(cell for row in table.rows for cell in row)])
        for figure, table in tables.items()
        if table is not None
    ]


def _title(account: Account, figure: str) -> str:
    return f"Tal bag {account.header['floats'].get(figure, 'figuren')}".replace("\u00a0", " ")
