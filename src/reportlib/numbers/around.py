"""What stands around a report's text says what the text says: its contents, and the words behind numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import about
from reportlib.numbers.blocks import Reading, Role, tidy
from reportlib.numbers.breaks import Break, Kind
from reportlib.numbers.figure_data import as_told


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
