"""Shares and means with their intervals, tests of equal shares, and how values spread over bands in each group.

A share is a fraction between 0 and 1 and always keeps the k and n it is computed from.
`level` is the significance level everywhere: 0.05 gives 95 pct. intervals.

Fisher's test is SciPy's. Wilson's and Newcombe's intervals are our own, by measurement: Wilson's is asked for thousands
of times, and statsmodels' takes 62 microseconds where this takes 2 (equal to 5e-16) and 0.7 s to load.

Sources: Wilson (1927), JASA 22; Newcombe (1998), Statistics in Medicine 17, 873-890 (method 10 for a difference);
Cochran (1954), Biometrics 10 (when chi-square may be used); Freeman and Halton (1951), Biometrika 38 (exact, r x c).

`levels_by_place` gives counts and means of each of many places, and of all other places beside it. Sums of others are
sums of what lies before and after a place, never a total less its own part: nothing is subtracted, so no digits are
lost. Sums of squares are put together as by Chan, Golub and LeVeque (1983), American Statistician 37.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from scipy.special import chdtrc, gammaln, ndtri, stdtrit

from reportlib.estimators.checked import (
    ROUNDING,
    Floats,
    Integers,
    checked_level,
    deviations,
    indicator,
    numbers,
    same_length,
    variance,
)
from reportlib.estimators.errors import BadBandsError, BadCountError, EmptyGroupError, UncoveredValueError

FISHER_TABLES = 100_000
"""Random tables behind the p-value of Fisher's test when a table larger than 2 x 2 is too large to count."""
_FISHER_STATES = 2_000_000  # tables begun that an exact test may tell apart: half a second


@dataclass(frozen=True, slots=True)
class Share:
    """k of n. `value` and the interval are fractions; all three are NaN when n is 0 (nobody was asked)."""

    k: int
    n: int
    value: float
    ci_low: float
    ci_high: float
    method: str = "wilson"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean in the values' own unit. `n` counts the values that are not missing, `n_nonzero` those other than 0."""

    n: int
    n_nonzero: int
    value: float
    sd: float
    se: float
    ci_low: float
    ci_high: float
    method: str = "t"


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """Share of the treated minus share of the controls (a fraction), its interval and the test of no difference."""

    k_treated: int
    n_treated: int
    k_control: int
    n_control: int
    difference: float
    se: float
    ci_low: float
    ci_high: float
    p: float
    test: str
    method: str = "newcombe"


@dataclass(frozen=True, slots=True)
class TableTest:
    """A test of a contingency table. `statistic` and `df` are NaN for an exact test, which has none."""

    name: str
    statistic: float
    df: float
    p: float
    n: int


