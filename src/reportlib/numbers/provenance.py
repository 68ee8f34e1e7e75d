"""Where a report's files come from: the hash of everything that went into them, so that they can be made again.

`<report>.prov.json` stands beside the report. It names no clock, folder or machine: the same inputs give the same file.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from reportlib import __version__
from reportlib.errors import ReportlibError
from reportlib.files.own_files import code_hash, package_version, place_in_project
from reportlib.files.reading import Count, FileKind, Hash, Package, Shape, file_hash
from reportlib.ledger import Ledger

META_NAME = "reportlib-stamp"
_PACKAGE = b"PK\x03\x04"
_STAMP = re.compile(
    r"reportlib:1;trial=(?P<trial>[^;]*);kommune=(?P<kommune>.*?);ledger=(?P<ledger>[0-9a-f]+)", re.DOTALL
)

# How the files begin that reportlib writes: the thousands of lines after it need not be read for the stamp.
_FIRST_KEYS = re.compile(r'\{\s*"format": \d+,\s*"stamp": ("(?:[^"\\]|\\.)*")')


class StampMissingError(ReportlibError):
    """A finished file without a stamp, or one that cannot be read."""

    usual_hint = "name the file as it was rendered"


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
        content = FileKind(StampMissingError, "a report").read_text(path)
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
    head = FileKind(StampMissingError, "a report").read_text(path).partition("</head>")[0]
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
    return str(FileKind(StampMissingError, "a report's file").read_json(path).get("stamp", ""))


def _pdf_keywords(path: Path) -> str:
    import pikepdf  # imported when needed: a plan or a list of trials reads no PDF

    try:
        with pikepdf.open(path) as pdf:
            info = str(pdf.docinfo.get("/Keywords", ""))
            keywords = str(pdf.open_metadata().get("pdf:Keywords", ""))  # no `with`: that would write them back
    except pikepdf.PasswordError:
        raise StampMissingError(f"{path.name}: the PDF is encrypted") from None
    except Exception as error:  # a damaged file is told of in many ways: the libraries below have errors of their own
        raise StampMissingError(f"{path.name}: not a readable PDF ({str(error).removeprefix(f'{path}: ')})") from None
    if info.split() != keywords.split():
        raise StampMissingError(f"{path.name}: the keywords differ between the PDF's two kinds of metadata")
    return keywords


def _word_stamp(path: Path) -> str:
    package = Package(path, FileKind(StampMissingError, "a Word file"))
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


ACCOUNT = ".tal.json"
"""How the file with the account of a report's numbers ends."""

PROVENANCE = ".prov.json"
"""How the record of what a report was made of ends."""

FORMAT = 1
PACKAGES = (
    "babel", "font-source-sans-pro", "ipython", "jinja2", "lifelines", "matplotlib", "numpy", "pandas", "pikepdf",
    "pyarrow", "pydantic", "pypandoc-binary", "pyreadstat", "pyyaml", "scipy", "statsmodels", "typst",
)  # fmt: skip


def provenance(
    *,
    stamp: str,
    trial_file: Path,
    sources: Iterable[Path],
    project: Path,
    ledger: Ledger,
    files: Mapping[str, str],
    programs: Mapping[str, str],
) -> dict[str, Any]:
    """What a report was made of.

    `sources` are the document, its includes and the theme; `files` the hashes of the finished files by name;
    `programs` the versions of compilers that come inside packages with a version of their own.
    """
    shown = {_shown(path, project): file_hash(path) for path in set(sources)}
    return {
        "format": FORMAT,
        "stamp": stamp,
        "ledger": ledger.hash,
        "extracts": {file["name"]: file["sha256"] for file in ledger.header["files"]},
        "seed": ledger.header["seed"],
        "trial.yml": file_hash(trial_file),
        "sources": dict(sorted(shown.items(), key=lambda entry: PurePosixPath(entry[0]).parts)),
        "code": {"reportlib": __version__, "sha256": code_hash()},
        "python": platform.python_version(),
        "packages": {name: version for name in PACKAGES if (version := package_version(name))},
        "programs": dict(programs),
        "files": dict(sorted(files.items())),
    }


class ProvenanceFileError(ReportlibError):
    """A record of what a report was made of cannot be read: missing, cut, or of another format."""


def _inside(name: str) -> str:
    """The name of a file of the project, which leads nowhere else.

    Raises:
        ValueError
    """
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
        raise ValueError(f"{name[:60]!r} is no file of a project")
    return name


FileName = Annotated[str, AfterValidator(_inside)]


class _Code(Shape):
    reportlib: str
    sha256: Hash


class _Provenance(Shape):
    format: int
    stamp: str
    ledger: Hash
    extracts: dict[str, Hash]
    seed: Count
    trial_yml: Annotated[str, Field(alias="trial.yml", pattern="^[0-9a-f]{64}$")]
    sources: dict[FileName, Hash]
    code: _Code
    python: str
    packages: dict[str, str]
    programs: Annotated[dict[str, str], Field(default_factory=dict)]  # not in records of former versions
    files: dict[FileName, Hash]


def read_provenance(path: Path) -> dict[str, Any]:
    """The record in a file.

    Raises:
        ProvenanceFileError
    """
    hint = "render the report again: it is written beside the report"
    kind = FileKind(ProvenanceFileError, "a record of provenance", hint)
    record = kind.read_json(path)
    kind.check_version(record, FORMAT, path)
    kind.check_shape(_Provenance, record, path)
    return record


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """The file's content."""
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _shown(path: Path, project: Path) -> str:
    place = place_in_project(path, project)
    return path.name if place is None else place.as_posix()
