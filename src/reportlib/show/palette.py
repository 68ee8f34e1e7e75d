"""The colours of figures: the theme's own `colours.json`, the one palette of a project.

The file is looked for beside the document (`_theme/`, the working folder of a rendering document) and, further up, in
the project's `reports/_theme/`; without one the library's own theme has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.own_files import THEME, skeleton

FILE_NAME = "colours.json"
_PLACES = (Path("_theme"), THEME)


class NoPaletteError(ReportlibError):
    """The theme's colours were not found, or lack one that a figure needs."""


@dataclass(frozen=True)
class Palette:
    """Colour name -> `#RRGGBB`."""

    colours: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        try:
            return self.colours[name]
        except KeyError:
            raise NoPaletteError(f"the palette has no colour {name!r}", hint=did_you_mean(name, self.colours)) from None

    def __repr__(self) -> str:
        """Equal palettes have equal text: it is part of the cache key."""
        return f"Palette({sorted(self.colours.items())})"


def find_palette(start: Path | None = None) -> Palette:
    """The palette at or above `start` (default: the working folder).

    Raises:
        NoPaletteError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        for place in _PLACES:
            path = folder / place / FILE_NAME
            if path.is_file():
                return _load(path, path.stat().st_mtime_ns)
    path = skeleton() / THEME / FILE_NAME
    if path.is_file():
        return _load(path, path.stat().st_mtime_ns)
    raise NoPaletteError(
        f"no {FILE_NAME} of a theme at or above {here}",
        hint="run inside a project with reports/_theme, or pass palette=",
    )


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Palette:
    return Palette(MappingProxyType(json.loads(path.read_text(encoding="utf-8"))))
