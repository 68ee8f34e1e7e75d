"""What a document says of itself in its front matter, wherever it says it, and what of that stands in the text.

`abstract` is a box before the text, the links of `about` a list there; `license` and `copyright` each a paragraph after
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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
    formats = _mapping(front.get("format"))
    settings = [_mapping(value) for name, value in formats.items() if name in FORMATS]
    if not settings:
        return dict(front)
    first = settings[0]
    common = {name for name in first if all(name in one and one[name] == first[name] for one in settings)}
    common -= {*OF_TYPST}
    rest = {
        name: {key: part for key, part in _mapping(value).items() if key not in common} if name in FORMATS else value
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
    for link in map(_mapping, about.get("links", [])):
        address = link.get("href")
        if not isinstance(address, str) or any(sign in address for sign in "<>\\\n"):
            return None
        links.append((str(link.get("text") or link.get("aria-label") or link.get("icon") or address), address))
    return links


def rights(key: str, value: Any) -> str | None:
    """The words of `license` or `copyright`; None for what is not understood."""
    parts = [part.get(_RIGHTS[key][1]) if isinstance(part, dict) else part for part in _listed(value)]
    return ", ".join(map(str, parts)) if parts and all(isinstance(part, str) for part in parts) else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
