"""What `_quarto.yml` and a document's front matter say, as far as the embedded engine needs to know.

One file configures both engines: language, cross-reference words, filters and where the theme lies. What is done with
each key stands in `front_matter`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from reportlib.danish.quantities import date_text
from reportlib.engine.front_matter import (
    ALREADY,
    LOOKS,
    OTHER_FORMATS,
    RUNNING,
    author_names,
    check_keys,
    iso_date,
    place_of,
)
from reportlib.engine.qmd import USE_QUARTO, Document, Prose, UnsupportedFeatureError, as_texts, mapping, parse_yaml
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.own_files import PROJECT_FILE, place_in_project, project_file

FORMATS = ("pdf", "html", "docx")
STANDARD = ("pdf", "html")
"""What is made where no format is named, and all that Quarto makes of a report."""

# Keys that the engine reads itself.
_CONSUMED = {
    *RUNNING,
    *ALREADY,
    *OTHER_FORMATS,
    *LOOKS,
    "format",
    "filters",
    "execute",
    "crossref",
    "author",
    "date",
    "abstract",
    "abstract-title",
    "about",
    "license",
    "copyright",
    "pdf-standard",
    "categories",
    "bibliography",
    "references",
    "csl",
    "nocite",
}

_TEMPLATES = {"typst": "typst-embedded.typ", "html": "html-template.html"}
WORD_REFERENCE, _SCRIPT = "word-reference.docx", "report.js"
_CROSSREF, _LAST = "crossref.lua", "typst-text.lua"
# What is numbered, as Quarto calls it in Danish and in English.
_WORDS = {
    "fig": ("Figur", "Figure"), "tbl": ("Tabel", "Table"), "sec": ("Afsnit", "Section"), "eq": ("Ligning", "Equation"),
    "lst": ("Liste", "Listing"), "thm": ("Sætning", "Theorem"), "lem": ("Hjælpesætning", "Lemma"),
    "cor": ("Følgesætning", "Corollary"), "prp": ("Erklæring", "Proposition"), "cnj": ("Formodning", "Conjecture"),
    "def": ("Definition", "Definition"), "exm": ("Eksempel", "Example"), "exr": ("Øvelse", "Exercise"),
}  # fmt: skip


_META = re.compile(r"\{\{<\s*meta\s+[\"']?([\w-]+)")  # the keys that a document prints itself
# Quarto's own nodes and functions: a filter that waits for them would do nothing here.
_OF_QUARTO = re.compile(
    r"\bquarto\.\w+|\b(?:FloatRefTarget|Callout|Theorem|Proof|Tabset|ConditionalBlock|PanelLayout|DecoratedCodeBlock|"
    r"Shortcode|LatexEnvironment)\b"
)
_VARIABLES = "_variables.yml"

_EPOCH = "315532800"  # 1980-01-01, for tools that want some fixed time; no report shows it
_LAST_SECOND = 253402300799  # of the year 9999


class FixedTimeError(ReportlibError):
    """SOURCE_DATE_EPOCH is set to something that is no time."""


class ProjectFileError(ReportlibError):
    """`_quarto.yml` is missing, unreadable, or names files that do not exist."""

    usual_hint = "`reportlib init` in another folder writes a whole one to compare with"


@dataclass(frozen=True)
class Theme:
    """Pandoc's templates (by what it writes) and Lua filters in the order they run, named relative to a private folder.

    Cross-references come where Quarto does its own work: after the filters named before the word `quarto`, before the
    others. `typst_text` is the filter after which no text can be read as Typst's markup, used where some could.
    """

    templates: Mapping[str, str]
    filters: tuple[str, ...]
    typst_text: str


@dataclass(frozen=True)
class Settings:
    """The merged settings of one document.

    `filters_before` and `filters_after` are the Lua filters before and after Quarto's own work (cross-references);
    `theme` is the folder of the Typst partials, where the engine also finds `html-template.html` and `crossref.lua`;
    `metadata` is what Pandoc is told, project first, then document; `own_classes` are those that the project's own
    style sheets and filters give a meaning; `passed_over`, what the writer is told of keys; `variables`, what the
    shortcode `var` reads.
    """

    project: Path
    theme: Path
    typst_partials: tuple[Path, ...]
    css: tuple[Path, ...]
    filters_before: tuple[Path, ...]
    filters_after: tuple[Path, ...]
    metadata: Mapping[str, Any]
    toc: bool
    toc_depth: int
    number_sections: bool
    own_classes: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scripts(self) -> tuple[str, ...]:
        """The texts of the theme's own scripts, as they stand in a page."""
        path = self.theme / _SCRIPT
        return (path.read_text(encoding="utf-8").strip(),) if path.is_file() else ()

    def copy_theme(self, root: Path) -> Theme:
        """Copy the theme into a private folder at its place in the project, and name its files relative to that folder.

        Pandoc's Lua opens files by names that Windows does not always read as UTF-8, so they must be short and plain:
        never the full path, which holds the user's name.
        Raises: ProjectFileError.
        """
        inside = self._place(self.theme)
        shutil.copytree(
            self.theme, root / inside, ignore=shutil.ignore_patterns("__pycache__", ".*"), dirs_exist_ok=True
        )
        named = [(path, self._place(path, root)) for path in (*self.filters_before, *self.filters_after)]
        for path, place in named:
            if not path.is_relative_to(self.theme) and path != root / place:
                (root / place).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, root / place)
        for name in (*_TEMPLATES.values(), _CROSSREF, _LAST):
            if not (self.theme / name).is_file():
                raise ProjectFileError(f"the theme {inside.as_posix()} has no {name}")
        filters = [*self.filters_before, self.theme / _CROSSREF, *self.filters_after]
        return Theme(
            templates={name: (inside / file).as_posix() for name, file in _TEMPLATES.items()},
            filters=tuple(self._place(path, root).as_posix() for path in filters),
            typst_text=self._place(self.theme / _LAST).as_posix(),
        )

    def _place(self, path: Path, root: Path | None = None) -> Path:
        """Where in the project a file lies, or would lie if the library's theme were its own; a document's own filter
        lies beside it, in the private folder `root` already."""
        beside = root if root is not None and path.is_relative_to(root) else self.project
        return place_in_project(path, self.project) or path.relative_to(beside)


