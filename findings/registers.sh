#!/usr/bin/env bash
# Columns that go missing, or change, without a word when a register comes in parts or in chunks.
#
# 1. A folder of Parquet parts (DREAM by year) opened with pyarrow.dataset has the columns of its first file: the weeks of every
#    later year are not there, and nothing says so. (pyarrow.unify_schemas over the files gives them all.)
# 2. pyreadstat's `usecols` passes over a name that the file does not have: one letter wrong, and the column is left out.
# 3. A whole-number column of a Stata file, read in chunks with pyreadstat, is a column of numbers in one chunk and of Python
#    objects in the chunk that holds the only missing value: the type depends on where the chunks are cut.
#
# Exits 0 while that is so, 1 when any of it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pyarrow==26.0.1 pyreadstat==1.3.7 pandas==2.3.3
cd "$work"
"$work/venv/bin/python" - <<'PY'
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyreadstat

Path("dream").mkdir()
pq.write_table(pa.table({"PNR": ["1", "2"], "y_1651": ["730", ""]}), "dream/2016.parquet")
pq.write_table(pa.table({"PNR": ["1", "2"], "y_1701": ["730", "730"]}), "dream/2017.parquet")
seen = ds.dataset("dream").to_table().column_names
print("pyarrow", pa.__version__, "sees of 2016.parquet and 2017.parquet:", seen)
first_file_decides = seen == ["PNR", "y_1651"]

frame = pd.DataFrame({"person": ["1", "2", "3", "4"], "alder": [30, 41, np.nan, 52]})
frame["alder"] = frame["alder"].astype("Int32")
pyreadstat.write_dta(frame, "p.dta")
read, _ = pyreadstat.read_dta("p.dta", usecols=["person", "aldr"])
print("pyreadstat", pyreadstat.__version__, "asked for person and aldr, gives:", list(read.columns))
passed_over = list(read.columns) == ["person"]

kinds = [
    str(pyreadstat.read_dta("p.dta", row_offset=start, row_limit=2)[0]["alder"].dtype)
    for start in (0, 2)
]
print("alder in rows 1-2 and in rows 3-4:", kinds)
raise SystemExit(0 if first_file_decides and passed_over and kinds[0] != kinds[1] else 1)
PY
