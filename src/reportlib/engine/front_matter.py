"""What the embedded engine does with each key of a document's front matter and of `_quarto.yml`.

A key is followed, is about running Quarto only, or is refused with its line. None is passed over: a key on no list is
refused too.

`docs/writing.md` shows these lists; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from reportlib.engine.qmd import USE_QUARTO, UnsupportedFeatureError
from reportlib.errors import did_you_mean

FOLLOWED: Mapping[str, str] = {
    "title": "the cover, unless `r.forside()` gives one; plain words, no code",
    "subtitle": "the cover",
    "author": "the cover's `Udarbejdet af`: a name or a list of names",
    "date": "the cover's `Dato` and the PDF's date: YYYY-MM-DD",
    "description": "the files' metadata",
    "keywords": "the files' metadata",
    "categories": "the cover's `Emner`",
    "lang": "`da`, the language of the theme's own words",
    "toc": "contents or none",
    "toc-depth": "levels of headings in the contents: 1, 2 or 3",
    "toc-title": "the words above the contents",
    "number-sections": "numbers before headings or none; `@sec-` needs them",
    "crossref": "the words of references: `fig-title`, `fig-prefix` and so on",
    "filters": "Lua filters, from the project's folder; those of a document come after the project's",
    "format": "`html` and `typst`; in `_quarto.yml` also where the theme lies; others beside them are not made",
    "papersize": "`a4`, `us-letter`, `us-legal`: the PDF's paper; also under `format: typst`",
    "pdf-standard": "`ua-1`, `a-3a`: the PDF is always both",
    "bibliography": "BibTeX or CSL files beside the document; the references come at the end or in `::: {#refs}`",
    "references": "references in the document itself, in CSL's words: `id`, `type`, `title`, `author`, `issued`",
    "csl": "the style of citations, a file beside the document (without it Chicago's author and year)",
    "nocite": "references that no text cites; `@*` is all of them",
    "reference-section-title": "the heading above the references, `Litteratur` without it",
    "execute": "`echo`, `warning`, `message`, `error`, `freeze`, `cache`: false",
}
"""Keys that do what they say."""

COVER = ("kommune", "til", "udarbejdet-af", "dokumenttype", "dato", "dato-iso", "synthetic", "stamp")
"""Keys of the theme's cover, which `r.forside()` writes."""

RUNNING = (
    "project", "jupyter", "engine", "kernel", "editor", "title-block-banner", "draft", "ipynb-filters", "keep-typ",
    "keep-md", "keep-tex", "keep-ipynb", "keep-hidden", "output-ext", "output-file", "knit", "axe", "image",
    "image-lazy-loading", "html-math-method", "self-contained-math",
)  # fmt: skip
"""Keys that are about editing and running, what is left beside the report, and how a browser works, not about what a
reader sees."""

ALREADY: Mapping[str, tuple[Any, ...]] = {
    "embed-resources": (True,), "self-contained": (True,), "echo": (False,), "comments": (False,),
    "format-links": (False,), "code-links": (False,), "code-copy": (False,), "code-tools": (False,),
    "code-fold": (False,), "code-line-numbers": (False,), "fig-cap-location": ("bottom",),
    "tbl-cap-location": ("top",), "reference-location": ("document",), "citation-location": ("document",),
    "citeproc": (True,), "link-citations": (True,),
}  # fmt: skip
"""Keys that are followed with the values that say what is always done."""

QUARTO_ONLY = (
    "abstract", "params", "shortcodes", "metadata-files",
    "include-in-header", "include-before-body", "include-after-body", "header-includes", "template",
    "template-partials", "brand", "website", "book", "listing", "appendix-style",
    "highlight-style", "number-depth", "number-offset", "shift-heading-level-by",
     "theme", "css", "margin", "columns", "mainfont",
    "fontsize", "language",  "page-layout",
)  # fmt: skip
"""Keys that only Quarto follows; so is every key that stands on no list."""

PAPERS = ("a4", "us-letter", "us-legal")  # none narrower than the tables are measured for
STANDARDS = ("ua-1", "a-3a")
_EXECUTE = {"echo": (False,), "warning": (False,), "message": (False,), "error": (False,), "freeze": (False,),
            "cache": (False, None), "daemon": None, "enabled": (True, None)}  # fmt: skip
# Of a format: those that say where the theme lies, and looks of Quarto's own page and paper that the theme has itself.
_PROJECT_FORMAT = {
    "html": {"embed-resources", "theme", "css"},
    "typst": {"papersize", "template-partials", "pdf-standard"},
}
_OF_TYPST = ("papersize", "pdf-standard")
_OF_DOCUMENT = (
    "bibliography",
    "references",
    "csl",
    "nocite",
    "reference-section-title",
)  # files that lie beside the document
_SAME_IN_ALL = ("toc", "toc-depth", "toc-title", "number-sections")
_CODE = re.compile(r"`\{python\}|\{\{<")


