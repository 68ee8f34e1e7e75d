"""Which row tests a result, and its p-value, alone and allowing for the tests beside it."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from statistics import NormalDist

from reportlib.ledger.keys import AT_LEAST_TWO, DIFFERENCE
from reportlib.ledger.table import Estimate, make_key
from reportlib.text.units import Unit, null_value

Find = Callable[[str], Estimate | None]
"""A ledger's `get`, or that of one in the making."""


_COMPARED = ("difference", "hazard_ratio", "over_benchmark")
TESTED = frozenset({*_COMPARED, "change"})
"""Statistics whose verdict can be a result."""


def tested_row(find: Find, measure: str, *, group: str, site: str = "", time: str = "") -> Estimate | None:
    """The row whose verdict is a measure's result: a difference, a ratio of rates, the distance to a benchmark, or how
    a score has changed among those of `group` with two measurements or more."""
    for name in _COMPARED:
        if (row := find(make_key(measure, statistic=name, group=DIFFERENCE, site=site, time=time))) is not None:
            return row
    return find(make_key(measure, statistic="change", group=group, site=site, subgroup=AT_LEAST_TWO))


def corrected_key(row: Estimate) -> str:
    """The key of a tested row's p-value after Holm: of a planned result in its family, of a site among all sites."""
    return make_key(
        row.measure, statistic="p_holm", group=row.group, site=row.site, subgroup=row.subgroup, time=row.time
    )


def standard_error(row: Estimate, level: float) -> float | None:
    """That of the normal estimate whose interval the row has; of a ratio of rates that of its logarithm."""
    low, high = row.ci_low, row.ci_high
    if low is None or high is None:
        return None
    if row.unit is Unit.HAZARD_RATIO:
        low, high = log(low), log(high)
    return (high - low) / 2 / NormalDist().inv_cdf(1 - level / 2)


def p_of(row: Estimate, level: float) -> float | None:
    """The row's p-value; where it has an interval only, that of the normal estimate whose interval it is."""
    if row.p is not None or row.value is None or (error := standard_error(row, level)) is None:
        return row.p
    apart = log(row.value) if row.unit is Unit.HAZARD_RATIO else row.value - null_value(row.unit)
    return 2 * NormalDist().cdf(-abs(apart) / error) if error else 0.0
