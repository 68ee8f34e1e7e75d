"""One ledger row as Danish text: rounded half up once, with its unit, counts and interval, or why it is not shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reportlib.danish import (
    NBSP,
    ROUNDING_NOTE,
    Number,
    as_decimal,
    count_text,
    interval_text,
    number_text,
    round_half_up,
    value_text,
)
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.ledger.digits import (
    decimals_apart,
    decimals_borne,
    interval_decimals,
    is_share,
    rounded_outward,
    rounding_of,
    usual_decimals,
    value_decimals,
)
from reportlib.ledger.table import HiddenValueError
from reportlib.text.marks import unmarked
from reportlib.text.origin import derived, origin_of, with_origin
from reportlib.text.units import RULES, Unit, UnitMismatchError, unit_of_difference

# How one Estimate prints: in running text, with its counts, as a table cell, with its interval; and when hidden.
#
# Every print of an Estimate goes through `exact_value`, so that text, tables and figures cannot round differently: a
# share is computed again from its k and n, exactly.


HIDDEN_SIGN = "·"
"""What stands where a hidden number would; a table's note explains it with `hidden_cell_note`."""

NOT_ESTIMATED = "(ikke opgjort)"

DEFAULT_THRESHOLD = 5


class TooManyDecimalsError(ReportlibError):
    """A document asked for more decimals of a number than its ledger holds."""


def exact_value(estimate: Estimate) -> Fraction | Decimal:
    """The number to print, without the noise of floats: a share is 100 k / n, everything else its shortest decimal.

    Raises:
        HiddenValueError: the estimate is hidden or could not be computed.
    """
    value = estimate.number
    if estimate.unit is Unit.PCT and estimate.statistic.startswith("share") and estimate.k is not None and estimate.n:
        return with_origin(Fraction(100 * estimate.k, estimate.n), origin_of(value))
    return as_decimal(value)


def fewer_than(threshold: int = DEFAULT_THRESHOLD) -> str:
    """`færre end fem personer`."""
    return f"færre end {count_text(threshold, 'person')}"


