"""The treated in words: the requirements met for them, phase by phase."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import decapitalise, list_text
from reportlib.ledger import Ledger, make_key
from reportlib.prose.estimate_text import hidden_text, tal
from reportlib.prose.sections.common import measure_of, paragraphs
from reportlib.text.markup import escape
from reportlib.trial.model import Trial


def per_phase(
    ledger: Ledger, trial: Trial, of_persons: Sequence[str], of_requirements: Sequence[str], *, site: str | None
) -> str:
    """Two lines kept apart, in the same order: participants with all requirements met, and requirements met."""
    group = trial.groups.treated.id
    titles = [decapitalise(escape(_phase(trial, measure_id))) for measure_id in of_persons]
    lines = []
    for head, measures in (
        ("Andel af *deltagerne*, hvor alle krav er opfyldt", of_persons),
        ("Andel af *kravene*, der er opfyldt", of_requirements),
    ):
        rows = [ledger[make_key(measure_id, statistic="mean", group=group)] for measure_id in measures]
        told = [
            f"{title} {hidden_text(row)}" if row.value is None else f"{title} ({tal(row)})"
            for title, row in zip(titles, rows, strict=True)
        ]
        lines.append(f"- {head}: {list_text(told)}.")
    return paragraphs("\n".join(lines))


def _phase(trial: Trial, measure_id: str) -> str:
    """The element that the measure is a component of, or the measure's own label."""
    for element in trial.elements:
        if any(part.measure == measure_id for part in element.components):
            return element.title
    return measure_of(trial, measure_id).label