def _counts(k: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    some, of = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    bad = ~(np.isfinite(some) & np.isfinite(of)) | (some < 0) | (some > of) | (some % 1 != 0) | (of % 1 != 0)
    if bad.any():
        index = int(np.flatnonzero(bad.ravel())[0])
        raise BadCountError(
            f"k = {some.ravel()[index]:g} of n = {of.ravel()[index]:g} is not a share",
            hint="k and n are whole numbers with 0 <= k <= n",
        )
    return np.array(some), np.array(of)


@lru_cache
def _normal_quantile(level: float) -> float:
    """z at 1 - level/2: asked for thousands of times with one level."""
    return float(-ndtri(level / 2))


def wilson_interval(k: ArrayLike, n: ArrayLike, *, level: float = 0.05) -> tuple[Floats, Floats]:
    """Wilson's score interval for k of n, elementwise: two arrays of fractions (NaN where n is 0).

    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z the normal quantile at 1 - level/2.
    """
    some, of = _counts(k, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = _wilson(some, of, _normal_quantile(checked_level(level)))
    # The formula gives exactly 0 and 1 at the ends; rounding would leave 1e-17 and 0.99....
    low = np.where((some == 0) & (of > 0), 0.0, low)
    high = np.where((some == of) & (of > 0), 1.0, high)
    return low, high


def _wilson(k: Any, n: Any, z: float) -> tuple[Any, Any]:
    """Wilson's formula, for numbers as for arrays."""
    p = k / n
    centre = p + z**2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)


def share(k: int, n: int, *, level: float = 0.05) -> Share:
    """The share k/n with Wilson's interval. Raises BadCountError unless 0 <= k <= n are whole numbers."""
    if not (0 <= k <= n and k % 1 == 0 and n % 1 == 0):
        _counts(k, n)  # says what is wrong
    z = _normal_quantile(checked_level(level))
    k, n = int(k), int(n)
    if n == 0:
        return Share(0, 0, float("nan"), float("nan"), float("nan"))
    low, high = _wilson(float(k), float(n), z)  # asked for thousands of times: an array of one takes ten times as long
    return Share(k, n, k / n, 0.0 if k == 0 else float(low), 1.0 if k == n else float(high))


def shares(k: ArrayLike, n: ArrayLike, *, level: float = 0.05) -> tuple[Share, ...]:
    """One Share for each pair of k and n (m,); a single n serves all."""
    some, of = _counts(k, n)
    low, high = wilson_interval(some, of, level=level)
    return tuple(
        Share(int(a), int(b), float(a / b) if b else float("nan"), float(c), float(d))
        for a, b, c, d in zip(some.ravel(), of.ravel(), low.ravel(), high.ravel(), strict=True)
    )


def mean(values: Any, *, level: float = 0.05) -> Mean:
    """The mean of `values` (n,), missing values left out, with Student's t interval on n - 1 degrees of freedom.

    With no value everything but the counts is NaN; with one value only the mean is known.
    """
    array = numbers(values, "values")
    array = array[~np.isnan(array)]
    value = float(array.mean()) if len(array) else float("nan")
    return mean_of(len(array), int(np.count_nonzero(array)), value, variance(array), level=level)


def mean_of(n: int, n_nonzero: int, value: float, variance: float, *, level: float = 0.05) -> Mean:
    """The same of values of which only the mean and the sample variance are known."""
    checked_level(level)
    sd = variance**0.5
    se = sd / n**0.5 if n > 1 else float("nan")
    half = float(stdtrit(n - 1, 1 - level / 2)) * se if n > 1 else float("nan")
    return Mean(n, n_nonzero, value, sd, se, value - half, value + half)


def difference_in_shares(
    k_treated: int, n_treated: int, k_control: int, n_control: int, *, level: float = 0.05
) -> ShareDifference:
    """k_treated/n_treated minus k_control/n_control, with Newcombe's interval, good in small groups.

    `se` is sqrt(p₁(1-p₁)/n₁ + p₀(1-p₀)/n₀); p is from `test_shares`. Raises EmptyGroupError when a group has nobody.
    """
    if n_treated == 0 or n_control == 0:
        raise EmptyGroupError(f"a difference needs persons in both groups; there are {n_treated} and {n_control}")
    tested = test_shares([k_treated, k_control], [n_treated, n_control])
    treated, control = share(k_treated, n_treated, level=level), share(k_control, n_control, level=level)
    one, other = treated.value, control.value
    return ShareDifference(
        k_treated,
        n_treated,
        k_control,
        n_control,
        difference=one - other,
        se=(one * (1 - one) / n_treated + other * (1 - other) / n_control) ** 0.5,
        ci_low=one - other - ((one - treated.ci_low) ** 2 + (control.ci_high - other) ** 2) ** 0.5,
        ci_high=one - other + ((treated.ci_high - one) ** 2 + (other - control.ci_low) ** 2) ** 0.5,
        p=tested.p,
        test=tested.name,
    )


def test_shares(k: ArrayLike, n: ArrayLike, *, seed: int = 20_260_101) -> TableTest:
    """Test that the shares k/n are equal in two or more groups: `test_table` on the counts with and without."""
    some, of = _counts(k, n)
    if some.ndim != 1 or len(some) < 2:
        raise EmptyGroupError("a test of equal shares needs at least two groups")
    return test_table(np.stack([some, of - some], axis=1), seed=seed)


def test_table(table: ArrayLike, *, seed: int = 20_260_101) -> TableTest:
    """Test that rows and columns of a table of counts are independent; the expected counts choose the test.

    2 x 2: Pearson's chi-square without continuity correction when every expected count is at least 5, otherwise
    Fisher's exact test. Larger: chi-square under Cochran's rule (no expected count under 1 and at most a fifth of them
    under 5), otherwise Fisher-Freeman-Halton: exact, or where the tables are too many to count, by Monte Carlo
    (`FISHER_TABLES` tables with the same margins, fixed seed).
    Rows and columns without any count are left out; when fewer than two are left there is nothing to test and p is 1.
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2:
        raise BadCountError(f"a table has rows and columns; this has shape {counts.shape}")
    _counts(counts, counts)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = int(counts.sum())
    if min(counts.shape) < 2:
        return TableTest("none: no variation", float("nan"), float("nan"), 1.0, n)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    smallest = float(expected.min())
    two_by_two = counts.shape == (2, 2)
    few = smallest < 5 if two_by_two else smallest < 1 or float((expected < 5).mean()) > 0.2
    if few:
        if two_by_two:
            from scipy import stats  # slow to load

            p, name = float(stats.fisher_exact(counts.astype(int)).pvalue), "fisher"
        else:
            exact = _fisher_exact(counts.astype(np.int64))
            p, name = (
                (_fisher_monte_carlo(counts.astype(np.int64), seed), f"fisher, {FISHER_TABLES} random tables")
                if exact is None
                else (exact, "fisher")
            )
        return TableTest(name, float("nan"), float("nan"), p, n)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return TableTest("chi-square", statistic, float(df), float(chdtrc(df, statistic)), n)


def _fisher_exact(counts: NDArray[np.int64]) -> float | None:
    """Share of all tables with the same margins that are no more likely than the observed one, by their probability.

    The tables of every second row are counted, then those of the others, and what fits together is added up. None where
    there are more than `_FISHER_STATES` to tell apart.
    """
    counts = counts if counts.shape[0] >= counts.shape[1] else counts.T
    columns, limit = counts.sum(axis=0), -gammaln(counts + 1.0).sum() + 1e-7
    first, second = (_tables_begun(counts[start::2].sum(axis=1), columns) for start in (0, 1))
    if first is None or second is None:
        return None
    (used, score, times), (rest, rest_score, rest_times) = first, second
    place = np.cumprod([1, *(columns[:-1] + 1)])  # what is used of the columns, as one number
    code, wanted = used @ place, (columns - rest) @ place
    order = np.lexsort((rest_score, wanted))
    wanted, rest_score, rest_times = wanted[order], rest_score[order], rest_times[order]
    found = []
    for one in np.intersect1d(code, wanted):
        here, fitting = code == one, slice(*np.searchsorted(wanted, [one, one + 1]))
        largest = score[here].max() + rest_score[fitting].max()
        weight = times[here] * np.exp(score[here] - score[here].max())
        summed = np.cumsum([0.0, *rest_times[fitting] * np.exp(rest_score[fitting] - rest_score[fitting].max())])
        within = np.searchsorted(rest_score[fitting], limit - score[here], side="right")
        found.append((largest, weight @ summed[within], weight.sum() * summed[-1]))
    scale, as_likely, every = np.array(found).T
    scale = np.exp(scale - scale.max())
    return float(scale @ as_likely / (scale @ every))


def _tables_begun(
    totals: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats, Floats] | None:
    """All ways to fill rows with these totals: used of each column, log probability, and how many are alike in both."""
    used, score, times = np.zeros((1, len(columns)), np.int64), np.zeros(1), np.ones(1)
    for total in totals:
        most = np.minimum(columns[:-1], total)
        if (most + 1).prod(dtype=float) * len(used) > _FISHER_STATES:
            return None
        parts = np.indices(most + 1).reshape(len(most), -1).T
        parts = np.column_stack([parts, total - parts.sum(axis=1)])
        parts = parts[parts[:, -1] >= 0]
        new = (used[:, None] + parts).reshape(-1, len(columns))
        fits = (new <= columns).all(axis=1)
        likely = (score[:, None] - gammaln(parts + 1.0).sum(axis=1)).ravel()[fits]
        alike = np.column_stack([new[fits], np.round(likely * 1e9).astype(np.int64)])
        alike, first, which = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        times = np.bincount(which.ravel(), np.repeat(times, len(parts))[fits]).astype(float)
        used, score = alike[:, :-1], likely[first]
    return used, score, times


def _fisher_monte_carlo(counts: NDArray[np.int64], seed: int) -> float:
    """Share of random tables with the same margins that are no more likely than the observed one (itself counted)."""
    from scipy import stats  # slow to load

    tables = stats.random_table(counts.sum(axis=1), counts.sum(axis=0)).rvs(
        FISHER_TABLES, random_state=np.random.default_rng(seed)
    )
    # Given the margins, a table's probability is a constant over the product of its factorials.
    observed = gammaln(counts + 1.0).sum()
    drawn = gammaln(tables + 1.0).sum(axis=(1, 2))
    return float((1 + np.count_nonzero(drawn >= observed - 1e-7)) / (1 + FISHER_TABLES))


@dataclass(frozen=True, slots=True)
class Band:
    """Values above `low` up to and including `high`: the share of those with a positive value, in each group."""

    low: float
    high: float
    treated: Share
    control: Share


@dataclass(frozen=True, slots=True)
class Distribution:
    """The bands from low to high. `positive_*` is the share with a positive value among those followed.

    `test` asks whether the groups' positive values spread alike over the bands.
    """

    bands: tuple[Band, ...]
    positive_treated: Share
    positive_control: Share
    test: TableTest


def distribution(values: Any, treated: Any, *, edges: Sequence[float], level: float = 0.05) -> Distribution:
    """Count the positive `values` (n,) (NaN: not followed) in the bands between consecutive `edges`, by group.

    A value on an edge belongs to the band below it, so edges 0, 5, 10 give "over 0 up to 5" and "over 5 up to 10". The
    last edge may be infinite. Raises BadBandsError unless the edges rise from 0 or more and are at least two,
    UncoveredValueError for a positive value outside them, and EmptyGroupError when nobody in a group is followed.
    """
    limits = np.asarray(edges, dtype=float)
    if len(limits) < 2 or limits[0] < 0 or not (np.diff(limits) > 0).all():
        raise BadBandsError(f"the edges {list(edges)} must rise from 0 or more, and be at least two")
    hours = numbers(values, "values")
    arm = indicator(treated, "treated")
    same_length(values=hours, treated=arm)
    groups = [hours[side & ~np.isnan(hours)] for side in (arm, ~arm)]
    if not all(len(group) for group in groups):
        raise EmptyGroupError("nobody is followed in one of the groups")
    positive = [group[group > 0] for group in groups]
    for group in positive:
        outside = group[(group <= limits[0]) | (group > limits[-1])]
        if len(outside):
            raise UncoveredValueError(
                f"{len(outside)} values lie outside {limits[0]:g} to {limits[-1]:g}, for example {outside[0]:g}",
                hint="let the last edge be infinite",
            )
    counts = [
        np.bincount(np.searchsorted(limits, group, side="left") - 1, minlength=len(limits) - 1) for group in positive
    ]
    by_band = [shares(count, len(group), level=level) for count, group in zip(counts, positive, strict=True)]
    above = shares([len(group) for group in positive], [len(group) for group in groups], level=level)
    return Distribution(
        bands=tuple(
            Band(float(low), float(high), one, other)
            for low, high, one, other in zip(limits[:-1], limits[1:], *by_band, strict=True)
        ),
        positive_treated=above[0],
        positive_control=above[1],
        test=test_table(np.stack(counts)),
    )


_TOGETHER = 8  # columns that a processor's cache fetches with one of them
_AT_ONCE = 1 << 20  # values of a place that are looked at together: a copy of all would double the memory


class Places:
    """Units in the order of their places: what belongs to a place is a run. `codes` (units,) is negative for none."""

    def __init__(self, codes: Integers, count: int) -> None:
        self.codes, self.inside = codes, codes >= 0
        order = np.argsort(codes.astype(np.min_scalar_type(-count - 1)), kind="stable")  # few places: a sort by digits
        self.order = order[np.searchsorted(codes, 0, sorter=order) :]
        sorted_codes = codes[self.order]
        self.starts = np.flatnonzero(np.diff(sorted_codes, prepend=-1))
        self.present = sorted_codes[self.starts]
        self.count = count

    def sums(self, values: NDArray[Any], dtype: DTypeLike | None = None) -> NDArray[Any]:
        """(places,) the sums of each place's values, which are given in the `order` of places."""
        found = np.zeros(self.count, dtype=dtype or values.dtype)
        if len(self.starts):
            found[self.present] = np.add.reduceat(values, self.starts, dtype=dtype)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Values of each place in each column, (places, columns): how many there are, how many differ from 0, their sum,
    the sum of their squared deviations from the mean, and the largest size (what rounding is measured against)."""

    n: Integers
    nonzero: Integers
    total: Floats
    squares: Floats
    scale: Floats

    @property
    def mean(self) -> Floats:
        """NaN where there is no value."""
        found: Floats = np.divide(self.total, self.n, out=np.full(self.total.shape, np.nan), where=self.n > 0)
        return found

    def __getitem__(self, place: Any) -> Levels:
        return Levels(self.n[place], self.nonzero[place], self.total[place], self.squares[place], self.scale[place])

    def with_(self, other: Levels) -> Levels:
        """Both together."""
        n, scale = self.n + other.n, np.maximum(self.scale, other.scale)
        apart = np.nan_to_num(other.mean - self.mean)
        apart = np.where(np.abs(apart) <= ROUNDING * scale, 0.0, apart)
        squares = self.squares + other.squares + apart**2 * (self.n * other.n / np.maximum(n, 1))
        return Levels(n, self.nonzero + other.nonzero, self.total + other.total, squares, scale)

    def of_others(self) -> Levels:
        """What all other places are together, beside each place."""
        places = len(self.n)
        nothing = Levels(*(np.zeros_like(part[0]) for part in self._parts()))
        before, after = [nothing], [nothing]
        for place in range(places - 1):
            before.append(before[-1].with_(self[place]))
            after.append(self[places - 1 - place].with_(after[-1]))
        together = [first.with_(last)._parts() for first, last in zip(before, after[::-1], strict=True)]
        return Levels(*(np.stack(parts) for parts in zip(*together, strict=True)))

    def _parts(self) -> tuple[NDArray[Any], ...]:
        return self.n, self.nonzero, self.total, self.squares, self.scale


def levels_by_place(values: Floats, places: Places, *, counts_only: bool = False) -> Levels:
    """The levels of values (units, columns), NaN where there is none; `counts_only` leaves all but n and nonzero 0."""
    shape = places.count, values.shape[1]
    n, nonzero = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    total, squares, scale = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for place, units in zip(places.present, np.split(places.order, places.starts[1:]), strict=False):
        width = max(_TOGETHER, _AT_ONCE // len(units))
        for first in range(0, shape[1], width):
            own = values[units, first : first + width]
            known = ~np.isnan(own)
            at = place, slice(first, first + width)
            n[at], nonzero[at] = np.count_nonzero(known, axis=0), np.count_nonzero(known & (own != 0), axis=0)
            columns = enumerate(zip(own.T.copy(), known.T, strict=True), first) if not counts_only else ()
            for column, (cells, there) in columns:
                if not len(here := cells[there]):
                    continue
                # a sum of its own, in the order of `mean`: the last digits are the same
                total[place, column], scale[place, column] = here.sum(), np.abs(here).max()
                apart = deviations(here, total[place, column] / len(here), scale[place, column])
                squares[place, column] = apart @ apart
    return Levels(n, nonzero, total, squares, scale)
