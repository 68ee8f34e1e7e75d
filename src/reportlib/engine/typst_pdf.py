"""Typst source to a tagged PDF (PDF/UA-1 and PDF/A-3a) with the same bytes every time.

Fonts and what has been set live as long as the process: a second municipality's report costs half of the first's.
Typst's check for accessibility stops a picture without alternative text; its messages are led back to the figure and
the document's line.

Which boxes and tables are surely low, or surely high, seen in the Typst source.

The theme measures a box or a table before it sets it, to know whether it may break: so what differs between
municipalities is set twice, which was a third of a report's time in Typst. Most are far from the limit, and a count of
characters shows it. What is near it, or what this module cannot read, the theme measures.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from reportlib.engine.fonts import typst_folder
from reportlib.engine.markdown import find_places
from reportlib.engine.qmd import Line
from reportlib.errors import ReportlibError
from reportlib.text.inert import as_typst

# Points: what the theme (typst-template.typ) keeps on one page, and how wide the page's and a box's text is.
_BOX_LIMIT, _TABLE_LIMIT = 212.6, 368.5
_PAGE_WIDTH, _BOX_WIDTH = 462.0, 434.0
_CELL_PADDING = {"false": 10.0, "true": 7.0}

_BOX = re.compile(r"#boks\(.*, fremhaev: (?:true|false)\)\[")
_TABLE = re.compile(r"#tabelblok\(bred: (?P<bred>true|false), lang: false\)\[")
_INNER = re.compile(r"// .*|#(?:kilde|note|lille|fri-note|med-naeste)\[|\]|<[\w-]+>")
_FIGURE = re.compile(
    r"#figure\(kind: table, caption: \[(?P<caption>.*?)\], tabel\(columns: \((?P<columns>[\d., fr]+)\),"
)
_CELL = re.compile(r"(?P<call>table\.cell\([^)\[]*\))?\[(?P<text>[^\[\]]*)\](?=[,)])")
_SPAN = re.compile(r"colspan: (\d+)")

_REFERENCE = re.compile(r"#ref\(<[^>]*>, supplement: \[[^\]]*\]\)")
_LIGHT = re.compile(r'#lys\("\w+"\)\[')
_CALL = re.compile(r'#(?:tal|emph|strong|sub|super|link|text|hide)(?:\((?:[^()"\[\]]|"[^"\\]*")*\))?\[([^\[\]]*)\];?')
_HIDDEN, _BREAK, _NESTED = "#skjult;", "#led;", 4


@dataclass(frozen=True)
class _Type:
    """Points: a line, what n of them take beside n lines, and a character's width."""

    line: float
    space: float
    character: float

    def lines(self, text: str, width: float) -> int:
        return 1 + int(len(text) * self.character / width)

    def height(self, text: str, width: float) -> float:
        return self.lines(text, width) * self.line + self.space


@dataclass(frozen=True)
class _Types:
    """The theme's type, estimated to one side: `edges` are what box and table take beside their text."""

    text: _Type
    small: _Type
    cell: dict[str, _Type]
    box_edges: float
    table_edges: float


_MORE = _Types(
    text=_Type(14.0, 4.6, 5.2),
    small=_Type(10.5, 3.0, 4.5),
    cell={"false": _Type(10.6, 3.0, 4.9), "true": _Type(9.5, 3.0, 4.5)},
    box_edges=44.0,
    table_edges=16.0,
)
_LESS = _Types(
    text=_Type(13.8, 0.0, 4.0),
    small=_Type(9.8, 0.0, 3.3),
    cell={"false": _Type(10.2, 2.4, 3.5), "true": _Type(9.1, 2.4, 3.1)},
    box_edges=24.0,
    table_edges=0.0,
)


def with_heights(body: str) -> str:
    """The body with `hoej: false` on each box and table that is surely kept on one page, `hoej: true` if surely not."""
    lines = body.split("\n")
    open_at: list[int] = []
    for number, line in enumerate(lines):
        if line.startswith("#") and line.endswith("["):
            open_at.append(number)
        elif line == "]" and open_at:
            start = open_at.pop()
            if (high := _is_high(lines[start], lines[start + 1 : number])) is not None:
                lines[start] = f"{lines[start].removesuffix(')[')}, hoej: {'true' if high else 'false'})["
    return body if open_at else "\n".join(lines)


