"""The marks of a report's numbers, counted from each chapter's first, so that chapters can be the same in two reports.

A municipality with one number more in its summary would otherwise have another mark at each number after it, and Typst
would set each of those paragraphs again.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"#tal\((\d+)\)\[")
_CHAPTER = re.compile(r"^(?== )", re.MULTILINE)
_ACCOUNT = "#talregnskab("


def with_chapter_numbers(body: str) -> str:
    """The body with `#tal(n)[` as `#tal(m, kapitel: k)[`, and the account told each chapter's first number.

    The account adds them up again: its pages are of the report's own numbers. A body without an account stays as it is.
    """
    if _ACCOUNT not in body:
        return body
    chapters = _CHAPTER.split(body)
    firsts: list[str] = []
    for number, chapter in enumerate(chapters):
        mark = _MARK.search(chapter)
        first = int(mark[1]) if mark is not None else 0
        firsts.append(str(first))
        chapters[number] = _counted_from(first, number, chapter)
    return "".join(chapters).replace(_ACCOUNT, f"{_ACCOUNT}foerste: ({', '.join(firsts)},), ")


def _counted_from(first: int, number: int, chapter: str) -> str:
    return _MARK.sub(lambda found: f"#tal({int(found[1]) - first}, kapitel: {number})[", chapter)
