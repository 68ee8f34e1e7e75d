"""Reads a `.qmd` document into prose and cells, and remembers where every line came from.

Only what both engines do is read: YAML front matter, `{python}` cells with `#|` options, and `{{< include file.qmd >}}`
on a line of its own. Everything else is Markdown and passes through untouched. A `Place` (file and line) follows each
line all the way to the assembled Markdown, so that an error found by Pandoc or Typst can still name the line an author
has to mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from reportlib.errors import ReportlibError
from reportlib.files.reading import LOADER, YamlBoundsError, check_bounds
from reportlib.text.markup import attribute, escape

IN_TEXT = ("abstract", "about", "license", "copyright")
"""Keys that a document says of its own text, and no project file of all."""
FORMATS = ("html", "typst")
"""The formats of Quarto's whose settings hold for what is made here."""
OF_TYPST = ("papersize",)
"""Settings that the format typst alone may have."""

_RIGHTS = {"license": ("Licens", "text"), "copyright": ("Ophavsret", "statement")}
_ABOUT = {"template", "id", "links", "image", "image-alt", "image-title", "image-width", "image-shape"}


def lifted(front: Mapping[str, Any]) -> dict[str, Any]:
    """The front matter with what its format (html or typst, or both alike) says of itself said of the document."""
    formats = mapping(front.get("format"))
    settings = [mapping(value) for name, value in formats.items() if name in FORMATS]
    if not settings:
        return dict(front)
    first = settings[0]
    common = {name for name in first if all(name in one and one[name] == first[name] for one in settings)}
    common -= {*OF_TYPST}
    rest = {
        name: {key: part for key, part in mapping(value).items() if key not in common} if name in FORMATS else value
        for name, value in formats.items()
    }
    return {**front, **{name: first[name] for name in first if name in common}, "format": rest}


def text_before(front: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The keys that stand before the text, each with its lines of Markdown."""
    abstract = front.get("abstract")
    if isinstance(abstract, str) and abstract.strip():
        title = attribute(str(front.get("abstract-title", "Resumé")))
        yield "abstract", [f'::: {{.boks title="{title}"}}', *abstract.strip().split("\n"), ":::", ""]
    if links := about_links(front.get("about")):
        items = [f"- [{escape(words)}](<{address}>)" for words, address in links]
        yield "about", ["::: {}", *items, ":::", ""]  # apart from a list that the text may begin with


def text_after(front: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The keys that stand after the text, each with its lines of Markdown."""
    for key, (title, _part) in _RIGHTS.items():
        if words := rights(key, front.get(key)):
            yield key, ["", f"**{title}:** {escape(words)}"]


def about_links(about: Any) -> list[tuple[str, str]] | None:
    """The words and addresses of the links on a page about somebody; None for what is not understood."""
    if isinstance(about, str) or about is None:
        return []
    if not isinstance(about, dict) or not _ABOUT.issuperset(about) or not isinstance(about.get("links", []), list):
        return None
    links = []
    for link in map(mapping, about.get("links", [])):
        address = link.get("href")
        if not isinstance(address, str) or any(sign in address for sign in "<>\\\n"):
            return None
        links.append((str(link.get("text") or link.get("aria-label") or link.get("icon") or address), address))
    return links


def rights(key: str, value: Any) -> str | None:
    """The words of `license` or `copyright`; None for what is not understood."""
    parts = [part.get(_RIGHTS[key][1]) if isinstance(part, dict) else part for part in listed(value)]
    return ", ".join(map(str, parts)) if parts and all(isinstance(part, str) for part in parts) else None


def listed(value: Any) -> list[Any]:
    """A list as it is; any other value as the only one."""
    return value if isinstance(value, list) else [value]


def as_texts(value: Any) -> list[str]:
    """The values as texts; none where nothing is said."""
    return [] if value is None else [str(part) for part in listed(value)]


def mapping(value: Any) -> dict[str, Any]:
    """A mapping as it is; empty for anything else."""
    return value if isinstance(value, dict) else {}


# What a document says of itself in its front matter, wherever it says it, and what of that stands in the text.


_FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
# In a list item a cell stands as far in as the item's text; what it prints then belongs to the item.
_INDENTED_CELL = re.compile(r"^(?P<indent>[ \t]+)(?P<fence>`{3,}|~{3,})(?P<info>\s*\{[A-Za-z]\w*[^}]*\}\s*)$")
_CELL_INFO = re.compile(r"^\s*\{(?P<language>[A-Za-z]\w*)(?P<rest>[^}]*)\}\s*$")
_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(?P<target>.+?)\s*>\}\}\s*$")
_OPTION = re.compile(r"^#\s*\|\s?(?P<yaml>.*)$")