def _is_high(opening: str, inside: Sequence[str]) -> bool | None:
    """Whether the theme would let it break; None where that must be measured."""
    table = _TABLE.fullmatch(opening)
    if table is None and _BOX.fullmatch(opening) is None:
        return None
    limit = _BOX_LIMIT if table is None else _TABLE_LIMIT
    texts = [_shown(line) for line in inside if line and not _INNER.fullmatch(line)]
    more = _height(texts, table, _MORE)
    if more is None or more < limit:
        return None if more is None else False
    less = _height(texts, table, _LESS)
    return True if less is not None and less > limit else None


def _height(texts: Iterable[str | None], table: re.Match[str] | None, types: _Types) -> float | None:
    return _box_height(texts, types) if table is None else _table_height(texts, table["bred"], types)


def _box_height(texts: Iterable[str | None], types: _Types) -> float | None:
    height = types.box_edges
    for shown in texts:
        if shown is None or "#" in shown:
            return None
        height += types.text.height(shown, _BOX_WIDTH)
    return height


def _table_height(texts: Iterable[str | None], bred: str, types: _Types) -> float | None:
    height, tables = types.table_edges, 0
    for shown in texts:
        if shown is None:
            return None
        if (figure := _FIGURE.match(shown)) is not None:
            rows = _rows_height(shown[figure.end() :], figure["columns"], bred, types)
            if rows is None:
                return None
            height += rows + types.text.height(figure["caption"], _PAGE_WIDTH)
            tables += 1
        elif "#" in shown:
            return None
        else:
            height += types.small.height(shown, _PAGE_WIDTH)
    return height if tables == 1 else None


def _rows_height(cells: str, columns: str, bred: str, types: _Types) -> float | None:
    """The rows' heights: each as many lines as its longest cell; cells fill the columns in their order."""
    shares = [float(share.removesuffix("fr")) for share in columns.replace(" ", "").split(",") if share]
    widths = [_PAGE_WIDTH * share / sum(shares) - _CELL_PADDING[bred] for share in shares]
    cell_type = types.cell[bred]
    height, column, lines = 0.0, 0, 0
    for cell in _CELL.finditer(cells):
        span = int(found[1]) if cell["call"] and (found := _SPAN.search(cell["call"])) else 1
        if column + span > len(widths) or "rowspan" in (cell["call"] or ""):
            return None
        lines = max(lines, cell_type.lines(cell["text"], sum(widths[column : column + span])))
        column += span
        if column == len(widths):
            height += lines * cell_type.line + cell_type.space
            column = lines = 0
    return height if height and column == 0 else None


def _shown(line: str) -> str | None:
    """The line's text as a reader sees it, near enough to count; None where it holds what is not text."""
    line = _REFERENCE.sub("Tabel 00.00.00", line)
    line = line.replace(_HIDDEN, "·").replace(_BREAK, "")
    line = _LIGHT.sub("#emph[xxx ", line.replace("~#h(1fr)", ""))
    for _ in range(_NESTED):
        line, found = _CALL.subn(r"\1", line)
        if not found:
            break
    return None if "image(" in line or "$" in line else line


STANDARDS = ["ua-1", "a-3a"]

_POSITION = re.compile(r"\.typ:(\d+):(\d+)")
_PICTURE = re.compile(r'image\("((?:[^"\\]|\\.)+)"')
_LABEL = re.compile(r"<((?:fig|tbl|sec)-[\w.-]+)>")
# What Typst says, what it means, and what to do.
_KNOWN = (
    (r"the text `?\"(.+?)\"`? could not be displayed", "the sign {0} is in none of the report's fonts", "write a word"),
    (r"file not found", "a picture does not exist", "figs/ holds what cells write; keep others in another folder"),
    (
        r"(?:failed to (?:decode|parse|load)|unknown image format|unsupported image).*",
        "a picture cannot be read",
        "pictures are SVG, PNG, JPEG or WebP; save it anew",
    ),
)
_COMPILING = threading.Lock()
_SOURCE, _THEME, _REPORT = "_reportlib.typ", "_reportlib-tema.typ", "_reportlib-rapport.typ"
# Where the theme ends in what its template (typst-embedded.typ) writes, and where the report's body begins.
_THEME_ENDS, _BODY_BEGINS = "\n// reportlib:rapport\n", "\n// reportlib:krop\n"
# The theme's list of pages: present only where the account of numbers is set.
_PAGES, _PAGES_FROM = "<tal-sider>", "#talregnskab("
_PlaceOf = Callable[[int, str], str]


