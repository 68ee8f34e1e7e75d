"""Charts with one labelled row per thing: names to the left, marks in the middle, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from reportlib.show.style import (
    LINE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    SEMIBOLD,
    TEXT,
    Box,
    Palette,
    Said,
    Scale,
    axes,
    below,
    on_page,
    page,
    said,
    text_width,
    value_scale,
    vertical_grid,
    write,
)
from reportlib.text.markup import clean

MANY_ROWS = 12
"""Charts with more rows than this stand closer, so that text fits on the page beside them."""

HATCH = "////"
_BETWEEN = 6.0
_KEY_HEIGHT = 20.0
_AXIS_HEIGHT = 38.0
_MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark, filled or white with a coloured edge; `up` points above the middle of its row."""

    x: float
    marker: str
    colour: str
    filled: bool = True
    size: float = 6.0
    up: float = 0.0

    def draw(self, panel: Any, height: float, palette: Palette) -> None:
        panel.add_artist(self.at(self.x, height + self.up, palette))

    def at(self, x: float, y: float, palette: Palette) -> Line2D:
        """The mark at a place."""
        colour = palette[self.colour]
        return Line2D(
            [x],
            [y],
            marker=self.marker,
            markersize=self.size,
            markerfacecolor=colour if self.filled else "#FFFFFF",
            markeredgecolor=colour,
            markeredgewidth=1.2,
            linestyle="none",
            zorder=5,
            clip_on=False,
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval, or what joins two marks, as a line that is cut at the panel's edges."""

    low: float
    high: float
    colour: str
    width: float = 1.2
    up: float = 0.0
    zorder: int = 3

    def draw(self, panel: Any, height: float, palette: Palette) -> None:
        ends, at = [self.low, self.high], [height + self.up] * 2
        style: Any = {"linewidth": self.width, "solid_capstyle": "butt", "zorder": self.zorder}
        panel.add_artist(Line2D(ends, at, color=palette[self.colour], **style))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `low` to `high`, `tall` points tall, with a number on it where it has one; it stands for `value`."""

    low: float
    high: float
    fill: str
    edge: str
    tall: float
    number: Said | None = None
    ink: str = "ink"
    hatched: bool = False
    value: float | None = None

    def draw(self, panel: Any, height: float, palette: Palette) -> None:
        place, width = (self.low, height - self.tall / 2), self.high - self.low
        style: Any = {"facecolor": palette[self.fill], "edgecolor": palette[self.edge], "linewidth": 0.9, "zorder": 3}
        panel.add_artist(Rectangle(place, width, self.tall, hatch=HATCH if self.hatched else None, **style))


@dataclass(frozen=True, slots=True)
class Frame:
    """A line around bars that touch, `tall` points tall: the pale ones among them would not stand out from the page."""

    low: float
    high: float
    tall: float

    def draw(self, panel: Any, height: float, palette: Palette) -> None:
        place, width = (self.low, height - self.tall / 2), self.high - self.low
        style: Any = {"fill": False, "edgecolor": palette["rule"], "linewidth": 0.8, "zorder": 4}
        panel.add_artist(Rectangle(place, width, self.tall, **style))


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name in lines, what is drawn in it, and the text to its right. `row` makes one."""

    name: tuple[Said, ...]
    parts: tuple[Mark | Stretch | Bar | Frame, ...]
    right: Said
    strong: bool


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the line above the chart that says what a mark is: marker, colour name, words."""

    marker: str
    colour: str
    text: Said
    filled: bool = True
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Upright:
    """A line from the panel's foot to its top."""

    x: float
    colour: str
    width: float = 1.0
    dashed: bool = True
    zorder: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """A chart of rows over one scale. `key_colour` is that of the keys' words; that of each mark when empty."""

    rows: tuple[Row, ...]
    scale: Scale
    axis: Said
    right_heading: str = ""
    keys: tuple[Key, ...] = ()
    uprights: tuple[Upright, ...] = ()
    row_height: float = 16.0
    key_colour: str = ""


def row(
    name: str,
    parts: Sequence[Mark | Stretch | Bar | Frame | None],
    right: str,
    *,
    share: float = 0.36,
    strong: bool = False,
) -> Row:
    """A row; `share` is the largest part of the page that its name may take before it is broken over lines."""
    lines = wrap(name, share * PAGE_WIDTH, SEMIBOLD if strong else REGULAR)
    drawn = tuple(part for part in parts if part is not None)
    return Row(tuple(said(line) for line in lines), drawn, said(right), strong)


def mark(x: float | None, marker: str, colour: str, **style: Any) -> Mark | None:
    """A mark where there is a number to show."""
    return None if x is None else Mark(x, marker, colour, **style)


def stretch(low: float | None, high: float | None, colour: str, **style: Any) -> Stretch | None:
    """An interval where both ends may be shown."""
    return None if low is None or high is None else Stretch(low, high, colour, **style)


PER_CENT = Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), 0)