USE_QUARTO = "write it another way, or render with --engine quarto where Quarto is installed"


class DocumentNotFoundError(ReportlibError):
    """The document, or a file it includes, does not exist."""


class DocumentSyntaxError(ReportlibError):
    """Front matter, a cell's options or a fence that cannot be read."""


class IncludeLoopError(ReportlibError):
    """A file that includes itself, directly or through others."""

    usual_hint = "take one of the includes out"


class UnsupportedFeatureError(ReportlibError):
    """Something Quarto does and the embedded engine does not."""


@dataclass(frozen=True)
class Place:
    """A line in a source file; `output` counts the lines a cell printed, when the text is not the author's own."""

    path: Path
    line: int
    output: int | None = None

    def __str__(self) -> str:
        shown = f"{self.path.as_posix()}:{self.line}"
        return shown if self.output is None else f"{shown} (line {self.output} of what the cell prints)"


@dataclass(frozen=True)
class Line:
    """One line of Markdown without its line ending, and where it came from."""

    text: str
    place: Place


@dataclass(frozen=True)
class Prose:
    """Consecutive lines of Markdown. `code` marks the lines inside a fenced block that is shown, not run."""

    lines: tuple[Line, ...]
    code: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Cell:
    """A `{python}` cell.

    `place` is its opening fence, `first_line` where `source` starts in the file, `indent` what stands before its fence.
    """

    source: str
    options: Mapping[str, Any]
    place: Place
    first_line: int
    indent: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        tags = self.options.get("tags", ())
        return (tags,) if isinstance(tags, str) else tuple(str(tag) for tag in tags)


