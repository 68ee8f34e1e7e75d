"""Small numbers of persons that are the difference of two shown ones, of which no row tells: what is left unprotected.

Each is a decision of docs/disclosure.md; this counts how many there are, by kind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from outsider_labels import Catalogue
from outsider_rows import Row


def small_differences(rows: Sequence[Row], catalogue: Catalogue, threshold: int) -> Counter[str]:
    """How many differences of 1 to threshold - 1 persons two shown numbers leave, by kind."""
    found: Counter[str] = Counter()
    curves: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    n_at: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for row in rows:
        if row.hidden or not row.counts_persons:
            continue
        if row.week is not None and row.statistic in ("share", "mean", "count", "recruited"):
            curves[row.measure, row.statistic, row.group, row.site, row.subgroup].append(row)
        if row.n is not None and not row.time and row.statistic in ("share", "mean"):
            of = "answers" if row.measure in catalogue.sheets else "persons"
            n_at[of, row.population, *row.place].add(row.n)
    for (measure, statistic, *_), weeks in curves.items():
        told = [row for row in weeks if row.k is not None and row.statistic != "mean" and measure != "fulgt"]
        for now, then in pairwise(sorted(told, key=lambda row: row.week or 0)):
            if now.n == then.n and 0 < abs((then.k or 0) - (now.k or 0)) < threshold:
                stays = measure in catalogue.cumulative or statistic == "recruited"
                found["a step of a measure that nobody leaves" if stays else "a net change from week to week"] += 1
        followed = [(row.week or 0, row.k if measure == "fulgt" else row.n) for row in weeks]
        for now, then in pairwise(count for _, count in sorted(followed) if count is not None):
            if 0 < abs(now - then) < threshold:
                found["fewer followed from week to week"] += 1
    for (of, *_), numbers in n_at.items():
        close = [0 < later - one < threshold for one, later in pairwise(sorted(numbers))]
        found[f"n of {of} at one place that differ"] += sum(close)
    return +found
