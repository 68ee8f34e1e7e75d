"""An SVG file as part of an HTML page: no names that clash with other pictures, no style that reaches the page.

As part of the page its words are set in the page's own font and can be selected and searched, and the file stays
smaller than with a picture in base64.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from reportlib.errors import ReportlibError

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
