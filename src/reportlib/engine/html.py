"""Makes an HTML page one file, pictures and fonts inside it, nothing fetched from anywhere; and the links it has."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from reportlib.engine.svg import PictureError, inline_svg, parted
from reportlib.engine.wall import with_policy
from reportlib.errors import ReportlibError
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.numbers.provenance import ACCOUNT
from reportlib.text.inert import as_html

FONTS_MARK = "/*reportlib:fonts*/"
PICTURE_CLASS, PARTED = "billede", "data-delt"
LARGE = 1_500_000  # bytes; above this a page is slow to open on a phone

_FETCHED = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("video", "src"),
            ("audio", "src"), ("object", "data"), ("embed", "src"), ("image", "href"), ("use", "href")}  # fmt: skip
# Not Python's mimetypes: it also reads the machine's own tables.
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_CSS_URL = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?!data:|#)([^)'\"\s]+)")
# Wherever a page holds the beginning of a tag that can fetch, it is looked at, also in a comment: none is missed. To
# parse all of a page, with thousands of tags, took ten times as long.
_FETCHING = re.compile(rf"<(?:{'|'.join(sorted({tag for tag, _ in _FETCHED}))})(?=[\s/>])", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style|\Z)", re.IGNORECASE | re.DOTALL)


class NotSelfContainedError(ReportlibError):
    """The page would fetch something from outside itself."""


def self_contained(page: str, *, folder: Path, fonts: Callable[[], str]) -> bytes:
    """The page with every picture (named relative to `folder`) and the fonts inside it, as UTF-8.

    `page` holds FONTS_MARK where the `@font-face` rules go.
    Raises: NotSelfContainedError, PictureError.
    """
    for style in _STYLE.finditer(page):
        if (outside := _CSS_URL.search(style[1])) is not None:
            raise NotSelfContainedError(
                f"the style sheet fetches {outside[1]}", hint="place fonts and pictures in the file"
            )
    out, last, pictures = [], 0, 0
    for found in _FETCHING.finditer(page):
        tag = _tag_at(page, found.start())
        if found.start() < last or (source := _fetched(tag)) is None:
            continue  # it stands inside a picture's tag, or is harmless
        if tag.name != "img" or re.match(r"[a-z][a-z0-9+.-]+:|//", source, re.IGNORECASE):
            raise NotSelfContainedError(
                f"the page would fetch {source} (<{tag.name}>)",
                hint="a report is one file: keep pictures beside the document",
            )
        pictures += 1
        out += [page[last : found.start()], _picture(folder, source, tag.attributes, pictures)]
        last = found.start() + len(tag.text)
    out.append(page[last:])
    whole = as_html("".join(out)).replace(FONTS_MARK, fonts(), 1)
    return with_policy(whole).encode("utf-8")


class _Tag(HTMLParser):
    """The tag that a text begins with, once the text holds all of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.name = self.text = ""
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.name:
            self.name, self.attributes, self.text = tag, attrs, self.get_starttag_text() or ""


def _tag_at(page: str, start: int) -> _Tag:
    """The tag that begins at a place of the page; a `>` may also stand inside an attribute, before the tag's own."""
    tag, last = _Tag(), start
    while not tag.name and (end := page.find(">", last) + 1):
        tag.feed(page[last:end])
        last = end
    return tag


def _fetched(tag: _Tag) -> str | None:
    """What a browser would fetch for the tag."""
    values = (value for name, value in tag.attributes if (tag.name, name) in _FETCHED)
    return next((value for value in values if value is not None and not value.startswith(("#", "data:"))), None)


def _picture(folder: Path, source: str, attributes: list[tuple[str, str | None]], number: int) -> str:
    """The picture as part of the page, its `number`th."""
    path = folder / unquote(source)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise PictureError(f"the picture {source} lies outside the document's folder")
    if not path.is_file():
        raise PictureError(
            f"the picture {source} does not exist",
            hint="figs/ holds what cells write while the document runs; keep other pictures in another folder",
        )
    given = dict(attributes)
    kept = {name: value or "" for name, value in given.items() if name not in ("src", "alt", "class")}
    classes = " ".join(filter(None, [PICTURE_CLASS, given.get("class") or ""]))
    if path.suffix.lower() == ".svg":
        prefix = f"b{number}-"
        halves = kept.pop(PARTED, None) is not None
        svg = inline_svg(path, alt=given.get("alt") or "", prefix=prefix, attributes={**kept, "class": classes})
        return parted(svg, f"{prefix}alt") if halves else svg
    if (kind := _KINDS.get(path.suffix.lower())) is None:
        raise PictureError(f"the picture {source} is neither SVG, PNG, JPEG nor WebP")
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    values = {"src": f"data:{kind};base64,{data}", "alt": given.get("alt") or "", "class": classes, **kept}
    return "<img " + " ".join(f'{name}="{html.escape(value)}"' for name, value in values.items()) + ">"


# The links of a page: to its sisters, the same report for the other municipalities, and to its report's other files.


LIBRARY = "../index.html"
"""The library page, seen from a report."""


def sister_links(sisters: Sequence[tuple[str, str]], slug: str) -> str:
    """A folded list of links, as HTML; empty when there are no sisters.

    `sisters` are name and slug of every version, this one (`slug`) among them. All are named, made or not, so that a
    page is the same bytes whatever else was made with it.
    """
    if len(sisters) < 2:
        return ""
    items = "\n".join(_item(name, other, current=other == slug) for name, other in sisters)
    return (
        '<details class="soestre">\n<summary>Andre udgaver af rapporten</summary>\n'
        f'<nav aria-label="Andre udgaver af rapporten">\n<ul>\n{items}\n</ul>\n'
        f'<p><a href="{LIBRARY}">Alle rapporter</a></p>\n</nav>\n</details>'
    )


def file_links(slug: str) -> str:
    """A list of links to the report's other files, as HTML; named whether made or not, for the same reason.

    What a batch makes only when asked is not named: the library page links what is there.
    """
    return (
        '<ul class="filer">\n'
        f'<li><a href="{slug}.pdf">Rapporten som PDF</a></li>\n'
        f'<li><a href="{slug}{ACCOUNT}">Alle tal med kilder (JSON)</a></li>\n'
        f'<li><a href="{LIBRARY}">Word, regneark og andre udgaver, hvor de er lavet</a></li>\n</ul>'
    )


def _item(name: str, slug: str, *, current: bool) -> str:
    shown = "Samlet rapport" if name == WHOLE_TRIAL else html.escape(name)
    if current:
        return f'<li aria-current="page">{shown}</li>'
    return f'<li><a href="{slug}.html">{shown}</a></li>'