def check_keys(
    values: Mapping[str, Any],
    file: Path,
    shown: str,
    *,
    merged: Mapping[str, Any],
    project: bool,
    own: Collection[str] = (),
) -> None:
    """Refuse the keys of a file that the embedded engine does not follow; `own` are words of the project's own filters.

    Parameters: `file` is read for the line of a key; `shown`, what the file is called; `merged`, what holds for all
    formats; `project`, whether it is `_quarto.yml`, which says where the theme lies.
    Raises: UnsupportedFeatureError.
    """
    known = {*FOLLOWED, *COVER, *RUNNING, *ALREADY, *own}
    for name, value in values.items():
        place = place_of(file, shown, name)
        if name not in known or (project and name in _OF_DOCUMENT):
            near = did_you_mean(name, [*FOLLOWED, *COVER]) if name not in QUARTO_ONLY else None
            hint = f"{near}; or {USE_QUARTO}" if near else USE_QUARTO
            raise UnsupportedFeatureError(f"{place}: `{name}:` is not followed by the embedded engine", hint=hint)
        for text in _texts(value):
            if name not in RUNNING and _CODE.search(text):
                raise UnsupportedFeatureError(
                    f"{place}: code or a shortcode in `{name}:` would be printed as it stands",
                    hint="print the cover from a cell instead (`print(r.forside())`), or " + USE_QUARTO,
                )
        _check_value(name, value, place)
    for name, value in _mapping(values.get("execute")).items():
        allowed = _EXECUTE.get(name, ())
        if allowed is not None and value not in allowed:
            raise _unfollowed(place_of(file, shown, name), f"execute: {name}", value)
    _check_formats(values, file, shown, merged=merged, project=project)


def author_names(value: Any) -> str | None:
    """The authors as the cover prints them; None for more than names (affiliations, addresses)."""
    names = []
    for author in value if isinstance(value, list) else [value]:
        name = author.get("name") if isinstance(author, Mapping) and set(author) == {"name"} else author
        if not isinstance(name, str):
            return None
        names.append(name)
    return " og ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def iso_date(value: Any) -> str | None:
    """The date as YYYY-MM-DD; None for what depends on the day it is read or is no date."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _check_value(name: str, value: Any, place: str) -> None:
    if name in ALREADY and value not in ALREADY[name]:
        raise _unfollowed(place, name, value)
    good = {
        "author": lambda: author_names(value) is not None,
        "date": lambda: iso_date(value) is not None,
        "lang": lambda: str(value).split("-")[0] == "da",
        "toc": lambda: isinstance(value, bool),
        "number-sections": lambda: isinstance(value, bool),
        "toc-depth": lambda: value in (1, 2, 3),
        "papersize": lambda: value in PAPERS,
        "pdf-standard": lambda: {*_listed(value)} <= {*STANDARDS},
        "categories": lambda: all(isinstance(part, str | int) for part in _listed(value)),
    }.get(name)
    if good is not None and not good():
        raise _unfollowed(place, name, value, hint=f"{name}: {FOLLOWED[name]}")


def _check_formats(
    values: Mapping[str, Any], file: Path, shown: str, *, merged: Mapping[str, Any], project: bool
) -> None:
    formats = values.get("format")
    named = {formats: None} if isinstance(formats, str) else _mapping(formats)
    for name, settings in named.items():
        if name not in _PROJECT_FORMAT and {*named} & {*_PROJECT_FORMAT}:
            continue  # others are Quarto's to make: nothing here is less for it
        if name not in _PROJECT_FORMAT:
            raise UnsupportedFeatureError(
                f"{place_of(file, shown, 'format')}: the format {name} is not made by the embedded engine",
                hint=USE_QUARTO,
            )
        for key, value in _mapping(settings).items():
            if (project and key in _PROJECT_FORMAT[name]) or key in RUNNING:
                continue
            if key in ALREADY or (name == "typst" and key in _OF_TYPST):
                _check_value(key, value, place_of(file, shown, key))
                continue
            if not (key in _SAME_IN_ALL and value == merged.get(key)):
                raise _unfollowed(place_of(file, shown, key), f"format: {name}: {key}", value)


def _unfollowed(place: str, name: str, value: Any, *, hint: str | None = None) -> UnsupportedFeatureError:
    written = str(value).lower() if isinstance(value, bool) else value
    return UnsupportedFeatureError(
        f"{place}: `{name}: {written}` is not followed by the embedded engine",
        hint=f"{hint}; or {USE_QUARTO}" if hint else USE_QUARTO,
    )


def place_of(file: Path, shown: str, key: str) -> str:
    """File and line of a key, without the line where the key stands twice."""
    pattern = re.compile(rf"^\s*(?:-\s+)?[\"']?{re.escape(key)}[\"']?\s*:|^\s*format\s*:\s*{re.escape(key)}\s*$")
    lines = [number for number, text in enumerate(_head(file), 1) if pattern.match(text)]
    return f"{shown}:{lines[0]}" if len(lines) == 1 else shown


def _head(file: Path) -> Iterator[str]:
    """The lines of a YAML file, or of a document's front matter."""
    if not file.is_file():
        return
    lines = file.read_text(encoding="utf-8-sig").split("\n")
    document = lines[0].rstrip() == "---"
    for number, text in enumerate(lines):
        if document and number and text.rstrip() in ("---", "..."):
            return
        yield text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
