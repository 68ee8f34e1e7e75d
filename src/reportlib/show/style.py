"""How every figure looks: colours, page width, type sizes, axes, grid and Danish numbers on the axes.

The library's own figures are drawn with Matplotlib and not with plotnine, which is there for an evaluator's own
(`plots.py`): a curve with a band takes 0.17 to 0.24 s in plotnine 0.15 and two panels of it side by side 0.31 to
0.36 s, against 0.04 s here. Labels that stand at the lines without touching them also need the panels' places in points
before anything is drawn, which plotnine decides only while drawing.

Everything is placed in points on a page 16 cm wide, so no automatic layout can move a label, and equal plans are equal
bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import font_source_sans_pro
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.transforms import IdentityTransform

from reportlib.danish import number_text
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.own_files import THEME, skeleton
from reportlib.text.marks import unmarked
from reportlib.text.markup import origins_in
from reportlib.text.origin import AXIS, with_origin

# The colours of figures: the theme's own `colours.json`, the one palette of a project. The file is looked for beside
# the document (`_theme/`, the working folder of a rendering document) and, further up, in the project's
# `reports/_theme/`; without one the library's own theme has it.


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
        hint="run inside a project with reports/_theme",
    )


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int) -> Palette:
    return Palette(MappingProxyType(json.loads(path.read_text(encoding="utf-8"))))


# The font comes from its package, never from the system.
FAMILY = "Source Sans Pro"
REGULAR, SEMIBOLD = "normal", "semibold"
_FACES = {REGULAR: "SourceSansPro", SEMIBOLD: "SourceSansProSemibold"}

# Widths are measured at one large size and scaled: they do not depend on hinting, and each text is measured once.
_MEASURED_AT = 100.0
_UNITS_PER_POINT = 64.0

POINTS_PER_CM = 72 / 2.54
PAGE_WIDTH = 16 * POINTS_PER_CM
TEXT = 9.0
LINE_HEIGHT = 11.0
LINE_WIDTH = 1.7

SETTINGS: Any = {
    "font.family": FAMILY,
    "text.parse_math": False,  # a $ in a municipality's name is a $
    "axes.unicode_minus": True,
    "path.simplify": False,
    "svg.fonttype": "none",
    "hatch.linewidth": 0.7,
    # Names inside the file come from this salt and the content, never from a clock or a counter of the process.
    "svg.hashsalt": "reportlib",
}
"""Matplotlib's settings while a figure is drawn and written."""

ORIGINS = "tal:"
"""Begins the name of a text whose numbers can be followed; their origins come after it."""

WEEKS_AXIS = "Uger efter start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page in points, from the lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.bottom + self.height

    @property
    def right(self) -> float:
        return self.left + self.width

    def across(self, value: float, scale: Scale) -> float:
        """Where a value of a horizontal axis stands on the page."""
        return self.left + self.width * (value - scale.low) / (scale.high - scale.low)

    def up(self, value: float, scale: Scale) -> float:
        """Where a value of a vertical axis stands on the page."""
        return self.bottom + self.height * (value - scale.low) / (scale.high - scale.low)


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a picture, and where the numbers in them come from (as `trace.spans.origins_in` writes it)."""

    text: str
    origins: str = ""


def said(text: str) -> Said:
    """Text that was printed just now, for a plan: its marks belong to this recording, which the picture outlives."""
    return Said(unmarked(text), origins_in(text))


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: its two ends and the numbers written on it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int

    def texts(self) -> list[str]:
        """The ticks in Danish."""
        return [number_text(with_origin(tick, AXIS), self.decimals) for tick in self.ticks]


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


def page(height: float) -> Figure:
    """An empty page of the common width, `height` in points."""
    register()
    return Figure(figsize=(PAGE_WIDTH / 72, height / 72), dpi=72, facecolor="white")


def axes(figure: Figure, box: Box, x: Scale, y: Scale) -> Any:
    """Matplotlib's axes in `box` exactly, without a frame; grid and numbers are drawn by the functions below."""
    width, height = figure.get_figwidth() * 72, figure.get_figheight() * 72
    place = (box.left / width, box.bottom / height, box.width / width, box.height / height)
    made = figure.add_axes(place, xlim=(x.low, x.high), ylim=(y.low, y.high), autoscale_on=False)
    made.set_axis_off()
    return made


def on_page(figure: Figure, part: Artist) -> None:
    """Add something that is placed in points on the page."""
    part.set_transform(IdentityTransform())  # a page has 72 dots to the inch
    figure.add_artist(part)


def write(
    figure: Figure,
    x: float,
    y: float,
    text: str | Said,
    *,
    colour: str,
    size: float = TEXT,
    weight: str = REGULAR,
    align: str = "left",
) -> None:
    """Text at a place on the page in points; `y` is its baseline, so that no font's height moves it.

    Where the text's numbers come from is written beside it into the file (`pictures.tidy`).
    """
    words = text if isinstance(text, Said) else said(text)
    if words.text:
        gid = ORIGINS + words.origins if words.origins else None
        style: Any = {"fontsize": size, "fontweight": weight, "color": colour, "ha": align, "family": FAMILY}
        width, height = figure.get_figwidth() * 72, figure.get_figheight() * 72
        figure.text(x / width, y / height, words.text, gid=gid, va="baseline", parse_math=False, **style)