class TypstFailedError(ReportlibError):
    """Typst refused the document; the message names the figure or table, and the document's line."""


class MissingAltTextError(TypstFailedError):
    """A picture or an equation without an alternative text."""


class ReportDateError(ReportlibError):
    """The document gives no date (`dato-iso`), or one that is not YYYY-MM-DD. PDF/A requires one."""


def report_date(text: str | None) -> datetime:
    """Midnight UTC of the document's own date, the only date a PDF carries: never the clock's.

    Raises: ReportDateError.
    """
    try:
        return datetime.strptime(text or "", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        found = f"the document's date {text!r} is not YYYY-MM-DD" if text else "the document has no date"
        raise ReportDateError(found, hint="the cover (`print(r.forside())`) gives it as dato-iso") from None


@dataclass(frozen=True)
class Compiled:
    """A PDF, and the pages its marked numbers (by number), figures and tables (by identifier) stand on."""

    pdf: bytes
    number_pages: Mapping[int, int]
    float_pages: Mapping[str, int]
    told: tuple[str, ...] = ()


def compile_document(
    source: str, lines: Sequence[Line], *, root: Path, date: datetime, place_of: _PlaceOf = lambda _line, _before: ""
) -> Compiled:
    """Compile Typst `source`, with pictures named relative to `root`; `lines` are its Markdown and `place_of` leads
    from a line of the source, and what stands before a place on it, to the document's.

    The source is written below `root`: only of a file can the pages be asked, at no cost once it is set.
    Raises: MissingAltTextError, TypstFailedError (also for warnings, such as a font that is not there).
    """
    import typst

    parts = parts_of(source)
    told: tuple[str, ...] = ()
    try:
        with _COMPILING:
            try:
                pdf, pages = compile_once(parts, source, root, date)
            except typst.TypstError as error:
                if len(parts) == 1:
                    raise
                pdf, pages = compile_once({_SOURCE: source}, source, root, date)  # in one file an error has its line
                told = (f"the PDF was set once more, in one file: {str(error).splitlines()[0]}",)
    except typst.TypstError as error:
        raise _named(error, source, lines, place_of) from error
    found = pages[0] if pages else {"tal": [], "figurer": []}
    return Compiled(pdf, _first(found["tal"]), _first(found["figurer"]), told)


def compile_once(parts: Mapping[str, str], source: str, root: Path, date: datetime) -> tuple[bytes, list[Any]]:
    """The PDF, and the theme's list of pages where the account of numbers is set."""
    import typst

    for name, text in parts.items():
        (root / name).write_text(as_typst(text), encoding="utf-8", newline="\n")
    path, fonts = str(root / _SOURCE), _fonts()
    compiler: Any = typst.Compiler(input=path, root=str(root), font_paths=fonts, ignore_system_fonts=True)
    pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=STANDARDS, timestamp=date)
    if warnings:
        raise TypstFailedError(f"Typst warns: {'; '.join(dict.fromkeys(warning.message for warning in warnings))}")
    return bytes(pdf), json.loads(compiler.query(_PAGES, field="value")) if _PAGES_FROM in source else []


