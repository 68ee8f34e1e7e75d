"""Shares that together are everybody, as one bar a row: how answers are spread, and who went up, down or neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.danish import NBSP, consistent_sum, list_text, number_text
from reportlib.show.palette import Palette
from reportlib.show.row_chart import Key, row_chart
from reportlib.show.style import AXIS_TEXTS, SMALL, Scale, write
from reportlib.show.texts import joined, stop
from reportlib.text.units import Unit

# Fill and the colour of the text on it, from the best answer to the worst, by the number of categories.
_COLOURS: dict[int, tuple[tuple[str, str], ...]] = {
    2: (("teal", "paper"), ("orange-mid", "ink")),
    3: (("teal", "paper"), ("line", "ink"), ("orange", "paper")),
    4: (("teal", "paper"), ("teal-mid", "ink"), ("line", "ink"), ("orange-mid", "ink")),
    5: (("teal", "paper"), ("teal-mid", "ink"), ("line", "ink"), ("orange-mid", "ink"), ("orange", "paper")),
}
MOST_CATEGORIES = max(_COLOURS)
_BAR = 13.0
_ROOM_FOR_NUMBER = 5.0
"""Per cent of the bar that a number of two digits needs."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A row's name that begins with a number from the ledger: `2 målinger`."""

    number: int
    noun: str

    def __str__(self) -> str:
        return f"{number_text(self.number)}{NBSP}{self.noun}"


@dataclass(frozen=True, slots=True)
class StackedPlan:
    """Rows of shares in per cent, a value for each category; None where any of a row's shares is hidden."""

    label: str
    categories: tuple[str, ...]
    rows: tuple[str | Counted, ...]
    values: tuple[tuple[float | None, ...], ...]
    counts: tuple[int | None, ...]


def draw_stacked(plan: StackedPlan, palette: Palette) -> Figure:
    """A bar of 100 pct. a row, its parts in the order of the key, numbers inside and n to the right."""
    colours = _COLOURS[len(plan.categories)]
    chart = row_chart(
        [str(row) for row in plan.rows],
        Scale(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), 0),
        palette,
        axis=AXIS_TEXTS[Unit.PCT],
        right=["skjult" if count is None else number_text(count) for count in plan.counts],
        right_heading="Antal",
        keys=[Key("s", fill, name) for (fill, _), name in zip(colours, plan.categories, strict=True)],
        row_height=20.0,
        label_share=0.45,
        key_colour="ink",
    )
    for values, height in zip(plan.values, chart.heights, strict=True):
        left = 0.0
        if any(value is None for value in values):
            continue
        for value, (fill, ink) in zip(values, colours, strict=True):
            share = value or 0.0
            chart.panel.add_patch(
                Rectangle(
                    (left, height - _BAR / 2),
                    share,
                    _BAR,
                    facecolor=palette[fill],
                    edgecolor=palette["paper"],
                    linewidth=0.8,
                    zorder=3,
                )
            )
            if value is not None and share >= _ROOM_FOR_NUMBER:
                at = chart.box.left + (left + share / 2) / 100.0 * chart.box.width
                write(
                    chart.figure,
                    at,
                    chart.box.bottom + height - 0.33 * SMALL,
                    number_text(value, 0),
                    colour=palette[ink],
                    size=SMALL,
                    align="center",
                )
            left += share
    return chart.figure


def alt_stacked(plan: StackedPlan) -> str:
    """Every row with its parts, and what is hidden."""
    told, hidden = [], []
    for row, values in zip(map(str, plan.rows), plan.values, strict=True):
        if any(value is None for value in values):
            hidden.append(row)
            continue
        parts = [
            f"{name} {number_text(value, 0)}{NBSP}pct."
            for name, value in zip(plan.categories, values, strict=True)
            if value is not None
        ]
        told.append(f"{row}: {', '.join(parts)}")
    return joined(
        f"Stablet søjlediagram. {_asked(plan.label)} {list_text(plan.categories)}.",
        stop("; ".join(told)) if told else "",
        f"Skjult af hensyn til anonymitet: {'; '.join(hidden)}." if hidden else "",
    )


def _asked(label: str) -> str:
    """A question keeps its mark; everything else gets a colon."""
    return label if label.endswith("?") else f"{label}:"


def complete(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """The values, or none of them where one is missing: a gap in a bar would give the missing one back."""
    return tuple(values) if all(value is not None for value in values) else tuple(None for _ in values)


def rounded_note(plan: StackedPlan) -> str:
    """Why the printed parts of a bar do not add up to a hundred; empty where all do."""
    rows = [[value for value in values if value is not None] for values in plan.values if None not in values]
    if not any(consistent_sum(row, 100).rounding_note for row in rows if row):
        return ""
    return "På grund af afrunding giver tallene i en række ikke altid hundrede"


def hidden_bars_note(plan: StackedPlan, threshold: int) -> str:
    """Why a bar is missing; empty where none is. `threshold` is the fewest persons a number may rest on."""
    if all(None not in values for values in plan.values):
        return ""
    return f"En søjle er skjult, når en af dens dele hviler på færre end {number_text(threshold)} personer"
