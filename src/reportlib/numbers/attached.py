"""The account of numbers that a PDF carries with it: as its reader finds it, wherever the file was sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf

from reportlib.numbers.account import Account, account_of
from reportlib.numbers.breaks import Break, Kind

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
