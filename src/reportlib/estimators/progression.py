"""From first to last measurement: how scores move over the measurements, by how many each person has.

Persons who stay are measured more often, so a curve over all measurements mixes change with who is left. Beside each
figure for all stands therefore one for the same persons throughout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportlib.estimators.before_after import PairedMeans, paired_t
from reportlib.estimators.errors import ArgumentError, BadCountError, EmptyGroupError
from reportlib.estimators.inputs import Floats, Integers, codes, finite, numbers, same_length
from reportlib.estimators.shares import Mean, Share, mean, share


@dataclass(frozen=True, slots=True)
class FirstToLast:
    """Persons with `measurements` measurements (or at least so many, where `or_more`).

    `change` compares their last with their first (None for fewer than two persons); `rose`, `same` and `fell` count
    those whose last score is at least `relevant` above, nearer than that, or at least so much below their first.
    `persons` (n,) are their labels and `went` (n,) 1, 0 or -1 for them.
    """

    measurements: int
    or_more: bool
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
class MeasurementMean:
    """Measurement number `number`: the mean of all who have it, and of the panel that has every number shown."""

    number: int
    everyone: Mean
    panel: Mean


@dataclass(frozen=True, slots=True)
class Progression:
    """`by_count`: from first to last by number of measurements, 2 and up; `all_counts`: everybody with at least two.

    `curve`: measurement by measurement, all beside the panel of `n_panel` persons. `n_once` persons have one
    measurement and enter the curve only.
    """

    by_count: tuple[FirstToLast, ...]
    all_counts: FirstToLast
    curve: tuple[MeasurementMean, ...]
    n_persons: int
    n_once: int
    n_panel: int


def progression(
    person: Any, time: Any, value: Any, *, most: int = 5, relevant: float = 0.0, level: float = 0.05
) -> Progression:
    """Order each person's measurements (rows of `person`, `time` and `value`, each (n,)) and follow them.

    Rows with a missing value are left out. `time` is any number that orders a person's measurements (days, months);
    `most` is the highest number shown by itself: those with more are counted as "`most` or more" in `by_count`, and the
    curve and its panel end there. `relevant` is the least change that counts as a rise or a fall; 0 counts any.

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
    number = np.arange(len(who)) - np.repeat(starts, count)
    of_row = np.repeat(count, count)
    highest = min(most, int(count.max()))

    def group(lowest: int, or_more: bool) -> FirstToLast:
        inside = count >= lowest if or_more else count == lowest
        persons = labels[who[starts[inside]]]
        return _first_to_last(lowest, or_more, persons, first[inside], last[inside], relevant, level)

    return Progression(
        by_count=tuple(group(m, or_more=m == most and int(count.max()) > most) for m in range(2, highest + 1)),
        all_counts=group(2, or_more=True),
        curve=tuple(_at_number(m, number, of_row, highest, score, level) for m in range(1, highest + 1)),
        n_persons=len(count),
        n_once=int((count == 1).sum()),
        n_panel=int((count >= highest).sum()),
    )


def _first_to_last(
    measurements: int, or_more: bool, persons: NDArray[Any], first: Floats, last: Floats, relevant: float, level: float
) -> FirstToLast:
    change = last - first
    n = len(change)
    # Scores are sums of answers times a factor: a change of 9.9999999999 is one of ten.
    near = 1e-9
    up, down = (change > 0) & (change >= relevant - near), (change < 0) & (change <= near - relevant)
    rose, fell = int(up.sum()), int(down.sum())
    return FirstToLast(
        measurements=measurements,
        or_more=or_more,
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


def _at_number(
    m: int, number: Integers, of_row: Integers, highest: int, score: Floats, level: float
) -> MeasurementMean:
    here = number == m - 1
    return MeasurementMean(m, mean(score[here], level=level), mean(score[here & (of_row >= highest)], level=level))
