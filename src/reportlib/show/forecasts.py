"""Recruitment week by week, three paths ahead with the interval of the future, and the numbers it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import NBSP, date_text, number_text
from reportlib.show.canvas_panel import Panel
from reportlib.show.curves import Line, band, draw_line
from reportlib.show.palette import Palette
from reportlib.show.style import (
    PAGE_WIDTH,
    SMALL,
    Box,
    Scale,
    above,
    axes,
    horizontal_grid,
    page,
    tint,
    value_scale,
    write,
)
from reportlib.show.texts import joined
from reportlib.show.typeface import SEMIBOLD, text_width
from reportlib.text.marks import mark
from reportlib.text.origin import Origin


@dataclass(frozen=True, slots=True)
class RecruitmentPlan:
    """The past as a line over weeks of the project, the paths from its end on, and dashed lines across.

    `days` are the last day of the first week, of the last week so far and of the last week of the forecast, which
    stands in no calendar of the trial: `end` is what it is counted from.
    """

    label: str
    past: Line
    paths: tuple[Line, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    across: tuple[tuple[str, float], ...]
    days: tuple[date, date, date]
    end: Origin | None = None


def draw_recruitment(plan: RecruitmentPlan, palette: Palette) -> Figure:
    """One wide panel from zero; the paths end with their names and numbers to the right."""
    height = 230.0
    figure = page(height)
    ends = [(line, line.known[-1][1]) for line in plan.paths if line.known]
    texts = [f"{line.heading} {number_text(value, 0)}" for line, value in ends]
    right = max([text_width(text, SMALL, SEMIBOLD) for text in texts], default=0.0) + 10
    box = Box(34, 30, PAGE_WIDTH - 34 - right, height - 30 - 24)
    weeks = [week for line in (plan.past, *plan.paths) for week in line.weeks]
    x = Scale(min(weeks) - 0.5, max(weeks) + 0.5, (), 0)
    drawn = [value for line in (plan.past, *plan.paths) for _, value in line.known]
    drawn += [value for _, value in plan.across] + [value for value in plan.high if value is not None]
    y = value_scale(drawn, from_zero=True, headroom=0.08)
    panel = axes(figure, box, x, y)
    horizontal_grid(figure, panel, box, y, palette)
    if plan.paths:
        band(
            panel,
            plan.paths[0].weeks,
            plan.low,
            plan.high,
            fill=tint(palette["teal"], 0.12),
            edge=palette["teal-mid"],
            dashed=True,
            zorder=1.0,
        )
    for name, value in plan.across:
        panel.axhline(value, color=palette["orange"], linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)
        at = box.bottom + (value - y.low) / (y.high - y.low) * box.height
        text = f"{name}: {number_text(value)}"
        _paper(panel, at + 1.5, text_width(text, SMALL) + 4, box, x, y, palette)
        write(figure, box.left + 4, at + 3, text, colour=palette["orange"], size=SMALL)
    draw_line(panel, plan.past, palette, thin=None)
    for line in plan.paths:
        draw_line(panel, line, palette, thin=min(line.weeks))
    levels = _apart([box.bottom + (value - y.low) / (y.high - y.low) * box.height for _, value in ends])
    for (line, _), text, at in zip(ends, texts, levels, strict=True):
        write(figure, box.right + 6, at - 0.33 * SMALL, text, colour=palette[line.colour], size=SMALL, weight=SEMIBOLD)
    _months(figure, plan, box, x, palette)
    above(figure, box, "Antal borgere", palette, left=box.left - 28)
    return figure


def _apart(levels: list[float], gap: float = 12.0) -> list[float]:
    """The heights moved up where they would stand on one another, lowest first."""
    placed = dict.fromkeys(range(len(levels)), 0.0)
    last = float("-inf")
    for index in sorted(range(len(levels)), key=lambda at: levels[at]):
        last = max(levels[index], last + gap)
        placed[index] = last
    return [placed[index] for index in range(len(levels))]


def _paper(panel: Panel, bottom: float, width: float, box: Box, x: Scale, y: Scale, palette: Palette) -> None:
    """Paper under the name of a line across, so that no line of the grid goes through the words."""
    across, up = (x.high - x.low) / box.width, (y.high - y.low) / box.height
    place = (x.low + 2 * across, y.low + (bottom - box.bottom) * up)
    size = (width * across, (SMALL + 2) * up)
    panel.add_patch(Rectangle(place, *size, facecolor=palette["paper"], edgecolor="none", zorder=1))


def _months(figure: Figure, plan: RecruitmentPlan, box: Box, x: Scale, palette: Palette) -> None:
    """The three days below the panel where their weeks end."""
    first, now, end = plan.days
    last = date_text(end) if plan.end is None else mark(date_text(end), plan.end)
    for day, text, align in (
        (first, date_text(first), "left"),
        (now, date_text(now), "center"),
        (end, last, "right"),
    ):
        week = 1 + (day - first) // timedelta(days=7)
        at = box.left + (week - x.low) / (x.high - x.low) * box.width
        at = box.left if align == "left" else box.right if align == "right" else at
        write(figure, at, box.bottom - 6 - SMALL, text, colour=palette["muted"], size=SMALL, align=align)


def alt_recruitment(plan: RecruitmentPlan) -> str:
    """Where the line ends, where the paths end, and what they are held against."""
    known = plan.past.known
    so_far = f"{plan.past.heading} slutter på {number_text(known[-1][1], 0)}." if known else ""
    paths = "; ".join(
        f"{line.heading.lower()} {number_text(line.known[-1][1], 0)}" for line in plan.paths if line.known
    )
    across = "; ".join(f"{name}{NBSP}{number_text(value)}" for name, value in plan.across)
    return joined(
        f"Kurvediagram over uger. {plan.label}.",
        so_far,
        f"Fremskrivningerne slutter på: {paths}." if paths else "",
        f"Vandrette linjer: {across}." if across else "",
    )
