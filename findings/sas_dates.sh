#!/usr/bin/env bash
# A day in a SAS file is a day, a plain number or another day, by the format it is printed in.
#
# SAS keeps a day as the number of days since 1 January 1960, a moment as seconds since then, and the column's format alone says
# which. pyreadstat knows some of the formats:
# 1. 3 October 2016 under DATE9. or YYMMDD10. is a date; under MONYY7., YYMMN6., YYMMD7., EURDFDD10. or NLDATE10. it is 20730.0.
#    Months of registers are often kept under YYMMN6.
# 2. DTDATE9. prints the day of a moment (seconds). Its number is read as days: a quarter to six on 1 January 1960 (20,730 seconds)
#    comes as 3 October 2016.
#
# Exits 0 while that is so, 1 when any of it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pyreadstat==1.3.7 pandas==2.3.3 numpy==2.3.5
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime

import pandas as pd
import pyreadstat


def read(number, written):
    """The cell that comes back of a transport file with one column of that format."""
    frame = pd.DataFrame({"dag": [float(number)]})
    pyreadstat.write_xport(frame, "p.xpt", variable_format={"dag": written}, file_format_version=8)
    return pyreadstat.read_xport("p.xpt")[0]["dag"][0]


day = datetime.date(2016, 10, 3)
number = (day - datetime.date(1960, 1, 1)).days
known = {written: read(number, written) for written in ("DATE9.", "YYMMDD10.")}
unknown = {written: read(number, written) for written in ("MONYY7.", "YYMMN6.", "YYMMD7.", "EURDFDD10.", "NLDATE10.")}
moment = read(number, "DTDATE9.")
print("pyreadstat", pyreadstat.__version__, "reads", number, "days as:")
for written, cell in {**known, **unknown}.items():
    print(f"  {written:<11} {cell!r}")
print("and", number, "seconds under DTDATE9. as", repr(moment))
raise SystemExit(0 if {*known.values()} == {day} and {*unknown.values()} == {float(number)} and moment == day else 1)
PY
