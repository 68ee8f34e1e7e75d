"""What the embedded engine does with each key of a document's front matter and of `_quarto.yml`.

A key is followed, is about running Quarto only, is passed over and the writer told, or is refused with its line. Of a
key on no list the writer is told that nothing reads it, unless it is nearly one that is followed.

`docs/writing.md` shows these lists; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reportlib.engine.qmd import (
    IN_TEXT,
    OF_TYPST,
    USE_QUARTO,
    UnsupportedFeatureError,
    about_links,
    listed,
    mapping,
    rights,
)

FOLLOWED: Mapping[str, str] = {
    "title": "the cover, unless `r.forside()` gives one; plain words, no code",
    "subtitle": "the cover",
    "author": "the cover's `Udarbejdet af`: names, affiliations in brackets; what else is said is passed over",
    "date": "the cover's `Dato` and the PDF's date: YYYY-MM-DD; `26/2/2009` too, where it cannot be two days",
    "abstract": "a box before the first chapter, called `Resumé` or what `abstract-title` says",
    "abstract-title": "the title of that box",
    "about": "its links, in a list before the text; the picture and its place are passed over",
    "license": "a paragraph after the text: `Licens`",
    "copyright": "a paragraph after the text: `Ophavsret`",
    "description": "the files' metadata",
    "keywords": "the files' metadata",
    "categories": "the cover's `Emner`",
    "lang": "`da`, the language of the theme's own words",
    "english": 'words that are read aloud as English wherever they stand: a list; elsewhere `[words]{lang="en"}`',
    "toc": "contents or none; a document without headings has none",
    "toc-depth": "levels of headings in the contents: 1 to 4",
    "toc-title": "the words above the contents",
    "number-sections": "numbers before headings or none; `@sec-` needs them",
    "crossref": "the words of references: `fig-title`, `fig-prefix` and so on",
    "filters": "Lua filters, from the project's folder, the project's first; one that uses `quarto.` is refused",
    "format": "`html` and `typst`; in `_quarto.yml` also where the theme lies; others beside them are not made",
    "papersize": "`a4`, `us-letter`, `us-legal`: the PDF's paper; also under `format: typst`",
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
    "project", "jupyter", "engine", "kernel", "editor", "editor_options", "zotero", "julia", "knitr", "server",
    "df-print", "ipynb-shell-interactivity", "plotly-connected", "quarto-required", "title-block-banner", "draft",
    "ipynb-filters", "keep-typ", "keep-md", "keep-tex", "keep-ipynb", "keep-hidden", "keep-source", "output-ext",
    "output-file", "knit", "axe", "image", "image-alt", "image-width", "image-height", "image-lazy-loading", "search",
    "aliases", "repo-actions", "canonical-url", "order", "resources", "html-math-method", "self-contained-math",
    "daemon", "daemon-restart", "ipynb", "debug", "trace", "fail-if-warnings", "verbosity", "log-file",
    "email-obfuscation",
)  # fmt: skip
"""Keys about editing and running, what is left beside the report, a web site around it, and how a browser works, not
about what a reader sees."""

OTHER_FORMATS = (
    "documentclass", "classoption", "geometry", "pagestyle", "pdf-engine", "pdf-engine-opt", "pdf-engine-opts",
    "latex-auto-install", "latex-clean", "latex-tinytex", "cite-method", "biblatexoptions", "natbiboptions",
    "biblio-style", "biblio-title", "sansfont", "CJKmainfont", "fontenc", "fontfamily", "fontfamilyoptions",
    "toccolor", "urlcolor", "colorlinks", "top-level-division", "reference-doc", "slide-level", "incremental",
    "transition", "slide-number", "institute", "aspectratio", "variant", "preview-mode", "subject", "category", "wrap",
    "funding",
    "tab-stop", "eol",
)  # fmt: skip
"""Keys of LaTeX, Word and slides, which change nothing in Quarto's own HTML and Typst either."""

LOOKS = (
    "brand", "brand-mode", "theme", "css", "mainfont", "monofont", "codefont", "mathfont", "font-paths", "fontsize",
    "linestretch", "fontcolor", "linkcolor", "filecolor", "citecolor", "backgroundcolor", "monobackgroundcolor",
    "margin", "margin-left", "margin-right", "margin-top", "margin-bottom", "margin-geometry", "grid", "page-layout",
    "max-width", "columns", "syntax-highlighting", "highlight-style", "code-block-bg", "code-block-border-left",
    "code-fold", "code-copy", "code-tools", "code-line-numbers", "code-link", "title-block-style",
    "title-block-banner-color", "toc-location", "toc-expand", "toc-indent", "smooth-scroll", "anchor-sections",
    "link-external-icon", "link-external-newwindow", "link-external-filter", "body-classes",
    "appendix-cite-as", "respect-user-color-scheme", "appendix-style",
    "theorem-appearance", "crossrefs-hover", "footnotes-hover", "citations-hover", "lightbox", "fig-responsive",
    "fig-cap-location", "tbl-cap-location", "reference-location", "citation-location", "date-format", "logo",
    "pdf-standard",
    "bibliographystyle", "citation", "google-scholar", "code-links",
)  # fmt: skip
"""Keys about how Quarto's page and paper look, where things stand on them and what its page offers beside the text (how
to cite it, where its code lies), which the theme decides: passed over, and the writer is told."""

