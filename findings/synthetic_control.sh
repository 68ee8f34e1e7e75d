#!/usr/bin/env bash
# pysyncon: the placebo test of a synthetic control can give p = 0, and the week of the start counts as before and as after.
#
# One municipality begins, others stand for what would have happened. The placebo test asks where the municipality stands among all of
# them, itself included: with five others the smallest possible p is 1 of 6, 0.17. `PlaceboTest.pvalue` of pysyncon 1.7.0 divides by six
# but counts the five only, so a municipality above all the others has p = 0.
# The measure held against the others is the squared gap after the start over the one before. Both sums take the week of `treatment_time`
# with them (labels of pandas run to the end, inclusive; the sum after the start has one week more than it is divided by). An effect that
# is there at once therefore counts as a bad fit before the start: below, the ratio is 210 by the true weeks and 7.5 with the week of the
# start in both, and municipality D, which nothing happened to, comes before A with its effect of 14 hours. The 1 of 6 that is then
# printed counts D, and not A itself.
#
# Exits 0 while that is so, 1 when it has changed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install pysyncon==1.7.0 pandas==2.3.3 numpy==2.3.5
cd "$work"
cat > placebo.py <<'PY'
from importlib.metadata import version

import pandas as pd
from pysyncon import Dataprep, Synth
from pysyncon.utils import PlaceboTest

START = 6  # the first week with the effect
PLACES = {
    "A": [20.6, 21.2, 21.5, 22.0, 22.3, 37.9, 38.4, 39.1, 39.4, 40.2],
    "B": [21.3, 21.9, 22.7, 23.0, 23.4, 24.1, 24.4, 25.2, 25.4, 26.1],
    "C": [22.4, 23.1, 23.3, 24.0, 24.6, 24.9, 25.6, 25.9, 26.7, 26.9],
    "D": [23.6, 23.9, 24.6, 25.1, 25.4, 26.2, 27.9, 27.1, 27.4, 28.3],
    "E": [24.4, 25.1, 25.4, 26.1, 26.5, 26.9, 27.6, 27.9, 28.6, 28.9],
    "F": [25.5, 26.1, 26.4, 26.9, 27.6, 28.1, 28.3, 29.1, 29.4, 30.1],
}


def ratios(gaps, before, after):
    """The mean squared gap of weeks after over that of weeks before, for each place."""
    return gaps.loc[after].pow(2).mean() / gaps.loc[before].pow(2).mean()


def main():
    rows = [(place, week, value) for place, values in PLACES.items() for week, value in enumerate(values, start=1)]
    data = Dataprep(
        foo=pd.DataFrame(rows, columns=["place", "week", "hours"]),
        predictors=["hours"], predictors_op="mean", time_predictors_prior=range(1, START), time_optimize_ssr=range(1, START),
        dependent="hours", unit_variable="place", time_variable="week", treatment_identifier="A", controls_identifier=list("BCDEF"),
    )
    synth = Synth()
    synth.fit(dataprep=data)
    test = PlaceboTest()
    test.fit(dataprep=data, scm=synth, scm_options={"optim_method": "Nelder-Mead"}, max_workers=1, verbose=False)
    gaps = pd.concat([test.gaps, test.treated_gap], axis=1)
    true = ratios(gaps, slice(1, START - 1), slice(START, 10)).round(1).to_dict()
    # As in the package: both sums with the week of the start, over 6 and over 4 weeks.
    theirs = ((gaps.loc[START:].pow(2).sum() / 4) / (gaps.loc[:START].pow(2).sum() / 6)).round(1).to_dict()
    print("pysyncon", version("pysyncon"))
    print("gap after over gap before, by the true weeks:", true)
    print("with the week of the start in both:          ", theirs)
    p = {week: test.pvalue(treatment_time=week) for week in (START - 1, START)}
    print("p with the last week before as the time of the start:", p[START - 1], "- with the first week of the effect:", round(p[START], 3))
    first = max(true, key=true.get) == "A"
    raise SystemExit(0 if first and p[START - 1] == 0 and sum(theirs[x] >= theirs["A"] for x in "BCDEF") / 6 == p[START] > 0 else 1)


if __name__ == "__main__":
    main()
PY
"$work/venv/bin/python" -W ignore placebo.py
