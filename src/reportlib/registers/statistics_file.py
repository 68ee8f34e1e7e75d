"""Tables of Stata and SAS, in chunks: the columns that decide first, then the others where a kept record lies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat

from reportlib.registers.cells import FORMAT, LABELS, NUMBERS, as_text
from reportlib.registers.errors import FIRST_ROW, LostRowsError
from reportlib.registers.selection import Rows, Selection

_CELLS_AT_ONCE = 4 << 20
_FEWEST_ROWS = 20_000

Read = Callable[..., tuple[Any, Any]]

# The formats of SAS itself: they say how numbers, dates and texts are printed, and have no labels.
OF_THE_PROGRAM = re.compile(
    "BESTX?|D|E|F|Z|HEX|COMMAX?|DOLLARX?|EURO?X?|PERCENTN?|NEGPAREN|NUMX|CHAR|IB|PIB|RB|S370F.*|TIME|TIMEAMPM|TOD|HHMM"
    "|HOUR|MMSS|DATE|DATETIME|DATEAMPM|(DDMMYY|MMDDYY|YYMMDD|YYMM|MMYY|YYQ)[BCDNPS]?|MONYY|MONNAME|MONTH|YEAR|YYMON|QTR"
    "|DAY|DOWNAME|JULIAN|JULDAY|WEEK.*|WORDDAT[EX]|NLDAT.*|[BE]8601.*|DT.*|EURDF.*"
)

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
    more = {"catalog_file": str(catalogue)} if (catalogue := _catalogue(path)) is not None else {}
    chosen = {"usecols": list(columns), "row_offset": offset, "row_limit": limit}
    frame, about = one(str(path), user_missing=True, **chosen, **more)
    frame = frame[list(columns)]
    for name in columns:
        if about.readstat_variable_types[name] != "string" and name in about.missing_user_values:
            frame = frame.assign(**{name: frame[name].map(_with_reason)})
        elif about.readstat_variable_types[name] == "float":
            frame = frame.assign(**{name: _as_written(frame[name].to_numpy())})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [field.with_metadata(_told_of(field.name, about)) for field in table.schema]
    return pa.Table.from_arrays(table.columns, schema=pa.schema(fields))


def _with_reason(value: Any) -> str:
    """A cell of numbers some of which are missing for a reason, `.a` to `.z`, as text."""
    reason = isinstance(value, str) and len(value) == 1 and (value.isalpha() or value == "_")
    return f".{value}" if reason else as_text(value)


def _as_written(values: Any) -> Any:
    """Numbers of four bytes as the shortest decimals that give them: 37.33 and not 37.33000183, as text files do.

    Numbers too large for their digits stay as they are, so that ids among them are refused.
    """
    distinct, place = np.unique(values.astype(np.float32), return_inverse=True)
    if np.nanmax(np.abs(distinct), initial=0) >= 2**24:
        return values.astype(np.float32)
    return np.array([float(str(one)) for one in distinct])[place]


def _told_of(name: str, about: Any) -> dict[bytes, bytes] | None:
    """What the file tells of a column beside its cells: `LABELS` of its codes, `NUMBERS`, `FORMAT` without labels."""
    told: dict[bytes, bytes] = {}
    if labels := about.variable_value_labels.get(name):
        told[LABELS] = json.dumps({as_text(code): str(label) for code, label in labels.items()}).encode()
    if about.readstat_variable_types[name] != "string":
        told[NUMBERS] = b"1"
    written = (about.original_variable_types.get(name) or "").strip("$.").rstrip("0123456789.")
    if not labels and written and not written.startswith("%") and not OF_THE_PROGRAM.fullmatch(written.upper()):
        told[FORMAT] = written.encode()
    return told or None


def _catalogue(path: Path) -> Path | None:
    """The catalogue of SAS formats that lies beside the file: of the same name, or `formats.sas7bcat`."""
    if path.suffix.lower() != ".sas7bdat":
        return None
    beside = (path.with_suffix(".sas7bcat"), path.with_name("formats.sas7bcat"))
    return next((one for one in beside if one.is_file()), None)


def _reader(path: Path) -> Read:
    return READERS[path.suffix.lower()]