def horizontal_grid(figure: Figure, panel: Any, box: Box, scale: Scale, palette: Palette) -> None:
    """Light lines across at the ticks, numbers left of them, and a stronger line at zero."""
    for tick, text in zip(scale.ticks, scale.texts(), strict=True):
        panel.axhline(tick, **_grid_line(tick, palette))
        write(figure, box.left - 4, box.up(tick, scale) - 0.33 * TEXT, text, colour=palette["muted"], align="right")


def vertical_grid(figure: Figure, panel: Any, box: Box, scale: Scale, palette: Palette) -> None:
    """Light lines upwards at the ticks with numbers below them, and a stronger line at zero."""
    for tick in scale.ticks:
        panel.axvline(tick, **_grid_line(tick, palette))
    ticks_below(figure, box, scale, palette)


def _grid_line(tick: float, palette: Palette) -> dict[str, Any]:
    at_zero = tick == 0
    style = {"color": palette["rule" if at_zero else "line"], "linewidth": 0.9 if at_zero else 0.5}
    return {**style, "zorder": 2 if at_zero else 0.5, "clip_on": False}


def ticks_below(figure: Figure, box: Box, scale: Scale, palette: Palette, text: str = "") -> None:
    """The numbers of a horizontal axis below a panel, and the axis' text."""
    for tick, number in zip(scale.ticks, scale.texts(), strict=True):
        write_below(figure, box, scale, tick, number, palette)
    if text:
        below(figure, box, text, palette)


def write_below(figure: Figure, box: Box, scale: Scale, at: float, text: str, palette: Palette) -> None:
    """A text just below a panel, in the middle under a place on its horizontal axis."""
    write(figure, box.across(at, scale), box.bottom - 4 - TEXT, text, colour=palette["muted"], align="center")


def below(figure: Figure, box: Box, text: str | Said, palette: Palette) -> None:
    """The text of a horizontal axis, below its numbers."""
    middle = box.left + box.width / 2
    write(figure, middle, box.bottom - 8 - 2 * LINE_HEIGHT, text, colour=palette["ink"], align="center")


def above(figure: Figure, box: Box, text: str, palette: Palette, *, left: float | None = None) -> None:
    """The text of a vertical axis, above the panel and flush with its numbers: read without turning the head."""
    at = box.left if left is None else left
    write(figure, at, box.top + 8, text, colour=palette["ink"], weight=SEMIBOLD)


def week_scale(weeks: Sequence[int]) -> Scale:
    """From week 1 to the last week, with numbers at week 1 and at whole tens (or whole half-years in long trials)."""
    last = max(weeks)
    step = next(
        (step for step, reach in ((1, 8), (2, 16), (5, 32), (10, 80), (26, 200), (52, 1000)) if last <= reach), 104
    )
    ticks = [1, *range(step, last + 1, step)] if step > 1 else list(range(1, last + 1))
    if step > 1 and len(ticks) > 1 and ticks[1] - ticks[0] < 0.3 * step:
        del ticks[1]
    edge = max(0.5, last / 80)
    return Scale(1 - edge, last + edge, tuple(float(tick) for tick in ticks), 0)


_LEAST_SPAN = 1e-9
"""Ticks have ten decimals: a smaller span has none to tell apart."""


def value_scale(values: Sequence[float], *, from_zero: bool, headroom: float = 0.06, most_ticks: int = 6) -> Scale:
    """An axis that holds zero and `values`, with round ticks.

    `from_zero` is for levels: the axis begins at zero (or a round number below it) and ends on or above a tick. Without
    it the axis fits the values closely. `headroom` is the share of the span kept free above the highest value.
    """
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    low, high = min(low, 0.0), max(high, 0.0)  # zero is always on the axis: a level or difference is judged against it
    if high - low < _LEAST_SPAN:
        high = low + 1.0
    step = _round_step((high - low) / (most_ticks - 1))
    if from_zero:
        last = math.ceil(high / step - 1e-9)
        ticks = tuple(round(index * step, 10) for index in range(math.floor(low / step + 1e-9), last + 1))
        bottom, top = ticks[0], max(ticks[-1], high + headroom * (high - low))
    else:
        margin = 0.03 * (high - low)
        bottom, top = min(low - margin, 0.0), high + max(headroom * (high - low), margin)
        ticks = tuple(
            round(index * step, 10) for index in range(math.ceil(bottom / step), math.floor(top / step + 1e-9) + 1)
        )
    return Scale(bottom, top, ticks, max(0, -math.floor(math.log10(step) + 1e-9)))


def tint(colour: str, strength: float) -> str:
    """A colour mixed with white: 1 is the colour itself, 0 is white."""
    parts = [int(colour[index : index + 2], 16) for index in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - strength * (255 - part)):02X}" for part in parts)


def _round_step(smallest: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is at least `smallest`."""
    power: float = 10.0 ** math.floor(math.log10(smallest))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= smallest * (1 - 1e-9))
