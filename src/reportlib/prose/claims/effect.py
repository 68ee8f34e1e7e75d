"""Two groups at one time: the levels, the difference, its test, and whether it may be called an effect."""

from __future__ import annotations

from reportlib.danish import p_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.claims.lead import comparative, lead, when_of, with_when
from reportlib.prose.claims.printing import Printed, is_raw, print_comparison
from reportlib.prose.claims.relative import relative_sentence
from reportlib.prose.claims.verdict import Verdict, verdict
from reportlib.prose.words import Cause, OutcomeWords, TrialWords

EFFECT = WordingTable(
    "effect",
    Wording(
        "effect-up",
        "randomised, significant, treated above comparison",
        "{lead} Det er {size} {comparative}, og effekten er statistisk signifikant ({interval}).",
    ),
    Wording(
        "effect-down",
        "randomised, significant, treated below comparison",
        "{lead} Det er {size} {comparative}, og effekten er statistisk signifikant ({interval}).",
    ),
    Wording(
        "assumed-up",
        "quasi-experiment, significant, treated above comparison",
        "{lead} Det er {size} {comparative}. Den estimerede effekt er statistisk signifikant ({interval}), men den "
        "forudsætter, {assumption}.",
    ),
    Wording(
        "assumed-down",
        "quasi-experiment, significant, treated below comparison",
        "{lead} Det er {size} {comparative}. Den estimerede effekt er statistisk signifikant ({interval}), men den "
        "forudsætter, {assumption}.",
    ),
    Wording(
        "difference-up",
        "before/after or status, significant, first number above the second; the design's caution follows",
        "{lead} Det er {size} {comparative}, og forskellen er statistisk signifikant ({interval}).",
    ),
    Wording(
        "difference-down",
        "before/after or status, significant, first number below the second; the design's caution follows",
        "{lead} Det er {size} {comparative}, og forskellen er statistisk signifikant ({interval}).",
    ),
    Wording(
        "not-significant",
        "any design, not significant",
        "{lead} Forskellen på {size} er ikke statistisk signifikant ({interval}).",
    ),
    Wording(
        "alike",
        "any design, not significant, and the difference prints as zero",
        "{lead} Der er ingen statistisk signifikant forskel ({interval}).",
    ),
    Wording(
        "untested",
        "the difference has neither p-value nor interval",
        "{lead} Der er ikke regnet usikkerhed på forskellen, som derfor ikke kan fortolkes.",
    ),
    Wording(
        "adjusted-effect",
        "randomised, significant, and the difference is adjusted",
        "{lead} Når der tages højde for {adjusted_for}, er effekten {difference}, og den er statistisk signifikant "
        "({interval}).",
    ),
    Wording(
        "adjusted-assumed",
        "quasi-experiment, significant, and the difference is adjusted",
        "{lead} Når der tages højde for {adjusted_for}, er den estimerede effekt {difference}, og den er statistisk "
        "signifikant ({interval}). Den forudsætter, {assumption}.",
    ),
    Wording(
        "adjusted-difference",
        "before/after or status, significant, and the difference is adjusted; the caution follows",
        "{lead} Når der tages højde for {adjusted_for}, er forskellen {difference}, og den er statistisk signifikant "
        "({interval}).",
    ),
    Wording(
        "adjusted-not-significant",
        "any design, not significant, and the difference is adjusted",
        "{lead} Når der tages højde for {adjusted_for}, er forskellen {difference}, og den er ikke statistisk "
        "signifikant ({interval}).",
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
    adjusted_for: str = "forskelle i baggrund",
    relative: bool = False,
    decimals: int | None = None,
) -> Claim:
    """Two levels, their difference and what its test lets be said.

    `when` stands first in the sentence (default: the row's event week, `i uge 35`). A difference that is not the first
    level minus the second is told as adjusted for `adjusted_for`. With `relative` a significant difference is also told
    relatively. `decimals` fixes the decimals of the levels; by default they are as few as let a reader subtract.

    Raises:
        UnitMismatchError: the three rows are not two levels and their difference.
        ContradictoryVerdictError: p-value and interval of the difference disagree.
        OutcomeWordsError: the outcome's words do not fit the unit.
    """
    rows = (treated, comparison, difference)
    moment = when_of(treated, when)
    hidden = hidden_claim(with_when(outcome.noun, moment), rows, words)
    if hidden is not None:
        return hidden
    found = verdict(difference, words.level)
    printed = print_comparison(*rows, level=words.level, minutes=outcome.minutes, decimals=decimals)
    raw = is_raw(*rows)
    first = lead(
        treated,
        printed.treated,
        outcome,
        many=words.groups.treated_many,
        opening=moment,
        against=f"{printed.comparison} {words.groups.place}",
    )
    claim = EFFECT.choose(
        _wording(found, words, printed, raw=raw),
        rows,
        lead=first,
        size=printed.size,
        difference=printed.difference,
        comparative=comparative(treated.unit, up=difference.number > 0),
        interval=_evidence(printed, difference, words),
        assumption=words.design.assumption,
        adjusted_for=adjusted_for,
    )
    extra = relative_sentence(treated, comparison, found, printed.levels) if relative and raw else ""
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


def _evidence(printed: Printed, difference: Estimate, words: TrialWords) -> str:
    """The interval, or the p-value of a row that has no interval."""
    if printed.interval or difference.p is None:
        return printed.interval
    return p_text(difference.p, level=words.level)
