"""Tables of Stata and SAS, in chunks: the columns that decide first, then the others where a kept record lies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import partial
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
_RECORD = 80  # bytes of which a transport file of SAS is made

Read = Callable[..., tuple[Any, Any]]

# Formats that print a number of days, or of seconds, since 1 January 1960. pyreadstat knows some of them, and takes the
# seconds of DTDATE for days: what a column holds is decided here, by its format, whatever its width.
_DAYS = (
    "DATE|(DDMMYY|MMDDYY|YYMMDD|YYMM|MMYY|YYQR?)[BCDNPSZ]?|MONYY|YYMON|MONNAME|MONTH|YEAR|QTRR?|DAY|DOWNAME|JULIAN"
    "|JULDAY|WEEK[UVW]?|WEEKDATX?E?|WORDDATX?E?|NLDATE.*|EURDF(DD|DE|DN|DWN|MN|MY|WDX|WKX)|([BE]|IS)8601DA"
)
_SECONDS = "DATETIME|DATEAMPM|MDYAMPM|DT(DATE|MONYY|WKDATX|YEAR|YYQC)|EURDFDT|NLDATM.*|([BE]|IS)8601D[NTXZ]"
_OF_DAYS, _OF_SECONDS = re.compile(_DAYS), re.compile(_SECONDS)
_STATA_MONTH = re.compile(r"%-?tm.*")
_WITH_ZEROS = re.compile(r"Z(\d+)\.?", re.IGNORECASE)
_EPOCH = np.datetime64("1960-01-01")

# The formats of SAS itself: they say how numbers, dates and texts are printed, and have no labels.
OF_THE_PROGRAM = re.compile(
    "BESTX?|D|E|F|Z|HEX|COMMAX?|DOLLARX?|EURO?X?|PERCENTN?|NEGPAREN|NUMX|CHAR|IB|PIB|RB|S370F.*|TIME|TIMEAMPM|TOD|HHMM"
    f"|HOUR|MMSS|[BE]8601.*|{_SECONDS}|{_DAYS}"
)

READERS: dict[str, Read] = {
    ".sas7bdat": partial(pyreadstat.read_sas7bdat, user_missing=True, disable_datetime_conversion=True),
    ".xpt": partial(pyreadstat.read_xport, disable_datetime_conversion=True),
    ".dta": partial(pyreadstat.read_dta, user_missing=True),
}


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
    if path.suffix.lower() == ".xpt" and path.stat().st_size % _RECORD:  # it says nowhere how many records it holds
        raise LostRowsError(file, "the file ends within a record", hint="was the file copied whole?")
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
    frame, about = one(str(path), **chosen, **more)
    frame = frame[list(columns)]
    for name in columns:
        if about.readstat_variable_types[name] == "string":
            continue
        written = _written_as(about.original_variable_types.get(name) or "")
        if written is not None or name in about.missing_user_values:
            texts = {cell: _with_reason(cell, written or as_text) for cell in frame[name].unique()}
            frame = frame.assign(**{name: frame[name].map(texts)})
        elif about.readstat_variable_types[name] == "float":
            frame = frame.assign(**{name: _as_written(frame[name].to_numpy())})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [field.with_metadata(_told_of(field.name, about)) for field in table.schema]
    return pa.Table.from_arrays(table.columns, schema=pa.schema(fields))


def _with_reason(cell: Any, written: Callable[[Any], str]) -> str:
    """A cell of numbers, some of which may be missing for a reason (`.a` to `.z`), as text."""
    if isinstance(cell, str) and len(cell) == 1 and (cell.isalpha() or cell == "_"):
        return f".{cell}"
    return written(cell) if cell == cell and cell is not None else ""


def _written_as(original: str) -> Callable[[Any], str] | None:
    """How the numbers of a column of this format are written where they are days, moments, months, or have zeros in
    front (Z10. of ids); None for others."""
    written = _format(original)
    if _OF_DAYS.fullmatch(written):
        return lambda days: str(_EPOCH + np.timedelta64(int(days // 1), "D"))
    if _OF_SECONDS.fullmatch(written):
        zone = "Z" if written.endswith("8601DZ") else ""
        return lambda seconds: f"{_EPOCH + np.timedelta64(int(seconds // 1), 's')}{zone}"
    if _STATA_MONTH.fullmatch(written):
        return lambda months: str(_EPOCH.astype("datetime64[M]") + int(months))
    if zeros := _WITH_ZEROS.fullmatch(original):
        return lambda number: as_text(number).zfill(int(zeros[1]))
    return None


def _format(original: str) -> str:
    """A format without its width: DATE of DATE9., %tm of %tmCCYY-NN."""
    written = original.strip("$.")
    return written if written.startswith("%") else written.rstrip("0123456789.").upper()


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
    written = _format(about.original_variable_types.get(name) or "")
    if not labels and written and not written.startswith("%") and not OF_THE_PROGRAM.fullmatch(written):
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
