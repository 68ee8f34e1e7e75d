"""The same persons before and after: two dots a row, joined by a line."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import number_text
from reportlib.show.palette import Palette
from reportlib.show.row_chart import Key, mark, row_chart
from reportlib.show.style import AXIS_TEXTS, Scale
from reportlib.show.texts import joined, level_text, stop
from reportlib.text.units import Unit


@dataclass(frozen=True, slots=True)
class PairedPlan:
    """A level before and after for each row, in per cent; None where hidden. `place` is who it is, when not all."""

    label: str
    rows: tuple[str, ...]
    before: tuple[float | None, ...]
    after: tuple[float | None, ...]


def draw_paired(plan: PairedPlan, palette: Palette) -> Figure:
    """A hollow dot before, a filled one after, and the line between them."""
    chart = row_chart(
        plan.rows,
        Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), 0),
        palette,
        axis=AXIS_TEXTS[Unit.PCT],
        right=[f"{_number(one)} / {_number(other)}" for one, other in zip(plan.before, plan.after, strict=True)],
        right_heading="Før / efter",
        keys=[Key("o", "neutral", "Før", filled=False), Key("o", "deltager", "Efter")],
        row_height=24.0,
        label_share=0.4,
    )
    for before, after, height in zip(plan.before, plan.after, chart.heights, strict=True):
        if before is not None and after is not None:
            chart.panel.plot([before, after], [height, height], color=palette["line"], linewidth=2.0, zorder=2)
        if before is not None:
            mark(chart.panel, before, height, "o", palette["neutral"], filled=False, size=7.0)
        if after is not None:
            mark(chart.panel, after, height, "o", palette["deltager"], size=7.0)
    return chart.figure


def _number(value: float | None) -> str:
    return "·" if value is None else number_text(value, 0)


def alt_paired(plan: PairedPlan) -> str:
    """Every row's level before and after."""
    told = []
    for row, before, after in zip(plan.rows, plan.before, plan.after, strict=True):
        one, other = ("skjult" if value is None else level_text(value, Unit.PCT) for value in (before, after))
        told.append(f"{row}: {one} før, {other} efter")
    return joined(f"Punktdiagram med to punkter i hver række. {plan.label}.", stop("; ".join(told)))
