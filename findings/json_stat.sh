#!/usr/bin/env bash
# pyjstat writes values in the order of the frame's rows, and the categories in the order they first occur.
#
# JSON-stat (what Statistics Denmark's API sends) keeps the numbers of a table as one flat list, by the order of the categories. pyjstat
# takes that list from the frame's rows as they stand. So a frame sorted by year, every row of it right, is written without a word as a
# table in which Aarhus 2025 and Odense 2024 have changed places, and pyjstat's own reader gives the changed numbers back. Where a
# combination has no row, a list shorter than the table's size is written, and only who reads it finds out.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pyjstat==2.4.0 pandas==3.1.1
"$work/venv/bin/python" -W ignore - <<'PY'
import json
from importlib.metadata import version

import pandas as pd
from pyjstat import pyjstat

by_year = pd.DataFrame(
    {
        "område": ["Aarhus", "Odense", "Aarhus", "Odense"],
        "tid": ["2024", "2024", "2025", "2025"],
        "value": [1.0, 3.0, 2.0, 4.0],
    }
)
text = pyjstat.Dataset.read(by_year).write("jsonstat")
back = pyjstat.Dataset.read(text).write("dataframe")


def cell(frame: pd.DataFrame, place: str, year: str) -> float:
    return float(frame.loc[(frame["område"] == place) & (frame["tid"] == year), "value"].iloc[0])


print("pyjstat", version("pyjstat"))
print("went in: Aarhus 2025", cell(by_year, "Aarhus", "2025"), "Odense 2024", cell(by_year, "Odense", "2024"))
print("came back: Aarhus 2025", cell(back, "Aarhus", "2025"), "Odense 2024", cell(back, "Odense", "2024"))
changed_places = cell(back, "Aarhus", "2025") == 3.0 and cell(back, "Odense", "2024") == 2.0

short = json.loads(pyjstat.Dataset.read(by_year.iloc[:3]).write("jsonstat"))
print("three of four combinations: size", short["size"], "values", short["value"])
too_short = short["size"] == [2, 2] and len(short["value"]) == 3
raise SystemExit(0 if changed_places and too_short else 1)
PY