ALREADY: Mapping[str, tuple[Any, ...]] = {
    "embed-resources": (True,), "self-contained": (True,), "echo": (False,), "comments": (False,),
    "format-links": (False,), "code-links": (False,), "code-copy": (False,), "code-tools": (False,),
    "code-fold": (False,), "code-line-numbers": (False,), "fig-cap-location": ("bottom",),
    "tbl-cap-location": ("top",), "reference-location": ("document",), "citation-location": ("document",),
    "citeproc": (True,), "link-citations": (True,), "date-format": ("long",),
    "pdf-standard": ("ua-1", "a-3a", ["ua-1", "a-3a"]),
    "code-annotations": (True, "below"), "notebook-links": (False,),
}  # fmt: skip
"""Keys that are followed with the values that say what is always done."""

QUARTO_ONLY = (
    "affiliation", "date-modified", "doi", "thanks",
    "params", "shortcodes", "metadata-file", "metadata-files", "metadata", "variables", "defaults",
    "include-in-header", "include-before-body", "include-after-body", "include-before", "include-after",
    "header-includes", "template", "template-partials", "website", "book", "listing", "manuscript",
    "other-links", "notebook-view", "lof", "lot", "number-depth", "number-offset", "section-numbering",
    "page-numbering",
    "shift-heading-level-by", "language", "dir", "from", "reader", "abbreviations", "citation-abbreviations",
    "notes-after-punctuation", "default-image-extension", "resource-path",
    "syntax-definition", "syntax-definitions", "indented-code-classes", "fig-width", "fig-height", "fig-format",
    "fig-dpi", "fig-asp", "dpi", "identifier-prefix", "html-q-tags", "html-table-processing", "css-property-processing",
    "html-pre-tag-processing", "section-divs", "minimal", "tabsets", "pagetitle", "title-prefix", "strip-comments",
    "file-scope", "merge-includes", "output-divs", "mermaid", "ojs-engine", "cache", "freeze", "title-block-categories",
    "notebook-view-style", "notebook-preview-options", "description-meta", "author-meta", "date-meta", "document-css",
    "extract-media", "preserve-tabs", "ascii", "to", "data-dir",
)  # fmt: skip
"""Keys that only Quarto follows."""

PAPERS = ("a4", "us-letter", "us-legal")  # none narrower than the tables are measured for
_EXECUTE = {"echo": (False,), "warning": (False,), "message": (False,), "error": (False,), "freeze": (False,),
            "cache": (False, None), "daemon": None, "enabled": (True, None)}  # fmt: skip
# Of a format: those that say where the theme lies, and looks of Quarto's own page and paper that the theme has itself.
_PROJECT_FORMAT = {
    "html": {"embed-resources", "theme", "css"},
    "typst": {*OF_TYPST, "template-partials", "pdf-standard"},
}
_OF_DOCUMENT = (
    "bibliography",
    "references",
    "csl",
    "nocite",
    "reference-section-title",
    *IN_TEXT,
)  # files that lie beside the document, and its own text
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTHS = 12
_CODE = re.compile(r"`\{python\}|\{\{<")


def check_keys(
    values: Mapping[str, Any],
    file: Path,
    shown: str,
    *,
    project: bool,
    said: Mapping[str, Any],
    own: Collection[str] = (),
) -> list[str]:
    """What is passed over in a file, each with its place; what the embedded engine cannot pass over is refused.

    Parameters: `file` is read for the line of a key; `shown`, what the file is called; `project`, whether it is
    `_quarto.yml`, which says where the theme lies; `said`, what project and document say together, which a format may
    repeat; `own`, words of the project's own filters.
    Raises: UnsupportedFeatureError.
    """
    told = []
    for name, value in values.items():
        place = place_of(file, shown, name)
        passed = name in RUNNING or name in OTHER_FORMATS
        if name in own or passed:
            pass
        elif name in LOOKS and value not in ALREADY.get(name, ()):
            told.append(_passed_over(place, name))
            passed = True
        elif name in QUARTO_ONLY or (project and name in _OF_DOCUMENT):
            raise UnsupportedFeatureError(f"{place}: `{name}:` is not followed by the embedded engine", hint=USE_QUARTO)
        elif name not in FOLLOWED and name not in COVER and name not in ALREADY:
            if near := get_close_matches(name, [*FOLLOWED, *COVER], cutoff=0.8):
                raise UnsupportedFeatureError(
                    f"{place}: `{name}:` is no key that is followed", hint=f"did you mean {near[0]}? or {USE_QUARTO}"
                )
            told.append(f"{place}: nothing reads `{name}:`")
            passed = True
        for text in _texts(value):
            if not passed and _CODE.search(text):
                raise UnsupportedFeatureError(
                    f"{place}: code or a shortcode in `{name}:` would be printed as it stands",
                    hint="print the cover from a cell instead (`print(r.forside())`), or " + USE_QUARTO,
                )
        _check_value(name, value, place)
        if name == "about":
            told.append(f"{place}: of `about:` the links are set, its picture and its place are passed over")
        if name == "author" and (more := _more_than_names(value)):
            told.append(f"{place}: the cover has names and affiliations; passed over: {', '.join(more)}")
    for name, value in mapping(values.get("execute")).items():
        allowed = _EXECUTE.get(name, ())
        if allowed is not None and value not in allowed:
            raise _unfollowed(place_of(file, shown, name), f"execute: {name}", value)
    return told + _check_formats(values, file, shown, project=project, said=said)


