"""Curves: the record of one line, how lines, gaps, bands and thin weeks are drawn, and names at the lines.

There is no legend: a label stands near its own line and clear of everything else where that is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import capitalise
from reportlib.ledger import Estimate
from reportlib.show.ledger_rows import shown
from reportlib.show.style import LINE_HEIGHT, LINE_WIDTH, SEMIBOLD, TEXT, Box, Palette, Scale, text_width, write


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
        values=_ended(tuple(shown(rows.get(week)) for week in weeks)),
        hidden=(hidden := tuple(week for week, row in rows.items() if row.hidden)),
        steps=steps and bool(hidden),
    )


DOTTED: Any = (0, (1.2, 1.4))
DASHES: dict[str, Any] = {
    "kontrol": (0, (6, 1.8)),
    "neutral": (0, (6, 1.8)),
    "navy": DOTTED,
    "series-3": (0, (6, 1.6, 1.2, 1.6)),
}
"""A line's dashes go with its colour, so that a figure's lines are told apart without colours too; else it is solid."""


def _ended(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """The values without zeros that come back behind a gap at the end: they rest on nobody, as the gap on too few."""
    last = max((at for at, value in enumerate(values) if value), default=None)
    if last is None or None not in values[last:]:
        return values
    gap = values.index(None, last)
    return (*values[:gap], *(None for _ in values[gap:]))


def draw_line(panel: Any, line: Line, palette: Palette, *, thin: int | None, step: bool = False) -> None:
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
                linestyle=DOTTED if dotted else DASHES.get(line.colour, "solid"),
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


def shade_thin(panel: Any, x: Scale, thin: int | None, palette: Palette) -> None:
    """A grey field behind the weeks with few persons."""
    if thin is not None:
        panel.axvspan(thin - 0.5, x.high, facecolor=palette["graa-pale"], edgecolor="none", zorder=0)


def name_lines(
    figure: Figure,
    panel: Any,
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
    zero = -y.low / (y.high - y.low) * box.height
    axis = [Label(0.0, zero - 1, box.width, 2.0)] if y.low < 0 < y.high else []
    lines_at = [in_points(line, box, x, y) for line in named]
    places = place_labels(lines_at, sizes, (box.width, box.height), occupied=axis)
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


def _clear(panel: Any, place: Label, box: Box, x: Scale, y: Scale, palette: Palette, thin: int | None) -> None:
    """Paper under a name, above the grid and below the lines; none where it would cut into the grey field."""
    across = (x.high - x.low) / box.width
    if thin is None or x.low + (place.left + place.width + 1) * across < thin - 0.5:
        paper(panel, (place.left - 1, place.bottom), (place.width + 2, place.height), box, x, y, palette)


def paper(
    panel: Any, place: tuple[float, float], size: tuple[float, float], box: Box, x: Scale, y: Scale, palette: Palette
) -> None:
    """Paper under words, so that no line of the grid goes through them: `place` and `size` in points within the box."""
    across, up = (x.high - x.low) / box.width, (y.high - y.low) / box.height
    corner = (x.low + place[0] * across, y.low + place[1] * up)
    style: Any = {"facecolor": palette["paper"], "edgecolor": "none", "zorder": 1}
    panel.add_patch(Rectangle(corner, size[0] * across, size[1] * up, **style))


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
    panel: Any,
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


Points = npt.NDArray[np.float64]
"""(n, 2) places in points; NaN where the line has a gap."""

Heights = tuple[float, float, float]
"""Lowest, highest and middle height of a line over the width of a label."""

_GAP = 3.5
_STEP = 6.0
_AWAY = (0.0, 1.3, 2.6)


@dataclass(frozen=True, slots=True)
class Label:
    """A label's lower left corner and size, in points within its panel."""

    left: float
    bottom: float
    width: float
    height: float

    def overlaps(self, other: Label, gap: float = 2.0) -> bool:
        """True when the two, with a gap around, share any area."""
        return (
            self.left < other.left + other.width + gap
            and other.left < self.left + self.width + gap
            and self.bottom < other.bottom + other.height + gap
            and other.bottom < self.bottom + self.height + gap
        )


def place_labels(
    lines: Sequence[Points],
    sizes: Sequence[tuple[float, float]],
    panel: tuple[float, float],
    *,
    occupied: Sequence[Label] = (),
) -> list[Label]:
    """One place per line: beside it, inside the panel, off all lines and off the other labels where that is possible.

    The label of a line stands above or below it, where it is plainly nearer to its own line than to any other; among
    such places the one furthest from other lines, towards the end of the curve, wins. If there is none, the place with
    the least conflict is taken.

    Args:
        lines: the curves, in points from the panel's lower left corner.
        sizes: width and height of each label.
        panel: width and height of the panel.
        occupied: places already taken.
    """
    placed: list[Label] = list(occupied)
    known = [line[~np.isnan(line[:, 1])] for line in lines]
    for index, size in enumerate(sizes):
        others = [line for position, line in enumerate(known) if position != index]
        best = Label(panel[0] - size[0], panel[1] - size[1], *size)
        least = np.inf
        for left in np.arange(0.0, panel[0] - size[0] + 0.01, _STEP):
            span = _heights(known[index], left, left + size[0])
            if span is None:
                continue
            beside = [found for line in others if (found := _heights(line, left, left + size[0])) is not None]
            for label, distance in _candidates(float(left), span, size, panel):
                cost = _cost(label, distance, beside=beside, placed=placed, panel=panel)
                if cost < least:
                    best, least = label, cost
        placed.append(best)
    return placed[len(occupied) :]


def _candidates(
    left: float, span: Heights, size: tuple[float, float], panel: tuple[float, float]
) -> Iterator[tuple[Label, float]]:
    """Places above and below a line's `span`, each with its distance to the line at the label's middle."""
    width, height = size
    low, high, middle = span
    for away in _AWAY:  # further off only where lines lie on one another and their names must be stacked
        room = _GAP + away * height
        above = Label(left, high + room, width, height)
        below = Label(left, low - room - height, width, height)
        if above.bottom + height <= panel[1]:
            yield above, above.bottom - middle
        if below.bottom >= 0:
            yield below, middle - below.bottom - height


def _heights(known: Points, left: float, right: float) -> Heights | None:
    """What a line, without its gaps, does from `left` to `right`; None where it has no points there."""
    if len(known) == 0 or right < known[0, 0] or left > known[-1, 0]:
        return None
    inside = known[(known[:, 0] > left) & (known[:, 0] < right), 1]
    ends = np.interp([left, (left + right) / 2, right], known[:, 0], known[:, 1])
    heights = np.concatenate([inside, ends])
    return float(heights.min()), float(heights.max()), float(ends[1])


def _cost(
    label: Label, distance: float, *, beside: Sequence[Heights], placed: Sequence[Label], panel: tuple[float, float]
) -> float:
    cost = distance
    cost += 0.12 * abs(label.left + label.width / 2 - 0.7 * panel[0])
    cost += 1000.0 * sum(label.overlaps(other) for other in placed)
    for low, high, _ in beside:
        room = max(low - (label.bottom + label.height), label.bottom - high)
        if room < _GAP:
            cost += 400.0 + 10.0 * (_GAP - room)
        elif room < 2 * distance + _GAP:
            cost += 40.0  # nearly as close to another line: whose label is it?
    return cost
