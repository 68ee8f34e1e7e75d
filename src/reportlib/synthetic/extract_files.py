"""Writing extracts so that equal tables are equal bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pa_parquet
import xlsxwriter


def write_csv(frame: pd.DataFrame, path: Path, *, separator: str = ";") -> None:
    """UTF-8 text with one header row and `\\n` line ends on every system; missing cells are empty."""
    text = frame.to_csv(index=False, sep=separator, lineterminator="\n", date_format="%Y-%m-%d")
    path.write_bytes(text.encode("utf-8"))


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Parquet without the metadata of the program that made it."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pa_parquet.write_table(table, path, compression="zstd", use_dictionary=True, write_statistics=False)


def write_stata(frame: pd.DataFrame, path: Path, *, stamp: datetime, label: str) -> None:
    """Stata 14 or later (Unicode). `stamp` is the time the file says it was made: never the clock's."""
    frame.to_stata(path, write_index=False, version=118, time_stamp=stamp, data_label=label)


def write_xlsx(frames: Mapping[str, pd.DataFrame], path: Path, *, stamp: datetime) -> None:
    """A workbook with a sheet for each frame, its columns' names in the first row. `stamp` as for Stata."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True}) as book:
        book.set_properties({"created": stamp})
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(frame.columns))
            for place, column in enumerate(frame.columns):
                cells = frame[column].astype(object)
                sheet.write_column(1, place, [None if pd.isna(cell) else cell for cell in cells])
