"""The list of agreements: what of ours is compared with what of others, on which data.

A module beside this one named `checks_<area>.py` adds its comparisons by a function `checks() -> list[Check]`; nothing
else has to be told. `benchmarks/agreement.py` writes the page docs/agreement.md from them, and `test_agreement.py`
holds each to its limit.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"

Pairs = Iterable[tuple[object, object]]
"""(ours, the reference's), each a number or an array of numbers."""


@dataclass(frozen=True)
class Check:
    """One row of the page."""

    estimator: str
    """Where it is found under reportlib.estimators, or the library's name when a library is checked."""
    quantity: str
    reference: str
    data: str
    pairs: Callable[[], Pairs]
    limit: float
    """The largest relative difference allowed; 0 for counts; infinite where a library is shown to be wrong."""
    library: bool = False
    """A library beside the same reference, to show where it can be used and where not."""


@dataclass(frozen=True)
class Agreement:
    """What a check found."""

    check: Check
    numbers: int
    largest: float

    @property
    def holds(self) -> bool:
        """Is the largest difference within the limit?"""
        return self.largest <= self.check.limit


def collect() -> list[Check]:
    """Every module's checks, in the modules' alphabetical order."""
    modules = [importlib.import_module(path.stem) for path in sorted(HERE.glob("checks_*.py"))]
    return [check for module in modules for check in module.checks()]


def measure(check: Check) -> Agreement:
    """Run one comparison. A missing number on one side only counts as an infinite difference."""
    differences = [_relative(ours, theirs) for ours, theirs in check.pairs()]
    together = np.concatenate(differences)
    if not together.size:
        raise ValueError(f"{check.estimator}, {check.quantity}: nothing was compared")
    return Agreement(check, together.size, float(together.max()))


def _relative(ours: object, theirs: object) -> NDArray[np.float64]:
    """|a - b| / |b| for every pair, and |a - b| where b is zero."""
    a, b = (np.atleast_1d(np.asarray(each, dtype=float)).ravel() for each in (ours, theirs))
    if a.shape != b.shape:
        raise ValueError(f"{a.size} numbers of ours against {b.size}")
    both_missing = np.isnan(a) & np.isnan(b)
    scale = np.where(b == 0, 1.0, np.abs(b))
    difference = np.where(both_missing | (a == b), 0.0, np.abs(a - b) / scale)
    return np.where(np.isnan(difference), np.inf, difference)
