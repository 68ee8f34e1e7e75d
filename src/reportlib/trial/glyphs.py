"""Which characters the report's typeface can show; PDF/A allows no box in place of one it cannot."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

_SURELY = range(0x20, 0x180)  # Latin letters and punctuation: no need to open the font


def without_glyph(text: str) -> set[str]:
    """The characters of `text` that the typeface does not have; white space and soft hyphens are not drawn."""
    rare = {sign for sign in text if ord(sign) not in _SURELY and not sign.isspace()}
    return {sign for sign in rare if ord(sign) not in _characters()} if rare else set()


@cache
def _characters() -> frozenset[int]:
    import font_source_sans_pro  # most trials need neither

    fonts: Any = importlib.import_module("fontTools.ttLib")
    with fonts.TTFont(font_source_sans_pro.font_files_ttf["SourceSansPro"], lazy=True) as font:
        return frozenset(font.getBestCmap())
