"""What figures draw: their SVG, or the file that a block wrote, whose name ends as its content says."""

from __future__ import annotations

from pathlib import Path

from reportlib.show.part import Chart
from reportlib.show.pictures import figure_bytes
from reportlib.show.row_chart import Mark, RowPlan
from reportlib.show.style import Palette


def picture(folder: Path, name: str) -> Path:
    """The one picture of the figure `name` in the folder."""
    (path,) = folder.glob(f"{name}-*.svg")
    return path


def drawn(chart: Chart, palette: Palette | None = None) -> bytes:
    """The SVG file of a figure."""
    return figure_bytes(chart.plan, chart.draw, palette=palette)


def marked_rows(chart: Chart) -> dict[str, list[float]]:
    """The names of a chart's rows, and where the marks of each stand."""
    plan = chart.plan
    assert isinstance(plan, RowPlan)
    return {
        " ".join(line.text for line in row.name): [part.x for part in row.parts if isinstance(part, Mark)]
        for row in plan.rows
    }
