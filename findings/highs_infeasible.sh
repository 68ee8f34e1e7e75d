#!/usr/bin/env bash
# HiGHS (through scipy's milp): a whole-number problem of 24 unknowns is called infeasible, though a solution is at hand.
#
# The problem comes from cell suppression: unknown counts of persons, sums of two or three of them that are told, and
# orders between them; all coefficients are 1 or -1, the goal is nought. Without presolve HiGHS finds whole numbers, and
# so it does when the unknowns need not be whole; with presolve, its default, the answer is "infeasible" (status 2).
# Whoever takes that word for a proof (nothing else is possible: the cell is known) is misled; try what is known to be a
# solution, or ask again without presolve.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install scipy==1.17.1 numpy==2.3.5
"$work/venv/bin/python" - <<'PY'
import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, milp

EQUAL = [
    ((2, 6), 632), ((3, 21), 7), ((5, 12), 563), ((0, 22, 23), 53), ((0, 1), 475), ((20, 23), 475), ((3, 4), 1),
    ((7, -8, 9), 0), ((10, -11, 12), 0), ((13, -14, 15), 0), ((-18, 19), -228),
]
FALLS = [(2, 4), (4, 5), (5, 23), (6, 9), (8, 11), (9, 12), (11, 14), (12, 15), (14, 16), (15, 17), (16, 18), (17, 19), (19, 20)]
KNOWN = [30, 445, 0, 1, 0, 0, 632, 171, 768, 597, 185, 748, 563, 198, 736, 538, 729, 515, 724, 496, 475, 6, 23, 0]
LEAST = np.array([0 if at in (2, 3, 4, 5, 23) else 1 for at in range(24)], dtype=float)

lines, low, high = [], [], []
def say(terms, least, most):
    line = np.zeros(24)
    for at, sign in terms:
        line[at] = sign
    lines.append(line); low.append(least); high.append(most)

for unknowns, total in EQUAL:
    say([(abs(at), -1 if at < 0 else 1) for at in unknowns], total, total)
for larger, smaller in FALLS:
    say([(larger, -1), (smaller, 1)], -np.inf, 0)
say([(8, 1)], -np.inf, 789)
matrix, low, high = np.array(lines), np.array(low), np.array(high)

sums = matrix @ KNOWN
is_solution = bool(((low <= sums) & (sums <= high) & (np.array(KNOWN) >= LEAST).all()).all())

def status(*, whole, presolve):
    limits = [LinearConstraint(matrix, low, high)]
    found = milp(np.zeros(24), constraints=limits, integrality=np.full(24, int(whole)), bounds=Bounds(LEAST, 1616.0), options={"presolve": presolve})
    return found.status

default, without, real = status(whole=True, presolve=True), status(whole=True, presolve=False), status(whole=False, presolve=True)
print("scipy", scipy.__version__, "| a solution is known:", is_solution)
print("status (0 solved, 2 infeasible): default", default, "| without presolve", without, "| not whole", real)
raise SystemExit(0 if is_solution and (default, without, real) == (2, 0, 0) else 1)
PY
