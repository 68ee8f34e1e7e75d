"""The page docs/agreement.md, made from what the comparisons of tests/agreement found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agreement_registry import Agreement

ROUNDING = 1e-11
"""Differences below this are rounding and move from one machine to the next."""
WORST = 5

HEAD = """\
# Agreement with other programs

Made by `python benchmarks/agreement.py`; do not edit. A test fails when it is out of date.

Each row compares our numbers with a reference on the same data. The difference is relative, |ours - reference| over
|reference|, and the largest of all numbers compared. R's answers and the scripts that made them lie in `tests/golden`.
Many references are kept with twelve digits or fewer, which is then what the difference shows.

The Cox rows hold for other data too: `tests/estimators/survival/test_cox_against_r.py` makes fresh cases with other
seeds where R is installed. Iterations stop where R's stop. Going on to the exact maximum would move a coefficient by up
to 7e-8 of itself (the largest of 360 cases).

What has no counterpart to compare with (cost-benefit, the recruitment forecast, overlap weights, weekly exit rates,
bands and shrinkage) is checked in `tests/estimators` by hand, by the definition written out, or by simulation.
"""


def page(found: Sequence[Agreement]) -> str:
    """The whole page as Markdown."""
    ours = [each for each in found if not each.check.library]
    libraries = [each for each in found if each.check.library]
    worst = sorted((each for each in ours if each.check.limit > 0), key=lambda each: each.largest, reverse=True)[:WORST]
    return "\n".join(
        [
            HEAD,
            "## The largest differences\n",
            *_table(worst),
            "\n## All estimators\n",
            f"{sum(each.numbers for each in ours):,} numbers compared.\n",
            *_table(ours),
            "\n## Libraries on the Cox cases\n",
            "What lifelines and statsmodels answer on the same simulated cases, and why the Cox model is our own.",
            "Nothing is to be said against lifelines' coefficients, nor against statsmodels' without late entry.\n",
            *_table(libraries),
            "",
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
        limit = "" if check.library else "none" if check.limit == 0 else f"{check.limit:.0e}"
        name = check.estimator if check.library else f"`{check.estimator}`"
        cells = (name, check.quantity, check.reference, check.data, f"{each.numbers:,}", _shown(each), limit)
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _shown(found: Agreement) -> str:
    if found.check.limit == 0 and found.largest == 0:
        return "none"
    return f"{found.largest:.1e}"
