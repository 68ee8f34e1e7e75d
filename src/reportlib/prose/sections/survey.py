"""What respondents answer: what matters most to them, and single shares with their counts."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import list_text, number_text
from reportlib.ledger import Ledger
from reportlib.markup import escape
from reportlib.prose.claims import ranking
from reportlib.prose.sections.common import group_of, level, measure_of
from reportlib.trial.measures import SurveyMean
from reportlib.trial.model import Trial


def importance(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None, top: int = 3) -> str:
    """The highest means of several items on one scale, what comes last, and how many have answered."""
    found = [measure_of(trial, measure_id) for measure_id in measures]
    rows = [(escape(measure.label).lower(), level(ledger, trial, measure)) for measure in found]
    first = found[0].computed
    assert isinstance(first, SurveyMean)
    respondents = trial.extracts.surveys[group_of(found[0], trial)].respondents
    scale = (
        f"{respondents.capitalize()} har vurderet betydningen af {number_text(len(found))} tiltag på en skala fra "
        f"{first.low} ({first.low_label.lower()}) til {first.high} ({first.high_label.lower()})."
    )
    counts = [int(row.n) for _, row in rows if row.n is not None]
    answered = f"Antallet af svar varierer fra {min(counts)} til {max(counts)}." if counts else ""
    lowest = sorted((pair for pair in rows if pair[1].value is not None), key=lambda pair: pair[1].number)[:2]
    last = f"Lavest ligger {list_text([label for label, _ in reversed(lowest)])}." if len(rows) > top + 2 else ""
    leading = ranking(rows, noun="den gennemsnitlige betydning", top=top)
    return " ".join(part for part in (scale, str(leading), last, answered) if part) + "\n"