@dataclass(frozen=True)
class Document:
    """A document with its includes resolved: `sources` are all files read, the document first."""

    path: Path
    metadata: Mapping[str, Any]
    parts: tuple[Prose | Cell, ...]
    sources: tuple[Path, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(part for part in self.parts if isinstance(part, Cell))


@dataclass
class _Reader:
    root: Path
    parts: list[Prose | Cell] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    code: set[int] = field(default_factory=set)

    def shown(self, path: Path) -> Path:
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path

    def add_prose(self, line: Line, *, code: bool = False) -> None:
        if code:
            self.code.add(len(self.prose))
        self.prose.append(line)

    def end_prose(self) -> None:
        if self.prose:
            self.parts.append(Prose(tuple(self.prose), frozenset(self.code)))
        self.prose, self.code = [], set()

    def read_front(self, written: Iterable[tuple[str, list[str]]], path: Path, head: Sequence[str]) -> None:
        """What the front matter says in the text, each key's lines with the place of the key."""
        for key, lines in written:
            number = next((number for number, line in enumerate(head, 1) if re.match(rf"\s*{key} *:", line)), 1)
            for line in lines:
                self.add_prose(Line(line, Place(self.shown(path), number)))

    def read_body(self, path: Path, lines: list[str], start: int, chain: tuple[Path, ...]) -> None:
        shown = self.shown(path)
        numbered = enumerate(lines[start:], start + 1)
        for number, text in numbered:
            place = Place(shown, number)
            if fence := _INDENTED_CELL.match(text) or _FENCE.match(text):
                block = list(_until_closed(numbered, fence["fence"], place, fence["indent"]))
                self._add_block(text, fence["info"], block, place, fence["indent"])
            elif include := _INCLUDE.match(text):
                self._include(path, include["target"], place, chain)
            else:
                self.add_prose(Line(text, place))

    def _add_block(self, opening: str, info: str, block: list[tuple[int, str]], place: Place, indent: str) -> None:
        cell = _CELL_INFO.match(info)
        if cell is None:
            for number, text in [(place.line, opening), *block]:
                self.add_prose(Line(text, Place(place.path, number)), code=True)
            return
        if cell["language"] != "python":
            raise UnsupportedFeatureError(f"{place}: a cell in {cell['language']}", hint=USE_QUARTO)
        if cell["rest"].strip():
            raise UnsupportedFeatureError(
                f"{place}: options on the cell's first line ({cell['rest'].strip()})",
                hint="write them as `#| name: value` lines inside the cell",
            )
        self.end_prose()
        self.parts.append(_read_cell([text.removeprefix(indent) for _, text in block[:-1]], place, indent))

    def _include(self, including: Path, target: str, place: Place, chain: tuple[Path, ...]) -> None:
        path = (including.parent / target.strip("\"'")).resolve()
        if path in chain:
            loop = " -> ".join(self.shown(step).as_posix() for step in (*chain, path))
            raise IncludeLoopError(f"{place}: a file includes itself: {loop}")
        lines = _read_lines(path, missing=f"{place}: cannot include {target}: no such file")
        if lines and lines[0].rstrip() == "---":
            raise UnsupportedFeatureError(
                f"{place}: the included file {target} has its own front matter", hint="only the document itself has one"
            )
        self.sources.append(path)
        self.read_body(path, lines, 0, (*chain, path))


def read_document(path: Path, *, root: Path | None = None) -> Document:
    """Read a document and everything it includes.

    Parameters: `path`, the `.qmd` file; `root`, the folder that places are shown relative to (default: the document's
    folder).
    Raises: DocumentNotFoundError, DocumentSyntaxError, IncludeLoopError, UnsupportedFeatureError, each naming file and
    line.
    """
    path = path.resolve()
    reader = _Reader((root or path.parent).resolve())
    lines = _read_lines(path, missing=f"no such document: {path}")
    reader.sources.append(path)
    metadata, start = _read_front_matter(lines, reader.shown(path))
    reader.read_front(text_before(metadata), path, lines[:start])
    reader.read_body(path, lines, start, (path,))
    reader.read_front(text_after(metadata), path, lines[:start])
    reader.end_prose()
    return Document(path, metadata, tuple(reader.parts), tuple(dict.fromkeys(reader.sources)))


def _read_lines(path: Path, *, missing: str) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise DocumentNotFoundError(missing) from None
    except UnicodeDecodeError as error:
        raise DocumentSyntaxError(f"{path}: not UTF-8 (byte {error.start})", hint="save the file as UTF-8") from None
    # Not splitlines(): it also splits at form feeds and U+2028, and line numbers would then differ from every editor's.
    return text.removesuffix("\n").split("\n")


def _until_closed(
    numbered: Iterator[tuple[int, str]], fence: str, place: Place, indent: str
) -> Iterator[tuple[int, str]]:
    closing = re.compile(rf"^(?:{indent})? {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    for number, text in numbered:
        yield number, text
        if closing.match(text):
            return
    raise DocumentSyntaxError(f"{place}: the block that starts here is never closed", hint=f"add a line with {fence}")


def _read_front_matter(lines: list[str], shown: Path) -> tuple[dict[str, Any], int]:
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    for index, text in enumerate(lines[1:], 1):
        if text.rstrip() in ("---", "..."):
            metadata = _read_yaml("\n".join(lines[1:index]), Place(shown, 2), "front matter")
            return lifted(metadata), index + 1
    raise DocumentSyntaxError(f"{Place(shown, 1)}: the front matter is never closed", hint="end it with a line of ---")


def _read_cell(lines: list[str], place: Place, indent: str) -> Cell:
    options = []
    for text in lines:
        option = _OPTION.match(text)
        if option is None:
            break
        options.append(option["yaml"])
    values = _read_yaml("\n".join(options), Place(place.path, place.line + 1), "cell options") if options else {}
    source = "\n".join(lines[len(options) :])
    code = source.lstrip("\n")  # IPython drops leading empty lines, and line numbers would shift
    first_line = place.line + 1 + len(options) + len(source) - len(code)
    return Cell(code, values, place, first_line, indent)


def _read_yaml(text: str, first: Place, what: str) -> dict[str, Any]:
    try:
        value = _parsed(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first.line + (mark.line if mark is not None else 0)
        problem = getattr(error, "problem", None) or "not YAML"
        raise DocumentSyntaxError(f"{Place(first.path, line)}: {what} cannot be read: {problem}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DocumentSyntaxError(f"{first}: {what} must be `name: value` lines")
    return {str(name): part for name, part in value.items()}


@lru_cache(maxsize=512)  # a document's versions have the same cells, and few cells have options of their own
def _parsed(text: str) -> Any:
    return parse_yaml(text)


def parse_yaml(text: str) -> Any:
    """What the YAML says, read with PyYAML's C loader where it is there: it is far faster.

    Raises: yaml.YAMLError, from Python's loader: it knows the line better.
    """
    try:
        check_bounds(text)
        return yaml.load(text, Loader=LOADER)
    except YamlBoundsError:
        raise
    except yaml.YAMLError:
        return yaml.safe_load(text)
