"""What was expected of a trial, and what came of it: the numbers choose the answer."""

from __future__ import annotations

from reportlib.danish import sentence
from reportlib.ledger import Ledger
from reportlib.prose.estimate_text import antal
from reportlib.prose.findings import Finding, levels, rules_out, sides
from reportlib.prose.sureness import Finds, Ground, ground
from reportlib.prose.target_claims import share_against, target_text
from reportlib.prose.wording import OUT_OF_REGARD, Claim, Wording, WordingTable
from reportlib.prose.words import called
from reportlib.text.markup import escape
from reportlib.trial.design import Hypothesis, PlannedResult
from reportlib.trial.model import Trial

CAME = WordingTable(
    "came",
    Wording("held", "every number says what was expected", "Det holdt."),
    Wording("partly", "some numbers say what was expected, and some do not", "Det holdt kun delvis."),
    Wording("open", "a difference is not significant, and none says the opposite", "Det er ikke afgjort."),
    Wording("failed", "no number says what was expected", "Det holdt ikke."),
    Wording("unmeasured", "no number answers it", "Tallene afgør det ikke."),
    Wording("hidden", "the numbers may not be shown", "Svaret vises ikke {why}."),
)


def came_of(grounds: list[Ground], hypothesis: Hypothesis) -> Claim:
    """The answer in three words: it held, partly, not, or it is not settled."""
    pairs = zip(grounds, hypothesis.bears.values(), strict=True)
    shown = [(one.now, wanted) for one, wanted in pairs if one.row.value is not None]
    met = [now == wanted for now, wanted in shown]
    if not grounds:
        wording = "unmeasured"
    elif not shown:
        wording = "hidden"
    elif all(met):
        wording = "held"
    elif any(met):
        wording = "partly"
    else:
        wording = "open" if any(now == Finds.OPEN for now, _ in shown) else "failed"
    return CAME.choose(wording, [one.row for one in grounds], why=OUT_OF_REGARD)


def _told(ledger: Ledger, trial: Trial, found: Ground) -> str:
    """The numbers of one answer: `Andel med ordinære timer: 12 pct. mod 7 pct. i uge 35.`"""
    row = found.row
    label = escape(called(row, found.measure))
    if row.value is None:
        return ""
    if found.target is not None:
        share, target = share_against(row, found.target), target_text(found.target)
        return sentence(f"{label}: {share} ({antal(row)}) mod et mål på {target}")
    result = PlannedResult(measure=row.measure, family=label, more=label, less=label)
    asked = Finding(result, row, levels(ledger, trial, row), Finds(found.now))
    told = sentence(f"{label}: {sides(ledger, trial, asked)}")
    return " ".join(filter(None, (told, rules_out(ledger, trial, asked))))


def answered(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """What was expected, as a numbered list: what came of each, its numbers, and what interviews say of it."""
    items = []
    for number, one in enumerate(trial.hypotheses, 1):
        grounds = [ground(ledger, trial, name, wanted) for name, wanted in one.bears.items()]
        came = came_of(grounds, one)
        parts = [
            f"**{one.expected.rstrip('.')}.**",
            f"*{came.text}*",
            *(_told(ledger, trial, found) for found in grounds),
            "" if came.wording == "came.hidden" else one.experience or "",  # it may tell what is hidden
        ]
        items.append(f"{number}. " + " ".join(part for part in parts if part))
    return "\n".join(items) + "\n"
