"""Names at the lines instead of a legend: where a label can stand near its own line and clear of everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
