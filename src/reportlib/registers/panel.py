"""Persons x event weeks as dense arrays: the one shape every weekly analysis works on.

Event week 1 is the ISO week of a person's entry, so column 0 of every array is event week 1. A person is followed in a
week that ends no later than the last day the extracts cover and before any censoring code (emigration, death).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int16]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """What is known week by week.

    Attributes:
        followed: (n, weeks) whether the person is followed in the event week.
        dream: (n, weeks) DREAM code, 0 for no benefit, -1 where not followed; None without DREAM.
        dream_before: (n, weeks_before) codes before entry, last column the week before week 1, -1 where unknown.
        hours: (n, weeks) ordinary hours per week, NaN where not followed; None without paid hours.
        hours_before: (n, weeks_before) ordinary hours per week before entry, last column the week before week 1; None
            unless a measure looks at them.
        recorded: (n, weeks) value of each weekly extract, NaN where not followed.
    """

    followed: BoolArray
    dream: IntArray | None = None
    dream_before: IntArray | None = None
    hours: FloatArray | None = None
    hours_before: FloatArray | None = None
    recorded: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def persons(self) -> int:
        return int(self.followed.shape[0])

    @property
    def weeks(self) -> int:
        return int(self.followed.shape[1])
