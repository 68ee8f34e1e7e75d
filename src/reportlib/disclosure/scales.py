"""Means of whole answers near an end of their scale: they tell how many did not give that answer.

Of 7 persons whose mean is 4.9 on a scale from 1 to 5 one answered 4 and six answered 5: no seven answers are higher
than seven times the highest, or lower than seven times the lowest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reportlib.disclosure.threshold import Threshold
from reportlib.ledger import Estimate
from reportlib.ledger.digits import MEANS, value_decimals
from reportlib.ledger.keys import DIFFERENCE

_LEVELS = MEANS - {"change", "total_units"}
_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest answer or score, and the step between two."""

    low: float
    high: float
    step: float = 1.0


def near_an_end(rows: Iterable[Estimate], scales: Mapping[str, Scale], threshold: Threshold) -> list[str]:
    """The keys of means that leave fewer than threshold - 1 numbers of those beside an end, of whom there are some.

    Who is beside an end is at least one step from it and at most the whole scale: k persons are k to k x steps away.
    `scales` are those of the measures, by id.
    """
    found = []
    for row in rows:
        scale = scales.get(row.measure)
        if scale is None or row.statistic not in _LEVELS or row.group == DIFFERENCE or row.value is None or not row.n:
            continue
        steps = round((scale.high - scale.low) / scale.step)
        decimals = value_decimals(row)
        for mean, told in (
            (row.value - scale.low, round(row.value, decimals) - scale.low),
            (scale.high - row.value, scale.high - round(row.value, decimals)),
        ):
            slack = 0.5 * 10.0**-decimals
            least, most = (row.n * (told + way * slack) / scale.step for way in (-1, 1))
            fewest = max(math.ceil(math.ceil(least - _NEAR) / steps), 0)
            many = min(math.floor(most + _NEAR), row.n)
            some = not threshold.show_zero or mean * row.n > scale.step / 2
            if some and many < threshold.persons and many - fewest + 1 < threshold.persons - 1:
                found.append(row.key)
                break
    return found
