"""Lists and runs of numbers in Danish: `a, b og c`; weeks as `uge 4–7 og 12`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from babel.lists import format_list

from reportlib.danish.numbers import EN_DASH, LOCALE, NBSP, number_text

_STYLES: dict[str, Literal["standard", "or"]] = {"og": "standard", "eller": "or"}

# Two neighbours read better as "4 og 5"; from three on a dash is shorter.
_SHORTEST_RANGE = 3


def list_text(items: Iterable[str], *, last: Literal["og", "eller"] = "og") -> str:
    """`a`, `a og b`, `a, b og c` (or with `eller`); empty for no items."""
    text: str = format_list([str(item) for item in items], style=_STYLES[last], locale=LOCALE)
    return text


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The unbroken runs among the numbers as (first, last), ascending; doubles count once."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def runs_text(numbers: Iterable[int]) -> str:
    """The numbers with runs of three or more drawn together: `4–7, 9 og 12`."""
    parts: list[str] = []
    for first, last in runs(numbers):
        if last - first + 1 >= _SHORTEST_RANGE:
            parts.append(f"{number_text(first)}{EN_DASH}{number_text(last)}")
        else:
            parts.extend(number_text(number) for number in dict.fromkeys((first, last)))
    return list_text(parts)


def weeks_text(weeks: Sequence[int]) -> str:
    """Event weeks in running text: `uge 15`, `uge 4–7 og 12`; empty for none."""
    return f"uge{NBSP}{runs_text(weeks)}" if weeks else ""
