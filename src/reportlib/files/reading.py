"""Files that others may have changed: bounded, of one shape, one named error; YAML is counted before it is built; read
again only when they have changed. ZIP packages of XML (Word's, for one) are also written here, without a clock.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar
from xml.etree import ElementTree

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from reportlib.errors import ReportlibError

# Reading the files that stand between commands: ledgers, accounts, records of provenance and of a cache, pages.
#
# They are made by reportlib, but they are carried between machines, kept for years and edited by hand. So each is read
# by its `FileKind`, which gives the content or one error that names the file, and JSON is held against a `Shape`
# before anything is made of it: keys, types and finite numbers. What the numbers must be among themselves is the
# reader's to test.


_LARGEST = 256 * 1024 * 1024  # bytes; the ledger of 500 municipalities has about 30 million
_SHOWN = 5
_LONGEST_SHOWN = 60
_OF_SEVERAL = "should be a number (or, where one belongs, a text)"


class Shape(BaseModel):
    """The keys and types of a JSON file, or of a part of it. Nothing is converted, nothing unknown passed over."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


def _iso_day(text: str) -> str:
    """The text, which must be a day such as 2017-01-31.

    Raises:
        ValueError
    """
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(f"{text!r} is not a day written 2017-01-31")
    return text


IsoDay = Annotated[str, AfterValidator(_iso_day)]
Number = int | float
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class FileKind:
    """What a file should be: the error of one that is not, what it is called ("a ledger"), how to get one.

    Every method raises that error: there is no such file, it cannot be opened, is too large, or is something else.
    """

    error: type[ReportlibError]
    what: str
    hint: str | None = None

    def read_bytes(self, path: Path) -> bytes:
        """The content of a file."""
        try:
            if path.stat().st_size > _LARGEST:
                raise self.wrong(path, f"larger than {_LARGEST // 1024**2} MB")
            return path.read_bytes()
        except FileNotFoundError:
            raise self.error(f"there is no {path}", hint=self.hint) from None
        except OSError as problem:
            reason = "it is a folder" if path.is_dir() else problem.strerror or str(problem)
            raise self.error(f"{path} cannot be read: {reason}", hint=self.hint) from None

    def read_text(self, path: Path) -> str:
        """The text of a UTF-8 file."""
        try:
            return self.read_bytes(path).decode("utf-8")
        except UnicodeDecodeError:
            raise self.wrong(path, "it is not UTF-8 text") from None

    def read_json(self, path: Path) -> dict[str, Any]:
        """The JSON object in a file."""
        return self.json_of(self.read_text(path), path)

    def json_of(self, text: str, path: Path) -> dict[str, Any]:
        """The JSON object in a text that was found in a file.

        Wrong is what is not JSON, holds a number that JSON has not (NaN), names a key twice, is nested too deeply, or
        is not an object.
        """
        try:
            document = json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_key_once)
        except RecursionError:
            raise self.wrong(path, "it is nested too deeply") from None
        except json.JSONDecodeError as problem:
            where = f"line {problem.lineno}, column {problem.colno}"
            reason = "it is empty" if not text.strip() else f"it is not JSON, or cut ({where}: {problem.msg})"
            raise self.wrong(path, reason) from None
        except ValueError as problem:
            raise self.wrong(path, str(problem)) from None
        if "\\ud" in text.lower() and not _is_text(document):
            raise self.wrong(path, "it holds half a character (\\ud…)")
        if not isinstance(document, dict):
            raise self.wrong(path, f"it holds {_kind(document)}, not keys and values")
        return document

    def check_version(self, document: Mapping[str, Any], version: int, path: Path) -> None:
        """Refuse a file whose `format` is not this version: an older file is told as that, not as faulty."""
        found = document.get("format")
        if type(found) is not int or found != version:
            told = "says no format" if found is None else f"is of format {str(found)[:_LONGEST_SHOWN]}"
            raise self.error(f"{path} is not {self.what} of format {version}: it {told}", hint=self.hint)

    def check_shape(self, shape: type[BaseModel], values: Any, path: Path) -> None:
        """Refuse values that are not of this shape; each of the first faults has a line: where, and what is wrong."""
        try:
            shape.model_validate(values)
        except ValidationError as problem:
            by_place: dict[str, list[Any]] = {}
            for fault in problem.errors(include_url=False):
                by_place.setdefault(_place(fault["loc"]), []).append(fault)
            raise self.faulty(path, [f"{place}: {_told(found)}" for place, found in by_place.items()]) from None

    def faulty(self, path: Path, faults: Iterable[str]) -> ReportlibError:
        """The error of a file with these faults; the first are told."""
        lines = list(faults)
        shown = [f"  {line}" for line in lines[:_SHOWN]]
        more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        return self.error("\n".join([f"{path} is not {self.what} that can be used:", *shown, *more]), hint=self.hint)

    def wrong(self, path: Path, why: str) -> ReportlibError:
        """The error of a file that is something else."""
        return self.error(f"{path} is not {self.what}: {why}", hint=self.hint)


