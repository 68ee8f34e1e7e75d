"""The same persons before and after the start in words, and why that is no effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportlib.ledger import Ledger, make_key
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE
from reportlib.prose.claims import OUT_OF_REGARD, WordingTable, effect_at
from reportlib.prose.claims.base import Wording
from reportlib.prose.claims.lead import joined
from reportlib.prose.estimate_text import andel_med_antal, tal
from reportlib.prose.sections.common import fill, measure_of, paragraphs
from reportlib.prose.sections.populations import words_about
from reportlib.prose.trial_words import outcome_words
from reportlib.prose.words import TrialWords
from reportlib.show.blocks_before_after import before_after_of
from reportlib.text.marks import unmarked
from reportlib.trial.model import Trial

CHANGED = WordingTable(
    "changed",
    Wording("told", "both may be shown", "For {after} gælder det kun efter start, for {before} kun før."),
    Wording(
        "hidden",
        "either is hidden",
        "Hvor mange der kun har det før eller efter, vises ikke {why}.",
    ),
)


def before_after(ledger: Ledger, trial: Trial, *measures: str, changed: bool = True, site: str | None) -> str:
    """Levels before and after in the same persons, the change with its test, and the caution where it is significant.

    With `changed` shares also say how many have it only before and only after.
    """
    told = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        before_after_of(trial, measure_id)
        before, after = (ledger[make_key(measure_id, statistic="mean", group=group)] for group in (BEFORE, AFTER))
        change = ledger[make_key(measure_id, statistic="difference", group=DIFFERENCE)]
        words = _moments(words_about(measure, trial))
        claim = effect_at(after, before, change, outcome=outcome_words(measure), words=words, when="efter start")
        moved = _changed(ledger, measure_id) if changed else ""
        told.append(f"{claim} {moved}".rstrip())
    return paragraphs(*told)


def _moments(words: TrialWords) -> TrialWords:
    """The trial's words for one group at two times."""
    groups = replace(words.groups, comparison_place="før start", own_place="efter start")
    return replace(words, groups=groups)


def _changed(ledger: Ledger, measure_id: str) -> str:
    only = [
        ledger.get(make_key(measure_id, statistic=statistic, group=DIFFERENCE))
        for statistic in ("share_only_before", "share_only_after")
    ]
    rows = [row for row in only if row is not None]
    if len(rows) != 2:
        return ""
    before, after = rows
    if before.value is None or after.value is None:
        return str(CHANGED.choose("hidden", rows, why=OUT_OF_REGARD))
    return str(CHANGED.choose("told", rows, before=andel_med_antal(before), after=andel_med_antal(after)))


def cards(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """A card per measure before and after: the level after, and the level before below it."""
    lines = []
    for measure_id in measures:
        measure = measure_of(trial, measure_id)
        before, after = (ledger[make_key(measure_id, statistic="mean", group=group)] for group in (BEFORE, AFTER))
        if before.value is None or after.value is None:
            continue
        outcome = outcome_words(measure)
        rest = joined(["af", words_about(measure, trial).groups.treated_many, outcome.verb, outcome.rest])
        lines.append(f"- **{tal(after)}** {rest} efter start. Før start var det {_stopped(tal(before))}")
    return "::: {.noegletal}\n" + "\n".join(lines) + "\n:::\n" if lines else ""


def _stopped(text: str) -> str:
    """The text with one full stop: the point of `pct.` is one."""
    return text if unmarked(text).endswith(".") else f"{text}."


def no_effect(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """Why a comparison of the same persons at two times shows what has happened and not what the effort has meant."""
    return fill("no_effect", many=trial.groups.treated.many)
