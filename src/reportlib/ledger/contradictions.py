"""What in a row contradicts the rest of it: share and counts, interval and estimate, p-value and verdict.

The same tests are held twice: on the server, where a row has all its digits and its standard error, and on the account
of a finished report, whose rows are rounded (`reportlib.disclosure.release`). There each number counts as all that
would round to it, and a p-value must be one that some number of degrees of freedom gives.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from reportlib.ledger import Estimate
from reportlib.ledger.digits import end_decimals, rounding_of
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit, null_value

_NOISE = 1e-9
_TESTS_BY_T = 1e-3
_ON_THE_EDGE = 1e-6
_ROUNDED_P = 0.005
_LEAST_AND_MOST_DF = (1.0, 1e9)
_MOST_PERSONS = 10**10
_LARGEST = 1e15  # more than all the kroner there are

# In per cent, and not the part of a whole: changes, and settings of a calculation such as a discount rate.
_NO_PART = frozenset({"relative_change", "parameter", "assumption_low", "assumption_high"})


def contradictions(row: Estimate, level: float, *, rounded: bool) -> Iterator[str]:
    """Every contradiction as a sentence that begins with the row's key. `rounded` for rows of a finished ledger."""
    if row.statistic.startswith("share") and row.unit is Unit.PCT:
        yield from _share(row)
    yield from _impossible(row)
    if row.p is not None and not 0 <= row.p <= 1:
        yield f"{row.key}: p-value {row.p} outside 0 to 1"
    if row.value is None:
        return
    if row.se is not None and row.se < 0:
        yield f"{row.key}: negative standard error {row.se}"
    if row.ci_low is None or row.ci_high is None:
        return
    value, low, high = float(row.value), float(row.ci_low), float(row.ci_high)
    slack = _NOISE * max(1.0, abs(value))
    if rounded:
        slack += float(rounding_of(row)) + 0.5 * 10.0 ** -end_decimals(row)
    if not low - slack <= value <= high + slack:
        yield f"{row.key}: {value:.6g} lies outside its interval {low:.6g} to {high:.6g}"
    if row.p is not None and row.statistic == "difference":
        yield from _verdict(row, low, high, row.p, level)
    if row.p is not None and row.se is not None:
        yield from _test(row, value, low, high, level)
    elif rounded and row.p is not None and row.statistic == "difference":
        yield from _rounded_test(row, value, low, high, level, slack)


def _impossible(row: Estimate) -> Iterator[str]:
    """What no row can hold, whatever else is in it."""
    for name in ("k", "n"):
        count = getattr(row, name)
        if count is not None and not 0 <= count <= _MOST_PERSONS:
            yield f"{row.key}: {name} = {count} is no number of persons"
    if row.df is not None and not 0 <= row.df <= _LARGEST:
        yield f"{row.key}: {row.df} degrees of freedom"
    if (row.ci_low is None) != (row.ci_high is None):
        yield f"{row.key}: its interval has one end"
    if any(abs(number) > _LARGEST for number in (row.value, row.ci_low, row.ci_high, row.se) if number is not None):
        yield f"{row.key}: {row.value} is too large to be a result"
    part_of_a_whole = row.unit is Unit.PCT and row.group != DIFFERENCE and row.statistic not in _NO_PART
    if row.value is not None and part_of_a_whole and not -_NOISE <= row.value <= 100 + _NOISE:
        yield f"{row.key}: {row.value} pct. is outside 0 to 100"


def _share(row: Estimate) -> Iterator[str]:
    if row.hidden:
        return
    if row.n is None or row.k is None:
        yield f"{row.key}: a share needs its k and n"
    elif not 0 <= row.k <= row.n:
        yield f"{row.key}: k = {row.k} is not among n = {row.n}"
    elif row.n == 0:
        if row.value is not None:
            yield f"{row.key}: a share of nobody has no value"
    elif row.value is None or not math.isclose(row.value, 100 * row.k / row.n, rel_tol=_NOISE, abs_tol=_NOISE):
        yield f"{row.key}: {row.value} pct. is not {row.k} of {row.n}"


def _verdict(row: Estimate, low: float, high: float, p: float, level: float) -> Iterator[str]:
    null = null_value(row.unit)
    if (low > null or high < null) != (p < level) and not abs(p - level) < _ON_THE_EDGE:
        yield f"{row.key}: p = {p:.4g} and the interval {low:.4g} to {high:.4g} give different verdicts"


def _test(row: Estimate, value: float, low: float, high: float, level: float) -> Iterator[str]:
    """A symmetric interval on a t distribution fixes the p-value."""
    if row.se is None or not row.se > 0 or row.p is None or row.df is None or row.df <= 0:
        return
    half = _quantile(row.df, level) * row.se
    if not (
        math.isclose(high - value, half, rel_tol=_TESTS_BY_T) and math.isclose(value - low, half, rel_tol=_TESTS_BY_T)
    ):
        if math.isclose(high - value, value - low, rel_tol=_TESTS_BY_T) and row.statistic == "difference":
            yield f"{row.key}: the interval {low:.6g} to {high:.6g} is not {value:.6g} with standard error {row.se:.6g}"
        return
    again = _p(row.df, value / row.se)
    if not math.isclose(again, row.p, rel_tol=0.01, abs_tol=1e-6):
        yield f"{row.key}: p = {row.p:.4g}, but {value:.6g} with standard error {row.se:.6g} gives p = {again:.4g}"


def _rounded_test(row: Estimate, value: float, low: float, high: float, level: float, slack: float) -> Iterator[str]:
    """Half a symmetric interval and the estimate fix the p-value, but for rounding and the degrees of freedom."""
    half = (high - low) / 2
    if row.p is None or abs((high + low) / 2 - value) > slack or half <= slack:
        return
    far, near = (abs(value) + slack) / (half - slack), max(0.0, abs(value) - slack) / (half + slack)
    found = [_p(df, ratio * _quantile(df, level)) for df in _LEAST_AND_MOST_DF for ratio in (near, far)]
    if not min(found) - _ROUNDED_P <= row.p <= max(found) + _ROUNDED_P:
        yield (
            f"{row.key}: p = {row.p:.4g}, but {value:.6g} with the interval {low:.6g} to {high:.6g} gives p from "
            f"{min(found):.4g} to {max(found):.4g}"
        )


def _quantile(df: float, level: float) -> float:
    from scipy.special import stdtrit  # a check of a page of prose needs no statistics

    return float(stdtrit(df, 1 - level / 2))


def _p(df: float, t: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))