def parts_of(source: str) -> dict[str, str]:
    """The files Typst reads (name -> text): theme, report and what joins them; or `source` as it is when it was not
    written by the theme's template.

    Typst keeps what it has set, but knows it again only by content, settings and place in the file. All that is
    evaluated from a string has one place: so a municipality's report pays only for what the reports before did not say.
    The cover is among it: a file with one word more of the cover would have other places from there to its end.
    """
    theme, theme_ends, report = source.partition(_THEME_ENDS)
    if not theme_ends:
        return {_SOURCE: source}
    joined = f'#import "{_THEME}" as tema\n#eval(read("{_REPORT}"), mode: "markup", scope: dictionary(tema))\n'
    return {_THEME: theme, _REPORT: with_chapter_numbers(with_heights(report)), _SOURCE: joined}


def _first(pairs: Sequence[tuple[Any, int]]) -> dict[Any, int]:
    """Each name's first page: a header that is repeated repeats its numbers."""
    return dict(reversed(pairs))


def count_pages(path: Path) -> int:
    """Pages of a finished PDF."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


@cache
def compiler_version() -> str:
    """The version of the compiler inside the package `typst`, which has another version: the PDF's Creator names it."""
    import typst

    found = typst.query(b"#metadata(str(sys.version))<version>", "<version>", field="value", one=True)
    return str(json.loads(found))


@cache
def _fonts() -> Any:
    import typst

    # Typst's own fonts stay in: they come with the same package version and carry mathematics and code.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(typst_folder())])


def _named(error: Any, source: str, lines: Sequence[Line], place_of: _PlaceOf) -> TypstFailedError:
    number, before = _position(error.diagnostic, source)
    where = _culprit(number, source)
    place = place_of(number, before) if number else ""
    if not place or place.startswith("between"):
        found = [str(place) for name in where for place in find_places(lines, name)]
        place = ", ".join(dict.fromkeys(found)) or place
    prefix = f"{place}: " if place else ""
    subject = f" ({', '.join(where)})" if where else ""
    if "alt text" in error.message:
        return MissingAltTextError(
            f"{prefix}a picture or an equation has no alternative text{subject}",
            hint='say what it shows: ![Caption](figs/a.svg){#fig-a fig-alt="..."}',
        )
    for pattern, words, what_to_do in _KNOWN:
        if (known := re.search(pattern, error.message)) is not None:
            return TypstFailedError(f"{prefix}{words.format(*known.groups())}{subject}", hint=what_to_do)
    hints = "; ".join(error.hints) or None
    return TypstFailedError(f"{prefix}Typst: {error.message}{subject}\n{error.diagnostic.strip()}", hint=hints)


def _position(diagnostic: str, source: str) -> tuple[int, str]:
    """The first line of the report's body, counted from 1, that a diagnostic names, and what stands before its place;
    0 where it names none."""
    theme = source.partition(_BODY_BEGINS)[0].count("\n") if _BODY_BEGINS in source else 0
    for found in _POSITION.finditer(diagnostic):
        if (line := int(found[1])) > theme:
            return line, as_typst(source.split("\n")[line - 1])[: int(found[2]) - 1]
    return 0, ""


def _culprit(number: int, source: str) -> list[str]:
    """What stands on a line of the source: the picture's file and the first label from there on."""
    if number == 0:
        return []
    code = source.split("\n")
    found = []
    if (picture := _PICTURE.search(code[number - 1] if number <= len(code) else "")) is not None:
        found.append(picture[1])
    if (label := _LABEL.search("\n".join(code[number - 1 : number + 11]))) is not None:
        found.append(f"#{label[1]}")
    return found


def age_cache(steps: int = 1) -> None:
    """Let what only this document needed grow old sooner.

    Typst keeps what it worked out until ten compiles have passed without use, which for ten reports is up to half a
    gigabyte. An empty compile costs ten milliseconds and counts as one of the ten. With one of them what a report set
    waits for four more: none takes more memory, with more a report finds less of what those before it set.
    """
    import typst

    with _COMPILING:
        for step in range(steps):
            typst.compile(f"#{step}".encode("ascii"), format="svg", font_paths=_fonts(), ignore_system_fonts=True)


# The marks of a report's numbers, counted from each chapter's first, so that chapters can be the same in two reports.
#
# A municipality with one number more in its summary would otherwise have another mark at each number after it, and
# Typst would set each of those paragraphs again.


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
