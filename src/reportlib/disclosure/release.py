"""What of a finished row leaves the server: no more than print needs.

A ledger in memory has every number with all its digits, and beside each what it was tested with. Digits give persons
away: the mean and the error of seven answers are the seven answers, and a difference with all its digits is the two
counts it came from. So the last step before a ledger is written keeps, of each row, the columns of the plan below, and
of each number what its printed forms say (`told`): whatever can be printed from the ledger in memory prints alike from
the one that is released, and nothing else is in it.

The plan by column:

- value: of a share `100 k / n`, exactly; of the statistic of a test nothing, because its p-value is what is printed;
  of all else the decimals a number of its unit is printed with at most (`reportlib.text.units.RULES`).
- n: kept. k: of shares and counts, and of hazard ratios (how many left); of a mean it is a count that no report
  prints, and all but a few who have something would be as small a cell as those who do.
- ci_low, ci_high: the decimals that are printed, so many that neither end becomes a zero it is not. The interval of
  a mean of few persons is left out (`INTERVAL_NEEDS`): with the mean it would leave only a few lists of answers.
- p: as it is printed, on its side of the level.
- se, df: left out. They are tested against the rest of the row before (`reportlib.ledger.contradictions`).
- method: of shown rows only, as everything but labels and unit (`reportlib.disclosure.threshold.hide`).

A trial is analysed again when new extracts are drawn. Each ledger is protected by itself, but whoever has both can take
one from the other: a k that was 61 and is 62 is one person. What differs by fewer persons than the threshold is told
(`few_changed`) before the second ledger leaves the server; what to do about it (wait until more have come, or hide the
measure) is for those who know whether the first one has left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reportlib.danish import as_decimal, p_text, round_half_up
from reportlib.disclosure.threshold import Threshold, too_few
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.digits import MEANS, end_decimals, is_share, value_decimals
from reportlib.ledger.keys import DIFFERENCE
from reportlib.text.units import Unit, null_value

LEAST_P = 0.0005
"""What a released row says of every p-value that is printed as `p < 0,001`."""

INTERVAL_NEEDS = 20
"""The fewest persons whose mean is released with its interval."""

TESTS = frozenset(
    {
        "test",
        "sign_test",
        "joint_test",
        "heterogeneity",
        "interaction",
        "interaction_holm",
        "proportional_hazards",
    }
)
"""Statistics of which only the p-value is printed."""

P_VALUES = frozenset({"p_holm", "p_bh"})
"""Statistics whose value is a p-value."""

_CURVES = frozenset({"survival", "left"})
_HALF_OF_A_CURVE = 50


def released(row: Estimate, *, level: float) -> Estimate:
    """A shown row as it leaves the server; see the plan at the top of the module. `level` is the trial's."""
    share = is_share(row)
    low, high = (None, None) if _tells_answers(row) else (row.ci_low, row.ci_high)
    ends, limits = end_decimals(row), _limits(row)
    return replace(
        row,
        value=row.value if share else _told_value(row, level),
        k=row.k if "k" in counts_told(row) else None,
        ci_low=None if low is None else told(low, ends, limits=limits),
        ci_high=None if high is None else told(high, ends, limits=limits),
        p=None if row.p is None else told_p(row.p, level),
        se=None,
        df=None,
    )


def counts_told(row: Estimate) -> tuple[str, ...]:
    """Which of k and n a shown row tells: of shares and counts both, of all else its n."""
    is_count = row.unit is Unit.COUNT and row.k == row.value
    told_k = is_share(row) or is_count
    return tuple(name for name in (("k", "n") if told_k else ("n",)) if getattr(row, name) is not None)


def _tells_answers(row: Estimate) -> bool:
    return row.statistic in MEANS and row.group != DIFFERENCE and row.n is not None and row.n < INTERVAL_NEEDS


def _told_value(row: Estimate, level: float) -> float | None:
    if row.value is None or row.statistic in TESTS:
        return None
    if row.statistic in P_VALUES:
        return told_p(row.value, level)
    return told(row.value, value_decimals(row), limits=_limits(row))


