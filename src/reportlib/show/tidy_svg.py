"""From a Matplotlib figure to an SVG file that is small, the same every time, and safe to place inside a page.

Text stays text, so that print and screen use the report's own font and the words can be searched. What Matplotlib
writes beside the picture is removed: its metadata, its names of parts (two figures in one HTML page would share them),
and its style rule for `*`, which would reach every element of the page. Coordinates keep two decimals of a point, far
below what can be seen, so that the last digits of a processor's arithmetic do not change the file.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

ORIGINS = "tal:"
"""Begins the name of a text whose numbers can be followed; their origins come after it."""

ORIGINS_ATTRIBUTE = "data-tal"

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_GEOMETRY = frozenset(
    {"d", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "transform", "viewBox", "cx", "cy", "r"}
)
_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_NOT_TURNED = re.compile(r"^rotate\(-?0(?:\.0+)?[ )]")
_MOVED = re.compile(r"^translate\((-?[\d.]+) (-?[\d.]+)\)$")

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


def svg_bytes(figure: Figure) -> bytes:
    """The figure as a tidy SVG file; `style.SETTINGS` must be in force: they decide how text and names are written."""
    if figure.get_layout_engine() is not None:  # a plotnine plot: places depend on how wide words are
        raw = io.BytesIO()
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(raw, metadata={"Date": None})
        return tidy(raw.getvalue())
    written = io.StringIO()
    make: Any = _Placed
    renderer = make(figure.get_figwidth() * 72, figure.get_figheight() * 72, written, metadata={"Date": None})
    figure.draw(renderer)
    renderer.finalize()
    return tidy(written.getvalue().encode("utf-8"))


class _Placed(RendererSVG):
    """Writes texts that stand by an anchor on their baseline, which no width moves: to ask the font how wide each is
    takes a fifth of a figure's time."""

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        return 1.0, 1.0, 0.0


def tidy(raw: bytes) -> bytes:
    """Remove what is not the picture, shorten numbers, and write one line per element."""
    root = ET.fromstring(raw)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    _drop_empty(root)
    _name_origins(root)
    used = {name for element in root.iter() for name in _references(element)}
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        for name in _GEOMETRY & element.attrib.keys():
            element.set(name, _short(element.attrib[name]))
        if _NOT_TURNED.match(element.get("transform", "")):
            del element.attrib["transform"]
        if element.tag == f"{{{_SVG}}}text" and (moved := _MOVED.match(element.get("transform", ""))):  # of a few lines
            del element.attrib["transform"]
            element.set("x", moved[1])
            element.set("y", moved[2])
        element.tail = "\n"
        if element.tag != f"{{{_SVG}}}text" and element.text is not None and not element.text.strip():
            element.text = "\n"
    # What the removed rule for `*` said, for the picture alone.
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt; max-width: 100%; height: auto")
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return text.encode("utf-8")


def _name_origins(root: ET.Element) -> None:
    """Text whose group is named after origins of numbers carries them itself, where no identifier is expected."""
    for group in root.iter(f"{{{_SVG}}}g"):
        if (name := group.get("id", "")).startswith(ORIGINS):
            for text in group.iter(f"{{{_SVG}}}text"):
                text.set(ORIGINS_ATTRIBUTE, name.removeprefix(ORIGINS))


def _drop_empty(element: ET.Element) -> None:
    for child in list(element):
        _drop_empty(child)
        if child.tag in (f"{{{_SVG}}}defs", f"{{{_SVG}}}g") and len(child) == 0:
            element.remove(child)


def _references(element: ET.Element) -> list[str]:
    names = [element.get(_HREF, "").removeprefix("#")]
    for name in ("clip-path", "style", "fill"):
        names += _REFERENCE.findall(element.get(name, ""))
    return [name for name in names if name]


def _short(value: str) -> str:
    shortened = _NUMBER.sub(lambda found: f"{float(found.group()):.2f}".rstrip("0").rstrip("."), value)
    return " ".join(shortened.replace("-0 ", "0 ").split())
