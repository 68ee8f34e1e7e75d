"""Monthly records of paid hours."""

from __future__ import annotations

import numpy as np

from reportlib.synthetic.lives import Job, Subsidy

Month = np.datetime64
Record = tuple[Month, float]


def month_hours(quarters: int) -> float:
    """Hours of a month with so many quarter hours a week (x 52/12), cut to two decimals and so never above them."""
    return quarters * 5200 // 48 / 100


def records(first_month: Month, last: int, job: Job | None, subsidy: Subsidy | None) -> list[Record]:
    """(month, hours) of a job and of a wage subsidy, from `first_month` (number 0) to month number `last`.

    The employer reports hours with wage subsidy like all others; whoever reads them has to take them out by DREAM.
    """
    found: list[Record] = []
    for first, quarters in (
        (job.first, job.quarters) if job is not None else (0, ()),
        (subsidy.first, (subsidy.quarters,) * subsidy.months) if subsidy is not None else (0, ()),
    ):
        found += [
            (first_month + np.timedelta64(first + at, "M"), month_hours(hours))
            for at, hours in enumerate(quarters)
            if first + at <= last
        ]
    return sorted(found)