def _limits(row: Estimate) -> tuple[int, ...]:
    """The values that decide what is said: zero, no difference, and of a curve half of the persons."""
    return 0, _HALF_OF_A_CURVE if row.statistic in _CURVES else int(null_value(row.unit))


def told(value: float, decimals: int, *, limits: tuple[int, ...] = (0,)) -> float:
    """The shortest decimal that prints as `value` does with `decimals` and with fewer, on its side of all `limits`.

    Nearly always that is `value` rounded. 12.46 with one decimal is 12.5, which prints as 13 without decimals where
    12.46 prints as 12; then it is 12.48, the middle of all that prints as 12.5 and as 12. What is told depends on the
    printed forms alone.
    """
    exact = as_decimal(value)
    digits = max(0, -int(exact.as_tuple().exponent))
    whole = 2 * 10 ** max(digits, decimals)  # how many parts one is counted in: all below are whole numbers
    number = int(exact.scaleb(digits)) * (whole // 10**digits)
    units = [whole // 10**places for places in range(decimals + 1)]
    printed = [_nearest(number, unit) for unit in units]
    limits_told = [limit * whole for limit in limits]
    rounded = printed[decimals]
    alike = all(_nearest(rounded * units[decimals], unit) == of for unit, of in zip(units, printed, strict=True))
    if alike and all(_sign(rounded * units[decimals] - limit) == _sign(number - limit) for limit in limits_told):
        return float(Decimal(rounded).scaleb(-decimals))
    low = max(of * unit - unit // 2 for unit, of in zip(units, printed, strict=True))
    high = min(of * unit + unit // 2 for unit, of in zip(units, printed, strict=True))
    low = max([low, *(limit for limit in limits_told if number > limit)])
    high = min([high, *(limit for limit in limits_told if number < limit)])
    places = decimals
    while True:  # the middle of all that prints alike, with as many decimals as it needs to be among it
        nearest = _nearest((low + high) * 10**places, 2 * whole)
        if low * 10**places < nearest * whole < high * 10**places:
            return float(Decimal(nearest).scaleb(-places))
        places += 1


def _nearest(number: int, unit: int) -> int:
    """How many units the number is, half away from zero."""
    units = (2 * abs(number) + unit) // (2 * unit)
    return units if number >= 0 else -units


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def told_p(p: float, level: float) -> float:
    """The shortest p-value that prints as `p` does and gives its verdict at `level`."""
    if p_text(p, level=level) == p_text(LEAST_P, level=level):
        return LEAST_P
    wanted, decimals = p_text(p, level=level), 2
    while True:
        found = float(round_half_up(p, decimals))
        if p_text(found, level=level) == wanted and (found < level) == (p < level):
            return found
        decimals += 1


@dataclass(frozen=True, slots=True)
class FewChanged:
    """A number of persons that both releases show: `what` of a row (k, n, or n - k), then and now."""

    key: str
    what: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.key}: {self.what} was {self.before} and is {self.after}"


def few_changed(before: Ledger, after: Iterable[Estimate], threshold: Threshold) -> list[FewChanged]:
    """The shown numbers of persons that differ by fewer than the threshold, in the order of the rows now.

    Rows are the same when their keys are. That a number is the same in both says nothing of who is behind it.
    """
    then = {row.key: dict(_counts(row)) for row in before}
    return [
        FewChanged(row.key, what, then[row.key][what], count)
        for row in after
        for what, count in _counts(row)
        if (changed := abs(count - then.get(row.key, {}).get(what, count))) and too_few(changed, threshold)
    ]


def _counts(row: Estimate) -> Iterator[tuple[str, int]]:
    """The numbers of persons that a row shows."""
    if row.k is not None:
        yield "k", row.k
    if row.n is not None:
        yield "n", row.n
    if row.k is not None and row.n is not None:
        yield "n - k", row.n - row.k
