#!/usr/bin/env bash
# acro: the totals of a suppressed table are those of the persons left, and a table of shares is taken for one of counts.
#
# acro checks tables before they leave a closed server; `suppress=True` blanks the cells of few persons. Two things surprise whoever
# makes a report of its tables:
# - With `margins=True` the totals are added up again without the blanked cells. Of 78 persons, 3 in a blanked cell, the corner says 75,
#   and the mean of everybody becomes 12.33 (11.90 is right). Neither the table nor the summary says that a total is not the total, so
#   it disagrees with every other table of the same persons. A blank total, or the true one with a second cell blanked, is what
#   statistical offices print.
# - `normalize="index"` makes shares of each row. The rule of the smallest count is then held against the shares themselves: 0.45 is less
#   than the limit of persons, so all cells fail although each holds 20 persons or more, and with `suppress=True` the table that comes
#   back has no rows.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install acro==1.0.2 pandas==2.3.3
cd "$work"
export MPLBACKEND=agg
"$work/venv/bin/python" -W ignore - <<'PY'
import logging
from importlib.metadata import version

import acro
import pandas as pd

logging.disable(logging.INFO)
CELLS = [("A", "job", 20), ("A", "none", 3), ("B", "job", 25), ("B", "none", 30)]
persons = pd.DataFrame(
    [(place, status, float(hours)) for place, status, count in CELLS for hours in range(count)],
    columns=["place", "status", "hours"],
)
session = acro.ACRO(suppress=True)
counts = session.crosstab(persons.place, persons.status, margins=True)
means = session.crosstab(persons.place, persons.status, values=persons.hours, aggfunc="mean", margins=True)
total, mean = int(counts.loc["All", "All"]), float(means.loc["All", "All"])
said = " ".join(result.summary for result in session.results.results.values()).lower()
told = any(word in said for word in ("margin", "total", "left out"))

large = persons[(persons.place == "B") | (persons.status == "job")]
large = pd.concat([large, large[large.status == "none"].assign(place="A")])
smallest = int(large.value_counts(["place", "status"]).min())
shares = acro.ACRO(suppress=True)
left = shares.crosstab(large.place, large.status, normalize="index")
summary = next(iter(shares.results.results.values())).summary

print("acro", version("acro"))
print(f"persons {len(persons)}, total printed {total}; mean {persons.hours.mean():.2f}, printed {mean:.2f}; told: {told}")
print(f"shares of cells of {smallest} persons or more: rows left {len(left)}; {summary.splitlines()[-1].strip()}")
as_counts = "MinimumThresholdCheck: fail - 4 cells" in summary
raise SystemExit(0 if (total, round(mean, 2), told, len(left), as_counts) == (75, 12.33, False, 0, True) else 1)
PY
