"""The font of figures: Source Sans Pro from its package, never from the system, and how wide a text is in it."""

from __future__ import annotations

from functools import lru_cache

import font_source_sans_pro
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font, LoadFlags

from reportlib.text.marks import unmarked

FAMILY = "Source Sans Pro"
REGULAR, SEMIBOLD = "normal", "semibold"
_FACES = {REGULAR: "SourceSansPro", SEMIBOLD: "SourceSansProSemibold"}

# Widths are measured at one large size and scaled: they do not depend on hinting, and each text is measured once.
_MEASURED_AT = 100.0
_UNITS_PER_POINT = 64.0


@lru_cache(maxsize=1)
def register() -> None:
    """Tell Matplotlib about the two faces used. Only these: a name can then never fall back on another weight."""
    for face in _FACES.values():
        font_manager.fontManager.addfont(font_source_sans_pro.font_files_ttf[face])


def text_width(text: str, size: float, weight: str = REGULAR) -> float:
    """The width of `text` in points at font size `size` (points)."""
    return _width(unmarked(text), weight) * size / _MEASURED_AT


@lru_cache(maxsize=4096)
def _width(text: str, weight: str) -> float:
    if not text:
        return 0.0
    face = _face(weight)
    face.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, _ = face.get_width_height()
    return float(width / _UNITS_PER_POINT)


@lru_cache(maxsize=2)
def _face(weight: str) -> FT2Font:
    face = FT2Font(font_source_sans_pro.font_files_ttf[_FACES[weight]])
    face.set_size(_MEASURED_AT, 72.0)
    return face
