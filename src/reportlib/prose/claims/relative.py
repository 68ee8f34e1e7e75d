"""Relative differences: only significant ones, only with the two numbers they come from, never "x gange flere"."""

from __future__ import annotations

from decimal import Decimal

from reportlib.danish import default_decimals, number_text, round_half_up, value_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.claims.lead import comparative, lead, when_of, with_when
from reportlib.prose.claims.printing import Style
from reportlib.prose.claims.verdict import Verdict, verdict
from reportlib.prose.estimate_text import exact_value
from reportlib.prose.words import OutcomeWords, TrialWords
from reportlib.text.origin import derived, with_origin
from reportlib.text.units import Unit, UnitMismatchError

RELATIVE = WordingTable(
    "relative",
    Wording(
        "more", "significant, less than twice the comparison", "{lead} Relativt svarer det til {pct} {comparative}."
    ),
    Wording("less", "significant, below the comparison", "{lead} Relativt svarer det til {pct} {comparative}."),
    Wording(
        "double", "significant, 1.95 to 2.05 times the comparison", "{lead} Relativt er det dobbelt så {quantity}."
    ),
    Wording("half", "significant, 0.49 to 0.51 times the comparison", "{lead} Relativt er det halvt så {quantity}."),
    Wording("times", "significant, more than 2.05 times", "{lead} Relativt er det {times} gange så {quantity}."),
    Wording(
        "not-significant",
        "the difference is not significant",
        "{lead} Forskellen er ikke statistisk signifikant, og den vises derfor ikke relativt.",
    ),
    Wording("untested", "the difference has not been tested", "{lead} Forskellen er ikke testet."),
    Wording("zero", "the comparison is zero, so there is no ratio", "{lead}"),
)
UNROUNDED_NOTE = "Den relative forskel er beregnet af uafrundede tal."

# Ratios with a word of their own, and the bounds of the word.
DOUBLE = (Decimal("1.95"), Decimal("2.05"))
HALF = (Decimal("0.49"), Decimal("0.51"))

_QUANTITY = {"flere": "mange", "færre": "mange", "mere": "meget", "mindre": "meget"}
_MORE_DECIMALS = 1


def relative_change(
    treated: Estimate,
    comparison: Estimate,
    difference: Estimate,
    *,
    outcome: OutcomeWords,
    words: TrialWords,
    when: str | None = None,
) -> Claim:
    """The relative difference with the two levels, computed from the unrounded ones and printed if it is significant.

    The levels get one decimal more than usual if a reader who divides then gets the printed per cent; if that does not
    help either, a note says that the relative difference is computed from unrounded numbers.

    Raises:
        UnitMismatchError: the unit has no meaningful zero (scores, dates, ratios), so nothing is "71 per cent more".
    """
    _check_unit(treated)
    rows = (treated, comparison, difference)
    moment = when_of(treated, when)
    hidden = hidden_claim(with_when(outcome.noun, moment), rows, words)
    if hidden is not None:
        return hidden
    found = verdict(difference, words.level)
    style = _readable_style(treated, comparison, minutes=outcome.minutes)
    first = lead(
        treated,
        style.text(exact_value(treated)),
        outcome,
        many=words.groups.treated_many,
        opening=moment,
        against=f"{style.text(exact_value(comparison))} {words.groups.place}",
    )
    wording, parts = _parts(treated, comparison, found)
    note = _note(treated, comparison, found, style)
    return RELATIVE.choose(wording, rows, lead=first, **parts).then(note)


def relative_sentence(treated: Estimate, comparison: Estimate, found: Verdict, style: Style) -> str:
    """The relative sentence alone, for a text that has just given both levels in `style`; empty if not significant.

    Raises:
        UnitMismatchError: see `relative_change`.
    """
    _check_unit(treated)
    wording, parts = _parts(treated, comparison, found)
    if not found.significant or wording == "zero":
        return ""
    text = RELATIVE.choose(wording, (), lead="", **parts).text
    note = _note(treated, comparison, found, style)
    return f"{text} {note}".rstrip()


def _check_unit(row: Estimate) -> None:
    if row.unit not in _HAS_A_ZERO:
        raise UnitMismatchError(f"{row.key} is in {row.unit}: a relative change of it has no meaning")


_HAS_A_ZERO = frozenset(
    {
        Unit.PCT,
        Unit.HOURS,
        Unit.HOURS_PER_WEEK,
        Unit.KR,
        Unit.KR_PER_HOUR,
        Unit.COUNT,
        Unit.PER_PERSON,
        Unit.DAYS,
        Unit.WEEKS,
        Unit.MONTHS,
    }
)


def _parts(treated: Estimate, comparison: Estimate, found: Verdict) -> tuple[str, dict[str, str]]:
    """The wording and what it is filled with."""
    empty = {"pct": "", "comparative": "", "quantity": "", "times": ""}
    if found is Verdict.UNTESTED:
        return "untested", empty
    if not found.significant:
        return "not-significant", empty
    if not comparison.number:
        return "zero", empty
    ratio = _ratio(treated, comparison)
    word = comparative(treated.unit, up=ratio > 1)
    parts = {
        "pct": value_text(with_origin(abs(ratio - 1) * 100, derived("relativt", [treated, comparison])), Unit.PCT),
        "comparative": word,
        "quantity": _QUANTITY[word],
        "times": _short(with_origin(ratio, derived("forhold", [treated, comparison]))),
    }
    if DOUBLE[0] <= ratio <= DOUBLE[1]:
        return "double", parts
    if HALF[0] <= ratio <= HALF[1]:
        return "half", parts
    if ratio > DOUBLE[1]:
        return "times", parts
    return ("more" if ratio > 1 else "less"), parts


def _short(ratio: Decimal) -> str:
    """`2,4`, `3`."""
    rounded = round_half_up(ratio, 1)
    return number_text(ratio, 0 if rounded == rounded.to_integral_value() else 1)


def _ratio(treated: Estimate, comparison: Estimate) -> Decimal:
    return Decimal(treated.number) / Decimal(comparison.number)


def _agrees(treated: Estimate, comparison: Estimate, style: Style) -> bool:
    """True when dividing the printed levels gives the relative difference to within one per cent."""
    shown = style.rounded(exact_value(comparison))
    if not shown:
        return False
    ratio = style.rounded(exact_value(treated)) / shown
    return abs(ratio - _ratio(treated, comparison)) * 100 <= 1


def _readable_style(treated: Estimate, comparison: Estimate, *, minutes: bool) -> Style:
    start = default_decimals(treated.unit)
    if minutes or not comparison.number:
        return Style(treated.unit, start, minutes)
    styles = [Style(treated.unit, decimals) for decimals in range(start, start + _MORE_DECIMALS + 1)]
    return next((style for style in styles if _agrees(treated, comparison, style)), styles[0])


def _note(treated: Estimate, comparison: Estimate, found: Verdict, style: Style) -> str:
    if not found.significant or not comparison.number or _agrees(treated, comparison, style):
        return ""
    return UNROUNDED_NOTE
