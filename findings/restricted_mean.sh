#!/usr/bin/env bash
# lifelines: the variance that comes with a restricted mean survival time says how persons differ, not how sure the mean is.
#
# The restricted mean (weeks on a benefit in the first 8 weeks, say) is the area under the survival curve.
# `restricted_mean_survival_time(..., return_variance=True)` of lifelines 0.30.3 returns it with a "variance", and its docstring does not
# say of what. It is that of the persons' own times cut off at 8, E(T^2) - E(T)^2: with every person four times over it stays the same,
# and the variance of an estimate would fall to a fourth. Its root taken for a standard error makes the interval six times too wide with
# 40 persons; divided by n it would be right only if nobody were censored.
# The error of the estimate is Greenwood's: the sum over event times of (area from there to the limit)^2 d / (n (n - d)). For the persons
# below R's survival 3.5-3 gives 7.16238 with standard error 0.22362 (`print(survfit(...), rmean = 8)`), and so does that sum.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install lifelines==0.30.3 pandas==2.3.3 numpy==2.3.5
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

LIMIT = 8
WEEKS = np.array([12, 1, 1, 9, 8, 7, 6, 5, 1, 8, 7, 7, 5, 6, 3, 7, 7, 4, 3, 6, 7, 4, 7, 3, 7, 8, 8, 10, 8, 5, 8, 10, 5, 4, 5, 9, 6, 9, 10, 3])
LEFT = np.array([0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0])
FROM_R = (7.1623849, 0.2236186)


def greenwood(weeks, left):
    """The standard error of the area under the Kaplan-Meier curve up to the limit."""
    times = np.unique(weeks[(left == 1) & (weeks < LIMIT)])
    at_risk = np.array([(weeks >= at).sum() for at in times])
    events = np.array([((weeks == at) & (left == 1)).sum() for at in times])
    curve = np.cumprod(1 - events / at_risk)
    steps = curve * np.diff(np.append(times, LIMIT))
    area = steps[::-1].cumsum()[::-1]
    return float(np.sqrt((area**2 * events / (at_risk * (at_risk - events))).sum()))


told = {}
for times_over in (1, 4):
    weeks, left = np.tile(WEEKS, times_over), np.tile(LEFT, times_over)
    told[times_over] = (*restricted_mean_survival_time(KaplanMeierFitter().fit(weeks, left), t=LIMIT, return_variance=True), greenwood(weeks, left))
print("lifelines", version("lifelines"))
for times_over, (mean, variance, error) in told.items():
    print(f"{40 * times_over:>4} persons: mean {mean:.5f}, variance told {variance:.5f} (its root {variance**0.5:.5f}), Greenwood's error {error:.5f}")
(mean, variance, error), (_, again, smaller) = told[1], told[4]
right = abs(mean - FROM_R[0]) < 1e-6 and abs(error - FROM_R[1]) < 1e-6 and 1.9 < error / smaller < 2.2
raise SystemExit(0 if right and abs(variance - again) < 1e-9 and variance**0.5 > 5 * error else 1)
PY
