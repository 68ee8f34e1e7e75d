"""How one Estimate prints: in running text, with its counts, as a table cell, with its interval; and when hidden.

Every print of an Estimate goes through `exact_value`, so that text, tables and figures cannot round differently: a
share is computed again from its k and n, exactly.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from reportlib.danish import (
    NBSP,
    as_decimal,
    count_text,
    default_decimals,
    interval_text,
    number_text,
    p_text,
    value_text,
)
from reportlib.disclosure.release import end_decimals, is_share, value_decimals
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.text.origin import origin_of, with_origin
from reportlib.text.units import Unit, UnitMismatchError

HIDDEN_CELL = "·"
"""A hidden number in a table; the table's note explains it with `hidden_cell_note`."""

MISSING_CELL = "–"
"""A number that could not be computed (nobody to measure)."""

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
    return f"{HIDDEN_CELL} betyder, at tallet ikke vises, fordi det {why_hidden(threshold)}."


def tal(estimate: Estimate, decimals: int | None = None, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """The number with its unit for running text: `12 pct.`, `2,1 timer`; or `hidden_text`.

    Raises:
        TooManyDecimalsError: the ledger holds fewer decimals of the number.
    """
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    return value_text(exact_value(estimate), estimate.unit, _allowed(estimate, decimals))


def antal(estimate: Estimate, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """How many persons a share counts: `83 af 690`; or `hidden_text`.

    Raises:
        UnitMismatchError: the estimate keeps no k and n: it is no share.
    """
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    # a mean in per cent counts no share of the persons: its k is how many are above 0
    if estimate.k is None or estimate.n is None or estimate.unit is not Unit.PCT or estimate.statistic == "mean":
        raise UnitMismatchError(f"{estimate.key} is no share of persons", hint="print it with tal()")
    return f"{number_text(estimate.k)}{NBSP}af{NBSP}{number_text(estimate.n)}"


def andel_med_antal(estimate: Estimate, decimals: int | None = None, *, threshold: int = DEFAULT_THRESHOLD) -> str:
    """A share with its counts: `12 pct. (83 af 690)`; or `hidden_text`.

    Raises:
        UnitMismatchError: the estimate keeps no k and n: it is no share.
    """
    if estimate.value is None:
        return hidden_text(estimate, threshold=threshold)
    return f"{tal(estimate, decimals)} ({antal(estimate)})"


def celle(estimate: Estimate, decimals: int | None = None) -> str:
    """The number for a table whose header names the unit: `12`, `2,1`; `·` if hidden, `–` if there is none.

    Raises:
        TooManyDecimalsError: the ledger holds fewer decimals of the number.
    """
    if estimate.value is None:
        return HIDDEN_CELL if estimate.hidden else MISSING_CELL
    if estimate.unit is Unit.DATE:
        return value_text(exact_value(estimate), Unit.DATE)
    places = default_decimals(estimate.unit) if decimals is None else decimals
    return number_text(exact_value(estimate), _allowed(estimate, places) or 0)


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


def interval_decimals(estimate: Estimate, decimals: int | None = None) -> int:
    """Decimals for the interval: at least one for points, and enough that neither end becomes a zero it is not.

    So the printed interval excludes zero exactly when the unrounded one does.
    """
    base = default_decimals(estimate.unit) if decimals is None else decimals
    if decimals is None and estimate.unit in {Unit.PCT, Unit.PCT_POINT}:
        base = 1
    return end_decimals(estimate, base)


def interval(estimate: Estimate, decimals: int | None = None, *, level: float = 0.05) -> str:
    """`95 pct.-konfidensinterval: 2,1 til 7,9`; or `hidden_text` if there is no interval to show."""
    if estimate.value is None or estimate.ci_low is None or estimate.ci_high is None:
        return hidden_text(estimate)
    places = interval_decimals(estimate, decimals)
    return interval_text(estimate.ci_low, estimate.ci_high, level=level, decimals=places)


def p_vaerdi(estimate: Estimate, *, level: float = 0.05) -> str:
    """`p = 0,03`; or `hidden_text` if the row has no p-value to show."""
    return hidden_text(estimate) if estimate.p is None else p_text(estimate.p, level=level)
