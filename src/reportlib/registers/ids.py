"""Ids that were changed on their way: refused, because the records would be left out without a word.

An id that is a participant's only when zeros, case, hyphens, blanks or a decimal ending are overlooked is told from
others by `reportlib.registers.persons`, which counts them while a file is read.
"""

from __future__ import annotations

import numpy as np

from reportlib.registers.cells import Column
from reportlib.registers.errors import (
    DuplicatePersonError,
    Faults,
    IdWrittenOtherwiseError,
    RoundedIdError,
)
from reportlib.registers.extract_tables import Table
from reportlib.registers.persons import alike, rounded

_ROUNDED = "ids have lost digits (as in 1,02E+09), so that persons cannot be told apart"
_KEEP = "keep the ids as text from the source on; a spreadsheet and short number types round them"


def refuse_changed(table: Table, column: str, participants: str, faults: Faults) -> None:
    """Ids of an extract that are a participant's when written alike, and ids that have lost digits, are faults."""
    counts = table.counts
    if counts.alike:
        rows = [row for file, row in counts.alike_rows if file == counts.alike_rows[0][0]]
        more = f" (the first {len(rows)} rows are named)" if counts.alike_records > len(rows) else ""
        what = (
            f"{counts.alike_records:,} records of {counts.alike:,} participants have an id that differs from that of"
            f" {participants} in zeros, case, hyphens, blanks or a decimal ending only, and would be left out{more}"
        )
        hint = (
            "write the ids in both files alike, as text (a column opened as numbers loses its leading zeros); if they"
            " belong to other persons, set `alike: strangers` for this extract in trial.yml"
        )
        faults.add(IdWrittenOtherwiseError(counts.alike_rows[0][0], what, rows=rows, column=column, hint=hint))
    if counts.rounded is not None:
        file, row = counts.rounded
        faults.add(RoundedIdError(file, _ROUNDED, rows=[row], column=column, hint=_KEEP))


def refuse_one_person_twice(ids: Column, faults: Faults) -> None:
    """Two participants whose ids are one when written alike are one person."""
    twice = alike(ids.texts)
    if len(twice):
        what = f"{len(twice):,} ids differ in zeros, case, hyphens, blanks or a decimal ending only"
        hint = "are they the same persons? Write ids in one way, or set `alike: strangers` for the participants"
        ids.refuse_rows(faults, np.isin(ids.codes, twice), DuplicatePersonError, what, hint)
    lost = np.array([ids.inexact or ("+" in text and rounded(text)) for text in ids.texts])[ids.codes]
    ids.refuse_rows(faults, lost, RoundedIdError, _ROUNDED, _KEEP)
