"""Tables of Stata and SAS, in chunks: the columns that decide first, then the others where a kept record lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat

from reportlib.registers.errors import FIRST_ROW, LostRowsError
from reportlib.registers.selection import Rows, Selection

_CELLS_AT_ONCE = 4 << 20
_FEWEST_ROWS = 20_000

Read = Callable[..., tuple[Any, Any]]

READERS: dict[str, Read] = {".sas7bdat": pyreadstat.read_sas7bdat, ".dta": pyreadstat.read_dta}


def names(path: Path, file: str) -> list[str]:
    """The names of the columns."""
    return list(_reader(path)(str(path), metadataonly=True)[1].column_names)


def read(path: Path, file: str, columns: Sequence[str], selection: Selection) -> tuple[list[Any], Rows]:
    """The kept records of `columns` as Arrow tables, one a chunk, and their rows.

    The type of a column may differ from chunk to chunk (one missing value makes numbers of whole numbers); cells are
    compared as texts, which does not.

    Raises:
        LostRowsError: the file holds another number of records than it says.
    """
    one = _reader(path)
    total = one(str(path), metadataonly=True)[1].number_rows
    pieces: list[Any] = []
    rows: list[Rows] = []
    deciding = selection.columns
    step = max(_FEWEST_ROWS, _CELLS_AT_ONCE // max(1, len(deciding or columns)))
    inner = max(_FEWEST_ROWS, _CELLS_AT_ONCE // max(1, len(columns)))
    seen = 0
    while True:
        head = _chunk(one, path, deciding or columns, seen, step)
        size = head.num_rows
        own = np.arange(FIRST_ROW + seen, FIRST_ROW + seen + size, dtype=np.int64)
        kept = selection.keep(head, file, own) if deciding and size else None
        if not deciding and size:
            pieces.append(head)
            rows.append(own)
        elif size:
            places = np.arange(size) if kept is None else np.flatnonzero(kept)
            for part, of_part in _stretches(one, path, columns, seen, places, inner):
                pieces.append(part)
                rows.append(own[of_part])
        seen += size
        if size < step:
            break
    selection.lines += seen
    if total is not None and total >= 0 and seen != total:
        what = f"{seen} records can be read, but the file says that it holds {total}"
        raise LostRowsError(file, what, hint="was the file copied whole?")
    return pieces, np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)


def _stretches(
    one: Read, path: Path, columns: Sequence[str], offset: int, places: Rows, step: int
) -> list[tuple[Any, Rows]]:
    """The records at `places` (from `offset` on), read in stretches of at most `step` records around them."""
    found = []
    while len(places):
        of_part = places[places < places[0] + step]
        places = places[len(of_part) :]
        part = _chunk(one, path, columns, offset + int(of_part[0]), int(of_part[-1] - of_part[0]) + 1)
        found.append((part.take(pa.array(of_part - of_part[0])), of_part))
    return found


def _chunk(one: Read, path: Path, columns: Sequence[str], offset: int, limit: int) -> Any:
    frame = one(str(path), usecols=list(columns), row_offset=offset, row_limit=limit)[0]
    return pa.Table.from_pandas(frame[list(columns)], preserve_index=False)


def _reader(path: Path) -> Read:
    return READERS[path.suffix.lower()]
