"""Matched comparisons in words: which of them show a difference."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, count_text, list_text, number_word, value_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.prose.claims import WordingTable, verdict
from reportlib.prose.claims.base import Wording
from reportlib.prose.sections.common import measure_of
from reportlib.text.markup import escape
from reportlib.trial.model import Trial

MATCHED = WordingTable(
    "matched",
    Wording(
        "none", "no matching is significant", "Ingen af de {n} matchninger viser en statistisk signifikant forskel."
    ),
    Wording("some", "some are", "{k} af de {n} matchninger viser en statistisk signifikant forskel, nemlig {which}."),
    Wording("all", "all are", "Alle {n} matchninger viser en statistisk signifikant forskel: {which}."),
)


def matchings(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None) -> str:
    """Which of the matchings show a significant difference."""
    names = {group.id: group.label for group in trial.every_group}
    found, significant = [], []
    for measure_id in measures:
        for row in ledger.select(measure=measure_id, group=DIFFERENCE, statistic="matched"):
            if row.value is None:
                continue
            found.append(row)
            if verdict(row, trial.design.level).significant:
                group = escape(measure_of(trial, measure_id).label.rpartition(", ")[2])
                told = f"{group} mod {names.get(row.subgroup, row.subgroup)} ({value_text(row.number, row.unit, 2)})"
                significant.append(told)
    wording = "none" if not significant else "all" if len(significant) == len(found) else "some"
    k = capitalise(count_text(len(significant), "forskel").split()[0])
    parts = {"n": number_word(len(found)), "k": k, "which": list_text(significant)}
    return MATCHED.choose(wording, found, **parts).text + "\n"
