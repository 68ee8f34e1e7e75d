"""Danish numbers: rounded half up, comma, real minus, p-values; and what is said where they do not add up."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import SupportsFloat, SupportsIndex

from babel.numbers import NumberPattern, format_decimal, parse_pattern

from reportlib.errors import ReportlibError
from reportlib.text.marks import marked, unmarked
from reportlib.text.origin import origin_of, with_origin

# Plain numbers in Danish: rounded half up once, comma, thousands point, real minus, never minus zero.
#
# Babel knows the Danish symbols but rounds half to even, prints an ASCII minus and prints "-0"; so the rounding is
# done here on the shortest decimal that names the float (`repr`), and Babel only writes the finished digits. The
# locale is a constant of this module, never a global state.


LOCALE = "da"
MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"


Number = int | float | Decimal | Fraction | SupportsIndex | SupportsFloat

# Wide enough for the largest float with all its digits; half up is the only rounding in a report.
_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)


class NotANumberError(ReportlibError):
    """Something that is not a finite number was to be printed, or a text is not a Danish number."""


def as_decimal(value: Number) -> Decimal:
    """The number as a decimal: a float by the shortest digits that name it, a fraction to 400 digits. Keeps its origin.

    Raises:
        NotANumberError: the value is NaN or infinite.
    """
    exact = _exact(value)
    return exact if exact is value else with_origin(exact, origin_of(value))


def _exact(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        exact = value
    elif isinstance(value, Fraction):
        exact = _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    elif isinstance(value, float):  # the usual case; asking for a protocol takes ten times as long
        exact = Decimal(repr(float(value)))
    elif isinstance(value, (int, SupportsIndex)):
        exact = Decimal(operator.index(value))
    else:
        exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise NotANumberError(f"{value} cannot be printed as a number")
    return exact


def round_half_up(value: Number, decimals: int = 0) -> Decimal:
    """`value` rounded half away from zero to `decimals` decimals; the zero has no sign.

    The only rounding in a report: everything printed goes through here exactly once.

    >>> round_half_up(2.675, 2), round_half_up(-0.4)
    (Decimal('2.68'), Decimal('0'))

    Raises:
        NotANumberError: the value is NaN or infinite.
    """
    rounded = _exact(value).quantize(_last_place(decimals), context=_CONTEXT)
    return abs(rounded) if rounded.is_zero() else rounded


def number_text(value: Number, decimals: int = 0, *, sign: bool = False) -> str:
    """`value` with `decimals` decimals: `1.234,5`, `−3`; with `sign`, positive numbers get a plus.

    >>> number_text(1234.5, 1), number_text(-3), number_text(2, sign=True)
    ('1.234,5', '−3', '+2')

    Raises:
        NotANumberError: the value is NaN or infinite.
    """
    rounded = round_half_up(value, decimals)
    before = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return marked(before + _unsigned(str(abs(rounded)), decimals), value)


@lru_cache(maxsize=10_000)  # a report prints the same few numbers again and again, and all its sisters do
def _unsigned(rounded: str, decimals: int) -> str:
    with localcontext(_CONTEXT):
        digits: str = format_decimal(Decimal(rounded), format=_pattern(decimals), locale=LOCALE)
    return digits


def parse_number(text: str) -> Decimal:
    """The number that `number_text` printed as `text`: the exact inverse, also of a typed ASCII minus.

    >>> parse_number('1.234,5'), parse_number('−3')
    (Decimal('1234.5'), Decimal('-3'))

    Raises:
        NotANumberError: the text is not a number in Danish notation (a wrongly placed thousands point counts as one).
    """
    bare = unmarked(text).strip()
    sign = -1 if bare[:1] in {MINUS, "-"} else 1
    digits = bare[1:] if bare[:1] in {MINUS, "-", "+"} else bare
    whole, comma, fraction = digits.partition(",")
    groups = whole.split(".")
    grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    parts = [*groups, fraction] if comma else groups
    if not grouped or not all(part.isascii() and part.isdigit() for part in parts):
        raise NotANumberError(f"{text!r} is not a Danish number", hint="write 1.234,5")
    return sign * Decimal("".join(groups) + ("." + fraction if comma else ""))


@lru_cache(maxsize=32)
def _last_place(decimals: int) -> Decimal:
    """The unit of the last decimal: 0.01 for two."""
    return Decimal(1).scaleb(-decimals)


@lru_cache(maxsize=32)
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals > 0 else ""))


# What is said where a reader who subtracts or adds does not get what is printed.


ROUNDING_NOTE = "På grund af afrunding svarer forskellen ikke præcis til de viste tal."
SUM_NOTE = "På grund af afrunding summer tallene ikke præcis til totalen."


def sums_as_printed(parts: Sequence[Number], total: Number, decimals: int = 0) -> bool:
    """Whether the printed parts add up to the printed total; where not, `SUM_NOTE` is due."""
    return sum(round_half_up(part, decimals) for part in parts) == round_half_up(total, decimals)
