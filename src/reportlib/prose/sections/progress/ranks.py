"""Shares beside each other in words: which is highest and which lowest."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import Noun, capitalise, count_text, list_text
from reportlib.ledger import Ledger
from reportlib.prose.claims import OUT_OF_REGARD, WordingTable
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.ranking import Named, tied_groups
from reportlib.prose.estimate_text import tal
from reportlib.prose.sections.common import level, measure_of, paragraphs
from reportlib.text.markup import escape
from reportlib.trial.model import Trial

RANKED = WordingTable(
    "ranked",
    Wording("spread", "the highest and the lowest print differently", "{most} {top}, og {least} {bottom}."),
    Wording("alike", "all print alike", "Andelen er den samme for alle svarene: {value}."),
)
SVAR = Noun("svar", "svar", "et")


def ranked(
    ledger: Ledger, trial: Trial, measures: Sequence[str], *, most: str, least: str, again: str = "", site: str | None
) -> str:
    """Which share is highest and which lowest: `most` and `least` open the two clauses.

    `Flest er enige i, at de` and `færrest i, at de`; `again` (`at de`) is said again before each of several that tie.
    """
    found = [measure_of(trial, measure_id) for measure_id in measures]
    rows = [level(ledger, trial, measure) for measure in found]
    clause = {measure.label: str(measure.clause) for measure in found}
    groups = tied_groups([(measure.label, row) for measure, row in zip(found, rows, strict=True)])
    if len(groups) < 2:
        alike = groups and len(groups[0]) > 1
        return paragraphs(RANKED.choose("alike", rows, value=tal(groups[0][0][1]))) if alike else ""

    def told(group: Sequence[Named]) -> str:
        first, *more = [escape(clause[label]) for label, _ in group]
        shared = "" if not more else "begge " if len(more) == 1 else "alle "
        together = [first, *(f"{again} {text}" for text in more)]
        said = ", og ".join([", ".join(together[:-1]), together[-1]]) if again and more else list_text([first, *more])
        return f"{said} ({shared}{tal(group[0][1])})"

    claim = RANKED.choose("spread", rows, most=most, top=told(groups[0]), least=least, bottom=told(groups[-1]))
    hidden = sum(row.hidden for row in rows)
    left_out = f"{capitalise(count_text(hidden, SVAR))} er udeladt {OUT_OF_REGARD}." if hidden else ""
    return paragraphs(claim.then(left_out))
