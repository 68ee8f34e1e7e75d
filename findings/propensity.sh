#!/usr/bin/env bash
# psmpy: the propensity, and so who is matched with whom, depends on whether age or year of birth is given.
#
# psmpy fits its propensity with scikit-learn's LogisticRegression(solver="liblinear") as it comes: slopes are shrunk, and with this solver
# the intercept too. A column far from zero (an age of 40, a year of birth of 1986) then takes the intercept's place, so that one fact in
# two notations gives two models. On 400 made-up persons the propensity of a person differs from the maximum-likelihood logit's by up to
# 0.10 with age and by up to 0.44 with year of birth, which hold the same information; the pairs differ with it.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install psmpy==0.3.16 statsmodels==0.15.0 scikit-learn==1.9.1 pandas==3.1.1
export MPLBACKEND=agg
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pandas as pd
import statsmodels.api as sm
from psmpy import PsmPy

rng = np.random.default_rng(2)
n = 400
age, unemployed = rng.normal(40, 10, n), rng.integers(0, 2, n)
treated = (rng.random(n) < 1 / (1 + np.exp(-(-1.2 + 0.05 * (age - 40) + 0.5 * unemployed)))).astype(int)
people = pd.DataFrame({"person": np.arange(n), "age": age, "unemployed": unemployed, "treated": treated})
likeliest = np.asarray(sm.Logit(people["treated"], sm.add_constant(people[["age", "unemployed"]])).fit(disp=0).predict())


def matched(frame: pd.DataFrame) -> tuple[np.ndarray, set[tuple[int, int]]]:
    model = PsmPy(frame, treatment="treated", indx="person", exclude=[])
    model.logistic_ps(balance=False)
    model.kdtree_matched(matcher="propensity_logit", replacement=False, caliper=None, drop_unmatched=True)
    scores = model.predicted_data.set_index("person")["propensity_score"].reindex(frame["person"]).to_numpy()
    return scores, set(map(tuple, model.matched_ids.to_numpy().astype(int)))


with_age, pairs_age = matched(people)
with_year, pairs_year = matched(people.assign(age=2026 - people["age"]))
away_age, away_year = np.abs(with_age - likeliest).max(), np.abs(with_year - likeliest).max()
print("psmpy", version("psmpy"), "largest distance from the maximum-likelihood propensity:")
print(f"with age {away_age:.3f}, with year of birth {away_year:.3f}")
print(f"pairs in both: {len(pairs_age & pairs_year)} of {len(pairs_age)}")
raise SystemExit(0 if away_age > 0.05 and away_year > 0.3 and pairs_age != pairs_year else 1)
PY