def around_zero(values: Sequence[float | None], limit: float) -> Scale:
    """An axis with zero in the middle that holds the values and the limit on both sides."""
    reach = max([limit, *(abs(value) for value in values if value is not None)])
    inner = value_scale([-1.1 * reach, 1.1 * reach], from_zero=False, headroom=0.0, most_ticks=7)
    return Scale(-1.15 * reach, 1.15 * reach, inner.ticks, inner.decimals)


def draw_rows(plan: RowPlan, palette: Palette) -> Figure:
    """Names, grid, axis, keys, and what each row holds."""
    label_width = max(text_width(line.text, TEXT, _weight(row)) for row in plan.rows for line in row.name)
    right_texts = [plan.right_heading, *(row.right.text for row in plan.rows)]
    right_width = max(text_width(text, TEXT) for text in right_texts)
    row_heights = [max(plan.row_height, len(row.name) * LINE_HEIGHT + _BETWEEN) for row in plan.rows]
    top = (_KEY_HEIGHT if plan.keys or plan.right_heading else 0.0) + _MARGIN
    figure = page(top + sum(row_heights) + _AXIS_HEIGHT)
    left = label_width + 10
    # The outermost number on the axis is centred on the panel's edge and needs room beyond it.
    edge = max(right_width + 12 if right_width else 0.0, text_width(plan.scale.texts()[-1], TEXT) / 2 + 3)
    box = Box(left, _AXIS_HEIGHT, PAGE_WIDTH - left - edge, sum(row_heights))
    panel = axes(figure, box, plan.scale, Scale(0.0, box.height, (), 0))
    vertical_grid(figure, panel, box, plan.scale, palette)
    below(figure, box, plan.axis, palette)
    for line in plan.uprights:
        style: Any = {"linewidth": line.width, "linestyle": (0, (4, 2)) if line.dashed else "solid"}
        panel.axvline(line.x, color=palette[line.colour], zorder=line.zorder, **style)
    up = box.height
    for row, tall in zip(plan.rows, row_heights, strict=True):
        up -= tall
        middle = up + tall / 2
        _write_row(figure, row, box, plan.scale, middle, palette)
        for part in row.parts:
            part.draw(panel, middle, palette)
    if plan.keys:
        _write_keys(figure, plan.keys, box, palette, plan.key_colour)
    if plan.right_heading:
        style = {"colour": palette["muted"], "align": "right"}
        write(figure, PAGE_WIDTH - 2, box.top + 7, plan.right_heading, **style)
    return figure


def _weight(row: Row) -> str:
    return SEMIBOLD if row.strong else REGULAR


def _write_row(figure: Figure, row: Row, box: Box, scale: Scale, middle: float, palette: Palette) -> None:
    """The name, the text to the right, and the numbers on bars."""
    first = box.bottom + middle + (len(row.name) - 1) * LINE_HEIGHT / 2 - 0.33 * TEXT
    for index, line in enumerate(row.name):
        at = first - index * LINE_HEIGHT
        write(figure, box.left - 10, at, line, colour=palette["ink"], weight=_weight(row), align="right")
    base = box.bottom + middle - 0.33 * TEXT
    write(figure, PAGE_WIDTH - 2, base, row.right, colour=palette["ink"], align="right")
    for part in row.parts:
        if isinstance(part, Bar) and part.number is not None:
            at = box.across((part.low + part.high) / 2, scale)
            if part.hatched:  # the number stands on plain ground
                wide = text_width(part.number.text, TEXT) + 7
                plate = Rectangle(
                    (at - wide / 2, base - 2.2), wide, TEXT + 2, facecolor=palette[part.fill], linewidth=0
                )
                on_page(figure, plate)
            write(figure, at, base, part.number, colour=palette[part.ink], align="center")


def _write_keys(figure: Figure, keys: Sequence[Key], box: Box, palette: Palette, colour: str) -> None:
    """Mark and words, one after another, above the panel; from the page's edge where the panel is too narrow."""
    widths = [text_width(key.text.text, TEXT, SEMIBOLD) + 24 for key in keys]
    at = min(box.left, max(0.0, PAGE_WIDTH - sum(widths) - (PAGE_WIDTH - box.right)))
    for key, width in zip(keys, widths, strict=True):
        if key.hatched:
            look: Any = {
                "facecolor": palette[key.colour],
                "edgecolor": palette["paper"],
                "hatch": HATCH,
                "linewidth": 0,
            }
            on_page(figure, Rectangle((at + 1.4, box.top + 6.2), 7.2, 7.2, **look))
        else:
            drawn = Mark(at + 5, key.marker, key.colour, key.filled).at(at + 5, box.top + 7 + 0.33 * TEXT, palette)
            on_page(figure, drawn)
        if key.marker == "s":
            frame: Any = {"fill": False, "edgecolor": palette["rule"], "linewidth": 0.8}
            on_page(figure, Rectangle((at + 1.4, box.top + 6.2), 7.2, 7.2, **frame))
        style: Any = {"colour": palette[colour or key.colour], "weight": SEMIBOLD}
        write(figure, at + 13, box.top + 7, key.text, **style)
        at += width


def wrap(text: str, width: float, weight: str = REGULAR) -> list[str]:
    """The text in lines no wider than `width` points where its words allow it."""
    lines: list[str] = []
    for word in clean(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, TEXT, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
