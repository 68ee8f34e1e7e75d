#!/usr/bin/env bash
# wildboottest, and pyfixest through it: six clusters can give p = 0.
#
# With six clusters there are 2^6 = 64 patterns of Rademacher signs. wildboottest runs through all of them when asked for more, which is
# right; but a pattern counts against the null only if its t is greater than the one observed. The observed one is itself among the 64,
# with its mirror image, so the smallest p that the test can have is 2/64 = 0.031: it prints 0. A report of
# few municipalities can so state a certainty that the design does not hold. Worked out beside it by going through the 64 patterns.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install wildboottest==0.3.2 pyfixest==0.60.0 statsmodels==0.15.0
"$work/venv/bin/python" -W ignore - <<'PY'
import itertools
from importlib.metadata import version

import numpy as np
import pandas as pd
import pyfixest
import statsmodels.formula.api as smf
from wildboottest.wildboottest import wildboottest

G, N = 6, 20
rng = np.random.default_rng(3)
data = pd.DataFrame({"site": np.repeat(np.arange(G), N)})
data["treated"] = (data["site"] >= G / 2).astype(float)
data["y"] = rng.normal(0, 1, G * N) + np.repeat(rng.normal(0, 0.6, G), N) + 0.5 * data["treated"]
site, y = data["site"].to_numpy(), data["y"].to_numpy()
X = np.column_stack([np.ones(len(data)), data["treated"]])


def t_value(outcome: np.ndarray) -> float:
    inverse = np.linalg.inv(X.T @ X)
    b = inverse @ X.T @ outcome
    scores = np.array([X[site == g].T @ (outcome - X @ b)[site == g] for g in range(G)])
    return float(b[1] / np.sqrt((inverse @ scores.T @ scores @ inverse)[1, 1]))


observed, mean = t_value(y), y.mean()
drawn = [t_value(mean + (y - mean) * np.array(signs)[site]) for signs in itertools.product((-1, 1), repeat=G)]
by_hand = float(np.mean(np.abs(drawn) >= abs(observed) - 1e-9))

asked = {"param": "treated", "B": 9999, "weights_type": "rademacher", "seed": 1, "show": False}
theirs = float(wildboottest(smf.ols("y ~ treated", data), cluster=data["site"], **asked)["p-value"].iloc[0])
fit = pyfixest.feols("y ~ treated", data, vcov={"CRV1": "site"})
through = float(fit.wildboottest(param="treated", reps=9999, seed=1)["Pr(>|t|)"])
print("wildboottest", version("wildboottest"), "p =", theirs, "| pyfixest", version("pyfixest"), "p =", through)
print("all 64 patterns, the observed one counted: p =", by_hand)
raise SystemExit(0 if theirs == through == 0 and by_hand == 2 / 64 else 1)
PY
