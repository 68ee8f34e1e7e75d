"""The account as a reader meets it: words behind each number of a page, and the chapters at the end of a PDF."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from reportlib.danish import EN_DASH, NBSP, list_text, number_text
from reportlib.ledger import Estimate, Measure
from reportlib.numbers.account import Account, Printed
from reportlib.numbers.describe import TALLIES, counts, other_text, row_text, what, where
from reportlib.text.marks import write_numbers
from reportlib.text.origin import Kind, Origin

# The account as the last pages of a PDF, short enough to read: by chapter, one line for a row however often printed.
#
# Numbers of tables and figures are told table by table and figure by figure; each of them is in the file beside the
# report. The pages are found by the typesetter, from the marks the numbers leave.


_SETTINGS = frozenset({Kind.SETTING, Kind.METHOD, Kind.AXIS})
_IN_TEXT = ("text", "heading", "title", "caption")
_NOT_NUMBERS = frozenset({Kind.TEXT, Kind.REFERENCE})
_QUIET_PARTS = ("time", "subgroup")


TITLE = "Talregnskab"
"""The appendix's heading, as the theme prints it."""


@dataclass
class Line:
    """One line: the printed texts, what they are, and which numbers' pages to show (or which figure's or table's)."""

    texts: list[str] = field(default_factory=list)
    about: str = ""
    numbers: list[int] = field(default_factory=list)
    float: str = ""


@dataclass(frozen=True)
class Chapter:
    """The lines of one chapter."""

    title: str
    lines: tuple[Line, ...]


def chapters(account: Account) -> list[Chapter]:
    """The account's lines, chapter by chapter in the report's order."""
    by_chapter: dict[int, list[Printed]] = {}
    for printed in account.numbers:
        if printed.origin.kind not in _NOT_NUMBERS:
            by_chapter.setdefault(printed.chapter, []).append(printed)
    titles = ["", *account.chapters]
    made = [Chapter(titles[number], tuple(_lines(account, by_chapter[number]))) for number in sorted(by_chapter)]
    return [chapter for chapter in made if chapter.lines]


def line_texts(account: Account) -> list[str]:
    """The appendix as it is printed, line by line, chapters' titles included."""
    texts: list[str] = []
    for chapter in chapters(account):
        texts.append(chapter.title)
        texts += [_line_text(line, account) for line in chapter.lines]
    return [text for text in texts if text]


def _line_text(line: Line, account: Account) -> str:
    pages = dict.fromkeys(page for nr in line.numbers if (page := account.by_nr[nr].page) is not None)
    if line.float in account.pages:
        pages = {account.pages[line.float]: None}
    where = f" (s. {', '.join(str(page) for page in pages)})" if pages else ""
    name = account.float_labels.get(line.float, "")
    label = f"{name}: " if name else ""
    return f"{label}{'; '.join(line.texts)}{where} {line.about}"


def _lines(account: Account, numbers: Sequence[Printed]) -> Iterable[Line]:
    in_text = [printed for printed in numbers if printed.place in _IN_TEXT and not _quiet(printed)]
    tallies = [printed for printed in in_text if _is_tally(printed)]
    yield from _of_text(account, [printed for printed in in_text if not _is_tally(printed)])
    tabled = [printed for printed in numbers if printed.place in ("table", "drawn") and printed.float]
    for name, group in groupby(tabled, key=lambda printed: printed.float):
        yield _of_float(account, name, list(group))
    if tallies:
        texts = dict.fromkeys(printed.text for printed in tallies)
        yield Line(
            list(texts), "talt op af tal i rapporten", [printed.nr for printed in tallies if printed.nr is not None]
        )
    fixed = dict.fromkeys(printed.text for printed in numbers if printed.origin.kind in _SETTINGS - {Kind.AXIS})
    if fixed:
        yield Line(list(fixed), "fastlagt i opsætningen eller i metoden")


def _is_tally(printed: Printed) -> bool:
    """A count of weeks, sites or other things that the report itself has told."""
    return printed.origin.kind is Kind.DERIVED and printed.origin.ref.partition("(")[0] in TALLIES


def _quiet(printed: Printed) -> bool:
    return printed.origin.kind in _SETTINGS or printed.origin.part in _QUIET_PARTS


def _of_text(account: Account, numbers: Sequence[Printed]) -> Iterable[Line]:
    """One line for each row, fact or sum, with all the ways it is printed in the chapter."""
    lines: dict[Origin, Line] = {}
    for printed in numbers:
        same = Origin(printed.origin.ref, kind=printed.origin.kind)
        line = lines.setdefault(same, Line(about=_about(account, same)))
        if printed.text not in line.texts and printed.origin.part not in ("k", "n"):
            line.texts.append(printed.text)
        if printed.nr is not None:
            line.numbers.append(printed.nr)
    return lines.values()


def _about(account: Account, origin: Origin) -> str:
    row = account.row_of(origin)
    if row is None:
        return other_text(origin, account).rstrip(".")
    parts = (what(row, account.measure_of(row)), where(row, account.subgroups), counts(row))
    return "; ".join(part for part in parts if part)


def _of_float(account: Account, name: str, numbers: Sequence[Printed]) -> Line:
    rows = [row for printed in numbers if (row := account.row_of(printed.origin)) is not None]
    labels = dict.fromkeys(account.measure_of(row).label for row in rows)
    shown = f"{number_text(len(numbers))}{NBSP}tal"
    parts = [list_text(labels), list_text(dict.fromkeys(_population(row) for row in rows)), _sizes(rows)]
    return Line([shown], "; ".join(part for part in parts if part), float=name)


def _population(row: Estimate) -> str:
    return row.population


def _sizes(rows: Sequence[Estimate]) -> str:
    sizes = [row.n for row in rows if row.n is not None]
    if not sizes:
        return ""
    low, high = number_text(min(sizes)), number_text(max(sizes))
    return f"n{NBSP}={NBSP}{low}" if low == high else f"n{NBSP}={NBSP}{low}{EN_DASH}{high}"


def table_subjects(account: Account | None) -> dict[str, str]:
    """Table's identifier -> whom its numbers are about, between semicolons: the populations of its rows."""
    found: dict[str, dict[str, None]] = {}
    for printed in account.numbers if account is not None else ():
        row = account.row_of(printed.origin) if account is not None and printed.place == "table" else None
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
