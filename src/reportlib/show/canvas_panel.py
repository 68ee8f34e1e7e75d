"""What a page is drawn from: panels with their own two scales, and words on their baseline.

Both stand in for Matplotlib's own (`Axes`, `Text`), which make and measure much that no figure here shows: ticks,
spines, titles, limits that follow the data, the extent of every text. That took more than half the time of a figure.
The methods of `Panel` are called and work as those of `Axes`; what they make is Matplotlib's, and Matplotlib draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import (
    Bbox,
    BboxTransformFrom,
    BboxTransformTo,
    TransformedBbox,
    blended_transform_factory,
)

Numbers = Sequence[float] | npt.NDArray[np.float64]


class Panel(Artist):
    """A rectangle of a page; what is drawn in it is placed by its scales, and cut at its edges.

    Args:
        figure: the page.
        place: left, bottom, width and height as shares of the page.
        across, up: lowest and highest number on the scales.
    """

    zorder = 0  # as Axes: below the words of the page

    def __init__(
        self,
        figure: Figure,
        place: tuple[float, float, float, float],
        across: tuple[float, float],
        up: tuple[float, float],
    ) -> None:
        super().__init__()
        self._page = figure
        self._parts: list[Artist] = []
        frame = BboxTransformTo(TransformedBbox(Bbox.from_bounds(*place), figure.transSubfigure))
        self._edges = TransformedBbox(Bbox.unit(), frame)
        self._data: Any = BboxTransformFrom(Bbox.from_extents(across[0], up[0], across[1], up[1])) + frame
        self._from_side_to_side = blended_transform_factory(frame, self._data)
        self._from_foot_to_top = blended_transform_factory(self._data, frame)
        figure.add_artist(self)

    def plot(self, x: Numbers, y: Numbers, **style: Any) -> None:
        """A line through the points, or a mark at each."""
        self._add(Line2D(x, y, **style), self._data)

    def axhline(self, y: float, **style: Any) -> None:
        """A line across the panel."""
        self._add(Line2D([0, 1], [y, y], **style), self._from_side_to_side)

    def axvline(self, x: float, **style: Any) -> None:
        """A line from the panel's foot to its top."""
        self._add(Line2D([x, x], [0, 1], **style), self._from_foot_to_top)

    def axvspan(self, low: float, high: float, **style: Any) -> None:
        """A field from the panel's foot to its top."""
        self._add(Rectangle((low, 0), high - low, 1, **style), self._from_foot_to_top)

    def fill_between(self, x: Numbers, low: Numbers, high: Numbers, **style: Any) -> None:
        """The field between two lines; there is none where one of them has a gap (NaN)."""
        known = (np.ma.masked_invalid(numbers) for numbers in (x, low, high))
        self._add(FillBetweenPolyCollection("x", *known, **style), self._data)

    def add_patch(self, patch: Patch) -> None:
        """A shape placed by the scales."""
        self._add(patch, self._data)

    def draw(self, renderer: Any) -> None:
        """The parts as a group of the file, the lowest first."""
        renderer.open_group("panel")
        for part in sorted(self._parts, key=attrgetter("zorder")):
            part.draw(renderer)
        renderer.close_group("panel")

    def _add(self, part: Artist, transform: Any) -> None:
        part.set_figure(self._page)
        part.set_transform(transform)
        part.set_clip_box(self._edges)
        self._parts.append(part)


class Words(Text):
    """Text in one line, on its baseline: an SVG file says where it begins, ends or has its middle, and no more.

    Text of Matplotlib's own is measured before it is drawn, glyph by glyph.
    """

    def draw(self, renderer: Any) -> None:
        """The text as a group of the file."""
        if not self.get_text():
            return
        renderer.open_group("text", self.get_gid())
        x, y = self.get_transform().transform(self.get_unitless_position())
        style = renderer.new_gc()
        style.set_foreground(self.get_color())
        _, height = renderer.get_canvas_width_height()
        renderer.draw_text(style, x, height - y, self.get_text(), self.get_fontproperties(), 0.0, mtext=self)
        style.restore()
        renderer.close_group("text")
