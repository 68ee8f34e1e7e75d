"""The report's typeface for both formats, from the package `font_source_sans_pro` and never from the machine.

The package holds each style twice (OpenType and TrueType). Typst takes whichever its folder walk meets first, which
differs from machine to machine, so it is shown a folder with one of each. HTML gets the four styles the theme uses, cut
down to European letters and the report's signs (about 20 kB each), inside the file. Cutting them takes 0.8 s, so what
was cut is kept by content.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
import shutil
import tempfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from reportlib.files.whole import keep_checked, read_checked

FAMILY = "Source Sans Pro"
FACES = (("Regular", 400, "normal"), ("It", 400, "italic"), ("Semibold", 600, "normal"), ("Bold", 700, "normal"))
_FEATURES = ["ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "onum", "pnum", "tnum"]
_SIGNS = "–—‘’‚“”„†‡•…‰‹›€™−≤≥≠≈±×÷·▲▼●■◆○□◇△→←↑↓✓χαβγδλμσρθΔΣ∆½¼¾⅓⅔"
_LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # with copyright and licence: the font says whose it is
_SCHEME = 1  # a change here makes kept fonts again, as a change of the other constants does


@cache
def package_folder() -> Path:
    """Where the package keeps its font files."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.__file__).parent / "files"


@cache
def _private_folder() -> tempfile.TemporaryDirectory[str]:
    # Kept for as long as the process lives: Typst reads a font file only when a glyph is first needed.
    folder = tempfile.TemporaryDirectory(prefix="rl-fonts-", ignore_cleanup_errors=True)
    for path in sorted(package_folder().glob("*.otf")):
        shutil.copy2(path, folder.name)
    return folder


def typst_folder() -> Path:
    """A folder with exactly one file for each style of the family, the same for every compile in this process."""
    return Path(_private_folder().name)


@cache
def font_css(folder: Path | None = None) -> str:
    """`@font-face` rules with the fonts inside them, as WOFF.

    With a `folder` they are taken from there, and kept there once they are made. A kept file carries its own hash: one
    that was cut short or changed is made again.
    """
    path = None if folder is None else folder / f"fonts-{_key()}.css"
    if path is not None and (kept := read_checked(path)) is not None:
        return kept.decode("ascii")
    css = "\n".join(_face(name, weight, style) for name, weight, style in FACES)
    if path is not None:
        keep_checked(path, css.encode("ascii"))
    return css


def _key() -> str:
    """A hash of what decides the bytes: the font files, what is kept of them, the tools that cut and compress."""
    tools = (importlib.import_module("fontTools").version, zlib.ZLIB_RUNTIME_VERSION)
    digest = hashlib.sha256(repr((tools, FACES, _FEATURES, _SIGNS, _LETTERS, _NAMES, _SCHEME)).encode("utf-8"))
    for name, _, _ in FACES:
        digest.update(font_file(name).read_bytes())
    return digest.hexdigest()


def font_file(name: str) -> Path:
    return package_folder() / f"SourceSansPro-{name}.ttf"


def _face(name: str, weight: int, style: str) -> str:
    data = base64.b64encode(subset(font_file(name))).decode("ascii")
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};font-style:{style};font-display:swap;'
        f'src:url(data:font/woff;base64,{data}) format("woff")}}'
    )


def subset(path: Path) -> bytes:
    subset: Any = importlib.import_module("fontTools.subset")
    # WOFF, not WOFF2: its compression is in Python's own library, and one compressed byte stream on every machine.
    options = subset.Options()
    options.flavor = "woff"
    options.hinting = False
    options.recalc_timestamp = False
    options.layout_features = _FEATURES
    options.name_IDs = _NAMES
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*_LETTERS, *map(ord, _SIGNS)])
    subsetter.subset(font)
    buffer = io.BytesIO()
    subset.save_font(font, buffer, options)
    return buffer.getvalue()
