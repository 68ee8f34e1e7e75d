"""Curves over event weeks: the record of one line, and how lines, gaps, bands and thin weeks are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import capitalise
from reportlib.ledger import Estimate
from reportlib.show.canvas_panel import Panel
from reportlib.show.ledger_rows import shown
from reportlib.show.line_names import Label, Points, place_labels
from reportlib.show.palette import Palette
from reportlib.show.style import LINE_HEIGHT, LINE_WIDTH, TEXT, Box, Scale, write
from reportlib.show.typeface import SEMIBOLD, text_width


@dataclass(frozen=True, slots=True)
class Line:
    """A plotted line. `values` holds None in weeks without a number that may be shown; `hidden` names the hidden ones.

    With `steps` a level stands until the next is told: in a measure that cannot fall, weeks wait for more persons.
    `name` is written as inside a sentence (`deltagergruppen`, `Åby`).
    """

    name: str
    colour: str
    weeks: tuple[int, ...]
    values: tuple[float | None, ...]
    hidden: tuple[int, ...] = ()
    steps: bool = False

    @property
    def heading(self) -> str:
        """The name as it stands alone: `Deltagergruppen`."""
        return capitalise(self.name)

    @property
    def known(self) -> list[tuple[int, float]]:
        """The (week, value) that are drawn."""
        return [(week, value) for week, value in zip(self.weeks, self.values, strict=True) if value is not None]


def line_of(name: str, colour: str, rows: Mapping[int, Estimate], *, steps: bool = False) -> Line:
    """The line of weekly rows; weeks between the first and the last without a row are gaps."""
    known = {week: row.week or week for week, row in rows.items()}
    weeks = tuple(known.get(week, week) for week in range(min(rows), max(rows) + 1)) if rows else ()
    return Line(
        name=name,
        colour=colour,
        weeks=weeks,
        values=tuple(shown(rows.get(week)) for week in weeks),
        hidden=(hidden := tuple(week for week, row in rows.items() if row.hidden)),
        steps=steps and bool(hidden),
    )


def draw_line(panel: Panel, line: Line, palette: Palette, *, thin: int | None, step: bool = False) -> None:
    """The line with its gaps; dotted from the week from which few are followed. A lone week is a dot."""
    colour = palette[line.colour]
    for part in parts(line):
        if len(part) == 1:
            week, value = part[0]
            panel.plot([week], [value], marker="o", markersize=3.6, color=colour, linestyle="none", zorder=4)
            continue
        for piece, dotted in _split(part, thin):
            panel.plot(
                [week for week, _ in piece],
                [value for _, value in piece],
                color=colour,
                linewidth=LINE_WIDTH,
                linestyle=(0, (1.2, 1.4)) if dotted else "solid",
                drawstyle="steps-post" if line.steps else "steps-mid" if step else "default",
                solid_capstyle="round",
                zorder=4,
            )


def parts(line: Line) -> Iterator[list[tuple[int, float]]]:
    """The unbroken runs of a line; one that is told in steps is one."""
    if line.steps:
        yield from [line.known] if line.known else []
        return
    part: list[tuple[int, float]] = []
    for week, value in zip(line.weeks, line.values, strict=True):
        if value is None:
            if part:
                yield part
            part = []
        else:
            part.append((week, value))
    if part:
        yield part


def _split(part: list[tuple[int, float]], thin: int | None) -> Iterator[tuple[list[tuple[int, float]], bool]]:
    if thin is None or part[-1][0] < thin:
        yield part, False
        return
    solid = [point for point in part if point[0] < thin]
    if len(solid) > 1:
        yield solid, False
    yield part[max(len(solid) - 1, 0) :], True


def shade_thin(panel: Panel, x: Scale, thin: int | None, palette: Palette) -> None:
    """A grey field behind the weeks with few persons."""
    if thin is not None:
        panel.axvspan(thin - 0.5, x.high, facecolor=palette["graa-pale"], edgecolor="none", zorder=0)


def name_lines(
    figure: Figure,
    panel: Panel,
    lines: Sequence[Line],
    box: Box,
    x: Scale,
    y: Scale,
    palette: Palette,
    thin: int | None,
) -> None:
    """The lines' names beside them, in their colours; the grid does not run through a name."""
    named = [line for line in lines if line.known]
    sizes = [(text_width(line.heading, TEXT, SEMIBOLD), 0.75 * LINE_HEIGHT) for line in named]
    places = place_labels([in_points(line, box, x, y) for line in named], sizes, (box.width, box.height))
    for line, place in zip(named, places, strict=True):
        _clear(panel, place, box, x, y, palette, thin)
        write(
            figure,
            box.left + place.left,
            box.bottom + place.bottom + 0.1 * LINE_HEIGHT,
            line.heading,
            colour=palette[line.colour],
            weight=SEMIBOLD,
        )


def _clear(panel: Panel, place: Label, box: Box, x: Scale, y: Scale, palette: Palette, thin: int | None) -> None:
    """Paper under a name, above the grid and below the lines; none where it would cut into the grey field."""
    across, up = (x.high - x.low) / box.width, (y.high - y.low) / box.height
    left, bottom = x.low + (place.left - 1) * across, y.low + place.bottom * up
    width, height = (place.width + 2) * across, place.height * up
    if thin is None or left + width < thin - 0.5:
        paper = Rectangle((left, bottom), width, height, facecolor=palette["paper"], edgecolor="none", zorder=1)
        panel.add_patch(paper)


def in_points(line: Line, box: Box, x: Scale, y: Scale) -> Points:
    """The line's places in points from the box's lower left corner; NaN in gaps, the last level within steps."""
    values, last = [], None
    for value in line.values:
        last = value if value is not None or not line.steps else last
        values.append(last)
    across = [(week - x.low) / (x.high - x.low) * box.width for week in line.weeks]
    up = [np.nan if value is None else (value - y.low) / (y.high - y.low) * box.height for value in values]
    return np.column_stack([across, up]).astype(np.float64)


def band(
    panel: Panel,
    weeks: Sequence[int],
    low: Sequence[float | None],
    high: Sequence[float | None],
    *,
    fill: str,
    edge: str,
    dashed: bool,
    zorder: float,
    steps: bool = False,
) -> None:
    """A filled band with a drawn edge: the fill is paler than 3:1 against the paper, the edge is not."""
    if steps:
        known = [at for at, ends in enumerate(zip(low, high, strict=True)) if None not in ends]
        weeks, low, high = [weeks[at] for at in known], [low[at] for at in known], [high[at] for at in known]
    bottom = np.array([np.nan if value is None else value for value in low], dtype=np.float64)
    top = np.array([np.nan if value is None else value for value in high], dtype=np.float64)
    panel.fill_between(
        np.array(weeks),
        bottom,
        top,
        step="post" if steps else None,
        facecolor=fill,
        edgecolor="none",
        linewidth=0,
        zorder=zorder,
    )
    for limit in (bottom, top):
        panel.plot(
            np.array(weeks),
            limit,
            color=edge,
            linewidth=0.7,
            linestyle=(0, (3, 2)) if dashed else "solid",
            drawstyle="steps-post" if steps else "default",
            zorder=zorder + 0.1,
        )
