"""A site's own number beside that of all other sites, after a sentence that has said what the number is."""

from __future__ import annotations

from reportlib.ledger import Estimate
from reportlib.prose.claims import OUT_OF_REGARD, Claim, WordingTable, stands_apart
from reportlib.prose.claims.base import Wording
from reportlib.prose.estimate_text import tal
from reportlib.prose.trial_words import site_noun
from reportlib.text.markup import escape
from reportlib.trial.model import Trial

BESIDE = WordingTable(
    "beside",
    Wording(
        "apart",
        "both may be shown, and their intervals do not overlap",
        "I {site} er det {own} mod {others} i de øvrige {sites}. Forskellen er større, end usikkerheden kan forklare.",
    ),
    Wording(
        "within",
        "both may be shown, and their intervals overlap",
        "I {site} er det {own} mod {others} i de øvrige {sites}. Når der tages højde for usikkerheden, ligger {site} "
        "på niveau med de øvrige {sites}.",
    ),
    Wording(
        "untested",
        "both may be shown, and one has no interval",
        "I {site} er det {own} mod {others} i de øvrige {sites}. Usikkerheden er ikke beregnet, så forskellen kan ikke "
        "fortolkes.",
    ),
    Wording(
        "own-only",
        "the number of the others is hidden",
        "I {site} er det {own}. Tallet for de øvrige {sites} vises ikke {why}.",
    ),
    Wording("hidden", "the site's number is hidden", "Tallet for {site} vises ikke {why}."),
    Wording("missing", "the site has nobody to measure", "For {site} er tallet ikke opgjort."),
)


def beside(own: Estimate, others: Estimate, site: str, trial: Trial) -> Claim:
    """`I Aarhus er det 41 pct. mod 48 pct. i de øvrige kommuner. ...`: `det` is what the sentence before told."""
    return BESIDE.choose(
        _wording(own, others),
        [own, others],
        site=escape(site),
        own="" if own.value is None else tal(own),
        others="" if others.value is None else tal(others),
        sites=site_noun(trial).many,
        why=OUT_OF_REGARD,
    )


def _wording(own: Estimate, others: Estimate) -> str:
    if own.value is None:
        return "hidden" if own.hidden else "missing"
    if others.value is None:
        return "own-only"
    if None in (own.ci_low, own.ci_high, others.ci_low, others.ci_high):
        return "untested"
    return "apart" if stands_apart(own, others) else "within"
