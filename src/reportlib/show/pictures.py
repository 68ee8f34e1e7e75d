"""From a plan to the bytes of a tidy SVG file, the cache of what is already drawn, and the seconds that it took."""

from __future__ import annotations

import hashlib
import io
import os
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure

from reportlib.files.whole import keep_checked, read_checked
from reportlib.show.style import ORIGINS, SETTINGS, Palette, find_palette
from reportlib.text.inert import has_standins, plain
from reportlib.text.marks import recording

CACHE_VARIABLE = "REPORTLIB_FIGURE_CACHE"
"""Folder in which drawn figures are kept when no other is given; unset means no cache."""

Draw = Callable[[Any, Palette], Figure]
"""How a plan is drawn: a function of a module, whose name is part of the cache key."""


def figure_bytes(
    plan: object, draw: Draw, *, palette: Palette | None = None, cache: Path | None = None, kept: bool = True
) -> bytes:
    """The figure of a plan as an SVG file; equal plans and palettes give equal bytes.

    With a cache folder (argument or the environment variable REPORTLIB_FIGURE_CACHE) a figure drawn before is read from
    there. A cached file carries its own hash: one that is cut short or changed is drawn again. One that is not `kept`
    is drawn every time.

    Raises:
        NoPaletteError: no palette was given and no theme was found.
    """
    plan = with_plain_words(plan)
    colours = palette or find_palette()
    folder = cache or (Path(named) if (named := os.environ.get(CACHE_VARIABLE)) else None)
    if folder is None or not kept:
        with spending("figures"):
            return _draw_alone(plan, draw, colours)
    path = folder / f"{cache_key(plan, draw, colours)}.svg"
    if (found := read_checked(path)) is not None:
        return found
    with spending("figures"):
        drawn = _draw_alone(plan, draw, colours)
    keep_checked(path, drawn)
    return drawn


def with_plain_words(plan: object) -> object:
    """The plan with its words as they were written: a picture has no markup that could read them."""
    return _plain(plan) if has_standins(plan) else plan


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _plain(getattr(value, part.name)) for part in fields(value) if part.init})
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {_plain(key): _plain(part) for key, part in value.items()}
    return value


def cache_key(plan: object, draw: Draw, palette: Palette) -> str:
    """The name of a figure in the cache: plan, palette and drawing code, hashed."""
    content = "\n".join((drawing_version(), repr(palette), f"{draw.__module__}.{draw.__qualname__}", repr(plan)))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


@lru_cache(maxsize=1)
def drawing_version() -> str:
    """A hash of the code that draws and of Matplotlib's version: a changed drawing never meets an old picture."""
    digest = hashlib.sha256(mpl.__version__.encode("ascii"))
    library = resources.files("reportlib")
    modules: list[Traversable] = []
    for package in ("danish", "show", "text"):
        own = [entry for entry in (library / package).iterdir() if entry.name.endswith(".py")]
        modules += sorted(own, key=lambda entry: entry.name)
    for module in modules:
        digest.update(module.read_bytes())
    return digest.hexdigest()


def _draw_alone(plan: object, draw: Draw, palette: Palette) -> bytes:
    """Draw in a context of its own: a document's recording of its printed numbers must leave no marks in a picture."""
    return Context().run(drawn, plan, draw, palette)


def drawn(plan: object, draw: Draw, palette: Palette) -> bytes:
    with mpl.rc_context(SETTINGS), recording():  # the file says where its numbers come from, whoever asks for it
        return svg_bytes(draw(plan, palette))


# From a Matplotlib figure to an SVG file that is small, the same every time, and safe to place inside a page.
#
# Text stays text, so that print and screen use the report's own font and the words can be searched. What Matplotlib
# writes beside the picture is removed: its metadata, its names of parts (two figures in one HTML page would share
# them), and its style rule for `*`, which would reach every element of the page. Coordinates keep two decimals of a
# point, far below what can be seen, so that the last digits of a processor's arithmetic do not change the file.


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


# Seconds spent on a part of the work that happens deep inside a step: figures are drawn while a document runs.


_spent: dict[str, float] = {}


@contextmanager
def spending(name: str) -> Iterator[None]:
    """Count the time in this block as spent on `name`; blocks of one name do not stand inside each other."""
    began = time.perf_counter()
    try:
        yield
    finally:
        _spent[name] = _spent.get(name, 0.0) + time.perf_counter() - began


def take(name: str) -> float:
    """Seconds spent on `name` in this process since they were last taken."""
    return _spent.pop(name, 0.0)
