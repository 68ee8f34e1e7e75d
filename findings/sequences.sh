#!/usr/bin/env bash
# pysan: a year with one change counts as more turbulent the longer the year is, and "complexity" goes above its greatest value of 1.
#
# Courses through the benefit system (DREAM, a state a week) are described by Elzinga's turbulence and by Gabadinho's complexity index, which
# runs from 0 to 1. pysan 0.2.4 says that it follows both.
# 1. Turbulence is defined on the order of *different* states: a year of 26 weeks of benefit and then 26 of work is "AB" with 4 subsequences,
#    log2(4 (1 + 625) / 1) = 11.29. pysan counts the subsequences of all 52 weeks (729), takes the number of weeks where the number of
#    spells is meant, and gives 24.47.
# 2. Complexity is the square root of (share of weeks with a change) x (entropy divided by its maximum). pysan's entropy is divided already;
#    it is divided a second time: a course that changes every week gets 1.20.
# 3. A person who is in one state all year, the commonest course there is, gets an exception for turbulence (defined: 1).
#
# Exits 0 while that is so, 1 when any of it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pysan==0.2.4 pandas==2.3.3 numpy==2.3.5 scipy==1.16.3
cd "$work"
MPLCONFIGDIR="$work" "$work/venv/bin/python" -W ignore - <<'PY'
import math
from importlib.metadata import version
from itertools import groupby
from statistics import StatisticsError, fmean, pvariance

from pysan.statistics import get_complexity, get_turbulence


def spells(course):
    return [(state, len(list(weeks))) for state, weeks in groupby(course)]


def subsequences(states):
    """How many different subsequences, the empty one included."""
    total, at = 1, {}
    for state in states:
        total, at[state] = 2 * total - at.get(state, 0), total
    return total


def turbulence(course):
    """Elzinga and Liefbroer (2007): on the different states in order, with the variance of how long each spell is."""
    lengths = [length for _, length in spells(course)]
    greatest = (len(lengths) - 1) * (1 - fmean(lengths)) ** 2
    return math.log2(subsequences([state for state, _ in spells(course)]) * (greatest + 1) / (pvariance(lengths) + 1))


def complexity(course):
    """Gabadinho and others (2010)."""
    shares = [course.count(state) / len(course) for state in set(course)]
    entropy = -sum(share * math.log(share) for share in shares) / math.log(len(shares))
    return math.sqrt((len(spells(course)) - 1) / (len(course) - 1) * entropy)


print("pysan", version("pysan"))
told = {}
for name, course in {"one change": "A" * 26 + "B" * 26, "one change, two years": "A" * 52 + "B" * 52, "every week": "AB" * 26}.items():
    own, its = (turbulence(course), complexity(course)), (get_turbulence(list(course)), get_complexity(list(course)))
    told[name] = own, its
    print(f"{name:22} turbulence {own[0]:.2f}, pysan {its[0]:.2f}; complexity {own[1]:.3f}, pysan {its[1]:.3f}")
try:
    alone = f"{get_turbulence(['A'] * 52)}"
except StatisticsError as error:
    alone = type(error).__name__
print("one state all year: defined", turbulence("A" * 52), "pysan", alone)
(own, its), (daily, its_daily) = told["one change"], told["every week"]
right = round(own[0], 2) == 11.29 and round(its[0], 2) == 24.47 and abs(daily[0] - its_daily[0]) < 1e-9
raise SystemExit(0 if right and abs(daily[1] - 1) < 1e-9 and round(its_daily[1], 2) == 1.2 and alone == "StatisticsError" else 1)
PY
