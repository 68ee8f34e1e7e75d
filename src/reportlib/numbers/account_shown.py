"""The account as a reader meets it, and whether a finished file shows it so: the words behind each number of a page,
the tables behind its figures, whose numbers a table of a PDF holds, and the account that a PDF carries with it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import pikepdf

from reportlib.ledger import Estimate, Measure
from reportlib.numbers.account import Account, Printed, account_of
from reportlib.numbers.blocks import Reading, Role, tidy
from reportlib.numbers.breaks import Break, Kind
from reportlib.numbers.describe import other_text, row_text
from reportlib.numbers.figure_data import as_told
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
        printed = account.by_nr.get(nr)
        if printed is None:
            return text
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
