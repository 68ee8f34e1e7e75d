#!/usr/bin/env bash
# weightipy: persons with one unknown background keep the weight 1, and are left out of every margin.
#
# Answers of a survey are weighted to the population's sexes and ages. 100 answered: 60 young and 40 old are the targets, half of each sex;
# the sex of 20 is unknown, all of them old. `weight_dataframe` of weightipy 0.4.2 rakes the 80 that have both, gives the other 20 the
# weight 1, prints nothing, and returns all 100. In the frame that comes back the young are 48 per cent, where 60 were asked for, though
# the age of everybody is known; every mean over the frame is weighted to something else than its scheme says. (Its `validate_scheme_dict`,
# a call of its own, does count the empty values; dropping or filling them before the call gives the targets.)
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install weightipy==0.4.2 pandas==2.3.3 numpy==2.3.5
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pandas as pd
import weightipy

SCHEME = weightipy.scheme_from_dict({"sex": {1: 50.0, 2: 50.0}, "age": {1: 60.0, 2: 40.0}})
ANSWERED = pd.DataFrame({"sex": [1] * 30 + [2] * 50 + [np.nan] * 20, "age": [1] * 50 + [2] * 50})


def young(answers):
    """The weighted share of the young among those who come back, and their number."""
    weighted = weightipy.weight_dataframe(answers, SCHEME, "w")
    return round(100 * float(weighted.loc[weighted["age"] == 1, "w"].sum() / weighted["w"].sum()), 1), len(weighted)


everybody, complete = young(ANSWERED.copy()), young(ANSWERED.dropna().copy())
unknown = weightipy.weight_dataframe(ANSWERED.copy(), SCHEME, "w").loc[ANSWERED["sex"].isna(), "w"].unique().tolist()
print("weightipy", version("weightipy"))
print(f"asked for 60 per cent young; all {everybody[1]} rows: {everybody[0]}; the {complete[1]} complete ones: {complete[0]}; weights of the unknown: {unknown}")
raise SystemExit(0 if (everybody, complete, unknown) == ((48.0, 100), (60.0, 80), [1.0]) else 1)
PY
