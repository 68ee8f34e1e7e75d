"""Charts with one labelled row per thing: names to the left, marks in the middle, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.show.canvas_panel import Panel
from reportlib.show.palette import Palette
from reportlib.show.style import (
    LINE_HEIGHT,
    PAGE_WIDTH,
    SMALL,
    TEXT,
    Box,
    Scale,
    axes,
    below,
    page,
    vertical_grid,
    write,
)
from reportlib.show.typeface import REGULAR, SEMIBOLD, text_width
from reportlib.text.markup import clean

MANY_ROWS = 12
"""Charts with more rows than this stand closer, so that text fits on the page beside them."""

_BETWEEN = 6.0
_KEY_HEIGHT = 20.0
_AXIS_HEIGHT = 38.0
_MARGIN = 6.0


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the line above the chart that says what a mark is: marker, colour name, words."""

    marker: str
    colour: str
    text: str
    filled: bool = True


@dataclass(frozen=True, slots=True)
class RowChart:
    """A page with its rows placed: `heights[i]` is the middle of row i, in the panel's own coordinates (points)."""

    figure: Figure
    panel: Panel
    box: Box
    scale: Scale
    heights: tuple[float, ...]

    def right_text(self, row: int, text: str, palette: Palette, *, colour: str = "ink") -> None:
        """Text in the column to the right of the panel, level with a row."""
        at = self.box.bottom + self.heights[row] - 0.33 * SMALL
        write(self.figure, PAGE_WIDTH - 2, at, text, colour=palette[colour], size=SMALL, align="right")


def row_chart(
    labels: Sequence[str],
    scale: Scale,
    palette: Palette,
    *,
    axis: str,
    right: Sequence[str] = (),
    right_heading: str = "",
    keys: Sequence[Key] = (),
    strong: frozenset[int] = frozenset(),
    label_share: float = 0.36,
    row_height: float = 16.0,
    key_colour: str = "",
) -> RowChart:
    """A page with names, rows, grid and axis, ready for marks.

    Args:
        labels: the rows' names, broken over lines where needed.
        scale: the horizontal axis.
        axis: the horizontal axis' text.
        right: texts to the right of the rows (numbers), one per row, or none.
        right_heading: what they are.
        keys: what the marks mean.
        strong: rows whose name is emphasised.
        label_share: the largest part of the page that names may take.
        row_height: the least height of a row.
        key_colour: the colour of the keys' words; that of each mark when empty.
    """
    widest = label_share * PAGE_WIDTH
    broken = [wrap(label, widest, SEMIBOLD if index in strong else REGULAR) for index, label in enumerate(labels)]
    label_width = max(
        text_width(line, TEXT, SEMIBOLD if index in strong else REGULAR)
        for index, lines in enumerate(broken)
        for line in lines
    )
    right_width = max([text_width(text, SMALL) for text in (*right, right_heading)], default=0.0)
    row_heights = [max(row_height, len(lines) * LINE_HEIGHT + _BETWEEN) for lines in broken]
    top = (_KEY_HEIGHT if keys or right_heading else 0.0) + _MARGIN
    height = top + sum(row_heights) + _AXIS_HEIGHT
    left = label_width + 10
    # The outermost number on the axis is centred on the panel's edge and needs room beyond it.
    edge = max(right_width + 12 if right_width else 0.0, text_width(scale.texts()[-1], SMALL) / 2 + 3)
    box = Box(left, _AXIS_HEIGHT, PAGE_WIDTH - left - edge, sum(row_heights))
    figure = page(height)
    panel = axes(figure, box, scale, Scale(0.0, box.height, (), 0))
    vertical_grid(figure, panel, box, scale, palette)
    below(figure, box, axis, palette)
    heights, up = [], box.height
    for index, (lines, tall) in enumerate(zip(broken, row_heights, strict=True)):
        up -= tall
        middle = up + tall / 2
        heights.append(middle)
        _write_label(figure, lines, left - 10, box.bottom + middle, palette, strong=index in strong)
    if keys:
        _write_keys(figure, keys, box, palette, key_colour)
    chart = RowChart(figure=figure, panel=panel, box=box, scale=scale, heights=tuple(heights))
    if right_heading:
        write(figure, PAGE_WIDTH - 2, box.top + 7, right_heading, colour=palette["muted"], size=SMALL, align="right")
    for index, text in enumerate(right):
        chart.right_text(index, text, palette)
    return chart


def _write_label(
    figure: Figure, lines: Sequence[str], right: float, middle: float, palette: Palette, *, strong: bool
) -> None:
    first = middle + (len(lines) - 1) * LINE_HEIGHT / 2 - 0.33 * TEXT
    for index, line in enumerate(lines):
        write(
            figure,
            right,
            first - index * LINE_HEIGHT,
            line,
            colour=palette["ink"],
            weight=SEMIBOLD if strong else REGULAR,
            align="right",
        )


def _write_keys(figure: Figure, keys: Sequence[Key], box: Box, palette: Palette, colour: str) -> None:
    """Mark and words, one after another, above the panel; from the page's edge where the panel is too narrow."""
    widths = [text_width(key.text, SMALL, SEMIBOLD) + 24 for key in keys]
    at = min(box.left, max(0.0, PAGE_WIDTH - sum(widths) - (PAGE_WIDTH - box.right)))
    overlay = axes(
        figure,
        Box(0, box.top, PAGE_WIDTH, _KEY_HEIGHT),
        Scale(0, PAGE_WIDTH, (), 0),
        Scale(0, _KEY_HEIGHT, (), 0),
    )
    for key, width in zip(keys, widths, strict=True):
        mark(overlay, at + 5, 7 + 0.33 * SMALL, key.marker, palette[key.colour], filled=key.filled)
        write(figure, at + 13, box.top + 7, key.text, colour=palette[colour or key.colour], size=SMALL, weight=SEMIBOLD)
        at += width


def mark(panel: Panel, x: float, y: float, marker: str, colour: str, *, filled: bool = True, size: float = 6.0) -> None:
    """One mark: filled, or white with a coloured edge."""
    panel.plot(
        [x],
        [y],
        marker=marker,
        markersize=size,
        markerfacecolor=colour if filled else "#FFFFFF",
        markeredgecolor=colour,
        markeredgewidth=1.2,
        linestyle="none",
        zorder=5,
        clip_on=False,
    )


def whisker(panel: Panel, low: float, high: float, y: float, colour: str, *, width: float = 1.2) -> None:
    """An interval as a line, cut at the panel's edges."""
    panel.plot([low, high], [y, y], color=colour, linewidth=width, solid_capstyle="butt", zorder=3)


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
