#!/usr/bin/env bash
# pyreadr: whole-number columns of data.table come out of an .rds file as other numbers and other days, without a word.
#
# Researchers in a register environment save extracts from R, often with data.table. Two of its ordinary column types are stored in a
# way that pyreadr 0.5.8 does not know, and it says nothing:
# - integer64, what fread makes of ids of ten digits: the class is passed over and the 64 bits are read as a float. 4101900001 comes as
#   2.03e-314. Every id is still different from the others, so counting persons works, and no join with another source finds anybody.
# - IDate, a day kept as an integer (a plain Date kept as an integer is the same): every day comes as 1 January 1970. Days kept as floats,
#   R's usual Date, are right, so one column of days of a file may be right and the next one wrong.
# A time in Europe/Copenhagen comes in UTC without its zone: ten minutes past midnight on 1 July is 30 June. A difftime of weeks is the
# bare number, as if it were any other.
# rdata 1.1.0 reads the ids alike, but warns that it does not know the class; days it leaves as the numbers they are.
#
# The file was saved by R 4.2.2 (xz), two rows: a Date, an integer64, an IDate, a POSIXct in Europe/Copenhagen, a difftime in weeks.
# Exits 0 while that is so, 1 when any of it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pyreadr==0.5.8 rdata==1.1.0 pandas==3.1.1 numpy==2.4.6
cd "$work"
base64 -d > extract.rds <<'RDS'
/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4AJmAQ1dACwCfBn5r/QdO56YNX7q0PQhTbNFUsa9mnv3A0RH1WBssFjeQJDhoKQtAceFpl+5m4NUmO
yaqHS5x2eRkZM4r6PGl1MqqXx4N7cypoqwkQIEM0UFolxppoe0/7pBjMWjmVAp9WNJIhaWU0pWN2HyZzkMmDw8lNagWu2nIGjB8yH+MdqZQnoj
4Pvb2ZlRFB8cB6G5JKumMncYNcwRBZNdC+k3W79ltX4jxOr3RtLSS4xc7TqUWqdo+Ibze4jMZ+0ZEvaBQCIv/7betC8hE2n/C9s/mN0NCkgtxz
MgCosnJbGXwqbJh9tFPhRQyvHe6SD0Toe3sLdnNH2tWQwZEkABLgXWpJxjRbrYj0M5HYgAAAAAAE9xbvsAAaUC5wQAAL3W5bw+MA2LAgAAAAAB
WVo=
RDS
"$work/venv/bin/python" - <<'PY'
import datetime
import warnings
from importlib.metadata import version

import pandas as pd
import pyreadr
import rdata

TRUE_IDS, TRUE_DAYS = [4101900001, 5512800123], [datetime.date(2021, 1, 4), datetime.date(2021, 6, 30)]
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    theirs = pyreadr.read_r("extract.rds")[None]
silent = not told
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    others = rdata.read_rds("extract.rds")
print("pyreadr", version("pyreadr"), "reads, warnings:", 0 if silent else [str(one.message) for one in told])
print(theirs.to_string())
print("rdata", version("rdata"), "reads, having warned of:", sum("integer64" in str(one.message) for one in told), "integer64")
print(others.to_string())

bits = pd.Series(TRUE_IDS).to_numpy("int64").view("float64").tolist()
same = (
    silent
    and list(theirs["id"]) == bits
    and list(theirs["day"]) == TRUE_DAYS
    and set(theirs["iday"]) == {datetime.date(1970, 1, 1)}
    and [str(moment)[:10] for moment in theirs["met"]] == ["2021-01-04", "2021-06-30"]
    and list(theirs["wait"]) == [1.0, 2.0]
    and list(others["id"]) == bits
    and any("integer64" in str(one.message) for one in told)
)
raise SystemExit(0 if same else 1)
PY