def _is_text(document: Any) -> bool:
    """Whether all that is in it can be written as UTF-8: half of a surrogate pair cannot."""
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _no_number(text: str) -> float:
    raise ValueError(f"it holds {text}, which is no number")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:_LONGEST_SHOWN]!r} stands twice in one place")
    return values


def _place(location: tuple[int | str, ...]) -> str:
    """`columns.k.17`; the names pydantic adds for the branches of a union are left out."""
    parts = [str(part) for part in location if str(part) not in ("int", "float", "str", "bool", "none")]
    return ".".join(parts) or "the whole"


def _told(faults: list[Any]) -> str:
    """What is wrong at a place; a value that may be of several types has a fault for each."""
    fault = next((one for one in faults if one["type"] == "finite_number"), faults[0])
    match fault["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is unknown"
        case "value_error":
            return str(fault["msg"]).removeprefix("Value error, ")
        case _:
            given = fault.get("input")
            shown = _kind(given) if isinstance(given, dict | list) else repr(given)[:_LONGEST_SHOWN]
            message = str(fault["msg"]) if len(faults) == 1 or fault["type"] == "finite_number" else _OF_SEVERAL
            return f"{message[:1].lower()}{message[1:]}, not {shown}"


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    return "a text" if isinstance(value, str) else "nothing" if value is None else "a number"


class InputUnreadableError(ReportlibError):
    """A file that a report is made of cannot be read."""


_WHY = "is it there, and may it be read? Then begin again"


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        InputUnreadableError
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputUnreadableError(f"{path} cannot be read: {error.strerror or error}", hint=_WHY) from error


def hash_of(value: Any) -> str:
    """SHA-256 of a value of plain types, through its JSON with sorted keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


# YAML is looked through before anything is built of it: how much it is, how deep, and what its aliases stand for.
#
# An alias costs a few letters and may stand for a whole tree, again and again, or for the tree it stands in. So the
# parser's events are counted first, an alias as often as what it names: that takes no more memory than the text.


# The C loader, where PyYAML has it, is far faster.
LOADER: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})

_LONGEST = 2_000_000  # characters; the largest of the five trials has 45,000
_DEEPEST = 30
_MOST_NODES = 100_000


class YamlBoundsError(yaml.MarkedYAMLError):
    """YAML larger or deeper than any file of a project, an alias that stands for itself, or a day in no calendar."""

    def __init__(self, problem: str, mark: Any = None, hint: str = "write it out, or shorter") -> None:
        super().__init__(problem=problem, problem_mark=mark)
        self.hint = hint


def _day(loader: Any, node: Any) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        raise YamlBoundsError(f"there is no day {node.value}", node.start_mark, "correct the date") from None


LOADER.add_constructor("tag:yaml.org,2002:timestamp", _day)


def check_bounds(text: str) -> None:
    """Refuse YAML that must not be built.

    Raises:
        YamlBoundsError: too long, too deep, too many nodes when aliases are counted as what they stand for, or an alias
            inside what it names.
        yaml.YAMLError: it is not YAML.
    """
    if len(text) > _LONGEST:
        raise YamlBoundsError(f"longer than {_LONGEST} characters")
    finished: dict[str | None, int] = {}  # anchor -> nodes
    open_nodes: list[tuple[str | None, int]] = []  # of each open list or mapping: its anchor, nodes counted before it
    count = 0
    for event in yaml.parse(text, Loader=LOADER):
        match event:
            case yaml.AliasEvent():
                if any(anchor == event.anchor for anchor, _ in open_nodes):
                    raise YamlBoundsError(f"*{event.anchor} stands inside what it names", event.start_mark)
                count += finished.get(event.anchor, 1)
            case yaml.ScalarEvent():
                count += 1
                if event.anchor:
                    finished[event.anchor] = 1
            case yaml.CollectionStartEvent():
                open_nodes.append((event.anchor, count))
                count += 1
            case yaml.CollectionEndEvent():
                anchor, before = open_nodes.pop()
                if anchor:
                    finished[anchor] = count - before
        if len(open_nodes) > _DEEPEST:
            raise YamlBoundsError(f"nested more than {_DEEPEST} deep", event.start_mark)
        if count > _MOST_NODES:
            raise YamlBoundsError(
                f"more than {_MOST_NODES} values, aliases counted as what they stand for",
                event.start_mark,
            )


Read = TypeVar("Read")

_MOST_KEPT = 8  # one batch uses one or two of each kind at a time
_kept: dict[tuple[str, str], tuple[tuple[int, int, int], Any]] = {}


def kept(path: Path, read: Callable[[Path], Read]) -> Read:
    """`read(path)`, or what it gave before if the file has neither been replaced nor changed since.

    A worker renders many reports of one trial from one trial.yml and one ledger; reading them again for each would take
    as long as running the document. Only immutable things are kept.

    Raises:
        whatever `read` raises; nothing is then kept.
    """
    try:
        state = path.stat()
    except OSError:
        return read(path)  # which says what is wrong with it
    version = (state.st_mtime_ns, state.st_size, state.st_ino)
    name = (f"{read.__module__}.{read.__qualname__}", str(path.absolute()))
    found = _kept.get(name)
    if found is not None and found[0] == version:
        value: Read = found[1]
        return value
    value = read(path)
    _kept.pop(name, None)
    while len(_kept) >= _MOST_KEPT:
        del _kept[next(iter(_kept))]
    _kept[name] = (version, value)
    return value


_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # that a ZIP file can name
_UNIX = 3
_MOST_PARTS = 5_000
_LARGEST_PART = 64 * 1024 * 1024  # bytes of one part
_DECLARES = (b"<!DOCTYPE", b"<!ENTITY")  # which no office file holds


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package without a clock and an order of chance; the list of what they are comes first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX  # on whatever system it is made
            package.writestr(entry, parts[name])
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The parts of a package that was made here."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist() if not name.endswith("/")}


class Package:
    """A package that others may have changed. Its parts are read when they are asked for, each as XML.

    Raises:
        the kind's error: the file cannot be read, is no package, or a part is too large, damaged or no XML.
    """

    def __init__(self, path: Path, kind: FileKind) -> None:
        self._path, self._kind = path, kind
        content = kind.read_bytes(path)
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise self._wrong("it is damaged, has a password, or is no such file") from None
        self.names = self._file.namelist()
        if len(self.names) > _MOST_PARTS:
            raise self._wrong(f"it holds more than {_MOST_PARTS} parts")

    def xml(self, name: str) -> ElementTree.Element | None:
        """The root element of a part; None where there is no such part."""
        if name not in self.names:
            return None
        try:
            with self._file.open(name) as part:
                content = part.read(_LARGEST_PART + 1)
            if len(content) > _LARGEST_PART:
                raise self._wrong(f"its part {name} is larger than {_LARGEST_PART // 1024**2} MB")
            if any(sign in content for sign in _DECLARES):
                raise self._wrong(f"its part {name} declares a document type")
            return ElementTree.fromstring(content)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            raise self._wrong(f"its part {name} is damaged") from None
        except ElementTree.ParseError as problem:
            raise self._wrong(f"its part {name} cannot be read ({problem})") from None

    def _wrong(self, why: str) -> ReportlibError:
        return self._kind.wrong(self._path, why)
