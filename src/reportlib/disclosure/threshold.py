"""What rests on too few persons, row by row, and how a row hides.

Of means of whole answers, those near an end of their scale do: they tell how many did not give that answer. Of 7
persons whose mean is 4.9 on a scale from 1 to 5 one answered 4 and six answered 5: no seven answers are higher than
seven times the highest, or lower than seven times the lowest. Where a share of the same answers hides, their sum says
between which numbers its persons lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from reportlib.ledger import Estimate
from reportlib.ledger.digits import MEANS, value_decimals
from reportlib.ledger.keys import DIFFERENCE

PRIMARY = "primary"
SECONDARY = "secondary"
HIDDEN = "hidden"
"""What a finished ledger says of every hidden row, whichever of the two reasons it is.

A row that rests on too few persons lies below the threshold, and one that hides to protect another does not: for a site
and all others than it, both reasons together often leave a single value.
"""

# Statistics about sites, weeks or designs rather than about a handful of persons.
ABOUT_NO_PERSON = frozenset({"first_lasting_week", "maximum_week", "significant_weeks", "heterogeneity"})
_ABOUT_SITES = "sites_"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The smallest number of persons a printed number may rest on, and whether zero may be shown."""

    persons: int = 5
    show_zero: bool = True


def too_few(count: int | None, threshold: Threshold) -> bool:
    """True when `count` persons are too few to show; None (unknown) is never too few, zero only if zeros are hidden."""
    if count is None:
        return False
    if count == 0:
        return not threshold.show_zero
    return count < threshold.persons


def rests_on_too_few(row: Estimate, threshold: Threshold) -> bool:
    """The primary rule for one row."""
    if about_no_person(row):
        return False
    if row.n is not None and 0 < row.n < threshold.persons:
        return True
    if row.statistic.startswith("share") and row.n is not None and row.k is not None:
        return too_few(row.k, threshold) or too_few(row.n - row.k, threshold)
    return too_few(row.k, threshold)


def about_no_person(row: Estimate) -> bool:
    """Whether the row counts weeks or sites, and no handful of persons could be read off it."""
    return row.statistic in ABOUT_NO_PERSON or row.statistic.startswith(_ABOUT_SITES)


def hide(row: Estimate, why: str) -> Estimate:
    """The row without anything that could give the value back; key, labels and unit stay."""
    bare = replace(row, value=None, k=None, n=None, se=None, ci_low=None, ci_high=None, p=None, df=None)
    return replace(bare, method="", suppressed=why)


_LEVELS = MEANS - {"change", "total_units"}
_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest answer or score, the step between two, and which answers each share of them counts."""

    low: float
    high: float
    step: float = 1.0
    shares: Mapping[str, frozenset[float]] = field(default_factory=dict)

    def ends(self, share: str) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """The lowest and the highest answer that a share counts, and that it does not; None where it counts all."""
        answers = (self.low + at * self.step for at in range(round((self.high - self.low) / self.step) + 1))
        sides: tuple[list[float], list[float]] = [], []
        for answer in answers:
            sides[answer not in self.shares[share]].append(answer)
        counted, others = sides
        return ((counted[0], counted[-1]), (others[0], others[-1])) if counted and others else None


def near_an_end(rows: Iterable[Estimate], scales: Mapping[str, Scale], threshold: Threshold) -> list[str]:
    """The keys of means that leave fewer than threshold - 1 numbers of those beside an end, of whom there are some.

    Who is beside an end is at least one step from it and at most the whole scale: k persons are k to k x steps away.
    `scales` are those of the measures, by id.
    """
    found, rows = [], list(rows)
    narrow = {
        (row.measure, *_place(row)): row
        for row in rows
        if any(row.measure in scale.shares for scale in scales.values()) and rests_on_too_few(row, threshold)
    }
    for row in rows:
        scale = scales.get(row.measure)
        if scale is None or row.statistic not in _LEVELS or row.group == DIFFERENCE or row.value is None or not row.n:
            continue
        steps = round((scale.high - scale.low) / scale.step)
        decimals = value_decimals(row)
        shares = (narrow.get((share, *_place(row))) for share in scale.shares)
        if any(share is not None and _bounds_too_well(row, share, scale, threshold) for share in shares):
            found.append(row.key)
            continue
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


def _place(row: Estimate) -> tuple[str, ...]:
    return row.group, row.site, row.subgroup, row.time


def _bounds_too_well(mean: Estimate, share: Estimate, scale: Scale, threshold: Threshold) -> bool:
    """Whether the sum of the answers leaves fewer than threshold - 1 numbers of those whom a hidden share counts."""
    ends, n = scale.ends(share.measure), mean.n or 0
    if ends is None or share.n != n or mean.value is None or n < threshold.persons:
        return False
    decimals, hides = value_decimals(mean), int(threshold.show_zero)  # nobody and all would be shown
    least, most = (n * (round(mean.value, decimals) + way * 0.5 * 10.0**-decimals) for way in (-1, 1))
    (low, high), (others_low, others_high) = ends
    possible = [
        k
        for k in range(hides, n + 1 - hides)
        if k * low + (n - k) * others_low <= most + _NEAR and k * high + (n - k) * others_high >= least - _NEAR
    ]
    return len(possible) < threshold.persons - 1
