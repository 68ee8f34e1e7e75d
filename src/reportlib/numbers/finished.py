"""Checking one finished file against its account.

What figures and tables show, and what the text says of it: each is mentioned, each mark and sign has its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from reportlib.danish import NotANumberError, parse_number
from reportlib.errors import ReportlibError
from reportlib.files.reading import FileKind
from reportlib.numbers.account import Account, load_account
from reportlib.numbers.account_shown import attached_account, check_attached, check_cards, check_contents, check_data
from reportlib.numbers.blocks import Block, Reading, Role, read_html
from reportlib.numbers.breaks import (
    METHOD_CHAPTER,
    Break,
    FileCheck,
    Kind,
    at_block,
    check_labels,
    check_structure,
    own_number,
    unwanted_words,
    wrong_words,
)
from reportlib.numbers.collect import Printed
from reportlib.numbers.match import Actual, Allowed, Expected, Pair, align, covering, expected_of
from reportlib.numbers.provenance import ACCOUNT, StampMissingError, made_by_quarto, read_stamp
from reportlib.numbers.read_pdf import read_pdf
from reportlib.numbers.read_word import read_word
from reportlib.numbers.recompute import check_numbers
from reportlib.numbers.tokens import tokens
from reportlib.trial.design import Kind as Design

_MAIN = (Role.HEADING, Role.TEXT, Role.CAPTION, Role.HEADER, Role.CELL)
Stream = tuple[str, int]
"""What is aligned together: (`text`, chapter), (`note`, 0), (`alt` or `drawn`, figure)."""


class CannotCheckError(ReportlibError):
    """A file that is no PDF, HTML page or Word file, or one that cannot be read."""

    usual_hint = "name a finished file, or a folder of them"


_AS_RENDERED = "check the file as it was rendered"


def account_beside(path: Path) -> Path:
    """Where the account of a report's file lies."""
    return path.with_name(path.name.removesuffix(path.suffix) + ACCOUNT)


def check_file(path: Path, account: Account | None = None) -> FileCheck:
    """Read a finished report and hold it against its account: the one that is given, else the file beside it, else the
    one that a PDF carries. What a PDF carries is what it is held against.

    Raises:
        CannotCheckError: the file is no PDF, page or Word file, or was made by Quarto.
        AccountFileError: there is no account.
        NotTaggedError: the PDF cannot be read in order.
    """
    form = _form(path)
    with suppress(StampMissingError):  # what is wrong with it is told where it is read
        if account is None and path.is_file() and made_by_quarto(path):
            raise CannotCheckError(
                f"{path} was made by Quarto, which writes no account of the numbers: nothing to hold them against",
                hint="render it without --engine quarto to have its numbers checked; `reportlib diff` compares the two",
            )
    reading = read_report(path, form)
    attached = attached_account(path) if form == "pdf" else None
    beside = account_beside(path)
    known = account or (attached if attached is not None and not beside.is_file() else load_account(beside))
    result = check_reading(reading, known, name=path.name)
    breaks = (*result.breaks, *check_attached(attached, known))
    result = replace(result, breaks=breaks, trial=known.header["trial"], ledger=known.header["ledger"])
    try:
        stamp = str(read_stamp(path))
    except StampMissingError as error:
        stamp = error.message
    if "".join(stamp.split()) != "".join(str(known.header["stamp"]).split()):
        wrong = Break(Kind.STAMP, f"the file says {stamp!r}, its account {known.header['stamp']!r}")
        return replace(result, breaks=(*result.breaks, wrong))
    return result


