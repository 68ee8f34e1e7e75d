"""What stands around a report's text says what the text says: its contents, the words behind numbers, the account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import about, line_texts
from reportlib.numbers.blocks import Block, Reading, Role, tidy
from reportlib.numbers.breaks import Break, Kind, at_block


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


def check_appendix(blocks: Sequence[Block], account: Account, titles: Sequence[str]) -> Iterator[Break]:
    """The printed account says what the account says."""
    if not blocks:
        return
    standing = [(block, _close(block.text)) for block in blocks[1:]]
    at, right = 0, [_close(text) for text in line_texts(account)]
    for text in right:
        place = next((place for place in range(at, len(standing)) if standing[place][1] == text), None)
        if place is not None:
            at = place + 1
            continue
        block, there = standing[min(at, len(standing) - 1)] if standing else (blocks[0], "")
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, there, strict=False)))
        message = f"the printed account does not say {text[:80]!r} here"
        yield at_block(Kind.APPENDIX, message, block, titles, around=_place(block.text, same))
        if there not in right:  # a wrong line in the place of this one: the next is looked for after it
            at += 1


def _close(text: str) -> str:
    """A text without what typesetting changes."""
    return "".join(sign for sign in tidy(text) if _counts(sign))


def _place(text: str, count: int) -> int:
    """Where in a text the sign stands that so many signs of its close form come before."""
    places = [place for place, sign in enumerate(text) if _counts(sign)]
    return places[min(count, len(places) - 1)] if places else 0


def _counts(sign: str) -> bool:
    return not sign.isspace() and sign not in "-\u2010"
