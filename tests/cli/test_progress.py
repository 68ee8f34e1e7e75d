"""The pace of a batch: from the first report's end, in words that fit fast and slow batches."""

from __future__ import annotations

import pytest

from reportlib.cli.rendering import Pace


@pytest.mark.parametrize(
    ("each", "made", "left", "text"),
    [
        (0.5, 3, 10, "2.0 a second, 0:05 left"),
        (7.4, 11, 10, "one in 7.4 s, 1:14 left"),
        (0.5, 2, 10, ""),
        (0.5, 12, 0, ""),
    ],
)
def test_the_pace_is_that_of_the_reports_after_the_first(each: float, made: int, left: int, text: str) -> None:
    now = 1000.0
    pace = Pace(clock=lambda: now)
    now += 60.0  # the workers start and the first analysis runs
    for number in range(made):
        now += each if number else 0.0
        pace.count()
    assert pace.text(left) == text
