"""What stands in for Matplotlib's own axes and texts draws the same file as they do."""

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportlib.show.canvas_panel import Panel, Words
from reportlib.show.style import SETTINGS
from reportlib.show.tidy_svg import svg_bytes
from reportlib.show.typeface import FAMILY, register

PLACE, ACROSS, UP = (0.1, 0.2, 0.7, 0.6), (0.5, 12.5), (-3.0, 40.0)
GAP = float("nan")


def drawn_in_a_panel(draw: Callable[[Any], object]) -> bytes:
    figure = Figure(figsize=(6, 2), dpi=72)
    draw(Panel(figure, PLACE, ACROSS, UP))
    return svg_bytes(figure)


def drawn_in_axes(draw: Callable[[Any], object]) -> bytes:
    figure = Figure(figsize=(6, 2), dpi=72)
    axes = figure.add_axes(PLACE)
    axes.set_axis_off()
    axes.set_xlim(*ACROSS)
    axes.set_ylim(*UP)
    draw(axes)
    return svg_bytes(figure)


@pytest.mark.parametrize(
    "draw",
    [
        lambda panel: panel.plot([1, 2, 3, 4], [5.0, GAP, 7.5, 50.0], color="#336699", linewidth=1.7, zorder=4),
        lambda panel: panel.plot([1, 5], [3, 8], marker="s", color="#112233", linestyle="none", clip_on=False),
        lambda panel: panel.axhline(4.5, color="#993300", linestyle=(0, (4, 2))),
        lambda panel: panel.axvline(7, color="#993300", linewidth=0.5, clip_on=False),
        lambda panel: panel.axvspan(8.5, 12.5, facecolor="#EEEEEE", edgecolor="none", zorder=0),
        lambda panel: panel.fill_between(
            np.arange(1, 6), np.array([1, 2, GAP, 3, 4]), np.array([3, 4, 5, 9, 60]), facecolor="#AACCEE", linewidth=0
        ),
        lambda panel: panel.add_patch(Rectangle((2, -1), 3, 50, facecolor="#FFFFFF", edgecolor="#000000")),
        lambda panel: (
            panel.plot([1, 9], [0, 30], color="#000000", zorder=5),
            panel.axhline(2, color="#FF0000", zorder=1),
            panel.plot([1, 9], [30, 0], color="#00FF00", zorder=5),
        ),
    ],
    ids=["line", "marks", "across", "upright", "field", "band", "shape", "order"],
)
def test_a_panel_draws_what_axes_draw(draw: Callable[[Any], object]) -> None:
    with mpl.rc_context(SETTINGS):
        assert drawn_in_a_panel(draw) == drawn_in_axes(draw)


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("text", ["Ærøskøbing, 12,5 pct.", "gap", ""])
def test_words_stand_where_a_text_on_its_baseline_stands(align: str, text: str) -> None:
    style: Any = {"fontsize": 8.5, "color": "#123456", "fontweight": "semibold", "family": FAMILY, "ha": align}
    register()
    with mpl.rc_context(SETTINGS):
        ours, theirs = Figure(figsize=(6, 2), dpi=72), Figure(figsize=(6, 2), dpi=72)
        ours.add_artist(Words(0.31, 0.47, text, gid="tal:12 @ key", **style))
        theirs.text(0.31, 0.47, text, gid="tal:12 @ key", va="baseline", **style)
        assert svg_bytes(ours) == svg_bytes(theirs)