def wrong_formats(formats: Sequence[str], engine: str) -> tuple[str, str | None] | None:
    """What is wrong with the formats asked of an engine, and what to do; None where nothing is."""
    for name in formats:
        if name not in FORMATS:
            return f"unknown format {name!r}", did_you_mean(name, FORMATS)
    if not formats or len(set(formats)) != len(formats):
        return "name each format once", f"formats: {', '.join(FORMATS)}"
    if engine == "quarto" and (left := [name for name in formats if name not in STANDARD]):
        message = f"--engine quarto makes no {', '.join(left)}: boxes, captions and references would be Quarto's own"
        return message, f"leave --engine out, or ask for {','.join(STANDARD)}"
    return None


def fixed_time() -> str:
    """Seconds since 1970 that tools take for the time: SOURCE_DATE_EPOCH where it is set, otherwise always the same.

    Raises: FixedTimeError.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "") or _EPOCH
    if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) > _LAST_SECOND:
        raise FixedTimeError(
            f"the environment variable SOURCE_DATE_EPOCH is {text[:40]!r}, not a number of seconds since 1970",
            hint="unset it, or set it to a whole number such as 1496188800",
        )
    return text


def read_settings(project: Path, document: Document) -> Settings:
    """Merge `_quarto.yml` in `project` with the document's front matter.

    Raises: ProjectFileError, UnsupportedFeatureError.
    """
    values = _read_project_file(project / PROJECT_FILE)
    front = document.metadata
    execute = {**mapping(values.get("execute")), **mapping(front.get("execute"))}
    if execute.get("echo") is not False:
        raise UnsupportedFeatureError(
            f"{PROJECT_FILE} lets code be shown (execute: echo)",
            hint="set `execute: {echo: false}`; reports show no code",
        )
    formats = mapping(values.get("format"))
    html, typst = mapping(formats.get("html")), mapping(formats.get("typst"))
    partials = _files(project, typst.get("template-partials"), "template-partials")
    if not partials:
        raise ProjectFileError(
            f"{project / PROJECT_FILE} names no Typst template", hint="set format: typst: template-partials: [...]"
        )
    before, after, own_filters = _filters(values, front, document)
    merged = {**values, **front}
    read = {name for part in document.parts if isinstance(part, Prose) for name in _META.findall(part.text)}
    metadata = {name: value for name, value in merged.items() if name not in _CONSUMED or name in read}
    metadata |= {name: value for name, value in _cover(merged).items() if name not in merged}
    if (paper := mapping(mapping(front.get("format")).get("typst")).get("papersize")) is not None:
        metadata["papersize"] = paper
    metadata["crossref"] = _crossref_words(
        {**mapping(values.get("crossref")), **mapping(front.get("crossref"))}, str(merged.get("lang", "da"))
    )
    theme = partials[0].parent
    css = _files(project, html.get("css"), "css")
    for path in css:
        if not path.is_relative_to(theme):
            raise UnsupportedFeatureError(
                f"{PROJECT_FILE}: the style sheet {path.name} is not the theme's",
                hint=USE_QUARTO,
            )
    last = _document_filters(project, own_filters, document)
    filters = (_files(project, before, "filters"), (*_files(project, after, "filters"), *last))
    own = _own_words((*filters[0], *filters[1]), theme)
    told = check_keys(values, project / PROJECT_FILE, PROJECT_FILE, project=True, said=merged, own=own)
    told += check_keys(front, document.path, document.path.name, project=False, said=merged, own={*own, *read})
    return Settings(
        project=project,
        theme=theme,
        typst_partials=partials,
        css=css,
        filters_before=filters[0],
        filters_after=filters[1],
        metadata=metadata,
        toc=bool(merged.get("toc", True)),
        toc_depth=int(merged.get("toc-depth", 3)),
        number_sections=bool(merged.get("number-sections", True)),
        own_classes=own,
        passed_over=tuple(told),
        variables=_as_texts(_read_project_file(project / _VARIABLES)) if (project / _VARIABLES).is_file() else {},
    )


def _read_project_file(path: Path) -> dict[str, Any]:
    try:
        values = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProjectFileError(f"no {PROJECT_FILE} in {path.parent}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ProjectFileError(f"{path} cannot be read: {error}") from None
    if not isinstance(values, dict):
        raise ProjectFileError(f"{path} holds no settings")
    return values


def _as_texts(value: Any) -> Any:
    """The value with all that is no mapping or list as text: as JSON a whole number would come back with a decimal."""
    if isinstance(value, dict):
        return {str(name): _as_texts(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_texts(part) for part in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cover(merged: Mapping[str, Any]) -> dict[str, str]:
    """The cover's words that Quarto knows under other names."""
    cover = {}
    if categories := merged.get("categories"):
        cover["emner"] = ", ".join(as_texts(categories))
    if (names := author_names(merged.get("author", ""))) is not None and names:
        cover["udarbejdet-af"] = names
    if (day := iso_date(merged.get("date"))) is not None:
        cover |= {"dato-iso": day, "dato": date_text(date.fromisoformat(day))}
    return cover


