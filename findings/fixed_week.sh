#!/usr/bin/env bash
# lifelines: the test of two survival curves at a time when nobody leaves takes the error of a later day.
#
# "How many have left the benefit after 26 weeks?" is asked of two Kaplan-Meier curves on day 182, and mostly nobody left on just that day.
# A curve is flat until the next one leaves, and so is its error. `survival_difference_at_fixed_point_in_time_test` of lifelines 0.30.3
# takes the curves as they are, but draws a straight line between the days of the data for their variance (`interpolate_at_times`), as if
# part of what happens on day 196 had happened. Of 30 and 30 persons, six of the control group leave on that day: Klein's test (2007,
# log(-log S)) gives 5.30 and p = 0.021 on each day from 170 to 195, since nothing changes; lifelines gives that on day 170, where some
# leave, and 3.69 and p = 0.055 on day 182. Ask on a day of the data (the last one not after the time), and both agree.
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
from lifelines.statistics import survival_difference_at_fixed_point_in_time_test
from scipy.stats import chi2

EFFORT = np.repeat([20, 35, 60, 90, 120, 150, 170, 210, 260, 300], 3)
CONTROL = np.repeat([80, 110, 140, 170, 196, 196, 240, 280, 310, 330], 3)
EVERYBODY = np.ones(30)


def level(days, at):
    """The Kaplan-Meier level on a day and Greenwood's sum, d / (n (n - d)), up to it."""
    curve, greenwood = 1.0, 0.0
    for day in np.unique(days[days <= at]):
        n, left = (days >= day).sum(), (days == day).sum()
        curve *= 1 - left / n
        greenwood += left / (n * (n - left))
    return curve, greenwood


def klein(at):
    """The statistic by hand: the squared difference of log(-log S) over the sum of its variances."""
    (a, va), (b, vb) = level(EFFORT, at), level(CONTROL, at)
    return float((np.log(-np.log(a)) - np.log(-np.log(b))) ** 2 / (va / np.log(a) ** 2 + vb / np.log(b) ** 2))


effort, control = KaplanMeierFitter().fit(EFFORT, EVERYBODY), KaplanMeierFitter().fit(CONTROL, EVERYBODY)
print("lifelines", version("lifelines"))
told = {}
for at in (170, 182, 195):
    test = survival_difference_at_fixed_point_in_time_test(at, effort, control)
    told[at] = (float(test.test_statistic), klein(at))
    print(f"day {at}: levels {effort.predict(at):.2f} and {control.predict(at):.2f}; lifelines {told[at][0]:.3f} (p {test.p_value:.3f}), by hand {told[at][1]:.3f} (p {chi2.sf(told[at][1], 1):.3f})")
raise SystemExit(0 if abs(told[170][0] - told[170][1]) < 1e-9 and told[182][1] == told[170][1] and told[182][1] - told[182][0] > 0.1 else 1)
PY
