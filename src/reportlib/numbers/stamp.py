"""The identity a finished file carries: which trial, which municipality, which ledger.

The document itself puts the stamp in its metadata, from the ledger it opened and the municipality it wrote about; the
engine compares what it reads back from the finished file with what was ordered. A report under another municipality's
name cannot pass.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from reportlib.errors import ReportlibError
from reportlib.files.reading import read_json, read_text
from reportlib.files.zipped import Package

META_NAME = "reportlib-stamp"
_PACKAGE = b"PK\x03\x04"
_STAMP = re.compile(
    r"reportlib:1;trial=(?P<trial>[^;]*);kommune=(?P<kommune>.*?);ledger=(?P<ledger>[0-9a-f]+)", re.DOTALL
)

# How the files begin that reportlib writes: the thousands of lines after it need not be read for the stamp.
_FIRST_KEYS = re.compile(r'\{\s*"format": \d+,\s*"stamp": ("(?:[^"\\]|\\.)*")')


class StampMissingError(ReportlibError):
    """A finished file without a stamp, or one that cannot be read."""


class StampMismatchError(ReportlibError):
    """A finished file that says it is another report than the one ordered."""


@dataclass(frozen=True)
class Stamp:
    """Trial id, municipality (`Alle` for the whole trial) and the ledger's hash (hex)."""

    trial: str
    kommune: str
    ledger: str

    def __str__(self) -> str:
        return f"reportlib:1;trial={self.trial};kommune={self.kommune};ledger={self.ledger}"

    def same_as(self, other: Stamp) -> bool:
        """Equal but for white space, which Markdown, HTML and PDF each fold in their own way."""
        return "".join(str(self).split()) == "".join(str(other).split())


def parse_stamp(text: str) -> Stamp:
    """The one stamp in `text`.

    Raises: StampMissingError when there is none, or more than one.
    """
    found = list(_STAMP.finditer(text))
    if len(found) != 1:
        raise StampMissingError(
            "no reportlib stamp" if not found else f"{len(found)} reportlib stamps where one belongs"
        )
    return Stamp(**found[0].groupdict())


def read_stamp(path: Path) -> Stamp:
    """The stamp of a finished PDF (keywords), HTML file (`<meta name="reportlib-stamp">`), Word file (a property of
    that name) or account of numbers.

    Raises: StampMissingError; also when the file cannot be read at all.
    """
    begins = _first_bytes(path)
    if path.suffix == ".pdf" or begins == b"%PDF-":
        text = _pdf_keywords(path)
    elif begins.startswith(_PACKAGE):
        text = _word_stamp(path)
    else:
        content = read_text(path, error=StampMissingError, what="a report")
        text = _json_stamp(content, path) if begins.startswith(b"{") else _html_stamp(content)
    try:
        return parse_stamp(text)
    except StampMissingError as error:
        raise StampMissingError(
            f"{path.name}: {error.message}",
            hint="a document prints its cover (`print(r.forside())`), which carries the stamp",
        ) from None


def made_by_quarto(path: Path) -> bool:
    """Whether Quarto made the finished PDF or page, which then has no account of numbers and other bytes each time.

    Raises: StampMissingError when the file cannot be read.
    """
    if path.suffix == ".pdf" or _first_bytes(path) == b"%PDF-":
        return "Quarto" in re.split(r",\s*", _pdf_keywords(path))
    head = read_text(path, error=StampMissingError, what="a report").partition("</head>")[0]
    return re.search(r'<meta name="generator" content="quarto', head) is not None


def check_stamp(path: Path, expected: Stamp, *, name: str) -> Stamp:
    """Read the stamp back from `path` and compare it with what was ordered; `name` is what the file will be called.

    Raises: StampMissingError, StampMismatchError.
    """
    try:
        found = read_stamp(path)
    except StampMissingError as error:
        raise StampMissingError(error.message.replace(path.name, name), hint=error.hint) from None
    if not found.same_as(expected):
        raise StampMismatchError(
            f"{name} says it is {found.trial} for {found.kommune!r} (ledger {found.ledger[:12]}), "
            f"but {expected.trial} for {expected.kommune!r} (ledger {expected.ledger[:12]}) was ordered",
            hint="the document must take trial, kommune and ledger from its parameters and REPORTLIB_LEDGER",
        )
    return found


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(5)
    except OSError as error:
        raise StampMissingError(f"{path} cannot be read: {error.strerror or error}") from None


def _json_stamp(text: str, path: Path) -> str:
    if (found := _FIRST_KEYS.match(text)) is not None:
        return str(json.loads(found[1]))
    return str(read_json(path, error=StampMissingError, what="a report's file").get("stamp", ""))


def _pdf_keywords(path: Path) -> str:
    import pikepdf  # imported when needed: a plan or a list of trials reads no PDF

    try:
        with pikepdf.open(path) as pdf:
            info = str(pdf.docinfo.get("/Keywords", ""))
            keywords = str(pdf.open_metadata().get("pdf:Keywords", ""))  # no `with`: that would write them back
    except pikepdf.PasswordError:
        raise StampMissingError(f"{path.name}: the PDF is encrypted", hint="name it as it was rendered") from None
    except Exception as error:  # a damaged file is told of in many ways: the libraries below have errors of their own
        raise StampMissingError(f"{path.name}: not a readable PDF: {error}") from None
    if info.split() != keywords.split():
        raise StampMissingError(f"{path.name}: the keywords differ between the PDF's two kinds of metadata")
    return keywords


def _word_stamp(path: Path) -> str:
    package = Package(path, error=StampMissingError, what="a Word file")
    properties = package.xml("docProps/custom.xml")
    named = [] if properties is None else [one for one in properties if one.get("name") == META_NAME]
    return "\n".join("".join(one.itertext()) for one in named)


class _HeadReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stamps: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and values.get("name") == META_NAME:
            self.stamps.append(values.get("content") or "")


def _html_stamp(text: str) -> str:
    # Only the head is parsed: figures make the body long, and a stamp in the body would not be the file's own.
    head, end, _ = text.partition("</head>")
    reader = _HeadReader()
    reader.feed(head + end)
    return "\n".join(reader.stamps)
