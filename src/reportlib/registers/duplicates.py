"""Records that are alike in every column that is read: delivered twice, or two of a kind. trial.yml decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers.cells import Column
from reportlib.registers.errors import DuplicateRecordError, Faults
from reportlib.trial.extracts import Source

TWICE = "records that stand twice"
"""The reason for leaving them out."""


def settle(
    columns: Sequence[Column], spec: Source, faults: Faults, among: npt.NDArray[np.bool_] | None = None
) -> tuple[npt.NDArray[np.bool_], int]:
    """(records,) which records are kept, and how many repeat another; undecided ones are a fault.

    `among` (records,) says which records count, where not all do.
    """
    again = repeated(columns)
    if among is not None:
        again &= among
    count = int(again.sum())
    if count and spec.duplicates is None:
        what = f"{count:,} records repeat another in every column that is read"
        hint = (
            "set `duplicates: drop` for this extract in trial.yml if they were delivered twice, `keep` if each counts"
            " (two jobs with the same hours)"
        )
        columns[0].add_fault(faults, again, DuplicateRecordError, what, hint)
    return ~again if spec.duplicates == "drop" else np.ones(len(again), dtype=bool), count


def repeated(columns: Sequence[Column]) -> npt.NDArray[np.bool_]:
    """(records,) whether an earlier record is the same in all the columns."""
    key = np.zeros(len(columns[0].codes), dtype=np.int64)
    size = 1
    for cells in columns:
        if size * max(len(cells.texts), 1) >= 2**62:  # numbered anew, so that the key stays a whole number
            key, size = pd.factorize(key)[0].astype(np.int64), len(key)
        key = key * max(len(cells.texts), 1) + cells.codes
        size *= max(len(cells.texts), 1)
    found: npt.NDArray[np.bool_] = pd.Series(key).duplicated().to_numpy()
    return found
