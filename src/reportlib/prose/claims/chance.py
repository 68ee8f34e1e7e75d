"""How many tests come out significant by chance alone."""

from __future__ import annotations

from reportlib.danish import number_text, round_half_up
from reportlib.text.origin import derived, with_origin


def expected_by_chance(tests: int, level: float) -> str:
    """The mean number of significant results among `tests` true nulls: `2,2`; `1` where the decimal is zero."""
    expected = round_half_up(tests * level, 1)
    places = 0 if expected == expected.to_integral_value() else 1
    return number_text(with_origin(expected, derived("tilfaeldigt", [tests, level])), places)
