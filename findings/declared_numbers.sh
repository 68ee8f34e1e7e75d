#!/usr/bin/env bash
# csvw and frictionless: a schema that declares Danish numbers reads 12.5 hours as 125, and calls the row valid.
#
# Both ways to publish a table with its description (W3C's CSV on the Web; Data Package) can say that "," is the decimal sign and "." groups
# thousands. Where one row was written in the English way, or a date got into the column, the sign that groups is taken out wherever it
# stands: csvw 4.1.1 and frictionless 5.21.0 read "12.5" as 125, "1.5.2" as 152 and "1.23,4" as 123.4. csvw does so even with the pattern
# "#.##0,##", which says where groups stand; frictionless' validation of the file reports no error. So a valid report of validation does
# not say that the numbers were read as meant: look at the groups (three digits after each) before either of them.
#
# Exits 0 while that is so, 1 when any of it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install csvw==4.1.1 frictionless==5.21.0
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

from csvw.metadata import Datatype
from frictionless import Resource, Schema, formats

WRITTEN = {"7,4": 7.4, "1.234,5": 1234.5, "12.5": 125.0, "1.5.2": 152.0, "1.23,4": 123.4}

kind = Datatype.fromvalue({"base": "decimal", "format": {"pattern": "#.##0,##", "decimalChar": ",", "groupChar": "."}})
by_csvw = [float(kind.parse(text)) for text in WRITTEN]

with open("hours.csv", "w", encoding="utf-8") as file:
    file.write("\n".join(["hours", *WRITTEN]) + "\n")
schema = Schema.from_descriptor({"fields": [{"name": "hours", "type": "number", "decimalChar": ",", "groupChar": "."}]})


def table():
    return Resource(path="hours.csv", schema=schema, control=formats.CsvControl(delimiter=";"))


report = table().validate()
by_frictionless = [float(row["hours"]) for row in table().read_rows()]
print("csvw", version("csvw"), "frictionless", version("frictionless"))
for text, one, other in zip(WRITTEN, by_csvw, by_frictionless, strict=True):
    print(f"{text:>8}: csvw {one:g}, frictionless {other:g}")
print("frictionless calls the file valid:", report.valid)
raise SystemExit(0 if by_csvw == by_frictionless == list(WRITTEN.values()) and report.valid else 1)
PY
