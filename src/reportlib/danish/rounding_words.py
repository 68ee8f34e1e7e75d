"""Words that stand for a share or a rounded number, with their bounds in one place.

A word is chosen only where the unrounded number lies inside its bounds; outside all bounds the number itself is
printed. `FRACTION_WORDS` is the whole table for shares, made from the fractions and the three qualifiers below; its
intervals do not overlap, so a share has at most one word; `check` holds the words that a writer has typed against it.
`about_text` tells a number by a round one near it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reportlib.danish.numbers import Number, as_decimal
from reportlib.danish.quantities import value_text
from reportlib.errors import ReportlibError
from reportlib.text.marks import mark, unmarked
from reportlib.text.origin import derived, origin_of
from reportlib.text.units import Unit


class WordNotAllowedError(ReportlibError):
    """A rounding word was asked for that the number does not bear."""


@dataclass(frozen=True, slots=True)
class FractionWord:
    """A phrase for a share in per cent, and the bounds it may be used within (each end closed or open)."""

    phrase: str
    low: Decimal
    high: Decimal
    low_closed: bool = True
    high_closed: bool = True

    def allows(self, share: Number) -> bool:
        """True when the unrounded share (0 to 100) lies within the bounds."""
        value = as_decimal(share)
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return above and below


# Within half a point of the fraction the phrase stands alone, as the printed per cent would; up to two it is qualified.
PLAIN_WITHIN = Decimal("0.5")
QUALIFIED_WITHIN = Decimal(2)
FRACTIONS: tuple[tuple[Fraction, str, str], ...] = (
    # fraction, phrase, word for "a little above"
    (Fraction(1, 10), "hver tiende", "godt"),
    (Fraction(1, 5), "hver femte", "godt"),
    (Fraction(1, 4), "hver fjerde", "godt"),
    (Fraction(1, 3), "hver tredje", "godt"),
    (Fraction(2, 5), "to ud af fem", "godt"),
    (Fraction(1, 2), "halvdelen", "lidt over"),
    (Fraction(3, 5), "tre ud af fem", "godt"),
    (Fraction(2, 3), "to ud af tre", "godt"),
    (Fraction(3, 4), "tre ud af fire", "godt"),
    (Fraction(4, 5), "fire ud af fem", "godt"),
    (Fraction(9, 10), "ni ud af ti", "godt"),
)
NEARLY_NONE = Decimal("2.5")
NEARLY_ALL = Decimal("97.5")
# "knap", "godt" and "ca." before other round numbers: within this share of the round number.
ABOUT_RELATIVE = Decimal("0.05")


def _fraction_words() -> tuple[FractionWord, ...]:
    zero, hundred = Decimal(0), Decimal(100)
    words = [
        FractionWord("ingen", zero, zero),
        FractionWord("næsten ingen", zero, NEARLY_NONE, low_closed=False),
    ]
    for fraction, phrase, above in FRACTIONS:
        # Six decimals name 33⅓ and 66⅔ well enough and keep the table readable.
        anchor = as_decimal(fraction * 100).quantize(Decimal("0.000001")).normalize()
        low, high = anchor - PLAIN_WITHIN, anchor + PLAIN_WITHIN
        words += [
            FractionWord(f"knap {phrase}", anchor - QUALIFIED_WITHIN, low, high_closed=False),
            FractionWord(phrase, low, high),
            FractionWord(f"{above} {phrase}", high, anchor + QUALIFIED_WITHIN, low_closed=False),
        ]
    words += [
        FractionWord("næsten alle", NEARLY_ALL, hundred, high_closed=False),
        FractionWord("alle", hundred, hundred),
    ]
    return tuple(words)


FRACTION_WORDS: tuple[FractionWord, ...] = _fraction_words()


def about_bounds(round_number: Number, unit: Unit) -> Decimal:
    """How far from a round number `knap`, `godt` and `ca.` reach: two points for shares, else 5 per cent of it."""
    if unit in {Unit.PCT, Unit.PCT_POINT}:
        return QUALIFIED_WITHIN
    return abs(as_decimal(round_number)) * ABOUT_RELATIVE


def about_text(value: Number, round_number: Number, unit: Unit, *, symmetric: bool = False, decimals: int = 0) -> str:
    """`value` told by a round number: `knap 20 pct.`, `godt 50 pct.`, `ca. 2.000`, or the round number if it is hit.

    With `symmetric` the word is `ca.` on both sides.

    Raises:
        WordNotAllowedError: the round number is too far away (5 points from 50 is not "godt 50").
    """
    exact, target = as_decimal(value), as_decimal(round_number)
    text = unmarked(value_text(target, unit, decimals))
    if abs(exact - target) > about_bounds(target, unit):
        raise WordNotAllowedError(
            f"{float(exact):.6g} is too far from {text} for knap, godt or ca.", hint="print the number itself"
        )
    if exact == target or unmarked(value_text(exact, unit, decimals)) == text:
        word = "ca. " if symmetric and exact != target else ""
    else:
        word = "ca. " if symmetric else "knap " if exact < target else "godt "
    origin = origin_of(value)
    return word + (text if origin is None else mark(text, derived("omtrent", [origin])))
