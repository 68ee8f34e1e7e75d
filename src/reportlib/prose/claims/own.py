"""One municipality beside all others, told with care: its numbers are small."""

from __future__ import annotations

from reportlib.danish import default_decimals, noun_of, p_text
from reportlib.ledger import Estimate
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.hidden import hidden_claim
from reportlib.prose.claims.lead import comparative, lead, when_of, with_when
from reportlib.prose.claims.printing import Style, print_comparison
from reportlib.prose.claims.verdict import Verdict, verdict
from reportlib.prose.estimate_text import exact_value
from reportlib.prose.words import OutcomeWords, TrialWords
from reportlib.text.markup import escape

OWN = WordingTable(
    "own",
    Wording(
        "differs",
        "the difference has a test and is significant",
        "{lead} Det er {size} {comparative}, og forskellen er statistisk signifikant ({evidence}).",
    ),
    Wording(
        "level",
        "the difference has a test and is not significant",
        "{lead} Forskellen er ikke statistisk signifikant ({evidence}), så {site} ligger på niveau med de øvrige "
        "{sites}, når der tages højde for usikkerheden.",
    ),
    Wording(
        "apart",
        "no test, and the intervals do not overlap",
        "{lead} Forskellen er større, end usikkerheden kan forklare.",
    ),
    Wording(
        "overlap",
        "no test, and the intervals overlap",
        "{lead} Når der tages højde for usikkerheden, ligger {site} på niveau med de øvrige {sites}.",
    ),
    Wording(
        "uncertain",
        "neither test nor intervals",
        "{lead} Usikkerheden er ikke beregnet, så forskellen kan ikke fortolkes.",
    ),
)


def own_against_others(
    own: Estimate,
    others: Estimate,
    *,
    site: str,
    outcome: OutcomeWords,
    words: TrialWords,
    difference: Estimate | None = None,
    when: str | None = None,
) -> Claim:
    """A municipality's number beside that of all other municipalities.

    With a `difference` row its test decides. Without one, the two intervals must be apart before anything is called
    higher or lower: more cautious than a test. One municipality reads its own report, so nothing is corrected for the
    others; use `sites_that_differ` to speak of several.

    Raises:
        OutcomeWordsError: the outcome's words do not fit the unit.
    """
    rows = (own, others) if difference is None or difference.value is None else (own, others, difference)
    moment, name = when_of(own, when), escape(site)
    what, everywhere = with_when(outcome.noun, moment), f"i {name} og i de øvrige {noun_of(words.site).many}"
    hidden = hidden_claim(what, [own], words, place=f"i {name}") or hidden_claim(
        what, [others], words, place=everywhere
    )
    if hidden is not None:
        return hidden
    style = Style(own.unit, default_decimals(own.unit), outcome.minutes)
    own_text, others_text = style.text(exact_value(own)), style.text(exact_value(others))
    size = evidence = note = ""
    up = own.number > others.number
    if len(rows) == 3:
        printed = print_comparison(*rows, level=words.level, minutes=outcome.minutes)
        own_text, others_text, size, note = printed.treated, printed.comparison, printed.size, printed.note
        p = rows[2].p
        evidence = printed.interval or ("" if p is None else p_text(p, level=words.level))
    sites = noun_of(words.site).many
    return OWN.choose(
        _wording(own, others, rows[2] if len(rows) == 3 else None, words.level),
        rows,
        lead=lead(
            own,
            own_text,
            outcome,
            many=words.groups.treated_many,
            opening=f"i {name}",
            tail=moment,
            against=f"{others_text} i de øvrige {sites}",
        ),
        size=size,
        comparative=comparative(own.unit, up=up),
        evidence=evidence,
        site=name,
        sites=sites,
    ).then(note)


def _wording(own: Estimate, others: Estimate, difference: Estimate | None, level: float) -> str:
    if difference is not None:
        found = verdict(difference, level)
        if found is Verdict.UNTESTED:
            return "uncertain"
        return "differs" if found.significant else "level"
    if None in (own.ci_low, own.ci_high, others.ci_low, others.ci_high):
        return "uncertain"
    return "apart" if stands_apart(own, others) else "overlap"


def stands_apart(own: Estimate, others: Estimate) -> bool:
    """True when both numbers have an interval and the two do not overlap: more cautious than a test."""
    if own.ci_low is None or own.ci_high is None or others.ci_low is None or others.ci_high is None:
        return False
    return own.ci_low > others.ci_high or own.ci_high < others.ci_low
