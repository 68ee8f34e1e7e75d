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
- se, df: left out. They are tested against the rest of the row before (`reportlib.analysis.ledger_builder.check_row`).
- method: of shown rows only, as everything but labels and unit (`reportlib.disclosure.threshold.hide`).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from reportlib.danish import as_decimal, p_text, round_half_up, whole_minutes
from reportlib.ledger import Estimate
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
_HALF_OF_A_CURVE = 50.0

_COUNTED = frozenset({"hazard_ratio"})
_HOURS = frozenset({Unit.HOURS, Unit.HOURS_PER_WEEK})
_MINUTES = 60
_HALF = Fraction(1, 2)


def released(row: Estimate, *, level: float) -> Estimate:
    """A shown row as it leaves the server; see the plan at the top of the module. `level` is the trial's."""
    share = is_share(row)
    low, high = (None, None) if _tells_answers(row) else (row.ci_low, row.ci_high)
    ends, limits = end_decimals(row), _limits(row)
    minutes = row.unit in _HOURS
    return replace(
        row,
        value=row.value if share else _told_value(row, level),
        k=row.k if "k" in counts_told(row) else None,
        ci_low=None if low is None else told(low, ends, limits=limits, minutes=minutes),
        ci_high=None if high is None else told(high, ends, limits=limits, minutes=minutes),
        p=None if row.p is None else told_p(row.p, level),
        se=None,
        df=None,
    )


def counts_told(row: Estimate) -> tuple[str, ...]:
    """Which of k and n a shown row tells: of shares and counts both, of all else its n."""
    is_count = row.unit is Unit.COUNT and row.k == row.value
    told_k = is_share(row) or is_count or row.statistic in _COUNTED
    return tuple(name for name in (("k", "n") if told_k else ("n",)) if getattr(row, name) is not None)


def _tells_answers(row: Estimate) -> bool:
    return row.statistic in MEANS and row.group != DIFFERENCE and row.n is not None and row.n < INTERVAL_NEEDS


def _told_value(row: Estimate, level: float) -> float | None:
    if row.value is None or row.statistic in TESTS:
        return None
    if row.statistic in P_VALUES:
        return told_p(row.value, level)
    return told(row.value, value_decimals(row), limits=_limits(row), minutes=row.unit in _HOURS)


def _limits(row: Estimate) -> tuple[float, ...]:
    """The values that decide what is said: zero, no difference, and of a curve half of the persons."""
    return 0.0, _HALF_OF_A_CURVE if row.statistic in _CURVES else null_value(row.unit)


def told(value: float, decimals: int, *, limits: tuple[float, ...] = (0.0,), minutes: bool = False) -> float:
    """The shortest decimal that prints as `value` does with `decimals` and with fewer, on its side of all `limits`.

    Nearly always that is `value` rounded. 12.46 with one decimal is 12.5, which prints as 13 without decimals where
    12.46 prints as 12; then it is 12.48, the middle of all that prints as 12.5 and as 12. With `minutes`, hours also
    print the same in minutes. What is told depends on the printed forms alone.
    """
    exact = as_decimal(value)
    rounded = round_half_up(exact, decimals)
    if _prints_alike(rounded, exact, decimals, minutes=minutes) and _same_side(rounded, exact, limits):
        return float(rounded)
    low, high = _bounds(exact, decimals, limits, minutes=minutes)
    middle = (low + high) / 2
    places = decimals
    while True:
        nearest = Fraction(round_half_up(middle, places))
        if low < nearest < high:
            return float(nearest)
        places += 1


def _prints_alike(one: Decimal, other: Decimal, decimals: int, *, minutes: bool) -> bool:
    fewer = all(round_half_up(one, places) == round_half_up(other, places) for places in range(decimals))
    return fewer and not (minutes and whole_minutes(one) != whole_minutes(other))


def _same_side(one: Decimal, other: Decimal, limits: tuple[float, ...]) -> bool:
    return all((one > limit, one < limit) == (other > limit, other < limit) for limit in limits)


def _bounds(exact: Decimal, decimals: int, limits: tuple[float, ...], *, minutes: bool) -> tuple[Fraction, Fraction]:
    """What lies between these (without the ends) prints as `exact` does."""
    cells = [_cell(Fraction(exact), Fraction(10) ** places) for places in range(decimals + 1)]
    if minutes:
        cells.append(_cell(Fraction(exact), Fraction(_MINUTES)))
    low, high = max(cell[0] for cell in cells), min(cell[1] for cell in cells)
    below = [Fraction(limit) for limit in limits if exact > limit]
    above = [Fraction(limit) for limit in limits if exact < limit]
    return max([low, *below]), min([high, *above])


def _cell(exact: Fraction, parts: Fraction) -> tuple[Fraction, Fraction]:
    """What rounds to the same number of `parts` of one, half away from zero."""
    nearest = Fraction(round_half_up(exact * parts))
    return (nearest - _HALF) / parts, (nearest + _HALF) / parts


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
