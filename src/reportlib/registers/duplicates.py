"""Records that are alike in every column that is read: delivered twice, or two of a kind. trial.yml decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportlib.registers.cells import Column
from reportlib.registers.errors import DuplicateRecordError, Faults, OverlappingPartsError
from reportlib.trial.extracts import Source

TWICE = "records that stand twice"
"""The reason for leaving them out."""


def settle(
    columns: Sequence[Column], spec: Source, faults: Faults, among: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], int]:
    """(records,) which records are kept, and how many of those that count (`among`) repeat another; undecided ones are
    a fault."""
    again = repeated(columns) & among
    count = int(again.sum())
    if count and spec.duplicates is None:
        what = f"{count:,} records repeat another in every column that is read"
        hint = (
            "set `duplicates: drop` for this extract in trial.yml if they were delivered twice, `keep` if each counts"
            " (two jobs with the same hours)"
        )
        columns[0].refuse_rows(faults, again, DuplicateRecordError, what, hint)
    return ~again if spec.duplicates == "drop" else np.ones(len(again), dtype=bool), count


def refuse_in_two_parts(
    columns: Sequence[Column], spec: Source, faults: Faults, among: npt.NDArray[np.bool_], what: str
) -> None:
    """What stands in two parts of a source, as when each delivery repeats the last months of the one before it.

    The figures of the two may differ, so that the records are not alike: both would count. Jobs that lie in different
    parts do (`duplicates: keep`).
    """
    table = columns[0].table
    if table.part is None or spec.duplicates == "keep":
        return
    key, part = pd.Series(_keys(columns)[among]), pd.Series(table.part[among])
    first = part.groupby(key).transform("min").to_numpy()
    again = np.zeros(len(among), dtype=bool)
    again[np.flatnonzero(among)[part.to_numpy() > first]] = True
    told = f"{int(again.sum()):,} records are of {what} that another part holds too"
    hint = "keep each in one part only; if both count (jobs of one month in two parts), set `duplicates: keep`"
    columns[0].refuse_rows(faults, again, OverlappingPartsError, told, hint)


def repeated(columns: Sequence[Column], among: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_]:
    """(records,) whether an earlier record is the same in all the columns; of those `among` (records,) if given."""
    keys = _keys(columns) if among is None else _keys(columns)[among]
    found: npt.NDArray[np.bool_] = pd.Series(keys).duplicated().to_numpy()
    return found


def _keys(columns: Sequence[Column]) -> npt.NDArray[np.int64]:
    """(records,) a number for each record; records that are the same in all the columns have the same."""
    key = np.zeros(len(columns[0].codes), dtype=np.int64)
    size = 1
    for cells in columns:
        if size * max(len(cells.texts), 1) >= 2**62:  # numbered anew, so that the key stays a whole number
            key, size = pd.factorize(key)[0].astype(np.int64), len(key)
        key = key * max(len(cells.texts), 1) + cells.codes
        size *= max(len(cells.texts), 1)
    return key
