"""Units are types: a share is never a percentage point, a rate never a probability.

Every ledger row carries one `Unit`. A unit knows how many decimals it prints with by default, how many at most, and
which unit a difference between two of its values has; what may be compared or subtracted follows from that table alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reportlib.errors import ReportlibError


class Unit(StrEnum):
    """The unit of a number. The value is what the ledger file stores."""

    PCT = "pct"
    PCT_POINT = "pct_point"
    HOURS_PER_WEEK = "hours_per_week"
    HOURS = "hours"
    KR = "kr"
    KR_PER_HOUR = "kr_per_hour"
    RATIO = "ratio"
    RATE = "rate"
    HAZARD_RATIO = "hazard_ratio"
    COEFFICIENT = "coefficient"
    SCORE = "score"
    COUNT = "count"
    PER_PERSON = "per_person"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How a unit prints and subtracts. `difference` is None where a difference has no meaning.

    A number prints with `decimals`, and with up to `most` where only then what is printed is true (a difference that
    would be a zero, levels that would not subtract). A finished ledger holds no more than `most`
    (`reportlib.disclosure.release`).
    """

    decimals: int
    most: int
    difference: Unit | None


RULES: dict[Unit, UnitRule] = {
    Unit.PCT: UnitRule(0, 1, Unit.PCT_POINT),
    Unit.PCT_POINT: UnitRule(0, 1, Unit.PCT_POINT),
    Unit.HOURS_PER_WEEK: UnitRule(1, 2, Unit.HOURS_PER_WEEK),
    Unit.HOURS: UnitRule(1, 2, Unit.HOURS),
    Unit.KR: UnitRule(0, 0, Unit.KR),
    Unit.KR_PER_HOUR: UnitRule(0, 0, Unit.KR_PER_HOUR),
    Unit.RATIO: UnitRule(1, 3, None),
    Unit.RATE: UnitRule(1, 2, Unit.RATE),
    Unit.HAZARD_RATIO: UnitRule(2, 3, None),
    Unit.COEFFICIENT: UnitRule(3, 3, Unit.COEFFICIENT),
    Unit.SCORE: UnitRule(1, 2, Unit.SCORE),
    Unit.COUNT: UnitRule(0, 0, Unit.COUNT),
    Unit.PER_PERSON: UnitRule(1, 2, Unit.PER_PERSON),
    Unit.DAYS: UnitRule(0, 1, Unit.DAYS),
    Unit.WEEKS: UnitRule(0, 2, Unit.WEEKS),
    Unit.MONTHS: UnitRule(0, 1, Unit.MONTHS),
    Unit.YEARS: UnitRule(0, 1, Unit.YEARS),
    Unit.DATE: UnitRule(0, 0, Unit.DAYS),
}


class UnitMismatchError(ReportlibError):
    """Two numbers of different units were compared, subtracted or printed as one another."""

    usual_hint = "name a number of another unit: `reportlib keys TRIAL` lists them"


def null_value(unit: Unit) -> float:
    """The value that means no difference: 1 for ratios, 0 for everything else."""
    return 1.0 if unit in {Unit.HAZARD_RATIO, Unit.RATIO} else 0.0


def unit_of_difference(first: Unit, second: Unit) -> Unit:
    """The unit of `first - second`.

    >>> unit_of_difference(Unit.PCT, Unit.PCT)
    <Unit.PCT_POINT: 'pct_point'>

    Raises:
        UnitMismatchError: the units differ, or their difference has no meaning (ratios).
    """
    difference = RULES[first].difference if first is second else None
    if difference is None:
        raise UnitMismatchError(
            f"cannot subtract {second} from {first}",
            hint="compare numbers of one unit; a relative change is a quantity of its own",
        )
    return difference
