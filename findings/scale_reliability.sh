#!/usr/bin/env bash
# pingouin: who has not answered makes the interval of Cronbach's alpha narrower.
#
# A survey of a trial is sent to everybody, and perhaps half answer. `cronbach_alpha` of pingouin leaves those without answers out of alpha,
# but counts them in its interval: the number of persons is taken before the empty rows go, with `nan_policy="listwise"` too (there it
# names the rows that it drops). Ten persons answer four questions: alpha 0.85, from 0.61 to 0.96. With thirty rows of persons who did not
# answer below them alpha is the same, and the interval is 0.76 to 0.92: as if forty had answered. Feldt's interval, worked out beside it
# with the ten (F with 9 and 27 degrees of freedom), is the first. Drop the empty rows before the call.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pingouin==0.7.0 pandas==2.3.3
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import numpy as np
import pandas as pd
import pingouin
from scipy.stats import f

answers = [[4, 5, 4, 5], [2, 3, 2, 2], [3, 3, 4, 3], [5, 4, 5, 5], [1, 2, 2, 1], [3, 4, 3, 5], [4, 2, 4, 4], [2, 2, 3, 1], [5, 5, 3, 4], [3, 5, 2, 4]]
ten = pd.DataFrame(answers, columns=list("abcd"), dtype=float)
forty = pd.concat([ten, pd.DataFrame(np.nan, index=range(30), columns=ten.columns)], ignore_index=True)

alpha, of_ten = pingouin.cronbach_alpha(ten)
found = {policy: pingouin.cronbach_alpha(forty, nan_policy=policy) for policy in ("pairwise", "listwise")}


def feldt(persons: int) -> list[float]:
    tails = f.isf([0.025, 0.975], persons - 1, (persons - 1) * 3)
    return [round(float(1 - (1 - alpha) * t), 3) for t in tails]


print("pingouin", version("pingouin"))
print("ten who answered:", round(alpha, 4), of_ten, "Feldt for 10:", feldt(10))
for policy, (same, interval) in found.items():
    print(f"and thirty who did not, {policy}:", round(same, 4), interval, "Feldt for 40:", feldt(40))
right = list(of_ten) == feldt(10)
stays = right and all(abs(a - alpha) < 1e-12 and list(i) == feldt(40) != feldt(10) for a, i in found.values())
raise SystemExit(0 if stays else 1)
PY