def read_report(path: Path, form: str | None = None) -> Reading:
    """The blocks of a PDF, an HTML page or a Word file.

    Raises:
        CannotCheckError: it is none of them, or damaged, encrypted or of another encoding.
        NotTaggedError: the PDF cannot be read in order.
    """
    form = form or _form(path)
    try:
        if form == "pdf":
            return read_pdf(path)
        if form == "docx":
            return read_word(path).reading
        return read_html(FileKind(CannotCheckError, "an HTML page", _AS_RENDERED).read_text(path))
    except ReportlibError:
        raise
    except Exception as error:  # a damaged file is told of in many ways: the libraries below have errors of their own
        told = "it is encrypted" if type(error).__name__ == "PasswordError" else f"it is damaged ({error})"
        raise CannotCheckError(f"{path} cannot be read as {form.upper()}: {told}", hint=_AS_RENDERED) from None


def _form(path: Path) -> str:
    forms = {".pdf": "pdf", ".html": "html", ".htm": "html", ".docx": "docx"}
    if (form := forms.get(path.suffix.lower())) is None:
        raise CannotCheckError(f"{path} is no PDF, HTML page or Word file", hint="name a finished report, or a folder")
    return form


def check_reading(reading: Reading, account: Account, *, name: str = "") -> FileCheck:
    """What is wrong in the blocks of a report, given its account."""
    titles, body = reading.chapter_titles(), reading.blocks
    checker = _Checker(Allowed.of(account), account, titles, drawn=reading.kind != "docx")
    breaks = [
        *checker.compare(body),
        *check_structure(body, titles),
        *check_mentions(body, titles),
        *check_marks(body, titles),
        *(check_guides(body, titles) if checker.drawn else ()),
        *check_signs(body, titles),
        *check_tables(body, titles),
        *check_wording(body, account, titles),
        *check_contents(reading),
        *check_cards(reading, account),
        *check_data(reading, account),
    ]
    recomputed, wrong = check_numbers(account)
    return FileCheck(
        file=name,
        numbers=checker.numbers,
        traced=checker.traced,
        fixed=checker.fixed,
        recomputed=recomputed,
        breaks=(*breaks, *wrong, *check_labels(account)),
    )


@dataclass
class _Checker:
    allowed: Allowed
    account: Account
    titles: Sequence[str]
    drawn: bool = True  # whether the words in pictures can be read
    numbers: int = 0
    traced: int = 0
    fixed: int = 0

    def compare(self, blocks: Sequence[Block]) -> Iterator[Break]:
        expected = _expected(self.account)
        if not self.drawn:
            expected = {stream: found for stream, found in expected.items() if stream[0] != Role.DRAWN}
        actual, breaks = self._actual(blocks, headline=[one.text for one in expected.get(_COVER, [])])
        yield from breaks
        for stream in dict.fromkeys([*expected, *actual]):
            for pair in align(expected.get(stream, []), actual.get(stream, [])):
                yield from self._judge(pair)
        yield from _check_words(self.account, blocks, self.titles)

    def _actual(
        self, blocks: Sequence[Block], *, headline: Sequence[str]
    ) -> tuple[dict[Stream, list[Actual]], list[Break]]:
        """The file's numbers by stream; `headline` are those that the account has on the cover."""
        found: dict[Stream, list[Actual]] = {}
        breaks: list[Break] = []
        # A cover, and the foot of a page, say when the report is from; other days stand there in texts of the trial.
        on_cover = replace(self.allowed, days=[date.fromisoformat(self.account.header["report_date"])])
        for block in blocks:
            spans = (on_cover if block.role is Role.COVER else self.allowed).spans(block.text)
            breaks += [
                at_block(Kind.DATE, span.wrong, block, self.titles, around=span.start) for span in spans if span.wrong
            ]
            own = own_number(block)
            words = tokens(block.text)
            outside = any(covering(spans, token.start, token.end) is None for token in words)
            named = block.role is Role.COVER and not (headline and (outside or [one.text for one in words] == headline))
            for token in words:
                span = covering(spans, token.start, token.end)
                self.numbers += 1
                if own is not None and token.start == own[0]:
                    self.fixed += 1
                elif named:  # a title, a date: what stands on a cover beside the headline
                    breaks += self._on_cover(block, token.text, token.start, known=span is not None)
                else:
                    stream = _stream(block)
                    found.setdefault(stream, []).append(Actual(token, block, span is not None))
        return found, breaks

    def _on_cover(self, block: Block, text: str, at: int, *, known: bool) -> list[Break]:
        if known:
            self.fixed += 1
            return []
        return [
            at_block(Kind.UNKNOWN, f"{text} on the cover is in no text of trial.yml", block, self.titles, around=at)
        ]

    def _judge(self, pair: Pair) -> Iterator[Break]:
        one, two = pair.expected, pair.actual
        if two is None:
            assert one is not None
            place = self._place(one.printed)
            yield Break(
                Kind.MISSING, f"{one.printed.text} is not there", one.printed.page, place, key=str(one.printed.origin)
            )
            return
        if one is None:
            yield self._at(Kind.UNKNOWN, f"{two.token.text} is not in the account of the report's numbers here", two)
            return
        key = str(one.printed.origin)
        if not pair.same_number:
            message = f"{two.token.text} stands where {one.printed.text} was printed"
            yield self._at(Kind.CHANGED, message, two, key=key)
        elif not pair.same_unit:
            message = f"{two.token.text} is followed by {two.token.after!r}, it was printed with {one.after!r}"
            yield self._at(Kind.UNIT, message, two, key=key)
        elif one.soft and not two.allowed:
            message = f"{two.token.text} is typed: no row, fact or text of trial.yml gives it ({one.printed.line})"
            yield self._at(Kind.UNTRACED, message, two)
        elif one.soft:
            self.fixed += 1
        else:
            self.traced += 1

    def _at(self, kind: Kind, message: str, actual: Actual, *, key: str = "") -> Break:
        return at_block(kind, message, actual.block, self.titles, around=actual.token.start, key=key)

    def _place(self, printed: Printed) -> str:
        chapters = ["", *self.account.chapters]
        where = chapters[printed.chapter] if printed.chapter < len(chapters) else ""
        return f"{where}, {printed.float} ({printed.place})" if printed.float else where


