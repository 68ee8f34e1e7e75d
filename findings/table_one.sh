#!/usr/bin/env bash
# tableone: who has not answered is a category of their own, in the test and in the standardised difference, unless asked otherwise.
#
# The balance table of a trial: 200 persons, education known for 170, all 30 unknown in one arm (it came from a survey only that arm got).
# Among those who answered, the arms are alike: chi-squared test p = 0.76, standardised difference 0.12. tableone 0.9.6 prints p < 0.001
# and 0.93, and per cents of everybody: `include_null=True`, its default, makes "None" a fourth category. A column of numbers in the
# same table leaves the missing out of its mean, its test and its difference, whatever the option says: one table has two denominators.
# Loss of answers is worth a test, but of its own: a reader takes 0.93 for a difference in education. `include_null=False` gives the
# numbers of those who answered.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install tableone==0.9.6 pandas==2.3.3 numpy==2.3.5 scipy==1.17.1
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency
from tableone import TableOne

ANSWERS = {"treated": (24, 20, 26), "control": (32, 34, 34)}
persons = pd.DataFrame(
    [(arm, level) for arm, counts in ANSWERS.items() for level, count in zip("abc", counts) for _ in range(count)]
    + [("treated", None)] * 30,
    columns=["arm", "education"],
)
persons["age"] = 40.0 + np.arange(len(persons)) % 11
persons.loc[persons["education"].isna(), "age"] = np.nan


def told(**options):
    """The p-value and the standardised difference that stand in the table, and the per cent of level a in the treated arm."""
    table = TableOne(persons, columns=["education", "age"], categorical=["education"], groupby="arm", pval=True, smd=True, **options)
    flat = table.tableone.droplevel(0, axis=1)
    rows = {name: flat.loc[[at for at in flat.index if at[0].startswith(name)]] for name in ("education", "age")}
    only = {name: next(value for value in part["P-Value"] if value) for name, part in rows.items()}
    apart = next(value for value in rows["education"].filter(like="SMD").iloc[:, 0] if value)
    share = flat.loc[("education, n (%)", "a"), "treated"]
    return only["education"], apart, share, only["age"]


among = chi2_contingency(np.array(list(ANSWERS.values()))).pvalue
default, asked = told(), told(include_null=False)
print("tableone", version("tableone"), "p, SMD, level a of the treated, p of age")
print("default            ", default)
print("include_null=False ", asked, f"(chi-squared of those who answered by SciPy: {among:.3f})")
right = asked[0] == f"{among:.3f}" and float(asked[1]) < 0.2 and asked[2] == "24 (34.3)"
wrong = default[0] == "<0.001" and float(default[1]) > 0.9 and default[2] == "24 (24.0)"
raise SystemExit(0 if right and wrong and default[3] == asked[3] else 1)
PY