def hidden_text(estimate: Estimate, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """What stands in a sentence in place of a number: `(ikke vist: hviler på ...)`, or `(ikke opgjort)`."""
    return f"(ikke vist: {why_hidden(threshold)})" if estimate.hidden else NOT_ESTIMATED


def why_hidden(threshold: int = DEFAULT_THRESHOLD) -> str:
    """Both reasons at once: `hviler på færre end fem personer eller kan afsløre et tal, der gør det`."""
    return f"hviler på {fewer_than(threshold)} eller kan afsløre et tal, der gør det"


def hidden_cell_note(threshold: int = DEFAULT_THRESHOLD) -> str:
    """The note under a table with hidden cells."""
    return f"{HIDDEN_SIGN} betyder, at tallet ikke vises, fordi det {why_hidden(threshold)}."


def tal(estimate: Estimate, decimals: int | None = None, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """The number with its unit for running text: `12 pct.`, `2,1 timer`; or `hidden_text`.

    Raises:
        TooManyDecimalsError: the ledger holds fewer decimals of the number.
    """
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    places = usual_decimals(estimate) if decimals is None else _allowed(estimate, decimals)
    return value_text(exact_value(estimate), estimate.unit, places)


def antal(estimate: Estimate) -> str:
    """How many persons a share counts: `83 af 690`; or `hidden_text`.

    Raises:
        UnitMismatchError: the estimate keeps no k and n: it is no share.
    """
    if estimate.value is None:
        return hidden_text(estimate)
    # a mean in per cent counts no share of the persons: its k is how many are above 0
    if estimate.k is None or estimate.n is None or estimate.unit is not Unit.PCT or estimate.statistic == "mean":
        raise UnitMismatchError(f"{estimate.key} is no share of persons", hint="print it with tal()")
    return f"{number_text(estimate.k)}{NBSP}af{NBSP}{number_text(estimate.n)}"


def andel_med_antal(estimate: Estimate, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """A share with its counts: `12 pct. (83 af 690)`; or `hidden_text`.

    Raises:
        UnitMismatchError: the estimate keeps no k and n: it is no share.
    """
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    return f"{tal(estimate)} ({antal(estimate)})"


def with_counts(estimate: Estimate) -> str:
    """The number as `tal` prints it, a share with its counts: `12 pct. (83 af 690)`, `67 dage`."""
    return f"{tal(estimate)}{counts_of(estimate)}"


def counts_of(estimate: Estimate) -> str:
    """What stands after a share that is read with its counts: ` (83 af 690)`; empty after another number."""
    counted = estimate.unit is Unit.PCT and estimate.k is not None and estimate.n is not None
    return f" ({antal(estimate)})" if counted and estimate.statistic != "mean" else ""


def share_of(share: Estimate, whom: str, told: str | None = None) -> str:
    """`83 pct. af deltagerne (132 af 160)`: never `(132 af 160) af deltagerne`, except before a clause that would part
    the number from its counts. `told` is the share as it prints, where a target asks for more decimals.
    """
    number, counts = told or tal(share), f"({antal(share)})"
    return f"{number} {counts} af {whom}" if "," in whom else f"{number} af {whom} {counts}"


def _allowed(estimate: Estimate, decimals: int | None) -> int | None:
    """The decimals asked for, where the row has so many.

    Raises:
        TooManyDecimalsError: the rest of them would be made up.
    """
    most = value_decimals(estimate)
    if decimals is not None and decimals > most and not is_share(estimate):
        raise TooManyDecimalsError(
            f"{estimate.key} was asked for with {decimals} decimals; the ledger holds {most}",
            hint=f"ask for {most} or fewer: the rest stays on the server, because it could tell of single persons",
        )
    return decimals


def interval(estimate: Estimate, decimals: int | None = None, *, level: float = 0.05) -> str:
    """`95 pct.-konfidensinterval: 2,1 til 7,9`; or `hidden_text` if there is no interval to show."""
    if estimate.value is None or estimate.ci_low is None or estimate.ci_high is None:
        return hidden_text(estimate)
    places = interval_decimals(estimate, decimals)
    return interval_text(estimate.ci_low, estimate.ci_high, level=level, decimals=places)


def relative_text(ratio: Estimate) -> str:
    """How far a ratio is from one: `20 pct.` of 0.8 and of 1.2."""
    return value_text(with_origin(abs(ratio.number - 1) * 100, derived("relativt", [ratio])), Unit.PCT)


def telling_decimals(rows: Iterable[Estimate]) -> int:
    """The fewest decimals with which numbers told side by side differ where they do, and none reads as a zero it isn't.

    Points and hours have at least one, counts none; never more than the unit bears.
    """
    known = [row for row in rows if row.value is not None]
    if not known:
        return 0
    rule = RULES[known[0].unit]
    start = min(max(rule.decimals, 1), rule.most)
    values = [abs(as_decimal(row.number)) for row in known]
    for decimals in range(start, rule.most):
        printed = [round_half_up(value, decimals) for value in values]
        zero = any(text.is_zero() and not value.is_zero() for text, value in zip(printed, values, strict=True))
        if not zero and len(set(printed)) == len(set(values)):
            return decimals
    return rule.most


def moved(change: float, size: str) -> tuple[str, str]:
    """How a number has moved: the verb, and the printed size of the change without its sign; empty where it is none."""
    if not any(sign in "123456789" for sign in size):
        return "uændret", ""
    return "steget med" if change > 0 else "faldet med", size


# How two levels, their difference and its interval print together. Each prints as it does everywhere else
# (`ledger.digits`); where the printed levels do not give the printed difference, a note says so.


# The unit of a difference as it is said: a score alone has no unit word, a difference of scores is in points.
_NOISE = Decimal("1e-9")

_DIFFERENCE_WORD = {Unit.SCORE: "point"}


@dataclass(frozen=True, slots=True)
class Printed:
    """Texts for one comparison: the levels, the difference with sign and without, its interval, and the note if any."""

    treated: str
    comparison: str
    difference: str
    size: str
    is_zero: bool
    interval: str
    note: str


def print_comparison(treated: Estimate, comparison: Estimate, difference: Estimate, *, level: float) -> Printed:
    """The texts of two levels and their difference.

    Levels that a test calls different get one decimal more where they would print alike, and are called rounded where
    they still do. A difference that is not the first level minus the second (an adjusted one) needs no note.

    Raises:
        UnitMismatchError: the units of the three do not belong together.
        HiddenValueError: one of the three has no value.
    """
    unit = unit_of_difference(treated.unit, comparison.unit)
    if difference.unit is not unit:
        raise UnitMismatchError(f"{difference.key} is in {difference.unit}, the difference of its levels in {unit}")
    fine = decimals_apart((treated, comparison), difference, level=level)
    apart = is_raw(treated, comparison, difference) and does_not_subtract(treated, comparison, difference, level=level)
    signed, size, ends = print_difference(difference, level=level)
    first, second = (
        value_text(exact_value(row), row.unit, n) for row, n in zip((treated, comparison), fine, strict=True)
    )
    if unmarked(first) == unmarked(second) and difference.p is not None and difference.p < level:
        second = f"{second} (afrundet)"
    return Printed(
        treated=first,
        comparison=second,
        difference=signed,
        size=size,
        is_zero=is_zero(difference),
        interval=ends,
        note=ROUNDING_NOTE if apart else "",
    )


def is_zero(difference: Estimate) -> bool:
    """True when a difference prints as zero, and so is neither more nor less."""
    return round_half_up(difference.number, usual_decimals(difference)).is_zero()


def does_not_subtract(treated: Estimate, comparison: Estimate, difference: Estimate, *, level: float) -> bool:
    """True where the levels as they print do not give the difference as it prints."""
    both = zip((treated, comparison), decimals_apart((treated, comparison), difference, level=level), strict=True)
    first, second = (round_half_up(exact_value(row), places) for row, places in both)
    return first - second != round_half_up(difference.number, usual_decimals(difference))


def is_raw(treated: Estimate, comparison: Estimate, difference: Estimate) -> bool:
    """True when the difference is the first level minus the second but for rounding, so that a reader may subtract."""
    gap = as_decimal(exact_value(treated)) - as_decimal(exact_value(comparison))
    rounding = sum((rounding_of(row) for row in (treated, comparison, difference)), _NOISE)
    return abs(gap - as_decimal(difference.number)) <= rounding


def print_difference(difference: Estimate, *, level: float) -> tuple[str, str, str]:
    """A difference alone: with its sign, without it, and its interval (empty if it has none)."""
    gap, places = as_decimal(difference.number), usual_decimals(difference)
    signed, size = (difference_text(value, difference.unit, places) for value in (gap, abs(gap)))
    if difference.ci_low is None or difference.ci_high is None:
        return signed, size, ""
    return signed, size, interval(difference, level=level)


def print_limits(difference: Estimate) -> tuple[str, str]:
    """How far down and how far up the interval goes from no difference, without signs: `0,1 time`, `1,6 time`.

    Rounded outward to the unit's own decimals, so that what is said to be ruled out is. Of a ratio in per cent.

    Raises:
        HiddenValueError: the row has no interval.
    """
    if difference.ci_low is None or difference.ci_high is None:
        raise HiddenValueError(f"{difference.key} has no interval")
    ratio = difference.unit is Unit.HAZARD_RATIO
    unit, places = (Unit.PCT, 0) if ratio else (difference.unit, decimals_borne(difference))
    down, up = (
        with_origin(rounded_outward(end, difference.unit, places), derived("grænse", [end]))
        for end in (difference.ci_low, difference.ci_high)
    )
    return difference_text(down, unit, places), difference_text(up, unit, places)


def difference_text(value: Number, unit: Unit, decimals: int) -> str:
    """A difference with its unit: `5 procentpoint`, `0,4 point` for scores."""
    word = _DIFFERENCE_WORD.get(unit)
    return f"{number_text(value, decimals)} {word}" if word else value_text(value, unit, decimals)
