#!/usr/bin/env bash
# pingouin: the power beside a paired t-test is that of another effect size, and Cohen's d has lost its sign.
#
# For a before/after test pingouin prints T, p, Cohen's d and power in one row. Its d divides by the spread of the two measurements; the
# power of a paired test rests on the spread of the differences. pingouin puts the first into the second's formula. On five pairs with
# T = -3.65 and p = 0.022 it prints a power of 0.35; with d of the differences (1.63) its own function says 0.78. The d printed is 0.92
# where the change is downwards (a minus b) too: its sign is dropped.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pingouin==0.7.0 pandas==3.1.1
export MPLBACKEND=agg
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pingouin as pg

before, after = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 4, 4, 6, 9])
row = pg.ttest(before, after, paired=True).iloc[0]
t, d, power = float(row["T"]), float(row["cohen_d"]), float(row["power"])
change = before - after
d_of_differences = abs(change.mean() / change.std(ddof=1))
right = float(pg.power_ttest(d=d_of_differences, n=len(before), contrast="paired"))
print("pingouin", version("pingouin"), f"T {t:.2f}, d {d:.2f}, power {power:.2f}")
print(f"d of the differences {d_of_differences:.2f}, power by the same package {right:.2f}")
raise SystemExit(0 if t < 0 < d and abs(power - 0.35) < 0.01 and abs(right - 0.78) < 0.01 else 1)
PY
