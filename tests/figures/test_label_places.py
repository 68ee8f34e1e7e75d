"""Labels at the lines: off the lines, off each other, inside the panel, and nearest to their own line."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reportlib.show.curves import Label, place_labels

PANEL = (200.0, 130.0)
SIZES = [(70.0, 8.0), (66.0, 8.0)]


def curve(start: float, end: float, wobble: float = 0.0) -> np.ndarray:
    x = np.linspace(3, 197, 44)
    return np.column_stack([x, np.linspace(start, end, 44) + wobble * np.sin(np.arange(44))])


def touches(label: Label, line: np.ndarray) -> bool:
    inside = (line[:, 0] >= label.left) & (line[:, 0] <= label.left + label.width)
    heights = line[inside, 1]
    return bool(((heights >= label.bottom) & (heights <= label.bottom + label.height)).any())


def test_labels_of_two_parting_lines_touch_neither_line() -> None:
    lines = [curve(20, 110, 4), curve(20, 60, 4)]
    for label in place_labels(lines, SIZES, PANEL):
        assert not any(touches(label, line) for line in lines)


def test_the_upper_line_is_named_above_the_lower_one() -> None:
    upper, lower = place_labels([curve(20, 110), curve(20, 60)], SIZES, PANEL)
    assert upper.bottom > lower.bottom


def test_names_change_places_with_their_lines() -> None:
    first, second = place_labels([curve(20, 60), curve(20, 110)], SIZES, PANEL)
    assert first.bottom < second.bottom


def test_a_label_avoids_a_place_already_taken() -> None:
    taken = Label(0.0, 60.0, 200.0, 70.0)
    (label,) = place_labels([curve(50, 55)], SIZES[:1], PANEL, occupied=[taken])
    assert not label.overlaps(taken, gap=0.0)


def test_a_line_with_gaps_is_named_where_it_has_points() -> None:
    line = curve(40, 40)
    line[:30, 1] = np.nan
    (label,) = place_labels([line], SIZES[:1], PANEL)
    assert label.left + label.width >= line[30, 0]


@given(st.lists(st.tuples(st.floats(0, 130), st.floats(0, 130), st.floats(0, 20)), min_size=1, max_size=3))
def test_labels_stay_inside_the_panel_and_off_each_other(found: list[tuple[float, float, float]]) -> None:
    lines = [np.clip(curve(*numbers), 0, PANEL[1]) for numbers in found]
    lines = [np.column_stack([curve(0, 0)[:, 0], np.atleast_2d(line)[:, 1]]) for line in lines]
    sizes = [(60.0, 8.0)] * len(lines)
    labels = place_labels(lines, sizes, PANEL)
    for label in labels:
        assert label.left >= -0.01 and label.left + label.width <= PANEL[0] + 0.01
        assert label.bottom >= -0.01 and label.bottom + label.height <= PANEL[1] + 0.01
    for index, label in enumerate(labels):
        assert not any(label.overlaps(other, gap=0.0) for other in labels[index + 1 :])
