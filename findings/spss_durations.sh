#!/usr/bin/env bash
# pyreadstat: 37 hours of an SPSS file come back as 13:00, and a week or a month as seconds since 1582.
#
# SPSS keeps hours worked as a duration (formats TIME and DTIME, in seconds) and a week as a date with the format WKYR, a month as MOYR,
# a quarter as QYR. pyreadstat 1.3.7 makes a time of day of every duration, so whole days fall away without a word: 37:00 is 13:00,
# 24:00 is 00:00, and one hour below zero is 23:00. pandas' read_spss, which stands on it, does the same. The other dates become dates,
# but WKYR, MOYR and QYR stay the numbers that SPSS keeps, so that one file has its day and its month in two units.
# `disable_datetime_conversion=True` gives the seconds of all of them; `original_variable_types` tells which is which.
#
# Exits 0 while that is so, 1 when any of it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pyreadstat==1.3.7 pandas==2.3.3 numpy==2.3.5
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from datetime import date, datetime, time
from importlib.metadata import version

import pandas as pd
import pyreadstat

HOURS = [37.0, 7.4, 24.0, -1.0]
DAY = (datetime(2025, 3, 3) - datetime(1582, 10, 14)).total_seconds()
FORMATS = {"worked": "TIME8", "in_all": "DTIME11", "day": "DATE11", "week": "WKYR10", "month": "MOYR8", "quarter": "QYR8"}

frame = pd.DataFrame({name: [hours * 3600 for hours in HOURS] if name in ("worked", "in_all") else DAY for name in FORMATS})
pyreadstat.write_sav(frame, "hours.sav", variable_format=FORMATS)
read, about = pyreadstat.read_sav("hours.sav")
kept, _ = pyreadstat.read_sav("hours.sav", disable_datetime_conversion=True)
by_pandas = pd.read_spss("hours.sav")
print("pyreadstat", version("pyreadstat"))
for name in FORMATS:
    print(f"{name:8} {about.original_variable_types[name]:8} {[str(cell) for cell in read[name]]}")
print("not converted:", list(kept["worked"] / 3600), "hours")

expected = [time(13), time(7, 24), time(0), time(23)]
right = list(read["worked"]) == list(read["in_all"]) == list(by_pandas["worked"]) == expected
right &= list(read["day"]) == [date(2025, 3, 3)] * 4 and all(list(read[name]) == [DAY] * 4 for name in ("week", "month", "quarter"))
right &= list(kept["worked"] / 3600) == HOURS
raise SystemExit(0 if right else 1)
PY
