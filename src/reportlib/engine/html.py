"""Makes an HTML page one file, pictures and fonts inside it, nothing fetched from anywhere; and the links it has.

An SVG file as part of an HTML page: no names that clash with other pictures, no style that reaches the page.

As part of the page its words are set in the page's own font and can be selected and searched, and the file stays
smaller than with a picture in base64.
"""

from __future__ import annotations

import base64
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from reportlib.engine.wall import with_policy
from reportlib.errors import ReportlibError
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.numbers.provenance import ACCOUNT
from reportlib.text.inert import as_html

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_DROPPED = {"metadata", "title", "desc"}
_FORBIDDEN = {"script", "foreignObject", "iframe", "image"}
# Properties that SVG also knows as attributes.
_PRESENTATION = frozenset(
    {
        "clip-path",
        "clip-rule",
        "color",
        "direction",
        "dominant-baseline",
        "fill",
        "fill-opacity",
        "fill-rule",
        "font-family",
        "font-size",
        "font-stretch",
        "font-style",
        "font-variant",
        "font-weight",
        "letter-spacing",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "opacity",
        "paint-order",
        "shape-rendering",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "text-decoration",
        "text-rendering",
        "unicode-bidi",
        "vector-effect",
        "visibility",
        "word-spacing",
    }
)
_SIZES = {("max-width", "100%"), ("height", "auto")}  # what the page says of every picture
_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class PictureError(ReportlibError):
    """A picture that is not there, cannot be read, or reaches outside the file."""

    usual_hint = "save it anew beside the document, as a plain SVG, PNG, JPEG or WebP"


def inline_svg(path: Path, *, alt: str, prefix: str, attributes: Mapping[str, str]) -> str:
    """The `<svg>` element for the picture at `path`.

    `prefix` (such as `f3-`) makes its identifiers its own; `attributes` are added to the root element.
    Raises: PictureError.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise PictureError(f"the picture {path.name} cannot be read: {error}") from None
    named = (("role", "img"), ("aria-label", alt)) if alt else (("aria-hidden", "true"),)
    return _element(source, path.name, prefix, (*attributes.items(), *named))


_SIZE = re.compile(r' (?:width|height)="[^"]*"')
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def parted(svg: str, name: str) -> str:
    """The `<svg>` element of a page as two beside each other, each with half its width; the style sheet puts one below
    the other where they have no room. The second shows what the first holds, under `name`, and says nothing of its own.

    A picture that does not say where it begins and ends is left as it is.
    """
    opening, end, rest = svg.partition(">")
    if (view := _VIEW.search(opening)) is None:
        return svg
    half, height = float(view[1]) / 2, view[2]
    first = _VIEW.sub(f'viewBox="0 0 {half:g} {height}"', _SIZE.sub("", opening))
    second = f'<svg class="billede" viewBox="{half:g} 0 {half:g} {height}" aria-hidden="true" focusable="false">'
    inside = rest.removesuffix("</svg>")
    return f'<div class="delt">{first}{end}<g id="{name}">{inside}</g></svg>{second}<use href="#{name}"/></svg></div>'


@lru_cache(maxsize=32)  # the versions of a report share most of their pictures, at the same places
def _element(source: bytes, name: str, prefix: str, attributes: tuple[tuple[str, str], ...]) -> str:
    try:
        root = ET.fromstring(source)
    except ET.ParseError as error:
        raise PictureError(f"the picture {name} cannot be read: {error}") from None
    if root.tag != f"{_SVG}svg":
        raise PictureError(f"{name} is not an SVG picture")
    _clean(root, root, prefix, name)
    if root.find(".//style") is None:  # whose rules are weaker than a style attribute, and stronger than others
        for element in root.iter():
            _spell_out_style(element)
    # The page decides how large it is; without a viewBox it could not be scaled.
    if "viewBox" not in root.attrib:
        root.set("viewBox", f"0 0 {_number(root.get('width'))} {_number(root.get('height'))}")
    for attribute in ("version", "class"):
        root.attrib.pop(attribute, None)
    for attribute, value in (*attributes, ("focusable", "false")):
        root.set(attribute, value)
    return ET.tostring(root, encoding="unicode")


def _clean(element: ET.Element, root: ET.Element, prefix: str, name: str) -> None:
    for child in list(element):
        tag = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else ""
        if not tag or "}" in tag or tag in _DROPPED:
            element.remove(child)
        elif tag in _FORBIDDEN:
            raise PictureError(f"the picture {name} holds <{tag}>, which has no place in a report")
        elif tag == "style":
            _apply_style(element, child, root, prefix)
        else:
            _clean(child, root, prefix, name)
    element.tag = element.tag.removeprefix(_SVG)
    for attribute, value in list(element.attrib.items()):
        del element.attrib[attribute]
        short = attribute.removeprefix(_XLINK)
        if "}" in short:
            continue  # editors' own attributes
        if short.lower().startswith("on"):
            raise PictureError(f"the picture {name} holds a script ({short})")
        element.set(short, _own(short, value, prefix, name))


def _spell_out_style(element: ET.Element) -> None:
    """Turn `style="fill: red"` into `fill="red"`: the page's policy lets no text of a page be a style."""
    left = []
    for declaration in element.attrib.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in _PRESENTATION and "!" not in value:
            element.set(name, value)
        elif name and (name, value) not in _SIZES:
            left.append(f"{name}: {value}")
    if left:
        element.set("style", "; ".join(left))


def _own(attribute: str, value: str, prefix: str, name: str) -> str:
    if attribute == "id":
        return prefix + value
    if attribute == "href":
        if not value.startswith("#"):
            raise PictureError(f"the picture {name} refers to {value[:60]}, outside itself")
        return f"#{prefix}{value[1:]}"
    return _URL.sub(rf"url(#{prefix}\1)", value)


def _apply_style(parent: ET.Element, style: ET.Element, root: ET.Element, prefix: str) -> None:
    """Turn `*{...}` into the picture's own style, which all of it inherits; bind other rules to the picture."""
    rules = []
    for selector, body in _RULE.findall(_COMMENT.sub("", style.text or "")):
        if selector.strip() == "*":
            root.set("style", ";".join(filter(None, [root.get("style", ""), body.strip().rstrip(";")])))
        else:
            scoped = ",".join(f"#{prefix}svg {part.strip()}" for part in selector.split(","))
            own = _URL.sub(rf"url(#{prefix}\1)", body.strip())
            rules.append(f"{scoped}{{{own}}}")
    if rules:
        root.set("id", "svg")
        style.text = "".join(rules)
        style.tag = "style"
        style.attrib.clear()
    else:
        parent.remove(style)


def _number(length: str | None) -> str:
    match = re.match(r"[\d.]+", length or "")
    return match[0] if match else "100"


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
