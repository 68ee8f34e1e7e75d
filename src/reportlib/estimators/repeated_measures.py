"""The same persons measured twice or more: how much they changed, and how scores move over the measurements.

A change is what happened to these persons in the time between. What would have happened anyway is not known, so nothing
here is an estimate of what a programme did, and no result is named as if it were. Persons who stay are measured more
often, so changes are counted by how many measurements a person has.

Sources: McNemar (1947), Psychometrika 12; Fagerland, Lydersen and Laake (2013), BMC Medical Research Methodology 13:91
(mid-p); Bonett and Price (2012), J. Educational and Behavioral Statistics 37 (interval of paired shares).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from reportlib.estimators.checked import (
    Booleans,
    Floats,
    Integers,
    checked_level,
    codes,
    finite,
    numbers,
    same_length,
    variance,
)
from reportlib.estimators.errors import ArgumentError, BadCountError, EmptyGroupError, NotBinaryError
from reportlib.estimators.shares_and_means import Mean, Share, mean, share


@dataclass(frozen=True, slots=True)
class PairedShares:
    """A yes/no answer before and after from the same n persons; `difference` is after minus before (a fraction).

    Of those who changed `only_before` went from yes to no and `only_after` from no to yes; only they carry the test.
    """

    n: int
    before: Share
    after: Share
    only_before: int
    only_after: int
    difference: float
    ci_low: float
    ci_high: float
    p: float
    test: str
    method: str = "bonett-price"


@dataclass(frozen=True, slots=True)
class PairedMeans:
    """A number before and after from the same n persons, in its own unit; `change` is after minus before."""

    n: int
    before: Mean
    after: Mean
    change: float
    se: float
    df: float
    ci_low: float
    ci_high: float
    p: float
    test: str = "paired t"


def _pairs(before: Any, after: Any) -> tuple[Floats, Floats]:
    """The values of those measured twice."""
    first, second = numbers(before, "before"), numbers(after, "after")
    same_length(before=first, after=second)
    both = ~np.isnan(first) & ~np.isnan(second)
    if not both.any():
        raise EmptyGroupError("nobody is measured both before and after", hint="match the measurements by person")
    return first[both], second[both]


def sign_test(one_way: int, other_way: int) -> float:
    """The p-value that as many go one way as the other among those who move: binomial with one half, two-sided, mid-p.

    Half the probability of the observed outcome is left out, which makes the test less cautious than the exact one.
    """
    from scipy.stats import binom  # slow to load

    smaller, changed = min(one_way, other_way), one_way + other_way
    tail = float(binom.cdf(smaller, changed, 0.5)) - float(binom.pmf(smaller, changed, 0.5)) / 2
    return min(1.0, 2 * tail) if changed else 1.0


def mcnemar(before: Any, after: Any, *, level: float = 0.05) -> PairedShares:
    """Compare a 0/1 answer `before` and `after` (n,) among those with both; NaN where a person did not answer.

    McNemar's test is the `sign_test` of those who changed (statsmodels' `mcnemar` has the exact and the chi-square
    version, not mid-p). The interval is Bonett and Price's: one person is added to each kind of change,
    (c+1 - b-1)/(n+2) ± z sqrt(p̃₁₂ + p̃₂₁ - d²)/sqrt(n+2), cut off at -1 and 1.

    Raises NotBinaryError, LengthMismatchError and EmptyGroupError (nobody has both).
    """
    z = float(-ndtri(checked_level(level) / 2))
    first, second = _pairs(before, after)
    for name, values in (("before", first), ("after", second)):
        if not np.isin(values, (0, 1)).all():
            raise NotBinaryError(f"{name} must be 0, 1 or missing", hint="paired_t compares numbers")
    n = len(first)
    fell, rose = int(((first == 1) & (second == 0)).sum()), int(((first == 0) & (second == 1)).sum())
    down, up = (fell + 1) / (n + 2), (rose + 1) / (n + 2)
    centre = up - down
    half = z * ((down + up - centre**2) / (n + 2)) ** 0.5
    return PairedShares(
        n=n,
        before=share(int(first.sum()), n, level=level),
        after=share(int(second.sum()), n, level=level),
        only_before=fell,
        only_after=rose,
        difference=(rose - fell) / n,
        ci_low=max(centre - half, -1.0),
        ci_high=min(centre + half, 1.0),
        p=sign_test(rose, fell),
        test="mcnemar, mid-p",
    )


def paired_t(before: Any, after: Any, *, level: float = 0.05) -> PairedMeans:
    """Compare a number `before` and `after` (n,), NaN where missing, among those with both: Student's paired t.

    Where everybody changed by the same the error is 0 and interval and p are NaN. Raises LengthMismatchError,
    NotNumericError and EmptyGroupError when fewer than two persons have both.
    """
    first, second = _pairs(before, after)
    change = second - first
    n = len(change)
    if n < 2:
        raise EmptyGroupError("one person is measured both before and after; a test needs two")
    sd = variance(change, scale=max(np.abs(first).max(), np.abs(second).max())) ** 0.5
    low = high = p = float("nan")
    if sd > 0:
        from scipy.stats import ttest_rel  # slow to load

        found = ttest_rel(second, first)
        (low, high), p = found.confidence_interval(1 - checked_level(level)), float(found.pvalue)
    return PairedMeans(
        n=n,
        before=mean(first, level=level),
        after=mean(second, level=level),
        change=float(change.mean()),
        se=sd / n**0.5,
        df=float(n - 1),
        ci_low=float(low),
        ci_high=float(high),
        p=p,
    )


@dataclass(frozen=True, slots=True)
class FirstToLast:
    """Persons with `measurements` measurements, or at least so many.

    `change` compares their last with their first (None for fewer than two persons); `rose`, `same` and `fell` count
    those whose last score is at least `relevant` above, nearer than that, or at least so much below their first.
    `persons` (n,) are their labels and `went` (n,) 1, 0 or -1 for them.
    """

    measurements: int
    n: int
    first: Mean
    last: Mean
    change: PairedMeans | None
    rose: Share
    same: Share
    fell: Share
    persons: NDArray[Any] = field(compare=False, repr=False)
    went: Integers = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Progression:
    """`by_count`: from first to last by number of measurements, 2 and up; `all_counts`: everybody with at least two."""

    by_count: tuple[FirstToLast, ...]
    all_counts: FirstToLast


def progression(
    person: Any, time: Any, value: Any, *, most: int = 5, relevant: float = 0.0, level: float = 0.05
) -> Progression:
    """Order each person's measurements (rows of `person`, `time` and `value`, each (n,)) and follow them.

    Rows with a missing value are left out. `time` is any number that orders a person's measurements (days, months);
    `most` is the highest number shown by itself: those with more are counted with it in `by_count`. `relevant` is the
    least change that counts as a rise or a fall; 0 counts any.

    Raises LengthMismatchError, MissingValueError (a person or time), ArgumentError (a person measured twice at one
    time), BadCountError (most under 2, relevant below 0) and EmptyGroupError (nobody has two measurements).
    """
    who, labels = codes(person, "person")
    when, score = finite(time, "time"), numbers(value, "value")
    same_length(person=who, time=when, value=score)
    if most < 2 or relevant < 0:
        raise BadCountError(f"most is {most} and relevant is {relevant:g}; most is at least 2 and relevant at least 0")
    known = ~np.isnan(score)
    who, when, score = who[known], when[known], score[known]
    order = np.lexsort((when, who))
    who, when, score = who[order], when[order], score[order]
    same_person = np.diff(who) == 0
    if (same_person & (np.diff(when) == 0)).any():
        raise ArgumentError("a person is measured twice at the same time", hint="keep one measurement for each time")
    starts = np.flatnonzero(np.concatenate([[len(who) > 0], ~same_person]))
    count = np.diff(np.append(starts, len(who)))
    if not (count >= 2).any():
        raise EmptyGroupError("nobody has two measurements")
    first, last = score[starts], score[starts + count - 1]

    def group(measurements: int, inside: Booleans) -> FirstToLast:
        persons = labels[who[starts[inside]]]
        return _first_to_last(measurements, persons, first[inside], last[inside], relevant, level)

    shown = np.minimum(count, most)
    return Progression(
        by_count=tuple(group(m, shown == m) for m in range(2, int(shown.max()) + 1)),
        all_counts=group(2, count >= 2),
    )


def _first_to_last(
    measurements: int, persons: NDArray[Any], first: Floats, last: Floats, relevant: float, level: float
) -> FirstToLast:
    change = last - first
    n = len(change)
    # Scores are sums of answers times a factor: a change of 9.9999999999 is one of ten.
    near = 1e-9
    up, down = (change > 0) & (change >= relevant - near), (change < 0) & (change <= near - relevant)
    rose, fell = int(up.sum()), int(down.sum())
    return FirstToLast(
        measurements=measurements,
        n=n,
        first=mean(first, level=level),
        last=mean(last, level=level),
        change=paired_t(first, last, level=level) if n >= 2 else None,
        rose=share(rose, n, level=level),
        same=share(n - rose - fell, n, level=level),
        fell=share(fell, n, level=level),
        persons=persons,
        went=up.astype(np.int64) - down.astype(np.int64),
    )