_COVER: Stream = ("text", 0)


def _stream(block: Block) -> Stream:
    if block.role in (Role.ALT, Role.DRAWN):
        return block.role.value, block.float
    return ("note", 0) if block.role is Role.NOTE else ("text", block.chapter)


def _expected(account: Account) -> dict[Stream, list[Expected]]:
    figures = {name: number for number, name in enumerate(account.figures, 1)}
    streams: dict[Stream, list[Expected]] = {}
    for printed in account.numbers:
        if printed.place in ("alt", "drawn"):
            stream = (printed.place, figures.get(printed.float, 0))
        else:
            stream = ("note", 0) if printed.place == "note" else ("text", printed.chapter)
        streams.setdefault(stream, []).extend(expected_of(printed))
    return streams


def _check_words(account: Account, blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Counts in words (`syv kommuner`) stand in the chapter as often as they were printed."""
    wanted: dict[tuple[int, str], list[Printed]] = {}
    for printed in account.numbers:
        if not printed.has_digits and printed.place not in ("alt", "drawn"):
            wanted.setdefault((printed.chapter, _whole_words(printed.text)), []).append(printed)
    texts = _texts_by_chapter(blocks)
    for (chapter, phrase), every in wanted.items():
        if texts.get(chapter, "").count(phrase) < len(every):
            first = every[0]
            title = titles[chapter - 1] if 0 < chapter <= len(titles) else ""
            yield Break(
                Kind.WORD,
                f"{first.text!r} stands fewer than {len(every)} times",
                first.page,
                title,
                key=str(first.origin),
            )


def check_wording(blocks: Sequence[Block], account: Account, titles: Sequence[str]) -> Iterator[Break]:
    """Words that the trial's design, or the share beside them, does not bear; the method's outside its section; others
    than the glossary's."""
    named = account.header.get("design")
    for block in blocks:
        chapter = titles[block.chapter - 1] if block.chapter else METHOD_CHAPTER
        for at, why in unwanted_words(block.text, chapter=chapter, avoid=account.header.get("avoid", {})):
            yield at_block(Kind.WORD, why, block, titles, around=at)
        for at, why in wrong_words(block.text, Design(named) if named else None):
            yield at_block(Kind.WORD, why, block, titles, around=at)


def _texts_by_chapter(blocks: Iterable[Block]) -> Mapping[int, str]:
    texts: dict[int, list[str]] = {}
    for block in blocks:
        if block.role in _MAIN or block.role is Role.COVER:  # the headline on the cover counts in words too
            texts.setdefault(block.chapter, []).append(block.text)
    return {chapter: _whole_words(" ".join(parts)) for chapter, parts in texts.items()}


def _whole_words(text: str) -> str:
    """Words apart by one space each, so that a phrase is found as whole words."""
    return f" {' '.join(''.join(sign if sign.isalnum() else ' ' for sign in text.lower()).split())} "


_LABEL = re.compile(r"^(Figur|Tabel)[ \u00a0](\d+):")
_RANGE = re.compile(r"\b(Figur|Tabel)[ \u00a0](\d+) til \1[ \u00a0](\d+)\b")


def check_mentions(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks for figures and tables that no text of the report refers to."""
    said = {
        (token.reference, token.text)
        for block in blocks
        if block.role is not Role.CAPTION
        for token in tokens(block.text)
        if token.reference
    }
    for block in blocks:
        for kind, first, last in _RANGE.findall(block.text):
            said |= {(kind, str(number)) for number in range(int(first), int(last))}
    for block in blocks:
        label = _LABEL.match(block.text) if block.role is Role.CAPTION else None
        if label is not None and (label[1], label[2]) not in said:
            yield at_block(Kind.REFERENCE, f"no text mentions {label[1]} {label[2]}", block, titles)


_LASTS = re.compile(r"^fra uge[ \u00a0]\d+$")
_EXPLAINED = re.compile(r"(?:^|\. |: )(?P<sign>[^\w\s.,;:()]) (?:betyder|Tallet|[A-ZÆØÅ])")


_LINE = "lodret linje"


def check_guides(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks for a text that explains the line from which a difference lasts, where no figure of the report has one."""
    if any(block.role is Role.DRAWN and _LASTS.match(block.text) for block in blocks):
        return
    for block in blocks:
        if block.role is Role.TEXT and _LINE in _plain(block.text):
            around = _plain(block.text).index(_LINE)
            yield at_block(Kind.WORD, f"{_LINE!r} is explained, and no figure has it", block, titles, around=around)


def check_marks(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks for a week from which a figure says that a difference lasts, and the text of its chapter does not."""
    texts: dict[int, str] = {}
    for block in blocks:
        if block.role is Role.TEXT:
            texts[block.chapter] = f"{texts.get(block.chapter, '')} {_plain(block.text)}"
    for block in blocks:
        marked = block.role is Role.DRAWN and _LASTS.match(block.text)
        if marked and not re.search(rf"\b{re.escape(_plain(block.text))}\b", texts.get(block.chapter, "")):
            yield at_block(Kind.WORD, f"the mark {block.text!r} is not in the chapter's text", block, titles)


def check_signs(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks where a table's notes explain a sign that none of its cells holds, or one sign twice."""
    for cells, notes in _tables(blocks):
        explained: set[str] = set()
        for note in notes:
            for found in _EXPLAINED.finditer(note.text):
                sign = found["sign"]
                if not any(sign in cell.text for cell in cells):
                    yield at_block(Kind.WORD, f"no cell holds the sign {sign!r}", note, titles, around=found.start())
                elif sign in explained:
                    yield at_block(Kind.WORD, f"{sign!r} is explained twice", note, titles, around=found.start())
                explained.add(sign)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").lower()


_QUOTIENT = re.compile(r"(?:^|[:.] )(?P<column>[^:.]+(?:\. [^:.]+)?): forskellen delt med\b")
_HOURS = re.compile(
    r"^(?!andel|personer|har|med)(?:\S+ )?\S*(?:timer|uger|måneder|kroner|kr\.) .*\(pct\.\)$", re.IGNORECASE
)
_HALF = Decimal("0.5")


def check_tables(blocks: Sequence[Block], titles: Sequence[str]) -> Iterator[Break]:
    """Breaks in what tables say of themselves.

    A column that a note calls a difference divided by one amount is so in every row; a label that counts hours or weeks
    stands over no per cent; and a row is not what the row before it leaves of hundred.
    """
    for cells, notes in _tables(blocks):
        wide = _columns(cells)
        heads, rows = cells[:wide], [cells[at : at + wide] for at in range(wide, len(cells), wide)]
        for note in notes:
            for found in _QUOTIENT.finditer(note.text):
                if (why := _no_quotient(found["column"].strip(), heads, rows)) is not None:
                    yield at_block(Kind.RECOMPUTED, why, note, titles, around=found.start("column"))
        for before, row in zip([None, *rows], rows, strict=False):
            if _HOURS.match(_plain(row[0].text)):
                yield at_block(Kind.UNIT, f"{row[0].text!r} is no share", row[0], titles)
            if before is not None and _leaves(before, row):
                yield at_block(Kind.LABEL, f"{row[0].text!r} is the row before it once more", row[0], titles)


def _tables(blocks: Sequence[Block]) -> Iterator[tuple[list[Block], list[Block]]]:
    """The cells of each table, head and rows, and the notes under it."""
    cells: list[Block] = []
    notes: list[Block] = []
    for block in [*blocks, Block(Role.HEADING, "", 0)]:
        if block.role in (Role.CELL, Role.HEADER):
            cells.append(block)
        elif block.role is Role.TEXT and cells and block.text.startswith("Anm.:"):
            notes.append(block)
        elif block.role in (Role.CAPTION, Role.HEADING):
            if cells:
                yield cells, notes
            cells, notes = [], []


def _columns(cells: Sequence[Block]) -> int:
    """How many columns: as many as headings come first."""
    return max(1, next((at for at, cell in enumerate(cells) if cell.role is Role.CELL), len(cells)))


def _no_quotient(column: str, heads: Sequence[Block], rows: Sequence[Sequence[Block]]) -> str | None:
    names = [_plain(head.text) for head in heads]
    if "forskel" not in names or _plain(column) not in names:
        return None
    pairs = [
        (one, two)
        for row in rows
        if (one := _number(row[names.index("forskel")])) and (two := _number(row[names.index(_plain(column))]))
    ]
    spans = [
        ((abs(one) - _half(one)) / (abs(two) + _half(two)), (abs(one) + _half(one)) / (abs(two) - _half(two)))
        for one, two in pairs
        if abs(two) > _half(two)
    ]
    if spans and max(low for low, _ in spans) > min(high for _, high in spans):
        return f"{column!r} is not the difference divided by one amount"
    return None


def _half(number: Decimal) -> Decimal:
    """Half a step of a printed number: as much as rounding may have moved it."""
    return _HALF.scaleb(int(number.as_tuple().exponent))


def _leaves(before: Sequence[Block], row: Sequence[Block]) -> bool:
    first, second = (cells[0].text.partition(": ") for cells in (before, row))
    shares = [(_number(one), _number(two)) for one, two in zip(before[1:3], row[1:3], strict=False)]
    return (
        bool(first[1])
        and first[0] == second[0]
        and row[0].text.endswith("(pct.)")
        and len(shares) == 2
        and all(one is not None and two is not None and one + two == 100 for one, two in shares)
    )


def _number(cell: Block) -> Decimal | None:
    try:
        return parse_number(cell.text)
    except NotANumberError:
        return None
