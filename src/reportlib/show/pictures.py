"""From a plan to bytes, and the cache of what is already drawn."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextvars import Context
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from reportlib.files.whole import keep_checked, read_checked
from reportlib.show.palette import Palette, find_palette
from reportlib.show.spent import spending
from reportlib.show.style import SETTINGS
from reportlib.show.tidy_svg import svg_bytes
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
