"""Tables as Parquet: the columns that decide first, then the others of the row groups that hold a kept record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pa_parquet

from reportlib.registers.errors import FIRST_ROW, LostRowsError, UnreadableFileError
from reportlib.registers.selection import Rows, Selection

_CELLS_AT_ONCE = 2 << 20  # more would be new memory each time, which costs as much as reading does
_FEW_TEXTS = 127
_FEW_RECORDS = 2_000  # up to so many of several row groups are one table: what is done for each column is done once

# Arrow writes these, and can do little with them.
_COMPUTED_AS = {pa.string_view(): pa.string(), pa.float16(): pa.float32()}


def names(path: Path, file: str) -> list[str]:
    """The names of the columns."""
    with pa_parquet.ParquetFile(path) as opened:
        return list(opened.schema_arrow.names)


def read(path: Path, file: str, columns: Sequence[str], selection: Selection) -> tuple[list[Any], Rows]:
    """The kept records of `columns` as Arrow tables, of one row group or several, and their rows.

    Raises:
        LostRowsError: a row group holds another number of records than it says.
        UnreadableFileError: the cells of a column are lists or records.
    """
    schema = pa_parquet.read_schema(path)
    for name in columns:
        if pa.types.is_nested(schema.field(name).type):
            hint = "write each value in a column of its own"
            raise UnreadableFileError(file, "a cell holds a list or a record", column=name, hint=hint)
    pieces: list[Any] = []
    rows: list[Rows] = []
    deciding = selection.columns
    # Texts as the file keeps them, each distinct one once: the weeks of DREAM are a few hundred codes, written millions
    # of times. Ids differ, and columns of other types are read as they are.
    texts = [name for name in columns if name != selection.key]
    with pa_parquet.ParquetFile(path, read_dictionary=texts) as opened:
        first = FIRST_ROW
        for group in range(opened.metadata.num_row_groups):
            size = opened.metadata.row_group(group).num_rows
            own = np.arange(first, first + size, dtype=np.int64)
            first += size
            kept = None
            if deciding and size:
                kept = selection.keep(_group(opened, group, deciding, file, own), file, own)
            if not size or (kept is not None and not kept.any()):
                continue
            at_once = max(1, _CELLS_AT_ONCE // size)
            parts = []
            for start in range(0, len(columns), at_once):
                part = _group(opened, group, columns[start : start + at_once], file, own)
                parts.append(part if kept is None else part.filter(pa.array(kept)))
            arrays = {name: part.column(name) for part in parts for name in part.column_names}
            many = len(parts[0]) > _FEW_RECORDS
            table = pa.table({name: _slim(arrays[name]) if many else arrays[name] for name in columns})
            if pieces and len(pieces[-1]) + len(table) <= _FEW_RECORDS:
                table = pa.concat_tables([pieces.pop(), table]).combine_chunks()
            pieces.append(table)
            rows.append(own if kept is None else own[kept])
        selection.lines += opened.metadata.num_rows
        if first - FIRST_ROW != opened.metadata.num_rows:
            raise _lost(file, np.array([FIRST_ROW, FIRST_ROW + opened.metadata.num_rows - 1]), first - FIRST_ROW)
    return pieces, np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)


def _group(opened: Any, group: int, columns: Sequence[str], file: str, rows: Rows) -> Any:
    """Columns of one row group, whose spreadsheet rows are `rows`, in types that Arrow computes with."""
    table = opened.read_row_group(group, columns=list(columns), use_threads=False)
    if table.num_rows != len(rows):
        raise _lost(file, rows, table.num_rows)
    for place, column in enumerate(table.schema):
        plain = column.type.storage_type if isinstance(column.type, pa.BaseExtensionType) else column.type
        plain = _COMPUTED_AS.get(plain, plain)
        if plain != column.type:
            table = table.set_column(place, column.name, table.column(place).cast(plain))
    return table


def _slim(cells: Any) -> Any:
    """A column of few distinct texts with a byte, not four, for each record."""
    if not pa.types.is_dictionary(cells.type) or any(len(one.dictionary) > _FEW_TEXTS for one in cells.chunks):
        return cells
    return cells.cast(pa.dictionary(pa.int8(), cells.type.value_type))


def _lost(file: str, rows: Rows, found: int) -> LostRowsError:
    what = f"rows {rows[0]} to {rows[-1]} hold {found} records, not as many as the file says"
    return LostRowsError(file, what, hint="was the file copied whole?")
