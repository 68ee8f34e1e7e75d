"""The font of figures: Source Sans Pro from its package, never from the system, and how wide a text is in it."""

from __future__ import annotations

from functools import lru_cache

import font_source_sans_pro
from matplotlib import font_manager
from matplotlib.textpath import TextPath

FAMILY = "Source Sans Pro"
REGULAR, SEMIBOLD = "normal", "semibold"
_FACES = ("SourceSansPro", "SourceSansProSemibold")


@lru_cache(maxsize=1)
def register() -> None:
    """Tell Matplotlib about the two faces used. Only these: a name can then never fall back on another weight."""
    for face in _FACES:
        font_manager.fontManager.addfont(font_source_sans_pro.font_files_ttf[face])


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = REGULAR) -> float:
    """The width of `text` in points at font size `size` (points)."""
    register()
    if not text.strip():
        return 0.25 * size * len(text)
    properties = font_manager.FontProperties(family=FAMILY, weight=weight)
    outline = TextPath((0, 0), text, size=size, prop=properties, usetex=False)
    return float(outline.get_extents().x1)
