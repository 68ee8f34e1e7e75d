#!/usr/bin/env bash
# stochatreat: who has no value in a column of strata gets no arm, without a word.
#
# stochatreat 0.2.5 draws lots within strata. Its docstring says that units are left without an arm (NA) when misfits are asked to be
# ("none"). With the other two strategies, too, every person whose education, say, is unknown comes back with NA for arm and stratum: the
# values of the strata are grouped by pandas, which passes over empty ones. The frame has as many rows as before and nothing is told.
# Of 60 persons at two places, 20 of unknown education, 20 are drawn for the effort and 20 for the control group; whoever then asks for
# "arm 1 or not" has 40 controls, of which 20 took no part in the draw. With `size=30` the sample is drawn among the 40 alone.
# An unknown value that is written as a category of its own ("ukendt") is drawn as any other.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install stochatreat==0.2.5 pandas==2.3.3 numpy==2.3.5
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import pandas as pd
from stochatreat import stochatreat

PERSONS = pd.DataFrame({"id": range(1, 61), "place": ["A"] * 30 + ["B"] * 30, "education": (["kort"] * 10 + ["lang"] * 10 + [None] * 10) * 2})


def drawn(persons, **asked):
    """Of each education: persons that come back, persons with an arm, persons in arm 1."""
    lots = stochatreat(data=persons, stratum_cols=["place", "education"], treats=2, idx_col="id", random_state=1, **asked)
    both = lots.merge(persons.fillna({"education": "ukendt"}), on="id")
    return {name: (len(part), int(part["treat"].notna().sum()), int(part["treat"].fillna(0).sum())) for name, part in both.groupby("education")}


print("stochatreat", version("stochatreat"), "(rows, with an arm, in arm 1)")
told = {strategy: drawn(PERSONS, misfit_strategy=strategy) for strategy in ("stratum", "global")}
told["size 30"] = drawn(PERSONS, size=30)
told["written out"] = drawn(PERSONS.fillna({"education": "ukendt"}))
for name, found in told.items():
    print(f"{name:>12}: {found}")
lost = {"kort": (20, 20, 10), "lang": (20, 20, 10), "ukendt": (20, 0, 0)}
same = told["stratum"] == told["global"] == lost and "ukendt" not in told["size 30"]
raise SystemExit(0 if same and told["written out"]["ukendt"] == (20, 20, 10) else 1)
PY
