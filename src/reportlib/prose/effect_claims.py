"""What an estimate of two groups supports: an effect in a week, its relative size, a hazard ratio, balance at entry."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportlib.danish import (
    capitalise,
    count_text,
    list_text,
    number_text,
    round_half_up,
    value_text,
)
from reportlib.ledger import Estimate
from reportlib.ledger.digits import usual_decimals
from reportlib.prose.estimate_text import Printed, exact_value, is_raw, print_comparison, relative_text
from reportlib.prose.wording import (
    COMPARATIVES,
    Claim,
    Verdict,
    Wording,
    WordingTable,
    comparative,
    expected_by_chance,
    hidden_claim,
    higher,
    lead,
    tested,
    turned,
    verdict,
    when_of,
    with_when,
)
from reportlib.prose.words import Cause, OutcomeWords, TrialWords
from reportlib.text.marks import once
from reportlib.text.origin import count_of, derived, with_origin
from reportlib.text.units import Unit, UnitMismatchError

# Two groups at one time: the levels, the difference, its test, and whether it may be called an effect.


EFFECT = WordingTable(
    "effect",
    *turned(
        ("effect-up", "randomised, significant, treated above comparison"),
        ("effect-down", "randomised, significant, treated below comparison"),
        "{lead} Det er {size} {comparative}, og effekten er sikker.",
    ),
    *turned(
        ("assumed-up", "quasi-experiment, significant, treated above comparison"),
        ("assumed-down", "quasi-experiment, significant, treated below comparison"),
        "{lead} Det er {size} {comparative}. Den estimerede effekt er sikker, men den forudsætter, {assumption}.",
    ),
    *turned(
        (
            "difference-up",
            "before/after or status, significant, the first number above; the design's caution follows",
        ),
        (
            "difference-down",
            "before/after or status, significant, the first number below; the design's caution follows",
        ),
        "{lead} Det er {size} {comparative}, og forskellen er sikker.",
    ),
    Wording(
        "not-significant",
        "any design, not significant",
        "{lead} Forskellen på {size} er ikke sikker.",
    ),
    Wording(
        "alike",
        "any design, not significant, and the difference prints as zero",
        "{lead} Der er ingen sikker forskel.",
    ),
    Wording(
        "untested",
        "the difference has neither p-value nor interval",
        "{lead} Der er ikke regnet usikkerhed på forskellen, som derfor ikke kan fortolkes.",
    ),
    Wording(
        "adjusted-effect",
        "randomised, significant, and the difference is adjusted",
        "{lead} Når der tages højde for forskelle i baggrund, er effekten {difference}, og den er sikker.",
    ),
    Wording(
        "adjusted-assumed",
        "quasi-experiment, significant, and the difference is adjusted",
        "{lead} Når der tages højde for forskelle i baggrund, er den estimerede effekt {difference}, og den er "
        "sikker. Den forudsætter, {assumption}.",
    ),
    Wording(
        "adjusted-difference",
        "before/after or status, significant, and the difference is adjusted; the caution follows",
        "{lead} Når der tages højde for forskelle i baggrund, er forskellen {difference}, og den er sikker.",
    ),
    Wording(
        "adjusted-not-significant",
        "any design, not significant, and the difference is adjusted",
        "{lead} Når der tages højde for forskelle i baggrund, er forskellen {difference}, og den er ikke sikker.",
    ),
)

_BY_CAUSE = {Cause.EFFECT: "effect", Cause.ASSUMED: "assumed", Cause.NONE: "difference"}


def effect_at(
    treated: Estimate,
    comparison: Estimate,
    difference: Estimate,
    *,
    outcome: OutcomeWords,
    words: TrialWords,
    when: str | None = None,
    relative: bool = False,
) -> Claim:
    """Two levels, their difference and what its test lets be said.

    `when` stands first in the sentence (default: the row's event week, `i uge 35`). A difference that is not the first
    level minus the second is told as adjusted for background. With `relative` a significant difference is also told
    relatively, where the unit has a meaningful zero.

    Raises:
        UnitMismatchError: the three rows are not two levels and their difference, or of a unit (scores, dates, ratios)
            in which nothing is "71 per cent more".
        ContradictoryVerdictError: p-value and interval of the difference disagree.
        OutcomeWordsError: the outcome's words do not fit the unit.
    """
    rows = (treated, comparison, difference)
    moment = when_of(treated, when, outcome)
    hidden = hidden_claim(with_when(outcome.noun, moment), rows, words)
    if hidden is not None:
        return hidden
    found = verdict(tested(difference), words.level)
    printed = print_comparison(*rows, level=words.level)
    raw = is_raw(*rows)
    first = lead(
        treated,
        printed.treated,
        outcome,
        many=words.groups.treated_many,
        opening=moment,
        against=printed.comparison,
        place=words.groups.place,
    )
    claim = EFFECT.choose(
        _wording(found, words, printed, raw=raw),
        rows,
        lead=first,
        size=printed.size,
        difference=printed.difference,
        comparative=comparative(treated.unit, up=difference.number > 0),
        assumption=words.design.assumption,
    )
    extra = _relative(treated, comparison, found) if relative and raw else ""
    # Where the design shows no effects, a significant difference is followed by its caution, last so that it is read.
    caution = words.design.caution if found.significant else ""
    return claim.then(printed.note, extra, caution)


def _wording(found: Verdict, words: TrialWords, printed: Printed, *, raw: bool) -> str:
    if found is Verdict.UNTESTED:
        return "untested"
    if not raw:
        return f"adjusted-{_BY_CAUSE[words.design.cause]}" if found.significant else "adjusted-not-significant"
    if found is Verdict.NOT_SIGNIFICANT:
        return "alike" if printed.is_zero else "not-significant"
    return f"{_BY_CAUSE[words.design.cause]}-{found.value}"


# Relative differences: only significant ones, only with the two numbers they come from, never "x gange flere".


RELATIVE = WordingTable(
    "relative",
    Wording("more", "significant, less than twice the comparison", "Relativt svarer det til {pct} {comparative}."),
    Wording("less", "significant, below the comparison", "Relativt svarer det til {pct} {comparative}."),
    Wording("double", "significant, 1.95 to 2.05 times the comparison", "Relativt er det dobbelt så {quantity}."),
    Wording("half", "significant, 0.49 to 0.51 times the comparison", "Relativt er det halvt så {quantity}."),
    Wording("times", "significant, more than 2.05 times", "Relativt er det {times} gange så {quantity}."),
)
UNROUNDED_NOTE = "Den relative forskel er beregnet af uafrundede tal."

# Ratios with a word of their own, and the bounds of the word.
DOUBLE = (Decimal("1.95"), Decimal("2.05"))
HALF = (Decimal("0.49"), Decimal("0.51"))

_QUANTITY = {"flere": "mange", "færre": "mange", "mere": "meget", "mindre": "meget"}


def _relative(treated: Estimate, comparison: Estimate, found: Verdict) -> str:
    """The relative difference after a sentence with both levels, computed from the unrounded ones; empty if not sure.

    A note says so where a reader who divides the printed levels gets another per cent.
    """
    if treated.unit not in _HAS_A_ZERO:
        raise UnitMismatchError(f"{treated.key} is in {treated.unit}: a relative change of it has no meaning")
    if not found.significant or not comparison.number:
        return ""
    ratio = _ratio(treated, comparison)
    word = comparative(treated.unit, up=ratio > 1)
    text = RELATIVE.choose(
        _size(ratio),
        (),
        pct=value_text(with_origin(abs(ratio - 1) * 100, derived("relativt", [treated, comparison])), Unit.PCT),
        comparative=word,
        quantity=_QUANTITY[word],
        times=_short(with_origin(ratio, derived("forhold", [treated, comparison]))),
    ).text
    return text if _agrees(treated, comparison) else f"{text} {UNROUNDED_NOTE}"


# Units of which twice as much means something: what is many or much, but for differences (points) and ages (years).
_HAS_A_ZERO = COMPARATIVES.keys() - {Unit.PCT_POINT, Unit.YEARS}


def _size(ratio: Decimal) -> str:
    """The wording for so many times the comparison."""
    if DOUBLE[0] <= ratio <= DOUBLE[1]:
        return "double"
    if HALF[0] <= ratio <= HALF[1]:
        return "half"
    return "times" if ratio > DOUBLE[1] else "more" if ratio > 1 else "less"


def _short(ratio: Decimal) -> str:
    """`2,4`, `3`."""
    rounded = round_half_up(ratio, 1)
    return number_text(ratio, 0 if rounded == rounded.to_integral_value() else 1)


def _ratio(treated: Estimate, comparison: Estimate) -> Decimal:
    return Decimal(treated.number) / Decimal(comparison.number)


def _agrees(treated: Estimate, comparison: Estimate) -> bool:
    """True when dividing the printed levels gives the relative difference to within one per cent."""
    first, shown = (round_half_up(exact_value(row), usual_decimals(row)) for row in (treated, comparison))
    if not shown:
        return False
    ratio = first / shown
    return abs(ratio - _ratio(treated, comparison)) * 100 <= 1


# A hazard ratio told as what it is: a rate that is higher or lower, never a probability and never a time.


HAZARD = WordingTable(
    "hazard",
    Wording(
        "significant",
        "the interval excludes one",
        "{Rate} er {pct} {higher} {treated} end {place}, og forskellen er sikker.",
    ),
    Wording(
        "not-significant",
        "the interval includes one",
        "{Between} er der ingen sikker forskel i {rate}.",
    ),
    Wording("untested", "neither p-value nor interval", "Usikkerheden på forskellen i {rate} er ikke beregnet."),
)


def hazard_rate(ratio: Estimate, *, rate: str, words: TrialWords, assumption: bool = True) -> Claim:
    """The hazard ratio of the treated to the comparison group; `rate` is its noun: `afgangsraten til fleksjob`.

    Without `assumption` the caller says what an effect rests on, once for several ratios.

    Raises:
        UnitMismatchError: the row is no hazard ratio.
        ContradictoryVerdictError: its p-value and interval disagree (as in one of the published reports).
    """
    if ratio.unit is not Unit.HAZARD_RATIO:
        raise UnitMismatchError(f"{ratio.key} is in {ratio.unit}, not a hazard ratio")
    hidden = hidden_claim(f"forskellen i {rate}", [ratio], words)
    if hidden is not None:
        return hidden
    found = verdict(tested(ratio), words.level)
    wording = "significant" if found.significant else found.value.replace("_", "-")
    claim = HAZARD.choose(
        wording,
        [ratio],
        Rate=capitalise(rate),
        rate=rate,
        pct=relative_text(ratio),
        higher=higher(up=ratio.number > 1),
        treated=words.groups.treated_place,
        place=words.groups.place,
        Between="Mellem grupperne",
    )
    if not found.significant:
        return claim
    return claim.then(rates_assume(words) if assumption else "", words.design.caution)


def rates_assume(words: TrialWords) -> str:
    """What a comparison of rates rests on, the first time in a report; nothing where lots were drawn."""
    assumed = words.design.cause is Cause.ASSUMED
    return once(f"Sammenligninger af afgangsrater forudsætter, {words.design.assumption}.") if assumed else ""


# Are the groups alike at entry? One joint test decides; single differences are counted against chance.


BALANCE = WordingTable(
    "balance",
    Wording(
        "alike-random",
        "randomised, joint test not significant",
        "En samlet test af {tests} viser ingen sikker forskel mellem grupperne ved start. Det er, hvad man må vente, "
        "når der er trukket lod.",
    ),
    Wording(
        "alike",
        "not randomised, joint test not significant",
        "En samlet test af {tests} viser ingen sikker forskel mellem grupperne ved start. Grupperne kan dog stadig "
        "være forskellige på forhold, der ikke er målt.",
    ),
    Wording(
        "differ-random",
        "randomised, joint test significant",
        "En samlet test af {tests} viser en sikker forskel mellem grupperne ved start. Selv om der er trukket lod, er "
        "grupperne altså ikke helt ens.",
    ),
    Wording(
        "differ",
        "not randomised, joint test significant",
        "En samlet test af {tests} viser en sikker forskel mellem grupperne ved start. En sammenligning af grupperne "
        "skal derfor tage højde for deres baggrund.",
    ),
    Wording("untested", "there is no joint p-value", "Det er ikke testet, om grupperne er ens ved start."),
)
SINGLE = WordingTable(
    "balance-single",
    Wording(
        "some",
        "single tests are significant",
        "Enkeltvis er {count} {certain} ({names}). Af {tests} vil i gennemsnit {expected} være det ved et rent "
        "tilfælde.",
    ),
)


def balance_verdict(joint: Estimate, tests: int, *, words: TrialWords, different: Sequence[str] = ()) -> Claim:
    """The verdict of the joint test of `tests` background variables; `different` names those significant one by one."""
    hidden = hidden_claim("balancen mellem grupperne", [joint], words) if joint.hidden else None
    if hidden is not None:
        return hidden
    what = count_text(tests, "baggrundsforhold")
    if joint.p is None:
        return BALANCE.choose("untested", [joint])
    wording = "differ" if joint.p < words.level else "alike"
    claim = BALANCE.choose(
        f"{wording}-random" if words.design.random_allocation else wording,
        [tested(joint)],
        tests=what,
    )
    if not different:
        return claim
    single = SINGLE.choose(
        "some",
        (),
        count=count_text(count_of(different), "forskel"),
        certain="sikre" if len(different) > 1 else "sikker",
        names=list_text(different),
        tests=count_text(tests, "test"),
        expected=expected_by_chance(tests, words.level),
    )
    return claim.then(single)