def author_names(value: Any) -> str | None:
    """The authors as the cover prints them, affiliations in brackets; None for what is no name."""
    names = [_author(author) for author in listed(value)]
    if None in names:
        return None
    known = [name for name in names if name]
    return " og ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else "".join(known)


def _more_than_names(authors: Any) -> list[str]:
    said = {key for author in listed(authors) if isinstance(author, Mapping) for key in author}
    return sorted(said - {"name", "affiliation", "affiliations"})


def _author(author: Any) -> str | None:
    if not isinstance(author, Mapping):
        return author if isinstance(author, str) else None
    name = author.get("name")
    if isinstance(name, Mapping):
        name = name.get("literal") or " ".join(str(name[part]) for part in ("given", "family") if part in name)
    places = [*listed(author.get("affiliation") or []), *listed(author.get("affiliations") or [])]
    where = [place.get("name") if isinstance(place, Mapping) else place for place in places]
    if not isinstance(name, str) or any(not isinstance(place, str) for place in where):
        return None  # an affiliation told elsewhere, by reference
    return f"{name} ({', '.join(map(str, where))})" if where else name


def iso_date(value: Any) -> str | None:
    """The date as YYYY-MM-DD; None for what depends on the day it is read, could be two days, or is no date."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    if (numbers := _NUMBERS.fullmatch(text)) is not None:
        first, second, year = map(int, numbers.groups())
        month, day = sorted((first, second))
        text = f"{year}-{month:02}-{day:02}" if day > _MONTHS or month == day else ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _check_value(name: str, value: Any, place: str) -> None:
    if name in ALREADY and name not in LOOKS and value not in ALREADY[name]:
        raise _unfollowed(place, name, value)
    good = {
        "abstract": lambda: isinstance(value, str),
        "about": lambda: about_links(value) is not None,
        "license": lambda: rights(name, value) is not None,
        "copyright": lambda: rights(name, value) is not None,
        "author": lambda: author_names(value) is not None,
        "date": lambda: iso_date(value) is not None,
        "lang": lambda: str(value).split("-")[0] == "da",
        "english": lambda: isinstance(value, list) and all(isinstance(part, str) and part.split() for part in value),
        "toc": lambda: isinstance(value, bool),
        "number-sections": lambda: isinstance(value, bool),
        "toc-depth": lambda: value in (1, 2, 3, 4),
        "papersize": lambda: value in PAPERS,
        "categories": lambda: all(isinstance(part, str | int) for part in listed(value)),
    }.get(name)
    if good is not None and not good():
        raise _unfollowed(place, name, value, hint=f"{name}: {FOLLOWED[name]}")


def _check_formats(
    values: Mapping[str, Any], file: Path, shown: str, *, project: bool, said: Mapping[str, Any]
) -> list[str]:
    formats, told = values.get("format"), []
    named = {formats: None} if isinstance(formats, str) else mapping(formats)
    for name, settings in named.items():
        if name not in _PROJECT_FORMAT and {*named} & {*_PROJECT_FORMAT}:
            continue  # others are Quarto's to make: nothing here is less for it
        if name not in _PROJECT_FORMAT:
            raise UnsupportedFeatureError(
                f"{place_of(file, shown, 'format')}: the format {name} is not made by the embedded engine",
                hint=USE_QUARTO,
            )
        for key, value in mapping(settings).items():
            place = place_of(file, shown, key)
            known = project and key in _PROJECT_FORMAT[name]
            if known or said.get(key) == value or key in RUNNING or key in OTHER_FORMATS:
                continue
            if value in ALREADY.get(key, ()) or (name == "typst" and key in OF_TYPST):
                _check_value(key, value, place)
            elif key in LOOKS:
                told.append(_passed_over(place, key))
            else:
                raise _unfollowed(place, f"format: {name}: {key}", value)
    return told


def _passed_over(place: str, name: str) -> str:
    return f"{place}: `{name}:` is passed over: the theme decides that (--engine quarto follows it)"


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
