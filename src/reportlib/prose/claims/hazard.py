"""A hazard ratio told as what it is: a rate that is higher or lower, never a probability and never a time."""

from __future__ import annotations

from reportlib.danish import capitalise, value_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.claims.lead import higher
from reportlib.prose.claims.verdict import Verdict, verdict
from reportlib.prose.estimate_text import interval, p_vaerdi, tal
from reportlib.prose.words import Cause, TrialWords
from reportlib.text.origin import derived, with_origin
from reportlib.text.units import Unit, UnitMismatchError

HAZARD = WordingTable(
    "hazard",
    Wording(
        "significant",
        "the interval excludes one",
        "{Rate} er {pct} {higher} {treated} end {place}, og forskellen er statistisk signifikant ({evidence}).",
    ),
    Wording(
        "not-significant",
        "the interval includes one",
        "{Between} er forskellen i {rate} ikke statistisk signifikant ({evidence}).",
    ),
    Wording("untested", "neither p-value nor interval", "Usikkerheden på forskellen i {rate} er ikke beregnet."),
)


def hazard_rate(ratio: Estimate, *, rate: str, words: TrialWords) -> Claim:
    """The hazard ratio of the treated to the comparison group; `rate` is its noun: `afgangsraten til fleksjob`.

    Raises:
        UnitMismatchError: the row is no hazard ratio.
        ContradictoryVerdictError: its p-value and interval disagree (as in one of the published reports).
    """
    if ratio.unit is not Unit.HAZARD_RATIO:
        raise UnitMismatchError(f"{ratio.key} is in {ratio.unit}, not a hazard ratio")
    hidden = hidden_claim(f"forskellen i {rate}", [ratio], words)
    if hidden is not None:
        return hidden
    found = verdict(ratio, words.level)
    wording = "significant" if found.significant else found.value.replace("_", "-")
    has_interval = ratio.ci_low is not None and ratio.ci_high is not None
    spread = interval(ratio, level=words.level) if has_interval else p_vaerdi(ratio, level=words.level)
    claim = HAZARD.choose(
        wording,
        [ratio],
        Rate=capitalise(rate),
        rate=rate,
        pct=value_text(with_origin(abs(ratio.number - 1) * 100, derived("relativt", [ratio])), Unit.PCT),
        higher=higher(up=ratio.number > 1),
        treated=words.groups.treated_place,
        place=words.groups.place,
        Between="Mellem grupperne",
        evidence="" if found is Verdict.UNTESTED else f"hazard ratio {tal(ratio)}; {spread}",
    )
    assumed = words.design.cause is Cause.ASSUMED and found.significant
    return claim.then(
        f"Sammenligningen forudsætter, {words.design.assumption}." if assumed else "",
        words.design.caution if found.significant else "",
    )
