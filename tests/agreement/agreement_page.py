"""The page docs/agreement.md, made from what the comparisons of tests/agreement found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agreement_registry import Agreement

ROUNDING = 1e-11
"""Differences below this are rounding and move from one machine to the next."""
WORST = 5
INFINITE = float("inf")

HEAD = """\
# Agreement with other programs

Made by `python benchmarks/agreement.py`; do not edit. A test fails when it is out of date.

Each row compares our numbers with a reference on the same data. The difference is relative, |ours - reference| over
|reference|, and the largest of all numbers compared. R's answers and the scripts that made them lie in `tests/golden`.
Many references are kept with twelve digits or fewer, which is then what the difference shows.

The Cox rows hold for other data too: `tests/estimators/survival/test_cox_against_r.py` makes fresh cases with other
seeds where R is installed. Iterations stop where R's stop. Going on to the exact maximum would move a coefficient by up
to 7e-8 of itself (the largest of 360 cases).

What has no counterpart to compare with (cost-benefit, the recruitment forecast, bands, balance and shrinkage) is
checked in `tests/estimators` by hand, by the definition written out, or by simulation.
"""

PACKAGES = """\

## The field's packages

Where a package answers as R does, reportlib calls it (lifelines: Kaplan-Meier; statsmodels: the logit, Newcombe's
interval, power; SciPy: the paired t test, Fisher's test, the binomial) and keeps its own refusals round the call. What
no analysis of trial.yml needs is not in reportlib at all: an evaluator calls the package. These rows hold R's answers
to the calls that are to be used.
"""

OWN = """\

## Why some code is our own

What lifelines and statsmodels answer on the simulated Cox cases. Nothing is to be said against lifelines' coefficients,
nor against statsmodels' without late entry.
"""

REASONS = """\

| our own | why, as measured (lifelines 0.30, statsmodels 0.15) |
|---|---|
| Cox model, test of proportional hazards | the rows above: clustered errors with ties or late entry, and statsmodels' split episodes |
| CR2 errors, with each person's part | the bands need the parts, which no package keeps; without them diff-diff 3.13 has the same errors and degrees of freedom (12 clusters, 4,000 rows: equal to 1e-13). statsmodels has CR1 only, which with 6 and 10 clusters rejects a true null in 17 and 11 pct. of samples |
| bands over all weeks, accumulated differences | need each person's part of the error in every week; no package keeps it |
| balance (Hansen and Bowers), matching with shared ties and Abadie-Imbens errors, cost-benefit | no package has them |
| Paule and Mandel's spread | statsmodels' iteration ends at 1e-5, and with a smaller `atol` at exactly 0 where rounding takes it past its goal (89 of 500 made-up cases) |
| Holm, Benjamini and Hochberg | statsmodels' are equal to 3e-16, but answer NaN to all where one p is missing, and clear Python's garbage in each call of Holm: 50 ms against 0.01 |
| Wilson's interval | statsmodels' is equal to 5e-16, but takes 62 microseconds against 2, and is asked for thousands of times |
| Greenwood's errors, medians | lifelines has no error beside its interval, and not R's median on a flat half |
| McNemar's test, mid-p | statsmodels has the exact and the chi-square version |
"""  # noqa: E501


def page(found: Sequence[Agreement]) -> str:
    """The whole page as Markdown."""
    ours = [each for each in found if not each.check.library]
    usable = [each for each in found if each.check.library and each.check.limit < INFINITE]
    wrong = [each for each in found if each.check.limit == INFINITE]
    worst = sorted((each for each in ours if each.check.limit > 0), key=lambda each: each.largest, reverse=True)[:WORST]
    return "\n".join(
        [
            HEAD,
            "## The largest differences\n",
            *_table(worst),
            "\n## All estimators\n",
            f"{sum(each.numbers for each in ours):,} numbers compared.\n",
            *_table(ours),
            PACKAGES,
            *_table(usable),
            OWN,
            *_table(wrong),
            REASONS,
        ]
    )


def without_differences(text: str) -> tuple[str, list[float]]:
    """The page with every difference taken out, and the differences in order, to compare two runs."""
    kept = _drop_worst(text)
    return re.sub(_DIFFERENCE, "#", kept), [float(number) for number in re.findall(_DIFFERENCE, kept)]


_DIFFERENCE = r"(?<=\| )\d\.\de[+-]\d+(?= \|)"


def _drop_worst(text: str) -> str:
    """Which rows are the worst may change with rounding; they are all in the full table."""
    before, _, after = text.partition("## The largest differences")
    return before + after[after.find("## All estimators") :]


def _table(found: Sequence[Agreement]) -> list[str]:
    rows = [
        "| estimator | what | reference | data | numbers | largest difference | limit |",
        "|---|---|---|---|--:|--:|--:|",
    ]
    for each in found:
        check = each.check
        limit = "" if check.limit == INFINITE else "none" if check.limit == 0 else f"{check.limit:.0e}"
        name = check.estimator if check.library else f"`{check.estimator}`"
        cells = (name, check.quantity, check.reference, check.data, f"{each.numbers:,}", _shown(each), limit)
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _shown(found: Agreement) -> str:
    if found.check.limit == 0 and found.largest == 0:
        return "none"
    return f"{found.largest:.1e}"