def _filters(
    values: Mapping[str, Any], front: Mapping[str, Any], document: Document
) -> tuple[list[str], list[str], list[str]]:
    """The project's filters before and after Quarto's own work (before and after the word `quarto`, without it all
    before), and those of the document, which come after them."""
    for where, found in ((PROJECT_FILE, values.get("filters")), (_key_place(document), front.get("filters"))):
        if any(_filter_path(part) is None for part in found or () if isinstance(found, list)):
            raise UnsupportedFeatureError(
                f"{where}: a filter that runs before Quarto's own work, or with more than its path", hint=USE_QUARTO
            )
    written = front.get("filters")
    own = [_filter_path(part) or "" for part in (written if isinstance(written, list) else as_texts(written))]
    if "quarto" in own:
        raise UnsupportedFeatureError(
            f"{_key_place(document)}: `filters:` names `quarto`, but {PROJECT_FILE} says where that stands",
            hint="name only the document's own filters: they run after the project's",
        )
    filters = as_texts(values.get("filters"))
    at = filters.index("quarto") if "quarto" in filters else len(filters)
    return filters[:at], filters[at + 1 :], own


def _filter_path(part: Any) -> str | None:
    """The path of a filter, also of one that says it runs after Quarto's own work, as all of a document's do."""
    if isinstance(part, dict) and set(part) == {"path", "at"} and str(part["at"]).startswith("post-"):
        part = part["path"]
    return part if isinstance(part, str) else None


def _key_place(document: Document) -> str:
    return place_of(document.path, document.path.name, "filters")


def _document_filters(project: Path, names: list[str], document: Document) -> tuple[Path, ...]:
    """The document's own filters, beside it or at a place in the project."""
    found = []
    for name in names:
        beside, inside = document.path.parent / name, project_file(project, name)
        path = beside if beside.is_file() else inside
        if not path.is_file():
            raise ProjectFileError(
                f"{_key_place(document)} names {name} under `filters`, which does not exist",
                hint="name a Lua filter beside the document, or by its place in the project",
            )
        if (used := _OF_QUARTO.search(path.read_text(encoding="utf-8"))) is not None:
            raise UnsupportedFeatureError(
                f"{_key_place(document)}: the filter {name} works on what only Quarto has ({used[0]})", hint=USE_QUARTO
            )
        found.append(path)
    return tuple(found)


def _files(project: Path, names: Any, key: str) -> tuple[Path, ...]:
    paths = {name: project_file(project, name) for name in as_texts(names)}
    for name, path in paths.items():
        if not path.is_file():
            raise ProjectFileError(f"{PROJECT_FILE} names {name} under `{key}`, which does not exist")
    return tuple(paths.values())


def _own_words(paths: tuple[Path, ...], theme: Path) -> tuple[str, ...]:
    """The words that the project's own filters, outside the theme, may know as classes or keys."""
    texts = [path.read_text(encoding="utf-8") for path in paths if not path.is_relative_to(theme)]
    return tuple(sorted({name for text in texts for name in re.findall(r"(?<![\w-])[a-z][\w-]+", text)}))


def _crossref_words(values: Mapping[str, Any], lang: str) -> dict[str, str]:
    words = {}
    for kind, (danish, english) in _WORDS.items():
        title = str(values.get(f"{kind}-title", danish if lang.startswith("da") else english))
        words[f"{kind}-title"] = title
        words[f"{kind}-prefix"] = str(values.get(f"{kind}-prefix", title))
    return words
