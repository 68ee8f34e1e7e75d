#!/usr/bin/env bash
# dabest: who is compared with whom before and after goes by the order of the rows, not by `id_col`.
#
# An estimation plot of a before/after survey: dabest asks for the column of persons (`id_col`) when `paired` is given, and refuses without
# it. In a long frame (one row a person and measurement) that column is not used to find a person's two answers: the first row of "before"
# goes with the first row of "after". The same twenty rows, each right, with the second half in another order (sorted by another column,
# or joined from another file) give the same mean difference, 1.9, and an interval from -6.3 to 9.2 with p = 0.66 for what is 1.3 to 2.4
# with p = 0.0002. Nothing is told. A wide frame (one row a person) is right; so is a long one sorted by person within each measurement.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install dabest==2025.10.20 pandas==2.2.3 scipy==1.15.3
cd "$work"
MPLBACKEND=Agg "$work/venv/bin/python" -W ignore - 2>/dev/null <<'PY'
from importlib.metadata import version

import dabest
import pandas as pd
from scipy import stats

BEFORE = [20, 22, 25, 28, 30, 31, 33, 36, 38, 40]  # well-being of ten persons, and of the same ten half a year later
AFTER = [22, 23, 28, 29, 33, 32, 36, 37, 41, 41]
long = pd.DataFrame({
    "person": [*range(1, 11)] * 2,
    "measured": ["before"] * 10 + ["after"] * 10,
    "well_being": [float(answer) for answer in BEFORE + AFTER],
})  # fmt: skip
frames = {"by person": long, "the later rows from the last person to the first": pd.concat([long[:10], long[:9:-1]])}
print("dabest", version("dabest"))
told = []
for name, frame in frames.items():
    analysis = dabest.load(frame, x="measured", y="well_being", idx=("before", "after"), paired="baseline", id_col="person")
    row = analysis.mean_diff.results.iloc[0]
    wide = frame.pivot(index="person", columns="measured", values="well_being")
    right = stats.ttest_rel(wide["after"], wide["before"]).pvalue
    told.append((row.difference, row.pvalue_paired_students_t, right))
    print(f"{name}: {row.difference:.1f} ({row.bca_low:.1f} to {row.bca_high:.1f}), p = {row.pvalue_paired_students_t:.4f}; persons joined by their number: p = {right:.4f}")
(same, first, right), (difference, second, also_right) = told
raise SystemExit(0 if same == difference and abs(first - right) < 1e-12 and right == also_right and second > 0.5 else 1)
PY
